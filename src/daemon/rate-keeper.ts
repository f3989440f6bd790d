// SPDX-License-Identifier: MIT
// Keeps the rates that `ipvsadm --rate` shows: a sample every two seconds, for as long as the daemon runs.
import type { Logger } from 'pino';
import { monotonicMs, RateEstimator, readZeroed, SAMPLE_MS, writeRates } from '../control/rates.ts';
import type { RouterHandle } from './router-handle.ts';

/** Starts at once; returns what stops it. */
export function startRates(router: RouterHandle, log: Logger): () => void {
  const estimator = new RateEstimator();
  const sample = () => {
    try {
      keep(router, estimator);
    } catch (error) {
      // pins that are gone are the keeper's business; the next sample finds them again
      log.debug({ err: error }, 'no rates');
    }
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return () => clearInterval(timer);
}

function keep({ current }: RouterHandle, estimator: RateEstimator): void {
  if (!current) return;
  const now = monotonicMs();
  writeRates(current, estimator.sample(current.counters(), now, readZeroed(current)), now);
}
