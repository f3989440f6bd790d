// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { EMPTY_STATE } from '../../../src/control/desired-state.ts';
import { changeBetween, diff, formatDifference } from '../../../src/control/diff.ts';
import type { RouterState } from '../../../src/dataplane/data-plane.ts';
import type { MarkRule, Server, Service } from '../../../src/model/model.ts';

const server = (last: number, weight = 1): Server => ({ address: `10.0.0.${last}`, port: 80, weight });
const web = (servers: readonly Server[], more: Partial<Service> = {}): Service => ({
  name: 'web',
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
  scheduler: 'wlc',
  servers,
  ...more,
});
const rule = (mark: number): MarkRule => ({
  mark,
  protocol: 'tcp',
  address: '192.0.2.10/32',
  ports: [{ first: mark, last: mark }],
});
const state = (more: Partial<RouterState>): RouterState => ({ ...EMPTY_STATE, ...more });
const lines = (from: RouterState, to: RouterState): string[] => diff(from, to).map(formatDifference);

describe('the differences between two states', () => {
  it('are none between equal ones, and nothing is to be changed', () => {
    const same = state({ services: [web([server(1)])], marks: [rule(80)] });
    expect(lines(same, structuredClone(same))).toEqual([]);
    expect(changeBetween(same, structuredClone(same))).toEqual({ removeServices: [], putServices: [] });
  });

  it('name each service and server that comes, goes or changes', () => {
    const from = state({ services: [web([server(1), server(2)])] });
    const to = state({ services: [web([server(2, 5), server(3)], { scheduler: 'rr', flags: ['sh-port'] })] });
    expect(lines(from, to)).toEqual([
      '~ service web: scheduler wlc -> rr',
      '~ service web: flags none -> sh-port',
      '- server 10.0.0.1:80 of web',
      '~ server 10.0.0.2:80 of web: weight 1 -> 5',
      '+ server 10.0.0.3:80 of web: weight 1',
    ]);
  });

  it('name thresholds', () => {
    const limited = { ...server(1), upperThreshold: 9, lowerThreshold: 3 };
    const from = state({ services: [web([server(1)])] });
    const to = state({ services: [web([limited, { ...server(2), upperThreshold: 5 }])] });
    expect(lines(from, to)).toEqual([
      '~ server 10.0.0.1:80 of web: thresholds none -> upper 9 lower 3',
      '+ server 10.0.0.2:80 of web: weight 1 thresholds upper 5 lower 0',
    ]);
    expect(lines(to, from)[0]).toBe('- server 10.0.0.2:80 of web');
    expect(changeBetween(from, to).putServices).toEqual(to.services);
  });

  it('tell a new service with its servers, and one that is gone', () => {
    const some = state({ services: [web([server(1)])] });
    expect(lines(EMPTY_STATE, some)).toEqual([
      '+ service web: tcp 192.0.2.10:80 wlc',
      '+ server 10.0.0.1:80 of web: weight 1',
    ]);
    expect(lines(some, EMPTY_STATE)).toEqual(['- service web: tcp 192.0.2.10:80']);
  });

  it('see the order of servers, which decides ties', () => {
    const from = state({ services: [web([server(1), server(2)])] });
    const to = state({ services: [web([server(2), server(1)])] });
    expect(lines(from, to)).toEqual(['~ service web: order of servers']);
    expect(changeBetween(from, to).putServices).toHaveLength(1);
  });

  it('tell marks, their order, timeouts and switches', () => {
    const from = state({ marks: [rule(1), rule(2)] });
    expect(lines(from, state({ marks: [rule(2), rule(1)] }))).toEqual(['~ marks: order of rules']);
    const to = state({ marks: [rule(1)], timeouts: { tcp: 60, tcpfin: 120, udp: 300 } });
    expect(lines(from, to)).toEqual(['- mark: 2: tcp 192.0.2.10/32 ports 2', '~ timeouts: tcp 900 -> 60']);
    expect(changeBetween(from, to)).toMatchObject({ marks: [rule(1)], timeouts: { tcp: 60 } });
  });

  it('change only the services that differ', () => {
    const other = web([server(7)], { name: 'other', key: { kind: 'mark', mark: 7, family: 'ipv4' } });
    const from = state({ services: [web([server(1)]), other] });
    const to = state({ services: [web([server(1, 2)]), other] });
    expect(changeBetween(from, to).putServices?.map(({ name }) => name)).toEqual(['web']);
  });
});
