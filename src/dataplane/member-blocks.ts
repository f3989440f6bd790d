// SPDX-License-Identifier: MIT
// Where in the members map a service's list stands. A published block is never edited: a changed list goes to a fresh
// block, and the block left behind is not used again before all the room after it has been.
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';

export interface Block {
  readonly first: number;
  readonly count: number;
}

/** Free room in [0, LIMIT_MEMBERS), next fit from a cursor that goes round. */
export class MemberBlocks {
  private readonly used: Block[];
  cursor: number;

  constructor(used: Iterable<Block>, cursor: number) {
    this.used = [...used].filter((block) => block.count > 0).sort((a, b) => a.first - b.first);
    this.cursor = cursor;
  }

  /** Throws XlvsError when no gap is large enough. */
  take(count: number): Block {
    if (count === 0) return { first: 0, count: 0 };
    const first = this.fit(this.cursor, count) ?? this.fit(0, count);
    if (first === undefined) {
      throw new XlvsError('full', `no room for a list of ${count} servers`, 'remove services or servers first');
    }
    const block = { first, count };
    const at = this.used.findIndex((other) => other.first > first);
    this.used.splice(at < 0 ? this.used.length : at, 0, block);
    this.cursor = first + count;
    return block;
  }

  private fit(from: number, count: number): number | undefined {
    let first = from;
    for (const block of this.blocksFrom(from)) {
      if (block.first >= first + count) return first;
      first = Math.max(first, block.first + block.count);
    }
    return first + count <= abi.LIMIT_MEMBERS ? first : undefined;
  }

  /** Blocks that end after `from`; ascending and disjoint, so the start is found by bisection. */
  private blocksFrom(from: number): Block[] {
    let low = 0;
    let high = this.used.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.used[middle] as Block;
      if (block.first + block.count > from) high = middle;
      else low = middle + 1;
    }
    return this.used.slice(low);
  }
}
