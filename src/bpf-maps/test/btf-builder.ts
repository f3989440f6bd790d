// SPDX-License-Identifier: MIT
// Writes BTF by hand, for kinds and damage that the compiler at hand does not produce.

export interface RawType {
  readonly kind: number;
  readonly name?: string;
  readonly vlen?: number;
  readonly flag?: boolean;
  readonly sizeOrType?: number;
  /** The words after the three that every type has; a string becomes its offset. */
  readonly rest?: readonly (number | string)[];
}

export function buildBtf(types: readonly RawType[], littleEndian = true): Uint8Array {
  const strings = ['\0'];
  const offsetOf = (text: string): number => {
    const offset = strings.join('').length;
    if (text !== '') strings.push(`${text}\0`);
    return text === '' ? 0 : offset;
  };
  const words = types.flatMap(({ kind, name = '', vlen = 0, flag = false, sizeOrType = 0, rest = [] }) => [
    offsetOf(name),
    ((flag ? 0x80000000 : 0) | (kind << 24) | vlen) >>> 0,
    sizeOrType,
    ...rest.map((word) => (typeof word === 'string' ? offsetOf(word) : word)),
  ]);
  const text = Buffer.from(strings.join(''));
  const header = [24, 0, words.length * 4, words.length * 4, text.length];
  const bytes = new Uint8Array(24 + words.length * 4 + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, littleEndian);
  view.setUint8(2, 1);
  [...header, ...words].forEach((word, i) => {
    view.setUint32(4 + i * 4, word, littleEndian);
  });
  bytes.set(text, 24 + words.length * 4);
  return bytes;
}
