// SPDX-License-Identifier: MIT
// xlvs ipvsadm: ipvsadm's own command line. What it means is src/ipvsadm's.
import { runIpvsadm } from '../../ipvsadm/run-ipvsadm.ts';
import { ownAddresses } from '../../machine/own-addresses.ts';
import type { Command } from '../command.ts';
import { writeLine, writeLines } from '../output.ts';
import { withLockedRouter, withRouter } from '../with-router.ts';

export const ipvsadm: Command = {
  name: 'ipvsadm',
  summary: "takes ipvsadm's own arguments and prints its formats",
  details: [
    'The same when the program is called as ipvsadm; then the environment variable XLVS_PINS says where the data plane is pinned.',
    'All of ipvsadm 1.31 but what only direct routing, tunnels, persistence engines and the sync daemon need.',
    'Edits survive a reload and a restart of the daemon. See: xlvs ipvsadm -h',
  ],
  isRaw: true,
  run: (world, call) =>
    runIpvsadm(call.arguments, {
      print: (lines) => writeLines(world.stdout, lines),
      complain: (line) => writeLine(world.stderr, line),
      readStdin: () => world.readStdin(),
      resolver: world.resolver,
      ownAddresses,
      version: world.version,
      look: (use) => withRouter(world, call, use),
      change: (use) =>
        withLockedRouter(world, call, (router, control) => use(router, () => control.holdServers(router))),
    }),
};
