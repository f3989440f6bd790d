// SPDX-License-Identifier: MIT
// A config file by its name. What the text means is src/config's.
import { formatProblem } from '../config/problem.ts';
import { readConfig } from '../config/read-config.ts';
import type { LoadedConfig } from '../daemon/daemon-options.ts';
import { ConfigProblems } from '../daemon/error-lines.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import type { Call, OptionSpec } from './command.ts';
import { writeLine } from './output.ts';
import type { World } from './world.ts';

const DEFAULT_CONFIG = '/etc/xlvs/xlvs.yaml';

export const CONFIG_OPTION: OptionSpec = {
  flags: '--config FILE',
  help: `the config file (default: ${DEFAULT_CONFIG})`,
};

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a directory',
};

/** The file a call names, or the default. */
export function configFile({ options }: Call): string {
  return typeof options.config === 'string' ? options.config : DEFAULT_CONFIG;
}

/** Throws ConfigProblems with all that is wrong, or XlvsError `usage` when there is no text to read. */
export function loadConfig(world: Pick<World, 'readFile'>, file: string): LoadedConfig {
  const result = readConfig(readText(world, file), file);
  if (result.problems) throw new ConfigProblems(result.problems.map(formatProblem));
  return { config: result.config, warnings: result.warnings.map(formatProblem) };
}

/** As `loadConfig`; the warnings go to stderr. */
export function loadConfigAloud(world: World, file: string): LoadedConfig['config'] {
  const { config, warnings } = loadConfig(world, file);
  for (const warning of warnings) writeLine(world.stderr, `warning: ${warning}`);
  return config;
}

function readText(world: Pick<World, 'readFile'>, file: string): string {
  try {
    return world.readFile(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new XlvsError('usage', `cannot read ${file}: ${READ_ERRORS[code] ?? message}`, 'name a config file', error);
  }
}
