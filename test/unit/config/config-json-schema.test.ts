// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../../src/config/config-json-schema.ts';

it('is what docs/config.schema.json holds', () => {
  const committed = readFileSync(new URL('../../../docs/config.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(configJsonSchema());
});

it('knows required keys, defaults, ranges and no others', () => {
  expect(configJsonSchema()).toMatchObject({
    required: ['interfaces'],
    additionalProperties: false,
    properties: {
      services: {
        items: {
          oneOf: [{ required: ['mark'] }, { required: ['protocol', 'address', 'port'] }],
          properties: { scheduler: { default: 'wlc' }, mark: { minimum: 1, maximum: 4294967295 } },
        },
      },
    },
  });
});
