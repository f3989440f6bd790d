// SPDX-License-Identifier: MIT
// `make soak`: a mixed load at the machine's limit for SOAK_SECONDS (an hour), then what is left of it. Exit 1 when a claim is not met.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { type Rig, VIP } from '../net/rig.ts';
import { Disturbances } from './disturbances.ts';
import { readQueues } from './queues.ts';
import { writeReport } from './report.ts';
import { type Sample, takeSample } from './samples.ts';
import { finishClient, startHttpClient, startUdpClient, type Tally, type Target } from './traffic.ts';
import { judge } from './verdict.ts';
import { CONNECTIONS, HTTP_PORTS, makeWorld, UDP_PORT, VIP6 } from './world.ts';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 3600);
const SAMPLE_MS = 30_000;
/** TIME_WAIT and SYN_SENT are IPVS's longest that no one can set: 120 s. The walk over the ring takes some more. */
const SETTLE_MS = 150_000;

/** Ten times as many as the table holds, and the router has a way back to each. */
const FLOOD = {
  network: '198.0.0.0/8',
  firstSource: '198.0.0.1',
  sources: 10 * CONNECTIONS,
  rate: 60_000,
  on: 45_000,
  off: 45_000,
};

const http = (port: number, rest: Partial<Target> = {}, address = VIP): Target => ({
  address,
  port,
  concurrency: 4,
  largest: 20_000,
  keepAlive: 0,
  ...rest,
});
const DOWNLOAD = { concurrency: 1, largest: 20_000_000 };
const LASTING = { concurrency: 50, keepAlive: 1_000 };

function startClients(rig: Rig): Record<string, LabProcess> {
  const [one, two] = [rig.lab.client(1), rig.lab.client(2)];
  const udp = { port: UDP_PORT, keepAlive: 0 };
  return {
    'short TCP': startHttpClient(one, http(HTTP_PORTS.steady)),
    'short TCP, IPv6': startHttpClient(two, http(HTTP_PORTS.steady, {}, VIP6)),
    'short TCP by mark': startHttpClient(one, http(HTTP_PORTS.marked, { concurrency: 2 })),
    'short TCP, persistent': startHttpClient(two, http(HTTP_PORTS.persistent, { concurrency: 2 })),
    downloads: startHttpClient(one, http(HTTP_PORTS.steady, DOWNLOAD)),
    'downloads, IPv6': startHttpClient(two, http(HTTP_PORTS.steady, DOWNLOAD, VIP6)),
    'lasting TCP': startHttpClient(one, http(HTTP_PORTS.steady, LASTING)),
    'lasting TCP, IPv6': startHttpClient(two, http(HTTP_PORTS.steady, LASTING, VIP6)),
    'flapping: short TCP': startHttpClient(one, http(HTTP_PORTS.flapping, { concurrency: 2 })),
    'flapping: lasting TCP': startHttpClient(two, http(HTTP_PORTS.flapping, LASTING)),
    UDP: startUdpClient(one, { ...udp, address: VIP, concurrency: 2, largest: 1_400 }),
    'UDP, IPv6': startUdpClient(two, { ...udp, address: VIP6, concurrency: 2, largest: 1_200 }),
    'UDP in fragments': startUdpClient(one, { ...udp, address: VIP, concurrency: 1, largest: 60_000 }),
    'UDP in fragments, IPv6': startUdpClient(two, { ...udp, address: VIP6, concurrency: 1, largest: 60_000 }),
  };
}

/** Floods on and off until the end; resolves to how many SYNs were sent. */
async function floods(rig: Rig, isOver: () => boolean): Promise<number> {
  const client = rig.lab.client(3);
  await rig.onRouter(`ip route add ${FLOOD.network} via ${client.address}`);
  const [link] = JSON.parse(await rig.onRouter('ip -j link show pub0')) as { address: string }[];
  const program = fileURLToPath(new URL('../soak/flood.mjs', import.meta.url));
  const { firstSource, sources, rate, on, off } = FLOOD;
  const target = ['eth0', link?.address ?? '', VIP, HTTP_PORTS.steady, firstSource, sources, rate].map(String);
  let sent = 0;
  while (!isOver()) {
    const flood = await client.spawn(process.execPath, [program, ...target]).says('flooding');
    await sleep(on);
    await flood.stop();
    sent += Number(flood.stdout.split('\n')[1]);
    await sleep(off);
  }
  return sent;
}

async function finishAll(clients: Record<string, LabProcess>): Promise<Record<string, Tally>> {
  const ended = await Promise.all(
    Object.entries(clients).map(async ([name, client]) => [name, await finishClient(client)] as const),
  );
  return Object.fromEntries(ended);
}

async function soak(rig: Rig): Promise<boolean> {
  const disturbances = new Disturbances(rig, await rig.daemon());
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const sample = () => takeSample(rig, disturbances.daemon.pid, elapsed());
  const samples: Sample[] = [];
  const clients = startClients(rig);
  const flooding = floods(rig, () => elapsed() > SECONDS);
  disturbances.start();
  while (elapsed() < SECONDS) {
    await sleep(Math.min(SAMPLE_MS, Math.max(0, SECONDS * 1000 - elapsed() * 1000)));
    const now = await sample().catch(() => undefined); // a daemon that is being restarted has no memory
    if (now) samples.push(now);
    if (now) console.log(JSON.stringify(now));
  }
  await disturbances.stop();
  const tallies = await finishAll(clients);
  const flooded = await flooding;
  await sleep(SETTLE_MS);
  const end = await sample();
  const leftOver = (await rig.show('servers'))
    .filter(({ active, inactive, persistence_entries }) => active + inactive + persistence_entries > 0)
    .map(({ service, address }) => `${service} ${address}`);
  const outcome = { tallies, samples, end, leftOver, queues: await readQueues([...rig.lab.hosts.values()]) };
  const claims = judge(outcome);
  writeReport(outcome, claims, { seconds: SECONDS, disturbances: disturbances.done, flooded });
  for (const { claim, isMet, seen } of claims) console.log(`${isMet ? 'yes' : 'NO '}  ${claim}: ${seen}`);
  return claims.every(({ isMet }) => isMet);
}

const rig = await makeWorld();
try {
  process.exitCode = (await soak(rig)) ? 0 : 1;
} finally {
  rig.destroy();
}
