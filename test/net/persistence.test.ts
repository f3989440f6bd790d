// SPDX-License-Identifier: MIT
// Persistence: clients keep their server by netmask, across the ports of a mark, until their time is over.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { hold, visit, visits } from './clients.ts';
import { Rig, VIP } from './rig.ts';

const tcp = { protocol: 'tcp', address: VIP, scheduler: 'rr' } as const;
const servers = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address }));

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'persist', clients: 2 },
    {
      marks: [{ mark: 80, protocol: 'tcp', address: VIP, ports: [80, 443] }],
      services: [
        { name: 'net', ...tcp, port: 81, persistence: { timeout: 300, netmask: '255.255.255.0' }, servers },
        { name: 'short', ...tcp, port: 82, persistence: { timeout: '2s' }, servers },
        { name: 'shop', mark: 80, scheduler: 'rr', persistence: { timeout: 300 }, servers },
        { name: 'any', ...tcp, address: '192.0.2.11', port: 0, persistence: { timeout: 300 }, servers },
        { name: 'drained', ...tcp, port: 83, persistence: { timeout: 300 }, servers: servers.slice(0, 2) },
      ],
      interfaces: [
        { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, '192.0.2.11/24'] },
        { device: 'prv0', role: 'private' },
      ],
    },
  );
  const { lab } = rig;
  await Promise.all(lab.servers.map((server) => startHttpServer(server, [80, 81, 82, 83, 443, 9000])));
  await rig.up();
});

afterAll(() => rig.destroy());

describe('by netmask', () => {
  test('two clients of one /24 go to one server, as often as they come', async () => {
    const { lab } = rig;
    const [first = '', ...more] = await visits(lab.client(1), `${VIP}:81`, 3);
    expect([...more, ...(await visits(lab.client(2), `${VIP}:81`, 3))]).toEqual(Array(5).fill(first));
    const entries = await rig.show('persistence', '--service', 'net');
    expect(entries.map(({ client, timeout }) => [client, timeout])).toEqual([['192.0.2.0/24', 300]]);
  });

  test('a client of another /24 goes where the scheduler sends it', async () => {
    const { lab } = rig;
    const away = '203.0.113.7';
    await lab.client(1).exec('ip', ['address', 'add', `${away}/32`, 'dev', 'eth0']);
    await rig.onRouter(`ip route add 203.0.113.0/24 via ${lab.client(1).address}`);
    const near = await visit(lab.client(1), `${VIP}:81`);
    const far = await visits(lab.client(1), `${VIP}:81`, 3, '--interface', away);
    expect(new Set(far).size).toBe(1);
    expect(far[0]).not.toBe(near.server);
  });
});

describe('an entry', () => {
  const entries = () => rig.show('persistence', '--service', 'short');

  test('ends its time after the last new connection, and the client may go elsewhere', async () => {
    const client = rig.lab.client();
    const [first = '', ...more] = await visits(client, `${VIP}:82`, 3);
    expect(more).toEqual([first, first]);
    await expect.poll(entries, { timeout: 10_000 }).toEqual([]);
    expect((await visit(client, `${VIP}:82`)).server).not.toBe(first);
  });

  test('stays as long as a connection it led is active', async () => {
    const client = rig.lab.client();
    const held = await hold(client, VIP, 82, 1);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await entries()).toMatchObject([{ client: '192.0.2.101/32', active: 1, timeout: 2 }]);
    expect(await visit(client, `${VIP}:82`)).toMatchObject({ server: held.servers[0] });
    await held.process.stop();
    await expect.poll(entries, { timeout: 10_000 }).toEqual([]);
  });
});

describe('across a restart', () => {
  test('clients keep their server: the daemon killed, started again, its file reloaded, all brought up anew', async () => {
    const client = rig.lab.client(2);
    const { server } = await visit(client, `${VIP}:81`);
    const keeps = async () => expect(await visits(client, `${VIP}:81`, 2)).toEqual([server, server]);
    await (await rig.daemon()).stop('SIGKILL');
    await keeps();
    const daemon = await rig.daemon();
    await keeps();
    await rig.xlvs(['reload']);
    await keeps();
    await daemon.stop();
    await rig.up();
    await keeps();
  });
});

describe('across ports', () => {
  test('80 and 443 of one mark go to one server, the port kept', async () => {
    for (const client of [rig.lab.client(1), rig.lab.client(2)]) {
      const { server, local } = await visit(client, `${VIP}:80`);
      const address = local.split(':')[0];
      expect(await visit(client, `${VIP}:443`)).toMatchObject({ server, local: `${address}:443` });
      expect(await visit(client, `${VIP}:80`)).toMatchObject({ server, local: `${address}:80` });
    }
    expect(await rig.show('persistence', '--service', 'shop')).toHaveLength(2);
  });

  test('a service of port 0 takes every port of its address and keeps it', async () => {
    const client = rig.lab.client();
    const { server, local } = await visit(client, '192.0.2.11:9000');
    expect(local).toMatch(/:9000$/);
    expect(await visit(client, '192.0.2.11:443')).toMatchObject({ server, remote: '192.0.2.11:443' });
  });
});

describe('a drained server', () => {
  test('keeps its persistent client and takes no other', async () => {
    const [one, two] = [rig.lab.client(1), rig.lab.client(2)];
    const { server, local } = await visit(one, `${VIP}:83`);
    const { stdout } = await rig.xlvs(['drain', 'drained', local.split(':')[0] ?? '']);
    expect(stdout).toMatch(/weight 1 -> 0; 0 active and 1 inactive connection, 1 persistence entry/);
    expect(new Set(await visits(one, `${VIP}:83`, 3))).toEqual(new Set([server]));
    const others = new Set(await visits(two, `${VIP}:83`, 4));
    expect(others.size).toBe(1);
    expect(others).not.toContain(server);
  });
});
