// SPDX-License-Identifier: MIT
// A UDP server in a machine of the lab that tells who answered and whom it saw, and a client that asks it.
import type { Host } from './host.ts';
import { LabError } from './lab-error.ts';
import type { LabProcess } from './lab-process.ts';
import { patience } from './patience.ts';

/** Answers every datagram with `server1 saw 192.0.2.101:40000: TEXT`. Resolves when it listens. `at` is `::` for IPv6. */
export function startUdpServer(host: Host, port: number, at = '0.0.0.0'): Promise<LabProcess> {
  return host.run(serve, { name: host.name, port, at }).says('ready');
}

export interface Question {
  readonly address: string;
  readonly port: number;
  /** default: any free one */
  readonly sourcePort?: number;
  /** default `hello` */
  readonly text?: string;
  /** milliseconds until the question counts as unanswered, default 2000 */
  readonly timeout?: number;
}

/** Sends one datagram and returns the answer. Throws LabError when none comes. */
export async function askUdp(host: Host, question: Question): Promise<string> {
  const asking = host.run(ask, { sourcePort: 0, text: 'hello', timeout: patience(2_000), ...question });
  const { status } = await asking.exited;
  if (status !== 0)
    throw new LabError(`${host.name}: ${question.address}:${question.port}/udp: ${asking.stderr.trim()}`);
  return asking.stdout.trim();
}

function serve({ name, port, at }: { name: string; port: number; at: string }): void {
  const socket = process.getBuiltinModule('node:dgram').createSocket(at.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (text, from) =>
    socket.send(`${name} saw ${from.address}:${from.port}: ${text}`, from.port, from.address),
  );
  socket.bind(port, at, () => console.log('ready'));
}

function ask({ address, port, sourcePort, text, timeout }: Required<Question>): void {
  const socket = process.getBuiltinModule('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const timer = setTimeout(() => {
    console.error(`no answer in ${timeout} ms`);
    process.exit(1);
  }, timeout);
  // Connected: answers from another address than the one asked are not taken, as by a resolver.
  socket.bind(sourcePort, () => socket.connect(port, address, () => socket.send(text)));
  socket.once('message', (answer) => {
    clearTimeout(timer);
    console.log(String(answer));
    socket.close();
  });
}
