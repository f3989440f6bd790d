// SPDX-License-Identifier: MIT
// The config file's shape as JSON Schema, for editors. It says less than `readConfig` checks.
import { z } from 'zod';
import { NOT_YET } from './not-yet.ts';
import { configSchema } from './schema.ts';

/** What docs/config.schema.json holds. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  const later = [...new Set(NOT_YET.map(({ at }) => at))].filter((at) => !at.startsWith('ipvs.'));
  return {
    $schema,
    title: 'xlvs configuration',
    description: `The file xlvs.yaml. \`xlvs check\` tells more than this schema can; not everything is in this version yet: ${later.join(', ')} are limited.`,
    ...schema,
  };
}
