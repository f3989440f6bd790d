// SPDX-License-Identifier: MIT
// SCTP with a real one at both ends: associations through a VIP, to the same port and to another, whose CRC the peers check.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { echoSctp, sendSctp, startSctpEcho, startSctpServer } from '../../src/lab/sctp-peer.ts';
import { BOTH_FAMILIES, FAMILIES, VIP6 } from './families.ts';
import { Rig, VIP } from './rig.ts';

/** What is sent by IPv4, and echoed by IPv6, where peers that know both tell each other both: they have IPv6 alone. */
const PORTS = { IPv4: 5001, IPv6: 7 } as Record<string, number>;
const MACHINES = { IPv4: ['10.0.0.1', '10.0.0.2'], IPv6: ['10.0.0.3', '10.0.0.4'] } as Record<string, string[]>;
const OTHER = 36412;

const SERVICES = FAMILIES.flatMap(({ family, vip, of }) =>
  [PORTS[family] ?? 0, OTHER].map((port) => ({
    ...{ name: `${family}-${port}`, protocol: 'sctp' as const, address: vip, port, scheduler: 'rr' as const },
    servers: (MACHINES[family] ?? []).map((address) => ({ address: of(address), port: PORTS[family] })),
  })),
);

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'sctp', clients: 2, servers: 4, ipv6: true },
    { interfaces: BOTH_FAMILIES, services: SERVICES },
  );
  const { lab } = rig;
  for (const n of [1, 2]) startSctpServer(lab.server(n), 5001, lab.server(n).address);
  for (const host of [lab.client(2), lab.server(3), lab.server(4)])
    await host.exec('ip', ['-4', 'address', 'flush', 'dev', 'eth0']);
  for (const n of [3, 4]) startSctpEcho(lab.server(n));
  await rig.up();
});

afterAll(() => rig.destroy());

/** Two associations went to two servers at this port, and have ended. */
async function expectEnded(name: string, port: number, servers: readonly string[]): Promise<void> {
  const own = await rig.show('connections', '--service', name);
  expect(own.map(({ server }) => server.address).sort()).toEqual(servers);
  for (const connection of own)
    expect(connection).toMatchObject({ protocol: 'sctp', state: 'CLOSED', server: { port } });
  const [service] = await rig.show('services', '--service', name);
  expect(service).toMatchObject({ active: 0, inactive: 2 });
}

describe.each(SERVICES.filter(({ address }) => address === VIP))('IPv4, to $port', ({ name, port, servers }) => {
  test('two associations carry their messages to two servers, and end', async () => {
    for (let i = 0; i < 2; i++) await sendSctp(rig.lab.client(), { address: VIP, port, count: 500, length: 1000 + i });
    await expectEnded(
      name,
      5001,
      servers.map(({ address }) => address),
    );
    const [service] = await rig.show('services', '--service', name);
    expect(service?.counters.incoming_bytes).toBeGreaterThan(2 * 500 * 1000);
  });
});

describe.each(SERVICES.filter(({ address }) => address === VIP6))('IPv6, to $port', ({ name, port, servers }) => {
  test('two associations have their messages back from two servers, and end', async () => {
    const numbers = Array.from({ length: 500 }, (_, i) => i + 1);
    for (let i = 0; i < 2; i++) expect(await echoSctp(rig.lab.client(2), VIP6, port, numbers.length)).toEqual(numbers);
    await expectEnded(
      name,
      7,
      servers.map(({ address }) => address),
    );
  });
});
