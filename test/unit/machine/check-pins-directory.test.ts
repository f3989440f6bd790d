// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPinsDirectory } from '../../../src/machine/check-pins-directory.ts';

describe('a pins directory check', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pins-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('refuses a directory of another file system, existing or not', () => {
    const finding = { what: 'is not on a BPF file system', cure: 'choose a directory below /sys/fs/bpf for the pins' };
    expect(checkPinsDirectory(directory)).toEqual({ where: directory, ...finding });
    const missing = join(directory, 'not', 'yet');
    expect(checkPinsDirectory(missing)).toEqual({ where: missing, ...finding });
  });

  test('refuses a file, and what would be below one', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(checkPinsDirectory(file)?.what).toBe(`${file} is no directory`);
    expect(checkPinsDirectory(join(file, 'xlvs'))?.what).toBe(`${file} is no directory`);
  });
});
