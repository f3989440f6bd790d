// SPDX-License-Identifier: MIT
// What a service's servers mean, each with the service and all with each other.
import { canonicalAddress } from '../net/address.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { type DraftServer, type DraftService, present } from './draft.ts';
import type { OwnAddress, OwnAddresses } from './own-addresses.ts';
import type { Path } from './path.ts';
import { repeats } from './repeats.ts';
import type { Report } from './report.ts';
import { type FamilySource, familyOfService, familyOfText } from './service-family.ts';

export function checkServers(path: Path, service: DraftService, own: OwnAddresses, report: Report): void {
  const servers = present(service.servers);
  const at = (index: number): Path => [...path, 'servers', index];
  for (const { first, again } of repeats(servers, ([, server]) => endpointOf(server, service)))
    report.error(at(again[0]), {
      found: `the server ${endpointOf(again[1], service)} a second time`,
      because: `the first is ${report.place(at(first[0]))}`,
      accepted: 'each server once in a service; weight gives it more',
    });
  // Once: without an address of its own, the service's family takes a look at its servers.
  const basis = familyOfService(service);
  const find = (address: string) => own.find(address, service, path);
  for (const [i, server] of servers) {
    checkFamily(at(i), server, basis, report);
    checkOwnAddress(at(i), server, find, report);
    checkPort(at(i), server, service, report);
    checkThresholds(at(i), server, report);
  }
}

/** `10.0.0.1:80`; without a port where it keeps the client's. */
function endpointOf(server: DraftServer, service: DraftService): string | undefined {
  if (server.address === undefined || ('port' in server && server.port === undefined)) return undefined;
  const address = canonicalAddress(server.address);
  const port = server.port ?? service.port ?? 0;
  return port === 0 ? address : formatEndpoint(address, port);
}

function checkFamily(path: Path, server: DraftServer, basis: FamilySource | undefined, report: Report): void {
  const family = familyOfText(server.address);
  if (!basis || !family || family === basis.family) return;
  const from = { address: 'its address', family: 'its family', servers: 'its first server' }[basis.from];
  report.error([...path, 'address'], {
    because: `the service is ${basis.family} by ${from}`,
    accepted: `an ${basis.family} address: one family in a service`,
  });
}

function checkOwnAddress(
  path: Path,
  { address }: DraftServer,
  find: (address: string) => OwnAddress | undefined,
  report: Report,
): void {
  const own = address === undefined ? undefined : find(canonicalAddress(address));
  if (!own) return;
  report.error([...path, 'address'], {
    because: `${own.what}, see ${report.place(own.path)}`,
    accepted: "a server's address: no server is its own VIP",
  });
}

function checkThresholds(path: Path, server: DraftServer, report: Report): void {
  const { 'upper-threshold': upper = 0, 'lower-threshold': lower = 0 } = server;
  const isUpperWrong = 'upper-threshold' in server && server['upper-threshold'] === undefined;
  if (isUpperWrong || lower <= upper) return;
  report.error([...path, 'lower-threshold'], {
    because: upper === 0 ? 'there is no upper-threshold' : `the upper-threshold is ${upper}`,
    accepted: upper === 0 ? 'with an upper-threshold at least as high' : `0..${upper}`,
  });
}

function checkPort(path: Path, server: DraftServer, service: DraftService, report: Report): void {
  const here = [...path, 'port'];
  if (server.port === 0 && (service.port ?? 0) !== 0)
    report.error(here, {
      because: `the service has port ${service.port}`,
      accepted: "a port 1..65535, or nothing for the service's",
    });
  const isPortKept = service.port === 0 || 'mark' in service;
  if (server.port && isPortKept && service.persistence)
    report.warn(here, {
      because: 'it has no effect: a persistent service for many ports keeps the port the client used',
      accepted: 'a server without a port',
    });
}
