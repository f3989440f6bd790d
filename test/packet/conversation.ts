// SPDX-License-Identifier: MIT
// The four frames of every test: what a client sends, what its server gets, what the server answers, what the client
// gets. Each has the addresses and MACs of its place on the way; `fields` changes the rest.
import { type FrameFields, frame } from './frame.ts';
import type { Endpoint } from './roles.ts';
import { CLIENT, FROM_GATEWAY, fromServer, SERVER_1, TO_GATEWAY, toServer, VIP } from './roles.ts';

type Fields = Partial<FrameFields>;

/** One client's connection through the router. */
export interface Conversation {
  readonly client?: Endpoint;
  readonly vip?: Endpoint;
  readonly server?: Endpoint;
}

/** The frames of one connection. TTLs are what each sender or the router sends: 64 before it, 63 behind. */
export class Frames {
  readonly client: Endpoint;
  readonly vip: Endpoint;
  readonly server: Endpoint;

  constructor({ client = CLIENT, vip = VIP, server = SERVER_1 }: Conversation = {}) {
    this.client = client;
    this.vip = vip;
    this.server = server;
  }

  /** client → VIP, as it arrives. */
  request(fields: Fields = {}): Uint8Array {
    return frame({ hop: FROM_GATEWAY, from: this.client, to: this.vip, ...fields });
  }

  /** client → server, as it leaves. */
  forwarded(fields: Fields = {}): Uint8Array {
    return frame({ hop: toServer(this.server), from: this.client, to: this.server, ttl: 63, ...fields });
  }

  /** client → server, handed to the kernel: not a hop older, MACs as they came. */
  handedOver(fields: Fields = {}): Uint8Array {
    return frame({ hop: FROM_GATEWAY, from: this.client, to: this.server, ...fields });
  }

  /** server → client, as it arrives. */
  reply(fields: Fields = {}): Uint8Array {
    return frame({ hop: fromServer(this.server), from: this.server, to: this.client, ...fields });
  }

  /** VIP → client, as it leaves. */
  returned(fields: Fields = {}): Uint8Array {
    return frame({ hop: TO_GATEWAY, from: this.vip, to: this.client, ttl: 63, ...fields });
  }
}

export const frames = (conversation: Conversation = {}): Frames => new Frames(conversation);
