// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { checkResults, figuresIn, lacks } from '../../vm/guest-report.ts';
import { kernelLines } from '../../vm/kernels.ts';

const CHECKS = [{ title: 'packets', files: ['test/packet/nat.test.ts', 'test/packet/eth.test.ts'] }];

function report(file: string, passed: number, failed: number): string {
  return `vm: report ${JSON.stringify({ file, passed, failed, skipped: 0, seconds: 1 })}\n`;
}

const isGood = (output: string): boolean | undefined => checkResults({ status: 0, output }, CHECKS)[0]?.isGood;

test('a check is good when every file reported and nothing failed', () => {
  expect(isGood(report('packet-nat', 3, 0) + report('packet-eth', 2, 0))).toBe(true);
  expect(isGood(report('packet-nat', 3, 0) + report('packet-eth', 2, 1))).toBe(false);
});

test('a file that never reported has failed, and so has one without a test', () => {
  expect(isGood(report('packet-nat', 3, 0))).toBe(false);
  expect(isGood('')).toBe(false);
  expect(isGood(report('packet-nat', 0, 0) + report('packet-eth', 0, 0))).toBe(false);
});

test('figures and missing features are read from the console', () => {
  const output = 'vm: begin\nvm: figure xlvs/new 6700\nvm: lacks XDP features\nvm: end 0\n';
  expect(figuresIn({ status: 0, output })).toEqual({ 'xlvs/new': 6700 });
  expect(lacks({ status: 0, output })).toEqual(['XDP features']);
});

test('a word that names no kernel is refused', () => {
  expect(kernelLines('6.1, newest').map(({ line }) => line)).toEqual(['6.1', 'newest']);
  expect(() => kernelLines('6.1 latest')).toThrow(/'latest' is no kernel line/);
});
