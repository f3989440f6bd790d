// SPDX-License-Identifier: MIT
// A router without packets: the real data plane loaded in the benchmark's own namespace, with routes and neighbours
// for its clients and servers, services put through the real code. Test runs come in on lo, as the kernel has it.
import { ifIndex } from 'libbpf-ts';
import { writeInterfaces } from '../../src/dataplane/interface-map.ts';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { type Loaded, loadRouter, removePins } from '../../src/dataplane/loader.ts';
import type { Protocol, Server, Service } from '../../src/model/model.ts';
import { DATA_PLANE_OBJECT } from './places.ts';
import { shell } from './shell.ts';

export const VIP = '198.51.100.1';
export const VIP_PORT = 80;
/** The first of 65,536 clients. */
export const FIRST_CLIENT = '10.0.0.0';
export const ROUTER_MAC = '02:00:00:00:00:01';
const NEXT_HOP_MAC = '02:00:00:00:00:02';
const SERVER_PORT = 8080;

export const serverAddress = (index: number): string => `192.168.1.${index + 1}`;

/** Devices and routes of the namespace the benchmark runs in; once. */
export function prepareNamespace(servers: number): void {
  shell(`
    sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    ip link set lo up
    ip link add public address ${ROUTER_MAC} type veth peer name public-peer
    ip link add private address ${ROUTER_MAC} type veth peer name private-peer
    for d in public public-peer private private-peer; do ip link set $d up; done
    ip addr add 203.0.113.1/24 dev public
    ip addr add 192.168.1.254/24 dev private
    ip neigh add 203.0.113.2 lladdr ${NEXT_HOP_MAC} dev public nud permanent
    ip route add 10.0.0.0/8 via 203.0.113.2
    ${Array.from({ length: servers }, (_, i) => `ip neigh add ${serverAddress(i)} lladdr ${NEXT_HOP_MAC} dev private nud permanent`).join('\n')}
  `);
}

export function serviceOf(protocol: Protocol, servers: number, scheduler: Service['scheduler'] = 'wlc'): Service {
  return {
    name: 'web',
    key: { kind: 'address', protocol, address: VIP, port: VIP_PORT },
    scheduler,
    servers: Array.from(
      { length: servers },
      (_, i): Server => ({ address: serverAddress(i), port: SERVER_PORT, weight: 1 }),
    ),
  };
}

export interface Rig {
  readonly router: KernelDataPlane;
  readonly loaded: Loaded;
  close(): void;
}

/** Makes lo one of the router's interfaces, beside the namespace's two. */
export function openToTestRuns({ maps }: KernelDataPlane): void {
  writeInterfaces(maps, [
    { ifindex: ifIndex('lo') ?? 1, mac: ROUTER_MAC, mtu: 65535, role: 'public' },
    { ifindex: ifIndex('public') ?? 0, mac: ROUTER_MAC, mtu: 1500, role: 'public' },
    { ifindex: ifIndex('private') ?? 0, mac: ROUTER_MAC, mtu: 1500, role: 'private' },
  ]);
}

let rigs = 0;

/** `connections`: size of the table, both halves of one counted once. */
/** `copies`: room in front of the connection table, as many as that has unless given. */
export function openRig(connections: number, objectFile = DATA_PLANE_OBJECT, copies = connections): Rig {
  const pins = `/sys/fs/bpf/xlvs-bench-${process.pid}-${rigs++}`;
  const loaded = loadRouter(pins, objectFile, { connections, copies, persistence: 4096, fragments: 1024 });
  const router = KernelDataPlane.open(pins);
  openToTestRuns(router);
  router.heartbeat(process.pid);
  const close = (): void => {
    loaded.program.close();
    router.close();
    removePins(pins);
  };
  return { router, loaded, close };
}
