// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { EMPTY_STATE } from '../../../src/control/desired-state.ts';
import { mergeConfigs, mergeStates } from '../../../src/control/merge-states.ts';
import type { RouterState } from '../../../src/dataplane/data-plane.ts';
import type { Config, Server, Service } from '../../../src/model/model.ts';

const server = (last: number, weight = 1): Server => ({ address: `10.0.0.${last}`, port: 80, weight });
const web = (servers: readonly Server[], more: Partial<Service> = {}): Service => ({
  name: 'web',
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
  scheduler: 'wlc',
  servers,
  ...more,
});
const state = (...services: Service[]): RouterState => ({ ...EMPTY_STATE, services });

describe('a reload', () => {
  const from = state(web([server(1), server(2)]));

  it('keeps a drain when the file did not change that weight', () => {
    const running = state(web([server(1, 0), server(2)]));
    const to = state(web([server(1), server(2), server(3)]));
    expect(mergeStates(running, from, to)).toEqual(state(web([server(1, 0), server(2), server(3)])));
  });

  it('takes the file’s weight where the file changed it', () => {
    const running = state(web([server(1, 0), server(2)]));
    const to = state(web([server(1, 5), server(2)]));
    expect(mergeStates(running, from, to)).toEqual(to);
  });

  it('removes what the new file dropped and keeps what a command added', () => {
    const running = state(web([server(1), server(2), server(9)]));
    const to = state(web([server(2)]));
    expect(mergeStates(running, from, to)).toEqual(state(web([server(2), server(9)])));
  });

  it('does not bring back what a command removed', () => {
    const running = state(web([server(2)]));
    expect(mergeStates(running, from, from)).toEqual(running);
    expect(mergeStates(state(), from, from)).toEqual(state());
  });

  it('changes a service’s scheduler and persistence only if the file did', () => {
    const running = state(web([server(1), server(2)], { scheduler: 'rr' }));
    const to = state(web([server(1), server(2)], { persistence: { timeout: 60, prefix: 32 } }));
    expect(mergeStates(running, from, to)).toEqual(
      state(web([server(1), server(2)], { scheduler: 'rr', persistence: { timeout: 60, prefix: 32 } })),
    );
  });

  it('keeps flags and thresholds that the file did not change, and takes those it did', () => {
    const limited = (upperThreshold: number, lowerThreshold?: number): Server => ({
      ...server(1),
      upperThreshold,
      ...(lowerThreshold && { lowerThreshold }),
    });
    const file = state(web([limited(9), server(2)], { scheduler: 'sh', flags: ['sh-port'] }));
    const running = state(web([limited(5, 2), server(2, 7)], { scheduler: 'sh', flags: ['sh-port'] }));
    expect(mergeStates(running, file, file)).toEqual(running);
    const second = { ...server(2), upperThreshold: 4 };
    expect(mergeStates(running, file, state(web([server(1), second], { scheduler: 'sh' })))).toEqual(
      state(web([server(1), { ...server(2, 7), upperThreshold: 4 }], { scheduler: 'sh' })),
    );
  });

  it('takes both thresholds of the file where it changed either', () => {
    const limited = (upperThreshold: number, lowerThreshold?: number): RouterState =>
      state(web([{ ...server(1), upperThreshold, ...(lowerThreshold && { lowerThreshold }) }]));
    expect(mergeStates(limited(3), limited(10), limited(10, 8))).toEqual(limited(10, 8));
    expect(mergeStates(limited(30, 20), limited(10), limited(15))).toEqual(limited(15));
  });

  it.each<[string, Partial<Service>, Partial<Service>, Partial<Service>]>([
    ['scheduler and flags', { scheduler: 'rr' }, { scheduler: 'sh' }, { scheduler: 'sh', flags: ['sh-port'] }],
    ['scheduler and flags', { scheduler: 'sh', flags: ['sh-port'] }, { scheduler: 'sh' }, { scheduler: 'rr' }],
    ['one-packet and snat', { onePacket: true }, {}, { snat: true }],
    ['one-packet and snat', { snat: true }, {}, { onePacket: true }],
  ])('takes %s of the file where it changed either', (_, running, from, to) => {
    const withFields = (fields: Partial<Service>) => state(web([server(1)], fields));
    const [now, before, after] = [withFields(running), withFields(from), withFields(to)];
    expect(mergeStates(now, before, after)).toEqual(after);
    expect(mergeStates(now, before, before)).toEqual(now);
  });

  it('takes persistence away when the file does', () => {
    const sticky = state(web([server(1)], { persistence: { timeout: 60, prefix: 32 } }));
    expect(mergeStates(sticky, sticky, state(web([server(1)])))).toEqual(state(web([server(1)])));
  });

  it('keeps timeouts that were set by command, and takes those the file changed', () => {
    const timeouts = { tcp: 900, tcpfin: 120, udp: 300 };
    const running = { ...from, timeouts: { ...timeouts, tcp: 77 } };
    expect(mergeStates(running, from, from).timeouts.tcp).toBe(77);
    const to = { ...from, timeouts: { ...timeouts, udp: 10 } };
    expect(mergeStates(running, from, to).timeouts).toEqual({ ...timeouts, udp: 10 });
  });
});

describe('the machine of a reload', () => {
  const config = (devices: string[], more: Partial<Config> = {}): Config =>
    ({
      interfaces: devices.map((device) => ({ device, role: 'public', mode: 'auto', addresses: [] })),
      ...more,
    }) as never;
  const file = config(['eth0']);
  const masked = config(['eth0'], { masquerade: true });

  it('has the interfaces that a command applied while the file names the same as before', () => {
    expect(mergeConfigs(config(['eth0', 'eth1']), file, file).interfaces).toHaveLength(2);
  });

  it('has those of the file where the file changed them', () => {
    const to = config(['eth7']);
    expect(mergeConfigs(config(['eth0', 'eth1']), file, to)).toEqual(to);
  });

  it('keeps a masquerade that a command brought or took away, unless the file changed it', () => {
    expect(mergeConfigs(masked, file, file)).toEqual(masked);
    expect(mergeConfigs(file, masked, masked)).toEqual(file);
    expect(mergeConfigs(masked, masked, file)).toEqual(file);
    expect(mergeConfigs(file, file, masked)).toEqual(masked);
  });

  it('has everything else of the file', () => {
    const to = config(['eth0'], { metrics: { host: '127.0.0.1', port: 9 } });
    expect(mergeConfigs(masked, file, to)).toEqual({ ...to, masquerade: true });
  });
});
