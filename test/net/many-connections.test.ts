// SPDX-License-Identifier: MIT
// Thousands of short HTTP connections through one VIP: every one answered, every one counted, none left over.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { flood } from './clients.ts';
import { Rig, VIP } from './rig.ts';
import { happened } from './shown.ts';

const CONNECTIONS = 3000;

let rig: Rig;

beforeAll(async () => {
  const servers = [1, 2, 3].map((n) => ({ address: `10.0.0.${n}`, port: 80, weight: n === 3 ? 2 : 1 }));
  rig = await Rig.create(
    { name: 'many', clients: 2 },
    { services: [{ name: 'web', protocol: 'tcp', address: VIP, port: 80, scheduler: 'wrr', servers }] },
  );
  await Promise.all(rig.lab.servers.map((server) => startHttpServer(server)));
  await rig.up();
});

afterAll(() => rig.destroy());

test('thousands of short connections are all answered and spread by weight', async () => {
  const part = { address: VIP, port: 80, count: CONNECTIONS / 2, concurrency: 10 };
  const floods = await Promise.all([flood(rig.lab.client(1), part), flood(rig.lab.client(2), part)]);
  expect(floods.flatMap(({ errors }) => errors)).toEqual([]);
  const answers = (server: string) => floods.reduce((sum, { answers: of }) => sum + (of[server] ?? 0), 0);
  expect([answers('server1'), answers('server2'), answers('server3')]).toEqual([750, 750, 1500]);
});

test('afterwards every one is counted and none is active', async () => {
  const [web] = await rig.show('services');
  expect(web).toMatchObject({ active: 0, counters: { connections: CONNECTIONS } });
  expect(web?.inactive).toBe((await rig.show('connections')).length);
  expect(web?.servers.map(({ active, counters }) => [active, counters.connections])).toEqual([
    [0, 750],
    [0, 750],
    [0, 1500],
  ]);
  expect(happened((await rig.show('status')).drops)).toEqual({});
});
