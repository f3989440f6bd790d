// SPDX-License-Identifier: MIT
// traceroute and ping to a VIP, both families and each of traceroute's ways: the hops read as for any machine behind the
// gateway, with the VIP where a router would be (ipvs-semantics: time exceeded comes from the VIP).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { startUdpServer } from '../../src/lab/udp-server.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig } from './rig.ts';

const servers = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

const config: RigConfig = {
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.flatMap(({ family, vip, of }) => {
    const own = servers.map((address) => ({ address: of(address) }));
    return [
      { name: `web-${family}`, protocol: 'tcp', address: vip, port: 80, scheduler: 'rr', servers: own },
      { name: `echo-${family}`, protocol: 'udp', address: vip, port: 53, scheduler: 'rr', servers: own },
    ] as const;
  }),
};

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'traceroute', clients: 1, clientRouted: true, ipv6: true }, config);
  await Promise.all(
    rig.lab.servers.flatMap((server) => [startHttpServer(server, [80], '::'), startUdpServer(server, 53, '::')]),
  );
  await rig.daemon();
});

afterAll(() => rig.destroy());

/** Who answered at each hop: its address, `*` for nobody, and what traceroute writes behind it (`!X`), if anything. */
async function hops(to: string, ...how: string[]): Promise<string[]> {
  const options = ['-n', '-q', '1', '-w', '3', '-N', '1', '-m', '6'];
  const { stdout } = await rig.lab.client().exec('traceroute', [...options, ...how, to]);
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/).slice(1))
    .map(([who, , , ...said]) => [who, ...said].join(' '));
}

describe.each(FAMILIES)('$family', ({ vip, of }) => {
  const gateway = of('198.51.100.254');

  // the last one is a server, which answers from the VIP
  test.each([
    ['TCP', ['-T', '-p', '80']],
    ['UDP', ['-U', '-p', '53']],
  ])('%s to a service: the gateway, the VIP for the router, the VIP for the server', async (_, how) => {
    expect(await hops(vip, ...how)).toEqual([gateway, vip, vip]);
  });

  // ports of no service, and echo: the router's own stack answers
  test.each([
    ['UDP', []],
    ['TCP', ['-T', '-p', '81']],
    ['ICMP', ['-I']],
  ])('%s to the VIP itself ends at the router', async (_, how) => {
    expect(await hops(vip, ...how)).toEqual([gateway, vip]);
  });

  test('each hop ended at the router is counted as such', async () => {
    const before = await rig.show('status');
    await hops(vip, '-T', '-p', '80');
    const after = await rig.show('status');
    expect((after.drops.ttl_exceeded ?? 0) - (before.drops.ttl_exceeded ?? 0)).toBe(1);
    expect((after.events.icmp_sent ?? 0) - (before.events.icmp_sent ?? 0)).toBe(1);
  });

  test('ping is answered by the VIP, large ones too', async () => {
    for (const size of ['56', '4000']) {
      const { stdout } = await rig.lab
        .client()
        .exec('ping', ['-n', '-c', '2', '-i', '0.2', '-W', '3', '-s', size, vip]);
      expect(stdout).toContain('2 packets transmitted, 2 received');
      expect(stdout).toMatch(new RegExp(`bytes from ${vip}: .*ttl=63`));
    }
  });

  test('a server sees its way to a client through the router’s own address', async () => {
    const [server, client] = [rig.lab.server(1), rig.lab.client()];
    const options = ['-n', '-q', '1', '-w', '3', '-N', '1', '-m', '1', '-I'];
    const { stdout } = await server.exec('traceroute', [...options, of(client.address)]);
    expect(stdout).toMatch(new RegExp(`^ *1 +${of('10.0.0.254')} `, 'm'));
  });
});
