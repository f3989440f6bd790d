// SPDX-License-Identifier: MIT
// What all nouns have in common: filters, a table as text or an array as JSON. A noun says what its items are.
import type { DataPlane, Filter } from '../dataplane/data-plane.ts';
import { type Command, EXIT } from './command.ts';
import { filterOf, NOUN_OPTIONS } from './filter.ts';
import { jsonLines } from './json.ts';
import { writeLines } from './output.ts';
import { type Column, tableLines } from './text-table.ts';
import { withRouter } from './with-router.ts';

export interface Noun<T> {
  readonly name: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly columns: readonly Column[];
  items(router: DataPlane, filter: Filter): Iterable<T>;
  cells(item: T): readonly string[];
  json(item: T): unknown;
}

export function nounCommand<T>(noun: Noun<T>): Command {
  const { name, summary, details, columns } = noun;
  return {
    name,
    summary,
    details,
    options: NOUN_OPTIONS,
    run: (world, call) =>
      withRouter(world, call, (router) => {
        const items = noun.items(router, filterOf(call, router));
        const lines = call.options.json
          ? jsonLines(map(items, (item) => noun.json(item)))
          : tableLines(
              columns,
              map(items, (item) => noun.cells(item)),
            );
        writeLines(world.stdout, lines);
        return EXIT.done;
      }),
  };
}

function* map<T, U>(items: Iterable<T>, change: (item: T) => U): Generator<U> {
  for (const item of items) yield change(item);
}
