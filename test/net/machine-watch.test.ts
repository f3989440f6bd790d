// SPDX-License-Identifier: MIT
// The watch over a machine: it hears of changes in its network, and of many at once only a few times.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MachineLab } from './machine-lab.ts';
import { PROBE } from './probe.ts';

let machine: MachineLab;

beforeEach(() => {
  machine = MachineLab.create('machinewatch');
});

afterEach(() => machine.destroy());

describe('a watch', () => {
  test.each([
    ['route', 'route add 10.7.0.0/16 via 10.0.0.1'],
    ['neighbour', 'neighbour replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev prv0'],
    ['link', 'link set prv0 mtu 1400'],
    ['address', 'address add 10.7.0.1/32 dev lo'],
  ])('hears of a change: %s', async (kind, change) => {
    const watch = await machine.router.spawn(process.execPath, [PROBE, 'watch']).says('watching');
    await machine.ip(change);
    await watch.says(`${kind}\n`);
    await watch.stop();
  });

  test('hears many changes of one kind as few', async () => {
    const watch = await machine.router.spawn(process.execPath, [PROBE, 'watch']).says('watching');
    const commands = Array.from({ length: 500 }, (_, i) => `route add 10.7.${i >> 8}.${i & 255}/32 dev prv0`);
    await machine.router.exec('ip', ['-batch', '-'], {
      input: `${commands.join('\n')}\naddress add 10.7.9.9/32 dev lo\n`,
    });
    await watch.says('address\n');
    await watch.stop();
    expect(watch.stdout.split('\n').filter((line) => line === 'route').length).toBeLessThan(250);
  });
});
