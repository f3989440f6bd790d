// SPDX-License-Identifier: MIT
// One source of truth for layouts: src/abi is what bpf/abi.h says, and the program's own maps are laid out so.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareLayouts, layoutOf, parseBtf } from 'bpf-maps';
import { generate } from 'bpf-maps/generate';
import { BpfObject } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { SCHEDULERS } from '../../src/model/model.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('src/abi', () => {
  it('is what the generator writes from bpf/abi.h', () => {
    const object = BpfObject.open(join(ROOT, 'build/abi.bpf.o'));
    const files = generate(parseBtf(object.btf()), {});
    object.close();
    const written = new Map(
      readdirSync(join(ROOT, 'src/abi')).map((file) => [file, readFileSync(join(ROOT, 'src/abi', file), 'utf8')]),
    );
    expect([...written.keys()].filter((file) => file.endsWith('.ts')).sort()).toEqual([...files.keys()].sort());
    for (const [file, source] of files) expect(written.get(file), file).toBe(source);
  });

  it('lays out every map as the program does', () => {
    const object = BpfObject.open(join(ROOT, 'build/xlvs.bpf.o'));
    const btf = parseBtf(object.btf());
    object.close();
    for (const [name, { key, value }] of Object.entries(abi.maps)) {
      const types = btf.mapTypes(name);
      if (types === undefined) throw new Error(`the program has no map ${name}`);
      expect(compareLayouts(key.layout, layoutOf(btf, types.key)), `key of ${name}`).toBeUndefined();
      if (types.value) expect(compareLayouts(value.layout, layoutOf(btf, types.value)), name).toBeUndefined();
    }
  });

  it('has every scheduler of IPVS under its name', () => {
    for (const name of SCHEDULERS) expect(abi.Scheduler).toHaveProperty(name.toUpperCase());
  });

  it('keeps a connection in one cache line', () => {
    expect(abi.connectionCodec.size).toBe(64);
    expect(abi.flowKeyCodec.size).toBe(16);
  });
});
