// SPDX-License-Identifier: MIT
// xlvs between two veth pairs, beside XDP forwarding without NAT, nftables DNAT and the kernel's plain forwarding.
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
  bench.attach(bench.object.program('sink'), 'private-peer');
}

type Name = 'xlvs' | 'forward' | 'nft' | 'kernel' | 'generator';
type Samples = Record<Name, number[]>;

const wires = (flows: number): Record<Name, Wire> => ({
  xlvs: { device: 'public-peer', other: vip, flows },
  forward: { device: 'forwarder-peer', other: firstServer, flows },
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
    sample(['xlvs', 'forward', 'nft']);
  } finally {
    stopDnat();
  }
  sample(['kernel', 'generator']);
}

function ratios(a: readonly number[], b: readonly number[]) {
  return summarize(a.map((value, i) => value / (b[i] ?? Number.NaN)));
}

function rowsOf(samples: Samples, suffix: string): Row[] {
  const { xlvs, forward, nft, kernel, generator } = samples;
  const over = ratios(xlvs, forward);
  const gain = ratios(nft, xlvs);
  const plain = ratios(kernel, xlvs);
  const row = (measure: string, value: number, against: string, ratio: number | null, spread: number): Row => ({
    measure: `e2e/${measure}${suffix}`,
    value,
    unit: 'ns/packet',
    against,
    ratio,
    spread,
  });
  const median = (values: number[]): number => summarize(values).median;
  return [
    row(
      'xdp-forward',
      median(xlvs),
      `XDP forward with fib: ${median(forward).toFixed(0)} ns`,
      over.median,
      over.spread,
    ),
    row('nft', median(xlvs), `nftables DNAT: ${median(nft).toFixed(0)} ns`, gain.median, gain.spread),
    row('ip-forward', median(xlvs), `ip_forward: ${median(kernel).toFixed(0)} ns`, plain.median, plain.spread),
    row('generator', median(generator), 'sender and sink alone', null, summarize(generator).spread),
  ];
}

export function endToEndRows({ quick }: Effort): Row[] {
  const rig = openRig(262_144);
  const bench = new WireBench();
  try {
    prepare(bench, rig);
    return [1000, 65_536].flatMap((flows) => {
      const samples: Samples = { xlvs: [], forward: [], nft: [], kernel: [], generator: [] };
      for (let i = 0; i < (quick ? 2 : 6); i++) block(bench, flows, quick ? 8 : 15, samples);
      return rowsOf(samples, flows === 1000 ? '' : '/64k');
    });
  } finally {
    bench.close();
    rig.close();
  }
}
