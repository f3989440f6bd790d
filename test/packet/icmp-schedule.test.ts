// SPDX-License-Identifier: MIT
// bpf/step_icmp.h: schedule_icmp, an error about a connection that is not there makes it.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { frames } from './conversation.ts';
import { complaint, complaintToServer, refusal } from './icmp-fixture.ts';
import { ICMP, packetOf } from './icmp-frame.ts';
import { forwarded, passed } from './outcome.ts';
import { at, PRIVATE, SERVER_1 } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const SERVER = at(SERVER_1, 8080);

describe('schedule_icmp', () => {
  const f = () => frames({ server: SERVER });
  const sent = { protocol: 'tcp', ttl: 60 } as const;

  test('is off: an error about no connection is the kernel’s', () => {
    router.addService({ servers: [SERVER] });
    const error = complaint(f(), packetOf(f().returned(sent)), ICMP.tooBig(1400));
    expect(router.receive(error)).toEqual(passed('icmp', error));
    expect(router.halves).toBe(0);
  });

  test.each(['tcp', 'udp'] as const)('an error about no %s connection makes it, and goes to its server', (protocol) => {
    const service = router.addService({ protocol, servers: [SERVER] });
    router.set({ scheduleIcmp: 1 });
    const own = { ...sent, protocol };
    const error = complaint(f(), packetOf(f().returned(own)), ICMP.tooBig(1400));
    expect(router.receive(error)).toEqual(
      forwarded(PRIVATE, complaintToServer(f(), packetOf(f().reply(own)), ICMP.tooBig(1400))),
    );
    expect(router.state(f(), protocol)).toBe(protocol === 'udp' ? 'udp' : 'none');
    expect(service.load(SERVER)).toEqual({ active: 0, inactive: 1 });
    router.receive(f().request({ protocol }));
    expect(router.state(f(), protocol)).toBe(protocol === 'udp' ? 'udp' : 'established');
  });

  test('finds the server that the client’s own packets would find', () => {
    const service = router.addService({ scheduler: 'sh', servers: [SERVER_1, SERVER] });
    router.set({ scheduleIcmp: 1 });
    router.receive(complaint(f(), packetOf(f().returned(sent)), ICMP.tooBig(1400)));
    const byError = [SERVER_1, SERVER].map((server) => service.load(server)?.inactive);
    router.tables.connections.clear();
    router.receive(f().request({ flags: 'S' }));
    const bySyn = [SERVER_1, SERVER].map((server) => service.load(server)?.active);
    expect(bySyn).toEqual(byError);
  });

  test('leaves errors about other addresses and from the servers’ side alone', () => {
    router.addService({ servers: [SERVER] });
    router.set({ scheduleIcmp: 1 });
    const fromServers = refusal(f(), packetOf(f().forwarded(sent)), ICMP.portUnreachable);
    expect(router.receiveReply(fromServers)).toEqual(passed('icmp', fromServers));
    const other = frames({ vip: { address: '192.0.2.99', port: 80 } });
    const elsewhere = complaint(other, packetOf(other.returned(sent)), ICMP.portUnreachable);
    expect(router.receive(elsewhere)).toEqual(passed('icmp', elsewhere));
    expect(router.halves).toBe(0);
  });

  test('makes no connection of a service that has none (one-packet scheduling)', () => {
    router.addService({ protocol: 'udp', onePacket: true, servers: [SERVER] });
    router.set({ scheduleIcmp: 1 });
    const error = complaint(f(), packetOf(f().returned({ ...sent, protocol: 'udp' })), ICMP.tooBig(1400));
    expect(router.receive(error)).toEqual(passed('icmp', error));
    expect(router.halves).toBe(0);
  });

  test('with no server left it is dropped, and nobody is told', () => {
    router.addService({ servers: [] });
    router.set({ scheduleIcmp: 1 });
    const error = complaint(f(), packetOf(f().returned(sent)), ICMP.tooBig(1400));
    expect(router.receive(error)).toEqual({ action: 'dropped', reason: 'no_server' });
  });
});
