// SPDX-License-Identifier: MIT
// Where pins may live: what is refused with a cure, what is left behind (nothing), and what commands say without a router.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rig, VIP, XLVS } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  const servers = [{ address: '10.0.0.1' }];
  const services = [{ name: 'web', protocol: 'tcp' as const, address: VIP, port: 80, servers }];
  rig = await Rig.create({ name: 'pins', servers: 1 }, { services });
});

afterAll(() => rig.destroy());

describe('pins', () => {
  test('outside a BPF file system are refused', async () => {
    const { status, stderr } = await rig.lab.router.exec(
      XLVS,
      ['up', '--config', rig.configFile, '--pins', rig.lab.directory],
      { check: false },
    );
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^xlvs: \S+: is not on a BPF file system; .*\n$/)]);
  });

  test('below a directory that does not exist are refused: nobody would remove it again', async () => {
    const args = ['up', '--config', rig.configFile, '--pins', join(rig.pins, 'a', 'b')];
    const { status, stderr } = await rig.lab.router.exec(XLVS, args, { check: false });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/; mkdir -p \S+\/a\n$/)]);
    expect(existsSync(rig.pins)).toBe(false);
  });

  test('at the root of a mount of their own come and go, and the mount stays', async () => {
    const place = dirname(rig.pins);
    const own = ['--pins', place];
    await rig.lab.router.exec(XLVS, ['up', '--config', rig.configFile, ...own]);
    const { stdout } = await rig.lab.router.exec(XLVS, ['down', ...own]);
    expect(stdout).toContain(`removed pins under ${place}`);
    // the kernel's own two
    expect(readdirSync(place).filter((name) => !name.endsWith('.debug'))).toEqual([]);
  });

  test.each([
    'status',
    'services',
    'servers',
    'connections',
    'persistence',
    'marks',
    'drain web 10.0.0.1',
    'diff FILE',
    'reload',
  ])('with no router are told by %s, and how to start one', async (command) => {
    const { status, stderr } = await rig.tryXlvs(command.replace('FILE', rig.configFile).split(' '));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^xlvs: no .*; start one.*\n$/)]);
  });
});
