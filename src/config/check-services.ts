// SPDX-License-Identifier: MIT
// What services mean, each in itself and together: names, keys, families. Their servers and persistence have files of their own.
import { canonicalAddress } from '../net/address.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { checkFlags } from './check-flags.ts';
import { checkOnePacket } from './check-one-packet.ts';
import { checkPersistence } from './check-persistence.ts';
import { checkServers } from './check-servers.ts';
import { type Draft, type DraftService, present } from './draft.ts';
import { OwnAddresses } from './own-addresses.ts';
import { type Path, quote } from './path.ts';
import { repeats } from './repeats.ts';
import type { Report } from './report.ts';
import { familyOfService, familyOfText } from './service-family.ts';

const ADDRESS_KEYS = ['protocol', 'address', 'port'] as const;
const ADDRESS_KEYS_ACCEPTED = {
  protocol: 'tcp, udp or sctp',
  address: "the service's address",
  port: 'a number 0..65535',
} as const;
const NAME_SHOWN = 63;

export function checkServices(draft: Draft, report: Report): void {
  const services = present(draft.services);
  for (const { first, again } of repeats(services, ([, { name }]) => name))
    report.error(['services', again[0], 'name'], {
      because: `the same name as ${report.place(['services', first[0]])}`,
      accepted: 'each name once',
    });
  for (const { first, again } of repeats(services, ([, service]) => keyText(service)))
    report.error(['services', again[0]], {
      found: `a second service for ${keyText(again[1])}`,
      because: `the first is ${named(first[1])}${report.place(['services', first[0]])}`,
      accepted: 'one service for each protocol, address and port, and one for each mark and family',
    });
  const own = new OwnAddresses(draft);
  for (const [i, service] of services) {
    checkKey(['services', i], service, report);
    checkFamily(['services', i], service, report);
    checkFlags(['services', i], service, report);
    checkOnePacket(['services', i], service, report);
    checkPersistence(['services', i], service, report);
    checkServers(['services', i], service, own, report);
  }
}

/** `tcp 192.0.2.10:80` or `mark 80 (ipv4)`; `undefined` as long as a part of it is missing. */
function keyText(service: DraftService): string | undefined {
  const { mark, protocol, address, port } = service;
  if ('mark' in service) {
    const family = familyOfService(service)?.family;
    return mark !== undefined && family ? `mark ${mark} (${family})` : undefined;
  }
  if (protocol === undefined || address === undefined || port === undefined) return undefined;
  return `${protocol} ${formatEndpoint(canonicalAddress(address), port)}`;
}

function named({ name }: DraftService): string {
  return name === undefined ? '' : `${quote(name, NAME_SHOWN)}, `;
}

function checkKey(path: Path, service: DraftService, report: Report): void {
  const given = ADDRESS_KEYS.filter((key) => key in service);
  if ('mark' in service) {
    for (const key of given)
      report.error([...path, key], {
        found: `${key} beside mark`,
        because: `the mark is at ${report.place([...path, 'mark'])}`,
        accepted: 'either mark, or protocol, address and port',
        part: 'key',
      });
    return;
  }
  if (given.length === 0) {
    report.error(path, {
      found: 'neither a mark nor protocol, address and port',
      accepted: 'either mark, or protocol, address and port',
    });
    return;
  }
  for (const key of ADDRESS_KEYS)
    if (!given.includes(key)) report.error([...path, key], { accepted: ADDRESS_KEYS_ACCEPTED[key] });
}

function checkFamily(path: Path, service: DraftService, report: Report): void {
  if (!('mark' in service)) {
    const family = familyOfText(service.address);
    if (family && service.family && service.family !== family)
      report.error([...path, 'family'], { because: `the service's address is ${family}`, accepted: family });
    return;
  }
  const isWithoutServers = !('servers' in service) || service.servers?.length === 0;
  if (isWithoutServers && !('family' in service))
    report.error([...path, 'family'], {
      because: 'a mark without servers does not tell its family',
      accepted: 'family: ipv4',
    });
}
