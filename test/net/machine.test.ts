// SPDX-License-Identifier: MIT
// The machine around the data plane: how src/machine sees its devices, what it can do without privileges, and what a
// snapshot of it shows.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MachineLab } from './machine-lab.ts';
import type { Call } from './machine-probe.ts';
import { PROBE } from './probe.ts';

let machine: MachineLab;

beforeEach(() => {
  machine = MachineLab.create('machine');
});

afterEach(() => machine.destroy());

describe('a device', () => {
  test("is told by netlink: the namespace's own, not those of the /sys it sees", async () => {
    const [pub0, none, all] = await machine.call<[Record<string, unknown>, null, { name: string }[]]>(
      ['readDevice', 'pub0'],
      ['readDevice', 'eth9'],
      ['readDevices'],
    );
    const [link] = JSON.parse(await machine.ip('-j link show dev pub0'));
    expect(pub0).toMatchObject({ name: 'pub0', up: true, ethernet: true, kind: 'veth', driver: 'veth', mtu: 1500 });
    expect(pub0).toMatchObject({ ifindex: link.ifindex, mac: link.address });
    expect(none).toBeNull();
    expect(all.map(({ name }) => name).sort()).toEqual(['lo', 'prv0', 'pub0']);
  });
});

describe('a process without privileges', () => {
  test('is told so, and changes nothing', async () => {
    const before = await machine.snapshot();
    const calls: Call[] = [
      ['checkPrivileges'],
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['keepNeighbour', 'prv0', '10.0.0.1'],
    ];
    const { stdout } = await machine.router.exec('setpriv', [
      '--inh-caps=-all',
      '--bounding-set=-all,+dac_read_search',
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
    expect(await machine.snapshot()).toEqual(before);
  });
});

describe('a snapshot', () => {
  test('shows each thing that could be left behind, and no difference once it is undone', async () => {
    const before = await machine.snapshot();
    await machine.call(
      ['addAddress', 'pub0', '192.0.2.10/24'],
      ['keepNeighbour', 'prv0', '10.0.0.1'],
      ['writeSysctl', 'net/ipv4/conf/prv0/accept_local', '1'],
    );
    const during = await machine.snapshot();
    expect(during.addresses).toContain('pub0 192.0.2.10/24');
    expect(during.managedNeighbours).toEqual(['prv0 10.0.0.1']);
    expect(during.sysctls['net.ipv4.conf.prv0.accept_local']).toBe('1');
    expect(during.routes.length).toBeGreaterThan(before.routes.length);
    const undone = await machine.call(
      ['removeAddress', 'pub0', '192.0.2.10/24'],
      ['forgetNeighbour', 'prv0', '10.0.0.1'],
      ['writeSysctl', 'net/ipv4/conf/prv0/accept_local', '0'],
    );
    expect(undone).toEqual(['removed', null, '1']);
    expect(await machine.snapshot()).toEqual(before);
  });
});
