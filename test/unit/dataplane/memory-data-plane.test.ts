// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import type { Service } from '../../../src/model/model.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';
import { sampleRouter } from '../cli/sample-router.ts';

const service = (name: string, port: number, servers: Service['servers'] = []): Service => ({
  name,
  key: { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port },
  scheduler: 'rr',
  servers,
});

describe('a change of the memory data plane', () => {
  test('puts new services behind the old ones and replaces those of the same key in place', () => {
    const router = new MemoryDataPlane({ services: [service('a', 80), service('b', 81)] });
    router.change({ putServices: [service('c', 82), service('a2', 80)] });
    expect(router.state().services.map(({ name }) => name)).toEqual(['a2', 'b', 'c']);
  });

  test('removes by key, and leaves what it does not name', () => {
    const router = new MemoryDataPlane({ services: [service('a', 80), service('b', 81)] });
    const { timeouts } = router.state();
    router.change({ removeServices: [service('', 80).key], marks: [] });
    expect(router.state().services.map(({ name }) => name)).toEqual(['b']);
    expect(router.state().timeouts).toEqual(timeouts);
  });

  test.each([
    ['a name twice', { putServices: [service('b', 99)] }],
    ['a service that is not there', { removeServices: [service('', 99).key] }],
    [
      'a server twice',
      {
        putServices: [
          service('a', 80, [
            { address: '10.0.0.1', port: 1, weight: 1 },
            { address: '10.0.0.1', port: 1, weight: 2 },
          ]),
        ],
      },
    ],
  ])('with %s is refused whole', (_, change) => {
    const router = new MemoryDataPlane({ services: [service('a', 80), service('b', 81)] });
    const before = router.state();
    expect(() => router.change({ ...change, marks: [], timeouts: { tcp: 1, tcpfin: 1, udp: 1 } })).toThrow(XlvsError);
    expect(router.state()).toEqual(before);
  });
});

describe('what the memory data plane shows', () => {
  test('counts connections and persistence entries per server', () => {
    const [web, shop] = sampleRouter().statistics().services;
    expect(web?.servers.map(({ active, inactive }) => [active, inactive])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(shop?.servers[0]).toMatchObject({ persistence: 1, counters: { connections: 1n } });
    expect(web?.counters.outgoingBytes).toBe(40_000n);
  });

  test('filters connections by service and by server', () => {
    const router = sampleRouter();
    expect([...router.connections({ service: 'web' })]).toHaveLength(2);
    expect([...router.connections({ server: '10.0.0.3' })].map(({ protocol }) => protocol)).toEqual(['udp']);
    expect([...router.connections({ service: 'shop', server: '10.0.0.3' })]).toEqual([]);
  });

  test('keeps documents and the pid of the last heartbeat', () => {
    const router = new MemoryDataPlane();
    expect([router.readDocument('applied'), router.daemonPid()]).toEqual([undefined, 0]);
    router.writeDocument('applied', '{}');
    router.heartbeat(7);
    expect([router.readDocument('applied'), router.daemonPid()]).toEqual(['{}', 7]);
  });
});
