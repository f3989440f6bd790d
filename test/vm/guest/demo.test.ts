// SPDX-License-Identifier: MIT
// What a newcomer sees first, on this kernel.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { XLVS } from '../../net/rig.ts';

test('every claim of the demonstration is true', async () => {
  const env = { ...process.env, NO_COLOR: '1' };
  // one that fails shows what it printed
  const { stdout } = await promisify(execFile)(XLVS, ['demo'], { env }).catch((error) => error as { stdout: string });
  expect(stdout).toMatch(/^All \d+ claims were true\. .*nothing is left behind\.$/m);
});
