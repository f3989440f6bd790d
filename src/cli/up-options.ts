// SPDX-License-Identifier: MIT
// What a command that changes the router hands to control: pins, object, and a log that speaks up only when it must.
import type { UpOptions } from '../control/options.ts';
import type { Call } from './command.ts';
import type { World } from './world.ts';

export function upOptions(world: World, { pins, verbose }: Call): UpOptions {
  return { pins, objectFile: world.objectFile, log: world.createLog(verbose ? 'debug' : 'warn', 'stderr') };
}
