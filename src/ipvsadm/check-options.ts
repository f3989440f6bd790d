// SPDX-License-Identifier: MIT
// Which options go with which command.
import { misuse } from './failure.ts';
import { type CommandName, OPTION_NAMES, type OptionName } from './options.ts';

interface Rule {
  readonly required?: readonly OptionName[];
  /** at most one of them */
  readonly oneOf?: readonly OptionName[];
  readonly allowed?: readonly OptionName[];
}

const SERVICE: Rule = {
  required: ['service-address'],
  allowed: ['scheduler', 'persistent', 'netmask', 'ops', 'pe', 'sched-flags'],
};
const SERVER: Rule = {
  required: ['service-address', 'real-server'],
  allowed: [
    ...(['forwarding-method', 'weight', 'u-threshold', 'l-threshold'] as const),
    ...(['tun-type', 'tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const),
  ],
};

const RULES: Readonly<Record<CommandName, Rule>> = {
  'add-service': SERVICE,
  'edit-service': SERVICE,
  'delete-service': { required: ['service-address'] },
  flush: {},
  list: {
    oneOf: ['connection', 'service-address', 'timeout', 'daemon'],
    allowed: [
      ...(['numeric', 'stats', 'rate', 'thresholds', 'persistent-conn'] as const),
      ...(['nosort', 'syncid', 'exact', 'tun-info'] as const),
    ],
  },
  'add-server': SERVER,
  'delete-server': { required: ['service-address', 'real-server'] },
  'edit-server': SERVER,
  set: {},
  'start-daemon': { allowed: ['mcast-interface', 'syncid', 'mcast-group', 'mcast-port', 'mcast-ttl', 'sync-maxlen'] },
  'stop-daemon': { allowed: ['syncid'] },
  restore: {},
  save: { allowed: ['numeric'] },
  zero: { allowed: ['service-address'] },
};

/** Throws Failure for what is missing, out of place or in conflict; the first in the order of OPTION_NAMES. */
export function checkOptions(command: CommandName, given: ReadonlySet<OptionName>): void {
  const { required = [], oneOf = [], allowed = [] } = RULES[command];
  let first: OptionName | undefined;
  for (const name of OPTION_NAMES) {
    if (!given.has(name)) {
      if (required.includes(name)) throw misuse(`You need to supply the '${name}' option for the '${command}' command`);
      continue;
    }
    if (oneOf.includes(name)) {
      if (first !== undefined)
        throw misuse(`The option '${name}' conflicts with the '${first}' option in the '${command}' command`);
      first = name;
    } else if (!required.includes(name) && !allowed.includes(name))
      throw misuse(`Illegal '${name}' option with the '${command}' command`);
  }
}
