// SPDX-License-Identifier: MIT
// What the data plane did with a frame, in a form that a test writes down and a failure prints readably.

import { IP_HEADER } from './family.ts';
import { PUBLIC } from './roles.ts';

const SEGMENT = 14 + IP_HEADER;

/** The frame in hex: Ethernet, IP header, the rest. */
export function hex(frame: Uint8Array): string {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  return [bytes.subarray(0, 14), bytes.subarray(14, SEGMENT), bytes.subarray(SEGMENT)]
    .map((b) => b.toString('hex'))
    .join(' ');
}

export interface Outcome {
  readonly action: 'forwarded' | 'passed' | 'dropped' | 'answered' | 'aborted';
  /** Reasons counted while the frame was handled; several if it was counted twice. */
  readonly reason?: string;
  /** Where a forwarded frame leaves. */
  readonly device?: number;
  /** In hex; of what is dropped nobody sees the bytes. */
  readonly frame?: string;
}

export const forwarded = (device: number, frame: Uint8Array): Outcome => ({
  action: 'forwarded',
  device,
  frame: hex(frame),
});
export const passed = (reason: string, frame: Uint8Array): Outcome => ({ action: 'passed', reason, frame: hex(frame) });
export const dropped = (reason: string): Outcome => ({ action: 'dropped', reason });
/** Dropped, and its sender is told: `frame` goes back where the dropped one came from. */
export const answered = (reason: string, frame: Uint8Array, device = PUBLIC): Outcome => ({
  action: 'answered',
  reason,
  device,
  frame: hex(frame),
});
