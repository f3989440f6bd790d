// SPDX-License-Identifier: MIT
// What cannot work is refused in one line that says what, where and the cure, and leaves the machine as it was.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecResult } from '../../src/lab/host.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { visit } from './clients.ts';
import { configText, Rig, type RigConfig, VIP, XLVS } from './rig.ts';

type Service = NonNullable<RigConfig['services']>[number];
type Interface = NonNullable<RigConfig['interfaces']>[number];

const web: Service = { name: 'web', protocol: 'tcp', address: VIP, port: 80, servers: [{ address: '10.0.0.1' }] };
const good: RigConfig = { services: [web] };
const pub0: Interface = { device: 'pub0', role: 'public', addresses: [`${VIP}/24`] };
const prv0: Interface = { device: 'prv0', role: 'private' };

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'badinput', servers: 2 }, good);
  await startHttpServer(rig.lab.server(1));
});

afterAll(() => rig.destroy());

const sh = (script: string) => rig.lab.router.exec('sh', ['-ec', script]);
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Neither `up` nor the daemon does anything but say one line and exit. */
async function expectRefused(status: number, message: RegExp): Promise<void> {
  const before = await rig.snapshot();
  for (const command of ['up', 'run']) {
    const result = await rig.tryXlvs([command, '--config', rig.configFile]);
    expect([command, result.status, lines(result.stderr).length, result.stderr]).toEqual([
      command,
      status,
      1,
      expect.stringMatching(message),
    ]);
    expect(await rig.snapshot()).toEqual(before);
    expect(existsSync(rig.pins)).toBe(false);
  }
}

describe('a config', () => {
  const at = String.raw`^\S+/xlvs\.yaml:\d+:\d+: `;

  test.each<[string, RigConfig, RegExp]>([
    [
      'with two services on one address and port',
      { services: [web, { ...web, name: 'twice' }] },
      /second service for tcp 192\.0\.2\.10:80/,
    ],
    ['with a server that is its own VIP', { services: [{ ...web, servers: [{ address: VIP }] }] }, /192\.0\.2\.10/],
    ['with a scheduler there is none of', { services: [{ ...web, scheduler: 'wlcc' } as never] }, /"?wlcc"?.*wlc/],
    ['with an unknown key', { services: [{ ...web, sheduler: 'rr' } as never] }, /sheduler.*scheduler/],
    ['with port 0 but no persistence', { services: [{ ...web, port: 0 }] }, /persistence/],
  ])('%s is wrong usage, told by file, line and column', async (_, config, message) => {
    rig.write(config);
    await expectRefused(2, new RegExp(`${at}.*${message.source}`));
    const check = await rig.tryXlvs(['check', rig.configFile]);
    expect([check.status, check.stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test('with several errors has all of them told', async () => {
    rig.write(configText(good).replace('role: private', 'role: privat').replace('port: 80', 'port: 80000'));
    const { status, stderr } = await rig.tryXlvs(['up', '--config', rig.configFile]);
    expect([status, lines(stderr).length]).toEqual([2, 2]);
    expect(stderr).toMatch(/privat\b/);
    expect(stderr).toMatch(/80000/);
  });

  test('that is right passes the check, which changes nothing', async () => {
    rig.write(good);
    const before = await rig.snapshot();
    const { stdout } = await rig.xlvs(['check', rig.configFile]);
    expect(stdout).toMatch(/web/);
    expect([await rig.snapshot(), existsSync(rig.pins)]).toEqual([before, false]);
  });

  test('that is not there is wrong usage', async () => {
    const { status, stderr } = await rig.tryXlvs(['up', '--config', '/nonexistent.yaml']);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^xlvs: cannot read \/nonexistent\.yaml: .*; .*\n$/)]);
  });
});

describe('a machine', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'with ip_forward off',
      'sysctl -qw net.ipv4.ip_forward=0',
      'sysctl -qw net.ipv4.ip_forward=1',
      /net\.ipv4\.ip_forward: .*; sysctl -w net\.ipv4\.ip_forward=1/,
    ],
    [
      'with strict rp_filter beside the default route',
      'ip route add default via 10.0.0.2; sysctl -qw net.ipv4.conf.all.rp_filter=1',
      'ip route del default; sysctl -qw net.ipv4.conf.all.rp_filter=0',
      /rp_filter: .*prv0.*; sysctl -w net\.ipv4\.conf\.pub0\.rp_filter=2/,
    ],
    [
      'with a device down',
      'ip link set prv0 down',
      'ip link set prv0 up',
      /prv0: the device is down; ip link set prv0 up/,
    ],
    [
      'with the VIP on another device',
      `ip address add ${VIP}/32 dev prv0`,
      `ip address del ${VIP}/32 dev prv0`,
      /pub0: its address 192\.0\.2\.10 is already on prv0; ip address del/,
    ],
    [
      'without a route to a server',
      'ip address del 10.0.0.254/24 dev prv0',
      'ip address add 10.0.0.254/24 dev prv0',
      /service web: there is no route to server 10\.0\.0\.1; /,
    ],
  ])('%s is refused until it is cured', async (_, spoil, cure, message) => {
    rig.write(good);
    await sh(spoil);
    await expectRefused(1, message).finally(() => sh(cure));
    await rig.up();
    await rig.xlvs(['down']);
  });

  test('without the device is refused, and told which devices there are', async () => {
    rig.write({ ...good, interfaces: [pub0, { ...prv0, device: 'eth9' }] });
    await expectRefused(1, /^xlvs: eth9: there is no such device; .*pub0/);
  });

  test('with several faults has all of them told, indented below one line', async () => {
    rig.write({ ...good, interfaces: [pub0, { ...prv0, device: 'eth9' }] });
    await sh('sysctl -qw net.ipv4.ip_forward=0');
    const { status, stderr } = await rig.tryXlvs(['up', '--config', rig.configFile]);
    await sh('sysctl -qw net.ipv4.ip_forward=1');
    expect([status, lines(stderr).map((line) => line.startsWith('  '))]).toEqual([1, [false, true, true]]);
  });
});

describe('an XDP program of somebody else', () => {
  test('is left where it is, and named with the cure', async () => {
    const [source, object] = [join(rig.lab.directory, 'stranger.c'), join(rig.lab.directory, 'stranger.o')];
    writeFileSync(source, '__attribute__((section("xdp"), used)) int stranger(void *ctx) { return 2; }\n');
    execFileSync('clang', ['-target', 'bpf', '-O2', '-g', '-c', source, '-o', object]);
    rig.write(good);
    for (const mode of ['xdp', 'xdpgeneric']) {
      // iproute2 makes directories on the bpffs it sees
      await sh(`unshare -m sh -ec 'mount -t bpf bpf /sys/fs/bpf; ip link set dev prv0 ${mode} obj ${object} sec xdp'`);
      await expectRefused(1, /prv0.*XDP program \d+.*\(stranger\).*; .*ip link set dev prv0 xdp\w* off/);
      const { stderr } = await rig.tryXlvs(['up', '--config', rig.configFile]);
      await sh(/`(ip link set [^`]+)`/.exec(stderr)?.[1] ?? 'false');
      await rig.up();
      await rig.xlvs(['down']);
    }
  });

  test('that a BPF link holds, such as another router’s, is left where it is, too', async () => {
    rig.write(good);
    await rig.up();
    const before = await rig.snapshot();
    const args = ['up', '--config', rig.configFile, '--pins', `${rig.pins}-2`];
    const { status, stderr } = await rig.lab.router.exec(XLVS, args, { check: false });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^xlvs: device pub0 .*XDP program \d+ .*\(xlvs\); .*`bpftool link detach id ID`\n$/),
    ]);
    expect([await rig.snapshot(), existsSync(`${rig.pins}-2`)]).toEqual([before, false]);
    await rig.xlvs(['down']);
  });
});

describe('a daemon', () => {
  test('is refused beside another on the same pins, which goes on', async () => {
    rig.write(good);
    const daemon = await rig.daemon();
    const before = await rig.snapshot();
    const { status, stderr } = await rig.tryXlvs(['run', '--config', rig.configFile]);
    expect([status, lines(stderr)]).toEqual([
      1,
      [
        expect.stringMatching(
          new RegExp(`^xlvs: another daemon \\(pid ${daemon.pid}\\) holds ${rig.pins}; .*xlvs down`),
        ),
      ],
    ]);
    expect(await rig.snapshot()).toEqual(before);
    expect(await visit(rig.lab.client(), VIP)).toMatchObject({ server: 'server1' });
    await rig.xlvs(['down']);
  });

  test('whose metrics port is taken is refused, and has changed nothing', async () => {
    rig.write(good);
    const before = await rig.snapshot();
    const squatter = await startHttpServer(rig.lab.router, [9113]);
    const { status, stderr } = await rig.tryXlvs(['run', '--config', rig.configFile]);
    await squatter.stop();
    expect([status, lines(stderr)]).toEqual([1, [expect.stringMatching(/^xlvs: .*127\.0\.0\.1:9113.*; .*metrics/)]]);
    expect([await rig.snapshot(), existsSync(rig.pins)]).toEqual([before, false]);
  });
});

describe('a process without privileges', () => {
  test('is told what it lacks, and has changed nothing', async () => {
    rig.write(good);
    const before = await rig.snapshot();
    const drop = ['--inh-caps=-all', '--bounding-set=-all,+dac_read_search', XLVS];
    for (const command of ['up', 'run']) {
      const args = [...drop, command, '--config', rig.configFile, '--pins', rig.pins];
      const { status, stderr }: ExecResult = await rig.lab.router.exec('setpriv', args, { check: false });
      expect([status, lines(stderr)]).toEqual([
        1,
        [expect.stringMatching(/^xlvs: privileges: .*CAP_NET_ADMIN.*; .*root/)],
      ]);
      expect([await rig.snapshot(), existsSync(rig.pins)]).toEqual([before, false]);
    }
  });
});

describe('wrong usage', () => {
  test.each([['nosuch'], ['status extra'], ['drain web'], ['status --nosuch'], ['run --log-level loud']])(
    'xlvs %s exits with 2 and one line',
    async (args) => {
      const { status, stderr } = await rig.tryXlvs(args.split(' '));
      expect([status, lines(stderr).length]).toEqual([2, 1]);
    },
  );
});
