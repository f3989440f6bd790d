// SPDX-License-Identifier: MIT
// xlvs apply: everything as the file says, and what is the same left alone.
import { type Command, EXIT } from '../command.ts';
import { loadConfigAloud } from '../load-config.ts';
import { writeLines } from '../output.ts';
import { upOptions } from '../up-options.ts';

export const apply: Command = {
  name: 'apply',
  summary: 'makes everything as the file says, without touching what is the same',
  details: ['Undoes drains and other edits that the file does not have; `xlvs diff FILE` shows them first.'],
  arguments: [{ name: 'FILE', help: 'the config file' }],
  async run(world, call) {
    const config = loadConfigAloud(world, call.arguments[0] ?? '');
    const { applyFile } = await world.control();
    const changes = await applyFile(config, upOptions(world, call));
    writeLines(world.stdout, changes.length > 0 ? changes : ['nothing to change']);
    return EXIT.done;
  },
};
