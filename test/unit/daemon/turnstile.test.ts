// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { Held } from '../../../src/daemon/held.ts';
import { Turnstile } from '../../../src/daemon/turnstile.ts';

test('work passes one at a time, in its order, a failure included', async () => {
  const turnstile = new Turnstile();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`${name} ends`);
    if (name === 'a') throw new Error('a failed');
    return name;
  };
  const a = turnstile.pass(work('a'));
  const b = turnstile.pass(work('b'));
  await expect(a).rejects.toThrow('a failed');
  expect(await b).toBe('b');
  await turnstile.idle();
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('what is held is closed in the opposite order, once, even if one of it fails', async () => {
  const held = new Held();
  const closed: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    held.add(() => {
      closed.push(name);
      if (name === 'b') throw new Error('b stuck');
    });
  }
  await expect(held.closeAll()).rejects.toThrow('b stuck');
  await held.closeAll();
  expect(closed).toEqual(['c', 'b', 'a']);
});
