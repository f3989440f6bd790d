// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { BpfError, BpfMap, Program, verifierReason } from '../lib/index.ts';
import { thrown } from './bytes.ts';

describe('BpfError', () => {
  test('is an Error with operation, object, code and errno', () => {
    const error = thrown(() => BpfMap.openPin('/nowhere'));
    expect(error).toBeInstanceOf(BpfError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'BpfError',
      operation: 'map openPin',
      object: '/nowhere',
      code: 'ENOENT',
      errno: 2,
    });
    expect(error).not.toHaveProperty('log');
    expect((error as Error).message).toBe('map openPin /nowhere: No such file or directory (ENOENT)');
  });

  test('has a stack that starts at the caller', () => {
    const { stack } = thrown(() => Program.openId(0)) as Error;
    expect(stack?.split('\n').find((line) => line.includes('error.test.ts'))).toBeDefined();
  });

  test('names the errno that only the kernel knows', () => {
    const map = BpfMap.create({ name: 'queue', type: 'queue', keySize: 0, valueSize: 4, maxEntries: 1 });
    const next = thrown(() => map.nextKey());
    map.close();
    expect(['ENOTSUPP', 'EINVAL', 'EOPNOTSUPP']).toContain((next as BpfError).code);
  });

  test('can be made by other implementations of the same interfaces', () => {
    const error = new BpfError({ operation: 'map set', object: 'fake', code: 'E2BIG', errno: 7 });
    expect(error.message).toBe('map set fake: E2BIG (E2BIG)');
  });

  test('says a detail instead of the errno in words', () => {
    const failure = { operation: 'map get', object: 'm', code: 'EBADF', errno: 9, reason: 'Bad file descriptor' };
    expect(new BpfError({ ...failure, detail: 'map m is closed' }).message).toBe('map get: map m is closed (EBADF)');
  });
});

describe('the reason in a log', () => {
  const wrap = (text: string): string =>
    `libbpf: prog 'main': BPF program load failed: Permission denied\n` +
    `libbpf: prog 'main': -- BEGIN PROG LOAD LOG --\n${text}-- END PROG LOAD LOG --\nlibbpf: failed to load object 'x'\n`;

  test('is what the verifier says after its last step', () => {
    const log = wrap(
      '0: R1=ctx() R10=fp0\n; if (x) @ a.c:1\n0: (b7) r0 = 0\nfrom 3 to 5: R0=1\nR1 !read_ok\nprocessed 1 insns (limit 1000000)\n',
    );
    expect(verifierReason(log)).toBe('program main: R1 !read_ok');
  });

  test('joins a verdict of several lines', () => {
    expect(verifierReason(wrap('1: (71) r0 = 1\ninvalid access\nR1 is outside\n\nprocessed 2 insns\n'))).toBe(
      'program main: invalid access; R1 is outside',
    );
  });

  test('is the first complaint of libbpf when no program was refused', () => {
    expect(verifierReason("libbpf: map 'x': failed to create: Invalid argument(-22)\nlibbpf: failed to load\n")).toBe(
      "map 'x': failed to create: Invalid argument(-22)",
    );
    expect(verifierReason(wrap(''))).toBe("prog 'main': BPF program load failed: Permission denied");
  });

  test('is nothing in a log without complaints', () => {
    expect(verifierReason('')).toBeUndefined();
  });
});
