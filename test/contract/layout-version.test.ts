// SPDX-License-Identifier: MIT
// Layouts of pinned maps and their version belong together: a running router's maps outlive the program that made them, and
// only the version tells the next program that it does not understand them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Layout } from 'bpf-maps';
import { expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';

interface Recorded {
  readonly abiVersion: number;
  /** by map, of its key's and its value's layout */
  readonly digests: Readonly<Record<string, string>>;
}

const recorded = JSON.parse(readFileSync(new URL('layouts.json', import.meta.url), 'utf8')) as Recorded;

/** Of everything but the help texts. */
function digest(...layouts: Layout[]): string {
  const text = JSON.stringify(layouts, (key, value) => (key === 'help' ? undefined : value));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const present = Object.fromEntries(
  Object.entries(abi.maps).map(([name, { key, value }]) => [name, digest(key.layout, value.layout)]),
);

test('a map whose layout changes changes ABI_VERSION', () => {
  const advice = `raise ABI_VERSION of bpf/abi_basics.h, then record in test/contract/layouts.json: ${JSON.stringify({ abiVersion: abi.ABI_VERSION, digests: present })}`;
  expect({ abiVersion: abi.ABI_VERSION, digests: present }, advice).toEqual(recorded);
});
