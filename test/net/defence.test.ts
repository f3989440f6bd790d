// SPDX-License-Identifier: MIT
// Caps on new connections and one-packet scheduling with real clients, set and taken back by reloads.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { hold, visits } from './clients.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig } from './rig.ts';

const config = (perSource: number): RigConfig => ({
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.flatMap(({ family, vip, of }) => {
    const servers = [{ address: of('10.0.0.1') }];
    return [
      { name: `web-${family}`, protocol: 'tcp', address: vip, port: 80, servers },
      { name: `once-${family}`, protocol: 'udp', address: vip, port: 53, servers, 'one-packet': true },
    ];
  }),
  limits: { 'new-connections': { 'per-source': perSource } },
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'defence', servers: 1, ipv6: true }, config(0));
  await startHttpServer(rig.lab.server(1), [80], '::');
  await startUdpServer(rig.lab.server(1), 53, '::');
  await rig.daemon();
});

afterAll(() => rig.destroy());

const limited = async () => (await rig.show('status')).drops.source_limit ?? 0;

describe.each(FAMILIES)('$family', ({ family, vip, url }) => {
  test('a client above its cap gets through late, one that is connected is not disturbed', async () => {
    const held = await hold(rig.lab.client(), vip, 80, 3);
    const before = await limited();
    rig.write(config(2));
    expect((await rig.xlvs(['reload'])).stdout).toContain('limits: perSource 0 -> 2');
    // what is dropped is a SYN, which clients send again
    await Promise.all(Array.from({ length: 6 }, () => visits(rig.lab.client(), url, 1)));
    const after = await limited();
    expect(after).toBeGreaterThan(before);
    const [web] = await rig.show('services', '--service', `web-${family}`);
    expect(web?.servers[0]?.active).toBeGreaterThanOrEqual(3);
    rig.write(config(0));
    await rig.xlvs(['reload']);
    await visits(rig.lab.client(), url, 10);
    expect(await limited()).toBe(after);
    held.process.kill();
  });

  test('a datagram scheduled by itself reaches its server, and its answer is not translated', async () => {
    await expect(askUdp(rig.lab.client(), { address: vip, port: 53, timeout: 500 })).rejects.toThrow(/no answer/);
    const [service] = await rig.show('services', '--service', `once-${family}`);
    expect(service).toMatchObject({
      one_packet: true,
      counters: { connections: 1, incoming_packets: 1, outgoing_packets: 0 },
    });
    expect(await rig.show('connections', '--service', `once-${family}`)).toEqual([]);
  });
});
