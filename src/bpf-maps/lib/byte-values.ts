// SPDX-License-Identifier: MIT
// Byte arrays and text inside a struct: `__u8[n]` and `char[n]`.

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/** A copy: the caller may keep it without keeping the whole batch alive. */
export function readBytes(view: DataView, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = view.getUint8(offset + i);
  return bytes;
}

export function writeBytes(view: DataView, offset: number, length: number, value: Uint8Array, where: string): void {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new RangeError(`${where}: Uint8Array of ${length} bytes expected, got ${value?.length ?? value}`);
  new Uint8Array(view.buffer, view.byteOffset + offset, length).set(value);
}

/** UTF-8 up to the first NUL or the end. */
export function readText(view: DataView, offset: number, length: number): string {
  let ascii = '';
  for (let i = 0; i < length; i++) {
    const byte = view.getUint8(offset + i);
    if (byte === 0) return ascii;
    if (byte >= 0x80) return readUtf8(view, offset, length);
    ascii += String.fromCharCode(byte);
  }
  return ascii;
}

function readUtf8(view: DataView, offset: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, length);
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Fills the rest with NULs. A text as long as the array is stored without one. */
export function writeText(view: DataView, offset: number, length: number, value: string, where: string): void {
  if (typeof value !== 'string' || value.includes('\0'))
    throw new TypeError(`${where}: text without NUL characters expected, got ${JSON.stringify(value)}`);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, length);
  const { read, written } = encoder.encodeInto(value, bytes);
  if (read < value.length) throw new RangeError(`${where}: '${value}' does not fit into ${length} bytes`);
  bytes.fill(0, written);
}
