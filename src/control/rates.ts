// SPDX-License-Identifier: MIT
// What is counted in a second, as IPVS's estimator has it: every two seconds a quarter of the way to the newest sample. The
// daemon keeps them in the pins, where any process reads them.
import type { CounterSample, Counters, DataPlane } from '../dataplane/data-plane.ts';
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

/** Text of a service, or of a server of it. */
export function rateKey(
  key: CounterSample['key'],
  server?: { readonly address: string; readonly port: number },
): string {
  return server ? `${serviceKeyText(key)} > ${server.address} ${server.port}` : serviceKeyText(key);
}

interface Estimate {
  readonly last: Counters;
  /** with POINT bits behind the point */
  readonly average: Counters;
}

type Field = (typeof FIELDS)[number];
const fields = (value: (field: Field) => bigint): Counters =>
  Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as unknown as Counters;

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

  /** `now` in milliseconds. Returns the rates by `rateKey`. */
  sample(samples: readonly CounterSample[], now: number): Map<string, Rates> {
    const elapsed = BigInt(Math.max(1, Math.round(now - (this.#sampledAt ?? now - SAMPLE_MS))));
    this.#sampledAt = now;
    const next = new Map<string, Estimate>();
    const take = (key: string, counters: Counters): void => {
      next.set(key, nextEstimate(this.#estimates.get(key), counters, elapsed));
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
  return new Map(
    Object.entries(rates).map(([key, rate]) => [key, fields((field) => BigInt(rate[FIELDS.indexOf(field)] ?? 0))]),
  );
}

/** The daemon may replace the text while it is read, and then not again for two seconds. */
function readTwice(router: DataPlane): string | undefined {
  try {
    return router.readDocument('rates');
  } catch {
    return router.readDocument('rates');
  }
}
