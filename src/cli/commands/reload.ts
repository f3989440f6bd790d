// SPDX-License-Identifier: MIT
// xlvs reload: has the daemon read its file again, and waits for the verdict.
import { XlvsError } from '../../model/xlvs-error.ts';
import { type Command, EXIT } from '../command.ts';
import { writeLine, writeLines } from '../output.ts';

export const reload: Command = {
  name: 'reload',
  summary: "has the daemon apply what changed in its config file; a command's edits stay",
  details: [
    'Applies what differs between the file as it was and as it is: a drain made meanwhile survives. SIGHUP does the same.',
    'Exit status: 0 applied, 2 refused (the errors are printed, the old config stays in force), 1 no daemon on these pins.',
  ],
  async run(world, { pins }) {
    const { askDaemon } = await world.control();
    const answer = await askDaemon(pins, { request: 'reload' });
    if (!answer)
      throw new XlvsError('missing', `no daemon runs on ${pins}`, 'start one: xlvs run, or use xlvs apply FILE');
    if (answer.verdict === 'applied') {
      writeLines(world.stdout, answer.lines.length > 0 ? answer.lines : ['nothing to change']);
      return EXIT.done;
    }
    writeLines(world.stderr, answer.lines);
    writeLine(world.stderr, 'xlvs: reload refused: the old config stays in force');
    return EXIT.usage;
  },
};
