// SPDX-License-Identifier: MIT
// How long the slices of the data plane's timer take, by the kernel's own trace of its high-resolution timers.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TRACEFS = '/sys/kernel/tracing';
const BUFFER_KB = 16_384;
const EVENT = /\[(\d+)\].* (\d+\.\d+): hrtimer_expire_(entry|exit): hrtimer=(\S+)(?: function=(\S+))?/;

/** Microseconds of each run of a BPF timer, in the order they ended. Any other BPF timer of this machine counts as well. */
export function sliceTimes(trace: string): number[] {
  const began = new Map<string, number>();
  return trace.split('\n').flatMap((line) => {
    const [, cpu, seconds, what, timer, callback] = EVENT.exec(line) ?? [];
    const run = `${cpu} ${timer}`;
    const start = began.get(run);
    began.delete(run);
    if (what === 'entry' && callback === 'bpf_timer_cb') began.set(run, Number(seconds));
    return what === 'exit' && start !== undefined ? [(Number(seconds) - start) * 1e6] : [];
  });
}

/** What `work` resolves to, and how long each slice took meanwhile. */
export async function withSliceTimes<T>(work: () => Promise<T>): Promise<{ result: T; slices: number[] }> {
  if (!existsSync(join(TRACEFS, 'instances'))) execFileSync('mount', ['-t', 'tracefs', 'none', TRACEFS]);
  const instance = join(TRACEFS, 'instances', `xlvs-bench-${process.pid}`);
  const set = (file: string, value: string | number) => writeFileSync(join(instance, file), String(value));
  mkdirSync(instance);
  try {
    set('buffer_size_kb', BUFFER_KB);
    for (const event of ['entry', 'exit']) set(`events/timer/hrtimer_expire_${event}/enable`, 1);
    const result = await work();
    set('tracing_on', 0);
    return { result, slices: sliceTimes(readFileSync(join(instance, 'trace'), 'utf8')) };
  } finally {
    rmdirSync(instance);
  }
}
