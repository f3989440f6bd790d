#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// generate-cli OBJECT DIRECTORY [HEADER]: the generator as a command. Exits 1 with one line when a type is refused.
import { writeGenerated } from './write-generated.ts';

const USAGE = `usage: generate-cli OBJECT DIRECTORY [HEADER]
  OBJECT     an ELF file for the BPF target, compiled with -g
  DIRECTORY  where to put enums.ts, limits.ts, structs.ts, maps.ts and index.ts
  HEADER     comment lines for the head of every file, e.g. a licence`;

function main([object, directory, header]: readonly string[]): number {
  if (object === undefined || directory === undefined) {
    console.error(USAGE);
    return 2;
  }
  try {
    writeGenerated(object, directory, header === undefined ? {} : { header });
    return 0;
  } catch (error) {
    console.error(`generate-cli: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
