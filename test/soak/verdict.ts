// SPDX-License-Identifier: MIT
// What must be true of a soak: no wrong byte, no failed exchange where no server went, nothing left over, memory flat.
import { summarize } from '../bench/statistics.ts';
import type { Queues } from './queues.ts';
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
  /** what the lab itself has lost */
  readonly queues: Queues;
}

export interface Claim {
  readonly claim: string;
  readonly isMet: boolean;
  readonly seen: string;
}

/** Samples of the last quarter of the time may be so much above those of the second, when all is warm: medians, which peaks do not move. */
const GROWTH = 0.05;

/** A table that never came so near to its end has not been flooded. */
const FULL = 0.98;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const median = (numbers: readonly number[]): number => summarize(numbers).median;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** Of all packets, those that full queues dropped. */
const lossOf = ({ packets, dropped }: Queues): number => dropped / Math.max(1, packets + dropped);

/**
 * All that went wrong, without what the queues explain: nobody sends a lost datagram again. An exchange is two packets at least,
 * so that of exchanges more are lost than of packets, if xlvs loses none.
 */
function failures({ done, failed }: Tally, loss: number): number {
  const { unanswered = 0, ...others } = failed;
  return sum(Object.values(others)) + (unanswered > done * loss ? unanswered : 0);
}

type Field = 'daemonBytes' | 'daemonDescriptors' | 'kernelBytes';

function flat(samples: readonly Sample[], field: Field, text: (n: number) => string): Omit<Claim, 'claim'> {
  const quarter = samples.length / 4;
  const medianOf = (nth: number): number =>
    median(samples.slice(Math.floor(nth * quarter), Math.ceil((nth + 1) * quarter)).map((sample) => sample[field]));
  const [warm, last] = [medianOf(1), medianOf(3)];
  const most = Math.max(...samples.map((sample) => sample[field]));
  return {
    isMet: last <= warm * (1 + GROWTH),
    seen: `${text(warm)} in the second quarter, ${text(last)} in the last (medians); ${text(most)} at most`,
  };
}

/** How many datagrams nobody answered. */
function unanswered(steady: readonly (readonly [string, Tally])[]): string {
  const tallies = steady.map(([, tally]) => tally).filter(({ failed }) => failed.unanswered);
  const lost = sum(tallies.map(({ failed }) => failed.unanswered ?? 0));
  const share = lost / Math.max(1, lost + sum(tallies.map(({ done }) => done)));
  return `of datagrams ${(share * 100).toFixed(2)} % were not answered`;
}

export function judge({ tallies, samples, end, leftOver, queues }: Outcome): Claim[] {
  const loss = lossOf(queues);
  const all = Object.values(tallies);
  const steady = Object.entries(tallies).filter(([name]) => !name.startsWith('flapping'));
  const failing = steady.filter(([, tally]) => failures(tally, loss) > 0);
  const wrong = sum(all.map((tally) => tally.wrong));
  const fullest = Math.max(...samples.map(({ filled }) => filled));
  const { connection_reclaimed: reclaimed = 0 } = end.events;
  return [
    { claim: 'zero wrong bytes', isMet: wrong === 0, seen: `${wrong} answers of ${sum(all.map(({ done }) => done))}` },
    {
      claim: 'no exchange failed with servers that stay, but for what the lab’s full queues explain',
      isMet: failing.length === 0,
      seen:
        failing.map(([name, { failed }]) => `${name}: ${JSON.stringify(failed)}`).join('; ') ||
        `they dropped ${(loss * 100).toFixed(2)} % of all packets; ${unanswered(steady)}`,
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
    {
      claim: 'floods filled the table, and half-open connections gave way',
      isMet: fullest >= FULL && reclaimed > 0,
      seen: `${(fullest * 100).toFixed(1)} % at its fullest, ${reclaimed} gave way`,
    },
    { claim: 'the daemon’s memory is flat', ...flat(samples, 'daemonBytes', megabytes) },
    { claim: 'its descriptors are as many', ...flat(samples, 'daemonDescriptors', String) },
    { claim: 'the kernel’s memory is flat', ...flat(samples, 'kernelBytes', megabytes) },
  ];
}
