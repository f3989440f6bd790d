// SPDX-License-Identifier: MIT
// The machine around the data plane, in a router's namespace: what it says of it, what it changes, what it leaves behind.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/lab/host.ts';
import { Lab } from '../../src/lab/lab.ts';
import type { MachineSnapshot } from '../../src/machine/machine-snapshot.ts';
import type { Config } from '../../src/model/model.ts';
import type { Call } from './machine-probe.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Beside the addon, where it finds it. */
const PROBE = here('../../build/machine-probe.mjs');

let lab: Lab;
let router: Host;

beforeAll(async () => {
  await build({
    entryPoints: [here('machine-probe.ts')],
    outfile: PROBE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    tsconfig: here('../../tsconfig.json'),
    logLevel: 'warning',
  });
});

beforeEach(() => {
  lab = Lab.create({ name: 'machine', servers: 2 });
  router = lab.router;
});

afterEach(() => lab.destroy());

async function call<T>(...calls: Call[]): Promise<T> {
  const { stdout } = await router.exec(process.execPath, [PROBE, JSON.stringify(calls)]);
  return JSON.parse(stdout) as T;
}

async function callOne<T>(...one: Call): Promise<T> {
  return (await call<T[]>(one))[0] as T;
}

const ip = async (line: string, host = router): Promise<string> => (await host.exec('ip', line.split(' '))).stdout;
const snapshot = (): Promise<MachineSnapshot> => callOne<MachineSnapshot>('machineSnapshot');

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
  switches: { conn_reuse_mode: 1, expire_nodest_conn: 0 },
  metrics: { host: '127.0.0.1', port: 9113 },
  ...rest,
});

describe('a device', () => {
  test("is told by netlink: the namespace's own, not those of the /sys it sees", async () => {
    const [pub0, none, all] = await call<[Record<string, unknown>, null, { name: string }[]]>(
      ['readDevice', 'pub0'],
      ['readDevice', 'eth9'],
      ['readDevices'],
    );
    const [link] = JSON.parse(await ip('-j link show dev pub0'));
    expect(pub0).toMatchObject({ name: 'pub0', up: true, ethernet: true, kind: 'veth', driver: 'veth', mtu: 1500 });
    expect(pub0).toMatchObject({ ifindex: link.ifindex, mac: link.address });
    expect(none).toBeNull();
    expect(all.map(({ name }) => name).sort()).toEqual(['lo', 'prv0', 'pub0']);
  });
});

describe('a floating address', () => {
  test('is added once and removed once', async () => {
    const before = await snapshot();
    const done = await call(
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['removeAddress', 'pub0', '192.0.2.10/24'],
      ['removeAddress', 'pub0', '192.0.2.10/24'],
    );
    expect(done).toEqual(['added', 'present', 'removed', 'absent']);
    expect(await snapshot()).toEqual(before);
  });

  test('with another prefix length is another address', async () => {
    await ip('address add 192.0.2.10/32 dev pub0');
    expect(await call(['addAddress', 'pub0', '192.0.2.10/24'], ['removeAddress', 'pub0', '192.0.2.10/24'])).toEqual([
      'added',
      'removed',
    ]);
    expect((await snapshot()).addresses).toContain('pub0 192.0.2.10/32');
  });

  test('does not take others of its network along when it goes', async () => {
    expect(await callOne('addAddress', 'pub0', '203.0.113.1/24')).toBe('added');
    await ip('address add 203.0.113.2/24 dev pub0');
    const before = await snapshot();
    expect(await callOne('removeAddress', 'pub0', '203.0.113.1/24')).toBe('removed');
    const after = await snapshot();
    expect(after.addresses).toEqual(before.addresses.filter((line) => line !== 'pub0 203.0.113.1/24'));
    expect(after.sysctls).toEqual(before.sysctls);
  });

  test('cannot be added to a device that is not there, and need not be removed from it', async () => {
    expect(await call(['addAddress', 'eth9', '192.0.2.10/24'], ['removeAddress', 'eth9', '192.0.2.10/24'])).toEqual([
      { error: 'ip address add 192.0.2.10/24 dev eth9: Cannot find device "eth9"' },
      'absent',
    ]);
  });

  test('that is announced replaces the MAC its neighbours had for it', async () => {
    await ip('neighbour replace 192.0.2.10 lladdr 02:00:00:00:00:99 dev eth0 nud reachable', lab.client());
    const capture = await lab.capture(lab.client(), 'eth0', 'arp');
    const pub0 = await callOne<{ mac: string }>('readDevice', 'pub0');
    await callOne('announceAddress', pub0, '192.0.2.10');
    const mac = pub0.mac;
    await expect.poll(() => ip('neighbour show 192.0.2.10', lab.client())).toContain(`lladdr ${mac} `);
    const heard = await (await capture.stop()).packets();
    expect(heard.join('\n')).toMatch(/Request who-has 192\.0\.2\.10 .*tell 192\.0\.2\.10/);
    expect(heard.join('\n')).toContain(`Reply 192.0.2.10 is-at ${mac}`);
  });
});

describe('a kept neighbour', () => {
  const entry = async (address: string) => JSON.parse(await ip(`-j neighbour show ${address} nud all`))[0];

  test('is resolved without any traffic, and ages like others once it is forgotten', async () => {
    const before = await snapshot();
    expect(await callOne('keepNeighbour', 'prv0', '10.0.0.1')).toBe(true);
    const [server] = JSON.parse(await ip('-j link show dev eth0', lab.server(1)));
    await expect.poll(() => entry('10.0.0.1')).toMatchObject({ managed: null, lladdr: server.address });
    expect((await snapshot()).managedNeighbours).toEqual(['prv0 10.0.0.1']);
    await callOne('forgetNeighbour', 'prv0', '10.0.0.1');
    expect(await entry('10.0.0.1')).toMatchObject({ lladdr: server.address, state: ['STALE'] });
    expect(await snapshot()).toEqual(before);
  });

  test('that nobody answers for is gone once it is forgotten', async () => {
    await call(['keepNeighbour', 'prv0', '10.0.0.77'], ['forgetNeighbour', 'prv0', '10.0.0.77']);
    expect(await entry('10.0.0.77')).toBeUndefined();
  });

  test('that is permanent stays permanent, kept or forgotten', async () => {
    await ip('neighbour add 10.0.0.1 lladdr 02:00:00:00:00:99 dev prv0 nud permanent');
    const kept = await call(['keepNeighbour', 'prv0', '10.0.0.1'], ['forgetNeighbour', 'prv0', '10.0.0.1']);
    expect(kept).toEqual([true, null]);
    expect(await entry('10.0.0.1')).toMatchObject({ lladdr: '02:00:00:00:00:99', state: ['PERMANENT'] });
  });

  test('may be one of hundreds', async () => {
    const neighbours = Array.from({ length: 300 }, (_, i) => ({
      device: 'prv0',
      address: `10.0.0.${1 + (i % 150)}`,
    }));
    const [kept, managed] = await call<[boolean, unknown[]]>(['keepNeighbours', neighbours], ['managedNeighbours']);
    expect(kept).toBe(true);
    expect(managed).toHaveLength(150);
    const [, left] = await call<[null, unknown[]]>(['forgetNeighbours', neighbours], ['managedNeighbours']);
    expect(left).toEqual([]);
  });

  test('of a device that is not there is an error', async () => {
    expect(await callOne('keepNeighbour', 'eth9', '10.0.0.1')).toEqual({
      error: expect.stringMatching(/^ip neighbour replace 10\.0\.0\.1 dev eth9 managed: Cannot find device/),
    });
  });
});

describe('a route', () => {
  test('tells device, gateway and source, and what is local', async () => {
    await ip('route add default via 192.0.2.101');
    expect(await call(['routeTo', '10.0.0.1'], ['routeTo', '8.8.8.8'], ['routeTo', '10.0.0.254'])).toEqual([
      { device: 'prv0', source: '10.0.0.254', local: false },
      { device: 'pub0', gateway: '192.0.2.101', source: '192.0.2.1', local: false },
      { device: 'lo', source: '10.0.0.254', local: true },
    ]);
  });

  test('of many keeps its place beside those that refuse', async () => {
    await ip('route add blackhole 10.9.0.0/16');
    const addresses = Array.from({ length: 400 }, (_, i) =>
      i % 3 === 0 ? `10.9.0.${i % 256}` : `10.0.0.${1 + (i % 200)}`,
    );
    const routes = await callOne<(null | { device: string })[]>('routesTo', addresses);
    expect(routes.map((route) => route?.device ?? 'none')).toEqual(
      addresses.map((address) => (address.startsWith('10.9.') ? 'none' : 'prv0')),
    );
  });

  test('by default names its gateways, and the devices of the lowest metric', async () => {
    await ip('route add default metric 7 nexthop via 192.0.2.101 nexthop via 192.0.2.102');
    await ip('route add default metric 9 via 10.0.0.1');
    expect(await call(['defaultGateways'], ['defaultDevices'])).toEqual([
      [
        { device: 'pub0', address: '192.0.2.101' },
        { device: 'pub0', address: '192.0.2.102' },
        { device: 'prv0', address: '10.0.0.1' },
      ],
      ['pub0'],
    ]);
  });
});

describe('the check of a machine', () => {
  const check = (rest: Partial<Config> = {}) =>
    callOne<{ where: string; what: string; cure: string }[]>('checkMachine', config(rest));

  test('finds nothing on a router that is fit', async () => expect(await check()).toEqual([]));

  test('finds nothing either before the floating address connects the servers', async () => {
    await ip('address del 10.0.0.254/24 dev prv0');
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
    await router.exec('sh', ['-ec', spoil]);
    expect((await check()).map((finding) => finding.cure)).toEqual([cure]);
    await router.exec('sh', ['-ec', cure]);
    expect(await check()).toEqual([]);
  });

  test('finds servers behind a device that is not listed, behind none, and on the router itself', async () => {
    await ip('route add blackhole 10.9.0.0/16');
    await ip('link add oob0 type veth peer name oob1');
    await ip('link set oob0 up');
    await ip('link set oob1 up');
    await ip('route add 10.8.0.0/16 dev oob0');
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
    await ip('tuntap add tun0 mode tun');
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
    const bpffs = lab.mountBpffs();
    const checks = await call(['checkPinsDirectory', bpffs], ['checkPinsDirectory', `${bpffs}/deep/xlvs`]);
    expect(checks).toEqual([null, null]);
  });
});

describe('a process without privileges', () => {
  test('is told so, and changes nothing', async () => {
    const before = await snapshot();
    const calls: Call[] = [
      ['checkPrivileges'],
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['keepNeighbour', 'prv0', '10.0.0.1'],
    ];
    const { stdout } = await router.exec('setpriv', [
      '--inh-caps=-all',
      '--bounding-set=-all',
      process.execPath,
      PROBE,
      JSON.stringify(calls),
    ]);
    const denied = 'Operation not permitted; run it as root or with CAP_NET_ADMIN';
    expect(JSON.parse(stdout)).toEqual([
      { where: 'privileges', what: 'this process lacks CAP_BPF, CAP_NET_ADMIN', cure: 'run it as root (sudo)' },
      { error: `ip address add 192.0.2.10/24 dev pub0: ${denied}` },
      { error: `ip neighbour replace 10.0.0.1 dev prv0 managed: ${denied}` },
    ]);
    expect(await snapshot()).toEqual(before);
  });
});

describe('a watch', () => {
  test.each([
    ['route', 'route add 10.7.0.0/16 via 10.0.0.1'],
    ['neighbour', 'neighbour replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev prv0'],
    ['link', 'link set prv0 mtu 1400'],
    ['address', 'address add 10.7.0.1/32 dev lo'],
  ])('hears of a change: %s', async (kind, change) => {
    const watch = await router.spawn(process.execPath, [PROBE, 'watch']).says('watching');
    await ip(change);
    await watch.says(`${kind}\n`);
    await watch.stop();
  });

  test('hears many changes of one kind as few', async () => {
    const watch = await router.spawn(process.execPath, [PROBE, 'watch']).says('watching');
    const commands = Array.from({ length: 500 }, (_, i) => `route add 10.7.${i >> 8}.${i & 255}/32 dev prv0`);
    await router.exec('ip', ['-batch', '-'], { input: `${commands.join('\n')}\naddress add 10.7.9.9/32 dev lo\n` });
    await watch.says('address\n');
    await watch.stop();
    expect(watch.stdout.split('\n').filter((line) => line === 'route').length).toBeLessThan(250);
  });
});

describe('a snapshot', () => {
  test('shows each thing that could be left behind, and no difference once it is undone', async () => {
    const before = await snapshot();
    await call(
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['keepNeighbour', 'prv0', '10.0.0.1'],
      ['writeSysctl', 'net/ipv4/conf/prv0/accept_local', '1'],
    );
    const during = await snapshot();
    expect(during.addresses).toContain('pub0 192.0.2.10/24');
    expect(during.managedNeighbours).toEqual(['prv0 10.0.0.1']);
    expect(during.sysctls['net.ipv4.conf.prv0.accept_local']).toBe('1');
    expect(during.routes.length).toBeGreaterThan(before.routes.length);
    const undone = await call(
      ['removeAddress', 'pub0', '192.0.2.10/24'],
      ['forgetNeighbour', 'prv0', '10.0.0.1'],
      ['writeSysctl', 'net/ipv4/conf/prv0/accept_local', '0'],
    );
    expect(undone).toEqual(['removed', null, '1']);
    expect(await snapshot()).toEqual(before);
  });
});
