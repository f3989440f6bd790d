// SPDX-License-Identifier: MIT
// What scenarios share. They run in namespaces of their own and print the facts that a test looks at.
import { execSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BpfError, BpfObject, ifIndex } from '../../lib/index.ts';
import { u32 } from '../bytes.ts';

/** A private bpf file system. */
export const pins = '/mnt/bpf';

// Without a sanitizer's runtime where this process has one: a tool's leaks are none of ours, and `ip -batch` has many.
const { LD_PRELOAD, ...environment } = process.env;

export const sh = (command: string): string => execSync(command, { encoding: 'utf8', env: environment });

/** The object of xdp.bpf.c, loaded; its program `decide` returns `verdict`. */
export function load(verdict = 2): BpfObject {
  const object = BpfObject.open(process.argv[2] as string);
  const constants = object.rodata();
  constants.set(u32(verdict));
  object.setRodata(constants);
  object.load();
  return object;
}

/** A pair of devices, up; the indexes of both. */
export function veth(one: string, other: string): [number, number] {
  sh(`ip link add ${one} type veth peer name ${other} && ip link set ${one} up && ip link set ${other} up`);
  return [ifIndex(one) as number, ifIndex(other) as number];
}

/** Waits for something that takes the kernel a moment; its last value, if it never comes true. */
export async function eventually<T>(look: () => T, good: (value: T) => boolean): Promise<T> {
  for (let i = 0; i < 200 && !good(look()); i++) await sleep(10);
  return look();
}

/** The code of the BpfError that a call throws, or `'none'`. */
export function codeOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    if (error instanceof BpfError) return error.code;
    throw error;
  }
}

export function print(facts: unknown): void {
  process.stdout.write(JSON.stringify(facts));
}
