// SPDX-License-Identifier: MIT
// IPv4 routes as lines that `ip route` both prints and takes, to put back those that went along with something else.
import { ip, tryIp } from './iproute.ts';

/** What the kernel notes about a route, which cannot be asked for. */
const NOTES = new Set(['linkdown', 'dead', 'offload', 'rt_offload', 'trap', 'rt_trap', 'pervasive', 'notify']);

/** Routes of all tables that somebody set; not those that come and go with addresses. */
export function routeLines(): string[] {
  const lines = ip(['-4', '-oneline', 'route', 'show', 'table', 'all']).split('\n');
  return lines.filter((line) => line.trim() !== '' && !/ proto kernel\b/.test(line)).map(withoutNotes);
}

function withoutNotes(line: string): string {
  const words = line.replaceAll('\\', ' ').split(/\s+/);
  return words.filter((word) => word !== '' && !NOTES.has(word)).join(' ');
}

/** Adds those that are missing now. One that the kernel refuses needed what went, and goes with it. */
export function putBackRoutes(lines: readonly string[]): void {
  const present = new Set(routeLines());
  for (const line of lines) if (!present.has(line)) tryIp(['-4', 'route', 'add', ...line.split(' ')]);
}
