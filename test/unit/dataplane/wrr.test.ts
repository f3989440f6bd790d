// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { wrrAfterAdding, wrrAfterChange, wrrBounds } from '../../../src/dataplane/wrr.ts';

describe('wrr after a change of its list', () => {
  it('takes the greatest common divisor as its step, weight 0 left out', () => {
    expect(wrrBounds([4, 0, 2])).toEqual({ step: 2, top: 3 });
    expect(wrrBounds([4, 3, 2])).toEqual({ step: 1, top: 4 });
    expect(wrrBounds([0, 0])).toEqual({ step: 1, top: 0 });
    expect(wrrBounds([])).toEqual({ step: 1, top: 0 });
  });

  it('starts at the top when it had no weight or too high a one', () => {
    expect(wrrAfterChange(0, [4, 3, 2])).toBe(4);
    expect(wrrAfterChange(9, [4, 3, 2])).toBe(4);
  });

  it('keeps a weight that still makes sense, aligned to the step', () => {
    expect(wrrAfterChange(2, [4, 3, 2])).toBe(2);
    expect(wrrAfterChange(3, [8, 4])).toBe(1);
  });

  // golden-2.txt: servers of weight 4, 3, 2 added in turn to a live kernel
  it('has the residue of the adding phase that a live kernel shows', () => {
    expect(wrrAfterAdding(0, [], [4, 3, 2])).toBe(1);
  });
});
