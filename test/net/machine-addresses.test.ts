// SPDX-License-Identifier: MIT
// Floating addresses as src/machine adds, removes and announces them on a router's device.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MachineLab } from './machine-lab.ts';

let machine: MachineLab;

beforeEach(() => {
  machine = MachineLab.create('machineaddresses');
});

afterEach(() => machine.destroy());

describe('a floating address', () => {
  test('is added once and removed once', async () => {
    const before = await machine.snapshot();
    const done = await machine.call(
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['removeAddress', 'pub0', '192.0.2.10/24'],
      ['removeAddress', 'pub0', '192.0.2.10/24'],
    );
    expect(done).toEqual(['added', 'present', 'removed', 'absent']);
    expect(await machine.snapshot()).toEqual(before);
  });

  test('with another prefix length is another address', async () => {
    await machine.ip('address add 192.0.2.10/32 dev pub0');
    expect(
      await machine.call(['addAddress', 'pub0', '192.0.2.10/24'], ['removeAddress', 'pub0', '192.0.2.10/24']),
    ).toEqual(['added', 'removed']);
    expect((await machine.snapshot()).addresses).toContain('pub0 192.0.2.10/32');
  });

  test('does not take others of its network along when it goes', async () => {
    expect(await machine.callOne('addAddress', 'pub0', '203.0.113.1/24')).toBe('added');
    await machine.ip('address add 203.0.113.2/24 dev pub0');
    const before = await machine.snapshot();
    expect(await machine.callOne('removeAddress', 'pub0', '203.0.113.1/24')).toBe('removed');
    const after = await machine.snapshot();
    expect(after.addresses).toEqual(before.addresses.filter((line) => line !== 'pub0 203.0.113.1/24'));
    expect(after.sysctls).toEqual(before.sysctls);
  });

  test('cannot be added to a device that is not there, and need not be removed from it', async () => {
    expect(
      await machine.call(['addAddress', 'eth9', '192.0.2.10/24'], ['removeAddress', 'eth9', '192.0.2.10/24']),
    ).toEqual([{ error: 'ip address add 192.0.2.10/24 dev eth9: Cannot find device "eth9"' }, 'absent']);
  });

  test('that is announced replaces the MAC its neighbours had for it', async () => {
    await machine.ip(
      'neighbour replace 192.0.2.10 lladdr 02:00:00:00:00:99 dev eth0 nud reachable',
      machine.lab.client(),
    );
    const capture = await machine.lab.capture(machine.lab.client(), 'eth0', 'arp');
    const pub0 = await machine.callOne<{ mac: string }>('readDevice', 'pub0');
    await machine.callOne('announceAddress', pub0, '192.0.2.10');
    const mac = pub0.mac;
    await expect.poll(() => machine.ip('neighbour show 192.0.2.10', machine.lab.client())).toContain(`lladdr ${mac} `);
    const heard = await (await capture.stop()).packets();
    expect(heard.join('\n')).toMatch(/Request who-has 192\.0\.2\.10 .*tell 192\.0\.2\.10/);
    expect(heard.join('\n')).toContain(`Reply 192.0.2.10 is-at ${mac}`);
  });
});
