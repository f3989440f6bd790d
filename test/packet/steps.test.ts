// SPDX-License-Identifier: MIT
// bpf/steps.h: which program a packet is handed on to. Where that program is missing a packet is dropped, counted, and never
// sent halfway.
import { expect, test } from 'vitest';
import { carries } from './chunks.ts';
import { freshRouter, syn } from './conntrack-fixture.ts';
import { frames } from './conversation.ts';
import { fragmentsOf } from './fragments.ts';
import { ICMP, icmpError, packetOf } from './icmp-frame.ts';
import { dropped } from './outcome.ts';
import { at, CLIENT, FROM_GATEWAY, PRIVATE, PUBLIC, SERVER_1, VIP } from './roles.ts';
import { CUSTOMER, tagged } from './vlan-fixture.ts';

const router = freshRouter({ connections: 2 });
const f = frames();
const complaint = icmpError(
  { hop: FROM_GATEWAY, from: CLIENT, to: VIP, icmp: ICMP.portUnreachable },
  packetOf(f.returned()),
);
const fragment = fragmentsOf(f.request({ fragment: 0 }), [16])[1] as Uint8Array;
const open = (): unknown => router.receive(f.request(syn));

interface Step {
  /** enum step */
  readonly number: number;
  readonly before?: () => unknown;
  /** A packet that comes by this step. */
  readonly frame: Uint8Array;
  readonly from?: number;
  /** Why it is dropped where the step is missing. */
  readonly reason?: string;
}

const STEPS: Readonly<Record<string, Step>> = {
  attend: { number: 0, before: open, frame: f.request({ flags: 'FA' }) },
  admit: { number: 1, frame: f.request(syn) },
  reclaim: { number: 3, before: open, frame: f.request({ ...syn, from: at(CLIENT, 1) }) },
  icmp: { number: 4, frame: complaint },
  answer: { number: 5, frame: f.request({ ...syn, ttl: 1 }), reason: 'ttl_exceeded' },
  fragment: { number: 6, frame: fragment },
  admit_icmp: { number: 7, before: () => router.set({ scheduleIcmp: 1 }), frame: complaint },
  vlan: { number: 8, frame: tagged(f.request(), [[CUSTOMER, 1]]) },
  sctp: { number: 9, frame: f.request(carries('init')) },
  recover: { number: 10, before: () => router.set({ sloppyTcp: 1 }), frame: f.reply(), from: PRIVATE },
};

/** What becomes of the packet while the program of its step is not there. */
function missing(name: string, { number, frame, from = PUBLIC }: Step): unknown {
  const steps = router.object.map('steps');
  const key = new Uint8Array(Uint32Array.of(number).buffer);
  steps.delete(key);
  const outcome = router.receive(frame, from);
  steps.set(key, router.object.program(`xlvs_${name}`));
  return outcome;
}

test.each(Object.entries(STEPS))('%s', (name, step) => {
  router.addService({ servers: [SERVER_1] });
  step.before?.();
  const reason = step.reason ?? 'tuple_in_use';
  expect(missing(name, step)).toEqual(dropped(reason));
  expect(router.reasons).toEqual({ [reason]: 1 });
  expect(router.receive(step.frame, step.from)).not.toEqual(dropped(reason));
});

test('SCTP has the connections of a program of its own, be they new or known', () => {
  router.addService({ protocol: 'sctp', servers: [SERVER_1] });
  expect(router.receive(f.request(carries('init'))).action).toBe('forwarded');
  expect(missing('attend', { number: 0, frame: f.request(carries('cookieEcho')) })).toMatchObject({
    action: 'forwarded',
  });
});
