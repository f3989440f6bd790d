// SPDX-License-Identifier: MIT
// What a newcomer sees first, on this kernel.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { XLVS } from '../../net/rig.ts';

test('every claim of the demonstration is true', async () => {
  const { stdout } = await promisify(execFile)(XLVS, ['demo'], { env: { ...process.env, NO_COLOR: '1' } });
  expect(stdout).toMatch(/^All \d+ claims were true\. .*nothing is left behind\.$/m);
});
