// SPDX-License-Identifier: MIT
// NAT routing with real clients and servers: who answers, what each side sees, and that every byte is right.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Capture } from '../../src/lab/capture.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256, hold, tally, visit, visits } from './clients.ts';
import { Rig, VIP } from './rig.ts';

const tcp = { protocol: 'tcp', address: VIP } as const;
const servers = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, port: 80 }));
const [one, two] = servers as [(typeof servers)[0], (typeof servers)[0]];

/** The TTLs in a capture's packets, by sender. */
async function hops(capture: Capture): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = {};
  for (const packet of await capture.packets('-v')) {
    const [, ttl = '', sender = ''] = /ttl (\d+).*\n\s+([\d.]+)\.\d+ > /.exec(packet) ?? [];
    seen[sender] = [...new Set([...(seen[sender] ?? []), ttl])];
  }
  return seen;
}

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'nat' },
    {
      services: [
        { name: 'web', ...tcp, port: 80, scheduler: 'rr', servers },
        { name: 'mapped', ...tcp, port: 8080, servers: [{ ...one, port: 8000 }] },
        { name: 'wrr', ...tcp, port: 81, scheduler: 'wrr', servers: servers.map((s, i) => ({ ...s, weight: 3 - i })) },
        { name: 'lc', ...tcp, port: 82, scheduler: 'lc', servers: [{ ...one, weight: 3 }, two] },
        { name: 'wlc', ...tcp, port: 83, servers: [{ ...one, weight: 3 }, two] },
        { name: 'sh', ...tcp, port: 84, scheduler: 'sh', servers },
        { name: 'echo', protocol: 'udp', address: VIP, port: 5353, servers: [{ address: '10.0.0.2', port: 53 }] },
      ],
    },
  );
  const { lab } = rig;
  await Promise.all(lab.servers.map((server) => startHttpServer(server, [80, 8000])));
  await startUdpServer(lab.server(2), 53);
  await rig.up();
});

afterAll(() => rig.destroy());

describe('a client of a VIP', () => {
  test('reaches a server that sees its address and port', async () => {
    const seen = await visit(rig.lab.client(), VIP, '--local-port', '40000');
    expect(seen.client).toBe('192.0.2.101:40000');
    expect(seen.local).toBe(`10.0.0.${seen.server.at(-1)}:80`);
    expect(seen.remote).toBe(`${VIP}:80`);
  });

  test('never hears of the servers’ addresses', async () => {
    const capture = await rig.lab.capture(rig.lab.client(), 'eth0', 'tcp');
    await visits(rig.lab.client(), VIP, 3);
    const packets = await (await capture.stop()).packets();
    expect(packets.length).toBeGreaterThan(24);
    expect(packets.filter((packet) => packet.includes(' 192.0.2.10.80'))).toEqual(packets);
  });

  test('reaches the server’s port when the service maps it', async () => {
    expect(await visit(rig.lab.client(), `${VIP}:8080`)).toMatchObject({
      local: '10.0.0.1:8000',
      remote: `${VIP}:8080`,
    });
  });

  test('downloads 200 MB unharmed', async () => {
    const size = 200_000_000;
    expect(await downloadSha256(rig.lab.client(), `http://${VIP}/bytes/${size}`)).toBe(payloadSha256(size));
  });

  test('gets datagrams back from where it sent them', async () => {
    const answer = await askUdp(rig.lab.client(), { address: VIP, port: 5353, sourcePort: 4000, text: 'hi' });
    expect(answer).toBe('server2 saw 192.0.2.101:4000: hi');
  });
});

describe('a packet', () => {
  test('is one hop older after the router, whichever way it goes', async () => {
    const { lab } = rig;
    const captures = [await lab.capture(lab.client(), 'eth0', 'tcp'), await lab.capture(lab.server(1), 'eth0', 'tcp')];
    await visit(lab.client(), `${VIP}:8080`);
    const [outside, inside] = await Promise.all(captures.map(async (capture) => hops(await capture.stop())));
    expect(outside).toEqual({ '192.0.2.101': ['64'], [VIP]: ['63'] });
    expect(inside).toEqual({ '192.0.2.101': ['63'], '10.0.0.1': ['64'] });
  });

  test('has right checksums on both sides of the router, TCP and UDP, of any length', async () => {
    const { lab } = rig;
    const captures = [
      await lab.capture(lab.client(), 'eth0', 'ip'),
      await lab.capture(lab.server(1), 'eth0', 'ip'),
      await lab.capture(lab.server(2), 'eth0', 'ip'),
    ];
    await downloadSha256(lab.client(), `http://${VIP}:8080/bytes/1000001`);
    for (let length = 0; length < 20; length++)
      await askUdp(lab.client(), { address: VIP, port: 5353, text: 'x'.repeat(length) });
    for (const capture of captures) {
      await capture.stop();
      expect((await capture.packets()).length).toBeGreaterThanOrEqual(40);
      expect(await capture.wrongChecksums()).toEqual([]);
    }
  });
});

describe('connections', () => {
  test('go round by rr', async () => {
    const seen = await visits(rig.lab.client(), VIP, 9);
    expect(tally(seen)).toEqual({ server1: 3, server2: 3, server3: 3 });
    expect(seen.slice(3, 6)).toEqual(seen.slice(0, 3));
  });

  test('go by weight with wrr', async () => {
    expect(tally(await visits(rig.lab.client(), `${VIP}:81`, 12))).toEqual({ server1: 6, server2: 4, server3: 2 });
  });

  test('go to the server with fewest by lc, whatever its weight', async () => {
    const held = await hold(rig.lab.client(), VIP, 82, 6);
    await held.process.stop();
    expect(held.servers.map((server) => server.at(-1)).join(' ')).toBe('2 1 2 1 2 1');
  });

  test('go to the server with fewest for its weight by wlc', async () => {
    const held = await hold(rig.lab.client(), VIP, 83, 9);
    await held.process.stop();
    expect(held.servers.map((server) => server.at(-1)).join(' ')).toBe('2 1 1 1 2 1 1 1 2');
  });

  test('go by the client’s address with sh: one server for each client, all servers for many', async () => {
    const client = rig.lab.client();
    const addresses = Array.from({ length: 12 }, (_, i) => `192.0.2.${120 + i}`);
    for (const address of addresses) await client.exec('ip', ['address', 'add', `${address}/24`, 'dev', 'eth0']);
    const seen = new Set<string>();
    for (const address of addresses) {
      const [first = '', ...again] = await visits(client, `${VIP}:84`, 3, '--interface', address);
      expect(again).toEqual([first, first]);
      seen.add(first);
    }
    expect([...seen].sort()).toEqual(['server1', 'server2', 'server3']);
  });
});
