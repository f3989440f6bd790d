// SPDX-License-Identifier: MIT
// The nodes of a YAML document with aliases followed and merge keys (`<<`) carried out; finds keys given twice. Makes no
// plain values.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { quote } from './path.ts';
import { repeats } from './repeats.ts';
import { VALUES_MAX, YamlTooLarge } from './yaml-limits.ts';

const NAME_SHOWN = 40;

/** A key and its value in a mapping, wherever the mapping got them from. */
export interface Entry {
  readonly key: Scalar;
  readonly value: Node | undefined;
}

/** Something wrong with a node that YAML's grammar allows. `offset` is in UTF-16 units from the file's start. */
export interface NodeFault {
  readonly offset: number;
  readonly found: string;
  readonly accepted: string;
}

export class YamlNodes {
  readonly faults: NodeFault[] = [];
  readonly #targets = new Map<Alias, Node>();
  readonly #entries = new Map<YAMLMap, ReadonlyMap<string, Entry>>();
  #mergesLeft = VALUES_MAX;

  constructor(document: Document) {
    this.#findTargets(document);
    this.#findRepeatedKeys(document);
  }

  /** The node meant: the anchored one for an alias. */
  follow(node: unknown): Node | undefined {
    if (isAlias(node)) return this.#targets.get(node);
    return (node ?? undefined) as Node | undefined;
  }

  /** A mapping's entries by key, merged ones after its own. Throws YamlTooLarge. */
  entries(map: YAMLMap): ReadonlyMap<string, Entry> {
    const known = this.#entries.get(map);
    if (known) return known;
    const entries = new Map<string, Entry>();
    // Set before merging: a mapping that merges itself then meets its own, unfinished entries and ends.
    this.#entries.set(map, entries);
    for (const { key, value } of map.items)
      if (isScalar(key) && !isMergeKey(key))
        entries.set(String(key.value), { key, value: (value ?? undefined) as Node | undefined });
    for (const { key, value } of map.items) if (isScalar(key) && isMergeKey(key)) this.#merge(entries, value);
    return entries;
  }

  #merge(entries: Map<string, Entry>, value: unknown): void {
    const target = this.follow(value);
    for (const source of isSeq(target) ? target.items : [value]) {
      const map = this.follow(source);
      if (isMap(map)) {
        const merged = this.entries(map);
        this.#mergesLeft -= merged.size + 1;
        if (this.#mergesLeft < 0) throw new YamlTooLarge(`merges (<<) of more than ${VALUES_MAX} values`);
        for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
      } else if (map) this.#fault(map, 'a merge (<<) of something else', 'a merge of a mapping: <<: *anchor');
    }
  }

  /** An alias means the last node before it that carries its anchor. */
  #findTargets(document: Document): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      Alias: (_, alias) => {
        const target = anchors.get(alias.source);
        if (target) this.#targets.set(alias, target);
        else
          this.#fault(alias, `the alias ${quote(alias.source, NAME_SHOWN)}`, 'an alias whose anchor stands before it');
      },
      Value: (_, node) => {
        if (node.anchor) anchors.set(node.anchor, node);
      },
    });
  }

  /** Not left to the parser, which compares each key with each other. */
  #findRepeatedKeys(document: Document): void {
    visit(document, {
      Map: (_, { items }) => {
        const keys = items.map(({ key }) => key).filter(isScalar);
        for (const { again } of repeats(keys, ({ value }) => String(value)))
          this.#fault(
            again,
            `the key ${quote(String(again.value), NAME_SHOWN)} a second time`,
            'each key once in a mapping',
          );
      },
    });
  }

  #fault(node: Node, found: string, accepted: string): void {
    this.faults.push({ offset: node.range?.[0] ?? 0, found, accepted });
  }
}

function isMergeKey(key: Scalar): boolean {
  return key.value === '<<' && key.type === 'PLAIN';
}
