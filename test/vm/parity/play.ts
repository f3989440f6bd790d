// SPDX-License-Identifier: MIT
// A scenario under way: the same is done to both routers, step by step, and what each shows of it is written down side by side.
import { reassembled } from './fragments.ts';
import type { Line } from './lines.ts';
import { type End, isIpv6, packet } from './packet.ts';
import type { Router } from './routers.ts';
import { type Frame, frameText, type Parsed, parse } from './wire-text.ts';
import { ROUTERS, type RouterName, type Wires } from './wires.ts';
import { client, type Family, GATEWAY_MAC, markOf, NOWHERE, type Side, server, serverMac, vip } from './world.ts';

export type Seen = Readonly<Record<RouterName, readonly Line[]>>;

export type RouterLines = Record<RouterName, Line[]>;

export interface Step {
  readonly title: string;
  run(play: Play): Promise<Seen>;
}

/** What a station sends; undefined: it has nothing to say, because nothing came to it. */
export interface Sent {
  readonly side: Side;
  readonly sourceMac: string;
  readonly ip: Uint8Array;
}

export type Sender = (play: Play, router: RouterName) => Sent | undefined;

const FENCE_HOST = 99;
const FENCE_CLIENT = 0xf0;
const FENCE_PORT = 9;
/** Milliseconds; an emulated machine with others beside it may rest for seconds. */
const PATIENCE = 60_000;
/** Fewer than a veth's ring takes. */
const BATCH = 64;

const keyOf = (protocol: number, address: string, port: number): string => `${protocol} ${address} ${port}`;

export class Play {
  readonly family: Family;
  readonly #place: number;
  readonly #wires: Wires;
  readonly #routers: Readonly<Record<RouterName, Router>>;
  readonly #arrived: Readonly<Record<RouterName, Map<string, Frame>>> = { ipvs: new Map(), xlvs: new Map() };
  readonly #returned: Readonly<Record<RouterName, Map<string, Frame>>> = { ipvs: new Map(), xlvs: new Map() };
  #ports = 10_000;
  static #fences = 20_000;

  constructor(place: number, family: Family, wires: Wires, routers: Readonly<Record<RouterName, Router>>) {
    this.#place = place;
    this.family = family;
    this.#wires = wires;
    this.#routers = routers;
  }

  /** A port that no client of this scenario has used. */
  nextPort(): number {
    return this.#ports++;
  }

  get vip(): string {
    return vip(this.#place, this.family);
  }

  client(n: number): string {
    return client(this.#place, n, this.family);
  }

  server(n: number): string {
    return server(n, this.family);
  }

  /** `$V:80`, `$S1:80`, `$S1`, `$M` (-f and the scenario's mark), `$MASK` as this family's ipvsadm takes them. */
  expand(line: string): string[] {
    const host = (address: string): string => (isIpv6(address) ? `[${address}]` : address);
    return line
      .replaceAll(/\$M(?!A)/g, `-f ${markOf(this.#place)}${this.family === 6 ? ' -6' : ''}`)
      .replaceAll('$V', host(this.vip))
      .replaceAll('$MASK', `-M ${this.family === 4 ? '255.255.255.0' : 112}`)
      .replace(/\$S(\d)(:?)/g, (_, n, port) => (port ? `${host(this.server(Number(n)))}:` : this.server(Number(n))))
      .split(/\s+/);
  }

  /** What rows of connections and persistence name when they are this scenario's. */
  get ownNames(): readonly string[] {
    const mark = markOf(this.#place);
    const asAddress = this.family === 4 ? `0.0.${mark >> 8}.${mark & 255}:` : `[0:${mark.toString(16)}::`;
    return this.family === 4 ? [` ${this.vip}:`, ` ${asAddress}`] : [`[${this.vip}]:`, asAddress];
  }

  /** Both at the same time: kernel IPVS's commands are processes, xlvs's run in this one. */
  async each(ask: (router: Router, name: RouterName) => Promise<readonly Line[]>): Promise<Seen> {
    const [ipvs, xlvs] = [ask(this.#routers.ipvs, 'ipvs'), ask(this.#routers.xlvs, 'xlvs')];
    return { ipvs: await ipvs, xlvs: await xlvs };
  }

  /** One after the other, for answers whose moment matters. */
  async eachInTurn(ask: (router: Router, name: RouterName) => Promise<void>): Promise<void> {
    for (const name of ROUTERS) await ask(this.#routers[name], name);
  }

  async setSwitch(name: string, value: number): Promise<void> {
    for (const router of ROUTERS) await this.#routers[router].setSwitch(name, value);
  }

  /** The packet that came to a server from this client last; undefined: none did. */
  arrived(router: RouterName, protocol: number, from: End): Frame | undefined {
    return this.#arrived[router].get(keyOf(protocol, from.address, from.port));
  }

  /** The packet that came back to this client last. */
  returned(router: RouterName, protocol: number, to: End): Frame | undefined {
    return this.#returned[router].get(keyOf(protocol, to.address, to.port));
  }

  /** Sends through both routers and tells what came out, datagrams in one piece. */
  async send(senders: readonly Sender[]): Promise<Seen> {
    const seen: RouterLines = { ipvs: [], xlvs: [] };
    for (let at = 0; at < senders.length; at += BATCH) {
      for (const sender of senders.slice(at, at + BATCH)) this.#sendOne(sender);
      const frames = await this.#settle();
      for (const router of ROUTERS) seen[router].push(...frames[router].map((frame) => ({ text: frameText(frame) })));
    }
    return seen;
  }

  #sendOne(sender: Sender): void {
    for (const router of ROUTERS) {
      const sent = sender(this, router);
      if (sent) this.#wires.send(router, sent.side, sent.sourceMac, sent.ip);
    }
  }

  /**
   * All that was sent has come out when datagrams sent behind it, to be forwarded by the kernel both ways, have. Their ends
   * are nobody's servers and clients.
   */
  async #settle(): Promise<Readonly<Record<RouterName, readonly Frame[]>>> {
    const port = Play.#fences++;
    const [inside, outside] = [
      { address: server(FENCE_HOST, 4), port: FENCE_PORT },
      { address: client(NOWHERE, FENCE_CLIENT, 4), port },
    ];
    for (const router of ROUTERS) {
      const [inward, outward] = [
        { from: outside, to: inside, protocol: 'udp' as const },
        { from: inside, to: outside, protocol: 'udp' as const },
      ];
      this.#wires.send(router, 'public', GATEWAY_MAC, packet(inward));
      this.#wires.send(router, 'private', serverMac(FENCE_HOST), packet(outward));
    }
    const isFence = ({ ip }: Frame): boolean => isOf(parse(ip), outside.address);
    const taken = await this.#wires.take((frames) => {
      return frames.filter((frame) => isFence(frame) && isOf(parse(frame.ip), outside.address, port)).length === 2;
    }, PATIENCE);
    const frames = { ipvs: [] as Frame[], xlvs: [] as Frame[] };
    for (const router of ROUTERS) {
      frames[router] = reassembled(taken[router].filter((frame) => !isFence(frame)));
      for (const frame of frames[router]) this.#remember(router, frame);
    }
    return frames;
  }

  #remember(router: RouterName, frame: Frame): void {
    const { protocol, source, sourcePort, destination, destinationPort } = parse(frame.ip);
    if (frame.side === 'private') this.#arrived[router].set(keyOf(protocol, source, sourcePort), frame);
    else this.#returned[router].set(keyOf(protocol, destination, destinationPort), frame);
  }
}

function isOf({ source, destination, sourcePort, destinationPort }: Parsed, address: string, port?: number): boolean {
  const isEnd = (ownAddress: string, ownPort: number): boolean =>
    ownAddress === address && (port === undefined || ownPort === port);
  return isEnd(source, sourcePort) || isEnd(destination, destinationPort);
}
