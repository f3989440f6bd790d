// SPDX-License-Identifier: MIT
// Which ports fragments have: those that the first of their datagram left behind, for half a minute.
import type { Packet } from './parse.ts';

/** 30 s in ticks. */
const LIFE = 447;

export class FragmentModel {
  readonly #ports = new Map<string, Pick<Packet, 'sourcePort' | 'destinationPort'> & { readonly seen: number }>();

  /** The packet with its ports; `undefined` for a fragment whose first was not seen. */
  follow(p: Packet, now: number): Packet | undefined {
    if (!p.fragment) return p;
    const key = [p.source, p.destination, p.protocol, p.fragment.id].join();
    const { sourcePort, destinationPort } = p;
    if (p.fragment.isFirst) {
      this.#ports.set(key, { sourcePort, destinationPort, seen: now });
      return p;
    }
    const known = this.#ports.get(key);
    return known && now - known.seen <= LIFE ? { ...p, ...known } : undefined;
  }
}
