// SPDX-License-Identifier: MIT
// What drain and undrain share: their arguments and the line they answer.
import type { DrainResult } from '../control/drain.ts';
import type { ArgumentSpec, Call } from './command.ts';
import { writeLine } from './output.ts';
import { withLockedRouter } from './with-router.ts';
import { counted } from './words.ts';
import type { World } from './world.ts';

export const DRAIN_ARGUMENTS: readonly ArgumentSpec[] = [
  { name: 'SERVICE', help: "the service's name" },
  { name: 'SERVER', help: "the server's address, or address:port if the service has several of that address" },
];

export async function drainCommand(world: World, call: Call, verb: 'drain' | 'undrain'): Promise<void> {
  const [service = '', server = ''] = call.arguments;
  const result = await withLockedRouter(world, call, (router, control) => control[verb](router, service, server));
  writeLine(world.stdout, drainLine(result));
}

function drainLine({ service, server, weightBefore, weight, active, inactive, persistence }: DrainResult): string {
  const change = weightBefore === weight ? `weight ${weight} as before` : `weight ${weightBefore} -> ${weight}`;
  const entries = counted(persistence, 'persistence entry', 'persistence entries');
  return `${service} ${server}: ${change}; ${active} active and ${counted(inactive, 'inactive connection')}, ${entries}`;
}
