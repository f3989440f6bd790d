// SPDX-License-Identifier: MIT
// Prometheus's text format 0.0.4: HELP and TYPE once per metric, then its samples. Knows no metric by name.

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type MetricType = 'counter' | 'gauge';

/** A text this long is made into bytes: one that grew to megabytes would be flattened slowly. */
const CHUNK = 16_384;
/** UTF-8 needs at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Text that grows; one call of `metric` per name, samples follow it. */
export class Exposition {
  #bytes = Buffer.allocUnsafe(CHUNK * BYTES_PER_UNIT);
  #length = 0;
  #text = '';

  /** Starts a metric; every `sample` until the next call belongs to it. */
  metric(name: string, type: MetricType, help: string): (value: number | bigint, labels?: string) => void {
    this.#text += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    return (value, labels = '') => {
      this.#text += `${name}${labels} ${value}\n`;
      if (this.#text.length > CHUNK) this.#flush();
    };
  }

  /** All of it, in UTF-8. */
  toBuffer(): Buffer {
    this.#flush();
    return this.#bytes.subarray(0, this.#length);
  }

  #flush(): void {
    const needed = this.#length + this.#text.length * BYTES_PER_UNIT;
    if (needed > this.#bytes.length) this.#grow(needed * 2);
    this.#length += this.#bytes.write(this.#text, this.#length);
    this.#text = '';
  }

  #grow(size: number): void {
    const bytes = Buffer.allocUnsafe(size);
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }
}

/** `{a="x",b="y"}`; made once and used for every metric of the same thing. */
export function labelSet(labels: Readonly<Record<string, string | number>>): string {
  const pairs: string[] = [];
  for (const name in labels) pairs.push(`${name}="${escapeLabel(String(labels[name]))}"`);
  // join makes a flat string, which is cheaper to copy into each of its metrics than one that was added up.
  return pairs.length === 0 ? '' : ['{', pairs.join(','), '}'].join('');
}

const SPECIAL = /[\\"\n]/;

/** Hardly any value has something to escape: looked at first, that costs next to nothing. */
function escapeLabel(value: string): string {
  return SPECIAL.test(value) ? escapeHelp(value).replaceAll('"', '\\"') : value;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
