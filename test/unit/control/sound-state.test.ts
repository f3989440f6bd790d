// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { EMPTY_STATE } from '../../../src/control/desired-state.ts';
import { soundState } from '../../../src/control/sound-state.ts';
import type { RouterState } from '../../../src/dataplane/data-plane.ts';
import type { Interface, Server, Service } from '../../../src/model/model.ts';
import type { XlvsError } from '../../../src/model/xlvs-error.ts';

const server = (last: number, more: Partial<Server> = {}): Server => ({
  ...{ address: `10.0.0.${last}`, port: 80, weight: 1 },
  ...more,
});
const web = (port: number, more: Partial<Service> = {}): Service => ({
  name: `web${port}`,
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port },
  scheduler: 'wlc',
  servers: [server(1)],
  ...more,
});
const state = (...services: Service[]): RouterState => ({ ...EMPTY_STATE, services });
const interfaces: Interface[] = [
  { device: 'prv0', role: 'private', mode: 'auto', addresses: ['10.0.0.254/24', '2001:db8::1/64'] },
];

/** The message with its cure and what stands below it. */
function refusal(...services: Service[]): string[] {
  try {
    soundState(state(...services), { interfaces });
  } catch (error) {
    const { line, code, details } = error as XlvsError;
    expect(code).toBe('usage');
    return [line, ...details];
  }
  return [];
}

const HEAD = 'the file does not go with what commands changed';

it('is as it was where all goes together', () => {
  const limited = server(2, { upperThreshold: 9, lowerThreshold: 9 });
  const fine = state(
    web(80, { servers: [server(1), limited] }),
    web(81, { scheduler: 'sh', flags: ['sh-port', 'flag-3'], snat: true }),
    web(82, { scheduler: 'rr', flags: ['flag-1'], onePacket: true }),
  );
  expect(soundState(fine, { interfaces })).toBe(fine);
});

it.each<[string, Service[], RegExp]>([
  [
    'a name that two services have',
    [web(80), web(81), web(82, { name: 'web80' })],
    /two services are named web80, tcp 192\.0\.2\.10:80 and tcp 192\.0\.2\.10:82; rename one in the file, or remove one$/,
  ],
  ['a flag of another scheduler', [web(80, { flags: ['sh-port'] })], /web80 has the flag sh-port.* scheduler wlc/],
  ['one-packet with snat', [web(80, { onePacket: true, snat: true })], /service web80 has both one-packet and snat/],
  [
    'a lower threshold above the upper one',
    [web(80, { servers: [server(1, { upperThreshold: 3, lowerThreshold: 8 })] })],
    /server 10\.0\.0\.1:80 of web80 has a lower threshold of 8, above the upper one of 3/,
  ],
  [
    'a lower threshold alone',
    [web(80, { servers: [server(1, { lowerThreshold: 8 })] })],
    /lower threshold of 8, above the upper one of 0/,
  ],
  [
    'a server at an address of the router',
    [web(80, { servers: [server(254)] })],
    /server 10\.0\.0\.254:80 of web80 is at an address of this router's own, 10\.0\.0\.254\/24 on prv0/,
  ],
  [
    'and at one of IPv6',
    [web(80, { servers: [server(1, { address: '2001:db8::1' })] })],
    /server \[2001:db8::1\]:80 of web80 .*2001:db8::1\/64 on prv0/,
  ],
])('refuses %s', (_, services, message) => {
  const [line = '', ...more] = refusal(...services);
  expect([line.slice(0, HEAD.length), more]).toEqual([HEAD, []]);
  expect(line).toMatch(message);
});

it('tells all that is wrong', () => {
  const lines = refusal(web(80, { onePacket: true, snat: true }), web(81, { servers: [server(254)] }));
  expect(lines).toEqual([
    `${HEAD}, 2 findings`,
    expect.stringMatching(/^service web80 .*; remove either$/),
    expect.stringMatching(/^server 10\.0\.0\.254:80 of web81 .*; remove either$/),
  ]);
});
