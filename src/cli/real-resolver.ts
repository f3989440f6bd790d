// SPDX-License-Identifier: MIT
// The system's resolver: getaddrinfo and getnameinfo, and the file that getservbyname reads.
import { lookup, lookupService } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import type { Resolver } from '../ipvsadm/names.ts';

const SERVICES = '/etc/services';

export const realResolver: Resolver = {
  lookup: (host) => orUndefined(async () => (await lookup(host, { family: 4 })).address),
  reverse: (address) => orUndefined(async () => (await lookupService(address, 0)).hostname),
  services() {
    try {
      return readFileSync(SERVICES, 'utf8');
    } catch {
      // a machine without names of services has only numbers
      return '';
    }
  },
};

/** Whatever keeps a name from being found, the number will do. */
async function orUndefined(ask: () => Promise<string>): Promise<string | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
