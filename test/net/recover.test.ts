// SPDX-License-Identifier: MIT
// With sloppy_tcp a download whose entry is lost goes on while only its server sends; the same without the switch does not.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { patience } from '../../src/lab/patience.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig } from './rig.ts';

const PORT = 8000;
const servers = ['10.0.0.1', '10.0.0.2'];

/** rr: a client's own segment would as likely come to the other server. */
const config = (sloppy: 0 | 1): RigConfig => ({
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.map(({ family, vip, of }) => ({
    ...{ name: family, protocol: 'tcp', address: vip, port: 80, scheduler: 'rr' },
    servers: servers.map((address) => ({ address: of(address), port: PORT })),
  })),
  ipvs: { sloppy_tcp: sloppy },
});

let rig: Rig;
const client = () => rig.lab.client();

/** Sends one number after the other, and nothing else, as long as somebody is connected. */
function count(port: number): void {
  const { createServer } = process.getBuiltinModule('node:net');
  const server = createServer((socket) => {
    let next = 0;
    socket.setNoDelay(); // else it waits for an answer to the last number
    const timer = setInterval(() => socket.write(`<${next++}>`), 100);
    socket.on('close', () => clearInterval(timer)).on('error', () => {});
  });
  server.listen(port, '::', () => console.log('ready'));
}

/** Prints what comes. */
function listen({ address, port }: { address: string; port: number }): void {
  const socket = process.getBuiltinModule('node:net').connect(port, address);
  socket.on('data', (text) => console.log(String(text)));
  socket.on('error', ({ message }) => console.log(message));
}

beforeAll(async () => {
  rig = await Rig.create({ name: 'recover', servers: 2, ipv6: true }, config(0));
  await Promise.all(rig.lab.servers.map((server) => server.run(count, PORT).says('ready')));
  await client().exec('nft', ['add table inet mute']);
  await client().exec('nft', ['add chain inet mute out { type filter hook output priority 0; }']);
  await rig.up();
});

afterAll(() => rig.destroy());

async function setSloppy(sloppy: 0 | 1): Promise<void> {
  rig.write(config(sloppy));
  await rig.xlvs(['apply', rig.configFile]);
}

/** Both halves of every connection, and the copies in front of them. */
function loseEntries(): void {
  const router = KernelDataPlane.open(rig.pins);
  router.maps.connections.clear();
  router.maps.connections6.clear();
  router.bumpGeneration();
  router.maps.close();
}

const mute = () => client().exec('nft', ['add rule inet mute out tcp dport 80 drop']);
const unmute = () => client().exec('nft', ['flush chain inet mute out']);
const received = ({ stdout }: LabProcess): string => stdout.replaceAll('\n', '');
const upTo = (last: number): string => Array.from({ length: last + 1 }, (_, i) => `<${i}>`).join('');

describe.each(FAMILIES)('$family', ({ family, vip }) => {
  async function download(): Promise<LabProcess> {
    return await client().run(listen, { address: vip, port: 80 }).says('<3>');
  }

  test('the server’s next segment brings the connection back, and the client’s comes to the same server', async () => {
    await setSloppy(1);
    const before = (await rig.show('status')).events.connection_recovered ?? 0;
    const running = await download();
    const [was] = await rig.show('connections', '--service', family);
    await mute();
    loseEntries();
    // not one segment of the client's. The server soon sends the same again and again, since nobody answers
    const recovered = async () => (await rig.show('status')).events.connection_recovered;
    await expect.poll(recovered, { timeout: patience(10_000) }).toBe(before + 1);
    await unmute();
    await expect.poll(() => received(running), { timeout: patience(10_000) }).toContain(upTo(20));
    const [is, ...others] = await rig.show('connections', '--service', family);
    expect(others).toEqual([]);
    expect(is).toMatchObject({ client: was?.client, server: was?.server, state: 'ESTABLISHED' });
    expect((await rig.show('status')).events.connection_recovered).toBe(before + 1);
    running.kill();
  });

  test('without sloppy_tcp nothing more comes', async () => {
    await setSloppy(0);
    const running = await download();
    await mute();
    loseEntries();
    await sleep(patience(1_000));
    const then = received(running);
    await sleep(patience(1_000));
    expect(received(running)).toBe(then);
    running.kill();
    await unmute();
  });
});
