// SPDX-License-Identifier: MIT
// Service ids: small numbers that connections and persistence entries refer to. A deleted service keeps its id while
// they do, and gets it back if the same service is added again.
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';

interface RegistryData {
  /** id by service key text, deleted services included */
  ids: Record<string, number>;
  nextId: number;
  memberCursor: number;
}

const CURE =
  'remove services first, in a change of its own: an id is free 3 s later, once no connection or persistence entry is left';

export class Registry {
  private readonly ids: Map<string, number>;
  private readonly used: Set<number>;
  private nextId: number;
  memberCursor: number;

  private constructor(data: RegistryData) {
    this.ids = new Map(Object.entries(data.ids));
    this.used = new Set(this.ids.values());
    this.nextId = data.nextId;
    this.memberCursor = data.memberCursor;
  }

  static parse(text: string | undefined): Registry {
    return new Registry(
      text === undefined ? { ids: {}, nextId: 1, memberCursor: 0 } : (JSON.parse(text) as RegistryData),
    );
  }

  toString(): string {
    const data: RegistryData = {
      ids: Object.fromEntries(this.ids),
      nextId: this.nextId,
      memberCursor: this.memberCursor,
    };
    return JSON.stringify(data);
  }

  /** Key texts by id, those of deleted services included. */
  get keyTexts(): Map<number, string> {
    return new Map([...this.ids].map(([text, id]) => [id, text]));
  }

  /** The service's id; a new one if it never had any. Throws XlvsError when all are in use. */
  idOf(keyText: string): number {
    const known = this.ids.get(keyText);
    if (known !== undefined) return known;
    const id = this.freeId();
    this.ids.set(keyText, id);
    this.used.add(id);
    return id;
  }

  /** Whether each of these has an id or can be given one. */
  hasRoomFor(keyTexts: Iterable<string>): boolean {
    const strangers = [...new Set(keyTexts)].filter((text) => !this.ids.has(text));
    return this.used.size + strangers.length < abi.LIMIT_SERVICES;
  }

  /** Ids go round, so that an id rests before it serves another service. */
  private freeId(): number {
    for (let tried = 1; tried < abi.LIMIT_SERVICES; tried++) {
      const id = this.nextId;
      this.nextId = id + 1 < abi.LIMIT_SERVICES ? id + 1 : 1;
      if (!this.used.has(id)) return id;
    }
    throw new XlvsError('full', `all ${abi.LIMIT_SERVICES - 1} service ids are in use`, CURE);
  }

  /** Forgets deleted services whose ids nothing refers to any more; returns those ids. */
  prune(isReferred: (id: number, keyText: string) => boolean): number[] {
    const forgotten: number[] = [];
    for (const [key, id] of this.ids) {
      if (isReferred(id, key)) continue;
      this.ids.delete(key);
      this.used.delete(id);
      forgotten.push(id);
    }
    return forgotten;
  }
}
