// SPDX-License-Identifier: MIT
// Connections per second of CPU through xlvs and through kernel IPVS in one guest: the same client, veths and servers, a new
// connection for each HTTP request. The guest's one CPU runs client and servers, too.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNginx } from '../../bench/nginx.ts';
import { loadHttp } from '../../bench/wrk.ts';
import { Rig, VIP } from '../../net/rig.ts';

const LOAD = { connections: 32, seconds: 2 };
const ROUNDS = 2;
/** With its port, since the guest has no list of services. */
const URL = `http://${VIP}:80/`;

let rig: Rig;

async function rate(): Promise<number> {
  return 1e6 / (await loadHttp(rig.lab, URL, LOAD)).cpu;
}

async function throughIpvs(): Promise<number> {
  const { router, servers } = rig.lab;
  await router.exec('ip', ['addr', 'add', `${VIP}/32`, 'dev', 'pub0']);
  await router.exec('ipvsadm', ['-A', '-t', `${VIP}:80`, '-s', 'wlc']);
  for (const { address } of servers)
    await router.exec('ipvsadm', ['-a', '-t', `${VIP}:80`, '-r', `${address}:80`, '-m']);
  const requests = await rate();
  expect((await router.exec('ipvsadm', ['-Ln', '--stats'])).stdout).toMatch(/:80 +[1-9]/);
  await router.exec('ipvsadm', ['-C']);
  await router.exec('ip', ['addr', 'del', `${VIP}/32`, 'dev', 'pub0']);
  return requests;
}

async function throughXlvs(): Promise<number> {
  await rig.up({ timeout: 60_000 });
  const requests = await rate();
  const { services } = await rig.show('status');
  expect(services[0]?.counters.connections).toBeGreaterThan(100);
  await rig.xlvs(['down'], { timeout: 60_000 });
  return requests;
}

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'rate', servers: 2 },
    {
      interfaces: [
        { device: 'pub0', role: 'public', mode: 'native', addresses: [`${VIP}/24`] },
        { device: 'prv0', role: 'private', mode: 'native' },
      ],
      services: [
        {
          name: 'web',
          protocol: 'tcp',
          address: VIP,
          port: 80,
          servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }],
        },
      ],
    },
  );
  for (const server of rig.lab.servers) await startNginx(rig.lab, server);
});

afterAll(() => rig.destroy());

test('connections per second', async () => {
  const best = { ipvs: 0, xlvs: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    best.ipvs = Math.max(best.ipvs, await throughIpvs());
    best.xlvs = Math.max(best.xlvs, await throughXlvs());
  }
  for (const [name, value] of Object.entries(best))
    console.log(`vm: figure ${name}/connections-per-second ${value.toFixed(0)}`);
});
