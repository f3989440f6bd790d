// SPDX-License-Identifier: MIT
// The wires of the two routers and what is at their far ends: frames go in as they are given, every frame that comes out is
// taken. xlvs's router is this process's own namespace, so that its commands run in this process; kernel IPVS's is another.
import { type BpfObject, ifIndex, Link, type Program, RingBuffer } from 'libbpf-ts';
import { shell } from '../../bench/shell.ts';
import type { Frame } from './wire-text.ts';
import { addressingLines, ROUTER_MAC, type Side } from './world.ts';

export const ROUTERS = ['ipvs', 'xlvs'] as const;
export type RouterName = (typeof ROUTERS)[number];

const SIDES = ['public', 'private'] as const;
const DEVICE: Readonly<Record<Side, string>> = { public: 'pub0', private: 'prv0' };
/** The far end of a router's device, in this process's namespace. */
const farEnd = (router: RouterName, side: Side): string => `${router}-${side}`;
/** Bytes: a packet may be too big for servers. */
const MTU: Readonly<Record<Side, number>> = { public: 1500, private: 1400 };
const ETHERNET = 14;
const BYTES_AT = 8;

/** Nothing is said to be too much, and a router that is asked nothing says nothing. */
const SYSCTLS = [
  'net.ipv4.ip_forward=1',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv4.icmp_msgs_per_sec=1000000',
  'net.ipv6.icmp.ratelimit=0',
  'net.ipv6.conf.all.accept_ra=0',
  'net.ipv6.conf.default.accept_ra=0',
].join(' ');

function wire(router: RouterName): void {
  const inside = router === 'ipvs' ? 'ip netns exec ipvs' : '';
  const lines = SIDES.map((side) => {
    const [near, far] = [DEVICE[side], farEnd(router, side)];
    const place = router === 'ipvs' ? 'netns ipvs' : '';
    return `
      ip link add ${far} type veth peer name ${near} address ${ROUTER_MAC[side]} ${place}
      sysctl -qew net.ipv6.conf.${far}.disable_ipv6=1
      ${inside} ethtool -K ${near} tx off tso off gso off gro on
      ethtool -K ${far} tx off tso off gso off gro on
      ${inside} ip link set ${near} mtu ${MTU[side]} gro_max_size 1 up
      ip link set ${far} up`;
  });
  shell(`${inside} sysctl -qew ${SYSCTLS}\n${lines.join('\n')}`);
}

/** Both routers' devices, addresses, routes and neighbours. */
export function layWires(places: number): void {
  shell('ip link set lo up; ip netns add ipvs; ip -n ipvs link set lo up');
  for (const router of ROUTERS) {
    wire(router);
    const inside = router === 'ipvs' ? 'ip netns exec ipvs' : '';
    shell(`${inside} ip -batch - <<'END'\n${addressingLines(places).join('\n')}\nEND`);
  }
}

const macBytes = (mac: string): number[] => mac.split(':').map((byte) => Number.parseInt(byte, 16));
const macText = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(':');

/** Neighbour and multicast discovery is not what is compared. */
function isNoise(ip: Uint8Array): boolean {
  return (ip[0] as number) >> 4 === 6 && (ip[6] === 0 || (ip[6] === 58 && (ip[40] as number) >= 130));
}

type Taken = Readonly<Record<RouterName, readonly Frame[]>>;

export class Wires {
  readonly #inject: Program;
  readonly #object: BpfObject;
  readonly #links: Link[];
  readonly #ends = new Map<number, { readonly router: RouterName; readonly side: Side }>();
  readonly #indexes = new Map<string, number>();
  readonly #ring: RingBuffer;
  #taken: { readonly router: RouterName; readonly frame: Frame }[] = [];
  #onFrame: () => void = () => {};

  /** `object`: tap.bpf.c, loaded. */
  constructor(object: BpfObject) {
    this.#object = object;
    this.#inject = object.program('inject');
    const tap = object.program('tap');
    this.#links = ROUTERS.flatMap((router) =>
      SIDES.map((side) => {
        const index = ifIndex(farEnd(router, side)) ?? 0;
        this.#ends.set(index, { router, side });
        this.#indexes.set(farEnd(router, side), index);
        return Link.attachXdp(tap, index, { mode: 'native' });
      }),
    );
    this.#ring = new RingBuffer(object.map('taken_frames'), (record) => this.#take(record));
  }

  #take(record: Uint8Array): void {
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const end = this.#ends.get(view.getUint32(0, true));
    const bytes = record.slice(BYTES_AT, BYTES_AT + view.getUint32(4, true));
    const type = (bytes[12] as number) * 256 + (bytes[13] as number);
    if (!end || (type !== 0x0800 && type !== 0x86dd)) return;
    const ip = packetIn(bytes.subarray(ETHERNET));
    if (isNoise(ip)) return;
    this.#taken.push({
      router: end.router,
      frame: { side: end.side, destinationMac: macText(bytes.subarray(0, 6)), ip },
    });
    this.#onFrame();
  }

  /** An IP packet to a router, from the station with this MAC. */
  send(router: RouterName, side: Side, sourceMac: string, ip: Uint8Array): void {
    const type = (ip[0] as number) >> 4 === 4 ? [0x08, 0x00] : [0x86, 0xdd];
    const data = Uint8Array.from([...macBytes(ROUTER_MAC[side]), ...macBytes(sourceMac), ...type, ...ip]);
    const target = new Uint8Array(4);
    new DataView(target.buffer).setUint32(0, this.#indexes.get(farEnd(router, side)) as number, true);
    this.#object.map('targets').set(new Uint8Array(4), target);
    const { returnValue } = this.#inject.testRun({ data });
    if (returnValue !== 0) throw new Error(`a frame to ${router} was not sent: ${returnValue}`);
  }

  /** What came out of both routers until `isEnough` says so. Throws when it does not within `patience` milliseconds. */
  async take(isEnough: (frames: readonly Frame[], router: RouterName) => boolean, patience: number): Promise<Taken> {
    const of = (router: RouterName): Frame[] =>
      this.#taken.filter((one) => one.router === router).map(({ frame }) => frame);
    const isDone = (): boolean => ROUTERS.every((router) => isEnough(of(router), router));
    if (!isDone())
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('a frame that must pass both routers did not')), patience);
        this.#onFrame = () => {
          if (!isDone()) return;
          clearTimeout(timer);
          resolve();
        };
      }).finally(() => {
        this.#onFrame = () => {};
      });
    const taken = { ipvs: of('ipvs'), xlvs: of('xlvs') };
    this.#taken = [];
    return taken;
  }

  close(): void {
    this.#ring.close();
    for (const link of this.#links) link.close();
    this.#object.close();
  }
}

/** Without what Ethernet put behind it. */
function packetIn(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.subarray(0, (bytes[0] as number) >> 4 === 4 ? view.getUint16(2) : 40 + view.getUint16(4));
}
