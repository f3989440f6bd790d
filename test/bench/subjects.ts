// SPDX-License-Identifier: MIT
// Which rows stand together in a table and a chart of the report.
import type { Bar, Panel } from './chart.ts';
import type { Row } from './row.ts';

export interface Subject {
  /** of the chart's file: docs/bench-NAME.svg */
  readonly name: string;
  readonly title: string;
  /** first part of the measures */
  readonly measures: readonly string[];
}

export const SUBJECTS: readonly Subject[] = [
  { name: 'test-runs', title: 'One packet, in test runs', measures: ['established', 'syn'] },
  { name: 'end-to-end', title: 'End to end over veth', measures: ['e2e'] },
  { name: 'instructions', title: 'Instructions, beside kernel IPVS', measures: ['icount'] },
  { name: 'http', title: 'Short HTTP requests, a new connection each', measures: ['http'] },
  { name: 'upkeep', title: 'Upkeep', measures: ['apply', 'scrape', 'memory', 'verifier', 'reclaim', 'daemon'] },
];

const parts = (measure: string): string[] => measure.split('/');

export function rowsOf({ measures }: Subject, rows: readonly Row[]): Row[] {
  return rows.filter(({ measure }) => measures.includes(parts(measure)[0] as string));
}

export const digits = (value: number): string =>
  value >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

/** Rows of one unit and the same leading parts share a scale: `http/cpu/…`, `e2e/…/64k` apart from `e2e/…`. */
function panelOf({ measure, unit }: Row): string {
  const [first, ...rest] = parts(measure);
  if (first === 'http') return `${rest[0]}: ${unit}`;
  if (first === 'e2e' && rest.length > 1) return `with 65,536 flows: ${unit}`;
  if (first === 'icount') return `${rest[1] ?? 'established'}: ${unit}`;
  return unit;
}

function barOf({ measure, value }: Row): Bar {
  const [first, ...rest] = parts(measure);
  const label = first === 'http' ? rest.slice(1).join('/') : first === 'icount' || first === 'e2e' ? rest[0] : measure;
  const isPeer = (first === 'http' || first === 'icount' || first === 'e2e') && label !== 'xlvs';
  return { label: label ?? measure, value, text: digits(value), isOwn: !isPeer };
}

export function panelsOf(rows: readonly Row[]): Panel[] {
  const panels = new Map<string, Bar[]>();
  for (const row of rows) {
    const title = panelOf(row);
    panels.set(title, [...(panels.get(title) ?? []), barOf(row)]);
  }
  return [...panels].map(([title, bars]) => ({ title, bars }));
}
