// SPDX-License-Identifier: MIT
// An established flow whose entry was lost (another router had it, or the pins went): with sloppy_tcp its client's next segment finds the
// same server where the choice depends on the client alone, and both directions go on. Without it the segment is the kernel's.
// The server's: recover.test.ts.
import { describe, expect, test } from 'vitest';
import type { Scheduler } from '../../src/model/model.ts';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { forwarded, passed } from './outcome.ts';
import { CLIENT, type Endpoint, PRIVATE, PUBLIC, SERVER_1, SERVER_2, SERVER_3 } from './roles.ts';
import { ticks } from './router.ts';
import type { ServiceSpec } from './service-fixture.ts';

const router = freshRouter();
const SERVERS = [SERVER_1, SERVER_2, SERVER_3];
const PORTS = [40_000, 40_001, 41_234, 50_007, 60_999];

const keeps: [string, ServiceSpec][] = [
  ...(['sh', 'mh'] as Scheduler[]).map((scheduler): [string, ServiceSpec] => [scheduler, { scheduler }]),
  ['sh with sh-port', { scheduler: 'sh', flags: ['sh-port'] }],
  ['mh with mh-port', { scheduler: 'mh', flags: ['mh-port'] }],
  ['persistence', { scheduler: 'rr', persistence: { ticks: ticks(300) } }],
];

/** Opens a connection; the frames of it as its server sees them. */
function connect(client: Endpoint) {
  expect(router.receive(frames({ client }).request(syn)).action).toBe('forwarded');
  router.receive(frames({ client }).request());
  const server = SERVERS.find((one) => router.connection(frames({ client, server: one })).reply);
  return frames({ client, server: server as Endpoint });
}

describe.each(keeps)('%s', (_, spec) => {
  test.each(PORTS)('from port %i, the next segment finds the same server and makes the entry anew', (port) => {
    const service = router.addService({ servers: SERVERS, ...spec });
    router.set({ sloppyTcp: 1 });
    const f = connect({ ...CLIENT, port });
    router.tables.connections.clear();
    expect(router.receive(f.request())).toEqual(forwarded(PRIVATE, f.forwarded()));
    expect(router.state(f)).toBe('established');
    expect(router.receiveReply(f.reply())).toEqual(forwarded(PUBLIC, f.returned()));
    expect(service.load(f.server)?.active).toBeGreaterThan(0);
  });
});

test('without sloppy_tcp the segment is the kernel’s, and so is a reply without an entry', () => {
  router.addService({ servers: SERVERS, scheduler: 'sh' });
  const f = connect(CLIENT);
  router.tables.connections.clear();
  expect(router.receive(f.request())).toEqual(passed('not_new', f.request()));
  expect(router.receiveReply(f.reply())).toEqual(passed('no_service', f.reply()));
});

test('a reset never makes an entry', () => {
  router.addService({ servers: SERVERS, scheduler: 'sh' });
  router.set({ sloppyTcp: 1 });
  const f = connect(CLIENT);
  router.tables.connections.clear();
  expect(router.receive(f.request({ flags: 'RA' }))).toEqual(passed('not_new', f.request({ flags: 'RA' })));
  expect(router.halves).toBe(0);
});
