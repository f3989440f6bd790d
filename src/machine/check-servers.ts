// SPDX-License-Identifier: MIT
// Whether each server lies behind one of the config's devices, with the addresses there that `up` is going to add.
import type { Config, Server, Service } from '../model/model.ts';
import { parsePrefix, prefixContains } from '../net/prefix.ts';
import { findDevice } from './device.ts';
import type { Finding } from './finding.ts';
import type { MachineFacts } from './machine-facts.ts';
import type { RouteMatch } from './route.ts';

/** A network that a floating address connects a device to. */
interface Network {
  readonly device: string;
  readonly cidr: string;
  readonly length: number;
}

export function checkServers(config: Config, facts: MachineFacts): Finding[] {
  const used = new Set(config.interfaces.map(({ device }) => findDevice(facts.devices, device)?.name ?? device));
  const networks = floatingNetworks(config, facts);
  const check = (service: Service, address: string): Finding[] => {
    const route = routeOnceUp(address, facts.routes.get(address), networks);
    return notBehind(address, route, used).map((rest) => ({ where: `service ${service.name}`, ...rest }));
  };
  return config.services.flatMap((service) =>
    addressesOf(service.servers).flatMap((address) => check(service, address)),
  );
}

function addressesOf(servers: readonly Server[]): string[] {
  return [...new Set(servers.map(({ address }) => address))];
}

function floatingNetworks(config: Config, { devices }: MachineFacts): Network[] {
  return config.interfaces.flatMap(({ device, addresses }) => {
    const name = findDevice(devices, device)?.name ?? device;
    return addresses.map((cidr) => ({ device: name, cidr, length: parsePrefix(cidr)?.length ?? 0 }));
  });
}

/** The longest prefix wins, as it will in the kernel; where both are equal, the route that is there came first. */
function routeOnceUp(
  server: string,
  route: RouteMatch | undefined,
  networks: readonly Network[],
): RouteMatch | undefined {
  const longer = networks.filter(({ cidr, length }) => length > (route?.length ?? -1) && prefixContains(cidr, server));
  const network = longer.sort((a, b) => b.length - a.length)[0];
  return network ? { devices: [network.device], length: network.length, local: false } : route;
}

function notBehind(
  server: string,
  route: RouteMatch | undefined,
  used: ReadonlySet<string>,
): Pick<Finding, 'what' | 'cure'>[] {
  if (!route) return [{ what: `there is no route to server ${server}`, cure: `add one: ip route add ${server} via …` }];
  if (route.local) {
    const what = `server ${server} is an address of this machine, which cannot be its own server`;
    return [{ what, cure: 'remove it from the servers' }];
  }
  const foreign = route.devices.find((device) => !used.has(device));
  if (foreign === undefined) return [];
  const what = `server ${server} is routed through ${foreign}, which is not an xlvs interface`;
  return [{ what, cure: `list ${foreign} under interfaces, or route the server through one that is listed` }];
}
