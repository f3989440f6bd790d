// SPDX-License-Identifier: MIT
// A connection table that is full: newcomers are dropped and counted by name, those that are in go on, and room comes back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../src/lab/host.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256, hold, visit } from './clients.ts';
import { Rig, VIP } from './rig.ts';

const CAPACITY = 1024;

let rig: Rig;
let daemon: LabProcess;

beforeAll(async () => {
  const servers = [{ address: '10.0.0.1' }];
  rig = await Rig.create(
    { name: 'full', servers: 1 },
    {
      services: [
        { name: 'web', protocol: 'tcp', address: VIP, port: 80, servers },
        { name: 'echo', protocol: 'udp', address: VIP, port: 5353, servers },
        { name: 'deaf', protocol: 'tcp', address: VIP, port: 81, servers },
      ],
      tables: { connections: CAPACITY, persistence: 1024 },
      timeouts: { udp: 5 },
    },
  );
  await startHttpServer(rig.lab.server(1));
  await startUdpServer(rig.lab.server(1), 5353);
  daemon = await rig.daemon();
});

afterAll(() => rig.destroy());

/** One datagram from each of so many ports; how many were answered. */
async function ask(client: Host, count: number): Promise<number> {
  const asking = client.run(askFromPorts, { address: VIP, port: 5353, count });
  await asking.exited;
  return Number(asking.stdout);
}

/** A few at a time: neither a wire's queue nor the server's socket may be what loses any. */
function askFromPorts({ address, port, count }: { address: string; port: number; count: number }): void {
  const { createSocket } = process.getBuiltinModule('node:dgram');
  const WAVE = 20;
  let answers = 0;
  const wave = (first: number): unknown => {
    if (first >= count) return setTimeout(() => process.exit(), 500);
    for (let i = first; i < Math.min(first + WAVE, count); i++) {
      const socket = createSocket('udp4');
      socket.on('message', () => answers++);
      socket.bind(20_000 + i, () => socket.send('hello', port, address));
    }
    return setTimeout(wave, 10, first + WAVE);
  };
  process.on('exit', () => console.log(answers));
  wave(0);
}

test('more flows than the table has room for: those beyond are dropped and counted, the others served', async () => {
  const held = await hold(rig.lab.client(), VIP, 80, 1);
  const flows = CAPACITY + 500;
  const answers = await ask(rig.lab.client(), flows);
  const { drops, tables, services } = await rig.show('status');
  const made = services.find(({ name }) => name === 'echo')?.counters.connections ?? 0;
  expect(answers).toBe(made);
  expect(made).toBeGreaterThan(CAPACITY * 0.9);
  expect(drops.table_full).toBe(flows - made);
  expect(tables.connections).toEqual({ entries: made + 1, capacity: CAPACITY });
  expect(await rig.show('connections', '--service', 'web')).toMatchObject([{ state: 'ESTABLISHED' }]);
  await held.process.stop();
});

test('the daemon says so with the cure', async () => {
  await daemon.says(`table connections is full (`);
  expect(daemon.stdout).toMatch(
    /\d+ new connections refused; raise tables\.connections in the config file, then `xlvs down`/,
  );
});

test('room comes back by itself when they expire', async () => {
  const entries = async () => (await rig.show('status')).tables.connections?.entries;
  await expect.poll(entries, { timeout: 20_000, interval: 1_000 }).toBeLessThan(5);
  expect((await visit(rig.lab.client(), VIP)).server).toBe('server1');
  expect(await downloadSha256(rig.lab.client(), `http://${VIP}/bytes/1000000`)).toBe(payloadSha256(1_000_000));
});

test('half-open connections give way to new ones', async () => {
  const { lab } = rig;
  await lab.server(1).exec('nft', ['add', 'table', 'ip', 't']);
  await lab.server(1).exec('nft', ['add chain ip t in { type filter hook input priority 0; }']);
  await lab.server(1).exec('nft', ['add', 'rule', 'ip', 't', 'in', 'tcp', 'dport', '81', 'drop']);
  const flooding = lab.client().run(openMany, { address: VIP, port: 81, count: CAPACITY + 200 });
  await flooding.says('opening');
  expect((await visit(lab.client(), VIP)).server).toBe('server1');
  expect((await rig.show('status')).events.connection_reclaimed).toBeGreaterThan(0);
  await flooding.stop('SIGKILL');
});

function openMany({ address, port, count }: { address: string; port: number; count: number }): void {
  const { connect } = process.getBuiltinModule('node:net');
  for (let i = 0; i < count; i++) connect(port, address).on('error', () => {});
  console.log('opening');
}
