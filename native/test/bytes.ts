// SPDX-License-Identifier: MIT
// Numbers as the bytes that maps take, and back.
import type { BpfObject } from '../lib/index.ts';

const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export const u32 = (...numbers: number[]): Uint8Array => new Uint8Array(new Uint32Array(numbers).buffer);
export const u64 = (...numbers: number[]): Uint8Array =>
  new Uint8Array(new BigUint64Array(numbers.map((number) => BigInt(number))).buffer);

function view(bytes: Uint8Array | undefined): DataView {
  if (!bytes) throw new Error('no bytes to read a number from');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The number at `index`, counted in numbers; throws where there are no bytes. */
export const readU32 = (bytes: Uint8Array | undefined, index = 0): number => view(bytes).getUint32(index * 4, little);
export const readU64 = (bytes: Uint8Array | undefined, index = 0): number =>
  Number(view(bytes).getBigUint64(index * 8, little));

/** An Ethernet frame of `length` bytes from a made-up address to everybody. */
export function frame(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  return bytes;
}

/** What a call throws. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** The sum over all CPUs of one of the counters of xdp.bpf.c. */
export function counted(object: BpfObject, slot: number): number {
  const value = object.map('counters').get(u32(slot)) ?? new Uint8Array(0);
  let sum = 0;
  for (let i = 0; i < value.length / 8; i++) sum += readU32(value, 2 * i);
  return sum;
}
