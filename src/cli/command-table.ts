// SPDX-License-Identifier: MIT
// All commands, in the order in which help lists them: the daemon and its config, then the nouns, then the verbs.
import type { Command, OptionSpec } from './command.ts';
import { apply } from './commands/apply.ts';
import { check } from './commands/check.ts';
import { connections } from './commands/connections.ts';
import { demo } from './commands/demo.ts';
import { diff } from './commands/diff.ts';
import { down } from './commands/down.ts';
import { drain } from './commands/drain.ts';
import { ipvsadm } from './commands/ipvsadm.ts';
import { marks } from './commands/marks.ts';
import { persistence } from './commands/persistence.ts';
import { reload } from './commands/reload.ts';
import { run } from './commands/run.ts';
import { servers } from './commands/servers.ts';
import { services } from './commands/services.ts';
import { status } from './commands/status.ts';
import { undrain } from './commands/undrain.ts';
import { up } from './commands/up.ts';

export const COMMANDS: readonly Command[] = [
  run,
  reload,
  up,
  down,
  check,
  diff,
  apply,
  status,
  services,
  servers,
  connections,
  persistence,
  marks,
  drain,
  undrain,
  ipvsadm,
  demo,
];

export const DEFAULT_PINS = '/sys/fs/bpf/xlvs';

/** What every command takes. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '--pins DIR', help: `where the data plane is pinned (env XLVS_PINS; default: ${DEFAULT_PINS})` },
  { flags: '--verbose', help: 'on failure the verifier log and the stack, and more of what is done' },
];
