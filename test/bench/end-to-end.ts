// SPDX-License-Identifier: MIT
// xlvs between two veth pairs, beside XDP forwarding without NAT and bare redirection, nftables DNAT and the kernel's plain forwarding.
import { openRig, type Rig, serviceOf } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { summarize } from './statistics.ts';
import { addWays, firstServer, startDnat, stopDnat, vip } from './ways.ts';
import { type Wire, WireBench } from './wire.ts';

const SERVERS = 16;
const PACKETS = 25_600;
function prepare(bench: WireBench, rig: Rig): void {
  addWays();
  rig.router.change({ putServices: [serviceOf('udp', SERVERS)] });
  bench.attach(rig.loaded.program, 'public');
  bench.attach(rig.loaded.program, 'private');
  bench.attach(bench.object.program('forward'), 'forwarder');
  bench.attach(bench.object.program('redirect'), 'redirector');
  bench.attach(bench.object.program('sink'), 'private-peer');
  bench.redirectTo('private');
}

type Name = 'xlvs' | 'forward' | 'redirect' | 'nft' | 'kernel' | 'generator';
type Samples = Record<Name, number[]>;

const wires = (flows: number): Record<Name, Wire> => ({
  xlvs: { device: 'public-peer', other: vip, flows },
  forward: { device: 'forwarder-peer', other: firstServer, flows },
  redirect: { device: 'redirector-peer', other: firstServer, flows },
  nft: { device: 'kernel-peer', other: vip, flows },
  kernel: { device: 'kernel-peer', other: firstServer, flows },
  generator: { device: 'private', other: firstServer, flows },
});

/** With the DNAT rule the kernel tracks connections on every path, so plain forwarding is measured without it. */
function block(bench: WireBench, flows: number, rounds: number, samples: Samples): void {
  const wire = wires(flows);
  const sample = (names: Name[]): void => {
    for (const name of names) bench.run(wire[name], Math.max(2 * flows, 2048)); // connections, caches
    for (let round = 0; round < rounds; round++)
      for (const name of names) samples[name].push(bench.run(wire[name], PACKETS));
  };
  startDnat();
  try {
    sample(['xlvs', 'forward', 'redirect', 'nft']);
  } finally {
    stopDnat();
  }
  sample(['kernel', 'generator']);
}

function ratios(a: readonly number[], b: readonly number[]) {
  return summarize(a.map((value, i) => value / (b[i] ?? Number.NaN)));
}

/** `isUnder`: xlvs over it, not it over xlvs. */
const PEERS: readonly { name: Exclude<Name, 'xlvs'>; row: string; isUnder?: boolean }[] = [
  { name: 'forward', row: 'xdp-forward', isUnder: true },
  { name: 'redirect', row: 'xdp-redirect', isUnder: true },
  { name: 'kernel', row: 'ip-forward' },
  { name: 'nft', row: 'nft' },
];

function rowsOf(samples: Samples, suffix: string): Row[] {
  const row = (name: string, values: number[], of: { median: number; spread: number } | null): Row => {
    const { median, spread } = summarize(values);
    const against = of === null ? null : 'xlvs';
    const unit = 'ns/packet';
    return {
      measure: `e2e/${name}${suffix}`,
      value: median,
      unit,
      against,
      ratio: of?.median ?? null,
      spread: of?.spread ?? spread,
    };
  };
  const { xlvs } = samples;
  return [
    row('xlvs', xlvs, null),
    ...PEERS.map(({ name, row: title, isUnder }) => {
      const peer = samples[name];
      return row(title, peer, isUnder ? ratios(xlvs, peer) : ratios(peer, xlvs));
    }),
    row('generator', samples.generator, null),
  ];
}

export function endToEndRows({ quick }: Effort): Row[] {
  const rig = openRig(262_144);
  const bench = new WireBench();
  try {
    prepare(bench, rig);
    return [1000, 65_536].flatMap((flows) => {
      const samples: Samples = { xlvs: [], forward: [], redirect: [], nft: [], kernel: [], generator: [] };
      for (let i = 0; i < (quick ? 2 : 6); i++) block(bench, flows, quick ? 8 : 15, samples);
      return rowsOf(samples, flows === 1000 ? '' : '/64k');
    });
  } finally {
    bench.close();
    rig.close();
  }
}
