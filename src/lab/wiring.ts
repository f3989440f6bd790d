// SPDX-License-Identifier: MIT
// Makes a topology real: namespaces, veth pairs, bridges, addresses, and the offloads under which XDP works on veth.
import { runCommand } from './run-command.ts';
import { ipv6Of, type Machine, type Port, PREFIX_LENGTH, type Topology, vlanDevice } from './topology.ts';

export interface WireSettings {
  readonly queues: number;
  /** bytes */
  readonly mtu: number;
}

/** A machine's namespace: /run/netns/<id>-<machine>. */
export const namespaceOf = (id: string, machine: string): string => `${id}-${machine}`;

const portsOf = (topology: Topology, machine: Machine): Port[] =>
  topology.wires.flat().filter((port) => port.machine === machine.name);

/**
 * The `ip -batch` lines, for the machine's namespace, that make the veth pairs which begin there. Older kernels (6.12) want
 * the first end's name to be free where the command runs, whatever namespace it is to be in.
 */
export function wireCommands(
  id: string,
  { wires }: Topology,
  machine: Machine,
  { queues, mtu }: WireSettings,
): string[] {
  const end = ({ device, mtu: own = mtu }: Port) =>
    `name ${device} mtu ${own} numtxqueues ${queues} numrxqueues ${queues}`;
  return wires
    .filter(([first]) => first.machine === machine.name)
    .map(
      ([first, peer]) => `link add ${end(first)} type veth peer ${end(peer)} netns ${namespaceOf(id, peer.machine)}`,
    );
}

const isTagged = ({ vlans = [] }: Port): boolean => vlans.length > 0;

/** The addresses of one network at a port, and the VLAN devices they are on. */
function networkCommands(
  { device }: Port,
  { addresses, vlans = [] }: Pick<Port, 'addresses' | 'vlans'>,
  { ipv6, mtu }: { ipv6: boolean; mtu: number },
): string[] {
  const stack = vlans.map((id, i) => {
    const name = vlanDevice(device, vlans.slice(0, i + 1));
    const proto = i === 0 && vlans.length > 1 ? '802.1ad' : '802.1Q';
    const link = `link add link ${vlanDevice(device, vlans.slice(0, i))} name ${name} mtu ${mtu - 4 * i}`;
    return [`${link} type vlan proto ${proto} id ${id}`, `link set ${name} up`];
  });
  const own = vlanDevice(device, vlans);
  return [
    ...stack.flat(),
    ...addresses.flatMap((a) => [
      `address add ${a}/${PREFIX_LENGTH} dev ${own}`,
      ...(ipv6 ? [`address add ${ipv6Of(a)}/64 dev ${own} nodad`] : []),
    ]),
  ];
}

/**
 * The `ip -batch` lines for one machine. A receive size of 1 byte makes GRO merge nothing: it is on for another reason
 * (see `offloads`), and merged packets would show in captures with checksums that were never on the wire.
 */
export function machineCommands(topology: Topology, machine: Machine, mtu = 1500): string[] {
  const ports = portsOf(topology, machine);
  const bridges = machine.name === 'switch' ? topology.bridges : [];
  const commands = (port: Port): string[] => {
    const settings = { ipv6: topology.ipv6, mtu: port.mtu ?? mtu };
    return [port, ...(port.beside ? [port.beside] : [])].flatMap((one) => networkCommands(port, one, settings));
  };
  return [
    'link set lo up',
    ...bridges.flatMap(({ device }) => [`link add ${device} type bridge mcast_snooping 0`, `link set ${device} up`]),
    ...bridges.flatMap(({ device, ports: plugs }) => plugs.map((plug) => `link set ${plug} master ${device}`)),
    ...ports.filter((port) => !isTagged(port)).flatMap(commands),
    ...ports.map(({ device }) => `link set ${device} gro_max_size 1 up`),
    // a VLAN device goes up when its port has
    ...ports.filter(isTagged).flatMap(commands),
    ...(machine.defaultRoute ? [`route add default via ${machine.defaultRoute}`] : []),
    ...(machine.defaultRoute && topology.ipv6 ? [`route add default via ${ipv6Of(machine.defaultRoute)}`] : []),
  ];
}

/** IPv6 is off unless asked for: its router and neighbour discovery is noise in captures and counters. */
const sysctls = (machine: Machine, ipv6: boolean): string[] => [
  ...['all', 'default'].flatMap((device) => [
    `net.ipv6.conf.${device}.disable_ipv6=${ipv6 ? 0 : 1}`,
    `net.ipv6.conf.${device}.forwarding=${ipv6 && machine.forwards ? 1 : 0}`,
  ]),
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
  `net.ipv4.ip_forward=${machine.forwards ? 1 : 0}`,
];

/**
 * tx off: native XDP must find complete checksums in the frame. tso, gso and the like off: it must find frames of wire size.
 * gro on: turns on NAPI, without which veth takes nothing that XDP redirects into its peer. Must be set before the peer
 * comes up: only then does the kernel notice that the peer has become a target for redirects.
 * VLAN offloads off: XDP must find tags in the frame, not beside it.
 */
const offloads = [
  ...['tx', 'off', 'tso', 'off', 'gso', 'off', 'tx-sctp-segmentation', 'off', 'gro', 'on'],
  ...['txvlan', 'off', 'rxvlan', 'off', 'tx-vlan-stag-hw-insert', 'off', 'rx-vlan-stag-hw-parse', 'off'],
];

/** Builds the lab; throws LabError at the first command that fails and leaves the clearing up to the caller. */
export function wire(id: string, topology: Topology, settings: WireSettings): void {
  for (const { name } of topology.machines) runCommand('ip', ['netns', 'add', namespaceOf(id, name)]);
  for (const machine of topology.machines) inside(id, machine, 'sysctl', ['-qew', ...sysctls(machine, topology.ipv6)]);
  for (const machine of topology.machines) {
    inside(id, machine, 'ip', ['-batch', '-'], wireCommands(id, topology, machine, settings));
  }
  for (const machine of topology.machines) {
    for (const { device } of portsOf(topology, machine)) inside(id, machine, 'ethtool', ['-K', device, ...offloads]);
  }
  for (const machine of topology.machines) {
    inside(id, machine, 'ip', ['-batch', '-'], machineCommands(topology, machine, settings.mtu));
  }
}

function inside(
  id: string,
  machine: Machine,
  command: string,
  args: readonly string[],
  input?: readonly string[],
): void {
  runCommand('nsenter', [`--net=/run/netns/${namespaceOf(id, machine.name)}`, command, ...args], input);
}
