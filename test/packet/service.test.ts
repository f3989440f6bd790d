// SPDX-License-Identifier: MIT
// bpf/service.h: which service a first packet belongs to, what may make a connection, which port the server sees.
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { carries } from './chunks.ts';
import { frames } from './conversation.ts';
import { answerTo, ICMP } from './icmp-frame.ts';
import { setMarks } from './mark-fixture.ts';
import { answered, forwarded, passed } from './outcome.ts';
import { at, CLIENT, type Endpoint, PRIVATE, PUBLIC, SERVER_1, SERVER_2, SERVER_3, VIP } from './roles.ts';
import { Router } from './router.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const MARK_80 = { mark: 80, protocol: 'tcp', address: '192.0.2.10/32' } as const;
const mark = (...ports: number[]): void =>
  setMarks(router, [{ ...MARK_80, ports: ports.map((port) => ({ first: port, last: port })) }]);

describe('the order of lookup', () => {
  const anyPort = at(VIP, 0);
  const all = {
    mark: () => router.addService({ mark: 80, servers: [at(SERVER_1, 0)] }),
    exact: () => router.addService({ servers: [at(SERVER_2, 0)] }),
    anyPort: () => router.addService({ at: anyPort, persistence: { ticks: 100 }, servers: [at(SERVER_3, 0)] }),
  };

  test.each([
    [['mark', 'exact', 'anyPort'], SERVER_1],
    [['exact', 'anyPort'], SERVER_2],
    [['anyPort'], SERVER_3],
    [['mark', 'anyPort'], SERVER_1],
    [['mark', 'exact'], SERVER_1],
  ] as [(keyof typeof all)[], Endpoint][])('of %j wins the first', (present, server) => {
    mark(80);
    for (const which of present) all[which]();
    const f = frames({ server });
    expect(router.receive(f.request({ flags: 'S' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
  });

  test('the service of another protocol, address or port does not count', () => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    router.addService({ at: at(VIP, 81), servers: [SERVER_1] });
    router.addService({ at: { address: '192.0.2.11', port: 80 }, servers: [SERVER_1] });
    const frame = frames().request({ flags: 'S' });
    expect(router.receive(frame)).toEqual(passed('no_service', frame));
  });

  test('a deleted service takes nothing new', () => {
    router.addService({ servers: [SERVER_1] }).delete();
    const frame = frames().request({ flags: 'S' });
    expect(router.receive(frame)).toEqual(passed('no_service', frame));
  });

  test('a service without servers says so', () => {
    router.addService();
    const frame = frames().request({ flags: 'S' });
    expect(router.receive(frame)).toEqual(answered('no_server', answerTo(frame, CLIENT, VIP, ICMP.portUnreachable)));
  });
});

describe('what makes a connection', () => {
  test.each(['S', 'SA', 'SF', 'SAF', 'SP', 'SUEC'])('TCP with %s does', (flags) => {
    router.addService({ servers: [SERVER_1] });
    const f = frames();
    expect(router.receive(f.request({ flags }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags })));
  });

  test.each(['', 'A', 'F', 'FA', 'R', 'RA', 'SR', 'SRA', 'P', 'PA', 'UEC'])('TCP with "%s" does not', (flags) => {
    router.addService({ servers: [SERVER_1] });
    const frame = frames().request({ flags });
    expect(router.receive(frame)).toEqual(passed('not_new', frame));
    expect(router.halves).toBe(0);
  });

  test.each(['A', 'FA', 'P', 'PA', ''])('with sloppy_tcp TCP with "%s" does', (flags) => {
    router.set({ sloppyTcp: 1 });
    router.addService({ servers: [SERVER_1] });
    const f = frames();
    expect(router.receive(f.request({ flags }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags })));
    expect(router.state(f)).toBe(/^P?A$/.test(flags) ? 'established' : 'close');
  });

  test.each(['R', 'RA', 'SR'])('with sloppy_tcp TCP with "%s" does not', (flags) => {
    router.set({ sloppyTcp: 1 });
    router.addService({ servers: [SERVER_1] });
    expect(router.receive(frames().request({ flags }))).toMatchObject({ reason: 'not_new' });
  });

  test('any UDP datagram does', () => {
    router.addService({ protocol: 'udp', servers: [SERVER_1] });
    const f = frames();
    expect(router.receive(f.request({ protocol: 'udp' }))).toEqual(
      forwarded(PRIVATE, f.forwarded({ protocol: 'udp' })),
    );
  });

  test.each(['tcp', 'udp'] as const)('%s from port 20 does not: FTP data', (protocol) => {
    router.addService({ protocol, servers: [SERVER_1] });
    const frame = frames({ client: at(CLIENT, 20) }).request({ protocol, flags: 'S' });
    expect(router.receive(frame)).toEqual(passed('ftp_data', frame));
  });

  test('port 20 of a service is a port like others', () => {
    router.addService({ at: at(VIP, 20), servers: [SERVER_1] });
    const f = frames({ vip: at(VIP, 20) });
    expect(router.receive(f.request({ flags: 'S' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
  });
});

describe('the port the server sees', () => {
  const persistence = { ticks: 100 };
  const exact = {};
  const anyPort = { at: at(VIP, 0) };
  const marked = { mark: 80 };
  test.each([
    ['an exact service', exact, 0, 80, 80],
    ['an exact service', exact, 80, 80, 80],
    ['an exact service', exact, 8080, 80, 8080],
    ['a persistent exact service', { ...exact, persistence }, 8080, 80, 8080],
    ['a persistent exact service', { ...exact, persistence }, 0, 80, 80],
    ['a persistent port-0 service', { ...anyPort, persistence }, 0, 81, 81],
    ['a persistent port-0 service', { ...anyPort, persistence }, 8080, 81, 81],
    ['a persistent mark', { ...marked, persistence }, 0, 443, 443],
    ['a persistent mark', { ...marked, persistence }, 8080, 443, 443],
    ['a mark', marked, 0, 443, 443],
    ['a mark', marked, 8080, 443, 8080],
    ['a mark', marked, 8080, 80, 8080],
  ])('%s %o, server port %i, client port %i: %i', (_, spec, serverPort, to, seen) => {
    mark(80, 443);
    router.addService({ ...spec, servers: [at(SERVER_1, serverPort)] });
    const f = frames({ vip: at(VIP, to), server: at(SERVER_1, seen) });
    expect(router.receive(f.request({ flags: 'S' }))).toEqual(forwarded(PRIVATE, f.forwarded({ flags: 'S' })));
  });
});

describe('FTP: ports that no service has follow the one of port 21', () => {
  const persistence = { ticks: 1000 };
  const control = at(VIP, 21);
  const S = { flags: 'S' };
  const serve = (spec: object = { persistence }) =>
    router.addService({ at: control, scheduler: 'rr', servers: [at(SERVER_1, 21), at(SERVER_2, 21)], ...spec });

  test.each([20, 1024, 1025, 20_000, 65_535])('port %i, to the client’s server and the same port', (port) => {
    serve();
    const first = frames({ vip: control, server: at(SERVER_2, 21) });
    expect(router.receive(first.request(S))).toEqual(forwarded(PRIVATE, first.forwarded(S)));
    const data = frames({ client: at(CLIENT, 40_001), vip: at(VIP, port), server: at(SERVER_2, port) });
    expect(router.receive(data.request(S))).toEqual(forwarded(PRIVATE, data.forwarded(S)));
    expect(router.receiveReply(data.reply({ flags: 'SA' }))).toEqual(forwarded(PUBLIC, data.returned({ flags: 'SA' })));
    expect([...router.tables.persistence.keys()]).toHaveLength(1);
  });

  test.each([1, 19, 22, 80, 1023])('not port %i', (port) => {
    serve();
    const frame = frames({ vip: at(VIP, port) }).request(S);
    expect(router.receive(frame)).toEqual(passed('no_service', frame));
  });

  test('a data connection may be the client’s first', () => {
    serve();
    const f = frames({ vip: at(VIP, 5000), server: at(SERVER_2, 5000) });
    expect(router.receive(f.request(S))).toEqual(forwarded(PRIVATE, f.forwarded(S)));
  });

  test('the control connection goes to the server’s own port, its data to the port of the packet', () => {
    serve({ persistence, servers: [at(SERVER_1, 2121)] });
    const first = frames({ vip: control, server: at(SERVER_1, 2121) });
    expect(router.receive(first.request(S))).toEqual(forwarded(PRIVATE, first.forwarded(S)));
    const data = frames({ vip: at(VIP, 5000), server: at(SERVER_1, 5000) });
    expect(router.receive(data.request(S))).toEqual(forwarded(PRIVATE, data.forwarded(S)));
  });

  test('without persistence nobody knows which server waits: the packet is the kernel’s, and no server’s turn', () => {
    serve({});
    const frame = frames({ vip: at(VIP, 5000) }).request(S);
    expect(router.receive(frame)).toEqual(passed('ftp_data', frame));
    const first = frames({ vip: control, server: at(SERVER_2, 21) });
    expect(router.receive(first.request(S))).toEqual(forwarded(PRIVATE, first.forwarded(S)));
  });

  test('nor is one that no server is there for told that the port is unreachable, which may be another’s', () => {
    serve({ persistence, servers: [] });
    const data = frames({ vip: at(VIP, 5000) }).request(S);
    expect(router.receive(data)).toEqual(passed('ftp_data', data));
    const first = frames({ vip: control }).request(S);
    const answer = answerTo(first, CLIENT, control, ICMP.portUnreachable);
    expect(router.receive(first)).toEqual(answered('no_server', answer));
  });

  test('a service of the port comes first, one of any port last', () => {
    router.addService({ at: at(VIP, 0), persistence, servers: [at(SERVER_1, 0)] });
    const f = (port: number, server: Endpoint) => frames({ vip: at(VIP, port), server: at(server, port) });
    const goes = (port: number, server: Endpoint): void =>
      expect(router.receive(f(port, server).request(S))).toEqual(forwarded(PRIVATE, f(port, server).forwarded(S)));
    goes(4000, SERVER_1);
    serve({ persistence, servers: [at(SERVER_2, 21)] });
    goes(5000, SERVER_2);
    goes(80, SERVER_1);
    router.addService({ at: at(VIP, 6000), servers: [at(SERVER_3, 6000)] });
    goes(6000, SERVER_3);
  });

  test('a mark comes first', () => {
    mark(5000);
    router.addService({ mark: 80, servers: [at(SERVER_3, 0)] });
    serve();
    const f = frames({ vip: at(VIP, 5000), server: at(SERVER_3, 5000) });
    expect(router.receive(f.request(S))).toEqual(forwarded(PRIVATE, f.forwarded(S)));
  });

  test.each([
    ['another address', { at: { address: '192.0.2.11', port: 21 } }, S],
    ['UDP', { protocol: 'udp' }, { protocol: 'udp' }],
    ['SCTP', { protocol: 'sctp' }, carries('init')],
  ] as const)('not by a service of %s', (_, spec, fields) => {
    serve({ persistence, ...spec });
    const frame = frames({ vip: at(VIP, 5000) }).request(fields);
    expect(router.receive(frame)).toEqual(passed('no_service', frame));
  });

  test('from port 20 nothing is scheduled', () => {
    serve();
    const frame = frames({ client: at(CLIENT, 20), vip: at(VIP, 5000) }).request(S);
    expect(router.receive(frame)).toEqual(passed('ftp_data', frame));
  });

  test('what opens no connection is the kernel’s', () => {
    serve();
    const frame = frames({ vip: at(VIP, 5000) }).request();
    expect(router.receive(frame)).toEqual(passed('not_new', frame));
  });
});
