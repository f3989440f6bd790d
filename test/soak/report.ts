// SPDX-License-Identifier: MIT
// Writes what a soak showed: docs/soak.md for people, build/soak.json whole.
import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { BUILD, DOCS } from '../bench/places.ts';
import type { Sample } from './samples.ts';
import type { Claim, Outcome } from './verdict.ts';

const ROWS = 13;

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);

function claims(all: readonly Claim[]): string {
  const lines = all.map(({ claim, isMet, seen }) => `| ${claim} | ${isMet ? 'yes' : '**no**'} | ${seen} |`);
  return ['| claim | met | seen |', '|---|---|---|', ...lines].join('\n');
}

function clients({ tallies }: Outcome): string {
  const lines = Object.entries(tallies).map(
    ([name, { done, bytes, wrong, failed }]) =>
      `| ${name} | ${done} | ${megabytes(bytes)} | ${wrong} | ${JSON.stringify(failed)} |`,
  );
  return ['| client | exchanges | MB | wrong | failed |', '|---|--:|--:|--:|---|', ...lines].join('\n');
}

/** Some of them, the first and the last included. */
function evenly(samples: readonly Sample[]): Sample[] {
  const step = Math.max(1, (samples.length - 1) / (ROWS - 1));
  const indexes = Array.from({ length: Math.min(ROWS, samples.length) }, (_, i) => Math.round(i * step));
  return indexes.flatMap((i) => samples[i] ?? []);
}

function course({ samples, end }: Outcome): string {
  const lines = [...evenly(samples), end].map(
    ({ at, connections, active, inactive, persistence, packets, daemonBytes, daemonDescriptors, kernelBytes }) =>
      `| ${at.toFixed(0)} | ${connections} | ${active} | ${inactive} | ${persistence} | ${packets} | ${megabytes(daemonBytes)} | ${daemonDescriptors} | ${megabytes(kernelBytes)} |`,
  );
  return [
    '| s | connections | active | inactive | persistence | packets | daemon MB | its descriptors | kernel MB |',
    '|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...lines,
  ].join('\n');
}

export interface Setting {
  readonly seconds: number;
  readonly disturbances: Readonly<Record<string, number>>;
  readonly flooded: number;
}

export function writeReport(outcome: Outcome, all: readonly Claim[], setting: Setting): void {
  const { samples, end, queues } = outcome;
  writeFileSync(join(BUILD, 'soak.json'), `${JSON.stringify({ setting, claims: all, ...outcome }, undefined, 2)}\n`);
  const [cpu] = cpus();
  const text = [
    '# An hour of everything at once',
    `\`sudo make soak\`, ${new Date().toISOString().slice(0, 10)}: ${setting.seconds} s of load, kernel ${release()}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${process.arch}. The last line is taken when every timeout has passed.`,
    claims(all),
    '## Clients',
    clients(outcome),
    '## Meanwhile',
    `${JSON.stringify(setting.disturbances)}; ${setting.flooded} SYNs from addresses that never answer. Full queues of the lab dropped ${queues.dropped} of ${queues.packets + queues.dropped} packets.`,
    `Drops by reason: ${JSON.stringify(end.drops)}. Left to the router’s own kernel: ${JSON.stringify(end.passes)}. Events: ${JSON.stringify(end.events)}.`,
    `## The router, ${samples.length} samples`,
    course(outcome),
  ];
  writeFileSync(join(DOCS, 'soak.md'), `${text.join('\n\n')}\n`);
}
