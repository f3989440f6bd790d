// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { usageText } from '../../../src/ipvsadm/help.ts';
import { OPTIONS } from '../../../src/ipvsadm/options.ts';

/** Of direct routing, tunnels and the sync daemon, which are refused. */
const REFUSED = /^(gatewaying|ipip|tun-(?!info)|mcast-|sync|start-daemon|stop-daemon|pe$)/;

test('-h names every option that does something, by both of its names, and no others', () => {
  const text = usageText().join('\n');
  const named = new Set([...text.matchAll(/(?<![\w-])--([a-z]+(?:-[a-z]+)*6?)/g)].map(([, long]) => long));
  const useful = OPTIONS.filter(({ long }) => !REFUSED.test(long));
  expect([...named].sort()).toEqual([...new Set(useful.map(({ long }) => long))].sort());
  for (const { short } of useful) if (short) expect(text).toMatch(new RegExp(`(?<![\\w-])-${short}\\b`));
});
