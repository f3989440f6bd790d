// SPDX-License-Identifier: MIT
// xlvs diff: a config file against what runs.
import { type Command, EXIT } from '../command.ts';
import { loadConfigAloud } from '../load-config.ts';
import { writeLines } from '../output.ts';
import { withRouter } from '../with-router.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'what differs between the file and what runs',
  details: [
    'What `xlvs apply FILE` would change: addresses of the interfaces, masquerade, drains and other edits made by commands included.',
    "An address that the machine has by itself is not xlvs's, and no difference. Changes nothing.",
  ],
  arguments: [{ name: 'FILE', help: 'the config file' }],
  async run(world, call) {
    const config = loadConfigAloud(world, call.arguments[0] ?? '');
    const { differences } = await world.control();
    const lines = await withRouter(world, call, (router) => differences(router, config, call.pins));
    writeLines(world.stdout, lines.length > 0 ? lines : ['no differences']);
    return EXIT.done;
  },
};
