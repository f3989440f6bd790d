// SPDX-License-Identifier: MIT
// First match to longest match: flattens the marking rules of the file (the first rule that matches wins) into two
// levels of disjoint prefixes whose leaves hold the rules that can still match, in the file's order.
// Pure: what a trie is in the kernel is mark-maps.ts.
import type { MarkRule, PortRange, Protocol } from '../model/model.ts';
import { networkOf } from '../net/prefix.ts';

/** A destination network and the class of rules that cover it. */
export interface MarkNetwork {
  readonly network: string;
  readonly length: number;
  /** 1.. */
  readonly class: number;
}

/** A block of ports of a class: the first `length` bits of `port`. */
export interface MarkPorts {
  readonly class: number;
  readonly protocol: Protocol;
  readonly port: number;
  /** 0..16 */
  readonly length: number;
  readonly first: number;
  readonly count: number;
}

export interface MarkCandidate {
  /** `network/length`; undefined: any source */
  readonly source: string | undefined;
  readonly mark: number;
}

export interface CompiledMarks {
  readonly networks: readonly MarkNetwork[];
  readonly ports: readonly MarkPorts[];
  readonly candidates: readonly MarkCandidate[];
}

/** A range of ports as the fewest aligned blocks: at most 30. */
export function portBlocks(range: PortRange): { port: number; length: number }[] {
  const blocks = [];
  for (let port = range.first; port <= range.last; ) {
    let size = port === 0 ? 65536 : port & -port;
    while (port + size - 1 > range.last) size >>= 1;
    blocks.push({ port, length: 16 - Math.log2(size) });
    port += size;
  }
  return blocks;
}

/** Rules by destination network; a network's class is every rule of itself and of the networks around it. */
function rulesByNetwork(rules: readonly MarkRule[]): Map<string, number[]> {
  const byNetwork = new Map<string, number[]>();
  rules.forEach((rule, index) => {
    const own = byNetwork.get(rule.address);
    if (own) own.push(index);
    else byNetwork.set(rule.address, [index]);
  });
  return byNetwork;
}

function lengthsOf(networks: Iterable<string>): number[] {
  return [...new Set([...networks].map((network) => splitNetwork(network).length))];
}

function splitNetwork(network: string): { address: string; length: number } {
  const slash = network.lastIndexOf('/');
  return { address: network.slice(0, slash), length: Number(network.slice(slash + 1)) };
}

function coveringRules(network: string, byNetwork: Map<string, number[]>, lengths: readonly number[]): number[] {
  const { address, length } = splitNetwork(network);
  return lengths
    .filter((outer) => outer <= length)
    .flatMap((outer) => byNetwork.get(`${networkOf(address, outer)}/${outer}`) ?? [])
    .sort((a, b) => a - b);
}

/** Where the set of matching rules can change, in order. */
function portBoundaries(rules: readonly MarkRule[]): number[] {
  const starts = new Set<number>();
  for (const range of rules.flatMap((rule) => rule.ports)) {
    starts.add(range.first);
    if (range.last < 65535) starts.add(range.last + 1);
  }
  return [...starts].sort((a, b) => a - b);
}

/** The rules that can match this port, up to the first that asks for no source: nothing behind it is ever reached. */
function reachable(rules: readonly MarkRule[], port: number): MarkRule[] {
  const found: MarkRule[] = [];
  for (const rule of rules) {
    if (!rule.ports.some((range) => range.first <= port && port <= range.last)) continue;
    found.push(rule);
    if (rule.source === undefined) break;
  }
  return found;
}

const signature = (rules: readonly MarkRule[]): string => rules.map((r) => `${r.source ?? ''}>${r.mark}`).join(' ');

/** Disjoint port ranges with the rules each can meet; neighbours with the same rules are one. */
function flattenPorts(rules: readonly MarkRule[]): { range: PortRange; rules: MarkRule[] }[] {
  const boundaries = portBoundaries(rules);
  const flat: { range: PortRange; rules: MarkRule[] }[] = [];
  boundaries.forEach((first, i) => {
    const last = (boundaries[i + 1] ?? 65536) - 1;
    const found = reachable(rules, first);
    const before = flat.at(-1);
    if (before && before.range.last + 1 === first && signature(before.rules) === signature(found)) {
      flat[flat.length - 1] = { range: { first: before.range.first, last }, rules: found };
    } else {
      flat.push({ range: { first, last }, rules: found });
    }
  });
  return flat.filter((piece) => piece.rules.length > 0);
}

class Compiler {
  readonly networks: MarkNetwork[] = [];
  readonly ports: MarkPorts[] = [];
  readonly candidates: MarkCandidate[] = [];
  private readonly leaves = new Map<string, number>();
  private readonly classes = new Map<string, number>();

  add(network: string, rules: readonly MarkRule[], indexes: readonly number[]): void {
    const known = indexes.join();
    let id = this.classes.get(known);
    if (id === undefined) {
      id = this.classes.size + 1;
      this.classes.set(known, id);
      this.addClass(id, rules);
    }
    const { address, length } = splitNetwork(network);
    this.networks.push({ network: address, length, class: id });
  }

  private addClass(id: number, rules: readonly MarkRule[]): void {
    for (const protocol of new Set(rules.map((rule) => rule.protocol))) {
      for (const piece of flattenPorts(rules.filter((rule) => rule.protocol === protocol))) {
        const leaf = { first: this.leaf(piece.rules), count: piece.rules.length };
        for (const block of portBlocks(piece.range)) this.ports.push({ class: id, protocol, ...block, ...leaf });
      }
    }
  }

  /** Where these candidates stand; equal lists share a place. */
  private leaf(rules: readonly MarkRule[]): number {
    const key = signature(rules);
    const known = this.leaves.get(key);
    if (known !== undefined) return known;
    const first = this.candidates.length;
    for (const rule of rules) this.candidates.push({ source: rule.source, mark: rule.mark });
    this.leaves.set(key, first);
    return first;
  }
}

/** Compiles the rules. Throws RangeError on an address that is no prefix. */
export function compileMarks(rules: readonly MarkRule[]): CompiledMarks {
  const byNetwork = rulesByNetwork(rules);
  const lengths = lengthsOf(byNetwork.keys());
  const compiler = new Compiler();
  for (const network of byNetwork.keys()) {
    const indexes = coveringRules(network, byNetwork, lengths);
    compiler.add(
      network,
      indexes.map((i) => rules[i] as MarkRule),
      indexes,
    );
  }
  return compiler;
}
