// SPDX-License-Identifier: MIT
// Which way the arrows point: rooms import downward only, one room knows the abi, one loads the addon.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** What each room may import. `bpf-maps` and `libbpf-ts` are packages, the rest rooms of src/. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  net: [],
  model: ['net'],
  lab: [],
  config: ['model', 'net'],
  abi: ['bpf-maps'],
  dataplane: ['abi', 'model', 'net', 'bpf-maps', 'libbpf-ts'],
  machine: ['model', 'net', 'libbpf-ts'],
  control: ['dataplane', 'machine', 'model', 'net', 'libbpf-ts'],
  metrics: ['control', 'dataplane', 'model', 'net'],
  daemon: ['metrics', 'control', 'config', 'dataplane', 'machine', 'model', 'net'],
  ipvsadm: ['control', 'config', 'dataplane', 'model', 'net'],
  demo: ['lab'],
  cli: [
    'ipvsadm',
    'daemon',
    'metrics',
    'control',
    'config',
    'dataplane',
    'machine',
    'model',
    'net',
    'demo',
    'libbpf-ts',
  ],
  'bpf-maps': ['libbpf-ts'],
};

const IMPORT = /^(?:import|export)[^'"]*?from '([^']+)'|import\('([^']+)'\)/gm;

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The rooms and packages of ours that a file imports, its own room left out. */
function importsOf(file: string, room: string): string[] {
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, one, other]) => one ?? other ?? '');
  return found.flatMap((target) => {
    if (target === 'libbpf-ts' || target.startsWith('bpf-maps')) return [target.split('/')[0] as string];
    if (!target.startsWith('.')) return [];
    const [to = ''] = relative(join(ROOT, 'src'), join(dirname(file), target)).split('/');
    return to === room ? [] : [to];
  });
}

const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe('imports', () => {
  it('know every room of src', () => {
    expect([...rooms].sort()).toEqual(Object.keys(ALLOWED).sort());
  });

  it.each(rooms)('%s imports only what lies below it', (room) => {
    const directory = room === 'bpf-maps' ? join(ROOT, 'src/bpf-maps/lib') : join(ROOT, 'src', room);
    const wrong = sources(directory).flatMap((file) =>
      importsOf(file, room)
        .filter((to) => !ALLOWED[room]?.includes(to))
        .map((to) => `${relative(ROOT, file)} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('load the compiled addon in native alone', () => {
    const loaders = sources(join(ROOT, 'src')).filter((file) => /\.node['"`]/.test(readFileSync(file, 'utf8')));
    expect(loaders.map((file) => relative(ROOT, file))).toEqual([]);
  });

  it('let bpf/ include nothing outside itself and system headers', () => {
    const bpf = join(ROOT, 'bpf');
    const files = readdirSync(bpf).filter((file) => /\.[ch]$/.test(file));
    const includes = files.flatMap((file) =>
      [...readFileSync(join(bpf, file), 'utf8').matchAll(/^#include "(.+)"/gm)].map(([, name]) => `${file}: ${name}`),
    );
    expect(includes.filter((include) => !files.includes(include.split(': ')[1] as string))).toEqual([]);
  });

  it('keep load balancing out of the packages for others', () => {
    const words = /\b(lvs|ipvs|xlvs|load.?balanc\w*|real server|virtual server|backend|vip)\b/i;
    const files = [...sources(join(ROOT, 'native')), ...sources(join(ROOT, 'src/bpf-maps'))];
    const found = files.filter((file) => words.test(readFileSync(file, 'utf8')));
    expect(found.map((file) => relative(ROOT, file))).toEqual([]);
  });
});
