// SPDX-License-Identifier: MIT
// Thresholds with real clients: a full server is left out until connections end or its limit is raised.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { type Held, hold, tally, visits } from './clients.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig } from './rig.ts';

const web = (upper: number, port: number, servers: readonly number[]): NonNullable<RigConfig['services']> =>
  FAMILIES.map(({ family, vip, of }) => ({
    ...{ name: `web${port}-${family}`, protocol: 'tcp', address: vip, port, scheduler: 'rr' },
    servers: servers.map((n) => ({ address: of(`10.0.0.${n}`), ...(n === 1 && { 'upper-threshold': upper }) })),
  }));
const config = (upper: number): RigConfig => ({
  interfaces: BOTH_FAMILIES,
  services: [
    ...web(upper, 80, [1, 2]),
    ...web(upper, 81, [1]),
    ...FAMILIES.map(({ family, vip, of }) => ({
      ...({ name: `dns-${family}`, protocol: 'udp', address: vip, port: 53, scheduler: 'rr' } as const),
      servers: [{ address: of('10.0.0.1'), 'upper-threshold': 2, 'lower-threshold': 1 }],
    })),
  ],
  timeouts: { udp: 2 },
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'threshold', servers: 2, ipv6: true }, config(3));
  await Promise.all(rig.lab.servers.map((server) => startHttpServer(server, [80, 81], '::')));
  await startUdpServer(rig.lab.server(1), 53, '::');
  await rig.daemon();
});

afterAll(() => rig.destroy());

const server1 = async (service: string) => (await rig.show('servers', '--service', service))[0];

describe.each(FAMILIES)('$family', ({ family, vip, url }) => {
  const [two, alone, dns] = ['web80', 'web81', 'dns'].map((name) => `${name}-${family}`) as [string, string, string];
  let held: Held;

  beforeAll(async () => {
    rig.write(config(3));
    await rig.xlvs(['reload']);
    held = await hold(rig.lab.client(), vip, 80, 8);
  });

  test('a server takes as many connections as its threshold says, the others take the rest', async () => {
    expect(tally(held.servers)).toEqual({ server1: 3, server2: 5 });
    expect(await server1(two)).toMatchObject({ active: 3, upper_threshold: 3, lower_threshold: 0, overloaded: true });
    expect(await visits(rig.lab.client(), url, 3)).toEqual(['server2', 'server2', 'server2']);
  });

  test('without another server the next client is refused', async () => {
    const full = await hold(rig.lab.client(), vip, 81, 3);
    expect(tally(full.servers)).toEqual({ server1: 3 });
    expect(await server1(alone)).toMatchObject({ active: 3, overloaded: true });
    await expect(visits(rig.lab.client(), `${url}:81`, 1)).rejects.toThrow(/Couldn.t connect/);
    full.process.kill();
  });

  test('a higher limit frees it at once, on reload', async () => {
    rig.write(config(5));
    await rig.xlvs(['reload']);
    expect(await server1(two)).toMatchObject({ upper_threshold: 5, overloaded: false });
    expect((await visits(rig.lab.client(), url, 2)).sort()).toEqual(['server1', 'server2']);
  });

  test('connections that end make room', async () => {
    const ask = async () => (await askUdp(rig.lab.client(), { address: vip, port: 53 })).split(' ')[0];
    expect([await ask(), await ask()]).toEqual(['server1', 'server1']);
    await expect(ask()).rejects.toThrow();
    await expect.poll(async () => (await server1(dns))?.overloaded, { timeout: 30_000 }).toBe(false);
    expect(await ask()).toBe('server1');
  });
});
