// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { LIMIT_MEMBERS } from '../../../src/abi/index.ts';
import { MemberBlocks } from '../../../src/dataplane/member-blocks.ts';

describe('blocks of members', () => {
  it('go after the cursor, around what is used', () => {
    const blocks = new MemberBlocks([{ first: 10, count: 5 }], 8);
    expect(blocks.take(3)).toEqual({ first: 15, count: 3 });
    expect(blocks.cursor).toBe(18);
    expect(blocks.take(2)).toEqual({ first: 18, count: 2 });
  });

  it('start over at the front when the end is full', () => {
    const blocks = new MemberBlocks([{ first: 100, count: LIMIT_MEMBERS - 100 }], LIMIT_MEMBERS - 1);
    expect(blocks.take(100)).toEqual({ first: 0, count: 100 });
  });

  it('say so when no gap is large enough', () => {
    const blocks = new MemberBlocks([{ first: 50, count: LIMIT_MEMBERS - 60 }], 0);
    expect(() => blocks.take(51)).toThrow('no room for a list of 51 servers');
    expect(blocks.take(50)).toEqual({ first: 0, count: 50 });
  });

  it('never overlap, whatever the sizes', () => {
    const blocks = new MemberBlocks([{ first: 7, count: 1 }], 0);
    const taken = [3, 10, 1, 4, 100, 2].map((count) => blocks.take(count));
    const cells = taken.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells).not.toContain(7);
  });
});
