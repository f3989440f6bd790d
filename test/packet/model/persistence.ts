// SPDX-License-Identifier: MIT
// The model's persistence: who keeps which server, until when.
import { type Address, networkOf } from './address.ts';
import type { Server, Service } from './scheduling.ts';

/** 15 ticks. */
const SECOND = 15;

interface Entry {
  server: Server;
  timeout: number;
  lastUsed: number;
  /** Active connections it controls. */
  active: number;
}

export class PersistenceModel {
  readonly entries = new Map<string, Entry>();

  static key(client: Address, service: Service): string {
    const network = networkOf(client, service.prefix);
    return `${network}/${service.id}`;
  }

  /** While active connections hold it, each end of its time is a new start. */
  #rearm(entry: Entry, now: number): void {
    while (entry.active > 0 && now - entry.lastUsed > entry.timeout)
      entry.lastUsed += entry.timeout * Math.max(1, Math.floor((now - entry.lastUsed) / entry.timeout));
  }

  #isOver(entry: Entry, now: number): boolean {
    this.#rearm(entry, now);
    return entry.active === 0 && now - entry.lastUsed > entry.timeout;
  }

  find(key: string, now: number, isLeftWhenQuiesced: boolean): Server | undefined {
    const entry = this.entries.get(key);
    if (!entry || this.#isOver(entry, now) || !entry.server.live) return undefined;
    if (isLeftWhenQuiesced && entry.server.weight === 0) return undefined;
    entry.lastUsed = now;
    return entry.server;
  }

  keep(key: string, server: Server, timeout: number, now: number): void {
    const active = this.entries.get(key)?.active ?? 0;
    this.entries.set(key, { server, timeout, lastUsed: now, active });
  }

  /** A controlled connection became active (1) or ceased to be (-1). */
  hold(key: string, change: 1 | -1, now: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.#rearm(entry, now);
    entry.active = Math.max(0, entry.active + change);
  }

  /** The timer waits a second longer, so that nobody who found an entry alive is still at it. */
  expire(now: number, expireNodestConn: boolean): void {
    for (const [key, entry] of this.entries) {
      const isOver = this.#isOver(entry, now) && now - entry.lastUsed > entry.timeout + SECOND;
      const isLost = expireNodestConn && entry.active === 0 && !entry.server.live;
      if (isOver || isLost) this.entries.delete(key);
    }
  }
}
