// SPDX-License-Identifier: MIT
// Every view beside what ipvsadm showed of the same table in kernel IPVS, byte by byte.
import { beforeAll, describe, expect, test } from 'vitest';
import { monotonicMs, type Rates, rateKey, writeRates } from '../../../src/control/rates.ts';
import type { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import { placeOrder, serviceOrder } from '../../../src/ipvsadm/sort.ts';
import { fakeIpvsadm } from './fake-ipvsadm.ts';
import { captured, possible } from './kernel-capture.ts';

let router: MemoryDataPlane;

const ipvsadm = async (line: string): Promise<string> => {
  const { status, out, err } = await fakeIpvsadm(router).run(line);
  expect([status, err]).toEqual([0, '']);
  return out;
};

const idle = (router: MemoryDataPlane) => Object.assign(router.contents, { connections: [], persistence: [] });

beforeAll(async () => {
  router = await captured();
});

describe('as kernel IPVS showed it:', () => {
  test.each([
    ['-Ln --stats', 'listing.stats'],
    ['-Ln --stats --exact', 'listing.stats'],
    ['-Ln --thresholds', 'listing.thresholds'],
    ['-Ln --persistent-conn', 'listing.persistent-conn'],
    ['-Ln --tun-info', 'listing.tun-info'],
  ])('%s', async (line, capture) => {
    expect(await ipvsadm(line)).toBe(possible(capture));
  });

  test.each([
    ['-Lnc', 'connections'],
    ['-Lc', 'connections.names'],
    ['-L -n -c --persistent-conn', 'connections.persistent-conn'],
  ])('%s, in whatever order', async (line, capture) => {
    const sorted = (text: string) => [...text.split('\n').slice(0, 2), ...text.split('\n').slice(2).sort()];
    // a second passed between the captures
    const timeless = (text: string) => text.replace(/ \d\d:\d\d /g, ' MM:SS ');
    expect(sorted(timeless(await ipvsadm(line)))).toEqual(sorted(timeless(possible(capture))));
  });

  test('-Lnc shows the time left', async () => {
    expect((await ipvsadm('-Lnc')).split('\n').sort()).toEqual(possible('connections').split('\n').sort());
  });

  test('the empty table, also without any argument', async () => {
    const { run } = fakeIpvsadm();
    expect((await run('-Ln')).out).toBe(possible('listing').split('\n').slice(0, 3).join('\n').concat('\n'));
    expect((await run('')).out).toBe((await run('-L')).out);
  });

  test('-Ln, -L and -Sn without traffic', async () => {
    const { run, router } = fakeIpvsadm(await captured());
    idle(router);
    expect((await run('-Ln')).out).toBe(possible('listing'));
    expect((await run('-L')).out).toBe(possible('listing.names'));
    const thresholds = '-r 192.168.22.10:8080 -m -w 1';
    expect((await run('-Sn')).out).toBe(possible('save').replace(thresholds, `${thresholds} -x 100 -y 50`));
  });
});

test('--rate with what a daemon keeps, and zeros with a word about it without one', async () => {
  const { run, router } = fakeIpvsadm(await captured());
  const zeros = await run('-Ln --rate');
  expect([zeros.status, zeros.err]).toEqual([0, expect.stringMatching(/^ipvsadm: no rates: .*\n$/)]);
  expect(zeros.out.split('\n')[3]).toBe('TCP  10.0.0.10:80'.padEnd(33) + '        0'.repeat(5));
  writeRates(router, ratesOf(router, possible('listing.rate')), monotonicMs());
  expect(await run('-Ln --rate')).toEqual({ status: 0, out: possible('listing.rate'), err: '' });
});

/** What the capture shows, line by line in the order of its listing. */
function ratesOf(router: MemoryDataPlane, capture: string): Map<string, Rates> {
  const rates = new Map<string, Rates>();
  const counts = capture.split('\n').flatMap((line) => {
    const [, numbers] = /((?: +\d+){5})$/.exec(line) ?? [];
    return numbers === undefined ? [] : [numbers.trim().split(/ +/).map(BigInt)];
  });
  const take = (key: string) => {
    const [connections = 0n, incomingPackets = 0n, outgoingPackets = 0n, incomingBytes = 0n, outgoingBytes = 0n] =
      counts.shift() ?? [];
    rates.set(key, { connections, incomingPackets, outgoingPackets, incomingBytes, outgoingBytes });
  };
  for (const service of [...router.contents.services].sort(serviceOrder)) {
    take(rateKey(service.key));
    for (const server of [...service.servers].sort(placeOrder)) take(rateKey(service.key, server));
  }
  return rates;
}

test('one service has the title alone above it', async () => {
  const [, ...rest] = possible('listing.stats').split('\n');
  const lines = rest.slice(0, 5);
  expect(await ipvsadm('-Ln --stats -t 10.0.0.10:80')).toBe(`${lines.join('\n')}\n`);
});

test('a service to list that is not there is exit status 1', async () => {
  expect(await fakeIpvsadm(router).run('-Ln -t 10.0.0.10:81')).toEqual({
    status: 1,
    out: '',
    err: 'No such service\n',
  });
});

test('--nosort shows the newest server first', async () => {
  const servers = (await ipvsadm('-Ln --nosort -t 10.0.0.10:80')).split('\n').slice(3, 5);
  expect(servers.map((line) => line.slice(5, 25).trim())).toEqual(['192.168.22.10:8080', '192.168.21.10:80']);
});

test('--nosort leaves services in the order of the router, those of marks behind the others', async () => {
  const { run } = fakeIpvsadm();
  for (const service of ['-f 80', '-t 10.0.0.11:80', '-u 10.0.0.10:53', '-f 7']) await run(`-A ${service}`);
  const lines = (await run('-Ln --nosort')).out.trimEnd().split('\n').slice(3);
  expect(lines).toEqual(['TCP  10.0.0.11:80 wlc', 'UDP  10.0.0.10:53 wlc', 'FWM  80 wlc', 'FWM  7 wlc']);
});

test('names longer than the column are cut for IPv4', async () => {
  const { run } = fakeIpvsadm();
  await run('-A -t 192.168.100.100:65535 -s rr');
  await run('-a -t 192.168.100.100:65535 -r 192.168.200.200:65535 -m');
  const lines = (await run('-Ln')).out.split('\n');
  expect(lines[4]).toBe('  -> 192.168.200.200:65535        Masq    1      0          0         ');
});

test('a mark above 2147483647 shows as negative, as ipvsadm prints it, and is saved as it can be read again', async () => {
  const { run } = fakeIpvsadm();
  await run('-A -f 4294967295');
  expect((await run('-Ln')).out).toContain('\nFWM  -1 wlc\n');
  expect((await run('-Sn')).out).toBe('-A -f 4294967295 -s wlc\n');
});

test('templates say whether they are assured', async () => {
  const { run, router } = fakeIpvsadm(await captured());
  router.contents.persistence = router.contents.persistence.map((entry) => ({ ...entry, assured: false }));
  expect((await run('-Lnc')).out).toMatch(/^TCP 09:44 {2}NONE {8}10\.0\.0\.100:0 /m);
});

test('the third flag of sh and mh has no name, and is no part of what is saved', async () => {
  const { run } = fakeIpvsadm();
  await run('-A -t 192.0.2.10:80 -s mh -b flag-3');
  await run('-A -t 192.0.2.10:81 -s sh -b flag-3,flag-2');
  expect((await run('-Ln')).out).toMatch(/:80 mh \(\)\n.*:81 sh \(sh-port\)\n/);
  expect((await run('-Sn')).out).toBe('-A -t 192.0.2.10:80 -s mh\n-A -t 192.0.2.10:81 -s sh -b sh-port\n');
});
