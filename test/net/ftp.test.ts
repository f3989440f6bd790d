// SPDX-License-Identifier: MIT
// Passive FTP through a range mark: control and data connections of a client reach one server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { Rig, VIP } from './rig.ts';

const SIZE = 20_000_000;

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'ftp', clients: 2, servers: 2 },
    {
      marks: [{ mark: 21, protocol: 'tcp', address: VIP, ports: [21, '10000-20000'] }],
      services: [
        {
          name: 'ftp',
          mark: 21,
          scheduler: 'rr',
          persistence: { timeout: 300 },
          servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
        },
      ],
    },
  );
  const directory = rig.lab.directory;
  writeFileSync(join(directory, 'file'), Buffer.concat([...payload(SIZE)]));
  const options = { directory, passivePorts: '10000-20000', passiveAddress: VIP };
  await Promise.all(rig.lab.servers.map((server) => startFtpServer(server, options)));
  await rig.up();
});

afterAll(() => rig.destroy());

/** Downloads the file as `lftp` does with these settings; returns its hash. */
async function download(client: number, ...settings: string[]): Promise<string> {
  const set = ['net:max-retries 1', 'net:timeout 5', 'ftp:passive-mode yes', ...settings].map((line) => `set ${line}`);
  const script = [...set, `open ftp://${VIP}`, 'cat file'].join('; ');
  const { stdout } = await rig.lab
    .client(client)
    .exec('bash', ['-o', 'pipefail', '-c', `lftp -c '${script}' | sha256sum`]);
  return stdout.split(' ')[0] ?? '';
}

const connectionsOf = async (client: number) =>
  (await rig.show('connections')).filter((one) => one.client.address === rig.lab.client(client).address);

test('a client downloads unharmed, its data connection at a port of the range', async () => {
  expect(await download(1, 'ftp:prefer-epsv no')).toBe(payloadSha256(SIZE));
  const ports = (await connectionsOf(1)).map((connection) => connection.virtual.port);
  expect(ports).toContain(21);
  expect(ports.filter((port) => port >= 10_000 && port <= 20_000)).toHaveLength(ports.length - 1);
  expect(ports.length).toBeGreaterThan(1);
});

test('extended passive mode works as well', async () => {
  expect(await download(1, 'ftp:prefer-epsv yes')).toBe(payloadSha256(SIZE));
});

test('all connections of a client go to one server at the port the client used, those of another client to another', async () => {
  expect(await download(2, 'ftp:prefer-epsv no')).toBe(payloadSha256(SIZE));
  const [one, two] = [await connectionsOf(1), await connectionsOf(2)].map((connections) => {
    for (const { server, virtual } of connections) expect(server.port).toBe(virtual.port);
    return [...new Set(connections.map(({ server }) => server.address))];
  });
  expect([one, two].flat().sort()).toEqual(['10.0.0.1', '10.0.0.2']);
});

test('several files at once arrive unharmed', async () => {
  const hashes = await Promise.all([1, 2, 1, 2].map((client) => download(client)));
  expect(new Set(hashes)).toEqual(new Set([payloadSha256(SIZE)]));
});
