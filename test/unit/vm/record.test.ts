// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { compare, type GateRecord } from '../../vm/record.ts';

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
