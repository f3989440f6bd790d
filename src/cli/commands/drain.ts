// SPDX-License-Identifier: MIT
// xlvs drain: a server takes no new connections; what it has finishes.
import { type Command, EXIT } from '../command.ts';
import { DRAIN_ARGUMENTS, drainCommand } from '../drain-command.ts';

export const drain: Command = {
  name: 'drain',
  summary: 'weight 0: no new connections, live ones finish; shows how many are left',
  details: [
    'Persistence entries still bring clients back to a drained server until they end, as with IPVS.',
    'A drain survives a reload and a restart of the daemon; undrain, apply and up end it. Called again, it shows what is left.',
  ],
  arguments: DRAIN_ARGUMENTS,
  async run(world, call) {
    await drainCommand(world, call, 'drain');
    return EXIT.done;
  },
};
