// SPDX-License-Identifier: MIT
// Floating addresses and what else the daemon keeps in place: announced when added, removed with the file, restored when lost.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from 'libbpf-ts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { hold, visit } from './clients.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const services: RigConfig['services'] = [
  { name: 'web', protocol: 'tcp', address: VIP, port: 80, servers: [{ address: '10.0.0.1' }] },
];
const withAddresses = (...addresses: string[]): RigConfig => ({
  services,
  interfaces: [
    { device: 'pub0', role: 'public', addresses },
    { device: 'prv0', role: 'private', addresses: ['10.0.0.253/24'] },
  ],
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'addresses', servers: 1 });
  await startHttpServer(rig.lab.server(1));
});

beforeEach(() => rig.write(withAddresses(`${VIP}/24`)));
afterEach(() => rig.xlvs(['down']));
afterAll(() => rig.destroy());

const addresses = async () => (await rig.snapshot()).addresses.filter((line) => !line.startsWith('lo'));

test('a client with another machine’s MAC for the VIP is told the router’s', async () => {
  const client = rig.lab.client();
  await client.exec('ip', ['neigh', 'replace', VIP, 'lladdr', '02:00:00:00:00:99', 'dev', 'eth0', 'nud', 'reachable']);
  const capture = await rig.lab.capture(client, 'eth0', 'arp');
  await rig.up();
  const mac = JSON.parse(await rig.onRouter('ip -j link show dev pub0'))[0].address;
  const heard = await (await capture.stop()).packets();
  expect(heard.filter((line) => line.includes(`Reply ${VIP} is-at ${mac}`))).toHaveLength(3);
  expect(await visit(client, VIP)).toMatchObject({ server: 'server1' });
});

test('the private side hears of its address, too', async () => {
  const capture = await rig.lab.capture(rig.lab.server(1), 'eth0', 'arp');
  await rig.up();
  expect((await (await capture.stop()).packets()).join('\n')).toContain('Reply 10.0.0.253 is-at');
});

test('addresses the file drops are removed by a reload, new ones added and announced, others left alone', async () => {
  await rig.onRouter('ip address add 192.0.2.99/24 dev pub0');
  await rig.daemon();
  const capture = await rig.lab.capture(rig.lab.client(), 'eth0', 'arp');
  rig.write(withAddresses('192.0.2.11/24'));
  const { stdout } = await rig.xlvs(['reload']);
  expect(stdout.trim().split('\n')).toEqual(['+ address 192.0.2.11/24 on pub0', '- address 192.0.2.10/24 on pub0']);
  expect(await addresses()).toEqual([
    'prv0 10.0.0.253/24',
    'prv0 10.0.0.254/24',
    'pub0 192.0.2.1/24',
    'pub0 192.0.2.11/24',
    'pub0 192.0.2.99/24',
  ]);
  expect((await (await capture.stop()).packets()).join('\n')).toContain('Reply 192.0.2.11 is-at');
  await rig.onRouter('ip address del 192.0.2.99/24 dev pub0');
});

test('an interface whose only address is exchanged keeps its routes', async () => {
  await rig.onRouter('ip address flush dev pub0');
  await rig.daemon();
  await rig.onRouter('ip route add default via 192.0.2.101');
  const before = (await rig.snapshot()).routes.filter((route) => route.includes('"default"'));
  for (const address of [`${VIP}/25`, '192.0.2.20/24', `${VIP}/24`]) {
    rig.write(withAddresses(address));
    await rig.xlvs(['reload']);
    expect((await rig.snapshot()).routes.filter((route) => route.includes('"default"'))).toEqual(before);
  }
  await rig.onRouter('ip route del default');
  await rig.onRouter('ip address add 192.0.2.1/24 dev pub0');
});

test('an address that somebody takes off is put back by the daemon', async () => {
  await rig.daemon();
  await rig.onRouter(`ip address del ${VIP}/24 dev pub0`);
  await expect.poll(addresses, { timeout: 10_000 }).toContain(`pub0 ${VIP}/24`);
  expect(await visit(rig.lab.client(), VIP)).toMatchObject({ server: 'server1' });
});

test('an address that the file gives to the other interface moves there, announced', async () => {
  await rig.daemon();
  rig.write({
    services,
    interfaces: [
      { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, '10.0.0.253/24'] },
      { device: 'prv0', role: 'private' },
    ],
  });
  const { stdout } = await rig.xlvs(['reload']);
  expect(stdout.trim().split('\n')).toEqual(['+ address 10.0.0.253/24 on pub0', '- address 10.0.0.253/24 on prv0']);
  expect(await addresses()).toContain('pub0 10.0.0.253/24');
});

test('a reload to a device that is not there is refused, and speaks of nothing else', async () => {
  await rig.daemon();
  const before = await rig.snapshot();
  rig.write({
    services,
    interfaces: [
      { device: 'eth9', role: 'public', addresses: [`${VIP}/24`] },
      { device: 'prv0', role: 'private' },
    ],
  });
  const { status, stderr } = await rig.tryXlvs(['reload']);
  expect([status, stderr.trim().split('\n')]).toEqual([
    2,
    [expect.stringMatching(/^eth9: there is no such device/), expect.stringContaining('the old config stays in force')],
  ]);
  expect(await rig.snapshot()).toEqual(before);
});

test('a device that is deleted is told by name and shown as not attached; when it is back, it is attached again', async () => {
  const daemon = await rig.daemon();
  await rig.onRouter('ip link add dev spare0 type veth peer name spare1');
  await rig.onRouter('ip link set spare0 up');
  const { interfaces = [] } = withAddresses(`${VIP}/24`);
  rig.write({ services, interfaces: [...interfaces, { device: 'spare0', role: 'private' }] });
  await rig.xlvs(['reload']);
  const modes = async () =>
    Object.fromEntries((await rig.show('status')).interfaces.map(({ device, mode }) => [device, mode]));
  const all = await modes();
  expect(Object.keys(all)).toEqual(['prv0', 'pub0', 'spare0']);
  await rig.onRouter('ip link del spare0');
  await daemon.says('device spare0 is gone');
  expect(await modes()).toEqual({ ...all, spare0: null });
  await rig.onRouter('ip link add dev spare0 type veth peer name spare1');
  await rig.onRouter('ip link set spare0 up');
  await daemon.says('restored: ~ interface spare0: attached again');
  expect(await modes()).toEqual(all);
  expect(daemon.stdout).not.toContain('MAC or MTU');
  await rig.xlvs(['down']);
  await rig.onRouter('ip link del spare0');
});

test('a device that the file has by another of its names goes on when another one changes, and gets its address back', async () => {
  await rig.onRouter('ip link property add dev pub0 altname wan');
  rig.write({
    services,
    interfaces: [
      { device: 'wan', role: 'public', addresses: [`${VIP}/24`] },
      { device: 'prv0', role: 'private' },
    ],
  });
  const daemon = await rig.daemon();
  await rig.onRouter('ip link set prv0 mtu 1400');
  await daemon.says('interface prv0: MAC or MTU followed');
  expect(await visit(rig.lab.client(), VIP)).toMatchObject({ server: 'server1' });
  await rig.onRouter(`ip address del ${VIP}/24 dev pub0`);
  await daemon.says(`+ address ${VIP}/24 on pub0 again`);
  expect(daemon.stdout).not.toContain('is gone');
  await rig.xlvs(['down']);
  await rig.onRouter('ip link set prv0 mtu 1500');
  await rig.onRouter('ip link property del dev pub0 altname wan');
});

test('a pinned link that somebody removes is attached again by the daemon', async () => {
  const daemon = await rig.daemon();
  rmSync(join(rig.pins, 'links', 'pub0'));
  await daemon.says('restored: ~ interface pub0: attached again');
  expect(await visit(rig.lab.client(), VIP)).toMatchObject({ server: 'server1' });
});

test('a link that somebody takes off is attached again by the daemon, its connections alive', async () => {
  const daemon = await rig.daemon();
  const held = await hold(rig.lab.client(), VIP, 80, 1);
  const link = Link.openPin(join(rig.pins, 'links', 'pub0'));
  link.detach();
  link.close();
  await daemon.says('restored: ');
  expect((await rig.snapshot()).links.filter((link) => link.includes(' xdp '))).toHaveLength(2);
  expect(await rig.show('connections')).toMatchObject([{ state: 'ESTABLISHED' }]);
  expect(await visit(rig.lab.client(), VIP)).toMatchObject({ server: 'server1' });
  await held.process.stop();
});

test('pins that somebody removes are made again by the daemon, and down leaves nothing of either', async () => {
  const before = await rig.snapshot();
  const daemon = await rig.daemon();
  rmSync(rig.pins, { recursive: true, force: true });
  await daemon.says('the pins are gone');
  await expect.poll(async () => (await rig.tryXlvs(['status'])).status, { timeout: 10_000 }).toBe(0);
  await expect.poll(async () => (await visit(rig.lab.client(), VIP)).server).toBe('server1');
  await expect.poll(async () => (await rig.show('status')).daemon, { timeout: 10_000 }).toBe(daemon.pid);
  await rig.xlvs(['down']);
  expect(await rig.snapshot()).toEqual(before);
});
