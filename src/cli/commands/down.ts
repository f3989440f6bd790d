// SPDX-License-Identifier: MIT
// xlvs down: the machine as it was before.
import { type Command, EXIT } from '../command.ts';
import { writeLine } from '../output.ts';
import { upOptions } from '../up-options.ts';

export const down: Command = {
  name: 'down',
  summary: 'stops the daemon, detaches, removes pins, addresses and sysctls: the machine is as before',
  details: ['Only what xlvs itself added is removed. Connections end. When nothing runs there is nothing to do.'],
  async run(world, call) {
    const control = await world.control();
    const { pid, release } = await control.stopDaemon(call.pins);
    try {
      if (pid !== undefined) writeLine(world.stdout, `stopped the daemon (pid ${pid})`);
      const { removed } = await control.bringDown(call.pins, upOptions(world, call).log);
      for (const thing of removed) writeLine(world.stdout, `removed ${thing}`);
      if (removed.length === 0) writeLine(world.stdout, `nothing to take down: nothing is pinned at ${call.pins}`);
    } finally {
      release();
    }
    return EXIT.done;
  },
};
