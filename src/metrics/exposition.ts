// SPDX-License-Identifier: MIT
// Prometheus's text format 0.0.4: HELP and TYPE once per metric, then its samples. Knows no metric by name.

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type MetricType = 'counter' | 'gauge';

/** Text that grows; one call of `metric` per name, samples follow it. */
export class Exposition {
  readonly #parts: string[] = [];

  /** Starts a metric; every `sample` until the next call belongs to it. */
  metric(name: string, type: MetricType, help: string): (value: number | bigint, labels?: string) => void {
    this.#parts.push(`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`);
    return (value, labels = '') => {
      this.#parts.push(`${name}${labels} ${value}\n`);
    };
  }

  toString(): string {
    return this.#parts.join('');
  }
}

/** `{a="x",b="y"}`; made once and used for every metric of the same thing. */
export function labelSet(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escapeLabel(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
