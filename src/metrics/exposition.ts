// SPDX-License-Identifier: MIT
// Prometheus's text format 0.0.4: HELP and TYPE once per metric, then its samples. Knows no metric by name.

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type MetricType = 'counter' | 'gauge';

/** `{a="x",b="y"}` in UTF-8. */
export type LabelSet = Uint8Array;

export type Sample = (value: number | bigint, labels?: LabelSet) => void;

const CHUNK = 1 << 20;
/** More than any number has, with what stands before and behind it. */
const NUMBER_BYTES = 64;
const NO_LABELS: LabelSet = new Uint8Array();
const SPACE = 0x20;
const NEWLINE = 0x0a;

/**
 * Text that grows; one call of `metric` per name, samples follow it. Bytes from the start: of a text of megabytes, names and labels
 * are copied into each line, and strings would be put together anew.
 */
export class Exposition {
  readonly #full: Uint8Array[] = [];
  #chunk = Buffer.allocUnsafe(CHUNK);
  #length = 0;

  /** Starts a metric; every `sample` until the next call belongs to it. */
  metric(name: string, type: MetricType, help: string): Sample {
    const head = Buffer.from(`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`);
    this.#reserve(head.length);
    this.#put(head);
    const start = Buffer.from(name);
    return (value, labels = NO_LABELS) => {
      this.#reserve(start.length + labels.length + NUMBER_BYTES);
      this.#put(start);
      this.#put(labels);
      this.#putNumber(value);
    };
  }

  /** All of it, in UTF-8, piece by piece. */
  chunks(): readonly Uint8Array[] {
    return [...this.#full, this.#chunk.subarray(0, this.#length)];
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#chunk.length) return;
    this.#full.push(this.#chunk.subarray(0, this.#length));
    this.#chunk = Buffer.allocUnsafe(Math.max(CHUNK, bytes));
    this.#length = 0;
  }

  #put(bytes: Uint8Array): void {
    this.#chunk.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #putNumber(value: number | bigint): void {
    // most counters fit a number, whose digits cost a quarter of a bigint's
    const digits = String(typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value);
    let at = this.#length;
    this.#chunk[at++] = SPACE;
    for (let i = 0; i < digits.length; i++) this.#chunk[at++] = digits.charCodeAt(i);
    this.#chunk[at++] = NEWLINE;
    this.#length = at;
  }
}

/** Made once and used for every metric of the same thing. */
export function labelSet(labels: Readonly<Record<string, string | number>>): LabelSet {
  let text = '';
  for (const name in labels) text += `${text === '' ? '{' : ','}${name}="${escapeLabel(String(labels[name]))}"`;
  return Buffer.from(text === '' ? '' : `${text}}`);
}

const SPECIAL = /[\\"\n]/;

/** Hardly any value has something to escape: looked at first, that costs next to nothing. */
function escapeLabel(value: string): string {
  return SPECIAL.test(value) ? escapeHelp(value).replaceAll('"', '\\"') : value;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
