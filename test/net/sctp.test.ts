// SPDX-License-Identifier: MIT
// SCTP with a real one at both ends: associations through a VIP, to the same port and to another, whose CRC the peers check.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendSctp, startSctpServer } from '../../src/lab/sctp-peer.ts';
import { Rig, VIP } from './rig.ts';

const servers = ['10.0.0.1', '10.0.0.2'];
const SERVICES = [
  { name: 'same', port: 5001 },
  { name: 'other', port: 36412 },
];

let rig: Rig;

beforeAll(async () => {
  const sctp = { protocol: 'sctp', address: VIP, scheduler: 'rr' } as const;
  rig = await Rig.create(
    { name: 'sctp', clients: 1, servers: 2 },
    {
      services: SERVICES.map((service) => ({
        ...sctp,
        ...service,
        servers: servers.map((address) => ({ address, port: 5001 })),
      })),
    },
  );
  for (const server of rig.lab.servers) startSctpServer(server, 5001, server.address as string);
  await rig.up();
});

afterAll(() => rig.destroy());

describe.each(SERVICES)('to $port', ({ name, port }) => {
  test('two associations carry their messages to two servers, and end', async () => {
    for (let i = 0; i < 2; i++) await sendSctp(rig.lab.client(), { address: VIP, port, count: 500, length: 1000 + i });
    const own = await rig.show('connections', '--service', name);
    expect(own.map(({ server }) => server.address).sort()).toEqual(servers);
    for (const connection of own)
      expect(connection).toMatchObject({ protocol: 'sctp', state: 'CLOSED', server: { port: 5001 } });
    const [service] = await rig.show('services', '--service', name);
    expect(service).toMatchObject({ active: 0, inactive: 2 });
    expect(service?.counters.incoming_bytes).toBeGreaterThan(2 * 500 * 1000);
  });
});
