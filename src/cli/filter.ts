// SPDX-License-Identifier: MIT
// The filters all nouns share: --service NAME and --server ADDR.
import type { DataPlane, Filter } from '../dataplane/data-plane.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { parseAddress } from '../net/address.ts';
import type { Call, OptionSpec } from './command.ts';

export const NOUN_OPTIONS: readonly OptionSpec[] = [
  { flags: '--service NAME', help: 'only what belongs to this service' },
  { flags: '--server ADDR', help: 'only what belongs to servers of this address' },
  { flags: '--json', help: 'as JSON; docs/json.md describes it' },
];

/** Throws XlvsError: `usage` for a server that is no address, `missing` for a service that is not there. */
export function filterOf({ options }: Call, router: DataPlane): Filter {
  const service = typeof options.service === 'string' ? knownService(router, options.service) : undefined;
  const server = typeof options.server === 'string' ? addressText(options.server) : undefined;
  return { ...(service !== undefined && { service }), ...(server !== undefined && { server }) };
}

function knownService(router: DataPlane, name: string): string {
  const names = router.state().services.map((service) => service.name);
  if (names.includes(name)) return name;
  throw new XlvsError(
    'missing',
    `no service is called ${JSON.stringify(name)}`,
    `there is: ${names.join(', ') || 'none'}`,
  );
}

function addressText(text: string): string {
  const address = parseAddress(text);
  if (address) return address.text;
  throw new XlvsError('usage', `--server ${JSON.stringify(text)} is no address`, 'write it without a port: 10.0.0.1');
}
