// SPDX-License-Identifier: MIT
// DNS and passive FTP through an IPv6 VIP: dig against dnsmasq over UDP and TCP, lftp against a server behind a range mark.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDnsServer } from '../../src/lab/dns-server.ts';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { ipv6Of } from '../../src/lab/topology.ts';
import { tally } from './clients.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const VIP6 = ipv6Of(VIP);
const SIZE = 20_000_000;
const servers = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address: ipv6Of(address) }));

const config: RigConfig = {
  interfaces: [
    { device: 'pub0', role: 'public', addresses: [`${VIP6}/64`] },
    { device: 'prv0', role: 'private' },
  ],
  marks: [{ mark: 21, protocol: 'tcp', address: `${VIP6}/128`, ports: [21, '10000-20000'] }],
  services: [
    { name: 'ftp', mark: 21, scheduler: 'rr', persistence: { timeout: 300 }, servers },
    { name: 'dns-udp', protocol: 'udp', address: VIP6, port: 53, scheduler: 'rr', servers },
    { name: 'dns-tcp', protocol: 'tcp', address: VIP6, port: 53, scheduler: 'rr', servers },
  ],
};

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'sixclients', servers: 2, ipv6: true }, config);
  const { directory } = rig.lab;
  writeFileSync(join(directory, 'file'), Buffer.concat([...payload(SIZE)]));
  await Promise.all(
    rig.lab.servers.flatMap((server) => [
      startDnsServer(server),
      startFtpServer(server, { directory, passivePorts: '10000-20000', address: '::' }),
    ]),
  );
  await rig.daemon();
});

afterAll(() => rig.destroy());

test.each([
  ['UDP', '+notcp'],
  ['TCP', '+tcp'],
])('lookups over %s are spread over the servers', async (_, how) => {
  const seen: string[] = [];
  for (let i = 0; i < 10; i++) {
    const dig = ['+short', '+tries=1', '+timeout=5', how, `@${VIP6}`, 'who.lab', 'TXT'];
    seen.push((await rig.lab.client().exec('dig', dig)).stdout.trim().replaceAll('"', ''));
  }
  expect(tally(seen)).toEqual({ server1: 5, server2: 5 });
});

test('a file comes whole over passive FTP, control and data connections by the same server', async () => {
  const script = `set net:max-retries 1; set net:timeout 5; open ftp://[${VIP6}]; cat file`;
  const pipe = `lftp -c '${script}' | sha256sum`;
  const { stdout } = await rig.lab.client().exec('bash', ['-o', 'pipefail', '-c', pipe]);
  expect(stdout.split(' ')[0]).toBe(payloadSha256(SIZE));
  const connections = await rig.show('connections', '--service', 'ftp');
  const ports = connections.map(({ virtual }) => virtual.port);
  expect(ports).toContain(21);
  expect(ports.some((port) => port >= 10_000 && port <= 20_000)).toBe(true);
  expect(new Set(connections.map(({ server }) => server.address)).size).toBe(1);
  expect(connections.every(({ persistent }) => persistent)).toBe(true);
});
