// SPDX-License-Identifier: MIT
// DNS through a VIP: dig against dnsmasq, over UDP and over TCP.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDnsServer } from '../../src/lab/dns-server.ts';
import { tally } from './clients.ts';
import { Rig, VIP } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  const servers = [{ address: '10.0.0.1' }, { address: '10.0.0.2' }];
  rig = await Rig.create(
    { name: 'dns', servers: 2 },
    {
      services: (['udp', 'tcp'] as const).map((protocol) => {
        return { name: `dns-${protocol}`, protocol, address: VIP, port: 53, scheduler: 'rr', servers };
      }),
      timeouts: { udp: 2 },
    },
  );
  await Promise.all(rig.lab.servers.map((server) => startDnsServer(server)));
  await rig.up();
});

afterAll(() => rig.destroy());

/** Who answered, by the TXT record that names the server. */
async function resolve(...options: string[]): Promise<string> {
  const dig = ['+short', '+tries=1', '+timeout=2', ...options, `@${VIP}`, 'who.lab', 'TXT'];
  return (await rig.lab.client().exec('dig', dig)).stdout.trim().replaceAll('"', '');
}

test('lookups from ports of their own are spread over the servers', async () => {
  const seen: string[] = [];
  for (let i = 0; i < 20; i++) seen.push(await resolve('+notcp'));
  expect(tally(seen)).toEqual({ server1: 10, server2: 10 });
});

test('lookups from one port go to one server, and all are answered', async () => {
  const seen: string[] = [];
  for (let i = 0; i < 10; i++) seen.push(await resolve('+notcp', '-b', `${rig.lab.client().address}#5353`));
  expect(new Set(seen).size).toBe(1);
  const [connection, ...more] = (await rig.show('connections')).filter(({ client }) => client.port === 5353);
  expect(connection).toMatchObject({ protocol: 'udp', virtual: { address: VIP, port: 53 }, service: 'dns-udp' });
  expect(more).toEqual([]);
});

test('a port may go to another server once its connection has expired', async () => {
  const port = ['+notcp', '-b', `${rig.lab.client().address}#5354`];
  const first = await resolve(...port);
  const isKnown = async () => (await rig.show('connections')).some(({ client }) => client.port === 5354);
  expect(await isKnown()).toBe(true);
  await expect.poll(isKnown, { timeout: 10_000 }).toBe(false);
  expect(await resolve(...port)).not.toBe(first);
});

test('lookups over TCP are answered too', async () => {
  expect(tally([await resolve('+tcp'), await resolve('+tcp')])).toEqual({ server1: 1, server2: 1 });
});
