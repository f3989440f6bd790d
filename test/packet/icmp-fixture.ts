// SPDX-License-Identifier: MIT
// Errors about packets of a connection, by whom on their way: quoted as they are there.
import type { Frames } from './conversation.ts';
import type { FrameFields } from './frame.ts';
import { icmpError } from './icmp-frame.ts';
import { type Endpoint, FROM_GATEWAY, fromServer, type Hop, toServer } from './roles.ts';

export type Icmp = FrameFields['icmp'];

export const ROUTER_BEHIND: Endpoint = { address: '203.0.113.1', port: 0 };
/** Somebody on the client's side complains to the VIP about a reply; what the server then gets. */
export const complaint = (f: Frames, quoted: Uint8Array, icmp: Icmp, more: Partial<FrameFields> = {}): Uint8Array =>
  icmpError({ hop: FROM_GATEWAY, from: ROUTER_BEHIND, to: f.vip, icmp, ...more }, quoted);
export const complaintToServer = (f: Frames, quoted: Uint8Array, icmp: Icmp, hop: Hop = toServer(f.server), ttl = 63) =>
  icmpError({ hop, from: ROUTER_BEHIND, to: f.server, icmp, ttl }, quoted);

/** Somebody on the servers' side complains to the client about a request; what the client then gets. */
export const refusal = (f: Frames, quoted: Uint8Array, icmp: Icmp, from: Endpoint = f.server): Uint8Array =>
  icmpError({ hop: fromServer(f.server), from, to: f.client, icmp }, quoted);
