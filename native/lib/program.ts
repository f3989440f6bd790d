// SPDX-License-Identifier: MIT
// Contract of Program, which is implemented in src/program.cpp and src/test_run.cpp.

export interface TestRunOptions {
  /** The packet; XDP needs at least 14 bytes. */
  data?: Uint8Array;
  /** The program's context (`ctx_in`), for XDP a `struct xdp_md`. */
  context?: Uint8Array;
  /** Room for the packet afterwards; default: enough for any growth. ENOSPC when it is too small. */
  dataOutSize?: number;
  /** Room for the context afterwards; default: the length of `context`. */
  contextOutSize?: number;
  /** Runs, default 1. The calling thread waits for all of them; signals do not cut them short. */
  repeat?: number;
  /** XDP (5.18+): really transmit, redirect or pass the frames up; no data comes back. */
  liveFrames?: boolean;
  /** Frames per batch of a live run; default 64. */
  batchSize?: number;
  /** Run on this CPU, for the program types that can. */
  cpu?: number;
}

export interface TestRunResult {
  returnValue: number;
  /** The packet afterwards, in its exact length; empty without `data`. */
  data: Uint8Array;
  context: Uint8Array;
  /** Nanoseconds, the average of all runs. */
  duration: number;
}

export interface ProgramInfo {
  id: number;
  /** `BPF_PROG_TYPE_*` */
  type: number;
  /** The kernel's name: at most 15 characters. */
  name: string;
  /** Hash of the instructions, 16 hex digits. */
  tag: string;
  /** Length after the verifier's rewriting; 0 without the privilege to see it. */
  instructions: number;
  /** How many the verifier walked through (5.16+, else 0). */
  verifiedInstructions: number;
  /** Bytes of machine code; 0 without a JIT. */
  jitedSize: number;
  mapIds: number[];
  /** 0 when the program has no types. */
  btfId: number;
  /** Both 0 unless `kernel.bpf_stats_enabled` is set. */
  runTimeNs: bigint;
  runCount: bigint;
}

/** A loaded program. */
export declare class Program {
  private constructor();

  /** EINVAL if the pin is no program. */
  static openPin(path: string): Program;
  static openId(id: number): Program;

  readonly fd: number;
  info(): ProgramInfo;
  /** Runs the program on a made-up packet. ENOTSUPP for program types without test runs. */
  testRun(options?: TestRunOptions): TestRunResult;
  /** EEXIST if the path is there. */
  pin(path: string): void;

  /** Idempotent. The program lives on as long as a link, pin or other handle refers to it. */
  close(): void;
  [Symbol.dispose](): void;
}
