// SPDX-License-Identifier: MIT
// nat_icmp_send with real servers, both families: what one sends from where it listens, without a connection, is refused; all else
// that it sends is its own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { ROUTER_PRIVATE } from '../../src/lab/topology.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { visit } from './clients.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig } from './rig.ts';

const PROTOCOLS = ['udp', 'tcp'] as const;

const config = (send: 0 | 1): RigConfig => ({
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.flatMap(({ family, vip, of }) =>
    PROTOCOLS.map((protocol) => ({
      ...{ name: `${protocol}-${family}`, protocol, address: vip, port: 80 },
      // the second one has nothing that listens, so that its port is free for what the tests send
      servers: [
        { address: of('10.0.0.1'), port: 8080 },
        { address: of('10.0.0.2'), port: 8080, weight: 0 },
      ],
    })),
  ),
  ipvs: { nat_icmp_send: send },
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'listener', servers: 2, ipv6: true }, config(0));
  await startHttpServer(rig.lab.server(1), [8080], '::');
  await startUdpServer(rig.lab.server(1), 8080, '::');
  await startHttpServer(rig.lab.client(), [90], '::');
  await startUdpServer(rig.lab.client(), 90, '::');
  await rig.daemon();
});

afterAll(() => rig.destroy());

async function setSwitch(send: 0 | 1): Promise<void> {
  rig.write(config(send));
  await rig.xlvs(['reload']);
}

/** Speaks to a client from this port: `spoke`, or who refused it and how the kernel puts it. */
const SPEAK = `
import errno, socket, sys
protocol, port, address, to = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
six = ':' in address
kind = socket.SOCK_DGRAM if protocol == 'udp' else socket.SOCK_STREAM
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind)
level, errors = (41, 25) if six else (0, 11)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.setsockopt(level, errors, 1)
s.settimeout(3)
s.bind(('', port))
try:
    s.connect((address, to))
    s.send(b'hello')
    s.recv(10) if protocol == 'udp' else None
    print('spoke')
except OSError as e:
    offender = ''
    if protocol == 'udp' and not isinstance(e, socket.timeout):
        _, ancillary, _, _ = s.recvmsg(100, 512, socket.MSG_ERRQUEUE)
        data = ancillary[0][2]
        offender = ' by ' + socket.inet_ntop(s.family, data[24:40] if six else data[20:24])
    print(errno.errorcode.get(e.errno, 'timeout') + offender)
`;

async function speak(protocol: string, port: number, address: string): Promise<string> {
  const args = ['-c', SPEAK, protocol, String(port), address, '90'];
  return (await rig.lab.server(2).exec('/usr/bin/python3', args)).stdout.trim();
}

describe.each(FAMILIES)('$family', ({ vip, url, of }) => {
  const client = () => of(rig.lab.client().address);
  const drops = async () => (await rig.show('status')).drops.no_connection ?? 0;

  test('a datagram from the service’s port gets ECONNREFUSED, from the router', async () => {
    await setSwitch(1);
    const before = await drops();
    expect(await speak('udp', 8080, client())).toBe(`ECONNREFUSED by ${of(ROUTER_PRIVATE)}`);
    expect(await drops()).toBeGreaterThan(before);
  });

  test('so does a connection from there', async () => {
    await setSwitch(1);
    expect(await speak('tcp', 8080, client())).toBe('ECONNREFUSED');
  });

  test.each(PROTOCOLS)('from another port %s passes, and from that one without the switch', async (protocol) => {
    await setSwitch(1);
    expect(await speak(protocol, 8081, client())).toBe('spoke');
    await setSwitch(0);
    expect(await speak(protocol, 8080, client())).toBe('spoke');
  });

  test('clients of the service do not notice', async () => {
    await setSwitch(1);
    const before = await drops();
    expect((await visit(rig.lab.client(), `${url}:80`)).server).toBe('server1');
    expect(await askUdp(rig.lab.client(), { address: vip, port: 80 })).toContain('server1 saw');
    expect(await drops()).toBe(before);
  });
});
