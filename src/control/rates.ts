// SPDX-License-Identifier: MIT
// What is counted in a second, as IPVS's estimator has it: every two seconds a quarter of the way to the newest sample. The
// daemon keeps them in the pins, where any process reads them.
import type { CounterSample, Counters, DataPlane } from '../dataplane/data-plane.ts';
import type { ServiceKey } from '../model/model.ts';
import { serviceKeyText } from './words.ts';

export const SAMPLE_MS = 2_000;
/** Rates older than this are nobody's: the daemon has ended. */
const FRESH_MS = 3 * SAMPLE_MS;

/** Per second. */
export type Rates = Counters;

export const NO_RATES: Rates = {
  connections: 0n,
  incomingPackets: 0n,
  incomingBytes: 0n,
  outgoingPackets: 0n,
  outgoingBytes: 0n,
};

const FIELDS = ['connections', 'incomingPackets', 'incomingBytes', 'outgoingPackets', 'outgoingBytes'] as const;

/** Bits behind the point of an average: 10 as a rule, 5 for bytes, as in ip_vs_est.c. */
const POINT = { connections: 10n, incomingPackets: 10n, incomingBytes: 5n, outgoingPackets: 10n, outgoingBytes: 5n };

const SERVER_MARK = ' > ';

/** Text of a service, or of a server of it. */
export function rateKey(
  key: CounterSample['key'],
  server?: { readonly address: string; readonly port: number },
): string {
  return server ? `${serviceKeyText(key)}${SERVER_MARK}${server.address} ${server.port}` : serviceKeyText(key);
}

interface Estimate {
  readonly last: Counters;
  /** with POINT bits behind the point */
  readonly average: Counters;
}

type Field = (typeof FIELDS)[number];
const fields = (value: (field: Field) => bigint): Counters =>
  Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as unknown as Counters;

/** When rates of services were set to zero, by the text of their keys: milliseconds of the machine's monotonic clock. */
type Zeroed = Readonly<Record<string, number>>;

/** The service of a `rateKey`. */
const serviceText = (key: string): string => key.split(SERVER_MARK)[0] as string;

/** A quarter of the way; a counter that fell has begun anew. */
function nextEstimate(before: Estimate | undefined, now: Counters, elapsedMs: bigint): Estimate {
  if (!before) return { last: now, average: NO_RATES };
  const average = fields((field) => {
    const counted = now[field] - before.last[field];
    const rate = ((counted > 0n ? counted : 0n) * (1000n << POINT[field])) / elapsedMs;
    return before.average[field] + ((rate - before.average[field]) >> 2n);
  });
  return { last: now, average };
}

/** Rounded as IPVS shows them. */
const shown = ({ average }: Estimate): Rates =>
  fields((field) => (average[field] + (1n << (POINT[field] - 1n)) - 1n) >> POINT[field]);

export class RateEstimator {
  #estimates = new Map<string, Estimate>();
  #sampledAt: number | undefined;

  /** `now` in milliseconds. What was zeroed since the last sample begins anew. Returns the rates by `rateKey`. */
  sample(samples: readonly CounterSample[], now: number, zeroed: Zeroed = {}): Map<string, Rates> {
    const before = this.#sampledAt ?? now - SAMPLE_MS;
    const elapsed = BigInt(Math.max(1, Math.round(now - before)));
    this.#sampledAt = now;
    const next = new Map<string, Estimate>();
    const take = (key: string, counters: Counters): void => {
      const isZeroed = (zeroed[serviceText(key)] ?? Number.NEGATIVE_INFINITY) >= before;
      next.set(key, nextEstimate(isZeroed ? undefined : this.#estimates.get(key), counters, elapsed));
    };
    for (const { key, counters, servers } of samples) {
      take(rateKey(key), counters);
      for (const server of servers) take(rateKey(key, server), server.counters);
    }
    this.#estimates = next;
    return new Map([...next].map(([key, estimate]) => [key, shown(estimate)]));
  }
}

/** On paper only those that are not zero. */
interface Document {
  /** milliseconds of the machine's monotonic clock */
  readonly at: number;
  readonly rates: Readonly<Record<string, readonly string[]>>;
}

/** Milliseconds since the machine started, the same for all processes. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export function writeRates(router: DataPlane, rates: ReadonlyMap<string, Rates>, at: number): void {
  const busy = [...rates].filter(([, rate]) => FIELDS.some((field) => rate[field] > 0n));
  const document: Document = {
    at,
    rates: Object.fromEntries(busy.map(([key, rate]) => [key, FIELDS.map((field) => String(rate[field]))])),
  };
  router.writeDocument('rates', JSON.stringify(document));
}

/** `undefined`: nobody keeps them. Else those that are not zero, by `rateKey`. */
export function readRates(router: DataPlane, now: number = monotonicMs()): Map<string, Rates> | undefined {
  const text = readTwice(router);
  if (text === undefined) return undefined;
  const { at, rates } = JSON.parse(text) as Document;
  if (now - at > FRESH_MS) return undefined;
  const zeroed = readZeroed(router);
  const kept = Object.entries(rates).filter(([key]) => (zeroed[serviceText(key)] ?? Number.NEGATIVE_INFINITY) < at);
  return new Map(kept.map(([key, rate]) => [key, fields((field) => BigInt(rate[FIELDS.indexOf(field)] ?? 0))]));
}

export function readZeroed(router: DataPlane): Zeroed {
  return JSON.parse(router.readDocument('zeroed-rates') ?? '{}') as Zeroed;
}

/** The rates of these services begin anew (ip_vs_zero_estimator). Under the router's lock. */
export function zeroRates(router: DataPlane, keys: readonly ServiceKey[], now: number = monotonicMs()): void {
  if (keys.length === 0) return;
  const recent = Object.entries(readZeroed(router)).filter(([, at]) => now - at < FRESH_MS);
  const zeroed = Object.fromEntries([...recent, ...keys.map((key) => [serviceKeyText(key), now] as const)]);
  router.writeDocument('zeroed-rates', JSON.stringify(zeroed));
}

/** The daemon may replace the text while it is read, and then not again for two seconds. */
function readTwice(router: DataPlane): string | undefined {
  try {
    return router.readDocument('rates');
  } catch {
    return router.readDocument('rates');
  }
}
