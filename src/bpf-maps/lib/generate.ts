// SPDX-License-Identifier: MIT
// Writes TypeScript from BTF: one source of truth for layouts, readable in a review. This file is the list of what is
// written; each kind of file has its own generate-*.ts.
import type { Btf } from './btf.ts';
import { enumsSource, limitsSource } from './generate-enums.ts';
import { mapsSource } from './generate-maps.ts';
import { type ReachOptions, reach } from './generate-reach.ts';
import { structsSource } from './generate-structs.ts';

export interface GenerateOptions extends ReachOptions {
  /** Comment lines at the head of every file, e.g. a licence; whole lines with their `//`. */
  readonly header?: string;
}

/** Files that generate may return: a directory with another one of these names is out of date. */
export const GENERATED_FILES = ['enums.ts', 'limits.ts', 'structs.ts', 'maps.ts', 'index.ts'] as const;

/**
 * File name → source. The same types give the same text, whatever compiler laid out the BTF. Files without content are
 * left out.
 * @throws UnrepresentableError naming the field that has no JavaScript counterpart, BtfError for names not in the BTF.
 */
export function generate(btf: Btf, options: GenerateOptions = {}): Map<string, string> {
  const types = reach(btf, options);
  const sources = new Map<string, string>([
    ['enums.ts', enumsSource(types.enums)],
    ['limits.ts', limitsSource(types.limits)],
    ['structs.ts', structsSource(types)],
    ['maps.ts', mapsSource(types)],
  ]);
  for (const [file, source] of sources) if (source === '') sources.delete(file);
  sources.set('index.ts', [...sources.keys()].map((file) => `export * from './${file}';\n`).join(''));

  const head = [...(options.header ? [options.header.trimEnd()] : []), NOTICE].join('\n');
  return new Map([...sources].map(([file, source]) => [file, `${head}\n${source}`]));
}

const NOTICE = '// Generated from BTF by bpf-maps. To change it, change the C source and generate again.';
