// SPDX-License-Identifier: MIT
// `xlvs down`: the machine is as it was before, whatever happened in between.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { visit } from './clients.ts';
import { Rig, VIP } from './rig.ts';

let rig: Rig;
let before: Awaited<ReturnType<typeof machine>>;

/** Beside the snapshot: offloads, which attaching XDP may change. */
async function machine() {
  const offloads = ['pub0', 'prv0'].map((device) => rig.onRouter(`ethtool -k ${device}`));
  return {
    snapshot: await rig.snapshot(),
    offloads: await Promise.all(offloads),
    nftables: await rig.onRouter('nft list ruleset'),
    pins: existsSync(rig.pins),
  };
}

beforeEach(async () => {
  rig = await Rig.create(
    { name: 'down', servers: 2 },
    {
      interfaces: [
        { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, '192.0.2.11/32'] },
        { device: 'prv0', role: 'private', addresses: ['10.0.0.254/24', '10.0.0.253/24'] },
      ],
      services: [
        {
          name: 'web',
          protocol: 'tcp',
          address: VIP,
          port: 80,
          persistence: {},
          servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
        },
      ],
    },
  );
  await startHttpServer(rig.lab.server(1));
  await startHttpServer(rig.lab.server(2));
  before = await machine();
});

afterEach(() => rig.destroy());

const down = async (): Promise<string> => (await rig.xlvs(['down'])).stdout;

test('after up: XDP, pins, addresses and kept neighbours go, an address that was there stays', async () => {
  await rig.up();
  await visit(rig.lab.client(), VIP);
  const during = await rig.snapshot();
  expect(during.addresses).toEqual(expect.arrayContaining(['pub0 192.0.2.10/24', 'prv0 10.0.0.253/24']));
  expect(during.links.filter((link) => link.includes(' xdp '))).toHaveLength(2);
  const said = await down();
  for (const thing of ['XDP from pub0', 'XDP from prv0', 'address 192.0.2.10/24 from pub0', `pins under ${rig.pins}`])
    expect(said).toContain(`removed ${thing}\n`);
  expect(said).not.toContain('10.0.0.254');
  expect(await machine()).toEqual(before);
});

test('routes through an interface that had no address before, and has none after, stay', async () => {
  await rig.onRouter('ip address flush dev pub0');
  await rig.onRouter('ip route add 198.51.100.0/24 dev pub0');
  await rig.onRouter('ip route add default via 192.0.2.101 dev pub0 onlink metric 7');
  const bare = await machine();
  await rig.up();
  await down();
  expect(await machine()).toEqual(bare);
});

test('of a router whose maps are of another version: all of it goes, nothing is forgotten', async () => {
  await rig.up();
  // one of another version has other maps; here one is missing
  rmSync(join(rig.pins, 'maps', 'persistence'));
  expect((await rig.tryXlvs(['status'])).status).toBe(1);
  expect(await down()).toContain('removed address 192.0.2.10/24 from pub0\n');
  expect(await machine()).toEqual(before);
});

test('after a start that was killed while it loaded: what it pinned goes', async () => {
  mkdirSync(join(rig.pins, 'maps-new'), { recursive: true });
  expect(await down()).toContain(`removed pins under ${rig.pins}\n`);
  expect(await machine()).toEqual(before);
});

test('with a running daemon: it is stopped first', async () => {
  const daemon = await rig.daemon();
  await visit(rig.lab.client(), VIP);
  expect(await down()).toContain(`stopped the daemon (pid ${daemon.pid})`);
  expect(await daemon.exited).toEqual({ status: 0, signal: undefined });
  expect(await machine()).toEqual(before);
});

test('after a daemon that was killed: its socket goes as well', async () => {
  const daemon = await rig.daemon();
  await visit(rig.lab.client(), VIP);
  await daemon.stop('SIGKILL');
  const socket = rig.socket ?? '';
  expect(existsSync(socket)).toBe(true);
  await down();
  expect(await machine()).toEqual(before);
  expect(existsSync(socket)).toBe(false);
});

test('after addresses came and went by reload', async () => {
  const daemon = await rig.daemon();
  rig.write({
    interfaces: [
      { device: 'pub0', role: 'public', addresses: ['192.0.2.12/24'] },
      { device: 'prv0', role: 'private' },
    ],
  });
  await rig.xlvs(['reload']);
  expect((await rig.snapshot()).addresses).toContain('pub0 192.0.2.12/24');
  await down();
  await daemon.exited;
  expect(await machine()).toEqual(before);
});

test('after an interface has gone in the meantime', async () => {
  await rig.up();
  await rig.onRouter('ip link del prv0');
  expect((await rig.tryXlvs(['down'])).status).toBe(0);
  expect(existsSync(rig.pins)).toBe(false);
  const { links, addresses } = await rig.snapshot();
  expect(links.filter((link) => link.includes(' xdp '))).toEqual([]);
  expect(addresses.filter((line) => line.startsWith('pub0'))).toEqual(['pub0 192.0.2.1/24']);
});

test('twice, or when nothing runs, there is nothing to do', async () => {
  await rig.up();
  await down();
  expect(await down()).toBe(`nothing to take down: nothing is pinned at ${rig.pins}\n`);
  expect(await machine()).toEqual(before);
});
