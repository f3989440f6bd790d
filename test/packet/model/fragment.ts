// SPDX-License-Identifier: MIT
// Which ports fragments have: those that the first of their datagram left behind, for half a minute. Without a connection they
// follow it to the server that one-packet scheduling gave it, for a second.
import type { Packet } from './parse.ts';
import type { Server, Service } from './scheduling.ts';

/** 30 s in ticks. */
const LIFE = 447;
/** 1 s. */
const LIFE_ONCE = 15;

type First = Pick<Packet, 'sourcePort' | 'destinationPort' | 'protocol'>;
/** Whom a datagram went to that no connection remembers. */
export interface Once {
  readonly service: Service;
  readonly server: Server;
}

export class FragmentModel {
  readonly #firsts = new Map<string, { readonly first: First; readonly seen: number; once?: Once }>();

  /** The packet with its ports; `undefined` for a fragment whose first was not seen. */
  follow(p: Packet, now: number): Packet | undefined {
    if (!p.fragment) return p;
    if (p.fragment.isFirst) {
      const { sourcePort, destinationPort, protocol } = p;
      this.#firsts.set(keyOf(p), { first: { sourcePort, destinationPort, protocol }, seen: now });
      return p;
    }
    const known = this.#firsts.get(keyOf(p));
    return known && now - known.seen <= LIFE ? { ...p, ...known.first } : undefined;
  }

  /** Where the others go if this is a first one. */
  sendOnce(p: Packet, once: Once): void {
    const known = this.#firsts.get(keyOf(p));
    if (p.fragment && known) known.once = once;
  }

  /** Where the first one of this one's datagram went. */
  sentOnce(p: Packet, now: number): Once | undefined {
    const known = this.#firsts.get(keyOf(p));
    return known && now - known.seen <= LIFE_ONCE ? known.once : undefined;
  }
}

/** IPv6's others do not say for sure of which protocol they are. */
const keyOf = ({ family, source, destination, protocol, fragment }: Packet): string =>
  [source, destination, family === 4 ? protocol : 0, fragment?.id].join();
