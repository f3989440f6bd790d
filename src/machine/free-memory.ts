// SPDX-License-Identifier: MIT
// The machine's free memory, as IPVS's defences count it: free pages and those of buffers (si_meminfo).
import { readFileSync } from 'node:fs';

const PAGE_KIB = 4;

/** Pages of 4 KiB. */
export function freePages(meminfo: string = readFileSync('/proc/meminfo', 'utf8')): number {
  return Math.floor((kibibytes(meminfo, 'MemFree') + kibibytes(meminfo, 'Buffers')) / PAGE_KIB);
}

function kibibytes(meminfo: string, name: string): number {
  return Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1] ?? 0);
}
