// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { checkKernel } from '../../../src/machine/check-kernel.ts';

describe('a kernel check', () => {
  test.each(['6.1.0-18-amd64', '6.18.44', '7.0-rc1', '10.0.0'])('accepts %s', (release) =>
    expect(checkKernel(release)).toBeUndefined(),
  );

  test.each(['6.0.19', '5.15.0-91-generic', '4.19'])('refuses %s and says what is needed', (release) =>
    expect(checkKernel(release)).toEqual({
      where: 'kernel',
      what: `Linux ${release} is older than 6.1`,
      cure: 'boot Linux 6.1 or newer',
    }),
  );
});
