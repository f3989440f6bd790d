// SPDX-License-Identifier: MIT
// What may go wrong with a frame: cut off, bits turned, tags, and fields of its headers that say something else.
import type { IpFamily } from '../family.ts';
import { IP } from '../model/parse.ts';
import type { Random } from '../random.ts';

type Spoil = (r: Random, bytes: Uint8Array) => Uint8Array;

const setByte =
  (at: (r: Random) => number, value: (r: Random) => number): Spoil =>
  (r, bytes) => {
    const place = at(r);
    if (place < bytes.length) bytes[place] = value(r);
    return bytes;
  };

const anything = (r: Random): number => r.below(256);

const somewhere: Spoil = (r, bytes) => {
  const place = r.below(bytes.length);
  bytes[place] = (bytes[place] as number) ^ (1 << r.below(8));
  return bytes;
};

const tagged: Spoil = (r, bytes) => {
  const out = new Uint8Array(bytes.length + 4);
  out.set(bytes.subarray(0, 12));
  out.set([...r.pick([[0x81, 0x00], [0x88, 0xa8], [0x91, 0x00]]), 0, r.below(256)], 12); // biome-ignore format: pairs
  out.set(bytes.subarray(12), 16);
  return out;
};

const COMMON: readonly Spoil[] = [
  somewhere,
  somewhere,
  somewhere,
  (r, bytes) => bytes.slice(0, 14 + r.below(bytes.length - 13)),
  tagged,
  setByte((r) => 12 + r.below(2), anything),
  setByte((r) => r.below(6), anything),
];

const SPOILS: Record<IpFamily, readonly Spoil[]> = {
  4: [
    setByte(() => IP, (r) => (r.oneIn(3) ? anything(r) : 0x40 | r.below(16))), // biome-ignore format: table
    setByte((r) => IP + 2 + r.below(2), anything),
    setByte(() => IP + 6, anything),
    setByte(() => IP + 9, anything),
    setByte((r) => IP + 12 + r.below(8), anything),
    setByte(() => 46, anything),
    setByte((r) => 34 + r.below(20), anything),
    setByte(() => IP + 10, anything),
  ],
  6: [
    setByte(() => IP, anything),
    setByte((r) => IP + 4 + r.below(2), anything),
    setByte(() => IP + 6, (r) => (r.oneIn(3) ? anything(r) : r.pick([0, 43, 44, 51, 60, 58, 59]))), // biome-ignore format: table
    setByte((r) => IP + 8 + r.below(32), anything),
    // where extension headers, if any, tell the next one, their length and what they are
    setByte((r) => IP + 40 + r.below(8), (r) => r.pick([0, 1, 2, 6, 17, 43, 44, 60, r.below(256)])), // biome-ignore format: table
    setByte((r) => IP + 40 + r.below(24), anything),
    setByte(() => IP + 52, anything),
  ],
};

/** A frame cut off or a bit turned from its tags on, of so many bytes, to where its packet begins. */
export function spoilHead(r: Random, frame: Uint8Array, tags: number): Uint8Array {
  if (r.oneIn(2)) return frame.slice(0, 14 + r.below(tags + 4));
  const place = 12 + r.below(tags + 2);
  if (place < frame.length) frame[place] = (frame[place] as number) ^ (1 << r.below(8));
  return frame;
}

/** The frame with one thing wrong, or more. */
export function spoil(r: Random, family: IpFamily, frame: Uint8Array): Uint8Array {
  let bytes = frame;
  do bytes = r.pick(r.oneIn(2) ? COMMON : SPOILS[family])(r, bytes);
  while (r.oneIn(3));
  return bytes;
}
