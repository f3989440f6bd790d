// SPDX-License-Identifier: MIT
// What a new TCP connection costs: service, scheduler over 16 servers, next hops, two entries, the expiry ring; and what of it
// two entries and one next hop cost by themselves.
import type { Program } from 'libbpf-ts';
import { Feed, TCP_SYN, XDP_REDIRECT, XDP_TX } from './feed.ts';
import { openRig, serviceOf } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { summarize } from './statistics.ts';

const SERVERS = 16;
const CONNECTIONS = 1_048_576;
const PER_ROUND = 5000;

function row(measure: string, ns: number[], bound: number | undefined): Row {
  const { median, spread } = summarize(ns);
  const against = bound === undefined ? null : `${bound} ns`;
  return { measure, value: median, unit: 'ns', against, ratio: bound === undefined ? null : median / bound, spread };
}

export function synRows({ quick }: Effort): Row[] {
  const rig = openRig(CONNECTIONS);
  const feed = new Feed(2 * CONNECTIONS);
  try {
    rig.router.change({ putServices: [serviceOf('tcp', SERVERS, 'wlc')] });
    const samples: Record<'insert' | 'xlvs', number[]> = { insert: [], xlvs: [] };
    const [bare, insert] = [feed.object.program('bare'), feed.object.program('insert')];
    for (let round = 0; round < (quick ? 41 : 151); round++) {
      const run = (program: Program, answer: number): number => {
        feed.aim({ flows: CONNECTIONS, random: false, from: round * PER_ROUND });
        return feed.run(program, TCP_SYN, PER_ROUND, answer);
      };
      const nothing = run(bare, XDP_TX);
      samples.insert.push(run(insert, XDP_TX) - nothing);
      samples.xlvs.push(run(rig.loaded.program, XDP_REDIRECT) - nothing);
    }
    const made = rig.router.fill().connections.entries;
    const sent = samples.xlvs.length * PER_ROUND;
    if (made !== sent) throw new Error(`${made} connections were made, not ${sent}`);
    return [row('syn/wlc16', samples.xlvs, 1000), row('syn/insert', samples.insert, undefined)];
  } finally {
    feed.close();
    rig.close();
  }
}
