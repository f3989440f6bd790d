// SPDX-License-Identifier: MIT
// usrsctp's examples as clients and servers of SCTP in machines of the lab: a whole SCTP in user space over raw sockets, so that
// the kernel need not have one. tsctp sends much, by IPv4 alone; the echo server and its client know both families.
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';

const EXAMPLES = '/usr/lib/usrsctp';
const PROGRAM = `${EXAMPLES}/tsctp`;
/** not in UDP */
const BARE = ['-E', '0', '-U', '0'];

/** Takes one association after the other; its output has a line for each. Not ready at once: nothing says when it listens. */
export function startSctpServer(host: Host, port: number, at: string): LabProcess {
  return host.spawn(PROGRAM, [...BARE, '-L', at, '-p', String(port)]);
}

export interface Messages {
  readonly address: string;
  readonly port: number;
  readonly count: number;
  /** bytes of each */
  readonly length: number;
}

/** Sends the messages over one association and closes it. Throws when that fails; returns what the program printed. */
export async function sendSctp(host: Host, { address, port, count, length }: Messages): Promise<string> {
  const options = ['-p', String(port), '-n', String(count), '-l', String(length)];
  return (await host.exec(PROGRAM, [...BARE, ...options, address])).stdout;
}

/** Echoes at port 7, both families. Not ready at once, as above. */
export const startSctpEcho = (host: Host): LabProcess => host.spawn(`${EXAMPLES}/echo_server`);

/** Sends numbered messages over one association and ends it a second later; the numbers that came back, in their order. */
export async function echoSctp(host: Host, address: string, port: number, count: number): Promise<number[]> {
  const script = `(seq -f 'message %.0f' ${count}; sleep 1) | ${EXAMPLES}/client ${address} ${port} 0`;
  const { stdout } = await host.exec('bash', ['-o', 'pipefail', '-c', script]);
  return [...stdout.matchAll(/^message (\d+)$/gm)].map(([, number]) => Number(number));
}
