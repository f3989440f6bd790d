// SPDX-License-Identifier: MIT
// IPv6 with real clients: a service by address, one by mark with persistence, a big download, datagrams, an empty neighbour
// table, all beside IPv4 on the same interfaces.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { ipv6Of } from '../../src/lab/topology.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256, hold, tally, visit, visits } from './clients.ts';
import { BOTH_FAMILIES, VIP6 } from './families.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const SIZE = 30_000_000;
const servers4 = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
const servers = servers4.map((address) => ({ address: ipv6Of(address) }));
const tcp = { protocol: 'tcp', scheduler: 'rr' } as const;

const config: RigConfig = {
  interfaces: BOTH_FAMILIES,
  marks: [{ mark: 6, protocol: 'tcp', address: `${VIP6}/128`, ports: [443, '8000-8100'] }],
  services: [
    { name: 'web', ...tcp, address: VIP6, port: 80, servers: servers.map((server) => ({ ...server, port: 8080 })) },
    { name: 'old', ...tcp, address: VIP, port: 80, servers: servers4.map((address) => ({ address })) },
    { name: 'shop', mark: 6, scheduler: 'rr', persistence: { timeout: 300, prefix: 64 }, servers },
    { name: 'echo', protocol: 'udp', scheduler: 'rr', address: VIP6, port: 53, servers },
  ],
};

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'ipvsix', clients: 2, ipv6: true }, config);
  await Promise.all(
    rig.lab.servers.flatMap((server) => [
      startHttpServer(server, [8080, 443, 8050], '::'),
      startHttpServer(server, [80]),
      startUdpServer(server, 53, '::'),
    ]),
  );
  await rig.daemon();
});

afterAll(() => rig.destroy());

const client = () => rig.lab.client(1);

test('connections go round the servers, from the client’s address to the server’s own', async () => {
  const seen = [
    await visit(client(), `[${VIP6}]`),
    await visit(client(), `[${VIP6}]`),
    await visit(client(), `[${VIP6}]`),
  ];
  expect(new Set(seen.map(({ server }) => server)).size).toBe(3);
  for (const { server, client: from, local, remote } of seen) {
    expect(from).toContain(`[${ipv6Of(client().address)}]:`);
    expect(local).toBe(`[${ipv6Of(`10.0.0.${server.slice(-1)}`)}]:8080`);
    expect(remote).toBe(`${VIP6}:80`);
  }
});

test('IPv4 beside it goes on as ever', async () => {
  expect(tally(await visits(client(), VIP, 6))).toEqual({ server1: 2, server2: 2, server3: 2 });
});

test('a big download arrives whole', async () => {
  expect(await downloadSha256(client(), `http://[${VIP6}]/bytes/${SIZE}`)).toBe(payloadSha256(SIZE));
});

test('datagrams are answered from the address they were sent to', async () => {
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push((await askUdp(client(), { address: VIP6, port: 53 })).split(' ')[0]);
  expect(tally(answers as string[])).toEqual({ server1: 2, server2: 2, server3: 2 });
});

describe('a mark with persistence', () => {
  test('keeps a network of clients on one server, over ports', async () => {
    const first = (await visit(client(), `[${VIP6}]:443`)).server;
    const others = [
      (await visit(client(), `[${VIP6}]:8050`)).server,
      (await visit(rig.lab.client(2), `[${VIP6}]:443`)).server,
      (await visit(rig.lab.client(2), `[${VIP6}]:8050`)).server,
    ];
    expect(others).toEqual([first, first, first]);
    const entries = await rig.show('persistence', '--service', 'shop');
    expect(entries.map((entry) => entry.client)).toEqual([`${ipv6Of(VIP).replace(/::.*/, '::')}/64`]);
  });
});

test('connections, servers and tables show it', async () => {
  const held = await hold(client(), VIP6, 80, 4);
  const connections = (await rig.show('connections', '--service', 'web')).filter(
    ({ state }) => state === 'ESTABLISHED',
  );
  expect(connections).toHaveLength(4);
  expect(connections[0]).toMatchObject({ virtual: { address: VIP6, port: 80 }, server: { port: 8080 } });
  expect(connections[0]?.client.address).toBe(ipv6Of(client().address));
  const text = (await rig.xlvs(['connections', '--service', 'web'])).stdout;
  expect(text).toContain(`[${VIP6}]:80`);
  const { tables } = await rig.show('status');
  expect(tables.ipv6_connections?.capacity).toBe(tables.connections?.capacity);
  expect(tables.ipv6_connections?.entries).toBeGreaterThanOrEqual(4);
  held.process.kill();
});

test('a drained server gets no new connections', async () => {
  await rig.xlvs(['drain', 'web', `[${ipv6Of('10.0.0.2')}]:8080`]);
  expect(Object.keys(tally(await visits(client(), `[${VIP6}]`, 6))).sort()).toEqual(['server1', 'server3']);
  await rig.xlvs(['undrain', 'web', ipv6Of('10.0.0.2')]);
});

test('with an empty neighbour table the first connection is made all the same', async () => {
  await rig.onRouter('ip -6 neighbour flush all nud all');
  expect((await visit(client(), `[${VIP6}]`)).server).toMatch(/^server/);
});

test('down leaves the machine as it was', async () => {
  await rig.xlvs(['down']);
  expect((await rig.lab.router.exec('ip', ['-6', 'address', 'show', 'dev', 'pub0'])).stdout).not.toContain(VIP6);
});
