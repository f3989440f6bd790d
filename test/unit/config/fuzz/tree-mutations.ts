// SPDX-License-Identifier: MIT
// A config's values, spoilt: well-formed files that say something else, or nonsense.
import type { Random } from '../../../packet/random.ts';

export type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

const nested = (depth: number): Tree => (depth === 0 ? 1 : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) });

const NUMBERS = [0, -0, -1, 1, 2, 21, 32, 33, 128, 1024, 65535, 65536, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 64, 1.5, 1e300];
const ADDRESSES = (
  '0.0.0.0 0.0.0.0/0 255.255.255.255 127.0.0.1 224.0.0.1 10.0.0.1 10.0.0.2 10.0.0.254 10.0.0.1/33 10.0.0.1/31 10.0.0.0/24 ' +
  '192.0.2.10 192.0.2.255/24 010.0.0.1 10.0.0 10.0.0.256 1.2.3.4.5 0x0a.0.0.1 167772161 :: ::1 ::ffff:10.0.0.1 2001:DB8::1 2001:db8::/32 ' +
  'fe80::1%eth0 [::1]:80 localhost:1 10.0.0.1: 10.0.0.1:65536 １０.0.0.1'
).split(' ');
const WORDS = (
  'tcp udp sctp rr wrr lc wlc sh mh any 80 80-90 90-80 80- -80 0-65535 65535-65536 300s 5m 1h 31d 0s 99999999999s 1e3 ' +
  'public private native ipv4 ipv6 yes no null ~ true eth0 <<'
).split(' ');
const ODD = [
  '',
  ' ',
  'ü',
  'a b',
  '\u0000',
  'a\nb',
  '\u202e',
  '😀',
  'x'.repeat(70),
  '"',
  "'",
  '#',
  '- ',
  '*a',
  '&a',
  '!!str',
];
const KEYS = [
  'nmae',
  'Name',
  'servers',
  'port',
  'mark',
  'address',
  '__proto__',
  'toString',
  'limits',
  'flags',
  '',
  '<<',
  'ü',
  '0',
  '-1',
];
const CONTAINERS: readonly Tree[] = [null, true, false, [], {}, [[]], [null], { a: 1 }, nested(5), nested(100)];

function value(r: Random): Tree {
  return r.pick([
    () => r.pick(NUMBERS),
    () => r.pick(ADDRESSES),
    () => r.pick(WORDS),
    () => r.pick(ODD),
    () => structuredClone(r.pick(CONTAINERS)),
  ])() as Tree;
}

interface Place {
  readonly holder: Tree[] | { [key: string]: Tree };
  readonly key: string | number;
}

const isHolder = (tree: Tree | undefined): tree is Place['holder'] => typeof tree === 'object' && tree !== null;
const at = ({ holder, key }: Place): Tree => (holder as Record<string | number, Tree>)[key] as Tree;

function put({ holder, key }: Place, tree: Tree): void {
  // Not by assignment: a key may be __proto__.
  Object.defineProperty(holder, key, { value: tree, enumerable: true, configurable: true, writable: true });
}

function places(tree: Tree): Place[] {
  if (!isHolder(tree)) return [];
  const keys = Array.isArray(tree) ? [...tree.keys()] : Object.keys(tree);
  return keys.flatMap((key): Place[] => [{ holder: tree, key }, ...places(at({ holder: tree, key }))]);
}

type Mutation = (place: Place, all: readonly Place[], r: Random) => void;

const MUTATIONS: readonly Mutation[] = [
  (place, _, r) => put(place, value(r)),
  (place, _, r) => put(place, value(r)),
  ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  ({ holder }, _, r) =>
    Array.isArray(holder)
      ? put({ holder, key: holder.length }, value(r))
      : put({ holder, key: r.pick(KEYS) }, value(r)),
  // Another place's value: right elsewhere, or twice.
  (place, all, r) => put(place, structuredClone(at(r.pick(all)))),
  (place, _, r) => {
    const list = at(place);
    if (Array.isArray(list) && list.length > 0) list.push(structuredClone(r.pick(list)));
  },
  (place) => put(place, [at(place)]),
  (place) => put(place, JSON.stringify(at(place))),
];

/** One to three values go wrong. Changes the tree, and returns it. */
export function spoilTree(tree: Tree, r: Random): Tree {
  for (let n = r.below(3) + 1; n > 0; n--) {
    const all = places(tree);
    if (all.length > 0) r.pick(MUTATIONS)(r.pick(all), all, r);
  }
  return tree;
}
