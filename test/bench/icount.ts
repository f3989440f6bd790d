// SPDX-License-Identifier: MIT
// Instructions per packet in a guest whose clock counts them, beside kernel IPVS; test/vm has the guest.
import { debianMirror } from '../vm/apt-archive.ts';
import { BOOTS } from '../vm/checks.ts';
import { CACHE, GuestBoots } from '../vm/guest-boot.ts';
import { checkResults, failureLines, figuresIn } from '../vm/guest-report.ts';
import { fetchKernel } from '../vm/kernel-image.ts';
import { kernelLines } from '../vm/kernels.ts';
import type { Row } from './row.ts';

const KERNEL = '6.1';
const PER_SECOND = '-per-second';

/** `icount/ipvs` and `icount/xlvs` are the established packet, client to server. */
const measureOf = (name: string): string => `icount/${name.replace('/established', '')}`;

function rowOf(name: string, value: number, figures: Readonly<Record<string, number>>): Row {
  const unit = name.endsWith(PER_SECOND) ? 'connections per CPU second' : 'instructions/packet';
  const base = { measure: measureOf(name), value, unit, spread: null };
  const own = name.startsWith('xlvs/') || name === 'generator';
  // what has no directions of its own is measured as the established packet is
  const xlvs = figures[name.replace(/^[^/]+/, 'xlvs')] ?? figures['xlvs/established'];
  if (own || xlvs === undefined) return { ...base, against: null, ratio: null };
  return { ...base, against: 'xlvs', ratio: name.endsWith(PER_SECOND) ? xlvs / value : value / xlvs };
}

/** Throws when the mirror has no such kernel or the guest failed. */
export async function icountRows(): Promise<Row[]> {
  const mirror = debianMirror();
  const [wanted] = kernelLines(KERNEL);
  if (mirror === undefined || wanted === undefined) throw new Error(`no Debian archive to take kernel ${KERNEL} from`);
  const guests = await GuestBoots.prepare();
  const result = await guests.run(fetchKernel(mirror, wanted, CACHE), 'counted');
  const failed = checkResults(result, BOOTS.counted.checks).some((check) => !check.isGood);
  if (failed || result.status !== 0) throw new Error(['the guest failed:', ...failureLines(result)].join('\n  '));
  const figures = figuresIn(result);
  return Object.entries(figures).map(([name, value]) => rowOf(name, value, figures));
}
