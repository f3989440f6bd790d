// SPDX-License-Identifier: MIT
// Which kernels xlvs is tried on, and in which suite of Debian each is found.

/** A kernel as it is asked for. */
export interface KernelLine {
  /** `6.1`; `newest` for the highest version there is */
  readonly line: string;
  /** where to look, in this order */
  readonly suites: readonly string[];
}

/** Oldest first; old suites keep their line, the rolling ones carry whatever is current. */
const SUITES = ['bullseye', 'bookworm', 'trixie', 'bookworm-backports', 'trixie-backports', 'forky', 'sid'] as const;

/** Backports of the stable suite may be ahead of what they come from. */
const ROLLING = ['sid', 'forky', 'trixie-backports'] as const;

const HOMES: Readonly<Record<string, string>> = { '5.10': 'bullseye', '6.1': 'bookworm', '6.12': 'trixie' };

/** The oldest supported, each long-term line that Debian carries, the newest. */
export const USUAL_KERNELS: readonly string[] = ['6.1', '6.12', '6.18', 'newest'];

/** `wanted` as in `KERNELS="6.1 7.3"`; empty: the usual ones. Throws when a word is no kernel line. */
export function kernelLines(wanted: string): KernelLine[] {
  const words = wanted.split(/[\s,]+/).filter((word) => word !== '');
  return (words.length > 0 ? words : USUAL_KERNELS).map((line) => {
    if (line === 'newest') return { line, suites: ROLLING };
    if (!/^\d+\.\d+$/.test(line)) throw new Error(`KERNELS: '${line}' is no kernel line such as 6.1, nor 'newest'`);
    const home = HOMES[line];
    const others = SUITES.filter((suite) => suite !== home).reverse();
    return { line, suites: home === undefined ? others : [home, ...others] };
  });
}

/** Compares versions as they are written: 6.9 before 6.12, `6.1.0-9` before `6.1.0-50`. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
