// SPDX-License-Identifier: MIT
// How long the data plane's own timer needs to delete a million expired connections, with nobody helping.
import { setTimeout as sleep } from 'node:timers/promises';
import * as abi from '../../src/abi/index.ts';
import { ticksNow, ticksOf } from '../../src/dataplane/abi-values.ts';
import type { RouterMaps } from '../../src/dataplane/pins.ts';
import { DEFAULT_TIMEOUTS } from '../../src/dataplane/settings-map.ts';
import { openRig, serviceOf } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { withSliceTimes } from './slices.ts';
import { quantile, summarize } from './statistics.ts';

const CONNECTIONS = 1_000_000;
const MOST_SECONDS = 3;
const LONGEST_SLICE = 200;
/** The longest of all says what else the machine did meanwhile. */
const NEARLY_ALL = 0.999;
const POLL_MS = 20;
/** RING_CONNECTIONS of bpf/abi.h. */
const CONNECTION_RING = 0;
const GIVE_UP_MS = 60_000;
const CLIENTS = 0x0a000000;
const VIP = 0xc6336401;
const SERVER = 0xc0a80101;

const nonceOf = (i: number): number => ((i & 0xffff) << 16) >>> 0;

const flow = (source: number, sourcePort: number, destination: number, destinationPort: number): abi.FlowKey => ({
  source,
  sourcePort,
  destination,
  destinationPort,
  protocol: 6,
  reserved: new Uint8Array(3),
});

/** Both halves of connection i, as the data plane would have made them. */
function halves(i: number, server: number, lastSeen: number): [abi.FlowKey, abi.Connection][] {
  const client = CLIENTS + (i & 0xffff);
  const port = 1024 + (i >> 16);
  const forward = flow(client, port, VIP, 80);
  const reply = flow(SERVER, 8080, client, port);
  const common = {
    mtu: 1500,
    addressDelta: 0,
    segmentDelta: 0,
    ifindex: 1,
    destinationMac: new Uint8Array(6),
    sourceMac: new Uint8Array(6),
    generation: 1,
    lastSeen,
    server,
    prefix: 0,
    vlan: 0,
  };
  const state = { forward: nonceOf(i) | abi.State.ESTABLISHED, reply: nonceOf(i) | abi.State.REPLY };
  const { FORWARD, REPLY } = abi.Direction;
  return [
    [forward, { ...common, key: forward, address: SERVER, port: 8080, state: state.forward >>> 0, direction: FORWARD }],
    [reply, { ...common, key: reply, address: VIP, port: 80, state: state.reply >>> 0, direction: REPLY }],
  ];
}

function* everyHalf(server: number, lastSeen: number): Generator<[abi.FlowKey, abi.Connection]> {
  for (let i = 0; i < CONNECTIONS; i++) yield* halves(i, server, lastSeen);
}

function* everySlot(): Generator<[number, abi.ConnectionSlot]> {
  for (let i = 0; i < CONNECTIONS; i++)
    yield [i, { key: flow(CLIENTS + (i & 0xffff), 1024 + (i >> 16), VIP, 80), nonce: nonceOf(i), sequence: i + 1 }];
}

/** Everything but the ring's head, so that the timer does not begin. */
function fill(maps: RouterMaps, server: number): void {
  const lastSeen = (ticksNow() - ticksOf(DEFAULT_TIMEOUTS.tcp) - ticksOf(60)) >>> 0;
  maps.connections.setMany(everyHalf(server, lastSeen));
  maps.connection_slots.setMany(everySlot());
  maps.server_loads.set(server, { active: CONNECTIONS, inactive: 0, overloaded: 0, reserved: 0 });
}

async function emptied(maps: RouterMaps): Promise<number> {
  const { ring_cursors } = maps;
  const before = performance.now();
  ring_cursors.set(CONNECTION_RING, { head: BigInt(CONNECTIONS), tail: 0n });
  for (;;) {
    await sleep(POLL_MS);
    const spent = performance.now() - before;
    const cursor = ring_cursors.get(CONNECTION_RING);
    if (cursor && cursor.tail === cursor.head) return spent / 1000;
    if (spent > GIVE_UP_MS) throw new Error(`the timer is at ${cursor?.tail} of ${cursor?.head}`);
  }
}

interface Reclaim {
  readonly seconds: number;
  /** microseconds of its timer's slices */
  readonly slices: readonly number[];
}

async function reclaim(): Promise<Reclaim> {
  const { router, close } = openRig(CONNECTIONS);
  try {
    const { maps } = router;
    router.change({ putServices: [serviceOf('tcp', 1)] });
    const server = [...maps.servers.entries()].find(([, { status }]) => status === abi.ServerStatus.LIVE)?.[0] ?? 0;
    fill(maps, server);
    const { result: seconds, slices } = await withSliceTimes(() => emptied(maps));
    const left = { halves: maps.connections.size, active: maps.server_loads.get(server)?.active };
    if (left.halves !== 0 || left.active !== 0) throw new Error(`left behind: ${JSON.stringify(left)}`);
    return { seconds, slices };
  } finally {
    close();
  }
}

export async function reclaimRows({ quick }: Effort): Promise<Row[]> {
  const runs: Reclaim[] = [];
  for (let i = 0; i < (quick ? 1 : 3); i++) runs.push(await reclaim());
  const row = (measure: string, unit: string, most: number, values: readonly number[]): Row => {
    const { median, spread } = summarize(values);
    return { measure, value: median, unit, against: `${most} ${unit}`, ratio: median / most, spread };
  };
  const slices = runs.map((run) =>
    quantile(
      [...run.slices].sort((a, b) => a - b),
      NEARLY_ALL,
    ),
  );
  return [
    row(
      'reclaim/1M',
      's',
      MOST_SECONDS,
      runs.map(({ seconds }) => seconds),
    ),
    row('reclaim/slice', 'µs', LONGEST_SLICE, slices),
  ];
}
