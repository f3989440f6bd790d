// SPDX-License-Identifier: MIT
// From arguments to an exit status: commander reads the command table, the command runs, an error is shown once.
import { resolve } from 'node:path';
import { CommanderError, Command as Program } from 'commander';
import { XlvsError } from '../model/xlvs-error.ts';
import { type Command, EXIT } from './command.ts';
import { COMMANDS, DEFAULT_PINS, GLOBAL_OPTIONS } from './command-table.ts';
import { exitStatusOf, showError } from './show-error.ts';
import type { World } from './world.ts';

/** Never throws. `args` without node and script. */
export async function runCli(args: readonly string[], world: World): Promise<number> {
  let status: number = EXIT.done;
  const { own, raw } = splitRaw(args);
  const program = programOf(world, raw, (result) => {
    status = result;
  });
  try {
    await program.parseAsync(own, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    showError(world, error, args.includes('--verbose'));
    return exitStatusOf(error);
  }
}

/** Where a raw command's name stands, all behind it is that command's own. */
function splitRaw(args: readonly string[]): { own: readonly string[]; raw: readonly string[] } {
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (word === '--pins') at++;
    else if (!word.startsWith('-')) {
      const isRaw = COMMANDS.some(({ name, isRaw }) => isRaw && name === word);
      return isRaw ? { own: args.slice(0, at + 1), raw: args.slice(at + 1) } : { own: args, raw: [] };
    }
  }
  return { own: args, raw: [] };
}

type Report = (status: number) => void;

function programOf(world: World, raw: readonly string[], report: Report): Program {
  const program = new Program('xlvs')
    .description('Linux Virtual Server as an XDP data plane: NAT routing, persistence and firewall marks')
    .version(world.version, '--version', 'the version')
    .helpOption('--help', 'this help')
    .helpCommand('help [command]', 'the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => world.stdout.write(text), writeErr: () => {}, outputError: () => {} })
    .exitOverride();
  for (const { flags, help } of GLOBAL_OPTIONS) program.option(commanderFlags(flags), help);
  for (const command of COMMANDS) addCommand(program, command, { world, raw, report });
  return program;
}

interface Around {
  readonly world: World;
  readonly raw: readonly string[];
  readonly report: Report;
}

function addCommand(program: Program, command: Command, { world, raw, report }: Around): void {
  const sub = program.command(command.name).summary(command.summary).allowExcessArguments(false);
  sub.description([sentence(command.summary), ...command.details].join('\n\n'));
  for (const { name, help } of command.arguments ?? []) sub.argument(`<${name}>`, help);
  for (const { flags, help } of command.options ?? []) sub.option(commanderFlags(flags), help);
  sub.action(async () => {
    const { pins, verbose, ...options } = sub.optsWithGlobals<Record<string, string | boolean | undefined>>();
    const place = pinsDirectory(pins, world.env);
    report(
      await command.run(world, { arguments: [...sub.args, ...raw], options, pins: place, verbose: verbose === true }),
    );
  });
}

/** The environment counts where the option is absent; set to nothing, it is as unset. One path for one place: things are named after it. */
function pinsDirectory(option: string | boolean | undefined, env: World['env']): string {
  if (option === '') throw new XlvsError('usage', '--pins names no directory', `name one, such as ${DEFAULT_PINS}`);
  return resolve(String(option ?? (env.XLVS_PINS || DEFAULT_PINS)));
}

/** `--pins DIR` takes a value, which commander writes `--pins <DIR>`. */
function commanderFlags(flags: string): string {
  return flags.replace(/ (\w+)$/, ' <$1>');
}

function sentence(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}
