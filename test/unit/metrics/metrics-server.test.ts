// SPDX-License-Identifier: MIT
import { afterEach, describe, expect, test } from 'vitest';
import type { DataPlane } from '../../../src/dataplane/data-plane.ts';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import { type MetricsServer, startMetrics } from '../../../src/metrics/metrics-server.ts';
import { sampleRouter } from '../cli/sample-router.ts';

const ANY = { host: '127.0.0.1', port: 0 };
const open: MetricsServer[] = [];

async function serving(router: DataPlane | undefined): Promise<MetricsServer> {
  const server = await startMetrics(ANY, { router: () => router, version: '1' });
  open.push(server);
  return server;
}

const get = (server: MetricsServer, path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, init);

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const attached = () =>
  new MemoryDataPlane({ interfaces: [{ device: 'eth0', ifindex: 2, role: 'public', mode: 'generic' }] });

describe('the metrics endpoint', () => {
  test('serves the series at /metrics in text format 0.0.4', async () => {
    const response = await get(await serving(sampleRouter()), '/metrics?x=1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('xlvs_service_connections_total{service="web"} 5\n');
  });

  test('answers /healthz with 200 while every interface is attached', async () => {
    const response = await get(await serving(attached()), '/healthz');
    expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
  });

  test('answers /healthz with 503 and names the interface that is not attached', async () => {
    const response = await get(await serving(sampleRouter()), '/healthz');
    expect([response.status, await response.text()]).toEqual([503, 'not attached: eth1\n']);
  });

  test('is not healthy without interfaces', async () => {
    expect((await get(await serving(new MemoryDataPlane()), '/healthz')).status).toBe(503);
  });

  test('answers 503 until there is a data plane', async () => {
    const server = await serving(undefined);
    expect([(await get(server, '/healthz')).status, (await get(server, '/metrics')).status]).toEqual([503, 503]);
  });

  test('answers 404 elsewhere and 405 to anything but reading', async () => {
    const server = await serving(attached());
    expect((await get(server, '/')).status).toBe(404);
    expect((await get(server, '/metrics', { method: 'POST' })).status).toBe(405);
  });

  test('answers 500 when the data plane cannot be read, and lives on', async () => {
    const router = attached();
    const server = await serving(router);
    router.statistics = () => {
      throw new Error('map lookup failed');
    };
    const response = await get(server, '/metrics');
    expect([response.status, await response.text()]).toEqual([
      500,
      'the data plane cannot be read: map lookup failed\n',
    ]);
    expect((await get(server, '/healthz')).status).toBe(200);
  });

  test('refuses a port already taken with address and cure', async () => {
    const { port } = await serving(attached());
    await expect(
      startMetrics({ host: '127.0.0.1', port }, { router: () => undefined, version: '1' }),
    ).rejects.toMatchObject({
      code: 'busy',
      line: `cannot serve metrics at 127.0.0.1:${port}: another program listens there; stop it (ss -ltnp names it) or change metrics.listen in the config`,
    });
  });

  test('refuses an address that is not this machine', async () => {
    const started = startMetrics({ host: '192.0.2.77', port: 0 }, { router: () => undefined, version: '1' });
    await expect(started).rejects.toThrow('cannot serve metrics at 192.0.2.77:0: this machine has no such address');
  });
});
