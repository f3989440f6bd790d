// SPDX-License-Identifier: MIT
// What a packet of an established connection costs, against one lookup in a table of the same size and keys.
import type { BpfMap, Program } from 'libbpf-ts';
import { Feed, TCP_ACK, TCP_SYN, XDP_REDIRECT, XDP_TX } from './feed.ts';
import { DATA_PLANE_OBJECT } from './places.ts';
import { openRig, type Rig, serviceOf } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { summarize } from './statistics.ts';

const SERVERS = 16;
const COPY_BATCH = 16384;

/** Both halves' keys, so that the table compared with is as full. */
function copyKeys(from: BpfMap, to: BpfMap): void {
  let cursor: Uint8Array | undefined;
  do {
    const batch = from.getBatch(cursor, COPY_BATCH);
    if (batch.count > 0) to.setBatch(batch.keys, batch.values, batch.count);
    cursor = batch.cursor;
  } while (cursor);
}

/** One for each flow: the client's SYN and its first segment, since the server's answers change nothing in the table. */
export function makeConnections(feed: Feed, program: Program, flows: number): void {
  feed.aim({ flows, random: false });
  feed.run(program, TCP_SYN, flows, XDP_REDIRECT);
  feed.run(program, TCP_ACK, flows, XDP_REDIRECT);
}

function checkEstablished({ router }: Rig, flows: number): void {
  const made = router.fill().connections.entries;
  if (made !== flows) throw new Error(`${made} connections were made, not ${flows}`);
}

/** Every packet that was sent, on whatever way it found its server. */
function checkCounted({ router }: Rig, sent: number): void {
  let counted = 0n;
  for (const [, { incomingPackets }] of router.maps.server_counters.sums()) counted += incomingPackets;
  if (counted !== BigInt(sent)) throw new Error(`${counted} packets were counted, not ${sent}`);
}

function measure(feed: Feed, xlvs: Program, packets: number, rounds: number): { ns: number[]; ratios: number[] } {
  const bare = feed.object.program('bare');
  const lookup = feed.object.program('lookup');
  const ns: number[] = [];
  const ratios: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const nothing = feed.run(bare, TCP_ACK, packets, XDP_TX);
    const one = feed.run(lookup, TCP_ACK, packets, XDP_TX) - nothing;
    const packet = feed.run(xlvs, TCP_ACK, packets, XDP_REDIRECT) - nothing;
    if (round < 0) continue; // warms up
    ns.push(packet);
    ratios.push(packet / one);
    if (process.env.XLVS_BENCH_VERBOSE) console.log(nothing, one, packet);
  }
  return { ns, ratios };
}

interface Size {
  readonly name: string;
  readonly flows: number;
  /** entries the table has room for, and the copies in front of it */
  readonly table: number;
  readonly copies?: number;
}

function establishedRow({ name, flows, table, copies = table }: Size, packets: number, rounds: number): Row {
  const rig = openRig(table, DATA_PLANE_OBJECT, copies);
  const feed = new Feed(table * 2);
  try {
    rig.router.change({ putServices: [serviceOf('tcp', SERVERS)] });
    makeConnections(feed, rig.loaded.program, flows);
    checkEstablished(rig, flows);
    copyKeys(rig.router.maps.connections.map, feed.object.map('table'));
    feed.aim({ flows, random: flows > 1 });
    const { ns, ratios } = measure(feed, rig.loaded.program, packets, rounds);
    checkCounted(rig, 2 * flows + (rounds + 1) * packets);
    const ratio = summarize(ratios);
    return {
      measure: `established/${name}`,
      value: summarize(ns).median,
      unit: 'ns',
      against: 'one hash lookup',
      ratio: ratio.median,
      spread: ratio.spread,
    };
  } finally {
    feed.close();
    rig.close();
  }
}

/** Flows that share the table; it has room for the next power of two, 65,536 at least. */
const FLOWS = { '1': 1, '1k': 1000, '10k': 10_000, '100k': 100_000, '1M': 1_000_000, '10M': 10_000_000 };
/** Takes minutes, and 7 GB of memory. */
const LARGEST = '10M';
/** Measured a second time without copies: what the table alone would cost. */
const BARE = ['1', '100k', '1M'];

const sizes: readonly Size[] = Object.entries(FLOWS).flatMap(([name, flows]) => {
  const table = Math.max(65_536, 2 ** Math.ceil(Math.log2(flows)));
  const usual = { name, flows, table };
  return BARE.includes(name) ? [usual, { ...usual, name: `${name}/no-copies`, copies: 0 }] : [usual];
});

export function establishedRows({ quick }: Effort): Row[] {
  const rounds = quick ? 41 : 201;
  return sizes
    .filter(({ name }) => !(quick && name === LARGEST))
    .map((size) => establishedRow(size, size.flows === 1 ? 50_000 : 20_000, rounds));
}
