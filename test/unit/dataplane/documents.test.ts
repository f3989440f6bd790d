// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { readDocument, writeDocument } from '../../../src/dataplane/documents.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';
import { random } from '../../packet/random.ts';

type Documents = Parameters<typeof readDocument>[0];
type Key = { document: number; chunk: number };
type Chunk = { used: number; bytes: Uint8Array };

/** The map without a kernel, and its chunks for whoever damages them. */
function documents(): { map: Documents; chunks: Map<string, Chunk> } {
  const chunks = new Map<string, Chunk>();
  const name = ({ document, chunk }: Key) => `${document}/${chunk}`;
  const map = {
    get: (key: Key) => chunks.get(name(key)),
    set: (key: Key, value: Chunk) => void chunks.set(name(key), value),
    delete: (key: Key) => chunks.delete(name(key)),
  };
  return { map: map as unknown as Documents, chunks };
}

/** Text that hardly shrinks: several chunks. */
function longText(seed: number): string {
  const r = random(seed);
  return Array.from({ length: 20_000 }, () => String.fromCharCode(32 + r.below(900))).join('');
}

describe('a document', () => {
  test.each(['', '{}', 'ü😀', longText(1)])('is read as it was written: %#', (text) => {
    const { map } = documents();
    expect(readDocument(map, 'applied')).toBeUndefined();
    for (const written of [longText(2), text, text]) {
      writeDocument(map, 'applied', written);
      expect(readDocument(map, 'applied')).toBe(written);
    }
    expect(readDocument(map, 'file')).toBeUndefined();
  });

  test('leaves no chunk of the one before', () => {
    const { map, chunks } = documents();
    writeDocument(map, 'applied', 'short');
    const { size } = chunks;
    writeDocument(map, 'applied', longText(1));
    writeDocument(map, 'applied', 'short');
    expect(chunks.size).toBe(size);
  });

  test('that is damaged is absent, some text, or an error with a cure', () => {
    const r = random(3);
    let errors = 0;
    for (let i = 0; i < 400; i++) {
      const { map, chunks } = documents();
      writeDocument(map, 'applied', longText(1 + r.below(3)));
      damage(chunks, r);
      try {
        readDocument(map, 'applied');
      } catch (error) {
        if (!(error instanceof XlvsError) || !error.hint) throw error;
        errors++;
      }
    }
    expect(errors).toBeGreaterThan(100);
  });
});

function damage(chunks: Map<string, Chunk>, r: ReturnType<typeof random>): void {
  const name = r.pick([...chunks.keys()]);
  const { used, bytes } = chunks.get(name) as Chunk;
  if (r.oneIn(4)) chunks.delete(name);
  else if (r.oneIn(3)) chunks.set(name, { used: r.below(2 * used), bytes });
  else bytes[r.below(used)] = r.below(256);
}
