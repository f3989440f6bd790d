// SPDX-License-Identifier: MIT
// What marking rules mean together, and with the services. The rules' order is the file's: the first that matches wins.
import { PORT_MAX, type PortRange, parsePortRanges } from '../net/port-range.ts';
import { canonicalPrefix, parsePrefix } from '../net/prefix.ts';
import { type Draft, type DraftMark, present } from './draft.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';

export function checkMarks(draft: Draft, report: Report): void {
  const rules = present(draft.marks);
  for (const [i, rule] of rules) {
    checkFamilies(['marks', i], rule, report);
    for (const key of ['address', 'source'] as const) checkHostBits(['marks', i, key], rule[key], report);
  }
  checkReach(rules, report);
  checkUse(draft, rules, report);
}

function checkFamilies(path: Path, { address, source }: DraftMark, report: Report): void {
  const family = address === undefined ? undefined : parsePrefix(address)?.family;
  const other = source === undefined ? undefined : parsePrefix(source)?.family;
  if (!family || !other || family === other) return;
  report.error([...path, 'source'], { because: `the rule's address is ${family}`, accepted: `an ${family} prefix` });
}

function checkHostBits(path: Path, text: string | undefined, report: Report): void {
  const prefix = text === undefined ? undefined : parsePrefix(text);
  if (!text || !prefix) return;
  const network = canonicalPrefix(text);
  if (network !== `${prefix.address}/${prefix.length}`)
    report.warn(path, { because: 'it has bits beyond its length', accepted: `${network}, which is what is used` });
}

/** Warns of a rule that earlier rules for the same addresses leave no port. */
function checkReach(rules: readonly [number, DraftMark][], report: Report): void {
  const groups = new Map<string, [number, readonly PortRange[]][]>();
  for (const [i, rule] of rules) {
    const ranges = rule.ports?.every((item) => item !== undefined)
      ? parsePortRanges(rule.ports as string[])
      : undefined;
    if (!ranges || !rule.protocol || !rule.address) continue;
    const source = rule.source ? canonicalPrefix(rule.source) : '';
    const key = [rule.protocol, canonicalPrefix(rule.address), source].join(' ');
    const group = groups.get(key);
    if (group) group.push([i, ranges]);
    else groups.set(key, [[i, ranges]]);
  }
  for (const group of groups.values()) if (group.length > 1) checkReachOfGroup(group, report);
}

function checkReachOfGroup(rules: readonly [number, readonly PortRange[]][], report: Report): void {
  const taken = new Uint8Array(PORT_MAX + 1);
  for (const [i, ranges] of rules) {
    if (!ranges.some(({ first, last }) => taken.subarray(first, last + 1).includes(0)))
      report.warn(['marks', i, 'ports'], {
        because: 'earlier rules for the same addresses take all of them, so this rule never matches',
        accepted: 'each port in one rule',
      });
    for (const { first, last } of ranges) taken.fill(1, first, last + 1);
  }
}

/** Warns of marks that only one side knows. */
function checkUse(draft: Draft, rules: readonly [number, DraftMark][], report: Report): void {
  const services = present(draft.services);
  const set = new Set(rules.map(([, { mark }]) => mark));
  const used = new Set(services.map(([, { mark }]) => mark));
  for (const [i, { mark }] of services)
    if (mark !== undefined && !set.has(mark))
      report.warn(['services', i, 'mark'], {
        because: 'no rule sets this mark',
        accepted: 'a mark that a rule under marks sets',
      });
  for (const [i, { mark }] of rules)
    if (mark !== undefined && !used.has(mark))
      report.warn(['marks', i, 'mark'], {
        because: 'no service has this mark',
        accepted: 'a mark that a service under services has',
      });
}
