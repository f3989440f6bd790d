// SPDX-License-Identifier: MIT
// Caps on new connections and one-packet scheduling with real clients, set and taken back by reloads.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { hold, visits } from './clients.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const servers = [{ address: '10.0.0.1' }];
const config = (perSource: number): RigConfig => ({
  services: [
    { name: 'web', protocol: 'tcp', address: VIP, port: 80, servers },
    { name: 'once', protocol: 'udp', address: VIP, port: 53, servers, 'one-packet': true },
  ],
  limits: { 'new-connections': { 'per-source': perSource } },
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'defence', servers: 1 }, config(0));
  await startHttpServer(rig.lab.server(1));
  await startUdpServer(rig.lab.server(1), 53);
  await rig.daemon();
});

afterAll(() => rig.destroy());

test('a client above its cap gets through late, one that is connected is not disturbed', async () => {
  const held = await hold(rig.lab.client(), VIP, 80, 3);
  rig.write(config(2));
  expect((await rig.xlvs(['reload'])).stdout).toContain('limits: perSource 0 -> 2');
  // what is dropped is a SYN, which clients send again
  await Promise.all(Array.from({ length: 6 }, () => visits(rig.lab.client(), VIP, 1)));
  const status = await rig.show('status');
  expect(status.drops.source_limit).toBeGreaterThan(0);
  const [web] = await rig.show('services', '--service', 'web');
  expect(web?.servers[0]?.active).toBeGreaterThanOrEqual(3);
  rig.write(config(0));
  await rig.xlvs(['reload']);
  await visits(rig.lab.client(), VIP, 10);
  expect((await rig.show('status')).drops.source_limit).toBe(status.drops.source_limit);
  held.process.kill();
});

test('a datagram scheduled by itself reaches its server, and its answer is not translated', async () => {
  await expect(askUdp(rig.lab.client(), { address: VIP, port: 53, timeout: 500 })).rejects.toThrow(/no answer/);
  const [service] = await rig.show('services', '--service', 'once');
  expect(service).toMatchObject({
    one_packet: true,
    counters: { connections: 1, incoming_packets: 1, outgoing_packets: 0 },
  });
  expect(await rig.show('connections', '--service', 'once')).toEqual([]);
});
