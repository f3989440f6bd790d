// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import {
  NO_RATES,
  RateEstimator,
  type Rates,
  rateKey,
  readRates,
  readZeroed,
  writeRates,
  zeroRates,
} from '../../../src/control/rates.ts';
import type { CounterSample } from '../../../src/dataplane/data-plane.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';

const key = { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 } as const;
const server = { address: '10.0.0.1', port: 80 };

const counted = (connections: bigint, bytes: bigint) => ({ ...NO_RATES, connections, incomingBytes: bytes });
const sample = (connections: bigint, bytes: bigint): CounterSample[] => [
  { key, counters: counted(connections, bytes), servers: [{ ...server, counters: counted(connections, bytes) }] },
];

/** The service's connections and bytes a second after each sample; two seconds apart. */
function estimates(samples: readonly (readonly [bigint, bigint])[]): [bigint, bigint][] {
  const estimator = new RateEstimator();
  return samples.map(([connections, bytes], i) => {
    const rates = estimator.sample(sample(connections, bytes), i * 2_000).get(rateKey(key)) as Rates;
    return [rates.connections, rates.incomingBytes];
  });
}

describe('rates', () => {
  test('go a quarter of the way to the newest sample every two seconds, as IPVS’s estimator does', () => {
    // 100 connections and 100,000 bytes a second: 25, 43.75, 57.8, 68.4; rounded as the kernel rounds
    expect(
      estimates([
        [0n, 0n],
        [200n, 200_000n],
        [400n, 400_000n],
        [600n, 600_000n],
        [800n, 800_000n],
      ]),
    ).toEqual([
      [0n, 0n],
      [25n, 25_000n],
      [44n, 43_750n],
      [58n, 57_812n],
      [68n, 68_359n],
    ]);
  });

  test('fall again when nothing is counted, down to nothing', () => {
    const silence = Array.from({ length: 60 }, () => [200n, 200_000n] as const);
    const all = estimates([[0n, 0n], ...silence]);
    expect(all[1]).toEqual([25n, 25_000n]);
    expect(all[2]).toEqual([19n, 18_750n]);
    expect(all.at(-1)).toEqual([0n, 0n]);
  });

  test('begin anew when a counter falls, and count what was there before as nothing', () => {
    expect(
      estimates([
        [1_000_000n, 5n],
        [1_000_000n, 5n],
        [10n, 0n],
      ]),
    ).toEqual([
      [0n, 0n],
      [0n, 0n],
      [0n, 0n],
    ]);
  });

  test('are nothing once they were zeroed, for whoever reads and for who keeps them', () => {
    const router = new MemoryDataPlane();
    const other = { ...key, port: 81 };
    const both = (n: bigint) => [...sample(n, n), { key: other, counters: counted(n, n), servers: [] }];
    const estimator = new RateEstimator();
    estimator.sample(both(0n), 0);
    writeRates(router, estimator.sample(both(200n), 2_000), 2_000);
    zeroRates(router, [key], 3_000);
    const read = readRates(router, 3_000);
    expect([...(read?.keys() ?? [])]).toEqual([rateKey(other)]);
    const next = estimator.sample(both(200n), 4_000, readZeroed(router));
    expect([next.get(rateKey(key)), next.get(rateKey(key, server))]).toEqual([NO_RATES, NO_RATES]);
    expect(next.get(rateKey(other))?.connections).toBe(19n);
    // counted from there on
    expect(estimator.sample(both(400n), 6_000, readZeroed(router)).get(rateKey(key))?.connections).toBe(25n);
  });

  test('are per second however late a sample comes', () => {
    const estimator = new RateEstimator();
    estimator.sample(sample(0n, 0n), 0);
    expect(estimator.sample(sample(400n, 0n), 4_000).get(rateKey(key))?.connections).toBe(25n);
  });

  test('are read back by other processes while they are fresh, those of servers too', () => {
    const router = new MemoryDataPlane();
    expect(readRates(router, 0)).toBeUndefined();
    const estimator = new RateEstimator();
    estimator.sample(sample(0n, 0n), 0);
    writeRates(router, estimator.sample(sample(200n, 0n), 2_000), 2_000);
    expect(readRates(router, 7_999)?.get(rateKey(key, server))).toEqual(counted(25n, 0n));
    expect(readRates(router, 8_001)).toBeUndefined();
  });
});
