// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { type CompiledMarks, compileMarks, portBlocks } from '../../../src/dataplane/mark-compiler.ts';
import type { MarkRule, PortRange, Protocol } from '../../../src/model/model.ts';
import { prefixContains } from '../../../src/net/prefix.ts';

interface Probe {
  readonly protocol: Protocol;
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

/** What the file says: the first rule that matches. */
function firstMatch(rules: readonly MarkRule[], probe: Probe): number {
  const rule = rules.find(
    (one) =>
      one.protocol === probe.protocol &&
      prefixContains(one.address, probe.destination) &&
      one.ports.some(({ first, last }) => first <= probe.port && probe.port <= last) &&
      (one.source === undefined || prefixContains(one.source, probe.source)),
  );
  return rule?.mark ?? 0;
}

/** What the kernel does with the compiled rules: two longest-prefix matches, then the candidates in order. */
function lookUp({ networks, ports, candidates }: CompiledMarks, probe: Probe): number {
  const network = networks
    .filter((one) => prefixContains(`${one.network}/${one.length}`, probe.destination))
    .sort((a, b) => b.length - a.length)[0];
  const block = ports
    .filter((one) => one.class === network?.class && one.protocol === probe.protocol)
    .filter((one) => one.port >>> (16 - one.length) === probe.port >>> (16 - one.length))
    .sort((a, b) => b.length - a.length)[0];
  const found = candidates
    .slice(block?.first ?? 0, (block?.first ?? 0) + (block?.count ?? 0))
    .find((one) => one.source === undefined || prefixContains(one.source, probe.source));
  return found?.mark ?? 0;
}

/** A small repeatable generator (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const NETWORKS = ['192.0.2.10/32', '192.0.2.11/32', '192.0.2.8/29', '192.0.2.0/28', '192.0.2.0/24', '0.0.0.0/0'];
const SOURCES = [undefined, undefined, '198.51.100.0/24', '198.51.100.7/32', '198.51.0.0/16'];
const EDGES = [0, 1, 20, 21, 79, 80, 81, 443, 9999, 10000, 20000, 20001, 32767, 32768, 65534, 65535];

function randomRules(random: (below: number) => number): MarkRule[] {
  const range = (): PortRange => {
    const ends = [EDGES[random(EDGES.length)] as number, EDGES[random(EDGES.length)] as number].sort((a, b) => a - b);
    return { first: ends[0] as number, last: ends[1] as number };
  };
  return Array.from({ length: 1 + random(12) }, (_, i) => {
    const source = SOURCES[random(SOURCES.length)];
    return {
      mark: i + 1,
      protocol: random(3) === 0 ? 'udp' : 'tcp',
      address: NETWORKS[random(NETWORKS.length)] as string,
      ports: Array.from({ length: 1 + random(2) }, range),
      ...(source !== undefined && { source }),
    };
  });
}

const PROBE_ADDRESSES = ['192.0.2.10', '192.0.2.11', '192.0.2.9', '192.0.2.3', '192.0.2.200', '203.0.113.1'];
const PROBE_SOURCES = ['198.51.100.7', '198.51.100.8', '198.51.7.7', '203.0.113.9'];

describe('compiled marking rules', () => {
  it('give every packet the mark of the first rule of the file that matches it', () => {
    const random = randomFrom(20260801);
    for (let round = 0; round < 300; round++) {
      const rules = randomRules(random);
      const compiled = compileMarks(rules);
      for (let i = 0; i < 40; i++) {
        const probe: Probe = {
          protocol: random(2) === 0 ? 'udp' : 'tcp',
          source: PROBE_SOURCES[random(PROBE_SOURCES.length)] as string,
          destination: PROBE_ADDRESSES[random(PROBE_ADDRESSES.length)] as string,
          port: EDGES[random(EDGES.length)] as number,
        };
        expect(lookUp(compiled, probe), JSON.stringify({ rules, probe })).toBe(firstMatch(rules, probe));
      }
    }
  });

  it('have port blocks that do not overlap within a class and protocol', () => {
    const { ports } = compileMarks(randomRules(randomFrom(7)));
    for (const block of ports) {
      const others = ports.filter(
        (one) => one !== block && one.class === block.class && one.protocol === block.protocol,
      );
      const last = (one: typeof block): number => one.port + 2 ** (16 - one.length) - 1;
      expect(others.filter((one) => one.port <= last(block) && block.port <= last(one))).toEqual([]);
    }
  });

  it('compile no rules to nothing', () => {
    const { networks, ports, candidates } = compileMarks([]);
    expect({ networks, ports, candidates }).toEqual({ networks: [], ports: [], candidates: [] });
  });
});

describe('a range of ports as aligned blocks', () => {
  it.each([
    [{ first: 0, last: 65535 }, [{ port: 0, length: 0 }]],
    [{ first: 80, last: 80 }, [{ port: 80, length: 16 }]],
    [{ first: 80, last: 83 }, [{ port: 80, length: 14 }]],
    [
      { first: 0, last: 2 },
      [
        { port: 0, length: 15 },
        { port: 2, length: 16 },
      ],
    ],
  ])('%j', (range, blocks) => {
    expect(portBlocks(range)).toEqual(blocks);
  });

  it('needs no more than 30 of them, for the worst range', () => {
    expect(portBlocks({ first: 1, last: 65534 })).toHaveLength(30);
  });
});
