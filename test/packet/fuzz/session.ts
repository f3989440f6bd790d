// SPDX-License-Identifier: MIT
// One seed's frames through the real program and through the model of it. Throws at the first difference: in what becomes of a
// frame, in the counters, or in the connections that are left.
import { isDeepStrictEqual } from 'node:util';
import type { Budget } from '../../fuzzing.ts';
import { crc32c } from '../crc32c.ts';
import { withUsualId } from '../icmp-frame.ts';
import { onesComplementSum, segmentChecksum } from '../internet-checksum.ts';
import type { Expected } from '../model/model.ts';
import { type Packet, parse, SCTP, UDP } from '../model/parse.ts';
import { untagged } from '../model/tags.ts';
import { random } from '../random.ts';
import { BothFamilies } from './both-families.ts';
import { nextFrame, type Sent } from './frames.ts';
import { World } from './world.ts';

const ACTIONS = { 1: 'dropped', 2: 'passed', 4: 'forwarded' } as const;
/** By as much an ICMP error may be longer than the frame it is about. */
const ANSWER = 48;
const IP = 14;
const IPV4 = 0x0800;

interface Seen {
  readonly action: string | undefined;
  readonly device: number;
  readonly bytes: Uint8Array;
}

/** What became of the frames. */
export interface Tally {
  frames: number;
  forwarded: number;
  readonly reasons: Record<string, number>;
  /** By family, what became of them, and how many tags they had before and behind it: `6 forwarded 1>2`. */
  readonly tags: Record<string, number>;
}

export class Session {
  readonly tally: Tally = { frames: 0, forwarded: 0, reasons: {}, tags: {} };
  readonly #both = new BothFamilies({ connections: 32768, connectionRing: 65536, fragments: 65536 });
  readonly #world = new World(this.#both);

  [Symbol.dispose](): void {
    this.#both.close();
  }

  /** Calls `progress` with the number of each frame, from 0. */
  run(seed: number, frames: number, budget: Budget, progress: (index: number) => void): void {
    const r = random(seed);
    const { recent, model } = this.#world;
    // The clock costs as much as a frame: it is asked now and then.
    for (let index = 0; index < frames && !(index % 1024 === 1023 && budget.isOver); index++) {
      progress(index);
      this.#world.change(r);
      this.#send(nextFrame(r, recent, model.hops.devices), index);
    }
    this.#compareCounters();
    this.#compareServers();
    this.#compareConnections();
  }

  #send(sent: Sent, index: number): void {
    const { tally } = this;
    const expected = this.#world.model.receive(sent.bytes, sent.port);
    const seen = this.#pass(sent);
    if (!isAsExpected(seen, expected)) complain(index, sent, seen, expected);
    tally.frames++;
    if (expected.reason) countOne(tally.reasons, expected.reason);
    if (expected.bytes) countOne(tally.tags, kindOf(sent.bytes, expected.action, expected.bytes));
    if (expected.action !== 'forwarded') return;
    tally.forwarded++;
    if (sent.isSound && !hasRightChecksums(seen.bytes)) complain(index, sent, seen, expected);
  }

  #pass({ bytes, port }: Sent): Seen {
    const { returnValue, data } = this.#both.router
      .program(port)
      .testRun({ data: bytes, dataOutSize: bytes.length + ANSWER });
    const action = ACTIONS[(returnValue & 255) as keyof typeof ACTIONS];
    return { action, device: returnValue >>> 8, bytes: data };
  }

  /** Each pass and drop was counted once, by the model's reasons. */
  #compareCounters(): void {
    same('counters', this.#both.router.reasons, this.tally.reasons);
  }

  #compareServers(): void {
    for (const { service } of this.#world.services)
      for (const { name, active, inactive } of service.servers) {
        const load = this.#both.router.tables.serverLoads.get(name);
        same(`connections of server ${name}`, [load?.active, load?.inactive], [active, inactive]);
      }
  }

  /** The same connections are left, and none when their time is up. */
  #compareConnections(): void {
    const { tables } = this.#both.router;
    const left = () => ({ halves: this.#both.halves, persistence: tables.persistence.size });
    const { flows, persistence } = this.#world.model;
    this.#world.expire();
    same('what is left', left(), { halves: flows.size, persistence: persistence.entries.size });
    for (let i = 0; i < 3; i++) {
      this.#world.passTicks(20_000);
      this.#world.expire();
    }
    same('what is left at last', left(), { halves: 0, persistence: 0 });
    for (const [server, { active, inactive }] of tables.serverLoads.entries())
      same(`connections of server ${server} at last`, { active, inactive }, { active: 0, inactive: 0 });
  }
}

function countOne(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function kindOf(came: Uint8Array, action: string, left: Uint8Array): string {
  const { frame, tags } = untagged(left);
  const family = isIpv4(frame) ? 4 : 6;
  return `${family} ${action} ${untagged(came).tags.length / 4}>${tags.length / 4}`;
}

function same(what: string, seen: unknown, expected: unknown): void {
  if (isDeepStrictEqual(seen, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(seen)}, expected ${JSON.stringify(expected)}`);
}

function isAsExpected(seen: Seen, expected: Expected): boolean {
  if (expected.action === 'answered')
    return isAsExpected({ ...seen, bytes: withKnownId(seen.bytes) }, { ...expected, action: 'forwarded' });
  if (seen.action !== expected.action) return false;
  if (expected.action === 'dropped') return true;
  return seen.device === (expected.device ?? 0) && Buffer.compare(seen.bytes, expected.bytes as Uint8Array) === 0;
}

const isIpv4 = (bytes: Uint8Array): boolean => {
  const { frame } = untagged(bytes);
  return (((frame[12] as number) << 8) | (frame[13] as number)) === IPV4;
};

/** What the router made has a random identification in IPv4. */
const withKnownId = (frame: Uint8Array): Uint8Array => (isIpv4(frame) ? withUsualId(frame) : frame);

/** Sums the whole rewritten packet; a UDP checksum of 0 says that there is none. */
function hasRightChecksums(bytes: Uint8Array): boolean {
  const { frame } = untagged(bytes);
  const p = parse(frame, 0);
  if (typeof p === 'string') return false;
  const ip = frame.subarray(IP);
  const at = p.segment - IP;
  if (p.family === 4 && onesComplementSum(ip.subarray(0, ((ip[0] as number) & 15) * 4)) !== 0xffff) return false;
  if (p.fragment?.isFirst === false) return true; // the first fragment's covers it
  if (p.quote) return hasRightErrorChecksums(p, ip, at);
  if (p.protocol === UDP && p.frame.getUint16(p.segment + 6) === 0) return true;
  return p.protocol === SCTP ? hasRightCrc(ip.slice(at, p.length)) : segmentChecksum(ip, at, p.protocol) === 0;
}

function hasRightCrc(sctp: Uint8Array): boolean {
  const view = new DataView(sctp.buffer);
  const crc = view.getUint32(8, true);
  view.setUint32(8, 0);
  return crc === crc32c(sctp);
}

/** The message's own, and that of the quoted header. */
function hasRightErrorChecksums({ family, quote }: Packet, ip: Uint8Array, at: number): boolean {
  if (family === 6) return segmentChecksum(ip, at, 58) === 0;
  const quoted = (quote?.at ?? 0) - IP;
  const header = ((ip[quoted] as number) & 15) * 4;
  const message = ip.subarray(at, new DataView(ip.buffer, ip.byteOffset).getUint16(2));
  return onesComplementSum(message) === 0xffff && onesComplementSum(ip.subarray(quoted, quoted + header)) === 0xffff;
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function complain(index: number, sent: Sent, seen: Seen, expected: Expected): never {
  throw new Error(
    [
      `frame ${index}, in at port ${sent.port}:`,
      `in       ${hex(sent.bytes)}`,
      `out      ${seen.action} ${seen.device} ${hex(seen.bytes)}`,
      `expected ${expected.action} ${expected.device ?? 0} ${hex(expected.bytes)} ${expected.reason ?? ''}`,
    ].join('\n'),
  );
}
