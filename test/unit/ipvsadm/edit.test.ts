// SPDX-License-Identifier: MIT
// What commands do to the table, beyond the captured session: names, defaults, families, refusals of xlvs's own.
import { describe, expect, test } from 'vitest';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import { sampleRouter } from '../cli/sample-router.ts';
import { fakeIpvsadm, ROUTER, withoutRouter } from './fake-ipvsadm.ts';

const VIP = '192.0.2.10';
type Run = ReturnType<typeof fakeIpvsadm>['run'];

/** Runs the lines and returns the first service. */
async function serviceAfter(...lines: string[]) {
  const { run, router } = fakeIpvsadm();
  for (const line of lines) expect({ line, ...(await run(line)) }).toEqual({ line, status: 0, out: '', err: '' });
  return router.contents.services[0];
}

describe('a service', () => {
  test.each([
    [`-A -t ${VIP}:80`, `tcp-${VIP}-80`],
    [`-A -u ${VIP}:domain`, `udp-${VIP}-53`],
    ['-A -t [2001:db8::1]:80', 'tcp-2001_db8__1-80'],
    ['-A -f 80', 'mark-80'],
    ['-A -f 80 -6', 'mark-80-ipv6'],
  ])('of %s is named %s', async (line, name) => {
    expect((await serviceAfter(line))?.name).toBe(name);
  });

  test.each([
    ['edited', (run: Run) => run(`-E -t ${VIP}:80 -s rr`)],
    ['restored after a flush', (run: Run) => run('-R', `-C\n-A -t ${VIP}:80 -s rr\n`)],
  ])('%s keeps its name and what ipvsadm has no word for', async (_, edit) => {
    const key = { kind: 'address', protocol: 'tcp', address: VIP, port: 80 } as const;
    const service = { name: 'web', key, scheduler: 'wlc', snat: true, servers: [] } as const;
    const { run, router } = fakeIpvsadm(new MemoryDataPlane({ services: [service] }));
    expect(await edit(run)).toMatchObject({ status: 0, err: '' });
    expect(router.contents.services).toMatchObject([{ ...service, scheduler: 'rr' }]);
  });

  test('with snat is not made a one-packet service, which keeps no connection', async () => {
    const key = { kind: 'address', protocol: 'udp', address: VIP, port: 53 } as const;
    const service = { name: 'dns', key, scheduler: 'wlc', snat: true, servers: [] } as const;
    const { run, router } = fakeIpvsadm(new MemoryDataPlane({ services: [service] }));
    const { status, err } = await run(`-E -u ${VIP}:53 -o`);
    expect([status, err.split('\n').length]).toEqual([255, 2]);
    expect(err).toMatch(/one-packet service with snat \(-o\): service dns/);
    expect(router.contents.services).toEqual([service]);
  });

  test('is named otherwise when its name is taken', async () => {
    const { services } = sampleRouter().contents;
    const other = { ...(services[0] as (typeof services)[0]), name: 'mark-7' };
    const { run, router } = fakeIpvsadm(new MemoryDataPlane({ services: [other] }));
    await run('-A -f 7');
    expect(router.contents.services.map(({ name }) => name)).toEqual(['mark-7', 'mark-7-2']);
  });

  test('has a mask as a prefix, flags by their names or numbers, and one packet', async () => {
    expect(await serviceAfter('-A -f 80 -p 60 -M 255.255.255.0')).toMatchObject({
      persistence: { timeout: 60, prefix: 24 },
    });
    expect(await serviceAfter('-A -f 7 -6 -p -M 64')).toMatchObject({ persistence: { timeout: 360, prefix: 64 } });
    expect((await serviceAfter(`-A -t ${VIP}:80 -s sh -b flag-2,sh-fallback`))?.flags).toEqual([
      'sh-port',
      'sh-fallback',
    ]);
    expect((await serviceAfter(`-A -t ${VIP}:80 -s mh -b mh-port`))?.flags).toEqual(['mh-port']);
    expect((await serviceAfter(`-A -t ${VIP}:80 -s mh -b flag-3,flag-1`))?.flags).toEqual(['mh-fallback', 'flag-3']);
    expect((await serviceAfter(`-A -t ${VIP}:80 -s fo -b flag-2,flag-1`))?.flags).toEqual(['flag-1', 'flag-2']);
    expect((await serviceAfter(`-A -u ${VIP}:53 -o`))?.onePacket).toBe(true);
  });

  test.each([[['--sched-flags=']], [['-b', '']]])('has no flags by %j', async (none) => {
    const { call, run, router } = fakeIpvsadm();
    await run(`-A -t ${VIP}:80 -s sh -b sh-port`);
    expect(await call([...`-E -t ${VIP}:80 -s sh`.split(' '), ...none])).toEqual({ status: 0, out: '', err: '' });
    expect(router.contents.services[0]).not.toHaveProperty('flags');
  });

  test('has no persistence engine where its name is empty', async () => {
    const { call, router } = fakeIpvsadm();
    const words = `-A -u ${VIP}:5060 -p 60 --pe`.split(' ');
    expect(await call([...words, ''])).toEqual({ status: 0, out: '', err: '' });
    expect(router.contents.services).toHaveLength(1);
  });

  test('that is edited keeps its name and servers, and loses what is not said again', async () => {
    const { run, router } = fakeIpvsadm(sampleRouter());
    const before = router.contents.services.find(({ name }) => name === 'shop');
    await run('-E -f 80 -s rr');
    const shop = router.contents.services.find(({ name }) => name === 'shop');
    expect(shop).toEqual({ name: 'shop', key: before?.key, scheduler: 'rr', servers: before?.servers });
  });
});

describe('a server', () => {
  test.each([
    [`-t ${VIP}:80`, '-r 10.0.0.1', 80],
    [`-t ${VIP}:80`, '-r 10.0.0.1:8080', 8080],
    [`-t ${VIP}:80`, '-r web1:webcache', 8080],
    ['-f 80', '-r 10.0.0.1', 0],
    ['-f 80', '-r 10.0.0.1:80', 80],
  ])('of %s given as %s has port %i', async (service, server, port) => {
    expect((await serviceAfter(`-A ${service}`, `-a ${service} ${server} -m`))?.servers).toEqual([
      { address: '10.0.0.1', port, weight: 1 },
    ]);
  });

  test('named before its service keeps the port a client used, as with ipvsadm', async () => {
    expect((await serviceAfter(`-A -t ${VIP}:80`, `-a -r 10.0.0.1 -t ${VIP}:80 -m`))?.servers[0]?.port).toBe(0);
  });

  test('named before its service has no port by name, whose protocol is not known yet, as with ipvsadm', async () => {
    const { run } = fakeIpvsadm(sampleRouter());
    const illegal = { status: 2, out: '', err: 'illegal real server address[:port] specified\n' };
    for (const service of ['-t 192.0.2.10:8080', '-f 80'])
      for (const command of ['-a -m', '--delete-server'])
        expect(await run(`${command} -r web1:http ${service}`)).toEqual(illegal);
    expect(await run('--delete-server -t 192.0.2.10:8080 -r web1:http')).toMatchObject({ status: 0, err: '' });
  });

  test('that is edited has what is said now, in its place', async () => {
    const service = await serviceAfter(
      `-A -t ${VIP}:80`,
      ...[1, 2].map((n) => `-a -t ${VIP}:80 -r 10.0.0.${n} -m -w 5 -x 10 -y 5`),
      `-e -t ${VIP}:80 -r 10.0.0.1 -m -x 7`,
    );
    expect(service?.servers).toEqual([
      { address: '10.0.0.1', port: 80, weight: 1, upperThreshold: 7 },
      { address: '10.0.0.2', port: 80, weight: 5, upperThreshold: 10, lowerThreshold: 5 },
    ]);
  });

  test('goes, alone or with its service or with all', async () => {
    const start = [`-A -t ${VIP}:80`, `-a -t ${VIP}:80 -r 10.0.0.1 -m`];
    expect((await serviceAfter(...start, `-d -t ${VIP}:80 -r 10.0.0.1`))?.servers).toEqual([]);
    expect(await serviceAfter(...start, `-D -t ${VIP}:80`)).toBeUndefined();
    expect(await serviceAfter(...start, '-C')).toBeUndefined();
  });
});

describe('what xlvs does not do is one line, and changes nothing:', () => {
  test.each([
    ['-a -t 192.0.2.10:8080 -r 10.0.0.9', /-g, which is ipvsadm's default.* add -m/],
    ['-a -t 192.0.2.10:8080 -r 10.0.0.9 -g', /no direct routing/],
    ['-e -t 192.0.2.10:8080 -r 10.0.0.1:80', /no direct routing/],
    ['-a -t 192.0.2.10:8080 -r 10.0.0.9 -i', /no tunnels \(-i\)/],
    ['-a -t 192.0.2.10:8080 -r 127.0.0.1 -m', /other machines only/],
    [`-a -t 192.0.2.10:8080 -r ${ROUTER} -m`, /this address is the router's/],
    ['-a -t 192.0.2.10:8080 -r 192.0.2.10:80 -m', /this address is the router's/],
    ['-A -t 192.0.2.10:1 -p -M 0.0.0.0', /one of them at least/],
    ['-A -t [FE80::10]:80', /no services of IPv6 link-local addresses \(fe80::10\)/],
    ['-A -u 192.0.2.10:5060 --pe sip', /no persistence engines/],
    ['-A -t 192.0.2.10:1 -p -M 255.0.255.0', /netmask but ones in front/],
    ['--start-daemon backup', /no sync daemon/],
  ])('%s', async (line, message) => {
    const { run, router } = fakeIpvsadm(sampleRouter());
    const before = structuredClone(router.state());
    const { status, out, err } = await run(line);
    expect([status, out]).toEqual([255, '']);
    expect(err).toMatch(message);
    expect(err.split('\n')).toHaveLength(2);
    expect(router.state()).toEqual(before);
  });
});

test('an address no server can have is what the kernel calls invalid', async () => {
  const { run } = fakeIpvsadm(sampleRouter());
  for (const address of ['224.0.0.1', '255.255.255.255', '0.0.0.0'])
    expect((await run(`-a -t 192.0.2.10:8080 -r ${address} -m`)).err).toMatch(/^Invalid operation\. .* not unicast/);
  await run('-A -t [2001:db8::10]:80');
  for (const address of ['ff02::1', '[fe80::1]:80', '::ffff:10.0.0.1'])
    expect(await run(`-a -t [2001:db8::10]:80 -r ${address} -m`)).toEqual({
      status: 255,
      out: '',
      err: 'Invalid operation.  Possibly wrong module version, address not unicast, ...\n',
    });
});

test('the machine is told of servers whose address is new, and of no other edit', async () => {
  const { run, held } = fakeIpvsadm(sampleRouter());
  await run('-a -t 192.0.2.10:8080 -r 10.0.0.9:80 -m');
  expect(held).toHaveLength(1);
  for (const line of ['-a -t 192.0.2.10:8080 -r 10.0.0.9:81 -m', '-Z', '-C', '-A -f 7']) await run(line);
  expect(held).toHaveLength(1);
});

describe('--set', () => {
  test('changes the timeouts, and leaves those that are 0', async () => {
    const { run, router } = fakeIpvsadm();
    await run('--set 100 0 30');
    expect(router.contents.timeouts).toEqual({ tcp: 100, tcpfin: 120, udp: 30 });
  });
});

describe('-Z', () => {
  /** the first counter of each line, services and servers */
  const conns = (text: string) =>
    text.split('\n').flatMap((line) => /^.{33,}? +(\d+)(?: +\d+){4}$/.exec(line)?.[1] ?? []);

  test('zeroes what is shown of one service or of all, and nothing of what is counted', async () => {
    const { run, router } = fakeIpvsadm(sampleRouter());
    const { totals } = router.statistics();
    expect(conns((await run('-Ln --stats --exact')).out)).toEqual(['5', '5', '0', '1', '1']);
    await run('-Z -f 80');
    expect(conns((await run('-Ln --stats')).out)).toEqual(['5', '5', '0', '0', '0']);
    await run('-Z');
    expect(conns((await run('-Ln --stats')).out)).toEqual(['0', '0', '0', '0', '0']);
    expect(router.statistics().totals).toEqual(totals);
    const web = router.contents.counters['web 10.0.0.1:80'];
    if (web) router.contents.counters['web 10.0.0.1:80'] = { ...web, connections: web.connections + 3n };
    expect(conns((await run('-Ln --stats')).out)).toEqual(['3', '3', '0', '0', '0']);
  });

  test('is forgotten for a counter that has begun anew', async () => {
    const { run, router } = fakeIpvsadm(sampleRouter());
    await run('-Z');
    const one = { connections: 1n, incomingPackets: 0n, incomingBytes: 0n, outgoingPackets: 0n, outgoingBytes: 0n };
    router.contents.counters = { 'web 10.0.0.1:80': one };
    expect(conns((await run('-Ln --stats')).out)).toEqual(['1', '1', '0', '0', '0']);
  });

  test('is what a service that is added again begins with', async () => {
    const { run, router } = fakeIpvsadm();
    const lines = '-A -t 192.0.2.10:80\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m\n';
    const counted = { connections: 5n, incomingPackets: 9n, incomingBytes: 9n, outgoingPackets: 9n, outgoingBytes: 9n };
    router.contents.counters[`tcp-${VIP}-80 10.0.0.1:80`] = counted;
    await run('-R', lines);
    expect(conns((await run('-Ln --stats')).out)).toEqual(['0', '5']);
    router.contents.counters[`tcp-${VIP}-80 10.0.0.1:80`] = { ...counted, connections: 7n };
    expect(conns((await run('-Ln --stats')).out)).toEqual(['2', '7']);
    await run('-R', `-C\n${lines}`);
    expect(conns((await run('-Ln --stats')).out)).toEqual(['0', '7']);
  });
});

describe('without a router', () => {
  test.each(['-Ln', '-S', '-C', '-Z', '', `-A -t ${VIP}:80`])('%s says so', async (line) => {
    const { status, out, err } = await withoutRouter(line);
    expect([status, out]).toEqual([255, '']);
    expect(err).toBe('ipvsadm: no xlvs router under /pins; start one with `xlvs up` or `xlvs run`');
  });

  test('wrong arguments, help and version are as with one', async () => {
    expect(await withoutRouter('-A -t 80')).toMatchObject({ status: 2 });
    expect(await withoutRouter('-h')).toMatchObject({ status: 0, err: '' });
    expect((await withoutRouter('--version')).out).toBe('ipvsadm v1.31 2019/12/24 (xlvs 1.2.3 and IPVS v1.2.1)');
  });
});
