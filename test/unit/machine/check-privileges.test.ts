// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { capabilitiesIn } from '../../../src/machine/capabilities.ts';
import { checkPrivileges } from '../../../src/machine/check-privileges.ts';

const NET_ADMIN = 1n << 12n;
const NET_RAW = 1n << 13n;
const SYS_ADMIN = 1n << 21n;
const BPF = 1n << 39n;

describe('a privileges check', () => {
  test.each([NET_ADMIN | BPF, NET_ADMIN | SYS_ADMIN])('accepts %i', (capabilities) =>
    expect(checkPrivileges(capabilities)).toBeUndefined(),
  );

  test.each([
    [0n, 'this process lacks CAP_BPF, CAP_NET_ADMIN'],
    [NET_ADMIN, 'this process lacks CAP_BPF'],
    [BPF | NET_RAW, 'this process lacks CAP_NET_ADMIN'],
  ])('names what is missing from %i', (capabilities, what) =>
    expect(checkPrivileges(capabilities)).toMatchObject({ where: 'privileges', what }),
  );

  test('asks for raw frames only where addresses are announced', () => {
    expect(checkPrivileges(NET_ADMIN | BPF, true)?.what).toBe('this process lacks CAP_NET_RAW');
    expect(checkPrivileges(NET_ADMIN | BPF | NET_RAW, true)).toBeUndefined();
  });
});

describe('the capabilities of a process', () => {
  test('are the effective ones', () => {
    const status = 'Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t0000008000001000\nCapBnd:\t000001ffffffffff\n';
    expect(capabilitiesIn(status)).toBe(BPF | NET_ADMIN);
  });

  test('are none where the kernel tells none', () => expect(capabilitiesIn('Name:\tnode\n')).toBe(0n));
});
