// SPDX-License-Identifier: MIT
// What a config would do, for people to read before it does. No format for programs.
import type { Config, Interface, MarkRule, Server, Service } from '../model/model.ts';
import { ipv6Room } from '../model/uses-ipv6.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { formatPortRange } from '../net/port-range.ts';
import { formatDuration } from './duration.ts';
import { tableMemory } from './table-memory.ts';
import { count } from './words.ts';

const MEGABYTE = 1_000_000;

/** Several lines, without one at the end. */
export function describeConfig(config: Config): string {
  const hasSnat = config.services.some(({ snat }) => snat);
  return [
    'interfaces',
    ...columns(config.interfaces.map((one) => interfaceCells(one, hasSnat))),
    ...section('marks (the first rule that matches sets the mark)', columns(config.marks.map(markCells))),
    ...section('services', config.services.flatMap(serviceLines)),
    ...settings(config),
  ].join('\n');
}

/** `tcp 192.0.2.10:80` or `mark 80 ipv4`. */
export function describeKey({ key }: Service): string {
  if (key.kind === 'mark') return `mark ${key.mark} ${key.family}`;
  return `${key.protocol} ${formatEndpoint(key.address, key.port)}${key.port === 0 ? ' (every port)' : ''}`;
}

function interfaceCells({ device, role, mode, addresses }: Interface, hasSnat: boolean): string[] {
  const added = addresses.length > 0 ? `adds ${addresses.join(', ')}` : 'adds no address';
  // the kernel fragments replies that xlvs rewrote: they come from the VIP; packets to servers, with snat, from the router
  const setting = hasSnat || role === 'private' ? 'sets accept_local' : '';
  return [device, role, `XDP ${mode}`, added, setting];
}

function markCells({ mark, protocol, address, ports, source }: MarkRule): string[] {
  const list = ports.map(formatPortRange).join(', ');
  const named = list === 'any' ? 'any port' : `${ports.length === 1 && !list.includes('-') ? 'port' : 'ports'} ${list}`;
  return [String(mark), protocol, `to ${address}`, named, source ? `from ${source}` : ''];
}

function serviceLines(service: Service): string[] {
  const { name, scheduler, persistence, servers } = service;
  const persistent = persistence
    ? [`persistent ${formatDuration(persistence.timeout)} for each /${persistence.prefix} of clients`]
    : [];
  const once = service.onePacket ? ['each datagram by itself'] : [];
  const snat = service.snat ? ["servers see the router's address"] : [];
  const head = [`${name}: ${describeKey(service)}`, scheduler, ...persistent, ...once, ...snat].join(', ');
  if (servers.length === 0) return [`  ${head}, no servers: clients are told so (ICMP port unreachable)`];
  return [`  ${head}`, ...columns(servers.map((server) => serverCells(server, service))).map((line) => `  ${line}`)];
}

function thresholdText({ upperThreshold: upper, lowerThreshold: lower }: Server): string {
  if (!upper) return '';
  return `, at most ${upper} connections, then none until below ${lower ?? upper - Math.floor(upper / 4)}`;
}

function serverCells(server: Server, { key, persistence }: Service): string[] {
  const { address, port, weight } = server;
  const isKept = port === 0 || (persistence !== undefined && (key.kind === 'mark' || key.port === 0));
  const to = isKept ? `${address}, the port the client used` : formatEndpoint(address, port);
  return ['->', to, `weight ${weight}${weight === 0 ? ' (no new connections)' : ''}${thresholdText(server)}`];
}

function settings(config: Config): string[] {
  const { timeouts, switches, limits, metrics } = config;
  const tables = { copies: config.tables.connections, ...config.tables, ipv6Connections: ipv6Room(config) };
  const { tcp, tcpfin, udp } = timeouts;
  const megabytes = Math.ceil(tableMemory(tables) / MEGABYTE);
  return [
    `timeouts: tcp ${formatDuration(tcp)}, tcpfin ${formatDuration(tcpfin)}, udp ${formatDuration(udp)}`,
    `tables: ${count(tables.connections, 'connection')} and ${tables.ipv6Connections} of IPv6, ${count(tables.copies, 'copy', 'copies')}, ${tables.persistence} of persistence, ${count(tables.fragments, 'fragment')}: about ${megabytes} MB of kernel memory`,
    `ipvs: ${Object.entries(switches)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `limits: ${limitText(limits.perSource)} from one source, ${limitText(limits.perService)} to one service`,
    `masquerade: ${config.masquerade ? masqueradeText(config) : 'no'}`,
    "clients on the router itself: refused, since XDP sees no packet of the machine's own; they may use the servers' addresses",
    `metrics: http://${formatEndpoint(metrics.host, metrics.port)}/metrics`,
  ];
}

function masqueradeText({ interfaces }: Config): string {
  const devices = (role: Interface['role']) =>
    interfaces.flatMap((one) => (one.role === role ? [one.device] : [])).join(', ') || 'nowhere';
  return `what comes in by ${devices('private')} and leaves by ${devices('public')} has the router's address (a table of nftables)`;
}

const limitText = (limit: number): string => (limit ? `${count(limit, 'new connection')} a second` : 'any number');

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, ...lines] : [`${title.split(' ')[0]}: none`];
}

/** Rows as indented lines whose cells stand below one another. */
function columns(rows: readonly string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}
