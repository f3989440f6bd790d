// SPDX-License-Identifier: MIT
// Next hops in the model: devices, routes, and when a half's is looked up anew.
import type { Address } from './address.ts';
import type { Device, Half, Route } from './flow.ts';
import type { Packet } from './parse.ts';

export class NextHops {
  readonly routes = new Map<Address, Route>();
  readonly devices = new Map<number, Device>();
  generation = 1;

  /** `neighbour`, a reason to drop, or nothing: the next hop is known. */
  resolveAgain(p: Packet, half: Half): string | undefined {
    const [forward, reply] = half.connection.halves;
    if (half === forward) {
      const way = this.resolve(forward);
      if (way && way !== 'neighbour') return way;
      if (reply.generation !== this.generation && this.resolve(reply) === 'neighbour') this.learn(p, reply);
      return way;
    }
    const way = this.resolve(reply);
    if (way !== 'neighbour') return way;
    if (!reply.macs) return 'no_neighbour';
    reply.generation = this.generation;
    return undefined;
  }

  /** The same of one half, by its route. */
  resolve(half: Half): string | undefined {
    const to = half.from === 'client' ? half.rewrite.address : half.connection.client.source;
    const route = this.routes.get(to);
    if (route?.result === 5) return 'not_forwarding';
    if (!route || (route.result !== 0 && route.result !== 7)) return 'no_route';
    const device = this.devices.get(route.device);
    if (!device) return 'foreign_device';
    const isKnown = route.result === 0;
    if (isKnown) half.macs = route.macs;
    else if (half.device !== route.device) half.macs = undefined;
    half.device = route.device;
    half.mtu = isKnown && route.mtu > 0 ? Math.min(route.mtu, device.mtu) : device.mtu;
    half.generation = isKnown ? this.generation : -1;
    return isKnown ? undefined : 'neighbour';
  }

  /** The way back is the way the client's frame came, if that is the route's device. */
  learn(p: Packet, reply: Half): void {
    if (reply.device !== p.device) return;
    const frame = new Uint8Array(p.frame.buffer, p.frame.byteOffset, 12);
    reply.macs = { destination: frame.slice(6, 12), source: frame.slice(0, 6) };
    reply.generation = this.generation;
  }

  /** Was the frame sent to the router? */
  isForUs(p: Packet): boolean {
    const own = this.devices.get(p.device)?.mac;
    return own?.every((byte, i) => p.frame.getUint8(i) === byte) === true;
  }
}
