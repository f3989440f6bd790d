// SPDX-License-Identifier: MIT
// What clients and servers send: a client what the scenario says, a server to whatever came to it.
import type { ChunkName } from '../../packet/chunks.ts';
import { cut } from './fragments.ts';
import { type End, NUMBERS, type PacketFields, type Protocol, packet, writeChecksums } from './packet.ts';
import type { Play, Sender } from './play.ts';
import { parse } from './wire-text.ts';
import { GATEWAY_MAC, serverMac } from './world.ts';

/** One end of a conversation, as a client has it. */
export interface Flow {
  /** number of the client */
  readonly client?: number;
  readonly clientPort: number;
  /** of the virtual address */
  readonly port?: number;
  readonly protocol?: Protocol;
}

type Extra = Pick<PacketFields, 'flags' | 'chunks' | 'ttl' | 'isFragmentable'> & { readonly bytes?: number };

const payloadOf = (bytes = 0): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => (i * 7) & 255);

const clientEnd = (play: Play, { client = 1, clientPort }: Flow): End => ({
  address: play.client(client),
  port: clientPort,
});

function clientPacket(play: Play, flow: Flow, { bytes, ...extra }: Extra): Uint8Array {
  const { port = 80, protocol = 'tcp' } = flow;
  const to = { address: play.vip, port };
  return packet({ from: clientEnd(play, flow), to, protocol, payload: payloadOf(bytes), ...extra });
}

/** A packet of the client's to the virtual address. */
export const fromClient =
  (flow: Flow, extra: Extra = {}): Sender =>
  (play) => ({ side: 'public', sourceMac: GATEWAY_MAC, ip: clientPacket(play, flow, extra) });

/** Of the server that the client's last packet came to, back to the client. */
function serverPacket(play: Play, router: Parameters<Sender>[1], flow: Flow, { bytes, ...extra }: Extra) {
  const { protocol = 'tcp' } = flow;
  const arrived = play.arrived(router, NUMBERS[protocol], clientEnd(play, flow));
  if (!arrived) return undefined;
  const { source, sourcePort, destination, destinationPort } = parse(arrived.ip);
  const ends = { from: { address: destination, port: destinationPort }, to: { address: source, port: sourcePort } };
  return { mac: arrived.destinationMac, ip: packet({ ...ends, protocol, payload: payloadOf(bytes), ...extra }) };
}

/** The server's answer. */
export const fromServer =
  (flow: Flow, extra: Extra = {}): Sender =>
  (play, router) => {
    const answer = serverPacket(play, router, flow, extra);
    return answer && { side: 'private', sourceMac: answer.mac, ip: answer.ip };
  };

/** Of a server that nothing came to; `flow.port` is its own. */
export const fromServerUnasked =
  (n: number, flow: Flow, { bytes, ...extra }: Extra = {}): Sender =>
  (play) => {
    const { port = 80, protocol = 'tcp' } = flow;
    const ends = { from: { address: play.server(n), port }, to: clientEnd(play, flow) };
    const ip = packet({ ...ends, protocol, payload: payloadOf(bytes), ...extra });
    return { side: 'private', sourceMac: serverMac(n), ip };
  };

/** `>SA`, `<-`, `>cookieEcho+data`: flags or chunks of the client's, or of its server's. */
export function saying(word: string, flow: Flow, bytes = 0): Sender {
  const [say, what] = [word.startsWith('>') ? fromClient : fromServer, word.slice(1)];
  if (flow.protocol === 'sctp')
    return say(flow, { chunks: what.split('+') as ChunkName[], bytes: what === 'data' ? bytes : 0 });
  const flags = what.replace('-', '');
  return say(flow, { flags, bytes: flags.includes('S') ? 0 : bytes });
}

/** The same packets, cut into fragments of `size` bytes each; in the order of `order`, or as they come. */
export function fragmentsFromClient(flow: Flow, extra: Extra, size: number, order?: readonly number[]): Sender[] {
  const pieces = (play: Play): Uint8Array[] => cut(clientPacket(play, flow, { isFragmentable: true, ...extra }), size);
  const count = Math.ceil(((extra.bytes ?? 0) + (flow.protocol === 'udp' ? 8 : 20)) / size);
  return (order ?? Array.from({ length: count }, (_, i) => i)).map((i) => (play) => {
    const ip = pieces(play)[i];
    return ip && { side: 'public', sourceMac: GATEWAY_MAC, ip };
  });
}

export function fragmentsFromServer(flow: Flow, extra: Extra, size: number): Sender[] {
  const count = Math.ceil(((extra.bytes ?? 0) + (flow.protocol === 'udp' ? 8 : 20)) / size);
  return Array.from({ length: count }, (_, i) => (play, router) => {
    const answer = serverPacket(play, router, flow, { isFragmentable: true, ...extra });
    const ip = answer && cut(answer.ip, size)[i];
    return ip && { side: 'private', sourceMac: answer.mac, ip };
  });
}

/** Type, code and the word behind the checksum of an error, for each family. */
export interface IcmpError {
  readonly 4: { readonly type: number; readonly code?: number; readonly rest?: number };
  readonly 6: { readonly type: number; readonly code?: number; readonly rest?: number };
}

export const ERRORS = {
  portUnreachable: { 4: { type: 3, code: 3 }, 6: { type: 1, code: 4 } },
  hostUnreachable: { 4: { type: 3, code: 1 }, 6: { type: 1, code: 3 } },
  tooBig: { 4: { type: 3, code: 4, rest: 1400 }, 6: { type: 2, rest: 1400 } },
  timeExceeded: { 4: { type: 11 }, 6: { type: 3 } },
  parameterProblem: { 4: { type: 12 }, 6: { type: 4 } },
  redirect: { 4: { type: 5, code: 1, rest: 0x0a000001 }, 6: { type: 137 } },
} satisfies Record<string, IcmpError>;

/** `length`: how much of the packet the error quotes; all of it unless said. */
export interface Quote {
  readonly length?: number;
  /** the station that sends it, when it is not the one the packet came to */
  readonly from?: string;
}

/** An error of the client's, about the packet that came back to it last. */
export const errorFromClient =
  (flow: Flow, error: IcmpError, { length, from }: Quote = {}): Sender =>
  (play, router) => {
    const end = clientEnd(play, flow);
    const about = play.returned(router, NUMBERS[flow.protocol ?? 'tcp'], end);
    if (!about) return undefined;
    const ends = { from: { address: from ?? end.address, port: 0 }, to: { address: play.vip, port: 0 } };
    const ip = packet({ ...ends, protocol: 'icmp', icmp: error[play.family], payload: about.ip.slice(0, length) });
    return { side: 'public', sourceMac: GATEWAY_MAC, ip };
  };

/** An error of the client's about what nobody has sent it from the virtual address. */
export const errorAboutNothing =
  (flow: Flow, error: IcmpError, { length }: Quote = {}): Sender =>
  (play) => {
    const { port = 80, protocol = 'tcp' } = flow;
    const [own, vip] = [clientEnd(play, flow), { address: play.vip, port }];
    const about = packet({ from: vip, to: own, protocol, ttl: 60, payload: payloadOf(64) }).slice(0, length);
    const ip = packet({ from: own, to: vip, protocol: 'icmp', icmp: error[play.family], payload: about });
    return { side: 'public', sourceMac: GATEWAY_MAC, ip };
  };

/** An error of the server's, about the packet that came to it last. */
export const errorFromServer =
  (flow: Flow, error: IcmpError, { length, from }: Quote = {}): Sender =>
  (play, router) => {
    const about = play.arrived(router, NUMBERS[flow.protocol ?? 'tcp'], clientEnd(play, flow));
    if (!about) return undefined;
    const { source, destination } = parse(about.ip);
    const ends = { from: { address: from ?? destination, port: 0 }, to: { address: source, port: 0 } };
    const ip = packet({ ...ends, protocol: 'icmp', icmp: error[play.family], payload: about.ip.slice(0, length) });
    return { side: 'private', sourceMac: about.destinationMac, ip };
  };

/** A packet's last word before it leaves: `change` its bytes, checksums are put right again. */
export const changed =
  (sender: Sender, change: (ip: Uint8Array) => void): Sender =>
  (play, router) => {
    const sent = sender(play, router);
    if (!sent) return undefined;
    const ip = Uint8Array.from(sent.ip);
    change(ip);
    return { ...sent, ip: writeChecksums(ip) };
  };
