// SPDX-License-Identifier: MIT
// The soak's verdict: each claim is met by a good hour, and fails alone when what it is about is wrong.
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../soak/samples.ts';
import { judge, type Outcome } from '../../soak/verdict.ts';

const sample = (rest: Partial<Sample> = {}): Sample => ({
  at: 0,
  connections: 100,
  filled: 0.99,
  persistence: 1,
  active: 50,
  inactive: 50,
  packets: 1,
  drops: {},
  passes: {},
  events: {},
  daemonBytes: 90e6,
  daemonDescriptors: 60,
  kernelBytes: 200e6,
  ...rest,
});

const end = sample({
  connections: 0,
  persistence: 0,
  active: 0,
  inactive: 0,
  filled: 0,
  events: { connection_reclaimed: 5 },
});
const FAILED = 'no exchange failed with servers that stay, but for what the lab’s full queues explain';
const tally = { done: 1000, bytes: 1, wrong: 0, failed: {} };
const samples = Array.from({ length: 40 }, () => sample());
const good: Outcome = {
  tallies: { steady: tally, 'flapping: one': tally },
  samples,
  end,
  leftOver: [],
  queues: { packets: 998, dropped: 2 },
};

const unmet = (rest: Partial<Outcome>): string[] =>
  judge({ ...good, ...rest })
    .filter(({ isMet }) => !isMet)
    .map(({ claim }) => claim);

/** As many more bytes in every sample as one before it had. */
const growing = (field: 'daemonBytes' | 'kernelBytes', step: number): Sample[] =>
  samples.map((one, i) => ({ ...one, [field]: one[field] + i * step }));

describe('a soak', () => {
  test('that went well meets every claim', () => {
    expect(unmet({})).toEqual([]);
  });

  test.each<[string, Partial<Outcome>, string]>([
    ['a wrong byte', { tallies: { steady: { ...tally, wrong: 1 } } }, 'zero wrong bytes'],
    ['a failed exchange', { tallies: { steady: { ...tally, failed: { ECONNRESET: 1 } } } }, FAILED],
    [
      'a greater share of datagrams lost than full queues have',
      { tallies: { steady: { ...tally, failed: { unanswered: 3 } } } },
      FAILED,
    ],
    ['an entry left over', { end: { ...end, connections: 1 } }, 'zero leaked entries'],
    ['a count left over', { end: { ...end, inactive: 1 } }, 'counts back to zero'],
    ['a server with a count', { leftOver: ['steady 10.0.0.1'] }, 'counts back to zero'],
    [
      'a flood that never filled the table',
      { samples: samples.map((one) => ({ ...one, filled: 0.9 })) },
      'floods filled the table, and half-open connections gave way',
    ],
    [
      'a full table in which nothing gave way',
      { end: { ...end, events: {} } },
      'floods filled the table, and half-open connections gave way',
    ],
    ['a daemon that grows', { samples: growing('daemonBytes', 500e3) }, 'the daemon’s memory is flat'],
    ['a kernel that grows', { samples: growing('kernelBytes', 1e6) }, 'the kernel’s memory is flat'],
    [
      'descriptors that stay open',
      { samples: samples.map((one, i) => ({ ...one, daemonDescriptors: 60 + Math.floor(i / 4) })) },
      'its descriptors are as many',
    ],
  ])('%s', (_, rest, claim) => {
    expect(unmet(rest)).toEqual([claim]);
  });

  test('says how much the queues and how many datagrams were lost', () => {
    const lossy = { ...tally, done: 999, failed: { unanswered: 1 } };
    const [, claim] = judge({ ...good, tallies: { steady: tally, datagrams: lossy } });
    expect(claim?.seen).toBe('they dropped 0.20 % of all packets; of datagrams 0.10 % were not answered');
  });

  test('is not judged by servers that go, nor by a moment of much memory', () => {
    const flapping = { ...tally, failed: { ECONNRESET: 10 } };
    const peak = samples.with(35, sample({ kernelBytes: 400e6, daemonDescriptors: 100 }));
    expect(unmet({ tallies: { steady: tally, 'flapping: one': flapping }, samples: peak })).toEqual([]);
  });

  test('without samples is not called flat', () => {
    expect(unmet({ samples: [] })).toContain('the kernel’s memory is flat');
  });
});
