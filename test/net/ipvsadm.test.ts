// SPDX-License-Identifier: MIT
// xlvs ipvsadm on real pins with real clients: what it makes forwards, and its listings show what happened.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecResult } from '../../src/lab/host.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { patience } from '../../src/lab/patience.ts';
import { ipv6Of } from '../../src/lab/topology.ts';
import { startUdpServer } from '../../src/lab/udp-server.ts';
import { flood, hold, tally, visit, visits } from './clients.ts';
import { Rig, type RigConfig, VIP, XLVS } from './rig.ts';

const VIP6 = ipv6Of(VIP);
const config = (weight = 1): RigConfig => ({
  interfaces: [
    { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, `${VIP6}/64`] },
    { device: 'prv0', role: 'private' },
  ],
  marks: [{ mark: 80, protocol: 'tcp', address: VIP, ports: [81, 443] }],
  services: [
    {
      ...{ name: 'file', protocol: 'tcp', address: VIP, port: 8443, scheduler: 'rr' },
      servers: [{ address: '10.0.0.1', weight }],
    },
  ],
});

let rig: Rig;
let link: string;
let daemon: LabProcess;

const run = (args: string[], input = ''): Promise<ExecResult> =>
  rig.lab.router.exec(link, args, { check: false, input, env: { XLVS_PINS: rig.pins } });

/** By the link called ipvsadm: what it printed; throws unless it succeeds in silence. */
async function ipvsadm(line: string, input?: string): Promise<string> {
  const { status, stdout, stderr } = await run(line.split(' '), input);
  if (status !== 0 || stderr !== '') throw new Error(`ipvsadm ${line}: ${status} ${stderr}`);
  return stdout;
}

const client = () => rig.lab.client(1);

beforeAll(async () => {
  rig = await Rig.create({ name: 'ipvsadm', clients: 2, servers: 3, ipv6: true }, config());
  link = join(rig.lab.directory, 'ipvsadm');
  symlinkSync(XLVS, link);
  await Promise.all(
    rig.lab.servers.flatMap((server) => [
      startHttpServer(server, [80, 81, 443, 8080, 8443], '::'),
      startUdpServer(server, 53, '::'),
    ]),
  );
});

afterAll(() => rig.destroy());

test('without a router it says that none runs', async () => {
  const { status, stdout, stderr } = await run(['-Ln']);
  expect([status, stdout]).toEqual([255, '']);
  expect(stderr).toMatch(/^ipvsadm: no xlvs router under \S+; start one with `xlvs up` or `xlvs run`\n$/);
});

describe('with a router', () => {
  beforeAll(async () => {
    daemon = await rig.daemon();
  });

  test('services and servers it adds forward at once, newest server first', async () => {
    await ipvsadm(`-A -t ${VIP}:80 -s rr`);
    for (const n of [1, 2, 3]) await ipvsadm(`-a -t ${VIP}:80 -r 10.0.0.${n} -m`);
    expect(await visits(client(), VIP, 5)).toEqual(['server3', 'server2', 'server1', 'server3', 'server2']);
    await ipvsadm(`-e -t ${VIP}:80 -r 10.0.0.2 -m -w 0`);
    expect(tally(await visits(client(), VIP, 4))).toEqual({ server1: 2, server3: 2 });
  });

  test.each([
    [VIP, VIP],
    [VIP, '10.0.0.254'],
    [`[${VIP6}]`, `[${ipv6Of('10.0.0.254')}]`],
  ])('%s gets no server at the router’s own %s', async (vip, own) => {
    await ipvsadm(`-A -t ${vip}:8090`);
    const { status, stderr } = await run(`-a -t ${vip}:8090 -r ${own}:80 -m`.split(' '));
    expect([status, stderr]).toEqual([255, expect.stringMatching(/^xlvs forwards to other machines only.*\n$/)]);
    await ipvsadm(`-D -t ${vip}:8090`);
  });

  test('the servers it adds are kept as managed neighbours, like the file’s', async () => {
    const neighbours = await rig.onRouter('ip neighbour show dev prv0');
    for (const n of [1, 2, 3]) expect(neighbours).toMatch(new RegExp(`^10\\.0\\.0\\.${n} .*managed`, 'm'));
  });

  test('the listing shows them beside the file’s', async () => {
    expect(await ipvsadm('-Ln')).toBe(
      `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  192.0.2.10:80 rr
  -> 10.0.0.1:80                  Masq    1      0          3         
  -> 10.0.0.2:80                  Masq    0      0          2         
  -> 10.0.0.3:80                  Masq    1      0          4         
TCP  192.0.2.10:8443 rr
  -> 10.0.0.1:8443                Masq    1      0          0         
`,
    );
  });

  test('-Z zeroes what --stats shows, and no counter of the metrics', async () => {
    const connections = async () => (await rig.show('services')).find(({ name }) => name === `tcp-${VIP}-80`)?.counters;
    const before = await connections();
    expect(await ipvsadm(`-Ln --stats -t ${VIP}:80`)).toMatch(/^TCP {2}192\.0\.2\.10:80 +9 +54 +36 /m);
    await ipvsadm(`-Z -t ${VIP}:80`);
    expect(await ipvsadm(`-Ln --stats -t ${VIP}:80`)).toMatch(/^TCP {2}192\.0\.2\.10:80 {15}( {8}0){5}$/m);
    await visit(client(), VIP);
    expect(await ipvsadm(`-Ln --stats -t ${VIP}:80`)).toMatch(/^TCP {2}192\.0\.2\.10:80 +1 +6 +4 /m);
    expect((await connections())?.connections).toBe((before?.connections ?? 0) + 1);
  });

  test('-c lists connections and templates with state, time left and server', async () => {
    await ipvsadm('-A -f 80 -s rr -p 300 -M 255.255.255.0');
    await ipvsadm('-a -f 80 -r 10.0.0.1 -m');
    await ipvsadm(`-A -t [${VIP6}]:80 -s rr`);
    await ipvsadm(`-a -t [${VIP6}]:80 -r [${ipv6Of('10.0.0.2')}]:8080 -m`);
    const held = await hold(client(), VIP, 443, 1);
    await visit(client(), `[${VIP6}]`);
    const lines = (await ipvsadm('-Lnc')).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'IPVS connection entries',
      'pro expire state       source             virtual            destination',
    ]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^TCP 14:5\d {2}ESTABLISHED 192\.0\.2\.101:\d+ +192\.0\.2\.10:443 +10\.0\.0\.1:443$/),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^IP {2}04:5\d {2}ASSURED {5}192\.0\.2\.0:0 +0\.0\.0\.80:0 +10\.0\.0\.1:0$/),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^TCP 01:5\d {2}TIME_WAIT {3}\[[\da-f:]+\]:\d+ \[[\da-f:]+\]:80 \[[\da-f:]+\]:8080$/),
    );
    held.process.kill();
  });

  test('--rate is what the daemon sampled of late, the service’s and the servers’ alike', async () => {
    expect(await ipvsadm(`-Ln --rate -t ${VIP}:8443`)).toMatch(/^TCP {2}192\.0\.2\.10:8443 +0 +0 +0 +0 +0$/m);
    await flood(client(), { address: VIP, port: 8443, count: 60, concurrency: 4 });
    await expect
      .poll(() => ipvsadm(`-Ln --rate -t ${VIP}:8443`), { timeout: patience(10_000), interval: 500 })
      .toMatch(/^TCP {2}192\.0\.2\.10:8443 +(?!0 )(\d+ +\d+ +\d+ +\d+ +\d+)\n {2}-> 10\.0\.0\.1:8443 +\1$/m);
  });

  test('-Z zeroes them, and they begin anew', async () => {
    expect(await ipvsadm('-Ln --rate')).toMatch(/ +[1-9]\d*( +\d+){4}\n/);
    await ipvsadm('-Z');
    expect(await ipvsadm('-Ln --rate')).not.toMatch(/ [1-9]\d*( +\d+){4}\n/);
    const rates = async (): Promise<string> => {
      await flood(client(), { address: VIP, port: 80, count: 50, concurrency: 4 });
      return ipvsadm('-Ln --rate');
    };
    await expect.poll(rates, { timeout: patience(10_000) }).toMatch(/ [1-9]\d*( +\d+){4}\n/);
  });

  test('-S and -R: the same table again, thresholds and comments included, all or nothing', async () => {
    await ipvsadm(`-e -t ${VIP}:80 -r 10.0.0.3 -m -w 3 -x 100 -y 50`);
    const saved = await ipvsadm('-S -n');
    expect(saved).toContain(`-a -t ${VIP}:80 -r 10.0.0.3:80 -m -w 3 -x 100 -y 50\n`);
    const broken = await run(['-R'], `-C\n${saved}-A -t ${VIP}:80\n`);
    expect([broken.status, broken.stdout]).toEqual([255, '']);
    expect(broken.stderr).toMatch(/^line \d+: Service already exists\nnothing was restored/);
    expect(await ipvsadm('-S -n')).toBe(saved);
    expect(await ipvsadm('-R', `# a comment\n-C\n${saved}`)).toBe('');
    expect(await ipvsadm('-S -n')).toBe(saved);
    await visit(client(), VIP);
  });

  test('--set and -L --timeout', async () => {
    await ipvsadm('--set 100 0 30');
    expect(await ipvsadm('-L --timeout')).toBe('Timeout (tcp tcpfin udp): 100 120 30\n');
  });

  test('its edits survive a reload that changes something else', async () => {
    const before = await ipvsadm('-S -n');
    rig.write(config(7));
    await rig.xlvs(['reload']);
    const file = '-a -t 192.0.2.10:8443 -r 10.0.0.1:8443 -m -w';
    expect(await ipvsadm('-S -n')).toBe(before.replace(`${file} 1\n`, `${file} 7\n`));
    expect(await ipvsadm('-L --timeout')).toBe('Timeout (tcp tcpfin udp): 100 120 30\n');
  });

  test('-C and -D leave connections to end, and clients without a service', async () => {
    await ipvsadm('-C');
    expect((await ipvsadm('-Ln')).split('\n')).toHaveLength(4);
    expect(await ipvsadm('-Lnc')).toMatch(
      /^IP {2}0[0-4]:\d\d {2}ASSURED {5}192\.0\.2\.0:0 +0\.0\.0\.80:0 +10\.0\.0\.1:0$/m,
    );
    await expect(visit(client(), VIP)).rejects.toThrow();
  });
});

test('without the daemon --rate shows zeros and says so, and the rest goes on', async () => {
  daemon.kill();
  await ipvsadm(`-A -t ${VIP}:80 -s rr`);
  await expect
    .poll(async () => (await run(['-Ln', '--rate'])).stderr, { timeout: patience(15_000), interval: 1_000 })
    .toBe('ipvsadm: no rates: the daemon keeps them, and none runs; see xlvs run\n');
});
