// SPDX-License-Identifier: MIT
// A config file's text as YAML: its plain value, what is wrong with its syntax, and where each value stands. Knows no keys.
import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLError } from 'yaml';
import { LineIndex, type Position } from './line-index.ts';
import { type Path, quote } from './path.ts';
import { YamlTooLarge } from './yaml-limits.ts';
import { type NodeFault, YamlNodes } from './yaml-nodes.ts';
import { plainValue } from './yaml-values.ts';

/** A syntax problem at its place. */
export interface SyntaxFault extends Position {
  readonly found: string;
  readonly accepted: string;
}

const OPTIONS = {
  merge: true,
  stringKeys: true,
  uniqueKeys: false, // YamlNodes finds them.
  prettyErrors: false,
  resolveKnownTags: false,
  logLevel: 'error',
} as const;
const SHOWN = 40;

export class YamlSource {
  /** `undefined` when the syntax leaves nothing to go by */
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  readonly #lines: LineIndex;
  readonly #nodes: YamlNodes | undefined;
  readonly #root: Node | undefined;

  /** Never throws: what cannot be read is in `faults`. */
  constructor(text: string) {
    this.#lines = new LineIndex(text);
    try {
      const document = parseDocument(text, OPTIONS);
      this.#nodes = new YamlNodes(document);
      this.#root = document.contents ?? undefined;
      const errors = [...document.errors, ...document.warnings];
      // After a broken structure everything else would be guessed; a key given twice breaks none.
      if (errors.length === 0) this.value = plainValue(this.#root, this.#nodes);
      this.faults = onePerLine(
        [...errors.map((e) => faultOf(e, text)), ...this.#nodes.faults].map((f) => this.#place(f)),
      );
    } catch (error) {
      this.faults = [{ line: 1, column: 1, ...unreadable(error) }];
    }
  }

  /** Where the value stands, or its key; for what is not there, the nearest thing around it. */
  locate(path: Path, part: 'value' | 'key' = 'value'): Position {
    const { key, value, parent } = this.#find(path);
    const node = part === 'key' ? (key ?? value ?? parent) : (value ?? key ?? parent);
    return this.#lines.position(node?.range?.[0] ?? 0);
  }

  /** What stands there, in words or as written, safe to print. */
  describe(path: Path): string {
    const node = this.#find(path).value;
    if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list';
    if (isMap(node)) return 'a mapping';
    if (!isScalar(node) || node.value === null) return 'nothing';
    if (typeof node.value === 'string') return quote(node.value, SHOWN);
    return quote(node.source ?? String(node.value), SHOWN).slice(1, -1);
  }

  #find(path: Path): { key?: Node; value?: Node; parent?: Node } {
    let found: { key?: Node; value?: Node; parent?: Node } = this.#root ? { value: this.#root } : {};
    for (const step of path) {
      const parent = found.value;
      if (!parent) return found.parent ? { parent: found.parent } : found;
      found = { parent, ...this.#child(parent, step) };
    }
    return found;
  }

  #child(parent: Node, step: string | number): { key?: Node; value?: Node } {
    if (isSeq(parent)) return optionalValue(this.#nodes?.follow(parent.items[Number(step)]));
    const entry = isMap(parent) ? this.#nodes?.entries(parent).get(String(step)) : undefined;
    return entry ? { key: entry.key, ...optionalValue(this.#nodes?.follow(entry.value)) } : {};
  }

  #place(fault: NodeFault): SyntaxFault {
    return { ...this.#lines.position(fault.offset), found: fault.found, accepted: fault.accepted };
  }
}

function optionalValue(value: Node | undefined): { value?: Node } {
  return value ? { value } : {};
}

function faultOf(error: YAMLError, text: string): NodeFault {
  const [offset, end] = error.pos;
  const line = /^[^\r\n]*/.exec(text.slice(offset, offset + 200))?.[0] ?? '';
  const found = quote(line.slice(0, Math.max(end - offset, SHOWN)).trimEnd(), SHOWN);
  return {
    offset,
    found: line.trim() ? found : 'the end of a line or of the file',
    accepted: `valid YAML: ${oneLine(error.message)}`,
  };
}

/** One slip makes the parser stumble several times in a line; the first says it. */
function onePerLine(faults: readonly SyntaxFault[]): readonly SyntaxFault[] {
  const seen = new Map<number, SyntaxFault>();
  for (const fault of faults) if (!seen.has(fault.line)) seen.set(fault.line, fault);
  return [...seen.values()];
}

function unreadable(error: unknown): { found: string; accepted: string } {
  if (error instanceof YamlTooLarge) return { found: error.message, accepted: 'a smaller file, with fewer aliases' };
  return { found: `a file the YAML parser gives up on (${oneLine(String(error))})`, accepted: 'valid YAML' };
}

function oneLine(text: string): string {
  return quote(text, 160).slice(1, -1).replaceAll('\\"', '"');
}
