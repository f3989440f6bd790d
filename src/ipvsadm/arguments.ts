// SPDX-License-Identifier: MIT
// One call of ipvsadm, or one line of a restore: words to what is asked for. Everything that is wrong with the words
// themselves is found here; whether it fits what runs is not known here.
import type { Family, Protocol, Timeouts } from '../model/model.ts';
import { parseAddress } from '../net/address.ts';
import { checkOptions } from './check-options.ts';
import { checkTunnel, isTunnelType, TUNNEL_OPTIONS, type TunnelType } from './check-tunnel.ts';
import { misuse, refusal, tryHelp } from './failure.ts';
import type { Names } from './names.ts';
import { inetAton, leadingNumber, markNumber, wholeNumber } from './numbers.ts';
import type { CommandName, Option, OptionName } from './options.ts';
import { OptionScanner, type Scanned } from './scan-options.ts';
import { parseServiceAddress } from './service-address.ts';

/** 31 days, and six minutes, in seconds. */
const TIMEOUT_MAX = 31 * 24 * 3600;
const PERSISTENCE_DEFAULT = 360;
const INT_MAX = 2 ** 31 - 1;

export interface ServiceArguments {
  family: Family;
  protocol: Protocol;
  address: string;
  port: number;
  /** 0: by address */
  mark: number;
  scheduler: string;
  /** seconds; undefined: not persistent */
  persistence: number | undefined;
  /** a dotted mask, or a prefix length */
  netmask: string | number;
  onePacket: boolean;
  flags: string[];
  engine: string | undefined;
}

export interface ServerArguments {
  family: Family;
  address: string;
  port: number;
  method: 'masquerading' | 'gatewaying' | 'ipip';
  tunnel: TunnelType;
  weight: number;
  upperThreshold: number;
  lowerThreshold: number;
}

/** What is asked for. Fields that the command has no use for hold their defaults. */
export interface Arguments {
  command: CommandName;
  readonly given: Set<OptionName>;
  readonly service: ServiceArguments;
  readonly server: ServerArguments;
  timeouts: Timeouts;
  daemon: 'master' | 'backup';
}

export type Call = Arguments | { readonly command: 'help' } | { readonly command: 'version' };

function defaults(command: CommandName): Arguments {
  return {
    command,
    given: new Set(),
    service: {
      family: 'ipv4',
      protocol: 'tcp',
      address: '0.0.0.0',
      port: 0,
      mark: 0,
      scheduler: 'wlc',
      persistence: undefined,
      netmask: '255.255.255.255',
      onePacket: false,
      flags: [],
      engine: undefined,
    },
    server: {
      family: 'ipv4',
      address: '0.0.0.0',
      port: 0,
      method: 'gatewaying',
      tunnel: 'ipip',
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
    },
    timeouts: { tcp: 0, tcpfin: 0, udp: 0 },
    daemon: 'master',
  };
}

/** Throws Failure. */
export async function parseArguments(words: readonly string[], names: Names): Promise<Call> {
  const scanner = new OptionScanner(words);
  const first = scanner.next();
  if (!first || 'error' in first || !first.option.command) throw tryHelp();
  const { command } = first.option;
  if (command === 'help') return { command };
  if (command === 'version') return { command };
  const call = defaults(command);
  readDaemonRole(call, first);
  await readOptions(call, scanner, names);
  readTimeouts(call, scanner.leftovers);
  if (scanner.leftovers.length > 0) throw misuse(`unexpected argument ${scanner.leftovers[0]}`);
  checkFlags(call);
  checkOptions(call.command, call.given);
  checkService(call);
  checkServer(call);
  checkList(call);
  return call;
}

function readDaemonRole(call: Arguments, { value }: Scanned): void {
  if (call.command !== 'start-daemon' && call.command !== 'stop-daemon') return;
  // ipvsadm spells the two differently
  const name = call.command === 'start-daemon' ? 'start-daemon parameter' : 'start_daemon';
  if (value !== 'master' && value !== 'backup') throw misuse(`illegal ${name} specified`);
  call.daemon = value;
}

async function readOptions(call: Arguments, scanner: OptionScanner, names: Names): Promise<void> {
  for (let scanned = scanner.next(); scanned; scanned = scanner.next()) {
    if ('error' in scanned) throw refusal(scanned.error);
    const { option, word } = scanned;
    if (option.command) throw misuse(`invalid option \`${word}'`);
    if (option.name !== undefined) note(call, option.name);
    await (READERS[option.long] ?? READERS[option.name ?? ''])?.(call, scanned.value ?? '', names, scanned);
  }
}

function note({ given }: Arguments, name: OptionName): void {
  if (given.has(name)) throw misuse(`multiple '${name}' options specified`);
  given.add(name);
}

type Reader = (call: Arguments, value: string, names: Names, scanned: Scanned) => void | Promise<void>;

/** By an option's long form. What is missing here is only noted. */
const READERS: Readonly<Record<Option['long'], Reader>> = {
  'tcp-service': readService('tcp'),
  'udp-service': readService('udp'),
  'sctp-service': readService('sctp'),
  'fwmark-service': ({ service }, value) => {
    const mark = markNumber(value);
    if (mark === undefined) throw misuse(`invalid fwmark value \`${value}' specified`);
    Object.assign(service, { family: 'ipv4', protocol: 'tcp', mark });
  },
  ipv6: ({ service }) => {
    if (service.mark === 0) throw misuse('-6 used before -f\n');
    Object.assign(service, { family: 'ipv6', netmask: 128 });
  },
  scheduler: ({ service }, value) => {
    service.scheduler = value || 'wlc';
  },
  persistent: ({ service }, value, _names, scanned) => {
    service.persistence = scanned.value === undefined ? PERSISTENCE_DEFAULT : timeout(value, 1);
  },
  netmask: readNetmask,
  ops: ({ service }) => {
    service.onePacket = true;
  },
  pe: ({ service }, value) => {
    // an empty name is none, for the kernel too
    service.engine = value || undefined;
  },
  'sched-flags': ({ service }, value) => {
    service.flags = value.split(',').filter(Boolean);
  },
  'real-server': readServer,
  masquerading: ({ server }) => {
    server.method = 'masquerading';
  },
  ipip: ({ server }) => {
    server.method = 'ipip';
  },
  gatewaying: ({ server }) => {
    server.method = 'gatewaying';
  },
  weight: ({ server }, value) => {
    server.weight = numberOr(value, 0, INT_MAX, 'illegal weight specified');
  },
  'u-threshold': ({ server }, value) => {
    server.upperThreshold = numberOr(value, 0, INT_MAX, 'illegal u_threshold specified');
  },
  'l-threshold': ({ server }, value) => {
    server.lowerThreshold = numberOr(value, 0, INT_MAX, 'illegal l_threshold specified');
  },
  'tun-type': ({ server }, value) => {
    if (!isTunnelType(value)) throw misuse('illegal tunnel type specified');
    server.tunnel = value;
  },
  'tun-port': (_call, value) => void numberOr(value, 1, 65535, 'illegal tunnel port specified'),
  syncid: (_call, value) => void numberOr(value, 0, 255, 'illegal syncid specified'),
  'mcast-port': (_call, value) => void numberOr(value, 1, 65535, 'illegal mcast-port specified'),
  'mcast-ttl': (_call, value) => void numberOr(value, 1, 255, 'illegal mcast-ttl specified'),
  'sync-maxlen': (_call, value) => void numberOr(value, 1, 65507, 'illegal sync-maxlen specified'),
  'mcast-group': (_call, value) => checkGroup(value),
};

function numberOr(text: string, min: number, max: number, message: string): number {
  const number = wholeNumber(text, min, max);
  if (number === undefined) throw misuse(message);
  return number;
}

const timeout = (text: string, min: number): number =>
  numberOr(text, min, TIMEOUT_MAX, `invalid timeout value \`${text}' specified`);

function readService(protocol: Protocol): Reader {
  return async ({ service }, value, names) => {
    const found = await parseServiceAddress(value, protocol, names);
    if (!found) throw misuse('illegal virtual server address[:port] specified');
    const { family, address, port = 0 } = found;
    Object.assign(service, { protocol, family, address, port, ...(family === 'ipv6' && { netmask: 128 }) });
  };
}

/** Without a port it is the service's, as far as that has been read: `-r` before `-t` keeps the client's port, and takes no name of one. */
async function readServer({ given, service, server }: Arguments, value: string, names: Names): Promise<void> {
  const protocol = given.has('service-address') ? service.protocol : undefined;
  const found = await parseServiceAddress(value, protocol, names);
  if (!found) throw misuse('illegal real server address[:port] specified');
  Object.assign(server, { ...found, port: found.port ?? service.port });
}

async function readNetmask({ service }: Arguments, value: string, names: Names): Promise<void> {
  if (service.family === 'ipv6') {
    service.netmask = leadingNumber(value);
    if (service.netmask < 1 || service.netmask > 128) throw misuse('illegal ipv6 netmask specified');
    return;
  }
  const mask = inetAton(value) ?? (value === '' ? undefined : await names.addressOf(value));
  if (mask === undefined) throw misuse('illegal virtual server persistent mask specified');
  service.netmask = mask;
}

function readTimeouts(call: Arguments, leftovers: string[]): void {
  if (call.command !== 'set') return;
  const [tcp, tcpfin, udp] = leftovers.splice(0, 3);
  if (tcp === undefined || tcpfin === undefined || udp === undefined)
    throw misuse('--set option requires 3 timeout values');
  call.timeouts = { tcp: timeout(tcp, 0), tcpfin: timeout(tcpfin, 0), udp: timeout(udp, 0) };
}

/** Before the checks of what goes together, and whatever the command, as in ipvsadm. */
function checkFlags({ service: { flags, scheduler } }: Arguments): void {
  for (const flag of flags) {
    const owner = /^(sh|mh)-(?:fallback|port)$/.exec(flag)?.[1];
    if (!owner && !/^flag-[123]$/.test(flag)) throw misuse(`invalid scheduler flag \`${flag}'`);
    if (owner && owner !== scheduler) throw misuse(`incompatible scheduler flag \`${flag}'`);
  }
}

function checkGroup(text: string): void {
  const group = parseAddress(text);
  const isMulticast = group && (group.family === 'ipv6' ? group.bytes[0] === 0xff : (group.bytes[0] ?? 0) >> 4 === 0xe);
  if (!isMulticast) throw misuse(`invalid ${text.includes(':') ? 'IPv6' : 'IPv4'} mcast-group \`${text}'`);
}

function checkService({ command, service }: Arguments): void {
  if (command !== 'add-service' && command !== 'edit-service') return;
  const { mark, port, persistence, onePacket, protocol } = service;
  if (mark === 0 && port === 0 && persistence === undefined)
    throw misuse('Zero port specified for non-persistent service');
  if (onePacket && mark === 0 && protocol !== 'udp')
    throw misuse('One-Packet Scheduling is only for UDP virtual services');
}

function checkServer({ command, service, server, given }: Arguments): void {
  if (command !== 'add-server' && command !== 'edit-server') return;
  const isTunnel = server.method === 'ipip';
  if (!isTunnel && server.family !== service.family)
    throw misuse('Different address family is allowed only for tunneling servers');
  if (isTunnel) checkTunnel(server.tunnel, given);
  else if (TUNNEL_OPTIONS.some((name) => given.has(name))) throw misuse('Tunnel options conflict with forward method');
}

function checkList({ command, given }: Arguments): void {
  if (command !== 'list') return;
  const has = (...names: OptionName[]): boolean => names.some((name) => given.has(name));
  const isView = has('stats', 'rate', 'thresholds', 'tun-info');
  if ((has('connection', 'timeout', 'daemon') && isView) || (has('timeout', 'daemon') && has('persistent-conn')))
    throw misuse('options conflicts in the list command');
}
