// SPDX-License-Identifier: MIT
// FTP by a persistent service of port 21 alone, without marks: data connections, passive and active, reach the client's server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { Rig, VIP } from './rig.ts';

const SIZE = 3_000_000;
const servers = [{ address: '10.0.0.1' }, { address: '10.0.0.2' }];

let rig: Rig;

beforeAll(async () => {
  const ftp = { name: 'ftp', protocol: 'tcp', address: VIP, port: 21, scheduler: 'rr' } as const;
  rig = await Rig.create(
    { name: 'ftpsvc', clients: 2, servers: 2 },
    { services: [{ ...ftp, persistence: { timeout: 300 }, servers }] },
  );
  const { directory, router } = rig.lab;
  writeFileSync(join(directory, 'file'), Buffer.concat([...payload(SIZE)]));
  const options = { directory, passivePorts: '1024-65535', passiveAddress: VIP };
  await Promise.all(rig.lab.servers.map((server) => startFtpServer(server, options)));
  // what IPVS wants for active FTP, too: the servers' data connections come from the VIP
  await router.exec('nft', ['add table ip ftp']);
  await router.exec('nft', ['add chain ip ftp out { type nat hook postrouting priority srcnat; }']);
  await router.exec('nft', [`add rule ip ftp out ip saddr 10.0.0.0/24 tcp sport 20 snat to ${VIP}`]);
  await rig.up();
});

afterAll(() => rig.destroy());

async function download(client: number, ...settings: string[]): Promise<string> {
  const set = ['net:max-retries 1', 'net:timeout 5', ...settings].map((line) => `set ${line}`);
  const script = [...set, `open ftp://${VIP}`, 'cat file'].join('; ');
  const { stdout } = await rig.lab
    .client(client)
    .exec('bash', ['-o', 'pipefail', '-c', `lftp -c '${script}' | sha256sum`]);
  return stdout.split(' ')[0] ?? '';
}

const serversOf = async (client: number): Promise<string[]> => {
  const own = (await rig.show('connections')).filter((one) => one.client.address === rig.lab.client(client).address);
  for (const { server, virtual } of own) expect(server.port).toBe(virtual.port);
  return [...new Set(own.map(({ server }) => server.address))];
};

test.each([
  ['passive', 'ftp:passive-mode yes', 'ftp:prefer-epsv no'],
  ['extended passive', 'ftp:passive-mode yes', 'ftp:prefer-epsv yes'],
  ['active', 'ftp:passive-mode no'],
])('%s: both clients download unharmed', async (_, ...settings) => {
  expect(await download(1, ...settings)).toBe(payloadSha256(SIZE));
  expect(await download(2, ...settings)).toBe(payloadSha256(SIZE));
});

test('all connections of a client went to one server, those of another to the other', async () => {
  expect([await serversOf(1), await serversOf(2)].flat().sort()).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(await rig.show('persistence')).toHaveLength(2);
});

test('without persistence data connections are the router’s own: it refuses them', async () => {
  const ftp = { name: 'ftp', protocol: 'tcp', address: VIP, port: 21, scheduler: 'rr' } as const;
  rig.write({ services: [{ ...ftp, servers }] });
  await rig.xlvs(['apply', rig.configFile]);
  const before = (await rig.show('status')).passes.ftp_data ?? 0;
  await expect(rig.lab.client().exec('curl', ['-sS', '--max-time', '5', `http://${VIP}:5000/`])).rejects.toThrow(
    /refused|Failed to connect/,
  );
  expect((await rig.show('status')).passes.ftp_data).toBeGreaterThan(before);
});
