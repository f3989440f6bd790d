// SPDX-License-Identifier: MIT
// Whether the kernel is new enough. A feature it was built without shows when the program is loaded.
import type { Finding } from './finding.ts';

/** Debian 12's: what the program is written and tested for. */
const OLDEST_MAJOR = 6;
const OLDEST_MINOR = 1;

/** @param release as uname(2) says it. `undefined`: it is new enough. */
export function checkKernel(release: string): Finding | undefined {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  if (major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR)) return undefined;
  const oldest = `${OLDEST_MAJOR}.${OLDEST_MINOR}`;
  return { where: 'kernel', what: `Linux ${release} is older than ${oldest}`, cure: `boot Linux ${oldest} or newer` };
}
