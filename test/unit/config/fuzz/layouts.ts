// SPDX-License-Identifier: MIT
// The same values in other words: block or flow style, JSON, quotes, comments, order of keys, aliases, line ends.
import { Document, isMap, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { Random } from '../../../packet/random.ts';
import type { Tree } from './tree-mutations.ts';

/** The keys of every mapping in another order. */
function shuffled(tree: Tree, r: Random): Tree {
  if (Array.isArray(tree)) return tree.map((item) => shuffled(item, r));
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(([key, item]) => ({ key, item, rank: r.next() }));
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({ key, item }) => [key, shuffled(item, r)]));
}

/** Lists and mappings that say the same become the same one, which is then written once, with an anchor. */
function shared(tree: Tree, seen: Map<string, Tree>, isWanted: boolean): Tree {
  if (!isWanted || typeof tree !== 'object' || tree === null) return tree;
  const known = seen.get(JSON.stringify(tree));
  if (known !== undefined) return known;
  const made = Array.isArray(tree)
    ? tree.map((item) => shared(item, seen, true))
    : Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, shared(item, seen, true)]));
  seen.set(JSON.stringify(tree), made);
  return made;
}

function dress(document: Document, r: Random): void {
  visit(document, {
    Node: (_, node) => {
      if (isScalar(node) && typeof node.value === 'string' && (node.value === '<<' || r.oneIn(3)))
        node.type = r.oneIn(2) ? Scalar.QUOTE_DOUBLE : Scalar.QUOTE_SINGLE;
      if ((isMap(node) || isSeq(node)) && r.oneIn(3)) node.flow = true;
      if ((isMap(node) || isSeq(node)) && r.oneIn(6)) node.commentBefore = ' name: { no value';
    },
  });
}

function asYaml(tree: Tree, r: Random): string {
  const document = new Document(shared(shuffled(tree, r), new Map(), r.oneIn(2)));
  dress(document, r);
  const indent = 2 + r.below(3);
  // not narrower than 60: with 20 the library, which folds a quoted string deep inside, writes another text than it had
  return document.toString({ indent, lineWidth: r.pick([0, 60, 80]), flowCollectionPadding: r.oneIn(2) });
}

const asJson = (tree: Tree, r: Random): string => JSON.stringify(shuffled(tree, r), null, r.pick([0, 1, 4]));

/** A text that says `tree`. */
export function layOut(tree: Tree, r: Random): string {
  const text = r.oneIn(3) ? asJson(tree, r) : asYaml(tree, r);
  const begun = r.oneIn(4) ? `# a comment\n---\n${text}` : text;
  const ended = r.oneIn(4) ? `${begun}\n# the end` : begun;
  return r.oneIn(4) ? ended.replaceAll('\n', '\r\n') : ended;
}
