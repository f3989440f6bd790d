// SPDX-License-Identifier: MIT
// What clients do in a machine of the lab: ask a web server who it is, hold connections open, ask thousands of times.

import type { Host } from '../../src/lab/host.ts';
import { LabError } from '../../src/lab/lab-error.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { patience } from '../../src/lab/patience.ts';

/** What the lab's web server tells of a connection, and what the client saw of it. */
export interface Visit {
  /** the machine that answered */
  readonly server: string;
  /** `address:port` */
  readonly client: string;
  readonly local: string;
  /** what curl was connected to, `address:port` */
  readonly remote: string;
}

const SAW = /^(\w+) saw (\S+) -> (\S+)\n(\S+)$/;

/** Asks the web server at `target` (`address[:port]`) who it is, by curl over a connection of its own. */
export async function visit(client: Host, target: string, ...curl: string[]): Promise<Visit> {
  const options = ['-sS', '--max-time', String(patience(5_000) / 1000), '-w', '%{remote_ip}:%{remote_port}', ...curl];
  const { stdout } = await client.exec('curl', [...options, `http://${target}/`]);
  const [, server = '', from = '', local = '', remote = ''] = SAW.exec(stdout) ?? [];
  if (server === '') throw new LabError(`${client.name}: ${target} answered ${JSON.stringify(stdout)}`);
  return { server, client: from, local, remote };
}

const PING = `
import socket, struct, sys
def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return 0xffff - (total & 0xffff) - (total >> 16)
body = struct.pack('!HH', 7, 1) + b'ping' * 4
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
s.settimeout(2)
s.sendto(struct.pack('!BBH', 8, 0, checksum(struct.pack('!HH', 0x800, 0) + body)) + body, (sys.argv[1], 0))
while True:
    packet, (sender, _) = s.recvfrom(2048)
    if packet[20] != 8: break
kind = {0: 'reply'}.get(packet[20], 'type %d' % packet[20])
print('%s from %s, ttl %d' % (kind, sender, packet[8]))
`;

/** One ICMP echo request: `reply from 192.0.2.10, ttl 64`. Throws when nothing comes back. */
export async function ping(host: Host, address: string): Promise<string> {
  return (await host.exec('/usr/bin/python3', ['-c', PING, address])).stdout.trim();
}

/** The machines that answered `count` visits, one after the other. */
export async function visits(client: Host, target: string, count: number, ...curl: string[]): Promise<string[]> {
  const servers: string[] = [];
  for (let i = 0; i < count; i++) servers.push((await visit(client, target, ...curl)).server);
  return servers;
}

/** How often each text occurs. */
export function tally(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

/** The SHA-256 of what curl gets from `url`, in hex. */
export async function downloadSha256(client: Host, url: string, ...curl: string[]): Promise<string> {
  const command = `curl -sSf --max-time 60 ${curl.join(' ')} ${url} | sha256sum`;
  const { stdout } = await client.exec('sh', ['-c', command], { timeout: 70_000 });
  return stdout.split(' ')[0] ?? '';
}

export interface Flood {
  readonly address: string;
  readonly port: number;
  /** connections in all, and at the same time */
  readonly count: number;
  readonly concurrency: number;
}

export interface Flooded {
  /** answers by server */
  readonly answers: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
}

/** Many short HTTP connections, one request each. */
export async function flood(client: Host, options: Flood): Promise<Flooded> {
  const running = client.run(ask, options);
  const { status } = await running.exited;
  if (status !== 0) throw new LabError(`${client.name}: ${running.stderr}`);
  return JSON.parse(running.stdout) as Flooded;
}

/** Connections that stay open until the process is stopped. */
export interface Held {
  /** the machines that answered, in the order of the connections */
  readonly servers: readonly string[];
  readonly process: LabProcess;
}

/** Opens connections one after the other, asks once over each and keeps it open. */
export async function hold(client: Host, address: string, port: number, count: number): Promise<Held> {
  const process = await client.run(holdOpen, { address, port, count }).says('holding');
  return { servers: process.stdout.split('\n').filter((line) => line.startsWith('server')), process };
}

function ask({ address, port, count, concurrency }: Flood): void {
  const http = process.getBuiltinModule('node:http');
  const answers: Record<string, number> = {};
  const errors: string[] = [];
  let started = 0;
  const once = () =>
    new Promise<void>((resolve) => {
      const request = http.get({ host: address, port, agent: false, timeout: 5_000 }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          const server = text.split(' ')[0] ?? '';
          answers[server] = (answers[server] ?? 0) + 1;
          resolve();
        });
      });
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.on('error', (error) => {
        errors.push(error.message);
        resolve();
      });
    });
  const worker = async () => {
    while (started++ < count) await once();
  };
  Promise.all(Array.from({ length: concurrency }, worker)).then(() => console.log(JSON.stringify({ answers, errors })));
}

function holdOpen({ address, port, count }: { address: string; port: number; count: number }): void {
  const { connect } = process.getBuiltinModule('node:net');
  const next = (left: number): unknown => {
    if (left === 0) return console.log('holding');
    const socket = connect(port, address, () => socket.write('GET / HTTP/1.1\r\nHost: lab\r\n\r\n'));
    return socket.once('data', (chunk) => {
      console.log(/server\d/.exec(String(chunk))?.[0]);
      next(left - 1);
    });
  };
  next(count);
}
