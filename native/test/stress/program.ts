// SPDX-License-Identifier: MIT
// What runs under the sanitizers: every operation, right and wrong, many times, in several threads. Fails when a file
// descriptor is left at the end; what happens to memory is for the sanitizers to see.
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { collectGarbage } from './collect-garbage.ts';
import { nonsense } from './nonsense.ts';
import { round } from './round.ts';

const [file = '', threadScript = ''] = process.argv.slice(2);
const ROUNDS = 60;
const NONSENSE = 3000;
const THREADS = 3;

const openFds = (): number => readdirSync('/proc/self/fd').length;

async function threads(end: 'close' | 'leave' | 'stay'): Promise<void> {
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(threadScript, { workerData: { file, rounds: 5, end } }),
  );
  const exits = workers.map((worker) => new Promise<number>((resolve) => worker.once('exit', resolve)));
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));
  for (let i = 0; i < 5; i++) await round(file);
  if (end === 'stay') for (const worker of workers) await worker.terminate();
  const codes = await Promise.all(exits);
  if (end !== 'stay' && codes.some((code) => code !== 0)) throw new Error(`threads ended with ${codes}`);
}

async function settle(): Promise<number> {
  for (let i = 0; i < 10; i++) {
    collectGarbage();
    await sleep(10);
  }
  return openFds();
}

// The first thread and the first collection open descriptors of Node's own, which stay.
await threads('close');
await round(file);
const before = await settle();

for (let i = 0; i < ROUNDS; i++) await round(file);
await nonsense(file, NONSENSE);
for (const end of ['close', 'leave', 'stay'] as const) await threads(end);

const after = await settle();
if (after !== before) throw new Error(`${before} descriptors were open before, ${after} are after`);
console.log(
  `${ROUNDS} rounds, ${NONSENSE} calls with nonsense, ${4 * THREADS} threads: ${after} descriptors, as before`,
);
