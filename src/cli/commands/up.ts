// SPDX-License-Identifier: MIT
// xlvs up: the config in force, without a daemon.
import { type Command, EXIT } from '../command.ts';
import { CONFIG_OPTION, configFile, loadConfigAloud } from '../load-config.ts';
import { writeLine, writeLines } from '../output.ts';
import { upOptions } from '../up-options.ts';

export const up: Command = {
  name: 'up',
  summary: 'applies the config and returns: no daemon needed to forward',
  details: [
    'Loads the data plane or takes over the one that runs, fills it as the file says, adds the addresses and attaches.',
    'Either all of it succeeds or nothing is changed. Done again, it makes all as the file says, drains and other edits undone.',
  ],
  options: [CONFIG_OPTION],
  async run(world, call) {
    const config = loadConfigAloud(world, configFile(call));
    const { bringUp } = await world.control();
    const { changes, loaded, mode, modeReason } = await bringUp(config, upOptions(world, call));
    writeLines(world.stdout, changes);
    writeLine(world.stdout, `up: data plane ${loaded}, XDP ${mode} (${modeReason})`);
    return EXIT.done;
  },
};
