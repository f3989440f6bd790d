// SPDX-License-Identifier: MIT
// The model's caps on new connections a second, and drop_packet. Each family counts for itself.
import type { Address } from './address.ts';

/** 15 ticks are a second. */
const WINDOW = 15;

export interface Limits {
  sourceLimit: number;
  serviceLimit: number;
  dropPacket: number;
  amDroprate: number;
}

class Rates<K> {
  readonly #counts = new Map<K, { window: number; count: number }>();

  /** One more of this key; whether that is more than so many in the window. */
  exceeds(key: K, window: number, limit: number): boolean {
    const counted = this.#counts.get(key);
    if (counted?.window === window) return ++counted.count > limit;
    this.#counts.set(key, { window, count: 1 });
    return limit < 1;
  }
}

export class DefenceModel {
  readonly #sources = new Rates<Address>();
  readonly #services = new Rates<number>();
  #admitted = 0;

  /** Why a new connection does not come to be, if so. */
  refuses(source: Address, service: number, limits: Limits, now: number): string | undefined {
    const window = Math.floor(now / WINDOW);
    const { sourceLimit, serviceLimit, dropPacket, amDroprate } = limits;
    if (sourceLimit > 0 && this.#sources.exceeds(source, window, sourceLimit)) return 'source_limit';
    if (serviceLimit > 0 && this.#services.exceeds(service, window, serviceLimit)) return 'service_limit';
    return dropPacket > 0 && ++this.#admitted % amDroprate === 0 ? 'on_purpose' : undefined;
  }
}
