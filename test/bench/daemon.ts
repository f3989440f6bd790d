// SPDX-License-Identifier: MIT
// What the daemon takes of a CPU while a million connections are in the table: at rest, and scraped every few seconds.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from 'libbpf-ts';
import { stringify } from 'yaml';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { pinPaths } from '../../src/dataplane/pins.ts';
import { makeConnections } from './established.ts';
import { Feed } from './feed.ts';
import { BUILD } from './places.ts';
import { openToTestRuns, serverAddress, VIP, VIP_PORT } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { shell } from './shell.ts';

const CONNECTIONS = 1_000_000;
const SERVERS = 16;
const METRICS = '127.0.0.1:9913';
const SCRAPE_EVERY_MS = 5000;
/** The daemon answers its own changes of the machine with a look at the interfaces. */
const SETTLE_MS = 2000;
/** of /proc/PID/stat */
const TICKS_PER_SECOND = 100;

const config = {
  interfaces: [
    { device: 'public', role: 'public' },
    { device: 'private', role: 'private' },
  ],
  services: [
    {
      name: 'web',
      protocol: 'tcp',
      address: VIP,
      port: VIP_PORT,
      servers: Array.from({ length: SERVERS }, (_, i) => ({ address: serverAddress(i), port: 8080 })),
    },
  ],
  tables: { connections: CONNECTIONS },
  metrics: { listen: METRICS },
};

function startDaemon(file: string, pins: string): Promise<ChildProcess> {
  const daemon = spawn(`${BUILD}xlvs`, ['run', '--config', file, '--pins', pins], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [daemon.stdout, daemon.stderr])
      stream.on('data', (data) => {
        said += data;
        if (said.includes('"msg":"ready"')) resolve(daemon);
      });
    daemon.on('exit', () => reject(new Error(`the daemon ended: ${said}`)));
    daemon.on('error', reject);
  });
}

/** Seconds of CPU since it started. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .map(Number);
  return ((fields[11] as number) + (fields[12] as number)) / TICKS_PER_SECOND;
}

/** Part of one CPU, per cent. */
async function share(pid: number, seconds: number, scrape: boolean): Promise<number> {
  const [cpu, start] = [cpuSeconds(pid), performance.now()];
  const scraping = scrape
    ? setInterval(() => fetch(`http://${METRICS}/metrics`).then((r) => r.text()), SCRAPE_EVERY_MS)
    : undefined;
  await sleep(seconds * 1000);
  clearInterval(scraping);
  return ((cpuSeconds(pid) - cpu) / (performance.now() - start)) * 1e5;
}

export async function daemonRows({ quick }: Effort): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'xlvs-bench-'));
  const file = join(directory, 'xlvs.yaml');
  const pins = `/sys/fs/bpf/xlvs-bench-daemon-${process.pid}`;
  writeFileSync(file, stringify(config));
  const daemon = await startDaemon(file, pins);
  try {
    const router = KernelDataPlane.open(pins);
    await sleep(SETTLE_MS);
    openToTestRuns(router);
    const feed = new Feed(1024);
    const program = Program.openPin(pinPaths.program(pins));
    makeConnections(feed, program, CONNECTIONS);
    const { entries } = router.fill().connections;
    if (entries !== CONNECTIONS) throw new Error(`${entries} connections were made, not ${CONNECTIONS}`);
    for (const one of [feed, program, router]) one.close();
    const seconds = quick ? 10 : 30;
    const row = (measure: string, value: number, against: string | null): Row => ({
      measure,
      value,
      unit: '% of a CPU',
      against,
      ratio: null,
      spread: null,
    });
    const pid = daemon.pid as number;
    return [
      row('daemon/1M', await share(pid, seconds, false), 'at rest'),
      row('daemon/1M/scraped', await share(pid, seconds, true), 'scraped every 5 s'),
    ];
  } finally {
    daemon.removeAllListeners('exit');
    daemon.kill();
    await new Promise((resolve) => daemon.once('exit', resolve));
    shell(`${BUILD}xlvs down --pins ${pins}`);
    rmSync(directory, { recursive: true });
  }
}
