// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { fakeWorld } from './fake-world.ts';
import { sampleRouter } from './sample-router.ts';

const xlvs = (line: string) => fakeWorld({ router: sampleRouter() }).run(line);
const json = async (line: string) => JSON.parse((await xlvs(`${line} --json`)).out);

describe('as text', () => {
  test('status shows interfaces, services with servers, tables and the reasons seen, most frequent first', async () => {
    const { status, out } = await xlvs('status');
    expect(status).toBe(0);
    expect(out).toBe(`Daemon: none (the data plane forwards without it)

Interface  Role     XDP
eth0       public   native
eth1       private  not attached

Service                   Scheduler  Persistence  Weight  Active  Inactive
web: tcp 192.0.2.10:8080  wrr        -
  -> 10.0.0.1:80                                       2       1         0
  -> 10.0.0.2:80                                       0       0         1
shop: mark 80 ipv4        wlc        300s /24
  -> 10.0.0.1                                          1       0         0

Table             Entries  Capacity  Full
connections             3   1000000    0%
ipv6_connections        0     16384    0%
persistence             1    100000    0%

Drops         Packets
  table_full       12
  no_route          3
Passes to the kernel: none
Events                Times
  connection_expired      2
`);
  });

  test('status names a daemon that lives, and not one that is gone', async () => {
    const router = sampleRouter();
    router.heartbeat(42);
    expect((await fakeWorld({ router }).run('status')).out).toMatch(/^Daemon: pid 42\n/);
    router.heartbeat(43);
    expect((await fakeWorld({ router }).run('status')).out).toMatch(/^Daemon: none/);
  });

  test('services sum what their servers have', async () => {
    const [head, web] = (await xlvs('services --service web')).out.split('\n');
    expect(head?.split(/\s+/)).toEqual(
      'Name Service Scheduler Persistence Servers Active Inactive Conns InPkts OutPkts InBytes OutBytes'.split(' '),
    );
    expect(web?.split(/\s+/)).toEqual('web tcp 192.0.2.10:8080 wrr - 2 1 1 5 40 80 4000 40000'.split(' '));
  });

  test('servers stand in one row per service, without a port when they keep the client’s', async () => {
    const rows = (await xlvs('servers')).out.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(/\s+/).slice(0, 6))).toEqual([
      ['web', '10.0.0.1:80', '2', '0', '1', '0'],
      ['web', '10.0.0.2:80', '0', '0', '0', '1'],
      ['shop', '10.0.0.1', '1', '1', '0', '0'],
    ]);
  });

  test('connections stand as ipvsadm lists them', async () => {
    expect((await xlvs('connections')).out).toBe(
      `Pro   Expire  State        Client                 Virtual                Server                 Service
TCP    14:57  ESTABLISHED  198.51.100.7:40000     192.0.2.10:8080        10.0.0.1:80            web
TCP     1:01  FIN_WAIT     198.51.100.8:40001     192.0.2.10:8080        10.0.0.2:80            web
UDP  1:06:40  UDP          198.51.100.9:53        192.0.2.10:53          10.0.0.3:53            -
`,
    );
  });

  test('persistence shows who keeps which server and for how long', async () => {
    const row = (await xlvs('persistence')).out.trimEnd().split('\n')[1];
    expect(row?.split(/\s+/)).toEqual(['198.51.100.0/24', 'shop', '10.0.0.1', '300s', '4:59', '1']);
  });

  test('marks stand in the order in which they are tried', async () => {
    expect((await xlvs('marks')).out).toBe(`Mark  Pro  Address        Ports   Source           Service
  80  TCP  192.0.2.10/32  80,443  any              shop
   7  UDP  192.0.2.0/28   any     198.51.100.0/24  -
`);
  });
});

describe('as JSON', () => {
  test('services carry key, sums and servers, and counters with all their digits', async () => {
    const [web, shop] = await json('services');
    expect(web).toMatchObject({ name: 'web', protocol: 'tcp', address: '192.0.2.10', port: 8080, mark: null });
    expect(web).toMatchObject({ active: 1, inactive: 1, persistence: null, counters: { outgoing_bytes: 40_000 } });
    expect(web.servers).toHaveLength(2);
    expect(shop).toMatchObject({ protocol: null, mark: 80, family: 'ipv4', persistence: { timeout: 300, prefix: 24 } });
    expect((await xlvs('services --json')).out).toContain('"incoming_bytes":9007199254740993,');
  });

  test('one item stands in each line', async () => {
    const lines = (await xlvs('connections --json')).out.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(JSON.parse((lines[1] ?? '').replace(/,$/, ''))).toEqual({
      protocol: 'tcp',
      state: 'ESTABLISHED',
      expires: 897.4,
      client: { address: '198.51.100.7', port: 40000 },
      virtual: { address: '192.0.2.10', port: 8080 },
      server: { address: '10.0.0.1', port: 80 },
      persistent: false,
      service: 'web',
    });
  });

  test('an empty table is an empty array', async () => {
    expect(await json('persistence --service web')).toEqual([]);
  });

  test('servers, persistence and marks name their service', async () => {
    expect(await json('servers')).toMatchObject([
      { service: 'web', upper_threshold: 0, lower_threshold: 0, overloaded: false },
      { service: 'web', upper_threshold: 1, lower_threshold: 1 },
      { service: 'shop' },
    ]);
    expect(await json('persistence')).toMatchObject([{ client: '198.51.100.0/24', service: 'shop', active: 1 }]);
    expect(await json('marks')).toMatchObject([
      { mark: 80, service: 'shop', source: null, ports: [{ first: 80 }, { first: 443 }] },
      { mark: 7, service: null, source: '198.51.100.0/24' },
    ]);
  });

  test('status has everything', async () => {
    expect(await json('status')).toMatchObject({
      pins: '/sys/fs/bpf/xlvs',
      daemon: null,
      interfaces: [
        { device: 'eth0', mode: 'native' },
        { device: 'eth1', mode: null },
      ],
      tables: { connections: { entries: 3, capacity: 1_000_000 } },
      drops: { none: 0, no_route: 3, table_full: 12 },
      ipvs: { conn_reuse_mode: 1 },
    });
  });
});

describe('filtered', () => {
  test.each([
    ['services --server 10.0.0.2', ['web']],
    ['services --server 10.0.0.1', ['web', 'shop']],
    ['services --service shop --server 10.0.0.2', []],
  ])('%s leaves %j', async (line, names) => {
    expect((await json(line)).map((one: { name: string }) => one.name)).toEqual(names);
  });

  test.each([
    ['servers --server 10.0.0.1', 2],
    ['connections --service web --server 10.0.0.2', 1],
    ['marks --service shop', 1],
    ['marks --server 10.0.0.2', 0],
  ])('%s leaves %i', async (line, count) => {
    expect(await json(line)).toHaveLength(count);
  });

  test('a service that is not there is an error that names those that are', async () => {
    const { status, err, out } = await xlvs('connections --service wbe');
    expect([status, out]).toEqual([1, '']);
    expect(err).toBe('xlvs: no service is called "wbe"; there is: web, shop\n');
  });

  test('a server that is no address is wrong usage', async () => {
    const { status, err } = await xlvs('servers --server 10.0.0.1:80');
    expect(status).toBe(2);
    expect(err).toBe('xlvs: --server "10.0.0.1:80" is no address; write it without a port: 10.0.0.1\n');
  });
});

test('a noun without a router says so and fails', async () => {
  const world = fakeWorld();
  expect(await world.run('services')).toEqual({
    status: 1,
    out: '',
    err: 'xlvs: no router at /sys/fs/bpf/xlvs; start one: xlvs up\n',
  });
});

test('the router is closed after use', async () => {
  const router = sampleRouter();
  await fakeWorld({ router }).run('services --service none');
  expect(router.isClosed).toBe(true);
});
