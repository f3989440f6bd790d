// SPDX-License-Identifier: MIT
// Taking a server out of the choice and back: weight 0 and the weight it had. Live connections go on.
import type { DataPlane, ServerStatistics } from '../dataplane/data-plane.ts';
import type { Server, Service } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { parseAddress } from '../net/address.ts';
import { formatEndpoint, parseEndpoint } from '../net/endpoint.ts';
import { readApplied } from './applied.ts';
import { serverText, serviceKeyText } from './words.ts';

export interface DrainResult {
  readonly service: string;
  /** `address:port` */
  readonly server: string;
  readonly weightBefore: number;
  readonly weight: number;
  /** connections and persistence entries the server still has */
  readonly active: number;
  readonly inactive: number;
  readonly persistence: number;
}

const UNDRAINED_WEIGHT = 1;

function findService(services: readonly Service[], name: string): Service {
  const service = services.find((one) => one.name === name);
  if (service) return service;
  const names = services.map((one) => one.name).join(', ') || 'none';
  throw new XlvsError('missing', `no service ${name}`, `the services are: ${names}`);
}

/** In the one form that the router's own addresses have; a text that is neither stays as it is. */
function canonicalServer(text: string): string {
  const endpoint = parseEndpoint(text);
  return endpoint ? formatEndpoint(endpoint.address, endpoint.port) : (parseAddress(text)?.text ?? text);
}

function findServer(service: Service, text: string): Server {
  const meant = canonicalServer(text);
  const found = service.servers.filter((server) => server.address === meant || serverText(server) === meant);
  const servers = service.servers.map(serverText).join(', ') || 'none';
  if (found.length === 0)
    throw new XlvsError('missing', `no server ${text} in ${service.name}`, `its servers are: ${servers}`);
  if (found.length > 1)
    throw new XlvsError('usage', `${text} names several servers of ${service.name}`, `name one of: ${servers}`);
  return found[0] as Server;
}

function remaining(router: DataPlane, service: Service, server: Server): ServerStatistics | undefined {
  return router
    .statistics()
    .services.find((one) => serviceKeyText(one.key) === serviceKeyText(service.key))
    ?.servers.find((one) => one.address === server.address && one.port === server.port);
}

function setWeight(router: DataPlane, service: Service, server: Server, weight: number): DrainResult {
  const servers = service.servers.map((one) => (one === server ? { ...one, weight } : one));
  if (weight !== server.weight) router.change({ putServices: [{ ...service, servers }] });
  const left = remaining(router, service, server);
  return {
    service: service.name,
    server: serverText(server),
    weightBefore: server.weight,
    weight,
    active: left?.active ?? 0,
    inactive: left?.inactive ?? 0,
    persistence: left?.persistence ?? 0,
  };
}

/** Weight 0. Throws XlvsError when there is no such service or server. The caller holds the router's lock. */
export function drain(router: DataPlane, serviceName: string, serverName: string): DrainResult {
  const service = findService(router.state().services, serviceName);
  return setWeight(router, service, findServer(service, serverName), 0);
}

/** The weight of the file applied last, 1 if it has none but 0. A server that is not drained keeps its weight. */
export function undrain(router: DataPlane, serviceName: string, serverName: string): DrainResult {
  const service = findService(router.state().services, serviceName);
  const server = findServer(service, serverName);
  if (server.weight > 0) return setWeight(router, service, server, server.weight);
  const filed = readApplied(router)
    ?.services.find((one) => serviceKeyText(one.key) === serviceKeyText(service.key))
    ?.servers.find((one) => one.address === server.address && one.port === server.port);
  return setWeight(router, service, server, filed?.weight || UNDRAINED_WEIGHT);
}
