// SPDX-License-Identifier: MIT
// ICMP with real clients, both families: refused connections, path MTU discovery both ways, hops to a VIP one by one, echo.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../src/lab/host.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payloadSha256 } from '../../src/lab/payload.ts';
import { startUdpServer } from '../../src/lab/udp-server.ts';
import { downloadSha256, ping } from './clients.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const SIZE = 3_000_000;
const SMALL = 1280;
const servers = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

const config: RigConfig = {
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.flatMap(({ family, vip, of }) => {
    const own = servers.map((address) => ({ address: of(address) }));
    const idle = own.map((server) => ({ ...server, weight: 0 }));
    return [
      { name: `web-${family}`, protocol: 'tcp', address: vip, port: 80, servers: own },
      { name: `echo-${family}`, protocol: 'udp', address: vip, port: 53, servers: own },
      { name: `closed-${family}`, protocol: 'udp', address: vip, port: 9, servers: own },
      { name: `empty-${family}`, protocol: 'tcp', address: vip, port: 81, servers: [] },
      { name: `idle-${family}`, protocol: 'udp', address: vip, port: 82, servers: idle },
    ] as const;
  }),
};

let rig: Rig;
const client = (): Host => rig.lab.client(1);

beforeAll(async () => {
  rig = await Rig.create({ name: 'icmp', clients: 1, clientRouted: true, ipv6: true }, config);
  await Promise.all(
    rig.lab.servers.flatMap((server) => [startHttpServer(server, [80], '::'), startUdpServer(server, 53, '::')]),
  );
  await rig.daemon();
});

afterAll(() => rig.destroy());

/** Sends one datagram with this many hops and tells what came back: `type 11 code 0 from 192.0.2.10`, or the answer. */
const HOP = `
import socket, sys
address, port, hops = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
six = ':' in address
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
level, ttl, errors = (41, 16, 25) if six else (0, 2, 11)
s.setsockopt(level, ttl, hops)
s.setsockopt(level, errors, 1)
s.settimeout(3)
s.connect((address, port))
s.send(b'who')
try:
    print('answer', s.recv(100).decode().split()[0])
except OSError:
    _, ancillary, _, _ = s.recvmsg(100, 512, socket.MSG_ERRQUEUE)
    data = ancillary[0][2]
    kind, code = data[5], data[6]
    offender = data[16 + 8:16 + 24] if six else data[16 + 4:16 + 8]
    print('type %d code %d from %s' % (kind, code, socket.inet_ntop(s.family, offender)))
`;
const hop = async (address: string, port: number, hops: number): Promise<string> =>
  (await client().exec('/usr/bin/python3', ['-c', HOP, address, String(port), String(hops)])).stdout.trim();

const UNREACHABLE = { IPv4: 'type 3 code 3', IPv6: 'type 1 code 4' } as Record<string, string>;
const EXCEEDED = { IPv4: 'type 11 code 0', IPv6: 'type 3 code 0' } as Record<string, string>;

describe.each(FAMILIES)('$family', ({ family, vip, url, of }) => {
  test('curl is refused at once when a service has no server', async () => {
    const before = await rig.show('status');
    const result = await client().exec('curl', ['-sS', '--max-time', '5', `http://${url}:81/`], { check: false });
    // 7: could not connect; 28 would be a timeout
    expect(result.status).toBe(7);
    const after = await rig.show('status');
    expect(after.drops.no_server).toBeGreaterThan(before.drops.no_server ?? 0);
    expect(after.events.icmp_sent).toBeGreaterThan(before.events.icmp_sent ?? 0);
  });

  test('so is a datagram when all its servers are quiesced, by the VIP', async () => {
    expect(await hop(vip, 82, 64)).toBe(`${UNREACHABLE[family]} from ${vip}`);
  });

  test('a server on which nobody listens says so from the VIP', async () => {
    expect(await hop(vip, 9, 64)).toBe(`${UNREACHABLE[family]} from ${vip}`);
  });

  test('the hops to a service read as the gateway, the VIP, the service', async () => {
    expect(await hop(vip, 53, 1)).toBe(`${EXCEEDED[family]} from ${of('198.51.100.254')}`);
    expect(await hop(vip, 53, 2)).toBe(`${EXCEEDED[family]} from ${vip}`);
    expect(await hop(vip, 53, 3)).toMatch(/^answer/);
  });

  test('an upload finds out that the servers’ side takes less', async () => {
    const [router, file] = [rig.lab.router, '/dev/zero'];
    await router.exec('ip', ['link', 'set', 'prv0', 'mtu', String(SMALL)]);
    try {
      const upload = `head -c ${SIZE} ${file} | curl -sSf --max-time 20 --data-binary @- http://${url}/`;
      expect((await client().exec('sh', ['-c', upload], { timeout: 30_000 })).stdout).toMatch(`got ${SIZE} bytes`);
    } finally {
      await router.exec('ip', ['link', 'set', 'prv0', 'mtu', '1500']);
    }
  });

  test.each([
    ['the router’s public side', 'router', 'pub0'],
    ['a router behind it', 'gateway', 'lan0'],
  ] as const)('a download finds out that %s takes less', async (_, machine, device) => {
    await rig.lab.host(machine).exec('ip', ['link', 'set', device, 'mtu', String(SMALL)]);
    try {
      expect(await downloadSha256(client(), `http://${url}/bytes/${SIZE}`)).toBe(payloadSha256(SIZE));
    } finally {
      await rig.lab.host(machine).exec('ip', ['link', 'set', device, 'mtu', '1500']);
    }
  });
});

test('the router answers for the VIP', async () => {
  expect(await ping(client(), VIP)).toMatch(new RegExp(`^reply from ${VIP.replaceAll('.', '\\.')}`));
});
