// SPDX-License-Identifier: MIT
// bpf/verdict.h: every reason there is can be reached, and a packet is counted once, for one reason.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { carries } from './chunks.ts';
import { type Frames, frames } from './conversation.ts';
import { CONNECTION_RING, isIpv6 } from './family.ts';
import { fragmentsOf } from './fragments.ts';
import { patched } from './frame.ts';
import { setMarks } from './mark-fixture.ts';
import type { Outcome } from './outcome.ts';
import { at, CLIENT, CRAMPED, ELSEWHERE, PRIVATE, SERVER_1, SOMEBODY_MAC, VIP } from './roles.ts';
import { FIB, Router } from './router.ts';
import { prepareSnat, putAddress, ROUTER, SnatFrames, takePorts } from './snat-fixture.ts';
import { addSides, CUSTOMER } from './vlan-fixture.ts';

const router = Router.open();
beforeEach(() => router.reset());
afterAll(() => router.close());

const syn = { flags: 'S' };
const serve = () => router.addService({ servers: [SERVER_1] });

function connected(then: (f: Frames) => Outcome): (f: Frames) => Outcome {
  return (f) => {
    serve();
    router.receive(f.request(syn));
    return then(f);
  };
}

const ELSEWHERE_PORT = at(SERVER_1, 9000);

const PASSES: Record<string, (f: Frames) => Outcome> = {
  not_ip: (f) => router.receive(f.request({ etherType: 0x0806 })),
  vlan: (f) => router.receive(f.request({ vlans: [[0x8100, 1]] })),
  truncated: (f) => router.receive(f.request().subarray(0, 30)),
  malformed: (f) => router.receive(patched(f.request(), 14, 0x44)),
  fragment: (f) => router.receive(fragmentsOf(f.request({ fragment: 0 }), [16])[1] as Uint8Array),
  // GRE
  protocol: (f) => router.receive(patched(f.request(), isIpv6 ? 20 : 23, 47)),
  other_host: (f) => {
    serve();
    return router.receive(f.request({ ...syn, hop: { source: SOMEBODY_MAC, destination: SOMEBODY_MAC } }));
  },
  no_service: (f) => router.receive(f.request(syn)),
  not_new: (f) => {
    serve();
    return router.receive(f.request());
  },
  ftp_data: (f) => {
    serve();
    return router.receive(f.request({ ...syn, from: { ...CLIENT, port: 20 } }));
  },
  icmp: connected((f) => router.receive(f.request({ protocol: 'icmp' }))),
  unroutable_client: (f) => {
    serve();
    router.route(CLIENT, { result: FIB.NOT_FORWARDED });
    return router.receive(f.request(syn));
  },
  neighbour: (f) => {
    serve();
    router.route(SERVER_1, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    return router.receive(f.request(syn));
  },
  too_big: connected((f) => router.receive(f.request({ payload: new Uint8Array(1461), fragment: 0 }))),
  bypassed: (f) => {
    setMarks(router, [{ mark: 1, protocol: 'tcp', address: `${VIP.address}/32`, ports: [{ first: 80, last: 80 }] }]);
    router.addService({ mark: 1, servers: [] });
    router.set({ cacheBypass: 1 });
    router.route(VIP);
    return router.receive(f.request(syn));
  },
  refused_reply: connected((f) => router.receiveReply(f.reply({ ttl: 1 }))),
};

const DROPS: Record<string, (f: Frames) => Outcome> = {
  ttl_exceeded: connected((f) => router.receive(f.request({ ttl: 1 }))),
  table_full: (f) => {
    serve();
    router.tables.ringCursors.set(CONNECTION_RING, { head: 8192n, tail: 0n });
    return router.receive(f.request(syn));
  },
  no_route: (f) => {
    serve();
    router.route(SERVER_1, { result: FIB.NOT_FORWARDED });
    return router.receive(f.request(syn));
  },
  not_forwarding: (f) => {
    serve();
    router.route(SERVER_1, { result: FIB.DISABLED });
    return router.receive(f.request(syn));
  },
  no_neighbour: (f) => {
    serve();
    router.route(CLIENT, { device: PRIVATE, result: FIB.NO_NEIGHBOUR });
    router.receive(f.request(syn));
    return router.receiveReply(f.reply());
  },
  server_gone: (f) => {
    const service = serve();
    router.receive(f.request(syn));
    service.remove(SERVER_1);
    router.announceChange();
    return router.receive(f.request());
  },
  tuple_in_use: connected((f) => {
    router.addService({ at: { ...f.vip, port: 81 }, servers: [SERVER_1] });
    return router.receive(f.request({ ...syn, to: { ...f.vip, port: 81 } }));
  }),
  too_big: connected((f) => router.receive(f.request({ payload: new Uint8Array(1461) }))),
  no_server: (f) => {
    router.addService();
    return router.receive(f.request(syn));
  },
  source_limit: (f) => {
    serve();
    router.set({ sourceLimit: 1 });
    router.receive(f.request(syn));
    return router.receive(f.request({ ...syn, from: { ...CLIENT, port: 1 } }));
  },
  service_limit: (f) => {
    serve();
    router.set({ serviceLimit: 1 });
    router.receive(f.request(syn));
    return router.receive(f.request({ ...syn, from: { ...CLIENT, port: 1 } }));
  },
  on_purpose: (f) => {
    serve();
    router.set({ dropPacket: 3, amDroprate: 1 });
    return router.receive(f.request(syn));
  },
  sctp_fragment: () => {
    router.addService({ protocol: 'sctp', servers: [ELSEWHERE_PORT] });
    const f = frames({ server: ELSEWHERE_PORT });
    router.receive(f.request(carries('init')));
    const [first] = fragmentsOf(
      f.request({ protocol: 'sctp', payload: new Uint8Array(3000), fragment: 0 }),
      [1448, 1448],
    );
    return router.receive(first as Uint8Array);
  },
  no_port: () => {
    prepareSnat(router);
    router.addService({ snat: true, servers: [SERVER_1] });
    const f = new SnatFrames({ server: SERVER_1 });
    takePorts(router, f, 16);
    return router.receive(f.request(syn));
  },
  no_address: (f) => {
    router.addService({ snat: true, servers: [SERVER_1] });
    return router.receive(f.request(syn));
  },
  no_connection: (f) => {
    serve();
    putAddress(router, ROUTER.address, '10.0.0.0', 24);
    router.set({ natIcmpSend: 1 });
    return router.receiveReply(f.reply());
  },
  foreign_device: (f) => {
    serve();
    router.route(SERVER_1, { device: ELSEWHERE });
    return router.receive(f.request(syn));
  },
  no_headroom: (f) => {
    serve();
    addSides(router, [], [[CUSTOMER, 200]]);
    return router.receive(f.request({ ...syn, payload: new Uint8Array(0) }), CRAMPED);
  },
};

/** Drops whose sender is told. */
const ANSWERED = ['ttl_exceeded', 'too_big', 'no_server', 'no_connection'];

const named = (names: Readonly<Record<number, string>>): string[] =>
  Object.values(names).filter((name) => name !== 'none' && name !== 'reasons');

describe('every reason is reached and counted once', () => {
  // an IPv6 router hands nothing over that is too big
  const reachable = named(abi.passReasonNames).filter((reason) => !isIpv6 || reason !== 'too_big');

  test.each(reachable)('passed: %s', (reason) => {
    expect(PASSES[reason]?.(frames())).toMatchObject({ action: 'passed', reason });
    expect(router.reasons).toEqual({ [reason]: 1 });
  });

  test.each(named(abi.dropReasonNames))('dropped: %s', (reason) => {
    const action = ANSWERED.includes(reason) ? 'answered' : 'dropped';
    expect(DROPS[reason]?.(frames())).toMatchObject({ action, reason });
    expect(router.reasons).toEqual({ [reason]: 1 });
  });
});

test('a forwarded packet is no reason', () => {
  serve();
  const f = frames();
  router.receive(f.request(syn));
  router.receive(f.request());
  router.receiveReply(f.reply());
  expect(router.reasons).toEqual({});
});
