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

/** Answers by server, 1 to 3. */
let answers: number[];

test('thousands of short connections are all answered and spread by weight', async () => {
  const part = { address: VIP, port: 80, count: CONNECTIONS / 2, concurrency: 10 };
  const floods = await Promise.all([flood(rig.lab.client(1), part), flood(rig.lab.client(2), part)]);
  expect(floods.flatMap(({ errors }) => errors)).toEqual([]);
  answers = rig.lab.servers.map(({ name }) => floods.reduce((sum, one) => sum + (one.answers[name] ?? 0), 0));
  const [one = 0, two = 0, three = 0] = answers;
  expect(one + two + three).toBe(CONNECTIONS);
  // Two CPUs at once may each take a pick that the other has just taken.
  for (const [got, share] of [
    [one, 1],
    [two, 1],
    [three, 2],
  ] as const)
    expect(Math.abs(got - (CONNECTIONS * share) / 4)).toBeLessThan(CONNECTIONS / 100);
});

test('afterwards every one is counted and none is active', async () => {
  const [web] = await rig.show('services');
  expect(web).toMatchObject({ active: 0, counters: { connections: CONNECTIONS } });
  expect(web?.inactive).toBe((await rig.show('connections')).length);
  expect(web?.servers.map(({ active, counters }) => [active, counters.connections])).toEqual(
    answers.map((count) => [0, count]),
  );
  expect(happened((await rig.show('status')).drops)).toEqual({});
});
