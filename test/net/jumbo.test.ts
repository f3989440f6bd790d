// SPDX-License-Identifier: MIT
// Frames of 9000 bytes, on both sides or on one: TCP and datagrams both ways, and what a sender is told where the other side takes
// less.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/config/schema.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { ipv6Of, type LabOptions } from '../../src/lab/topology.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256 } from './clients.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const SIZE = 5_000_000;
const JUMBO = 9000;
const FAMILIES = [
  { family: 'IPv4', vip: VIP, url: VIP, server: '10.0.0.1' },
  { family: 'IPv6', vip: ipv6Of(VIP), url: `[${ipv6Of(VIP)}]`, server: ipv6Of('10.0.0.1') },
];

type Mode = NonNullable<ConfigInput['interfaces'][number]['mode']>;

const configOf = (mode: Mode): RigConfig => ({
  interfaces: [
    { device: 'pub0', role: 'public', mode, addresses: [`${VIP}/24`, `${ipv6Of(VIP)}/64`] },
    { device: 'prv0', role: 'private' },
  ],
  services: FAMILIES.flatMap(({ family, vip, server }) => [
    { name: `web-${family}`, protocol: 'tcp', address: vip, port: 80, servers: [{ address: server }] },
    { name: `echo-${family}`, protocol: 'udp', address: vip, port: 53, servers: [{ address: server }] },
  ]),
});

/** Sends one datagram under a rule of path MTU discovery (0: may be fragmented, 2: must not); the answer's length, or the MTU it is told. */
const SEND = `
import socket, sys
address, size, rule = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, 10, rule)
s.settimeout(3)
s.connect((address, 53))
s.send(b'x' * size)
try:
    print('answer', len(s.recv(65535)) >= size)
except OSError as error:
    print('told', error.errno, s.getsockopt(socket.IPPROTO_IP, 14))
`;
const EMSGSIZE = 90;

interface Scene extends Pick<LabOptions, 'mtu' | 'privateMtu'> {
  readonly title: string;
}

const SCENES: Scene[] = [
  { title: 'large on both sides', mtu: JUMBO },
  { title: 'large outside', mtu: JUMBO, privateMtu: 1500 },
  { title: 'large inside', mtu: 1500, privateMtu: JUMBO },
];

describe.each(SCENES.flatMap((scene) => (['native', 'generic'] as const).map((mode) => ({ ...scene, mode }))))(
  '$title, $mode',
  ({ mode, mtu = JUMBO, privateMtu = JUMBO }) => {
    let rig: Rig;

    beforeAll(async () => {
      rig = await Rig.create({ name: 'jumbo', servers: 1, ipv6: true, mtu, privateMtu }, configOf(mode));
      const server = rig.lab.server(1);
      await Promise.all([startHttpServer(server, [80], '::'), startUdpServer(server, 53, '::')]);
      await rig.up();
    });
    afterAll(() => rig.destroy());

    test.each(FAMILIES)('$family: TCP finds its size, both ways', async ({ url }) => {
      const client = rig.lab.client();
      expect(await downloadSha256(client, `http://${url}/bytes/${SIZE}`)).toBe(payloadSha256(SIZE));
      const upload = `head -c ${SIZE} /dev/zero | curl -sSf --max-time 20 --data-binary @- http://${url}/`;
      expect((await client.exec('sh', ['-c', upload])).stdout).toMatch(`got ${SIZE} bytes`);
    });

    test.each(FAMILIES)('$family: datagrams of 60,000 bytes, there and back', async ({ vip }) => {
      const text = 'x'.repeat(60_000);
      // what a path takes may have to be learnt from the first
      await expect
        .poll(async () => (await askUdp(rig.lab.client(), { address: vip, port: 53, text })).includes(text), {
          timeout: 20_000,
        })
        .toBe(true);
    });

    const send = async (rule: number): Promise<string> => {
      const { stdout } = await rig.lab.client().exec('/usr/bin/python3', ['-c', SEND, VIP, '8000', String(rule)]);
      return stdout.trim();
    };

    test('a datagram that may be fragmented always arrives, and its answer, once the server knows what fits', async () => {
      // Linux forbids to fragment what it sends whole: the router tells the server of the first answer
      await expect.poll(() => send(0), { timeout: 15_000 }).toBe('answer True');
    });

    if (mtu === JUMBO)
      test('one that may not arrives, or its sender is told what would fit', async () => {
        const isTold = privateMtu < JUMBO;
        // an MTU that TCP has learnt already is told by the client's own kernel
        await rig.lab.client().exec('ip', ['route', 'flush', 'cache']);
        expect(await send(2)).toBe(isTold ? `told ${EMSGSIZE} ${privateMtu}` : 'answer True');
      });

    test('xlvs carried it in the mode that was asked for, in several buffers if need be', async () => {
      const { interfaces, passes, services } = await rig.show('status');
      expect(interfaces.map((one) => one.mode)).toEqual([mode, mode]);
      expect(passes.truncated ?? 0).toBe(0);
      for (const { counters } of services) {
        expect(counters.incoming_packets).toBeGreaterThan(0);
        expect(counters.outgoing_packets).toBeGreaterThan(0);
      }
    });
  },
);
