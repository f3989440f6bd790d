// SPDX-License-Identifier: MIT
// bpf/sctp.h and bpf/step_sctp.h: what makes an association, how its packets are rewritten, what of its fragments and of ICMP about it.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CHUNKS, type ChunkName, carries } from './chunks.ts';
import { type Frames, frames } from './conversation.ts';
import { IP_HEADER, isIpv6 } from './family.ts';
import { fragmentsOf } from './fragments.ts';
import { chunk, patched } from './frame.ts';
import { answerTo, ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { setMarks } from './mark-fixture.ts';
import { answered, dropped, forwarded, hex, passed } from './outcome.ts';
import {
  at,
  CLIENT,
  FROM_GATEWAY,
  fromServer,
  PRIVATE,
  PUBLIC,
  SERVER_1,
  SERVER_2,
  TO_GATEWAY,
  toServer,
  VIP,
} from './roles.ts';
import { FIB, Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const SERVER = at(SERVER_1, 8080);
const sctp = { protocol: 'sctp' } as const;
const SEGMENT = 14 + IP_HEADER;

/** An association that has begun, with a server at this place. */
function connected(server = SERVER): Frames {
  router.addService({ ...sctp, servers: [server] });
  const f = frames({ server });
  router.receive(f.request(carries('init')));
  router.receiveReply(f.reply(carries('initAck')));
  return f;
}

describe('what makes an association', () => {
  const names = Object.keys(CHUNKS) as ChunkName[];

  test('INIT does', () => {
    router.addService({ ...sctp, servers: [SERVER] });
    const f = frames({ server: SERVER });
    const init = carries('init');
    expect(router.receive(f.request(init))).toEqual(forwarded(PRIVATE, f.forwarded(init)));
    expect(router.state(f, 'sctp')).toBe('sctp_init1');
    expect(router.happened('connection_created')).toBe(1);
    const { server } = router.connection(f, 'sctp').forward as { server: number };
    expect(router.tables.serverCounters.sum(server)).toMatchObject({ connections: 1n, incomingPackets: 1n });
  });

  test.each(names.filter((name) => name !== 'init'))('%s does not', (name) => {
    router.addService({ ...sctp, servers: [SERVER] });
    const frame = frames().request(carries(name));
    expect(router.receive(frame)).toEqual(passed('not_new', frame));
    expect(router.halves).toBe(0);
  });

  test.each(names.filter((name) => name !== 'abort'))('with sloppy_sctp %s does', (name) => {
    router.set({ sloppySctp: 1 });
    router.addService({ ...sctp, servers: [SERVER] });
    const f = frames({ server: SERVER });
    expect(router.receive(f.request(carries(name)))).toEqual(forwarded(PRIVATE, f.forwarded(carries(name))));
  });

  test.each([
    ['an abort', carries('abort')],
    ['no chunk', { ...sctp, chunks: new Uint8Array(0) }],
    ['less than a chunk', { ...sctp, chunks: Uint8Array.from([1, 0, 0]) }],
  ])('with sloppy_sctp %s does not', (_, fields) => {
    router.set({ sloppySctp: 1 });
    router.addService({ ...sctp, servers: [SERVER] });
    const frame = frames().request(fields);
    expect(router.receive(frame)).toEqual(passed('not_new', frame));
  });

  test('with sloppy_sctp an abort behind a cookie makes one that is closed', () => {
    router.set({ sloppySctp: 1 });
    router.addService({ ...sctp, servers: [SERVER] });
    const f = frames({ server: SERVER });
    const fields = carries('cookieEcho', 'abort');
    expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
    expect(router.state(f, 'sctp')).toBe('sctp_closed');
  });

  test('sloppy_tcp is not for it, nor sloppy_sctp for TCP', () => {
    router.addService({ ...sctp, servers: [SERVER] });
    router.addService({ servers: [SERVER] });
    router.set({ sloppyTcp: 1 });
    expect(router.receive(frames().request(carries('data')))).toMatchObject({ reason: 'not_new' });
    router.set({ sloppyTcp: 0, sloppySctp: 1 });
    expect(router.receive(frames().request())).toMatchObject({ reason: 'not_new' });
  });

  test('a packet whose chunk ends behind it, where other bytes are, does not', () => {
    router.addService({ ...sctp, servers: [SERVER] });
    const frame = Uint8Array.from([...frames().request({ ...sctp, chunks: new Uint8Array(0) }), ...chunk(1)]);
    expect(router.receive(frame)).toEqual(passed('not_new', frame));
  });

  test('from port 20 nothing does', () => {
    router.addService({ ...sctp, servers: [SERVER] });
    const frame = frames({ client: at(CLIENT, 20) }).request(carries('init'));
    expect(router.receive(frame)).toEqual(passed('ftp_data', frame));
  });

  test('a mark of SCTP does, and shares persistence with TCP', () => {
    const ports = [{ first: 80, last: 80 }];
    const rule = { mark: 80, address: '192.0.2.10/32', ports } as const;
    setMarks(router, [
      { ...rule, protocol: 'sctp' },
      { ...rule, protocol: 'tcp' },
    ]);
    const servers = [at(SERVER_1, 0), at(SERVER_2, 0)];
    router.addService({ mark: 80, scheduler: 'rr', persistence: { ticks: 1000 }, servers });
    const f = frames({ server: SERVER_2 });
    expect(router.receive(f.request(carries('init')))).toEqual(forwarded(PRIVATE, f.forwarded(carries('init'))));
    expect(router.receive(f.request({ flags: 'S' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
  });

  test('without a server the client hears that the port is unreachable', () => {
    router.addService(sctp);
    const frame = frames().request(carries('init'));
    expect(router.receive(frame)).toEqual(answered('no_server', answerTo(frame, CLIENT, VIP, ICMP.portUnreachable)));
  });

  test('a server whose neighbour is unknown gets its first packet by the kernel, rewritten', () => {
    router.addService({ ...sctp, servers: [SERVER] });
    router.route(SERVER, { result: FIB.NO_NEIGHBOUR, device: PRIVATE });
    const f = frames({ server: SERVER });
    const init = carries('init');
    expect(router.receive(f.request(init))).toEqual(passed('neighbour', f.handedOver(init)));
    expect(router.state(f, 'sctp')).toBe('sctp_init1');
  });
});

describe('the rewrite', () => {
  test.each([
    ['to another port', SERVER],
    ['to the same port', SERVER_1],
  ])('%s: the CRC is right for every length', (_, server) => {
    const f = connected(server);
    const through = (device: number, frame: Uint8Array): string =>
      hex(router.program(device).testRun({ data: frame }).data);
    for (let length = 0; length <= (isIpv6 ? 1448 : 1468); length++) {
      const chunks = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255);
      // no chunk that ends the association
      chunks.fill(0, 0, 1);
      const fields = { ...sctp, chunks };
      expect(through(PUBLIC, f.request(fields)), `${length} bytes`).toBe(hex(f.forwarded(fields)));
      expect(through(PRIVATE, f.reply(fields)), `${length} bytes back`).toBe(hex(f.returned(fields)));
    }
  });

  test.each([1, 80, 255, 256, 8080, 32768, 65535])('port %i', (port) => {
    const f = connected(at(SERVER_1, port));
    expect(router.receive(f.request(sctp))).toEqual(forwarded(PRIVATE, f.forwarded(sctp)));
    expect(router.receiveReply(f.reply(sctp))).toEqual(forwarded(PUBLIC, f.returned(sctp)));
  });

  test('what was damaged on its way here arrives as damaged', () => {
    const f = connected();
    for (let bit = 0; bit < 32; bit++) {
      const place = SEGMENT + 8 + (bit >> 3);
      const damage = (frame: Uint8Array): Uint8Array =>
        patched(frame, place, (frame[place] as number) ^ (1 << (bit & 7)));
      expect(router.receive(damage(f.request(sctp)))).toEqual(forwarded(PRIVATE, damage(f.forwarded(sctp))));
    }
  });

  test('bytes behind the packet are not of it', () => {
    const f = connected();
    const fields = { ...sctp, trailer: 7 };
    expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
  });

  if (!isIpv6)
    test('IPv4 options are not of it', () => {
      const f = connected();
      const fields = { ...sctp, options: Uint8Array.from([1, 1, 1, 0]) };
      expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
    });

  if (isIpv6)
    test('IPv6 extension headers are not of it', () => {
      const f = connected();
      const fields = { ...sctp, extensions: [[60, [0, 1, 4, 0, 0, 0, 0]]] as const };
      expect(router.receive(f.request(fields))).toEqual(forwarded(PRIVATE, f.forwarded(fields)));
    });

  test('one with its last hop behind it ends here, and its sender hears of it', () => {
    const f = connected();
    const frame = f.request({ ...sctp, ttl: 1 });
    expect(router.receive(frame)).toEqual(answered('ttl_exceeded', answerTo(frame, CLIENT, VIP, ICMP.timeExceeded)));
  });
});

describe('fragments', () => {
  const large = { ...sctp, payload: Uint8Array.from({ length: 3000 }, (_, i) => i & 255), fragment: 0 };
  const split = (frame: Uint8Array): Uint8Array[] => fragmentsOf(frame, [1448, 1448]);

  test('reach a server at the same port whole, and so does its answer the client', () => {
    const f = connected(SERVER_1);
    const there = split(f.request(large)).map((one) => router.receive(one));
    expect(there).toEqual(split(f.forwarded(large)).map((one) => forwarded(PRIVATE, one)));
    const back = split(f.reply(large)).map((one) => router.receiveReply(one));
    expect(back).toEqual(split(f.returned(large)).map((one) => forwarded(PUBLIC, one)));
  });

  test('are not carried to another port, nor from there: each is counted', () => {
    const f = connected();
    expect(split(f.request(large)).map((one) => router.receive(one))).toEqual(
      new Array(3).fill(dropped('sctp_fragment')),
    );
    expect(split(f.reply(large)).map((one) => router.receiveReply(one))).toEqual(
      new Array(3).fill(dropped('sctp_fragment')),
    );
  });

  test('a first one may make an association', () => {
    router.addService({ ...sctp, servers: [SERVER_1] });
    const f = frames();
    const init = { ...sctp, chunks: chunk(CHUNKS.init, new Uint8Array(2000)), fragment: 0 };
    const there = split(f.request(init)).map((one) => router.receive(one));
    expect(there).toEqual(split(f.forwarded(init)).map((one) => forwarded(PRIVATE, one)));
    expect(router.state(f, 'sctp')).toBe('sctp_init1');
  });

  test('one that overtakes its first is the kernel’s', () => {
    const f = connected(SERVER_1);
    const second = split(f.request(large))[1] as Uint8Array;
    expect(router.receive(second)).toEqual(passed('fragment', second));
  });
});

describe('ICMP about it', () => {
  const sent = { ...sctp, ttl: 60 };
  /** The ports alone are rewritten in a quote, and the addresses: its CRC is the one that was sent. */
  const asQuoted = (quoted: Uint8Array, of: Uint8Array): Uint8Array => {
    const place = IP_HEADER + 8;
    return patched(quoted, place, ...of.subarray(place, place + 4));
  };

  test('reaches the server, about what the server sent', () => {
    const f = connected();
    const quoted = packetOf(f.returned(sent));
    const outcome = router.receive(
      icmpError({ hop: FROM_GATEWAY, from: CLIENT, to: VIP, icmp: ICMP.tooBig(1400) }, quoted),
    );
    const about = asQuoted(packetOf(f.reply(sent)), quoted);
    const there = icmpError(
      { hop: toServer(SERVER), from: CLIENT, to: SERVER, icmp: ICMP.tooBig(1400), ttl: 63 },
      about,
    );
    expect(outcome).toEqual(forwarded(PRIVATE, there));
  });

  test.each([8, 60])(
    'reaches the client from the VIP, about what the client sent, of which it quotes %i bytes',
    (length) => {
      const f = connected();
      const quoted = packetOf(f.forwarded(sent), IP_HEADER + length);
      const icmp = ICMP.portUnreachable;
      const outcome = router.receiveReply(
        icmpError({ hop: fromServer(SERVER), from: SERVER, to: CLIENT, icmp }, quoted),
      );
      const plain = packetOf(f.request(sent), IP_HEADER + length);
      const about = length > 8 ? asQuoted(plain, quoted) : plain;
      expect(outcome).toEqual(
        forwarded(PUBLIC, icmpError({ hop: TO_GATEWAY, from: VIP, to: CLIENT, icmp, ttl: 63 }, about)),
      );
    },
  );
});
