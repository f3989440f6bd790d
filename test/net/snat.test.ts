// SPDX-License-Identifier: MIT
// Services with snat: clients in the servers' own network, whom a server would else answer directly, and the rest.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { ipv6Of, ROUTER_PRIVATE } from '../../src/lab/topology.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256, flood, tally, visit, visits } from './clients.ts';
import { Rig, VIP } from './rig.ts';

const VIP6 = ipv6Of(VIP);
const SIZE = 20_000_000;
const tcp = { protocol: 'tcp', address: VIP, port: 80, scheduler: 'rr', snat: true } as const;
const servers = [{ address: '10.0.0.1' }, { address: '10.0.0.2' }];

let rig: Rig;
/** In the servers' network, at 10.0.0.3. */
const inside = () => rig.lab.server(3);

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'snat', ipv6: true },
    {
      interfaces: [
        { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, `${VIP6}/64`] },
        { device: 'prv0', role: 'private' },
      ],
      marks: [{ mark: 21, protocol: 'tcp', address: VIP, ports: [21, '10000-20000'] }],
      services: [
        { name: 'web', ...tcp, servers },
        { name: 'plain', ...tcp, port: 81, snat: false, servers: [{ address: '10.0.0.1', port: 80 }] },
        { name: 'one', ...tcp, port: 82, servers: [{ address: '10.0.0.1', port: 80 }] },
        { name: 'web6', ...tcp, address: VIP6, servers: [{ address: ipv6Of('10.0.0.1'), port: 8080 }] },
        { name: 'echo', ...tcp, protocol: 'udp', port: 53, servers },
        { name: 'ftp', mark: 21, snat: true, persistence: { timeout: 300 }, servers },
      ],
    },
  );
  const { lab } = rig;
  const directory = lab.directory;
  writeFileSync(join(directory, 'file'), Buffer.concat([...payload(SIZE)]));
  await Promise.all(lab.servers.map((server) => startHttpServer(server, [80])));
  await startHttpServer(lab.server(1), [8080], '::');
  await Promise.all(lab.servers.map((server) => startUdpServer(server, 53)));
  for (const server of [lab.server(1), lab.server(2)])
    await startFtpServer(server, { directory, passivePorts: '10000-20000', passiveAddress: VIP });
  await rig.up();
});

afterAll(() => rig.destroy());

/** `address:port` of the router, at a port that snat may use. */
function expectRouter(seen: string, address = ROUTER_PRIVATE): void {
  const port = Number(seen.slice(address.length + 1));
  expect(seen).toBe(`${address}:${port}`);
  expect(port).toBeGreaterThanOrEqual(1024);
  expect(port).toBeLessThan(32768);
}

describe('a client in the servers’ network', () => {
  test('is answered by the VIP; its server sees the router', async () => {
    const seen = await visit(inside(), VIP);
    expect(seen.remote).toBe(`${VIP}:80`);
    expectRouter(seen.client);
  });

  test('gets no answer from a service without snat: its server answers it directly', async () => {
    await expect(visit(inside(), `${VIP}:81`, '--max-time', '2')).rejects.toThrow();
  });

  test('reaches every server by turns', async () => {
    expect(tally(await visits(inside(), VIP, 6))).toEqual({ server1: 3, server2: 3 });
  });

  test('downloads 50 MB unharmed', async () => {
    const size = 50_000_000;
    expect(await downloadSha256(inside(), `http://${VIP}/bytes/${size}`)).toBe(payloadSha256(size));
  });

  test('gets datagrams back from where it sent them', async () => {
    const answer = await askUdp(inside(), { address: VIP, port: 53, sourcePort: 4000, text: 'hi' });
    const [, server = '', seen = ''] = /^(server[12]) saw (\S+): hi$/.exec(answer) ?? [];
    expect(server).not.toBe('');
    expectRouter(seen);
  });

  test('has 20 KB datagrams carried in fragments, both ways', async () => {
    const text = 'x'.repeat(20_000);
    expect(await askUdp(inside(), { address: VIP, port: 53, text })).toMatch(
      /^server[12] saw 10\.0\.0\.254:\d+: x{20000}$/,
    );
  });

  test('downloads by passive FTP', async () => {
    const script = `set net:max-retries 1; set net:timeout 5; open ftp://${VIP}; cat file`;
    const { stdout } = await inside().exec('bash', ['-o', 'pipefail', '-c', `lftp -c '${script}' | sha256sum`]);
    expect(stdout.split(' ')[0]).toBe(payloadSha256(SIZE));
  });

  test('may be the very server it is sent to', async () => {
    const seen = await visit(rig.lab.server(1), `${VIP}:82`);
    expect(seen).toMatchObject({ server: 'server1', remote: `${VIP}:82` });
    expectRouter(seen.client);
  });

  test('makes 2,000 short connections without an error', async () => {
    const { answers, errors } = await flood(inside(), { address: VIP, port: 80, count: 2000, concurrency: 20 });
    expect(errors).toEqual([]);
    expect(answers).toEqual({ server1: 1000, server2: 1000 });
  });

  test('is refused by the VIP what no server listens to', async () => {
    await expect(visit(inside(), `${VIP}:83`)).rejects.toThrow(/exit status 7/);
  });

  test('reaches the VIP by IPv6 as well', async () => {
    const seen = await visit(inside(), `[${VIP6}]`);
    expect(seen.server).toBe('server1');
    expectRouter(seen.client, `[${ipv6Of(ROUTER_PRIVATE)}]`);
  });
});

describe('a client outside', () => {
  test('is served as well; its server sees the router', async () => {
    const seen = await visit(rig.lab.client(), VIP);
    expect(seen.remote).toBe(`${VIP}:80`);
    expectRouter(seen.client);
  });

  test('is served while the router does not know its server: the kernel sends the first packet', async () => {
    const handedOver = async () => (await rig.show('status')).passes.neighbour ?? 0;
    const before = await handedOver();
    await rig.onRouter('ip neighbour del 10.0.0.1 dev prv0');
    const seen = await visit(rig.lab.client(), `${VIP}:82`);
    expect(seen.server).toBe('server1');
    expectRouter(seen.client);
    expect(await handedOver()).toBeGreaterThan(before);
  });

  test('keeps its address for a service without snat', async () => {
    expect((await visit(rig.lab.client(), `${VIP}:81`, '--local-port', '40000')).client).toBe('192.0.2.101:40000');
  });
});

describe('a client on the router itself', () => {
  test('is refused at once: its packets go through no device of xlvs', async () => {
    await expect(visit(rig.lab.router, VIP)).rejects.toThrow(/exit status 7/);
    await expect(visit(rig.lab.router, `[${VIP6}]`)).rejects.toThrow(/exit status 7/);
    await expect(askUdp(rig.lab.router, { address: VIP, port: 53 })).rejects.toThrow(/ECONNREFUSED/);
  });

  test('reaches the servers by their own addresses', async () => {
    expect((await visit(rig.lab.router, '10.0.0.1')).server).toBe('server1');
  });
});

test('checksums are right on the wire, of TCP and UDP', async () => {
  const { lab } = rig;
  const capture = await lab.capture(lab.server(1), 'eth0', 'ip');
  await visit(inside(), `${VIP}:82`);
  for (let length = 0; length < 20; length++)
    await askUdp(inside(), { address: VIP, port: 53, text: 'x'.repeat(length) });
  await capture.stop();
  expect((await capture.packets()).length).toBeGreaterThanOrEqual(20);
  expect(await capture.wrongChecksums()).toEqual([]);
});

test('the tables show the client, the service and whether it has snat', async () => {
  await visit(inside(), `${VIP}:82`, '--local-port', '21000');
  const one = (await rig.show('connections')).find(({ client }) => client.port === 21000);
  expect(one).toMatchObject({
    client: { address: '10.0.0.3' },
    server: { address: '10.0.0.1', port: 80 },
    service: 'one',
  });
  const shown = (await rig.show('services')) as readonly { readonly name: string; readonly snat?: boolean }[];
  expect(
    shown
      .filter(({ snat }) => snat)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['echo', 'ftp', 'one', 'web', 'web6']);
});
