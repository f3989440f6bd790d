// SPDX-License-Identifier: MIT
// xlvs on virtio-net, the network card of most virtual machines: attached natively, real clients through it. The guest has
// four such cards on one hub: two are the router's, one the client's, one the server's.
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Host } from '../../../src/lab/host.ts';
import { startHttpServer } from '../../../src/lab/http-server.ts';
import { payloadSha256 } from '../../../src/lab/payload.ts';
import { shell } from '../../bench/shell.ts';
import { downloadSha256, visit } from '../../net/clients.ts';
import { configText, VIP, XLVS } from '../../net/rig.ts';

const SIZE = 2_000_000;
const CONFIG = '/tmp/virtio.yaml';
const PINS = '/sys/fs/bpf/virtio';

const client = new Host('client', '192.0.2.101', '/run/netns/client');
const server = new Host('server1', '10.0.0.1', '/run/netns/server1');
const router = new Host('router', '192.0.2.1', '/proc/1/ns/net');

function wire(): void {
  mkdirSync('/run/netns', { recursive: true });
  shell(`
    ip netns add client
    ip netns add server1
    ip link set eth2 netns client
    ip link set eth3 netns server1
    ip addr add 192.0.2.1/24 dev eth0
    ip addr add 10.0.0.254/24 dev eth1
    ip link set eth0 up
    ip link set eth1 up
    sysctl -qw net.ipv4.ip_forward=1
    ip -n client addr add 192.0.2.101/24 dev eth2
    ip -n client link set eth2 up
    ip -n server1 addr add 10.0.0.1/24 dev eth3
    ip -n server1 link set eth3 up
    ip -n server1 route add default via 10.0.0.254
  `);
}

beforeAll(async () => {
  wire();
  await startHttpServer(server);
  writeFileSync(
    CONFIG,
    configText({
      interfaces: [
        { device: 'eth0', role: 'public', mode: 'native', addresses: [`${VIP}/24`] },
        { device: 'eth1', role: 'private', mode: 'native' },
      ],
      services: [{ name: 'web', protocol: 'tcp', address: VIP, port: 80, servers: [{ address: '10.0.0.1' }] }],
    }),
  );
});

afterAll(() => router.exec(XLVS, ['down', '--pins', PINS], { timeout: 120_000 }));

test('attaches natively and carries real traffic both ways', async () => {
  const { stdout } = await router.exec(XLVS, ['up', '--config', CONFIG, '--pins', PINS], { timeout: 120_000 });
  expect(stdout).toMatch(/XDP native/);
  expect(await visit(client, VIP)).toMatchObject({ server: 'server1', remote: `${VIP}:80` });
  expect(await downloadSha256(client, `http://${VIP}/bytes/${SIZE}`)).toBe(payloadSha256(SIZE));
  const status = await router.exec(XLVS, ['status', '--json', '--pins', PINS], { timeout: 120_000 });
  expect(JSON.parse(status.stdout)).toMatchObject({
    interfaces: [
      { device: 'eth0', mode: 'native' },
      { device: 'eth1', mode: 'native' },
    ],
    services: [{ counters: { connections: 2 } }],
  });
});
