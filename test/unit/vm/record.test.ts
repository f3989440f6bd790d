// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { compare, type GateRecord, isRed, recordAfter } from '../../vm/record.ts';

const record: GateRecord = {
  reason: 'because',
  clang: '14',
  kernels: { '6.1': { 'xlvs/established': 1000, 'verifier/xlvs': 80_000, 'ipvs/established': 6000 } },
};

const verdict = (name: string, now: number, clang = '14', line = '6.1'): string | undefined =>
  compare(record, clang, line, { [name]: now })[0]?.verdict;

test.each([
  ['xlvs/established', 1030, 'same'],
  ['xlvs/established', 1031, 'worse'],
  ['xlvs/established', 970, 'same'],
  ['xlvs/established', 969, 'better'],
  ['verifier/xlvs', 82_401, 'worse'],
])('%s of %d is %s', (name, now, expected) => {
  expect(verdict(name, now)).toBe(expected);
});

test('what another program costs is no verdict on xlvs', () => {
  expect(verdict('ipvs/established', 60_000)).toBe('peer');
  expect(verdict('xlvs/connections-per-second', 1)).toBe('peer');
});

test('what was not recorded, and what another clang made, is not compared', () => {
  expect(verdict('xlvs/new', 99_999)).toBe('new');
  expect(verdict('xlvs/established', 99_999, '14', '6.12')).toBe('new');
  expect(verdict('xlvs/established', 99_999, '19')).toBe('other compiler');
});

test('a recorded figure that its boot does not measure any more is red', () => {
  const [lost, ...more] = compare(record, '14', '6.1', { 'verifier/xlvs': 80_000 }, ['counted', 'checks']).filter(
    isRed,
  );
  expect([lost?.name, lost?.verdict, more]).toEqual(['xlvs/established', 'missing', []]);
  expect(compare(record, '14', '6.1', { 'verifier/xlvs': 80_000 }, ['checks']).filter(isRed)).toEqual([]);
});

test('recording replaces what the boots measure and keeps the rest', () => {
  const measured = new Map([['6.1', { figures: { 'verifier/new': 7 }, boots: ['checks'] }]]);
  expect(recordAfter(record, 'why', '14', measured).kernels['6.1']).toEqual({
    'xlvs/established': 1000,
    'ipvs/established': 6000,
    'verifier/new': 7,
  });
});
