// SPDX-License-Identifier: MIT
// A reload and a new program version in the middle of a download, on this kernel.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer } from '../../../src/lab/http-server.ts';
import type { LabProcess } from '../../../src/lab/lab-process.ts';
import { payloadSha256 } from '../../../src/lab/payload.ts';
import { Rig, type RigConfig, VIP } from '../../net/rig.ts';

const OTHER = fileURLToPath(new URL('../../build/test/other.bpf.o', import.meta.url));
const SIZE = 30_000_000;

type Services = NonNullable<RigConfig['services']>;
const web: Services[number] = {
  name: 'web',
  protocol: 'tcp',
  address: VIP,
  port: 80,
  servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
};

let rig: Rig;
let daemon: LabProcess;

beforeAll(async () => {
  rig = await Rig.create({ name: 'upgrade', servers: 2 }, { services: [web] });
  for (const server of rig.lab.servers) await startHttpServer(server);
  daemon = await rig.daemon();
});

afterAll(() => rig.destroy());

/** Comes in slowly until `finish` is there, however long that takes. */
function download(finish: string): LabProcess {
  const slowly = `while [ ! -e ${finish} ]; do dd bs=16384 count=1 2>/dev/null; sleep 0.2; done`;
  return rig.lab
    .client()
    .spawn('sh', ['-c', `curl -sSf http://${VIP}/bytes/${SIZE} | { ${slowly}; cat; } | sha256sum`]);
}

test('neither costs a byte', async () => {
  const finish = join(rig.lab.directory, 'finish');
  const downloading = download(finish);
  await expect.poll(() => rig.show('connections'), { timeout: 5_000 }).toMatchObject([{ state: 'ESTABLISHED' }]);
  rig.write({ services: [web, { ...web, name: 'more', port: 81 }] });
  expect((await rig.xlvs(['reload'])).stdout).toContain('+ service more');
  await daemon.stop();
  daemon = await rig.daemon({ env: { XLVS_OBJECT: OTHER } });
  expect(daemon.stdout).toContain('"loaded":"upgraded"');
  expect(await rig.show('connections')).toMatchObject([{ state: 'ESTABLISHED' }]);
  writeFileSync(finish, '');
  const { status } = await downloading.exited;
  expect([status, downloading.stdout]).toEqual([0, `${payloadSha256(SIZE)}  -\n`]);
});

test('down leaves nothing', async () => {
  await rig.xlvs(['down']);
  expect((await rig.snapshot()).links.filter((link) => link.includes(' xdp '))).toEqual([]);
});
