// SPDX-License-Identifier: MIT
// Contract of BpfObject, which is implemented in src/object.cpp and src/object_maps.cpp.
import type { BpfMap } from './bpf-map.ts';
import type { Program } from './program.ts';

export interface ObjectOptions {
  /** Name in errors and of the object's internal maps; default: the file's name up to its first dot, or `object`. */
  name?: string;
  /** 1 or 2 keeps the verifier's log in `log` even for programs that load; 2 has every state. Default 0. */
  logLevel?: 0 | 1 | 2;
}

/** A map as the object file declares it. */
export interface MapDefinition {
  name: string;
  /** `BPF_MAP_TYPE_*` */
  type: number;
  /** `'hash'`, `'lpm_trie'`; see `MapInfo`. */
  typeName: string;
  /** Bytes. */
  keySize: number;
  /** Bytes, for per-CPU maps of one CPU's value. */
  valueSize: number;
  maxEntries: number;
  /** `BPF_F_*` */
  flags: number;
  /** Made by the compiler: `.rodata`, `.data`, `.bss`. */
  internal: boolean;
  /** Types in `btf()`; 0 when the object does not say. */
  btfKeyTypeId: number;
  btfValueTypeId: number;
}

/**
 * One ELF object file: open, change what may be changed, load, use. Its maps and programs keep it alive; closing it
 * closes them first. Methods for before `load()` throw EBUSY after it, methods for after throw EINVAL before.
 */
export declare class BpfObject {
  private constructor();

  /** @param source path of an ELF file for the BPF target, or its bytes, which are copied */
  static open(source: string | Uint8Array, options?: ObjectOptions): BpfObject;

  readonly name: string;
  /** What libbpf and the verifier printed during `load()`; `undefined` if nothing. */
  readonly log: string | undefined;

  /** Copy of a constant section's initial value; default `.rodata`. */
  rodata(section?: string): Uint8Array;
  /** Replaces a section's initial value; exactly the section's length. Before load. */
  setRodata(bytes: Uint8Array, section?: string): void;
  maps(): MapDefinition[];
  /** Before load. */
  setMaxEntries(map: string, maxEntries: number): void;
  /**
   * Takes an existing map in place of a new one; `existing` may be closed afterwards. EINVAL if type, key size or
   * value size differ; other differences are the caller's to judge. Before load.
   */
  reuseMap(map: string, existing: BpfMap): void;
  /** Programs that are not to be loaded. Before load. */
  setAutoload(program: string, on: boolean): void;
  programs(): string[];

  /** Creates maps, verifies and loads programs. On failure the object can only be closed; the error's `log` says why. */
  load(): void;
  /** After load. Each call makes a new handle; ENOENT when the object has no such map. */
  map(name: string): BpfMap;
  /** After load. ENOENT when the object has no such program or it was not loaded. */
  program(name: string): Program;
  /** The object file's types as raw BTF; ENOENT when it was compiled without `-g`. */
  btf(): Uint8Array;

  /** Idempotent. */
  close(): void;
  [Symbol.dispose](): void;
}
