// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { YamlSource } from '../../../src/config/yaml-source.ts';

const faultsOf = (text: string) =>
  new YamlSource(text).faults.map(({ line, column, found, accepted }) => `${line}:${column}: ${found} | ${accepted}`);

describe('positions', () => {
  const source = new YamlSource('a:\r\n  - b: 1\n    "c d": [2, 3]\nempty:\n');

  it('are of values, or of their keys', () => {
    expect(source.locate(['a', 0, 'b'])).toEqual({ line: 2, column: 8 });
    expect(source.locate(['a', 0, 'b'], 'key')).toEqual({ line: 2, column: 5 });
    expect(source.locate(['a', 0, 'c d', 1])).toEqual({ line: 3, column: 16 });
  });

  it('of what is missing are those of the nearest thing around it', () => {
    expect(source.locate(['a', 0, 'x'])).toEqual({ line: 2, column: 5 });
    expect(source.locate(['a', 7])).toEqual({ line: 2, column: 3 });
    expect(source.locate(['a', 0, 'b', 'deeper', 'still'])).toEqual({ line: 2, column: 8 });
    expect(source.locate(['empty'])).toMatchObject({ line: 4 });
    expect(new YamlSource('').locate(['x'])).toEqual({ line: 1, column: 1 });
  });
});

describe('descriptions', () => {
  const source = new YamlSource(
    'text: http\nnumber: 0x50\nyes: true\nnull: ~\nlist: [1]\nnone: []\nmap: {a: 1}\nrude: "a\\e[31m\\nb\\u202e"\n' +
      `long: ${'x'.repeat(100)}\n`,
  );

  it.each([
    ['text', '"http"'],
    ['number', '0x50'],
    ['yes', 'true'],
    ['null', 'nothing'],
    ['missing', 'nothing'],
    ['list', 'a list'],
    ['none', 'an empty list'],
    ['map', 'a mapping'],
    ['rude', String.raw`"a\u001b[31m\nb\u202e"`],
    ['long', `"${'x'.repeat(40)}…"`],
  ])('of %s', (key, expected) => expect(source.describe([key])).toBe(expected));
});

describe('faults', () => {
  it.each([
    ['a: [1, 2\nb: 3\n', '2:1: "b: 3" | valid YAML: Flow sequence'],
    ['a:\n\t- b\n', '2:1: "\\t- b" | valid YAML: Tabs are not allowed as indentation'],
    ['a: "b\n', '2:1: the end of a line or of the file | valid YAML: Missing closing "quote'],
    ['a: 1\n---\nb: 2\n', '2:1: "---" | valid YAML: Source contains multiple documents'],
    ['a: !color red\n', '1:4: "!color red" | valid YAML: Unresolved tag: !color'],
    ['a: *b\n', '1:4: the alias "b" | an alias whose anchor stands before it'],
    ['a: { <<: 5 }\n', '1:10: a merge (<<) of something else | a merge of a mapping: <<: *anchor'],
    ['{ [1]: 2 }\n', '1:3: "[1]: 2 }" | valid YAML: With stringKeys, all keys must be strings'],
  ])('%j', (text, expected) => expect(faultsOf(text)[0]).toContain(expected));

  it('name a key given twice and leave the rest to be checked', () => {
    const source = new YamlSource('a: 1\nb: 2\na: 3\n');
    expect(source.faults).toEqual([
      { line: 3, column: 1, found: 'the key "a" a second time', accepted: 'each key once in a mapping' },
    ]);
    expect(source.value).toMatchObject({ b: 2 });
  });

  it('of one key given twice in other quotes name the key', () => {
    expect(faultsOf('a b: 1\n"a b": 2\n')).toEqual([expect.stringContaining('2:1: the key "a b" a second time')]);
  });

  it('stand where they are, after others too', () => {
    const faults = faultsOf('a: [1] ,\n  - b: 1\n\n\n  { c: 1 }\n');
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['1', '2']);
  });

  it('leave no value when the structure is broken', () => {
    expect(new YamlSource('a: [1').value).toBeUndefined();
  });

  it('are one for each line', () => {
    const faults = faultsOf(`${'['.repeat(5000)}\n`);
    expect(faults.length).toBeGreaterThan(0);
    expect(new Set(faults.map((fault) => fault.split(':')[0])).size).toBe(faults.length);
  });
});
