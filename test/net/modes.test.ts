// SPDX-License-Identifier: MIT
// Native or generic XDP: which one the router runs in, that it says so and why, and that traffic passes in both.
import { release } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/config/schema.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import type { LabOptions } from '../../src/lab/topology.ts';
import { downloadSha256, visit } from './clients.ts';
import { Rig, VIP } from './rig.ts';

const SIZE = 3_000_000;

/** Which XDP features a device has is told from Linux 6.3 on. */
const [MAJOR = 0, MINOR = 0] = release().split('.').map(Number);
const KERNEL_TELLS = MAJOR > 6 || (MAJOR === 6 && MINOR >= 3);

let rig: Rig;

afterEach(() => rig.destroy());

type Mode = NonNullable<ConfigInput['interfaces'][number]['mode']>;

/** Without a switch between them, the router's peers are the client and the server themselves. */
async function create(mode: Mode = 'auto', options: Partial<LabOptions> = {}): Promise<void> {
  rig = await Rig.create(
    { name: 'modes', servers: 1, ...options },
    {
      interfaces: [
        { device: 'pub0', role: 'public', mode, addresses: [`${VIP}/24`] },
        { device: 'prv0', role: 'private' },
      ],
      services: [{ name: 'web', protocol: 'tcp', address: VIP, port: 80, servers: [{ address: '10.0.0.1' }] }],
    },
  );
  await startHttpServer(rig.lab.server(1));
}

const shownModes = async () => (await rig.show('status')).interfaces.map(({ device, mode }) => [device, mode]);

/** As the kernel tells it: 1 is native, 2 generic. */
async function kernelModes(): Promise<unknown[]> {
  const links: { ifname: string; xdp?: { mode: number } }[] = JSON.parse(await rig.onRouter('ip -j -d link show'));
  return links.filter(({ xdp }) => xdp).map(({ ifname, xdp }) => [ifname, xdp?.mode]);
}

async function expectMode(mode: 'native' | 'generic'): Promise<void> {
  const number = mode === 'native' ? 1 : 2;
  expect((await shownModes()).sort()).toEqual([
    ['prv0', mode],
    ['pub0', mode],
  ]);
  expect((await kernelModes()).sort()).toEqual([
    ['prv0', number],
    ['pub0', number],
  ]);
  expect((await visit(rig.lab.client(), VIP)).server).toBe('server1');
  expect(await downloadSha256(rig.lab.client(), `http://${VIP}/bytes/${SIZE}`)).toBe(payloadSha256(SIZE));
}

/** A veth takes native XDP when it receives on as many queues as its peer sends on. */
const unfitForNative = () => rig.onRouter('ethtool -L prv0 rx 1');

test('native is chosen where every interface can; where the kernel does not tell, a veth counts as one that cannot', async () => {
  await create();
  const [mode, reason] = KERNEL_TELLS
    ? (['native', 'every interface attaches natively and can transmit'] as const)
    : (['generic', 'pub0 cannot transmit redirected frames in native mode'] as const);
  expect(await rig.up()).toContain(`XDP ${mode} (${reason})`);
  await expectMode(mode);
});

test('native is taken when it is asked for', async () => {
  await create('native');
  expect(await rig.up()).toMatch(/XDP native \(named in the config\)/);
  await expectMode('native');
});

test('generic is taken when one interface asks for it, and says so', async () => {
  await create('generic');
  expect(await rig.up()).toMatch(/XDP generic \(named in the config\)/);
  await expectMode('generic');
});

test('generic is taken on all when one interface cannot attach natively, and the log says why', async () => {
  await create();
  await unfitForNative();
  const daemon = await rig.daemon();
  expect(daemon.stdout).toMatch(/"mode":"generic","modeReason":"native attach failed[^"]* prv0\b/);
  await expectMode('generic');
  await daemon.stop();
});

test('generic is taken on all when one interface cannot transmit what is redirected to it', async () => {
  await create();
  await rig.lab.server(1).exec('ethtool', ['-K', 'eth0', 'gro', 'off']);
  expect(await rig.up()).toMatch(/XDP generic \(\w+ cannot transmit redirected frames in native mode\)/);
  await expectMode('generic');
});

test('native, asked for where an interface cannot, fails by name and leaves nothing attached', async () => {
  await create('native');
  await unfitForNative();
  const before = await rig.snapshot();
  const { status, stderr } = await rig.tryXlvs(['up', '--config', rig.configFile]);
  expect([status, stderr.split('\n').length]).toEqual([1, 2]);
  expect(stderr).toMatch(/^xlvs: .*\bprv0\b.*native.*; .*\b(auto|generic)\b/);
  expect(await rig.snapshot()).toEqual(before);
});

test('where frames are larger than a page, native is chosen when every interface can send those, too', async () => {
  await create('auto', { mtu: 9000 });
  await rig.up();
  await expectMode(KERNEL_TELLS ? 'native' : 'generic');
});

test('one interface with large frames is enough to ask all for it', async () => {
  await create('auto', { privateMtu: 9000 });
  await rig.up();
  await expectMode(KERNEL_TELLS ? 'native' : 'generic');
});
