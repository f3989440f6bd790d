// SPDX-License-Identifier: MIT
// xlvs check: what is wrong with a config file, or what it would do.
import { describeConfig } from '../../config/describe-config.ts';
import { type Command, EXIT } from '../command.ts';
import { loadConfigAloud } from '../load-config.ts';
import { writeLine } from '../output.ts';

export const check: Command = {
  name: 'check',
  summary: 'validates a config file and says what it would do; changes nothing',
  details: [
    'Needs no privileges and looks at nothing but the file. All errors are reported, each with line and column.',
  ],
  arguments: [{ name: 'FILE', help: 'the config file' }],
  async run(world, { arguments: [file = ''] }) {
    writeLine(world.stdout, describeConfig(loadConfigAloud(world, file)));
    return EXIT.done;
  },
};
