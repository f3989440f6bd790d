// SPDX-License-Identifier: MIT
// The first packet when the router knows no neighbour at all, neither the servers nor the way back to the client.
import { afterEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/lab/host.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256, visit } from './clients.ts';
import { Rig, VIP } from './rig.ts';

let rig: Rig;

afterEach(() => rig.destroy());

async function create(clientRouted: boolean): Promise<void> {
  const servers = [{ address: '10.0.0.1' }];
  rig = await Rig.create(
    { name: 'neigh', servers: 2, clientRouted },
    {
      services: [
        { name: 'web', protocol: 'tcp', address: VIP, port: 80, servers },
        { name: 'echo', protocol: 'udp', address: VIP, port: 5353, servers },
      ],
    },
  );
  await startHttpServer(rig.lab.server(1));
  await startUdpServer(rig.lab.server(1), 5353);
}

const macOf = async (host: Host, device: string): Promise<string> =>
  JSON.parse((await host.exec('ip', ['-j', 'link', 'show', 'dev', device])).stdout)[0].address;

/** Who sends to the VIP knows its MAC: asking for it would teach the router the asker's. */
async function teachVip(): Promise<void> {
  const { lab } = rig;
  const mac = await macOf(lab.router, 'pub0');
  const neighbour = lab.hosts.get('gateway') ?? lab.client();
  const device = neighbour.name === 'gateway' ? 'pub0' : 'eth0';
  for (const address of [VIP, '192.0.2.1'])
    await neighbour.exec('ip', ['neigh', 'replace', address, 'lladdr', mac, 'dev', device, 'nud', 'permanent']);
}

/** Those that xlvs has the kernel keep included. */
async function forgetNeighbours(): Promise<void> {
  for (const { dst, dev } of JSON.parse(await rig.onRouter('ip -j neigh show nud all')))
    if (dev === 'pub0' || dev === 'prv0') await rig.onRouter(`ip neigh del ${dst} dev ${dev}`);
  const left = JSON.parse(await rig.onRouter('ip -j neigh show'));
  expect(left.filter(({ state }: { state: string[] }) => !state.includes('FAILED'))).toEqual([]);
}

describe.each([
  ['a neighbour', false],
  ['behind a gateway', true],
])('with an empty neighbour table and the client %s', (_, clientRouted) => {
  test('a TCP connection is made and a download arrives', async () => {
    await create(clientRouted);
    await rig.up();
    await teachVip();
    await forgetNeighbours();
    expect((await visit(rig.lab.client(), VIP)).server).toBe('server1');
    await forgetNeighbours();
    const hash = await downloadSha256(rig.lab.client(), `http://${VIP}/bytes/5000000`);
    expect(hash).toBe(payloadSha256(5_000_000));
  });

  test('a datagram is answered', async () => {
    await create(clientRouted);
    await rig.up();
    await teachVip();
    await forgetNeighbours();
    expect(await askUdp(rig.lab.client(), { address: VIP, port: 5353 })).toMatch(/^server1 saw/);
  });
});

describe('a server whose MAC changes', () => {
  test('is found again in the middle of a download while the daemon watches', async () => {
    await create(false);
    const daemon = await rig.daemon();
    const hash = downloadSha256(rig.lab.client(), `http://${VIP}/bytes/12000000`, '--limit-rate', '4M');
    await expect.poll(() => rig.show('connections')).toMatchObject([{ state: 'ESTABLISHED' }]);
    await rig.lab.server(1).exec('ip', ['link', 'set', 'eth0', 'address', '02:00:00:00:00:77']);
    await rig.lab.server(1).exec('ip', ['neigh', 'flush', 'all']);
    expect(await hash).toBe(payloadSha256(12_000_000));
    await daemon.stop();
  });
});
