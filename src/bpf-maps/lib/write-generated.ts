// SPDX-License-Identifier: MIT
// From a compiled object to files: reads its BTF through libbpf, generates, writes.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BpfObject } from 'libbpf-ts';
import { GENERATED_FILES, type GenerateOptions, generate } from './generate.ts';
import { parseBtf } from './parse-btf.ts';

/**
 * Replaces the generated files in the directory, which is made if need be; other files stay. Returns their names.
 * @throws what generate throws, before anything is written
 */
export function writeGenerated(object: string, directory: string, options: GenerateOptions = {}): string[] {
  const files = generate(parseBtf(readBtf(object)), options);
  mkdirSync(directory, { recursive: true });
  for (const file of GENERATED_FILES) rmSync(join(directory, file), { force: true });
  for (const [file, source] of files) writeFileSync(join(directory, file), source);
  return [...files.keys()];
}

function readBtf(path: string): Uint8Array {
  const object = BpfObject.open(path);
  try {
    return object.btf();
  } finally {
    object.close();
  }
}
