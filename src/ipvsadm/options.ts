// SPDX-License-Identifier: MIT
// Every option ipvsadm knows. `name` is what its messages call it; an option without one may be given any number of times.

export type CommandName =
  | 'add-service'
  | 'edit-service'
  | 'delete-service'
  | 'flush'
  | 'list'
  | 'add-server'
  | 'delete-server'
  | 'edit-server'
  | 'set'
  | 'start-daemon'
  | 'stop-daemon'
  | 'restore'
  | 'save'
  | 'zero';

/** In ipvsadm's order: of several faults, the first of this list is told. */
export const OPTION_NAMES = [
  'numeric',
  'connection',
  'service-address',
  'scheduler',
  'persistent',
  'netmask',
  'real-server',
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  'mcast-interface',
  'timeout',
  'daemon',
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'nosort',
  'syncid',
  'exact',
  'ops',
  'pe',
  'sched-flags',
  'mcast-group',
  'mcast-port',
  'mcast-ttl',
  'sync-maxlen',
  'tun-info',
  'tun-type',
  'tun-port',
  'tun-nocsum',
  'tun-csum',
  'tun-remcsum',
] as const;
export type OptionName = (typeof OPTION_NAMES)[number];

export interface Option {
  readonly long: string;
  readonly short?: string;
  /** `optional`: the next word is taken unless it begins with `-` */
  readonly argument?: 'required' | 'optional';
  readonly name?: OptionName;
  /** it may only be first, and says what is to be done */
  readonly command?: CommandName | 'help' | 'version';
}

const verb = (long: string, short: string | undefined, command: Option['command'], argument?: 'required'): Option => ({
  long,
  ...(short && { short }),
  ...(command && { command }),
  ...(argument && { argument }),
});

const value = (long: string, short?: string, name: OptionName = long as OptionName): Option => ({
  long,
  ...(short && { short }),
  argument: 'required',
  name,
});

const flag = (long: string, short?: string, name: OptionName = long as OptionName): Option => ({
  long,
  ...(short && { short }),
  name,
});

export const OPTIONS: readonly Option[] = [
  verb('add-service', 'A', 'add-service'),
  verb('edit-service', 'E', 'edit-service'),
  verb('delete-service', 'D', 'delete-service'),
  verb('clear', 'C', 'flush'),
  verb('list', 'L', 'list'),
  verb('list', 'l', 'list'),
  verb('zero', 'Z', 'zero'),
  verb('add-server', 'a', 'add-server'),
  verb('edit-server', 'e', 'edit-server'),
  verb('delete-server', 'd', 'delete-server'),
  verb('set', undefined, 'set'),
  verb('help', 'h', 'help'),
  verb('version', 'v', 'version'),
  verb('restore', 'R', 'restore'),
  verb('save', 'S', 'save'),
  verb('start-daemon', undefined, 'start-daemon', 'required'),
  verb('stop-daemon', undefined, 'stop-daemon', 'required'),
  value('tcp-service', 't', 'service-address'),
  value('udp-service', 'u', 'service-address'),
  value('sctp-service', undefined, 'service-address'),
  value('fwmark-service', 'f', 'service-address'),
  value('scheduler', 's'),
  { long: 'persistent', short: 'p', argument: 'optional', name: 'persistent' },
  value('netmask', 'M'),
  value('real-server', 'r'),
  flag('masquerading', 'm', 'forwarding-method'),
  flag('ipip', 'i', 'forwarding-method'),
  flag('gatewaying', 'g', 'forwarding-method'),
  value('weight', 'w'),
  value('u-threshold', 'x'),
  value('l-threshold', 'y'),
  flag('numeric', 'n'),
  flag('connection', 'c'),
  value('mcast-interface'),
  value('mcast-group'),
  value('mcast-port'),
  value('mcast-ttl'),
  value('sync-maxlen'),
  value('syncid'),
  flag('timeout'),
  flag('daemon'),
  flag('stats'),
  flag('rate'),
  flag('thresholds'),
  flag('persistent-conn'),
  flag('tun-info'),
  flag('nosort'),
  { long: 'sort' },
  flag('exact', 'X'),
  { long: 'ipv6', short: '6' },
  flag('ops', 'o'),
  value('pe'),
  value('sched-flags', 'b'),
  value('tun-type'),
  value('tun-port'),
  flag('tun-nocsum'),
  flag('tun-csum'),
  flag('tun-remcsum'),
];
