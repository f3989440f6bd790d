// SPDX-License-Identifier: MIT
// A packet capture by tcpdump on one interface of a machine. Beware of a router's interfaces: XDP acts before and after
// where tcpdump looks, so that what is forwarded there shows only at the other end of the wire.
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';

/** What tcpdump prints after a wrong checksum of IPv4 (first), TCP, UDP and ICMP. */
const WRONG_CHECKSUM = /bad cksum|incorrect ->|bad udp cksum|wrong icmp cksum/;

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
    const args = ['-i', device, '-w', file, '-s', '0', '-B', '16384', '-U', '--immediate-mode', '-Z', 'root', filter];
    const tcpdump = host.spawn('tcpdump', args);
    await tcpdump.says('listening on');
    return new Capture(host, tcpdump, file);
  }

  /** Idempotent. */
  async stop(): Promise<this> {
    await this.#tcpdump.stop('SIGINT');
    return this;
  }

  /** The packets captured, one text each, addresses and ports as numbers. Extra arguments go to tcpdump. */
  async packets(...args: string[]): Promise<string[]> {
    const { stdout } = await this.#host.exec('tcpdump', ['-nn', '-r', this.file, ...args], { timeout: 120_000 });
    // With -v a packet takes several lines; all but the first are indented.
    return stdout.split(/\n(?!\s)/).filter((line) => line !== '');
  }

  /** The captured packets with a wrong IPv4, TCP, UDP or ICMP checksum. */
  async wrongChecksums(): Promise<string[]> {
    return (await this.packets('-vv')).filter((packet) => WRONG_CHECKSUM.test(packet));
  }
}
