// SPDX-License-Identifier: MIT
// C source to BTF bytes for tests: calls clang, takes the .BTF section out of the ELF file. Needs no libbpf.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Btf, parseBtf } from '../lib/index.ts';

export type Target = 'bpf' | 'bpfeb';

const directory = mkdtempSync(join(tmpdir(), 'bpf-maps-'));
afterAll(() => rmSync(directory, { recursive: true }));
let objects = 0;

/** An object file from a C file beside the tests; the compiler is $CLANG or clang. Removed after the tests of the file. */
export function compile(file: string, target: Target = 'bpf'): string {
  return compilePath(fileURLToPath(new URL(file, import.meta.url)), target);
}

function compilePath(source: string, target: Target): string {
  const output = join(directory, `${objects++}.o`);
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const flags = ['-target', target, '-O2', '-g', '-mcpu=v3', `-I/usr/include/${architecture}-linux-gnu`];
  execFileSync(process.env.CLANG ?? 'clang', [...flags, '-c', source, '-o', output]);
  return output;
}

/** The parsed BTF of C text; `#include <linux/types.h>` is there. */
export function btfOf(source: string, target: Target = 'bpf'): Btf {
  return parseBtf(rawBtfOf(source, target));
}

export function rawBtfOf(source: string, target: Target = 'bpf'): Uint8Array {
  const file = join(directory, `${objects++}.c`);
  writeFileSync(file, `#include <linux/types.h>\n${source}\n`);
  return sectionOf(readFileSync(compilePath(file, target)), '.BTF');
}

/** A section of an ELF64 file. */
export function sectionOf(elf: Buffer, name: string): Uint8Array {
  const little = elf[5] === 1;
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const long = (at: number): number => Number(view.getBigUint64(at, little));
  const header = (index: number): number => long(40) + index * view.getUint16(58, little);
  const names = long(header(view.getUint16(62, little)) + 24);
  for (let index = 0; index < view.getUint16(60, little); index++) {
    const start = names + view.getUint32(header(index), little);
    if (elf.toString('latin1', start, elf.indexOf(0, start)) !== name) continue;
    const offset = long(header(index) + 24);
    return new Uint8Array(elf.subarray(offset, offset + long(header(index) + 32)));
  }
  throw new Error(`no section ${name}`);
}
