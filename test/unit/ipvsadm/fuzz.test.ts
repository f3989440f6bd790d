// SPDX-License-Identifier: MIT
// Whatever the arguments, ipvsadm ends with one of its exit statuses, one line or none, and no stack; what it refuses
// changes nothing, and what it saves can be restored. A failure names its seed: add it to KEPT_SEEDS.
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { OPTIONS } from '../../../src/ipvsadm/options.ts';
import { type Random, random } from '../../packet/random.ts';
import { sampleRouter } from '../cli/sample-router.ts';
import { fakeIpvsadm } from './fake-ipvsadm.ts';

const KEPT_SEEDS = [1, 2];
const CALLS = 1_500;

const WORDS = OPTIONS.flatMap(({ long, short }) => [`--${long}`, ...(short ? [`-${short}`] : [])]);
const VALUES = [
  ...['192.0.2.10:8080', '192.0.2.10', '[2001:db8::1]:80', '2001:db8::1', '[::1]', '80', '10.0.0.1:80', 'web1:http'],
  ...[
    '0',
    '7',
    '-1',
    '4294967296',
    '2147483648',
    '99999999999999999999',
    '0x10',
    '',
    ' ',
    '-',
    '--',
    '=',
    '='.repeat(9),
  ],
  ...[
    'rr',
    'sh',
    'none',
    'sh-port,sh-fallback',
    ',',
    '255.255.255.0',
    '24',
    '129',
    'master',
    'sip',
    'gre',
    'a'.repeat(999),
  ],
  ...['\u0000', '\n', 'ß', '😀', '\ud800', '%s', '$(id)', '../..', '#', '__proto__', 'constructor', 'toString'],
];
const CHANGES = ['-A', '-E', '-D', '-a', '-e', '-d', '--set', '-Z', '-C'];

function calledWith(r: Random): string[] {
  const words = r.oneIn(6) ? [] : [r.oneIn(3) ? r.pick(WORDS) : r.pick(CHANGES)];
  if (r.oneIn(2)) words.push(r.pick(['-t', '-u', '-f', '--sctp-service']), r.pick(VALUES));
  if (r.oneIn(2)) words.push('-r', r.pick(VALUES), '-m');
  for (let n = r.below(6); n > 0; n--) words.push(r.oneIn(2) ? r.pick(WORDS) : r.pick(VALUES));
  return words;
}

async function fuzz(seed: number): Promise<void> {
  const r = random(seed);
  const statuses = new Set<number>();
  let ipvsadm = fakeIpvsadm(sampleRouter());
  for (let i = 0; i < CALLS; i++) {
    if (r.oneIn(100)) ipvsadm = fakeIpvsadm(sampleRouter());
    const words = calledWith(r);
    const before = JSON.stringify(ipvsadm.router.state());
    const { status, err } = await ipvsadm.call(words, words.join(' '));
    const what = `seed ${seed}: ${JSON.stringify(words)}: ${status} ${err}`;
    statuses.add(status);
    expect([0, 1, 2, 255], what).toContain(status);
    expect(err, what).not.toMatch(/\n {4}at |TypeError|undefined|\[object/);
    if (status !== 0) expect(err, what).not.toBe('');
    if (status !== 0) expect(JSON.stringify(ipvsadm.router.state()), what).toBe(before);
  }
  expect([...statuses].sort()).toEqual(expect.arrayContaining([0, 2, 255]));
  const saved = (await ipvsadm.run('-Sn')).out;
  const restored = fakeIpvsadm();
  expect(await restored.run('-R', saved), `seed ${seed}: ${saved}`).toMatchObject({ status: 0, err: '' });
  expect((await restored.run('-Sn')).out).toBe(saved);
}

test.each(KEPT_SEEDS)('kept seed %i: ipvsadm ends as it should', fuzz);

test('a fresh seed: so it does', () => fuzz(randomInt(1, 2 ** 31)));
