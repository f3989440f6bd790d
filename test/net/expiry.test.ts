// SPDX-License-Identifier: MIT
// Connections end by themselves when their time is over, with no process of xlvs there to see to it.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { hold, visit } from './clients.ts';
import { Rig, VIP } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  const servers = [{ address: '10.0.0.1' }];
  rig = await Rig.create(
    { name: 'expiry', servers: 1 },
    {
      services: [
        { name: 'web', protocol: 'tcp', address: VIP, port: 80, persistence: { timeout: 2 }, servers },
        { name: 'echo', protocol: 'udp', address: VIP, port: 5353, servers },
      ],
      timeouts: { tcp: 3, tcpfin: 2, udp: 2 },
    },
  );
  await startHttpServer(rig.lab.server(1));
  await startUdpServer(rig.lab.server(1), 5353);
  await rig.up();
});

afterAll(() => rig.destroy());

test('idle and datagram connections are known with their state and the time they have left', async () => {
  const { lab } = rig;
  await hold(lab.client(), VIP, 80, 2);
  await askUdp(lab.client(), { address: VIP, port: 5353 });
  const shown = (await rig.show('connections')).map(({ state, expires }) => [state, expires <= 3]);
  expect(shown.sort()).toEqual([
    ['ESTABLISHED', true],
    ['ESTABLISHED', true],
    ['UDP', true],
  ]);
  expect(await rig.show('services')).toMatchObject([
    { name: 'echo', active: 0, inactive: 1 },
    { name: 'web', active: 2, inactive: 0, persistence_entries: 1 },
  ]);
});

test('all of them are gone some seconds later, the counts at zero, the totals kept', async () => {
  await sleep(7_000);
  const { tables, services, events } = await rig.show('status');
  expect([tables.connections?.entries, tables.persistence?.entries]).toEqual([0, 0]);
  expect(services).toMatchObject([
    { name: 'echo', active: 0, inactive: 0, counters: { connections: 1 } },
    { name: 'web', active: 0, inactive: 0, persistence_entries: 0, counters: { connections: 2 } },
  ]);
  expect(events).toMatchObject({ connection_created: 3, connection_expired: 3, persistence_expired: 1 });
});

test('a closed connection is kept for the two minutes in which its last segments may come again', async () => {
  await visit(rig.lab.client(), VIP);
  const [closed, ...more] = await rig.show('connections');
  expect(more).toEqual([]);
  expect(closed).toMatchObject({ state: 'TIME_WAIT', service: 'web' });
  expect(Math.round(closed?.expires ?? 0)).toBeLessThanOrEqual(121);
  expect(closed?.expires).toBeGreaterThan(60);
});

test('a connection in use does not expire', async () => {
  const { lab } = rig;
  const url = `http://${VIP}/bytes/5000000`;
  const { stdout } = await lab
    .client()
    .exec('curl', ['-sS', '--limit-rate', '1M', '-o', '/dev/null', '-w', '%{size_download}', url]);
  expect(stdout).toBe('5000000');
});
