// SPDX-License-Identifier: MIT
// FTP by a persistent service of port 21 alone, without marks: data connections, passive and active, reach the client's server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import type { Host } from '../../src/lab/host.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { BOTH_FAMILIES, FAMILIES } from './families.ts';
import { Rig, type RigConfig } from './rig.ts';

const SIZE = 3_000_000;
const servers = ['10.0.0.1', '10.0.0.2'];
const PASSIVE = 'ftp:passive-mode yes';
const MODES: Readonly<Record<string, readonly [string, ...string[]][]>> = {
  IPv4: [
    ['passive', PASSIVE, 'ftp:prefer-epsv no'],
    ['extended passive', PASSIVE, 'ftp:prefer-epsv yes'],
    ['active', 'ftp:passive-mode no'],
  ],
  IPv6: [
    ['extended passive', PASSIVE],
    ['active', 'ftp:passive-mode no'],
  ],
};

const config = (persistence?: { timeout: number }): RigConfig => ({
  interfaces: BOTH_FAMILIES,
  services: FAMILIES.map(({ family, vip, of }) => ({
    ...{ name: family, protocol: 'tcp', address: vip, port: 21, scheduler: 'rr', ...(persistence && { persistence }) },
    servers: servers.map((address) => ({ address: of(address) })),
  })),
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'ftpsvc', clients: 2, servers: 2, ipv6: true }, config({ timeout: 300 }));
  const { directory, router } = rig.lab;
  writeFileSync(join(directory, 'file'), Buffer.concat([...payload(SIZE)]));
  // what IPVS wants for active FTP, too: the servers' data connections come from the VIP
  await router.exec('nft', ['add table inet ftp']);
  await router.exec('nft', ['add chain inet ftp out { type nat hook postrouting priority srcnat; }']);
  for (const { family, vip, of } of FAMILIES) {
    const [ip, prefix] = family === 'IPv4' ? ['ip', 24] : ['ip6', 64];
    const from = `${ip} saddr ${of('10.0.0.0')}/${prefix}`;
    await router.exec('nft', [`add rule inet ftp out ${from} tcp sport 20 snat ${ip} to ${vip}`]);
    const options = { directory, passivePorts: '1024-65535', ...(family === 'IPv4' && { passiveAddress: vip }) };
    await Promise.all(
      rig.lab.servers.map((server) => startFtpServer(server, { ...options, address: of(server.address) })),
    );
  }
  await rig.up();
});

afterAll(() => rig.destroy());

async function download(client: Host, url: string, ...settings: string[]): Promise<string> {
  const set = ['net:max-retries 1', 'net:timeout 5', ...settings].map((line) => `set ${line}`);
  const script = [...set, `open ftp://${url}`, 'cat file'].join('; ');
  const { stdout } = await client.exec('bash', ['-o', 'pipefail', '-c', `lftp -c '${script}' | sha256sum`]);
  return stdout.split(' ')[0] ?? '';
}

/** The servers of a client's connections to this service, each once. */
async function serversOf(service: string, client: string): Promise<string[]> {
  const all = await rig.show('connections', '--service', service);
  const own = all.filter((one) => one.client.address === client);
  for (const { server, virtual } of own) expect(server.port).toBe(virtual.port);
  return [...new Set(own.map(({ server }) => server.address))];
}

describe.each(FAMILIES)('$family', ({ family, url, of }) => {
  test.each(MODES[family] ?? [])('%s: both clients download unharmed', async (_, ...settings) => {
    for (const client of [1, 2])
      expect(await download(rig.lab.client(client), url, ...settings)).toBe(payloadSha256(SIZE));
  });

  test('all connections of a client went to one server, those of another to the other', async () => {
    const clients = [1, 2].map((client) => of(rig.lab.client(client).address));
    const seen = [await serversOf(family, clients[0] ?? ''), await serversOf(family, clients[1] ?? '')];
    expect(seen.flat().sort()).toEqual(servers.map(of));
    expect(await rig.show('persistence', '--service', family)).toHaveLength(2);
  });
});

test('without persistence data connections are the router’s own: it refuses them', async () => {
  rig.write(config());
  await rig.xlvs(['apply', rig.configFile]);
  for (const { url } of FAMILIES) {
    const before = (await rig.show('status')).passes.ftp_data ?? 0;
    await expect(rig.lab.client().exec('curl', ['-sS', '--max-time', '5', `http://${url}:5000/`])).rejects.toThrow(
      /refused|Failed to connect/,
    );
    expect((await rig.show('status')).passes.ftp_data).toBeGreaterThan(before);
  }
});
