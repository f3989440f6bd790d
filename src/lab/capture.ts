// SPDX-License-Identifier: MIT
// A packet capture by tcpdump on one interface of a machine. Beware of a router's interfaces: XDP acts before and after
// where tcpdump looks, so that what is forwarded there shows only at the other end of the wire.
import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';

/** What tcpdump prints after a wrong checksum of IPv4 (first), TCP, UDP and ICMP. */
const WRONG_CHECKSUM = /bad cksum|incorrect ->|bad udp cksum|wrong icmp cksum/;

/** Bytes kept of a frame: more than any lab's MTU. In immediate mode each takes so much of the buffer, however short. */
const FRAME = 4_096;
/** The kernel's buffer, KiB. */
const BUFFER = 32_768;

export class Capture {
  /** The pcap file, complete after `stop`. */
  readonly file: string;
  readonly #host: Host;
  readonly #tcpdump: LabProcess;

  private constructor(host: Host, tcpdump: LabProcess, file: string) {
    this.#host = host;
    this.#tcpdump = tcpdump;
    this.file = file;
  }

  /** Captures from when the promise is fulfilled. `filter` is a pcap filter, e.g. `tcp port 80`. */
  static async start(host: Host, device: string, file: string, filter = ''): Promise<Capture> {
    const args = ['-i', device, '-w', '-', '-s', String(FRAME), '-B', String(BUFFER), '-U', '--immediate-mode', filter];
    // The shell opens the file: tcpdump drops root first and might not be allowed to.
    const tcpdump = host.spawn('sh', ['-c', 'exec tcpdump "$@" >"$0"', file, ...args]);
    await tcpdump.says('listening on');
    return new Capture(host, tcpdump, file);
  }

  /** Idempotent. */
  async stop(): Promise<this> {
    await this.#caughtUp();
    await this.#tcpdump.stop('SIGINT');
    return this;
  }

  /** Frames that passed too fast to be captured; known after `stop`. */
  get lost(): number {
    return Number(/(\d+) packets dropped by kernel/.exec(this.#tcpdump.stderr)?.[1] ?? 0);
  }

  /** The packets captured, one text each, addresses and ports as numbers. Extra arguments go to tcpdump. */
  async packets(...args: string[]): Promise<string[]> {
    const command = ['-c', 'exec tcpdump -nn -r - "$@" <"$0"', this.file, ...args];
    const { stdout } = await this.#host.exec('sh', command, { timeout: 120_000 });
    // With -v a packet takes several lines; all but the first are indented.
    return stdout.split(/\n(?!\s)/).filter((line) => line !== '');
  }

  /** The captured packets with a wrong IPv4, TCP, UDP or ICMP checksum. */
  async wrongChecksums(): Promise<string[]> {
    return (await this.packets('-vv')).filter((packet) => WRONG_CHECKSUM.test(packet));
  }

  /** What tcpdump has not read when it ends is lost: gives it up to 2 s until its file no longer grows. */
  async #caughtUp(): Promise<void> {
    let before = -1;
    for (let round = 0; round < 20 && statSync(this.file).size !== before; round++) {
      before = statSync(this.file).size;
      await setTimeout(100);
    }
  }
}
