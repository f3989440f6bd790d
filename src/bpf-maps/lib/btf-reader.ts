// SPDX-License-Identifier: MIT
// A cursor over BTF's type section and its strings, with every access checked against the section's end.
import { BtfError } from './btf.ts';

export interface Part {
  readonly start: number;
  readonly length: number;
}

export class BtfReader {
  readonly littleEndian: boolean;
  readonly #view: DataView;
  readonly #strings: Buffer;
  readonly #known = new Map<number, string>();
  readonly #end: number;
  #offset: number;

  constructor(raw: Uint8Array, types: Part, strings: Part, littleEndian: boolean) {
    this.littleEndian = littleEndian;
    this.#view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    this.#strings = Buffer.from(raw.buffer, raw.byteOffset + strings.start, strings.length);
    this.#offset = types.start;
    this.#end = types.start + types.length;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#end;
  }

  /** The next 32 bits, unsigned. */
  word(): number {
    const at = this.#offset;
    this.skip(4);
    return this.#view.getUint32(at, this.littleEndian);
  }

  skip(bytes: number): void {
    this.#offset += bytes;
    if (this.#offset > this.#end) throw new BtfError('BTF: cut short, the last type runs past the type section');
  }

  /** The NUL-terminated string at that offset of the string section. */
  string(offset: number): string {
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    const end = this.#strings.indexOf(0, offset);
    if (end < 0) throw new BtfError(`BTF: string offset ${offset} is outside the string section`);
    const text = this.#strings.toString('utf8', offset, end);
    this.#known.set(offset, text);
    return text;
  }
}
