// SPDX-License-Identifier: MIT
// What the daemon opens it closes: after many reloads, good and refused, and scrapes it has no descriptor more.
import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const ROUNDS = 3;
const service = { protocol: 'tcp' as const, address: VIP, servers: [{ address: '10.0.0.1' }] };
const web = { ...service, name: 'web', port: 80 };
const shop = { ...service, name: 'shop', port: 81, scheduler: 'wrr' as const };
const variants: readonly (RigConfig | string)[] = [
  { services: [web, shop] },
  { services: [{ ...web, scheduler: 'rr' }], timeouts: { udp: 100 } },
  'interfaces: 7\n', // refused
  { services: [shop], tables: { connections: 4096 } }, // refused: not while it runs
  { services: [web] },
];

let rig: Rig;
let daemon: LabProcess;

beforeAll(async () => {
  rig = await Rig.create({ name: 'descr', servers: 1 }, { services: [web] });
  daemon = await rig.daemon();
});

afterAll(() => rig.destroy());

/** How many descriptors of each kind: `anon_inode:bpf-map`, `socket`, `/dev/null`. */
function descriptors(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const fd of readdirSync(`/proc/${daemon.pid}/fd`)) {
    const kind = kindOf(fd);
    if (kind) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function kindOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/${daemon.pid}/fd/${fd}`).replace(/:\[\d+\]$/, '');
  } catch {
    return undefined; // closed meanwhile
  }
}

/** Kinds of which there are more now than before. */
function more(before: Record<string, number>, now: Record<string, number>): string[] {
  return Object.entries(now).flatMap(([kind, count]) => {
    const had = before[kind] ?? 0;
    return count > had ? [`${kind}: ${had} -> ${count}`] : [];
  });
}

async function round(): Promise<void> {
  const statuses: (number | undefined)[] = [];
  for (const variant of variants) {
    rig.write(variant);
    statuses.push((await rig.tryXlvs(['reload'])).status);
    await rig.onRouter('curl -sSf -o /dev/null http://127.0.0.1:9113/metrics');
  }
  expect(statuses).toEqual([0, 0, 2, 2, 0]);
}

test('many reloads and scrapes leave the daemon no descriptor more', async () => {
  await round(); // What Node opens once, it has opened now.
  const before = descriptors();
  expect(before['anon_inode:bpf-map']).toBeGreaterThan(0);
  for (let i = 0; i < ROUNDS; i++) await round();
  // a socket that was about to be closed when `before` was counted is no leak when it is gone
  await expect.poll(() => more(before, descriptors()), { timeout: 5_000 }).toEqual([]);
});
