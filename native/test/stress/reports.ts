// SPDX-License-Identifier: MIT
// Reads the sanitizers' reports: every error counts, and the leaks that are the addon's and not Node's.

/** So that every frame ends in its module's path. */
export const frameFormat = '    #%n %f %s (%m)';

// Allocators and the language runtime, through which everybody's allocations go.
const runtime = /\/lib(asan|ubsan|stdc\+\+|c|gcc_s)[.-][^/]*\)$/;
const ours = /\/libbpf\.(node|so)[^/]*\)$/;

/** Bad memory accesses and undefined behaviour, each with its stack. */
export function errors(report: string): string[] {
  const blocks = report.split(/\n\n+/);
  return blocks.filter((block) => /ERROR: AddressSanitizer|runtime error:/.test(block));
}

/** The reported leaks whose first caller outside of the runtime is the addon or libbpf. */
export function ourLeaks(report: string): string[] {
  const blocks = report.split(/\n\n+/).filter((block) => /^(Direct|Indirect) leak of/m.test(block));
  return blocks.filter((block) => {
    const frames = block.split('\n').filter((line) => /^\s*#\d+ /.test(line));
    const caller = frames.find((line) => !runtime.test(line));
    return caller !== undefined && ours.test(caller);
  });
}
