// SPDX-License-Identifier: MIT
// Control as commands see it. Imported only when a command needs the kernel: it loads the addon.
import { bringDown, bringUp } from '../control/bring-up.ts';
import { daemonSocketPath } from '../control/daemon-socket-path.ts';
import { stateOf } from '../control/desired-state.ts';
import { diff, formatDifference } from '../control/diff.ts';
import { drain, undrain } from '../control/drain.ts';
import { holdServers } from '../control/hold-servers.ts';
import { addressPlan } from '../control/machine-journal.ts';
import { masqueradeDifferences } from '../control/masquerade.ts';
import { addressDifferences } from '../control/plan-addresses.ts';
import { applyFile, openRouter } from '../control/reload.ts';
import { claimDaemon, withPinsLock } from '../control/router-lock.ts';
import { askDaemon } from '../daemon/ask-daemon.ts';
import { stopDaemon } from '../daemon/stop-daemon.ts';
import { loadDifferences } from './load-differences.ts';
import type { Control } from './world.ts';

export const realControl: Control = {
  openRouter,
  withPinsLock,
  bringUp,
  bringDown,
  applyFile,
  drain,
  undrain,
  holdServers,
  differences: (router, config, pins) =>
    [
      ...loadDifferences(router, config),
      ...diff(router.state(), stateOf(config)),
      ...addressDifferences(addressPlan(router, config)),
      ...masqueradeDifferences(router, pins, config),
    ].map(formatDifference),
  stopDaemon: (pins) =>
    stopDaemon({ control: { claimDaemon, daemonSocketPath }, kill: (pid) => process.kill(pid, 'SIGTERM') }, pins),
  askDaemon: async (pins, request) => {
    const path = socketPath(pins);
    return path === undefined ? undefined : askDaemon(path, request);
  },
};

/** `undefined` when nothing is pinned there: then no daemon listens either. */
function socketPath(pins: string): string | undefined {
  try {
    return daemonSocketPath(pins);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
