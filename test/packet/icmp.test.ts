// SPDX-License-Identifier: MIT
// bpf/icmp.h and bpf/step_icmp.h: errors about a connection go its way, rewritten inside and outside; the rest of ICMP is the kernel's.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type * as abi from '../../src/abi/index.ts';
import { type Frames, frames } from './conversation.ts';
import { IP_HEADER, isIpv6 } from './family.ts';
import { patched } from './frame.ts';
import { complaint, complaintToServer, type Icmp, ROUTER_BEHIND, refusal } from './icmp-fixture.ts';
import { ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { forwarded, type Outcome, passed } from './outcome.ts';
import { at, CLIENT, FROM_GATEWAY, fromServer, PRIVATE, PUBLIC, SERVER_1, TO_GATEWAY, VIP } from './roles.ts';
import { FIB, MTU, Router, ticks } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const SERVER = at(SERVER_1, 8080);
type Protocol = 'tcp' | 'udp';

/** A connection whose server listens on another port than the service. */
function connected(protocol: Protocol): Frames {
  router.addService({ protocol, servers: [SERVER] });
  const f = frames({ server: SERVER });
  router.receive(f.request({ protocol, flags: 'S' }));
  router.receiveReply(f.reply({ protocol, flags: 'SA' }));
  return f;
}

const refusalFromVip = (f: Frames, quoted: Uint8Array, icmp: Icmp): Uint8Array =>
  icmpError({ hop: TO_GATEWAY, from: f.vip, to: f.client, icmp, ttl: 63 }, quoted);

const ERRORS: [string, Icmp][] = [
  ['port unreachable', ICMP.portUnreachable],
  ['too big', ICMP.tooBig(1400)],
  ['time exceeded', ICMP.timeExceeded],
];

describe.each(['tcp', 'udp'] as const)('about a %s connection', (protocol) => {
  const sent = { protocol, ttl: 60 } as const;

  test.each(ERRORS)('%s from the client’s side reaches the server, about what the server sent', (_, icmp) => {
    const f = connected(protocol);
    const outcome = router.receive(complaint(f, packetOf(f.returned(sent)), icmp));
    expect(outcome).toEqual(forwarded(PRIVATE, complaintToServer(f, packetOf(f.reply(sent)), icmp)));
  });

  test.each(ERRORS)('%s from the server reaches the client from the VIP, about what the client sent', (_, icmp) => {
    const f = connected(protocol);
    const outcome = router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), icmp));
    expect(outcome).toEqual(forwarded(PUBLIC, refusalFromVip(f, packetOf(f.request(sent)), icmp)));
  });

  test('one from a router between here and the server comes from the VIP as well', () => {
    const f = connected(protocol);
    const outcome = router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), ICMP.timeExceeded, ROUTER_BEHIND));
    expect(outcome).toEqual(forwarded(PUBLIC, refusalFromVip(f, packetOf(f.request(sent)), ICMP.timeExceeded)));
  });

  test('with no more than eight bytes behind the quoted header', () => {
    const f = connected(protocol);
    const eight = (frame: Uint8Array) => packetOf(frame, IP_HEADER + 8);
    const outcome = router.receiveReply(refusal(f, eight(f.forwarded(sent)), ICMP.portUnreachable));
    expect(outcome).toEqual(forwarded(PUBLIC, refusalFromVip(f, eight(f.request(sent)), ICMP.portUnreachable)));
  });

  test('with less than that it stays here', () => {
    const f = connected(protocol);
    const short = refusal(f, packetOf(f.forwarded(sent), IP_HEADER + 7), ICMP.portUnreachable);
    expect(router.receiveReply(short)).toEqual(passed('truncated', short));
  });

  test('counts as a packet of its connection, both ways', () => {
    const f = connected(protocol);
    const { server } = router.connection(f, protocol).forward as { server: number };
    const counted = () => router.tables.serverCounters.sum(server) as abi.ServerCounters;
    const before = counted();
    router.receive(complaint(f, packetOf(f.returned(sent)), ICMP.tooBig(1400)));
    router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), ICMP.portUnreachable));
    const after = counted();
    expect(after.incomingPackets).toBe(before.incomingPackets + 1n);
    expect(after.outgoingPackets).toBe(before.outgoingPackets + 1n);
  });

  test('neither changes its state nor keeps it alive', () => {
    const f = connected(protocol);
    const was = router.connection(f, protocol);
    router.pass(5);
    router.receive(complaint(f, packetOf(f.returned(sent)), ICMP.tooBig(1400)));
    router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), ICMP.portUnreachable));
    expect(router.connection(f, protocol)).toEqual(was);
  });
});

test('a quoted UDP packet without a checksum stays without one', () => {
  const f = connected('udp');
  const sent = { protocol: 'udp', withoutChecksum: true, ttl: 60 } as const;
  const outcome = router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), ICMP.portUnreachable));
  expect(outcome).toEqual(forwarded(PUBLIC, refusalFromVip(f, packetOf(f.request(sent)), ICMP.portUnreachable)));
});

describe('the way of the connection', () => {
  const tooBig = ICMP.tooBig(1400);
  const about = (f: Frames): Uint8Array => packetOf(f.returned({ ttl: 60 }));

  test('is asked for again when routes changed', () => {
    const f = connected('tcp');
    router.route(SERVER, { device: PRIVATE, hop: fromServer(SERVER) });
    router.announceChange();
    const hop = fromServer(SERVER);
    expect(router.receive(complaint(f, about(f), tooBig))).toEqual(
      forwarded(PRIVATE, complaintToServer(f, packetOf(f.reply({ ttl: 60 })), tooBig, hop)),
    );
  });

  test('without a neighbour: handed to the kernel rewritten', () => {
    const f = connected('tcp');
    router.route(SERVER, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    router.announceChange();
    const handed = complaintToServer(f, packetOf(f.reply({ ttl: 60 })), tooBig, FROM_GATEWAY, 64);
    expect(router.receive(complaint(f, about(f), tooBig))).toEqual(passed('neighbour', handed));
  });

  test('ends when no hop is left: nobody is told about an error', () => {
    const f = connected('tcp');
    const last = complaint(f, about(f), tooBig, { ttl: 1 });
    expect(router.receive(last)).toEqual({ action: 'dropped', reason: 'ttl_exceeded' });
  });

  test('is closed with the connection', () => {
    const f = connected('udp');
    const error = complaint(f, packetOf(f.returned({ protocol: 'udp' })), tooBig);
    router.passTicks(ticks(320));
    expect(router.receive(error)).toEqual(passed('icmp', error));
  });
});

describe('what is the kernel’s', () => {
  const untouched = (outcome: Outcome, frame: Uint8Array): void => expect(outcome).toEqual(passed('icmp', frame));

  test('an echo request to the VIP', () => {
    const f = connected('tcp');
    const ping = f.request({ protocol: 'icmp' });
    untouched(router.receive(ping), ping);
  });

  test.each(isIpv6 ? [128, 129, 133, 135, 255] : [0, 5, 8, 12, 13])('type %i, whatever it quotes', (type) => {
    const f = connected('tcp');
    const message = complaint(f, packetOf(f.returned()), { type });
    untouched(router.receive(message), message);
  });

  test('an error about no connection', () => {
    const f = connected('tcp');
    const other = frames({ client: at(CLIENT, 1), server: SERVER });
    const error = complaint(f, packetOf(other.returned()), ICMP.portUnreachable);
    untouched(router.receive(error), error);
  });

  test('an error to somebody else than the sender of what it quotes', () => {
    const f = connected('tcp');
    const to = { address: '192.0.2.99', port: 0 };
    const error = complaint(f, packetOf(f.returned()), ICMP.portUnreachable, { to });
    untouched(router.receive(error), error);
  });

  test('an error about another protocol', () => {
    const f = connected('tcp');
    const quoted = packetOf(f.returned({ protocol: 'icmp' }));
    const error = complaint(f, quoted, ICMP.portUnreachable);
    untouched(router.receive(error), error);
  });

  if (isIpv6)
    test('an error about a fragment that is not the first', () => {
      const f = connected('tcp');
      const quoted = packetOf(f.returned({ extensions: [[44, [0, 0, 8, 0, 0, 0, 7]]] }));
      const error = complaint(f, quoted, ICMP.portUnreachable);
      untouched(router.receive(error), error);
    });

  if (!isIpv6)
    test('an error whose quoted header is too short, though its addresses would pass for ports', () => {
      const f = frames({ client: at(CLIENT, 0x6407), vip: at(VIP, 0xc633), server: SERVER });
      router.addService({ at: f.vip, servers: [SERVER] });
      router.receive(f.request({ flags: 'S' }));
      const whole = complaint(f, packetOf(f.returned()), ICMP.portUnreachable);
      expect(router.receive(whole).action).toBe('forwarded');
      const error = complaint(f, patched(packetOf(f.returned()), 0, 0x44), ICMP.portUnreachable);
      untouched(router.receive(error), error);
    });

  if (!isIpv6)
    test('an error about a fragment that is not the first', () => {
      const f = connected('tcp');
      const error = complaint(f, packetOf(f.returned({ fragment: 0x2001 })), ICMP.portUnreachable);
      untouched(router.receive(error), error);
    });
});

if (!isIpv6)
  test('an error about a first fragment follows its connection', () => {
    const f = connected('udp');
    const sent = { protocol: 'udp', fragment: 0x2000, ttl: 60 } as const;
    const outcome = router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), ICMP.portUnreachable));
    expect(outcome).toEqual(forwarded(PUBLIC, refusalFromVip(f, packetOf(f.request(sent)), ICMP.portUnreachable)));
  });

test.each([0, 1, 7])('a message cut off after %i bytes is the kernel’s', (length) => {
  const f = connected('tcp');
  const whole = complaint(f, packetOf(f.returned()), ICMP.portUnreachable);
  const cut = whole.slice(0, 14 + IP_HEADER + length);
  const at = isIpv6 ? 14 + 4 : 14 + 2;
  const short = patched(cut, at, 0, isIpv6 ? length : IP_HEADER + length);
  expect(router.receive(short)).toEqual(passed('truncated', short));
});

test('a quoted UDP checksum that comes out as zero is quoted as 0xffff', () => {
  const f = connected('udp');
  const sent = { protocol: 'udp', ttl: 60 } as const;
  const check = 14 + IP_HEADER + 6;
  const bare = f.request({ ...sent, payload: new Uint8Array(2) });
  // what is missing to a sum of 0xffff
  const payload = bare.subarray(check, check + 2);
  expect(f.request({ ...sent, payload }).subarray(check, check + 2)).toEqual(Uint8Array.of(255, 255));
  const error = refusal(f, packetOf(f.forwarded({ ...sent, payload })), ICMP.portUnreachable);
  const told = refusalFromVip(f, packetOf(f.request({ ...sent, payload })), ICMP.portUnreachable);
  expect(router.receiveReply(error)).toEqual(forwarded(PUBLIC, told));
});

test('bytes behind the message belong to nothing it quotes', () => {
  const f = connected('tcp');
  const eight = (frame: Uint8Array) => packetOf(frame, IP_HEADER + 8);
  const behind = new Uint8Array(24).fill(0x5a);
  const padded = (frame: Uint8Array) => Uint8Array.from([...frame, ...behind]);
  const error = padded(refusal(f, eight(f.forwarded({ ttl: 60 })), ICMP.portUnreachable));
  const told = padded(refusalFromVip(f, eight(f.request({ ttl: 60 })), ICMP.portUnreachable));
  expect(router.receiveReply(error)).toEqual(forwarded(PUBLIC, told));
  const short = padded(refusal(f, packetOf(f.forwarded(), IP_HEADER + 7), ICMP.portUnreachable));
  expect(router.receiveReply(short)).toEqual(passed('truncated', short));
});

test('a message as large as the next hop takes arrives whole', () => {
  const f = connected('udp');
  const payload = new Uint8Array(MTU - 2 * IP_HEADER - 16).fill(7);
  const sent = { protocol: 'udp', payload, ttl: 60 } as const;
  const outcome = router.receiveReply(refusal(f, packetOf(f.forwarded(sent)), ICMP.portUnreachable));
  expect(outcome).toEqual(forwarded(PUBLIC, refusalFromVip(f, packetOf(f.request(sent)), ICMP.portUnreachable)));
});
