// SPDX-License-Identifier: MIT
// A reload is what differs between the old and the new file, brought to what runs: a drain or an edit made meanwhile
// survives unless the file itself changed at that place. A three-way merge; the new file wins where both changed. What means
// something only together (both thresholds of a server) is one place.
import type { RouterState } from '../dataplane/data-plane.ts';
import type { Config, Server, Service } from '../model/model.ts';
import { serverKey } from './diff.ts';
import { serviceKeyText } from './words.ts';

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The value after the files' change, or the running one if the files agree. */
function pick<T>(running: T, from: T, to: T): T {
  return equal(from, to) ? running : to;
}

const keyed = (servers: readonly Server[]): Map<string, Server> =>
  new Map(servers.map((server) => [serverKey(server), server] as const));

type Thresholds = Pick<Server, 'upperThreshold' | 'lowerThreshold'>;

const thresholdsOf = ({ upperThreshold, lowerThreshold }: Thresholds): Thresholds => ({
  ...(upperThreshold && { upperThreshold }),
  ...(lowerThreshold && { lowerThreshold }),
});

function mergeServer(running: Server, from: Server, to: Server): Server {
  return {
    address: running.address,
    port: running.port,
    weight: pick(running.weight, from.weight, to.weight),
    ...pick(thresholdsOf(running), thresholdsOf(from), thresholdsOf(to)),
  };
}

function mergeServers(running: readonly Server[], from: readonly Server[], to: readonly Server[]): Server[] {
  const now = keyed(running);
  const before = keyed(from);
  const after = keyed(to);
  const listed = to.flatMap((server) => {
    const live = now.get(serverKey(server));
    const old = before.get(serverKey(server));
    if (!old) return [server];
    // in both files, but not running: a command removed it, the files do not bring it back
    if (!live) return equal(old, server) ? [] : [server];
    return [mergeServer(live, old, server)];
  });
  const extra = running.filter((server) => !after.has(serverKey(server)) && !before.has(serverKey(server)));
  return [...listed, ...extra];
}

type Scheduling = Pick<Service, 'scheduler' | 'flags'>;
type Answering = Pick<Service, 'onePacket' | 'snat'>;

const schedulingOf = ({ scheduler, flags }: Scheduling): Scheduling => ({ scheduler, ...(flags && { flags }) });
const answeringOf = ({ onePacket, snat }: Answering): Answering => ({
  ...(onePacket && { onePacket }),
  ...(snat && { snat }),
});

function mergeService(running: Service, from: Service, to: Service): Service {
  const persistence = pick(running.persistence, from.persistence, to.persistence);
  return {
    name: pick(running.name, from.name, to.name),
    key: running.key,
    ...pick(schedulingOf(running), schedulingOf(from), schedulingOf(to)),
    ...(persistence && { persistence }),
    ...pick(answeringOf(running), answeringOf(from), answeringOf(to)),
    servers: mergeServers(running.servers, from.servers, to.servers),
  };
}

const byKey = (state: RouterState): Map<string, Service> =>
  new Map(state.services.map((service) => [serviceKeyText(service.key), service] as const));

function mergeServices(running: RouterState, from: RouterState, to: RouterState): Service[] {
  const now = byKey(running);
  const before = byKey(from);
  const after = byKey(to);
  const listed = to.services.flatMap((service) => {
    const key = serviceKeyText(service.key);
    const live = now.get(key);
    const old = before.get(key);
    if (!old) return [service];
    if (!live) return equal(old, service) ? [] : [service];
    return [mergeService(live, old, service)];
  });
  const extra = running.services.filter((service) => {
    const key = serviceKeyText(service.key);
    return !after.has(key) && !before.has(key);
  });
  return [...listed, ...extra];
}

/**
 * The file with what of the machine stays as `applied`. The interfaces as a whole: one belongs to the others, by its mode and its
 * addresses. Tables keep their sizes, and metrics are the daemon's own.
 */
export function mergeConfigs(applied: Config, from: Config, to: Config): Config {
  const { masquerade: _, ...rest } = to;
  const masquerade = pick(applied.masquerade, from.masquerade, to.masquerade);
  return {
    ...rest,
    interfaces: pick(applied.interfaces, from.interfaces, to.interfaces),
    ...(masquerade && { masquerade }),
  };
}

/** What should run after the file went from `from` to `to` while `running` ran. */
export function mergeStates(running: RouterState, from: RouterState, to: RouterState): RouterState {
  return {
    services: mergeServices(running, from, to),
    marks: pick(running.marks, from.marks, to.marks),
    timeouts: pick(running.timeouts, from.timeouts, to.timeouts),
    switches: pick(running.switches, from.switches, to.switches),
    limits: pick(running.limits, from.limits, to.limits),
  };
}
