// SPDX-License-Identifier: MIT
// Single values as commands, files and the daemon's socket bring them: each is read or not, never with an exception, and
// what was read is read again as the same from its canonical text. XLVS_FUZZ_TEXTS, _SEED and _SECONDS choose others.
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/config/duration.ts';
import { DURATION_MAX } from '../../../src/config/schema-fields.ts';
import { decodeAnswer, decodeRequest, encode } from '../../../src/daemon/protocol.ts';
import { formatAddress, parseAddress } from '../../../src/net/address.ts';
import { formatEndpoint, parseEndpoint, parseHostPort } from '../../../src/net/endpoint.ts';
import { formatMac, parseMac } from '../../../src/net/mac.ts';
import { formatPortRange, parsePortRange } from '../../../src/net/port-range.ts';
import { formatPrefix, netmaskOfPrefix, parsePrefix, prefixOfNetmask } from '../../../src/net/prefix.ts';
import { type Budget, FuzzPlan } from '../../fuzzing.ts';
import { type Random, random } from '../../packet/random.ts';
import { KEPT_SEEDS } from './fuzz/seeds.ts';

const plan = new FuzzPlan({
  file: 'test/unit/net/fuzz.test.ts',
  project: 'unit',
  countedBy: 'XLVS_FUZZ_TEXTS',
  count: 30_000,
  seedsFile: 'test/unit/net/fuzz/seeds.ts',
  kept: KEPT_SEEDS,
});

/** A reader with the writer of what it reads. */
function pair<T>(parse: (text: string) => T | undefined, format: (value: T) => string) {
  return (text: string): boolean => {
    const value = parse(text);
    if (value === undefined) return false;
    const canonical = format(value);
    if (!isDeepStrictEqual(parse(canonical), value))
      throw new Error(
        `${JSON.stringify(text)} is ${JSON.stringify(value)}, its text ${JSON.stringify(canonical)} is not`,
      );
    return true;
  };
}

function allowedDuration(text: string): number | undefined {
  const seconds = parseDuration(text);
  return seconds !== undefined && seconds <= DURATION_MAX ? seconds : undefined;
}

const READERS: Readonly<Record<string, (text: string) => boolean>> = {
  address: pair(parseAddress, ({ bytes }) => formatAddress(bytes)),
  prefix: pair(parsePrefix, formatPrefix),
  netmask: pair(prefixOfNetmask, netmaskOfPrefix),
  endpoint: pair(parseEndpoint, ({ address, port }) => formatEndpoint(address, port)),
  'host and port': pair(parseHostPort, ({ host, port }) => formatEndpoint(host, port)),
  'port range': pair(parsePortRange, formatPortRange),
  mac: pair(parseMac, formatMac),
  duration: pair(allowedDuration, formatDuration),
  request: pair(decodeRequest, encode),
  answer: pair(decodeAnswer, encode),
};

const VALID = [
  ...[
    '10.0.0.1',
    '0.0.0.0',
    '255.255.255.0',
    '192.0.2.0/28',
    '10.0.0.1:80',
    '0.0.0.0/0',
    '2001:db8::1',
    '::',
    '::1/128',
  ],
  ...['[2001:db8::1]:65535', '::ffff:10.0.0.1', 'router-1.example.net:9113', 'localhost:0', '80', '10000-20000', 'any'],
  ...['02:00:00:00:00:01', '02-00-00-00-00-01', '300s', '5m', '1h', '9999999999h', '{"request":"reload"}'],
  '{"pid":1,"verdict":"applied","lines":["+ service a"]}',
];
const PIECES = [
  ...'0 1 9 25 255 256 65535 65536 4294967296 . : :: / - [ ] % s m h d x e + , "'.split(' '),
  ...[
    '{',
    '}',
    'null',
    '[1]',
    '\\u0000',
    '\u0000',
    ' ',
    '\n',
    '１',
    'ß',
    '😀',
    '\ud800',
    '9'.repeat(40),
    ':1'.repeat(40),
  ],
];

function spoilt(r: Random): string {
  let text = r.pick(VALID);
  for (let n = r.below(4); n > 0; n--) {
    const at = r.below(text.length + 1);
    text = text.slice(0, at) + (r.oneIn(3) ? '' : r.pick(PIECES)) + text.slice(at + r.below(3));
  }
  return text;
}

function run(seed: number, count: number, budget: Budget, progress: (done: number) => void): void {
  const r = random(seed);
  const read = new Set<string>();
  let done = 0;
  for (; done < count && !budget.isOver; done++) {
    progress(done);
    const text = spoilt(r);
    for (const [name, reads] of Object.entries(READERS)) if (reads(text)) read.add(name);
  }
  if (done >= 2000) expect([...read].sort()).toEqual(Object.keys(READERS).sort());
}

test.each(plan.kept)('kept seed $seed: $count texts are read as what they are, or not', (kept) =>
  plan.runKept(kept, run),
);

test('a fresh seed: so are others', () => plan.runFresh(run), plan.timeout);
