// SPDX-License-Identifier: MIT
// What the router should do with a frame, in plain TypeScript: no kernel, no maps, no deltas. The fuzz test holds the
// data plane against it. Both families at once. Tables are never full here.

import { answerOf } from './answer.ts';
import { DefenceModel, type Limits } from './defence.ts';
import { type Connection, type Half, keyOf, prepareConnection } from './flow.ts';
import { FragmentModel } from './fragment.ts';
import { isFromListener, onlySender } from './listening.ts';
import { NextHops } from './next-hops.ts';
import { type Packet, parse, SCTP, TCP, UDP } from './parse.ts';
import { PersistenceModel } from './persistence.ts';
import { type Macs, rewritten } from './rewrite.ts';
import { type Server, type Service, schedule } from './scheduling.ts';
import { arrive, depart } from './tags.ts';
import { isActive, nextState, SECONDS, type State } from './tcp.ts';

export interface Expected {
  readonly action: 'forwarded' | 'passed' | 'dropped' | 'answered';
  readonly reason?: string;
  readonly device?: number;
  readonly bytes?: Uint8Array;
}

/** Time stamps are refreshed when a second old, and that much is forgiven. */
const SECOND = 15;
/** A steady packet may see the time of the timer's last slice, up to 4 ticks ago, so a stamp is renewed so much earlier. */
const STAMP = 11;
const ANSWERS_PER_TICK = 67;

type Verdict = { half: Half; reason?: string } | { pass: string } | { drop: string; mtu?: number };

/** Its CRC would change, which takes the whole packet. */
const isSctpToAnotherPort = (p: Packet, { rewrite: { side, port } }: Half): boolean =>
  p.protocol === SCTP && !p.quote && port !== (side === 'destination' ? p.destinationPort : p.sourcePort);

export class Model {
  readonly flows = new Map<string, Half>();
  readonly persistence = new PersistenceModel();
  readonly fragments = new FragmentModel();
  readonly hops = new NextHops();
  /** All that there are. */
  readonly services: readonly Service[];
  /** What the lookup by mark, address and port finds. */
  readonly findService: (p: Packet) => Service | undefined;
  readonly ticks: (seconds: number) => number;
  readonly onCreate: (connection: Connection) => void;
  /** Each family has its own budget of answers, and its own defence. */
  readonly #answers = { 4: { tick: -1, sent: 0 }, 6: { tick: -1, sent: 0 } };
  readonly #defence = { 4: new DefenceModel(), 6: new DefenceModel() };
  readonly limits: Limits = { sourceLimit: 0, serviceLimit: 0, dropPacket: 0, amDroprate: 10 };
  now = 0;
  connReuseMode = 1;
  expireNodestConn = 0;
  expireQuiescentTemplate = 0;
  sloppyTcp = 0;
  sloppySctp = 0;
  natIcmpSend = 0;

  constructor(world: Pick<Model, 'services' | 'findService' | 'ticks' | 'onCreate'>) {
    this.services = world.services;
    this.findService = world.findService;
    this.ticks = world.ticks;
    this.onCreate = world.onCreate;
  }

  receive(bytes: Uint8Array, port: number): Expected {
    const { devices } = this.hops;
    const arrival = arrive(bytes, port, devices);
    if (typeof arrival === 'string') return { action: 'passed', reason: arrival, bytes };
    return depart(this.#route(arrival.frame, arrival.device), arrival, devices);
  }

  /** On the way from device to device a frame has no tags. */
  #route(bytes: Uint8Array, device: number): Expected {
    const parsed = parse(bytes, device);
    if (typeof parsed === 'string') return { action: 'passed', reason: parsed, bytes };
    const p = this.fragments.follow(parsed, this.now);
    if (!p) return { action: 'passed', reason: 'fragment', bytes };
    const verdict = this.#attend(p) ?? this.#admit(p);
    if ('drop' in verdict) return this.#drop(p, bytes, verdict.drop, verdict.mtu);
    if ('pass' in verdict) return { action: 'passed', reason: verdict.pass, bytes };
    const { half, reason } = verdict;
    if (p.fragment && isSctpToAnotherPort(p, half)) return { action: 'dropped', reason: 'sctp_fragment' };
    if (reason) return { action: 'passed', reason, bytes: rewritten(p, half.rewrite) };
    return { action: 'forwarded', device: half.device, bytes: rewritten(p, half.rewrite, half.macs as Macs) };
  }

  /** Its sender hears of some drops, unless too many have been heard of in this tick. */
  #drop(p: Packet, bytes: Uint8Array, reason: string, mtu = 0): Expected {
    const own = this.hops.devices.get(p.device)?.address[p.family];
    const answer = answerOf(p, bytes, { reason, mtu, from: reason === 'no_connection' ? own : p.destination });
    if (!answer) return { action: 'dropped', reason };
    const budget = this.#answers[p.family];
    if (budget.tick !== this.now) Object.assign(budget, { tick: this.now, sent: 0 });
    if (budget.sent++ >= ANSWERS_PER_TICK) return { action: 'dropped', reason };
    return { action: 'answered', reason, device: p.device, bytes: answer };
  }

  /** Everything that is over disappears; with expire_nodest_conn the connections of servers that are gone, too. */
  expire(): void {
    for (const { from, connection } of this.flows.values())
      if (
        from === 'client' &&
        (this.#isExpired(connection) || (this.expireNodestConn !== 0 && !connection.server.live))
      )
        this.#remove(connection);
    this.persistence.expire(this.now, this.expireNodestConn !== 0);
  }

  #attend(p: Packet): Verdict | undefined {
    const half = this.flows.get(keyOf(p.source, p.sourcePort, p.destination, p.destinationPort, p.protocol));
    if (!half || this.#ends(p, half)) return undefined;
    const { connection } = half;
    const isCurrent = half.generation === this.hops.generation;
    if (!isCurrent && !connection.server.live) {
      if (this.expireNodestConn) {
        this.#remove(connection);
        return undefined;
      }
      if (half.from === 'client') return { drop: 'server_gone' };
    }
    const hop = isCurrent ? undefined : this.hops.resolveAgain(p, half);
    if (hop && hop !== 'neighbour') return { drop: hop };
    const isRelated = p.quote !== undefined || p.fragment?.isFirst === false;
    if (!isRelated) this.#step(connection, nextState(connection.state, half.from, p));
    if (!isRelated && this.now - half.lastSeen >= STAMP) half.lastSeen = this.now;
    return this.#refuses(p, half) ?? (hop ? { half, reason: hop } : { half });
  }

  /** No hop left, or too big: the kernel fragments what may be, and tells a server of what may not. */
  #refuses(p: Packet, half: Half): Verdict | undefined {
    const isReply = half.from === 'server';
    if (p.ttl <= 1) return isReply ? { pass: 'refused_reply' } : { drop: 'ttl_exceeded' };
    if (p.length <= half.mtu) return undefined;
    if (p.mayBeFragmented) return { half, reason: 'too_big' };
    return isReply ? { pass: 'refused_reply' } : { drop: 'too_big', mtu: half.mtu };
  }

  /** Whether this packet finds its connection over. */
  #ends(p: Packet, half: Half): boolean {
    const { connection } = half;
    const isOver = ['TW', 'CL', 'sCL'].includes(connection.state) && connection.persistence === undefined;
    const isLeft = this.expireNodestConn !== 0 && connection.server.weight === 0;
    const isToMove = isLeft || (isOver && this.connReuseMode !== 0);
    const wantsPlace = half.from === 'client' && p.syn && !p.rst && isToMove;
    if (!wantsPlace && !this.#isExpired(connection)) return false;
    this.#remove(connection);
    return true;
  }

  #admit(p: Packet): Verdict {
    if (p.quote) return { pass: 'icmp' };
    if (p.fragment?.isFirst === false) return this.#follow(p);
    const isRefused = this.natIcmpSend !== 0 && !p.rst && this.hops.isForUs(p) && isFromListener(p, this.services);
    const verdict: Verdict = isRefused ? { drop: 'no_connection' } : this.#serve(p);
    const isUnwanted = isRefused || ('pass' in verdict && verdict.pass === 'no_service');
    return (isUnwanted && this.#recover(p)) || verdict;
  }

  #serve(p: Packet): Verdict {
    const service = this.findService(p);
    if (!service) return { pass: 'no_service' };
    const isSloppy = p.protocol === TCP ? this.sloppyTcp : this.sloppySctp;
    if (p.protocol !== UDP && (p.rst || (!p.syn && !isSloppy))) return { pass: 'not_new' };
    const isFtpData = service.isFtp && p.destinationPort !== 21;
    if (p.sourcePort === 20 || (isFtpData && !service.persistence)) return { pass: 'ftp_data' };
    if (!this.hops.isForUs(p)) return { pass: 'other_host' };
    if (p.ttl <= 1) return { drop: 'ttl_exceeded' };
    const refusal = this.#defence[p.family].refuses(p.source, service.id, this.limits, this.now);
    if (refusal) return { drop: refusal };
    const persistence = service.persistence ? PersistenceModel.key(p.source, service) : undefined;
    const kept = persistence && this.persistence.find(persistence, this.now, this.expireQuiescentTemplate !== 0);
    const server = kept || schedule(service, p);
    if (!server) return isFtpData ? { pass: 'ftp_data' } : { drop: 'no_server' };
    if (persistence && !kept) this.persistence.keep(persistence, server, service.persistence, this.now);
    return this.#create(p, service, server, persistence);
  }

  /** A connection that its server's segment makes anew; `undefined`: nothing was lost. */
  #recover(p: Packet): Verdict | undefined {
    if (!this.sloppyTcp || p.protocol !== TCP || !p.ack || p.syn || p.rst) return undefined;
    const only =
      this.hops.devices.get(p.device)?.isPrivate && this.hops.isForUs(p) ? onlySender(p, this.services) : undefined;
    if (!only?.service.vip) return undefined;
    const { service, server } = only;
    const { address: destination, port: destinationPort } = service.vip as NonNullable<Service['vip']>;
    const client = { ...p, source: p.destination, sourcePort: p.destinationPort, destination, destinationPort };
    const connection = prepareConnection(client, service, server, p.sourcePort, undefined, this.now);
    const [forward, reply] = connection.halves;
    if (this.flows.has(connection.keys[0])) return undefined;
    const back = this.hops.resolve(reply);
    if (back === 'neighbour') return { drop: 'no_neighbour' };
    if (back) return undefined;
    this.hops.resolve(forward);
    const key = service.persistence ? PersistenceModel.key(client.source, service) : undefined;
    const kept = key && this.persistence.find(key, this.now, this.expireQuiescentTemplate !== 0);
    if (key && !kept) this.persistence.keep(key, server, service.persistence, this.now);
    connection.persistence = !kept || kept === server ? key : undefined;
    connection.state = nextState('NO', 'server', p);
    this.#claim(connection);
    return this.#refuses(p, reply) ?? { half: reply };
  }

  /** A fragment behind one that went by one-packet scheduling. */
  #follow(p: Packet): Verdict {
    const once = this.fragments.sentOnce(p, this.now);
    return once
      ? this.#pass(p, prepareConnection(p, once.service, once.server, 0, undefined, this.now))
      : { pass: 'fragment' };
  }

  /** To the server, and nothing remains of it. */
  #pass(p: Packet, { halves: [forward] }: Connection): Verdict {
    const way = this.hops.resolve(forward);
    if (way && way !== 'neighbour') return { drop: way };
    return this.#refuses(p, forward) ?? (way ? { half: forward, reason: way } : { half: forward });
  }

  #create(p: Packet, service: Service, server: Server, persistence: string | undefined): Verdict {
    const isFtpData = service.isFtp && p.destinationPort !== 21;
    const keepsPort = server.port === 0 || (service.persistence > 0 && (service.isGroup || isFtpData));
    const connection = prepareConnection(
      p,
      service,
      server,
      keepsPort ? p.destinationPort : server.port,
      persistence,
      this.now,
    );
    if (service.onePacket && p.protocol === UDP) {
      const verdict = this.#pass(p, connection);
      if (!('drop' in verdict) || verdict.drop === 'ttl_exceeded' || verdict.drop === 'too_big')
        this.fragments.sendOnce(p, { service, server });
      return verdict;
    }
    const [forward, reply] = connection.halves;
    const way = this.hops.resolve(forward);
    if (way && way !== 'neighbour') return { drop: way };
    const back = this.hops.resolve(reply);
    if (back === 'no_route') return { pass: 'unroutable_client' };
    if (back === 'not_forwarding') return { drop: back };
    if (back === 'neighbour') this.hops.learn(p, reply);
    if (!this.#claim(connection)) return { drop: 'tuple_in_use' };
    return this.#refuses(p, forward) ?? (way ? { half: forward, reason: way } : { half: forward });
  }

  /** Takes both places in the table, unless the reply's belongs to a connection that still needs it. */
  #claim(connection: Connection): boolean {
    const other = this.flows.get(connection.keys[1]);
    if (other?.from === 'client') return false;
    const old = other?.connection;
    if (old && !['TW', 'CL', 'UDP', 'sCL'].includes(old.state) && !this.#isExpired(old)) return false;
    if (old) this.#remove(old);
    connection.keys.forEach((key, i) => {
      this.flows.set(key, connection.halves[i] as Half);
    });
    this.#count(connection, connection.state, 1);
    const { server } = connection;
    if (server.upper > 0 && server.active + server.inactive >= server.upper) server.overloaded = true;
    this.onCreate(connection);
    return true;
  }

  #isExpired({ state, halves }: Connection): boolean {
    const life = this.ticks(SECONDS[state]) + SECOND;
    return halves.every(({ lastSeen }) => this.now - lastSeen > life);
  }

  #remove(connection: Connection): void {
    for (const key of connection.keys) this.flows.delete(key);
    this.#count(connection, connection.state, -1);
    const { server } = connection;
    const left = server.active + server.inactive;
    // three quarters, as IPVS counts them
    if (server.lower > 0 ? left < server.lower : left * 4 < server.upper * 3) server.overloaded = false;
  }

  #step(connection: Connection, next: State): void {
    const before = connection.state;
    connection.state = next;
    if (isActive(before) === isActive(next)) return;
    this.#count(connection, before, -1);
    this.#count(connection, next, 1);
  }

  #count({ server, persistence }: Connection, state: State, change: 1 | -1): void {
    server[isActive(state) ? 'active' : 'inactive'] += change;
    if (persistence && isActive(state)) this.persistence.hold(persistence, change, this.now);
  }
}
