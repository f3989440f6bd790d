// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { ip, ipBatch, ipJson, parseIpJson, splitBatch, tryIp } from '../../../src/machine/iproute.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';

describe("ip's JSON", () => {
  test.each(['', '\n', '[]', '[ ]\n', '[{},{}]'])('%j is an empty list', (output) =>
    expect(parseIpJson(output)).toEqual([]),
  );

  test('keeps the objects that say something', () => {
    expect(parseIpJson('[{},{"ifname":"eth0"}]')).toEqual([{ ifname: 'eth0' }]);
  });
});

describe('a command that ip refuses', () => {
  test('is an answer with the reason, without the words around it', () => {
    expect(tryIp(['link', 'show', 'dev', 'no-such-dev'])).toEqual({
      ok: false,
      reason: 'Device "no-such-dev" does not exist.',
    });
  });

  test('is an XlvsError that names the command', () => {
    expect(() => ip(['link', 'show', 'dev', 'no-such-dev'])).toThrow(XlvsError);
    expect(() => ipJson(['link', 'show', 'dev', 'no-such-dev'])).toThrow(
      'ip -json link show dev no-such-dev: Device "no-such-dev" does not exist.',
    );
  });
});

describe('ip itself', () => {
  test('is found in the system directories whatever PATH says', () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      expect(ipJson(['link', 'show', 'dev', 'lo'])).toMatchObject([{ ifname: 'lo' }]);
    } finally {
      process.env.PATH = path;
    }
  });
});

describe('a batch', () => {
  const LAST = '[{"ifindex":1,"ifname":"lo"}]\n';

  test('gives the commands that failed by their lines, and the output of the others in order', () => {
    const stderr = 'RTNETLINK answers: Invalid argument\nCommand failed -:2\nError: any valid\nCommand failed -:4\n';
    const reason = 'Invalid argument, any valid';
    expect(splitBatch(5, `[{"dst":"a"}]\n[{"dst":"b"}]\n[{"dst":"c"}]\n${LAST}`, stderr)).toEqual([
      { ok: true, output: '[{"dst":"a"}]' },
      { ok: false, reason },
      { ok: true, output: '[{"dst":"b"}]' },
      { ok: false, reason },
      { ok: true, output: '[{"dst":"c"}]' },
    ]);
  });

  test('of commands that print nothing has empty outputs', () => {
    expect(splitBatch(2, LAST, '')).toEqual([
      { ok: true, output: '' },
      { ok: true, output: '' },
    ]);
  });

  test('that ended before its end has no answers', () => {
    expect(splitBatch(2, '[{"dst":"a"}]\n', 'RTNETLINK answers: Operation not permitted\n')).toBeUndefined();
    expect(splitBatch(2, '', '')).toBeUndefined();
  });

  test('of no commands asks nothing', () => expect(ipBatch([])).toEqual([]));

  test('goes on after a command that fails', () => {
    const [lo, none, again] = ipBatch(['link show dev lo', 'link show dev no-such-dev', 'link show dev lo']);
    expect(none).toEqual({ ok: false, reason: 'Device "no-such-dev" does not exist.' });
    expect(lo?.ok && parseIpJson(lo.output)).toMatchObject([{ ifname: 'lo' }]);
    expect(again).toEqual(lo);
  });

  test('goes on after a command that ends ip itself', () => {
    const [ended, lo] = ipBatch(['neighbour replace 192.0.2.1 dev lo nonsense', 'link show dev lo']);
    expect(ended).toEqual({ ok: false, reason: expect.stringContaining('nonsense') });
    expect(lo?.ok && parseIpJson(lo.output)).toMatchObject([{ ifname: 'lo' }]);
  });
});
