// SPDX-License-Identifier: MIT
// Datagrams larger than the MTU with real clients, both families: whole to the server and back, also between unequal MTUs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const LARGE = 60_000;
const servers = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

const config: RigConfig = {
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.map(({ family, vip, of }) => {
    const own = servers.map((address) => ({ address: of(address), port: 5353 }));
    return { name: family, protocol: 'udp', scheduler: 'rr', address: vip, port: 53, servers: own } as const;
  }),
};

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'fragment', clients: 1, clientRouted: true, ipv6: true }, config);
  await Promise.all(rig.lab.servers.map((server) => startUdpServer(server, 5353, '::')));
  await rig.daemon();
});

afterAll(() => rig.destroy());

describe.each(FAMILIES)('$family', ({ vip }) => {
  test('60 KB there and back, from each of the servers', async () => {
    const text = 'fragments'.repeat(LARGE / 9);
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const answer = await askUdp(rig.lab.client(), { address: vip, port: 53, text });
      expect(answer.endsWith(`: ${text}`)).toBe(true);
      seen.add(answer.split(' ')[0] as string);
    }
    expect(seen.size).toBe(3);
  });
});

describe.each([
  ['the servers’', ['replace', '10.0.0.0/24', 'dev', 'prv0']],
  ['the clients’', ['replace', '198.51.100.0/24', 'via', '192.0.2.254']],
])('when the way to %s side takes less', (_, route) => {
  test('an IPv4 datagram that may be fragmented is, there and back', async () => {
    const { router } = rig.lab;
    await router.exec('ip', ['route', ...route, 'mtu', 'lock', '1280']);
    try {
      const text = 'y'.repeat(20_000);
      expect(await askUdp(rig.lab.client(), { address: VIP, port: 53, text })).toContain(text);
      expect((await rig.show('status')).passes.too_big).toBeGreaterThan(0);
    } finally {
      await router.exec('ip', ['route', ...route]);
    }
  });
});
