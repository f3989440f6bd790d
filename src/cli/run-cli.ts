// SPDX-License-Identifier: MIT
// From arguments to an exit status: commander reads the command table, the command runs, an error is shown once.
import { CommanderError, Command as Program } from 'commander';
import { XlvsError } from '../model/xlvs-error.ts';
import { type Command, EXIT } from './command.ts';
import { COMMANDS, DEFAULT_PINS, GLOBAL_OPTIONS } from './command-table.ts';
import { exitStatusOf, showError } from './show-error.ts';
import type { World } from './world.ts';

/** Never throws. `args` without node and script. */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  let status: number = EXIT.done;
  const program = programOf(world, (result) => {
    status = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    showError(world, error, args.includes('--verbose'));
    return exitStatusOf(error);
  }
}

function programOf(world: World, report: (status: number) => void): Program {
  const program = new Program('xlvs')
    .description('Linux Virtual Server as an XDP data plane: NAT routing, persistence and firewall marks')
    .version(world.version, '--version', 'the version')
    .helpOption('--help', 'this help')
    .helpCommand('help [command]', 'the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => world.stdout.write(text), writeErr: () => {}, outputError: () => {} })
    .exitOverride();
  for (const { flags, help } of GLOBAL_OPTIONS) program.option(commanderFlags(flags), help);
  for (const command of COMMANDS) addCommand(program, command, world, report);
  return program;
}

function addCommand(program: Program, command: Command, world: World, report: (status: number) => void): void {
  const sub = program.command(command.name).summary(command.summary).allowExcessArguments(false);
  sub.description([sentence(command.summary), ...command.details].join('\n\n'));
  for (const { name, help } of command.arguments ?? []) sub.argument(`<${name}>`, help);
  for (const { flags, help } of command.options ?? []) sub.option(commanderFlags(flags), help);
  sub.action(async () => {
    const { pins, verbose, ...options } = sub.optsWithGlobals<Record<string, string | boolean | undefined>>();
    const place = pinsDirectory(pins, world.env);
    report(await command.run(world, { arguments: sub.args, options, pins: place, verbose: verbose === true }));
  });
}

/** The environment counts where the option is absent; set to nothing, it is as unset. */
function pinsDirectory(option: string | boolean | undefined, env: World['env']): string {
  if (option === '') throw new XlvsError('usage', '--pins names no directory', `name one, such as ${DEFAULT_PINS}`);
  return String(option ?? (env.XLVS_PINS || DEFAULT_PINS));
}

/** `--pins DIR` takes a value, which commander writes `--pins <DIR>`. */
function commanderFlags(flags: string): string {
  return flags.replace(/ (\w+)$/, ' <$1>');
}

function sentence(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}
