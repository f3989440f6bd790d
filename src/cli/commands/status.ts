// SPDX-License-Identifier: MIT
// xlvs status: the router at a glance.
import { type Command, EXIT } from '../command.ts';
import { filterOf, NOUN_OPTIONS } from '../filter.ts';
import { toJson } from '../json.ts';
import { statusJson } from '../json-shapes.ts';
import { writeLine, writeLines } from '../output.ts';
import { selectServices } from '../select-services.ts';
import { statusLines } from '../status-text.ts';
import { withRouter } from '../with-router.ts';

export const status: Command = {
  name: 'status',
  summary: 'interfaces and attach modes, services, servers, connections, drops by reason',
  details: [
    'Passes are packets left to the kernel untouched (unless the reason says otherwise); drops are packets that ended here.',
    'Counts are since the data plane was loaded. Reasons never seen are left out. docs/counters.md says of each what to do.',
  ],
  options: NOUN_OPTIONS,
  run: (world, call) =>
    withRouter(world, call, (router) => {
      const { services: all, totals } = router.statistics();
      const services = selectServices(all, filterOf(call, router));
      const pid = router.daemonPid();
      const daemon = pid > 0 && world.isAlive(pid) ? pid : null;
      if (call.options.json)
        writeLine(world.stdout, toJson(statusJson(router, { services, totals }, call.pins, daemon)));
      else writeLines(world.stdout, statusLines(router, services, daemon));
      return EXIT.done;
    }),
};
