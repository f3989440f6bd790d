// SPDX-License-Identifier: MIT
// The soak's clients, each a process of its own in a machine of the lab. They go on until SIGTERM and then say what became of it.
import type { Host } from '../../src/lab/host.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { payload } from '../../src/lab/payload.ts';

/** What a client says at its end. */
export interface Tally {
  /** exchanges that came back whole and right */
  readonly done: number;
  /** bytes of them */
  readonly bytes: number;
  /** answers with a byte that differs from what was sent */
  readonly wrong: number;
  /** by what went wrong */
  readonly failed: Readonly<Record<string, number>>;
}

export interface Target {
  readonly address: string;
  readonly port: number;
  /** exchanges at the same time */
  readonly concurrency: number;
  /** bytes of an answer: any number up to this */
  readonly largest: number;
  /** the same connection is used again and again, with a pause of so many milliseconds; 0: each has its own */
  readonly keepAlive: number;
}

/** HTTP requests for payload, over connections of their own or over some that last. */
export const startHttpClient = (host: Host, target: Target): LabProcess => host.run(httpClient, target, payload);

/** Datagrams that are answered with what they say. */
export const startUdpClient = (host: Host, target: Target): LabProcess => host.run(udpClient, target, payload);

export async function finishClient(client: LabProcess): Promise<Tally> {
  await client.stop('SIGTERM');
  return JSON.parse(client.stdout) as Tally;
}

function httpClient(target: Target, bytes: typeof payload): void {
  const http = process.getBuiltinModule('node:http');
  const expected = Buffer.concat([...bytes(target.largest)]);
  const tally = { done: 0, bytes: 0, wrong: 0, failed: {} as Record<string, number> };
  const agent = target.keepAlive ? new http.Agent({ keepAlive: true, maxSockets: target.concurrency }) : false;
  const once = (size: number) =>
    new Promise<void>((resolve) => {
      let at = 0;
      const fail = (why: string) => {
        tally.failed[why] = (tally.failed[why] ?? 0) + 1;
        resolve();
      };
      const { address: host, port } = target;
      const request = http.get({ host, port, path: `/bytes/${size}`, agent, timeout: 60_000 }, (response) => {
        response.on('data', (chunk: Buffer) => {
          if (!expected.subarray(at, at + chunk.length).equals(chunk)) tally.wrong++;
          at += chunk.length;
        });
        response.on('end', () => {
          if (at !== size) return fail('short');
          tally.done++;
          tally.bytes += size;
          resolve();
        });
        response.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
      });
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    });
  let isOver = false;
  const worker = async () => {
    while (!isOver) {
      await once(Math.ceil(Math.random() * target.largest));
      if (target.keepAlive) await new Promise((resolve) => setTimeout(resolve, target.keepAlive));
    }
  };
  process.once('SIGTERM', () => {
    isOver = true;
    // what still runs is neither done nor failed
    console.log(JSON.stringify(tally));
    process.exit();
  });
  for (let i = 0; i < target.concurrency; i++) void worker();
}

function udpClient(target: Target, bytes: typeof payload): void {
  const { createSocket } = process.getBuiltinModule('node:dgram');
  // the server answers with text
  const expected = Buffer.from(Buffer.concat([...bytes(target.largest / 2)]).toString('hex'));
  const tally = { done: 0, bytes: 0, wrong: 0, failed: {} as Record<string, number> };
  let isOver = false;
  const once = () =>
    new Promise<void>((resolve) => {
      const socket = createSocket(target.address.includes(':') ? 'udp6' : 'udp4');
      const size = Math.ceil(Math.random() * target.largest);
      const question = expected.subarray(0, size);
      const end = (why: string | undefined) => {
        clearTimeout(timer);
        if (why === undefined) tally.done++;
        else tally.failed[why] = (tally.failed[why] ?? 0) + 1;
        socket.close();
        resolve();
      };
      const timer = setTimeout(() => end('unanswered'), 5_000);
      socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      socket.on('message', (answer) => {
        // the server puts in front of it whom it saw
        const echoed = answer.subarray(answer.length - size);
        if (!echoed.equals(question)) tally.wrong++;
        tally.bytes += size;
        end(undefined);
      });
      socket.connect(target.port, target.address, () => socket.send(question));
    });
  const worker = async () => {
    while (!isOver) await once();
  };
  process.once('SIGTERM', () => {
    isOver = true;
    console.log(JSON.stringify(tally));
    process.exit();
  });
  for (let i = 0; i < target.concurrency; i++) void worker();
}
