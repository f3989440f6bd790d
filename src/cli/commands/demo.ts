// SPDX-License-Identifier: MIT
// xlvs demo: the job shown at work on this machine, in network namespaces of its own.
import type { Command } from '../command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'builds client, router and servers in namespaces and shows NAT, persistence and marks',
  details: ['Takes about a minute and cleans up after itself. The exit status is 1 if anything it shows is not true.'],
  run: (world) => world.runDemo(),
};
