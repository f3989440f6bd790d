// SPDX-License-Identifier: MIT
// Connections per second through xlvs and through kernel IPVS in one guest: the same client, veths and servers, a new
// connection for each HTTP request. The guest's one CPU runs client and servers, too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, VIP } from '../../net/rig.ts';

const SECONDS = 2;
const ROUNDS = 2;
const AT_ONCE = 32;
/** of /proc/stat */
const TICKS_PER_SECOND = 100;

let rig: Rig;

/** nginx of one worker that answers with a few bytes and closes. */
async function startServers(): Promise<void> {
  for (const server of rig.lab.servers) {
    const directory = `/tmp/nginx-${server.name}`;
    mkdirSync(directory);
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory};`);
    writeFileSync(
      `${directory}/nginx.conf`,
      `daemon off; pid ${directory}/pid; error_log stderr; user root; worker_processes 1; events { }
       http { access_log off; ${paths.join(' ')} server { listen 80; location / { return 200 "ok"; } } }`,
    );
    const nginx = server.spawn('nginx', ['-p', directory, '-c', `${directory}/nginx.conf`]);
    await expect
      .poll(() => rig.lab.client().exec('curl', ['-sS', `http://${server.address}/`], { check: false }))
      .toMatchObject({ stdout: 'ok' });
    expect(nginx.stderr).toBe('');
  }
}

/** Seconds that the CPU was not idle, since boot. */
function busySeconds(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1).join().split(/ +/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

/** Requests per second of CPU, each on a connection of its own. */
async function rate(): Promise<number> {
  const args = ['-t1', `-c${AT_ONCE}`, `-d${SECONDS}s`, '-H', 'Connection: close', `http://${VIP}:80/`];
  const before = busySeconds();
  const { stdout } = await rig.lab.client().exec('wrk', args);
  const busy = busySeconds() - before;
  expect(stdout).not.toMatch(/Non-2xx|Socket errors/);
  return Number(/(\d+) requests in/.exec(stdout)?.[1]) / busy;
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
  expect(await rig.show('status')).toMatchObject({ services: [{ counters: { connections: expect.any(Number) } }] });
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
  await startServers();
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
  expect(best.xlvs).toBeGreaterThan(0);
  expect(best.ipvs).toBeGreaterThan(0);
});
