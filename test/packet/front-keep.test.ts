// SPDX-License-Identifier: MIT
// bpf/front_keep.h: which flows a CPU keeps copies of when there are more than places, and the next hops that copies share. IPv4
// alone. A copy shows by serving a packet when the table has lost its connection.
import { beforeEach, describe, expect, test } from 'vitest';
import { establish, freshRouter } from './conntrack-fixture.ts';
import { type Frames, frames } from './conversation.ts';
import { keep, stayOnOneCpu } from './front-fixture.ts';
import { forwarded, passed } from './outcome.ts';
import { random } from './random.ts';
import {
  at,
  CLIENT,
  GATEWAY_MAC,
  OTHER_CLIENT,
  PRIVATE,
  PUBLIC,
  PUBLIC_MAC,
  SERVER_1,
  SERVER_2,
  SERVER_3,
} from './roles.ts';
import { Router, type RouteSpec } from './router.ts';

stayOnOneCpu();

describe('one set, of two places', () => {
  const router = freshRouter({ frontSets: 1 });
  const flow = (i: number): Frames => frames({ client: at(CLIENT, 40000 + i) });
  const send = (i: number): string => router.receive(flow(i).request()).action;
  /** The flows that have a copy, of so many. */
  const kept = (count: number): number[] => {
    router.tables.connections.clear();
    return Array.from({ length: count }, (_, i) => i).filter((i) => send(i) === 'forwarded');
  };
  const open = (count: number): void => {
    router.addService({ servers: [SERVER_1] });
    for (let i = 0; i < count; i++) establish(router, flow(i));
  };

  test('keeps the two that came last', () => {
    open(4);
    for (const i of [0, 1, 2, 3]) send(i);
    expect(kept(4)).toEqual([2, 3]);
  });

  test('gives a flow that nothing has been seen of for 16 s away first', () => {
    open(3);
    for (const i of [0, 1]) send(i);
    router.pass(17);
    for (const i of [1, 2]) send(i);
    expect(kept(3)).toEqual([1, 2]);
  });

  test('has a flow once, however often it asks the table', () => {
    open(2);
    for (let second = 0; second < 5; second++) {
      for (const i of [0, 1]) send(i);
      router.pass(2);
    }
    for (const i of [0, 1, 0]) send(i);
    expect(kept(2)).toEqual([0, 1]);
  });
});

test('flows that share one set are each sent their own way, and none is lost', () => {
  const router = Router.open({ frontSets: 1 });
  const service = router.addService({ scheduler: 'rr', servers: [SERVER_3, SERVER_2, SERVER_1] });
  const servers = [SERVER_1, SERVER_2, SERVER_3];
  const flows = Array.from({ length: 12 }, (_, i) =>
    frames({ client: at(CLIENT, 40000 + i), server: servers[i % 3] ?? SERVER_1 }),
  );
  for (const flow of flows) establish(router, flow);
  const { pick } = random(1);
  for (let i = 0; i < 1000; i++) keep(router, pick(flows));
  const sum = servers.reduce((n, server) => n + Number(service.counters(server)?.incomingPackets), 0);
  expect(sum).toBe(2 * flows.length + 1000);
  router.close();
});

describe('two next hops', () => {
  const router = freshRouter();
  const [one, other] = [frames(), frames({ client: OTHER_CLIENT })] as const;
  const large = { payload: new Uint8Array(1000) };

  function keepBoth(route: RouteSpec): void {
    router.addService({ servers: [SERVER_1] });
    router.route(OTHER_CLIENT, route);
    for (const flow of [one, other]) establish(router, flow);
    for (const flow of [one, other, one]) for (let i = 0; i < 2; i++) router.receiveReply(flow.reply());
  }

  test('that differ in the source alone are two', () => {
    const hop = { source: '02:00:00:00:01:fd', destination: GATEWAY_MAC };
    keepBoth({ hop });
    router.tables.connections.clear();
    expect(router.receiveReply(one.reply())).toEqual(forwarded(PUBLIC, one.returned()));
    expect(router.receiveReply(other.reply())).toEqual(forwarded(PUBLIC, other.returned({ hop })));
  });

  test('that differ in what fits through alone are two', () => {
    keepBoth({ mtu: 100 });
    expect(router.receiveReply(other.reply(large))).toEqual(passed('refused_reply', other.reply(large)));
    router.tables.connections.clear();
    expect(router.receiveReply(one.reply(large))).toEqual(forwarded(PUBLIC, one.returned(large)));
  });

  test('that differ in the device alone are two', () => {
    keepBoth({ device: PRIVATE });
    router.tables.connections.clear();
    expect(router.receiveReply(one.reply())).toEqual(forwarded(PUBLIC, one.returned()));
    expect(router.receiveReply(other.reply())).toEqual(forwarded(PRIVATE, other.returned()));
  });
});

describe('more next hops of one hash than the four places that it leads to', () => {
  const router = freshRouter({ frontSets: 1024 });
  const byte = (i: number): string => i.toString(16).padStart(2, '0');
  /** Clients behind a gateway each; the hash is of the second word of the MAC addresses xor the first. */
  const all = Array.from({ length: 60 }, (_, i) => {
    const client = { address: `198.51.100.${100 + i}`, port: 40000 };
    const hop = { source: PUBLIC_MAC, destination: `02:${byte(i)}:00:00:00:${byte(i)}` };
    return { client, hop, flow: frames({ client }) };
  });
  type One = (typeof all)[number];
  const send = ({ flow }: One) => router.receiveReply(flow.reply());

  beforeEach(() => {
    router.addService({ servers: [SERVER_1] });
    for (const { client, hop } of all) router.route(client, { hop });
    for (const { flow } of all) establish(router, flow);
  });

  function everyoneGetsTheirs(): void {
    for (const one of all) expect(send(one)).toEqual(forwarded(PUBLIC, one.flow.returned({ hop: one.hop })));
  }

  test('each client gets its own all the same', () => {
    for (let round = 0; round < 3; round++) everyoneGetsTheirs();
  });

  test('the first four are kept, and when ways have changed the first of then', () => {
    everyoneGetsTheirs();
    router.announceChange();
    const again = [...all].reverse();
    for (const one of [...again, ...again]) send(one);
    router.tables.connections.clear();
    expect(again.filter((one) => send(one).action === 'forwarded')).toEqual(again.slice(0, 4));
  });
});
