// SPDX-License-Identifier: MIT
// What differs between two states of a router, in words and as a change to carry out.
import type { RouterChange, RouterState } from '../dataplane/data-plane.ts';
import type { MarkRule, Persistence, Server, Service, ServiceKey } from '../model/model.ts';
import { markRuleText, serverText, serviceKeyText } from './words.ts';

export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** e.g. `service web`, `server 10.0.0.1:80 of web`, `timeouts` */
  readonly subject: string;
  /** what it is, or `old -> new` */
  readonly detail: string;
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** One line: `+ server 10.0.0.2:80 of web: weight 1`. */
export function formatDifference({ kind, subject, detail }: Difference): string {
  return detail === '' ? `${SIGNS[kind]} ${subject}` : `${SIGNS[kind]} ${subject}: ${detail}`;
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export const serverKey = (server: Server): string => `${server.address} ${server.port}`;

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  return new Map(items.map((item) => [keyOf(item), item] as const));
}

const keyText = (service: { key: ServiceKey }): string => serviceKeyText(service.key);

function persistenceText(persistence: Persistence | undefined): string {
  return persistence ? `${persistence.timeout}s by /${persistence.prefix}` : 'none';
}

const thresholdsText = ({ upperThreshold = 0, lowerThreshold = 0 }: Server): string =>
  upperThreshold || lowerThreshold ? `upper ${upperThreshold} lower ${lowerThreshold}` : 'none';

function addedText(server: Server): string {
  const thresholds = thresholdsText(server);
  return thresholds === 'none' ? `weight ${server.weight}` : `weight ${server.weight} thresholds ${thresholds}`;
}

const flagsText = ({ flags }: Service): string => flags?.join(' ') ?? 'none';

function changedField(subject: string, field: string, from: string, to: string): Difference[] {
  return from === to ? [] : [{ kind: 'changed', subject, detail: `${field} ${from} -> ${to}` }];
}

function diffServers(name: string, from: readonly Server[], to: readonly Server[]): Difference[] {
  const before = byKey(from, serverKey);
  const after = byKey(to, serverKey);
  const subject = (server: Server): string => `server ${serverText(server)} of ${name}`;
  const removed = from.filter((server) => !after.has(serverKey(server)));
  const differences: Difference[] = removed.map((server) => ({
    kind: 'removed',
    subject: subject(server),
    detail: '',
  }));
  for (const server of to) {
    const old = before.get(serverKey(server));
    if (!old) {
      differences.push({ kind: 'added', subject: subject(server), detail: addedText(server) });
      continue;
    }
    differences.push(
      ...changedField(subject(server), 'weight', String(old.weight), String(server.weight)),
      ...changedField(subject(server), 'thresholds', thresholdsText(old), thresholdsText(server)),
    );
  }
  return differences.length > 0 || equal([...before.keys()], [...after.keys()])
    ? differences
    : [{ kind: 'changed', subject: `service ${name}`, detail: 'order of servers' }];
}

function diffService(from: Service, to: Service): Difference[] {
  const subject = `service ${to.name}`;
  return [
    ...changedField(subject, 'name', from.name, to.name),
    ...changedField(subject, 'scheduler', from.scheduler, to.scheduler),
    ...changedField(subject, 'persistence', persistenceText(from.persistence), persistenceText(to.persistence)),
    ...changedField(subject, 'flags', flagsText(from), flagsText(to)),
    ...changedField(subject, 'one-packet', String(from.onePacket ?? false), String(to.onePacket ?? false)),
    ...changedField(subject, 'snat', String(from.snat ?? false), String(to.snat ?? false)),
    ...diffServers(to.name, from.servers, to.servers),
  ];
}

function diffServices(from: readonly Service[], to: readonly Service[]): Difference[] {
  const before = byKey(from, keyText);
  const after = byKey(to, keyText);
  const gone = from.filter((service) => !after.has(keyText(service)));
  return [
    ...gone.map(
      (service) => ({ kind: 'removed', subject: `service ${service.name}`, detail: keyText(service) }) as const,
    ),
    ...to.flatMap((service): Difference[] => {
      const old = before.get(keyText(service));
      if (old) return diffService(old, service);
      const added = {
        kind: 'added',
        subject: `service ${service.name}`,
        detail: `${keyText(service)} ${service.scheduler}`,
      };
      return [added as Difference, ...diffServers(service.name, [], service.servers)];
    }),
  ];
}

function diffMarks(from: readonly MarkRule[], to: readonly MarkRule[]): Difference[] {
  const before = from.map(markRuleText);
  const after = to.map(markRuleText);
  const rules = (kind: 'added' | 'removed', lines: string[], others: string[]): Difference[] =>
    lines.filter((line) => !others.includes(line)).map((line) => ({ kind, subject: 'mark', detail: line }));
  const differences = [...rules('removed', before, after), ...rules('added', after, before)];
  if (differences.length > 0 || equal(before, after)) return differences;
  return [{ kind: 'changed', subject: 'marks', detail: 'order of rules' }];
}

function diffFields(subject: string, from: object, to: object): Difference[] {
  const before = from as Record<string, number>;
  return Object.entries(to).flatMap(([field, value]) =>
    changedField(subject, field, String(before[field]), String(value)),
  );
}

/** Everything that would have to change to get from one to the other. */
export function diff(from: RouterState, to: RouterState): Difference[] {
  return [
    ...diffServices(from.services, to.services),
    ...diffMarks(from.marks, to.marks),
    ...diffFields('timeouts', from.timeouts, to.timeouts),
    ...diffFields('ipvs', from.switches, to.switches),
    ...diffFields('limits', from.limits, to.limits),
  ];
}

/** The change that gets there, without touching what is the same. */
export function changeBetween(from: RouterState, to: RouterState): RouterChange {
  const before = byKey(from.services, keyText);
  const after = byKey(to.services, keyText);
  return {
    removeServices: from.services.filter((service) => !after.has(keyText(service))).map((service) => service.key),
    putServices: to.services.filter((service) => !sameService(before.get(keyText(service)), service)),
    ...(!equal(from.marks.map(markRuleText), to.marks.map(markRuleText)) && { marks: to.marks }),
    ...(diffFields('timeouts', from.timeouts, to.timeouts).length > 0 && { timeouts: to.timeouts }),
    ...(diffFields('ipvs', from.switches, to.switches).length > 0 && { switches: to.switches }),
    ...(diffFields('limits', from.limits, to.limits).length > 0 && { limits: to.limits }),
  };
}

function sameService(a: Service | undefined, b: Service): boolean {
  return a !== undefined && diffService(a, b).length === 0;
}
