// SPDX-License-Identifier: MIT
// xlvs run: the daemon, in the foreground.
import { LOG_LEVELS, type LogLevel } from '../../daemon/create-log.ts';
import { XlvsError } from '../../model/xlvs-error.ts';
import { type Call, type Command, EXIT } from '../command.ts';
import { CONFIG_OPTION, configFile, loadConfig } from '../load-config.ts';

export const run: Command = {
  name: 'run',
  summary: 'the daemon, in the foreground: applies the config, restores what was lost, serves metrics',
  details: [
    'On a data plane that already runs it applies only what changed in the file since: what a command changed stays.',
    'SIGHUP reloads. SIGTERM ends the daemon and leaves the data plane forwarding; `xlvs down` ends both.',
  ],
  options: [CONFIG_OPTION, { flags: '--log-level LEVEL', help: `${LOG_LEVELS.join(', ')} (default: info)` }],
  async run(world, call) {
    const file = configFile(call);
    await world.runDaemon({
      pins: call.pins,
      objectFile: world.objectFile,
      log: world.createLog(logLevel(call), 'stdout'),
      version: world.version,
      loadConfig: () => loadConfig(world, file),
    });
    return EXIT.done;
  },
};

function logLevel({ options: { logLevel: asked = 'info' }, verbose }: Call): LogLevel {
  if (verbose) return 'debug';
  const level = LOG_LEVELS.find((name) => name === asked);
  if (level) return level;
  throw new XlvsError(
    'usage',
    `no log level is called ${JSON.stringify(asked)}`,
    `there are: ${LOG_LEVELS.join(', ')}`,
  );
}
