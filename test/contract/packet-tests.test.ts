// SPDX-License-Identifier: MIT
// Every header of the data plane has its packet tests: the comment at the head of one of them names it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** Layouts, maps and tunables: nothing that a packet could be sent through. */
const WITHOUT_BEHAVIOUR = /^(abi|abi_.*|maps|maps_.*|config)\.h$/;

const named = (folder: string, end: string): string[] =>
  readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(end));

/** The lines of comment that a file begins with. */
const headOf = (file: string): string => /^(\/\/.*\n)*/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';

const headers = named('bpf', '.h').filter((name) => !WITHOUT_BEHAVIOUR.test(name));
const heads = named('test/packet', '.test.ts').map((name) => headOf(join(ROOT, 'test/packet', name)));
const mentioned = heads.flatMap((head) => [...head.matchAll(/\bbpf\/(\w+\.h)\b/g)].map(([, name = '']) => name));

describe('packet tests', () => {
  it.each(headers)('name bpf/%s at the head of one', (header) => {
    expect(mentioned).toContain(header);
  });

  it('name no header that is not there', () => {
    expect(mentioned.filter((name) => !headers.includes(name))).toEqual([]);
  });

  it('begin with a licence and what they are about', () => {
    for (const head of heads) expect(head).toMatch(/^\/\/ SPDX-License-Identifier: MIT\n\/\/ \S/);
  });
});
