// SPDX-License-Identifier: MIT
// An HTTP server in a machine of the lab. `/` tells who answered and whom it saw, `/bytes/N` sends N bytes of payload;
// to a POST it tells how many bytes it got.
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';
import { payload } from './payload.ts';

interface Options {
  readonly name: string;
  readonly ports: readonly number[];
  /** the address to listen at */
  readonly at: string;
}

/**
 * Answers `server1 saw 192.0.2.101:40000 -> 10.0.0.1:80`, with brackets around IPv6 addresses. Resolves when every port listens.
 * `at` is `::` for IPv6.
 */
export function startHttpServer(host: Host, ports: readonly number[] = [80], at = '0.0.0.0'): Promise<LabProcess> {
  return host.run(serve, { name: host.name, ports, at }, payload).says('ready');
}

function serve({ name, ports, at }: Options, bytes: typeof payload): void {
  const { createServer } = process.getBuiltinModule('node:http');
  const { Readable } = process.getBuiltinModule('node:stream');
  const count = async (request: AsyncIterable<Uint8Array>, response: { end(text: string): unknown }) => {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    response.end(`${name} got ${bytes} bytes\n`);
  };
  const listening = ports.map((port) => {
    // never closed for being idle: a client that is slow to ask again must not meet a reset
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      const { url = '', method, socket } = request;
      if (method === 'POST') return count(request, response);
      const size = /^\/bytes\/(\d+)$/.exec(url)?.[1];
      const text = (address = '') => (address.includes(':') ? `[${address}]` : address);
      const [from, to] = [text(socket.remoteAddress), text(socket.localAddress)];
      const seen = `${from}:${socket.remotePort} -> ${to}:${socket.localPort}`;
      if (size === undefined) return response.end(`${name} saw ${seen}\n`);
      response.setHeader('content-length', size);
      return Readable.from(bytes(Number(size))).pipe(response);
    });
    return new Promise((resolve) => server.listen(port, at, () => resolve(port)));
  });
  Promise.all(listening).then(() => console.log('ready'));
}
