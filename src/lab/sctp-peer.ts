// SPDX-License-Identifier: MIT
// usrsctp's tsctp as a client and a server of SCTP in machines of the lab: a whole SCTP in user space over raw sockets, so that
// the kernel need not have one.
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';

const PROGRAM = '/usr/lib/usrsctp/tsctp';
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
