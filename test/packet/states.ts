// SPDX-License-Identifier: MIT
// Puts a connection into a state by hand, where the segments that lead there are not what a test is about.
import * as abi from '../../src/abi/index.ts';
import type { Frames } from './conversation.ts';
import type { Router } from './router.ts';

const ACTIVE = ['established', 'syn_sent', 'syn_recv', 'synack', 'sctp_established'];

/** Active for the schedulers, as IPVS counts. */
export const isActive = (state: string): boolean => ACTIVE.includes(state);

const numberOf = (state: string): number =>
  Number(Object.entries(abi.stateNames).find(([, name]) => name === state)?.[0]);

const withState = (word: number, state: number): number => ((word & 0xffff0000) | state) >>> 0;

/** The server's next segment may be what establishes them. */
const UNANSWERED = ['none', 'syn_recv', 'synack'];

/** Both halves as if last seen at `lastSeen`, and counted as that state is. The connection must be the server's only one. */
export function putInto(router: Router, f: Frames, state: string, lastSeen = router.now): void {
  const { forward, reply } = router.connection(f, state.startsWith('sctp_') ? 'sctp' : 'tcp');
  if (!forward || !reply) throw new Error('there is no such connection');
  router.tables.connections.set(forward.key, {
    ...forward,
    lastSeen,
    state: withState(forward.state, numberOf(state)),
  });
  const replyState = UNANSWERED.includes(state) ? abi.State.SYNACK : abi.State.REPLY;
  router.tables.connections.set(reply.key, { ...reply, lastSeen, state: withState(reply.state, replyState) });
  const active = isActive(state) ? 1 : 0;
  router.tables.serverLoads.set(forward.server, { active, inactive: 1 - active, overloaded: 0, reserved: 0 });
}
