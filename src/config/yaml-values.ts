// SPDX-License-Identifier: MIT
// Plain values (null-prototype objects, arrays, scalars) from YAML nodes, within bounds that an alias bomb cannot pass.
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { DEPTH_MAX, VALUES_MAX, YamlTooLarge } from './yaml-limits.ts';
import type { YamlNodes } from './yaml-nodes.ts';

/** The node's value; every use of an alias is a copy of its own. Throws YamlTooLarge. */
export function plainValue(root: Node | undefined, nodes: YamlNodes): unknown {
  let left = VALUES_MAX;
  const convert = (unresolved: unknown, depth: number): unknown => {
    if (--left < 0) throw new YamlTooLarge(`more than ${VALUES_MAX} values`);
    if (depth > DEPTH_MAX) throw new YamlTooLarge(`values nested deeper than ${DEPTH_MAX} levels`);
    const node = nodes.follow(unresolved);
    if (isSeq(node)) return node.items.map((item) => convert(item, depth + 1));
    if (!isMap(node)) return isScalar(node) ? scalar(node.value) : null;
    // No prototype: a key may be called __proto__.
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, entry] of nodes.entries(node)) object[key] = convert(entry.value, depth + 1);
    return object;
  };
  return convert(root, 0);
}

/** No -0: it would be another value than the 0 that it prints as. */
function scalar(value: unknown): unknown {
  return value === 0 ? 0 : value;
}
