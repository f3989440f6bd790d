// SPDX-License-Identifier: MIT
// What must be true of a soak: no wrong byte, no failed exchange where no server went, nothing left over, memory flat.
import type { Sample } from './samples.ts';
import type { Tally } from './traffic.ts';

export interface Outcome {
  /** by client; the names of those that lose a server begin with `flapping` */
  readonly tallies: Readonly<Record<string, Tally>>;
  readonly samples: readonly Sample[];
  /** after every timeout has passed */
  readonly end: Sample;
  /** what `xlvs servers` still counts at the end */
  readonly leftOver: readonly string[];
}

export interface Claim {
  readonly claim: string;
  readonly isMet: boolean;
  readonly seen: string;
}

/** Datagrams that a full queue of this overloaded machine may lose, of all. */
const UNANSWERED = 0.002;

/** What the daemon and the kernel may have more at the end than after the first tenth of the time, when all is warm. */
const GROWTH_BYTES = 32 * 1024 * 1024;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** All that went wrong, without what UDP may lose. */
function failures({ done, failed }: Tally): number {
  const { unanswered = 0, ...others } = failed;
  return sum(Object.values(others)) + (unanswered > done * UNANSWERED ? unanswered : 0);
}

export function judge({ tallies, samples, end, leftOver }: Outcome): Claim[] {
  const all = Object.values(tallies);
  const steady = Object.entries(tallies).filter(([name]) => !name.startsWith('flapping'));
  const failing = steady.filter(([, tally]) => failures(tally) > 0);
  const warm = samples[Math.ceil(samples.length / 10)] ?? end;
  const last = samples.at(-1) ?? end;
  const wrong = sum(all.map((tally) => tally.wrong));
  const growth = (field: 'daemonBytes' | 'kernelBytes') => last[field] - warm[field];
  const flat = (field: 'daemonBytes' | 'kernelBytes') => ({
    isMet: growth(field) < GROWTH_BYTES,
    seen: `${megabytes(warm[field])} when warm, ${megabytes(last[field])} at the end`,
  });
  return [
    { claim: 'zero wrong bytes', isMet: wrong === 0, seen: `${wrong} answers of ${sum(all.map(({ done }) => done))}` },
    {
      claim: 'no exchange failed with servers that stay',
      isMet: failing.length === 0,
      seen: failing.map(([name, { failed }]) => `${name}: ${JSON.stringify(failed)}`).join('; ') || 'none did',
    },
    {
      claim: 'zero leaked entries',
      isMet: end.connections + end.persistence === 0,
      seen: `${end.connections} connections, ${end.persistence} of persistence`,
    },
    {
      claim: 'counts back to zero',
      isMet: end.active + end.inactive === 0 && leftOver.length === 0,
      seen: `${end.active} active, ${end.inactive} inactive${leftOver.length > 0 ? `: ${leftOver.join(', ')}` : ''}`,
    },
    { claim: 'the daemon’s memory is flat', ...flat('daemonBytes') },
    { claim: 'the kernel’s memory is flat', ...flat('kernelBytes') },
  ];
}
