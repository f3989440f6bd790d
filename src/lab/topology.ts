// SPDX-License-Identifier: MIT
// What a lab consists of, as plain data: machines, wires, bridges, addresses. Touches no kernel (see wiring.ts).
//
//   client1 ─┐ 192.0.2.0/24                        10.0.0.0/24 ┌─ server1 .1
//   client2 ─┴──────────── pub0 .1  router  prv0 .254 ─────────┴─ server2 .2
//
// Routed clients live in 198.51.100.0/24 behind a machine `gateway`, 192.0.2.254. A network of more than two machines
// gets a bridge in a machine `switch`; two machines are wired directly.

export interface LabOptions {
  /** part of the namespaces' names: lower case letters and digits; two labs of one process need two names */
  readonly name: string;
  /** 1..9, default 1 */
  readonly clients?: number;
  /** 1..9, default 3 */
  readonly servers?: number;
  /** clients reach the router over a gateway and share 198.51.100.0/24; default false: they are its neighbours */
  readonly clientRouted?: boolean;
  /** gives the router the virtual address from the start; default false */
  readonly staticVip?: boolean;
  /** receive and transmit queues of every interface, default 2 */
  readonly queues?: number;
  /** every address has an IPv6 one beside it (`ipv6Of`); default false */
  readonly ipv6?: boolean;
  /** of every interface, bytes, default 1500; a VLAN device with two tags has 4 less */
  readonly mtu?: number;
  /** the same of the servers' network alone, default `mtu` */
  readonly privateMtu?: number;
  /** VLANs of the clients' (`pub0`) and the servers' (`prv0`) network, from the outside in: machines have VLAN devices there */
  readonly publicVlans?: Vlans;
  readonly privateVlans?: Vlans;
  /** both networks are VLANs of one wire: the router has `pub0` alone; default false */
  readonly onStick?: boolean;
}

/** The virtual address the router is meant to answer for, with its network's prefix length. */
export const VIP = '192.0.2.10';
export const PREFIX_LENGTH = 24;
export const PUBLIC_DEVICE = 'pub0';
export const PRIVATE_DEVICE = 'prv0';
export const ROUTER_PUBLIC = '192.0.2.1';
export const ROUTER_PRIVATE = '10.0.0.254';

const GATEWAY_PUBLIC = '192.0.2.254';
const GATEWAY_CLIENTS = '198.51.100.254';

/** The IPv6 address that belongs to an IPv4 one: 10.0.0.1 has 2001:db8:a::1, 192.0.2.10 has 2001:db8:c0::a. */
export function ipv6Of(address: string): string {
  const bytes = address.split('.').map(Number);
  return `2001:db8:${(bytes[0] as number).toString(16)}::${(bytes[3] as number).toString(16)}`;
}

/** One (802.1Q) or two (802.1Q in 802.1ad). */
export type Vlans = readonly [number] | readonly [number, number];

/** `eth0.100.200`: what a machine's addresses are on. */
export const vlanDevice = (device: string, vlans: readonly number[] = []): string => [device, ...vlans].join('.');

export interface Machine {
  readonly name: string;
  /** its own main address; none for the switch */
  readonly address?: string;
  readonly forwards?: boolean;
  readonly defaultRoute?: string;
}

/** One end of a veth pair. */
export interface Port {
  readonly machine: string;
  readonly device: string;
  /** without prefix length; none for a port of the switch */
  readonly addresses: readonly string[];
  /** bytes; default: the lab's */
  readonly mtu?: number;
  /** the addresses are on VLAN devices of this port: on one with these VLANs, if there are any */
  readonly vlans?: readonly number[];
  /** another network on the same port */
  readonly beside?: { readonly addresses: readonly string[]; readonly vlans: readonly number[] };
}

export interface Bridge {
  readonly device: string;
  readonly ports: readonly string[];
}

export interface Topology {
  readonly ipv6: boolean;
  readonly machines: readonly Machine[];
  readonly wires: readonly (readonly [Port, Port])[];
  readonly bridges: readonly Bridge[];
}

const SWITCH = 'switch';

const port = (machine: string, device: string, ...addresses: string[]): Port => ({ machine, device, addresses });

const numbered = (name: string, count: number, address: (n: number) => string, defaultRoute: string): Machine[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${name}${i + 1}`, address: address(i + 1), defaultRoute }));

const eth0 = (machine: Machine): Port => port(machine.name, 'eth0', ...(machine.address ? [machine.address] : []));

/** One network: its machines' ports, joined by a wire or by a bridge. */
function network(name: string, ports: readonly Port[]): Omit<Topology, 'machines' | 'ipv6'> {
  const [a, b] = ports;
  if (a && b && ports.length === 2) return { wires: [[a, b]], bridges: [] };
  const plug = (end: Port): Port => ({ ...port(SWITCH, `${name}-${end.machine}`), ...(end.mtu && { mtu: end.mtu }) });
  const wires = ports.map((end) => [end, plug(end)] as const);
  return { wires, bridges: [{ device: name, ports: wires.map(([, end]) => end.device) }] };
}

function networks(clients: Machine[], servers: Machine[], options: LabOptions): Omit<Topology, 'machines' | 'ipv6'>[] {
  const { publicVlans, privateVlans = [], privateMtu } = options;
  const outer = (end: Port): Port => ({ ...end, ...(publicVlans && { vlans: publicVlans }) });
  const inner = (end: Port): Port => ({ ...end, vlans: privateVlans, ...(privateMtu && { mtu: privateMtu }) });
  const router = outer(port('router', PUBLIC_DEVICE, ROUTER_PUBLIC, ...(options.staticVip ? [VIP] : [])));
  const behind = servers.map(eth0).map(inner);
  const outside = clients.map(eth0).map(outer);
  if (options.onStick) {
    const stick = { ...router, beside: { addresses: [ROUTER_PRIVATE], vlans: privateVlans } };
    return [network('pub', [stick, ...outside, ...behind])];
  }
  const inside = network('prv', [inner(port('router', PRIVATE_DEVICE, ROUTER_PRIVATE)), ...behind]);
  if (!options.clientRouted) return [network('pub', [router, ...outside]), inside];
  const uplink = network('pub', [router, outer(port('gateway', PUBLIC_DEVICE, GATEWAY_PUBLIC))]);
  return [uplink, network('lan', [port('gateway', 'lan0', GATEWAY_CLIENTS), ...clients.map(eth0)]), inside];
}

/** The whole lab for these options. */
export function topology(options: LabOptions): Topology {
  const { clientRouted: routed = false } = options;
  const clientAddress = (n: number) => (routed ? `198.51.100.${n}` : `192.0.2.${100 + n}`);
  const clients = numbered('client', options.clients ?? 1, clientAddress, routed ? GATEWAY_CLIENTS : ROUTER_PUBLIC);
  const servers = numbered('server', options.servers ?? 3, (n) => `10.0.0.${n}`, ROUTER_PRIVATE);
  const parts = networks(clients, servers, options);
  const bridges = parts.flatMap((part) => part.bridges);
  const router = { name: 'router', address: ROUTER_PUBLIC, forwards: true };
  const machines: Machine[] = [...clients, ...servers, routed ? { ...router, defaultRoute: GATEWAY_PUBLIC } : router];
  if (routed) machines.push({ name: 'gateway', address: GATEWAY_PUBLIC, forwards: true, defaultRoute: ROUTER_PUBLIC });
  if (bridges.length > 0) machines.push({ name: SWITCH });
  return { ipv6: options.ipv6 ?? false, machines, wires: parts.flatMap((part) => part.wires), bridges };
}
