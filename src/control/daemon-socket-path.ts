// SPDX-License-Identifier: MIT
// Where a router's daemon listens for `xlvs reload`: a path that follows from the pins directory, however it is named.
import { statSync } from 'node:fs';

const RUN = '/run/xlvs';

/** Throws ENOENT when there is no such directory. */
export function daemonSocketPath(pins: string): string {
  const { dev, ino } = statSync(pins);
  return `${RUN}/${dev}-${ino}.sock`;
}
