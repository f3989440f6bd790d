// SPDX-License-Identifier: MIT
// The HTTP endpoint: /metrics and /healthz. It listens before there is a data plane to show, so that a port already
// taken is known before anything is changed.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataPlane } from '../dataplane/data-plane.ts';
import type { MetricsEndpoint } from '../model/model.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { formatEndpoint } from '../net/endpoint.ts';
import { CONTENT_TYPE } from './exposition.ts';
import { illness } from './health.ts';
import { renderMetrics } from './render-metrics.ts';

export interface MetricsSource {
  /** `undefined` until the services are filled */
  router(): DataPlane | undefined;
  readonly version: string;
}

export interface MetricsServer {
  /** the port listened at; it differs from the one asked for when that was 0 */
  readonly port: number;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: readonly Uint8Array[];
}

const PLAIN = 'text/plain; charset=utf-8';

/** Throws XlvsError when nothing can listen there. */
export async function startMetrics(endpoint: MetricsEndpoint, source: MetricsSource): Promise<MetricsServer> {
  const server = createServer((request, response) => answer(request, response, source));
  await listen(server, endpoint);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function listen(server: Server, { host, port }: MetricsEndpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, formatEndpoint(host, port))));
    server.listen({ host, port }, resolve);
  });
}

const LISTEN_ERRORS: Readonly<Record<string, [why: string, cure: string]>> = {
  EADDRINUSE: ['another program listens there', 'stop it (ss -ltnp names it) or change metrics.listen in the config'],
  EADDRNOTAVAIL: ['this machine has no such address', 'change metrics.listen in the config'],
  EACCES: ['that port needs privileges', 'use a port above 1023 in metrics.listen, or run as root'],
  ENOTFOUND: ['that name has no address', 'write an address in metrics.listen'],
};

function listenError(error: NodeJS.ErrnoException, where: string): XlvsError {
  const [why, cure] = LISTEN_ERRORS[error.code ?? ''] ?? [error.message, 'change metrics.listen in the config'];
  return new XlvsError('busy', `cannot serve metrics at ${where}: ${why}`, cure, error);
}

/** Open scrapes are cut off: a scraper that never reads must not keep the daemon. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answer(request: IncomingMessage, response: ServerResponse, source: MetricsSource): void {
  const { status, type, body } = replyTo(request, source);
  const length = body.reduce((sum, piece) => sum + piece.length, 0);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': length, 'Cache-Control': 'no-store' });
  if (request.method !== 'HEAD') for (const piece of body) response.write(piece);
  response.end();
}

function replyTo({ method, url = '/' }: IncomingMessage, source: MetricsSource): Reply {
  const [path] = url.split('?');
  if (path !== '/metrics' && path !== '/healthz') return plain(404, 'not here: /metrics and /healthz are');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  try {
    return path === '/metrics' ? metricsReply(source) : healthReply(source);
  } catch (error) {
    return plain(500, `the data plane cannot be read: ${(error as Error).message}`);
  }
}

function metricsReply({ router, version }: MetricsSource): Reply {
  const current = router();
  if (!current) return plain(503, illness(undefined) ?? '');
  return { status: 200, type: CONTENT_TYPE, body: renderMetrics(current, version) };
}

function healthReply({ router }: MetricsSource): Reply {
  const reason = illness(router());
  return reason === undefined ? plain(200, 'ok') : plain(503, reason);
}

function plain(status: number, line: string): Reply {
  return { status, type: PLAIN, body: [Buffer.from(`${line}\n`)] };
}
