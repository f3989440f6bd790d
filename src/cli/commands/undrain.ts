// SPDX-License-Identifier: MIT
// xlvs undrain: a drained server takes new connections again.
import { type Command, EXIT } from '../command.ts';
import { DRAIN_ARGUMENTS, drainCommand } from '../drain-command.ts';

export const undrain: Command = {
  name: 'undrain',
  summary: 'gives a drained server the weight of the applied file back (1 if it has none there)',
  details: ['A server that has no weight in the file that was applied last gets weight 1.'],
  arguments: DRAIN_ARGUMENTS,
  async run(world, call) {
    await drainCommand(world, call, 'undrain');
    return EXIT.done;
  },
};
