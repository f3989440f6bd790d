// SPDX-License-Identifier: MIT
// What the check of a machine finds on a router, fit or spoiled, and whether the cures that it names are cures.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Config, DEFAULT_SWITCHES, NO_LIMITS } from '../../src/model/model.ts';
import { MachineLab } from './machine-lab.ts';

let machine: MachineLab;

beforeEach(() => {
  machine = MachineLab.create('machinecheck');
});

afterEach(() => machine.destroy());

/** What the lab's router is fit for: clients at pub0, servers at prv0, a virtual address to come. */
const config = (rest: Partial<Config> = {}): Config => ({
  interfaces: [
    { device: 'pub0', role: 'public', mode: 'auto', addresses: ['192.0.2.10/24'] },
    { device: 'prv0', role: 'private', mode: 'auto', addresses: ['10.0.0.254/24'] },
  ],
  marks: [],
  services: [
    {
      name: 'web',
      key: { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
      scheduler: 'wlc',
      servers: [{ address: '10.0.0.1', port: 80, weight: 1 }],
    },
  ],
  timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
  tables: { connections: 1000, persistence: 1000, fragments: 1000 },
  switches: DEFAULT_SWITCHES,
  limits: NO_LIMITS,
  metrics: { host: '127.0.0.1', port: 9113 },
  ...rest,
});

describe('the check of a machine', () => {
  const check = (rest: Partial<Config> = {}) =>
    machine.callOne<{ where: string; what: string; cure: string }[]>('checkMachine', config(rest));

  test('finds nothing on a router that is fit', async () => expect(await check()).toEqual([]));

  test('finds nothing either before the floating address connects the servers', async () => {
    await machine.ip('address del 10.0.0.254/24 dev prv0');
    expect(await check()).toEqual([]);
  });

  test.each([
    ['ip_forward off', 'sysctl -w net.ipv4.ip_forward=0', 'sysctl -w net.ipv4.ip_forward=1'],
    [
      'forwarding off on one device',
      'sysctl -w net.ipv4.conf.prv0.forwarding=0',
      'sysctl -w net.ipv4.conf.prv0.forwarding=1',
    ],
    ['a device that is down', 'ip link set prv0 down', 'ip link set prv0 up'],
    [
      'strict rp_filter beside the default route',
      'ip route add default via 10.0.0.1; sysctl -w net.ipv4.conf.all.rp_filter=1',
      'sysctl -w net.ipv4.conf.pub0.rp_filter=2',
    ],
    ['a floating address elsewhere', 'ip address add 192.0.2.10/32 dev prv0', 'ip address del 192.0.2.10/32 dev prv0'],
  ])('finds %s, and the cure it names is one', async (_, spoil, cure) => {
    await machine.router.exec('sh', ['-ec', spoil]);
    expect((await check()).map((finding) => finding.cure)).toEqual([cure]);
    await machine.router.exec('sh', ['-ec', cure]);
    expect(await check()).toEqual([]);
  });

  test('finds servers behind a device that is not listed, behind none, and on the router itself', async () => {
    await machine.ip('route add blackhole 10.9.0.0/16');
    await machine.ip('link add oob0 type veth peer name oob1');
    await machine.ip('link set oob0 up');
    await machine.ip('link set oob1 up');
    await machine.ip('route add 10.8.0.0/16 dev oob0');
    const servers = ['10.8.0.9', '10.9.0.9', '192.0.2.1', '10.0.0.2'].map((address) => ({
      address,
      port: 80,
      weight: 1,
    }));
    const [web] = config().services;
    const findings = await check({ services: web ? [{ ...web, servers }] : [] });
    expect(findings.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      'service web: server 10.8.0.9 is routed through oob0, which is not an xlvs interface',
      'service web: there is no route to server 10.9.0.9',
      'service web: server 192.0.2.1 is an address of this machine, which cannot be its own server',
    ]);
  });

  test('refuses a device without Ethernet frames, and names those there are for one that is missing', async () => {
    await machine.ip('tuntap add tun0 mode tun');
    const interfaces = ['tun0', 'eth9'].map(
      (device) => ({ device, role: 'public', mode: 'auto', addresses: [] }) as const,
    );
    expect((await check({ interfaces, services: [] })).map(({ where, cure }) => `${where}: ${cure}`)).toEqual([
      'tun0: use an Ethernet device',
      expect.stringMatching(/^eth9: .*pub0/),
    ]);
  });
});

describe('a pins directory', () => {
  test('is fine on a bpffs, whether it exists or not', async () => {
    const bpffs = machine.lab.mountBpffs();
    const checks = await machine.call(['checkPinsDirectory', bpffs], ['checkPinsDirectory', `${bpffs}/xlvs`]);
    expect(checks).toEqual([null, null]);
  });
});
