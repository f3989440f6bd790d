// SPDX-License-Identifier: MIT
// What the tests of copies in front of the table begin with: one CPU, whose copies they are, and a flow that it has copies of.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { afterAll, beforeEach, expect } from 'vitest';
import type { Frames } from './conversation.ts';
import { forwarded } from './outcome.ts';
import { PRIVATE, PUBLIC } from './roles.ts';
import type { Router } from './router.ts';

/** Test runs of this process happen there from now on. */
export function moveTo(cpu: string): void {
  execFileSync('taskset', ['-p', '-c', cpu, String(process.pid)], { stdio: 'ignore' });
}

/** For the tests of a file: each begins on the first CPU. */
export function stayOnOneCpu(): void {
  beforeEach(() => moveTo('0'));
  afterAll(() => moveTo(`0-${cpus().length - 1}`));
}

/** One more packet each way: this CPU has copies of both halves. */
export function keep(router: Router, flow: Frames, protocol = {}): void {
  expect(router.receive(flow.request(protocol))).toEqual(forwarded(PRIVATE, flow.forwarded(protocol)));
  expect(router.receiveReply(flow.reply(protocol))).toEqual(forwarded(PUBLIC, flow.returned(protocol)));
}
