// SPDX-License-Identifier: MIT
// What a new TCP connection costs: service, scheduler over 16 servers, next hops, two entries, the expiry ring.
import { Feed, TCP_SYN, XDP_REDIRECT, XDP_TX } from './feed.ts';
import { openRig, serviceOf } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { summarize } from './statistics.ts';

const SERVERS = 16;
const CONNECTIONS = 1_048_576;
const PER_ROUND = 5000;

export function synRows({ quick }: Effort): Row[] {
  const rig = openRig(CONNECTIONS);
  const feed = new Feed(1024);
  try {
    rig.router.change({ putServices: [serviceOf('tcp', SERVERS, 'wlc')] });
    const bare = feed.object.program('bare');
    const ns: number[] = [];
    for (let round = 0; round < (quick ? 41 : 151); round++) {
      feed.aim({ flows: CONNECTIONS, random: false, from: round * PER_ROUND });
      const nothing = feed.run(bare, TCP_SYN, PER_ROUND, XDP_TX);
      feed.aim({ flows: CONNECTIONS, random: false, from: round * PER_ROUND });
      ns.push(feed.run(rig.loaded.program, TCP_SYN, PER_ROUND, XDP_REDIRECT) - nothing);
    }
    const made = rig.router.fill().connections.entries;
    if (made !== ns.length * PER_ROUND) throw new Error(`${made} connections were made, not ${ns.length * PER_ROUND}`);
    const { median, spread } = summarize(ns);
    return [{ measure: 'syn/wlc16', value: median, unit: 'ns', against: '1000 ns', ratio: median / 1000, spread }];
  } finally {
    feed.close();
    rig.close();
  }
}
