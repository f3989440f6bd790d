// SPDX-License-Identifier: MIT
// Every method and function with arguments of all wrong kinds, by a seeded random choice. Anything may be thrown; nothing may
// be read or written out of bounds.
import * as library from '../../lib/index.ts';

type Callable = (...values: unknown[]) => unknown;

/** xorshift32: the same nonsense every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

// Would block, end the thread's other work, or send for real.
const leftOut = new Set(['constructor', 'load', 'ref']);

function methodsOf(instance: object): Callable[] {
  const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => !leftOut.has(name) && name !== 'close');
  const methods = names.map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.value);
  return methods.filter((method) => typeof method === 'function').map((method) => (method as Callable).bind(instance));
}

function statics(): Callable[] {
  const { BpfMap, BpfObject, Program, Link, FileLock, RingBuffer, NetlinkMonitor } = library;
  const construct =
    (Class: unknown): Callable =>
    (...values) =>
      new (Class as new (...values: unknown[]) => unknown)(...values);
  const classes = [BpfMap, BpfObject, Program, Link, FileLock, RingBuffer, NetlinkMonitor].map(construct);
  const { ifIndex, ifName, driverName, ethtoolFlags, xdpQuery, xdpFeatures, sendFrame, btfById } = library;
  const functions = [
    ifIndex,
    ifName,
    driverName,
    ethtoolFlags,
    xdpQuery,
    xdpFeatures,
    sendFrame,
    btfById,
  ] as Callable[];
  const { create, openId, openPin } = BpfMap;
  return [
    ...classes,
    ...functions,
    create,
    openId,
    openPin,
    BpfObject.open,
    Link.attachXdp,
    Program.openId,
  ] as Callable[];
}

const values = (object: library.BpfObject): unknown[] => [
  ...[undefined, null, true, -1, 0, 1, 4, 1.5, 2 ** 32, 2 ** 53, Number.NaN, 7n, '', 'slots', 'drop', 'any', '.rodata'],
  ...[
    '\0',
    'x'.repeat(5000),
    Symbol('s'),
    [],
    [1],
    {},
    () => {},
    new Date(),
    new ArrayBuffer(8),
    new DataView(new ArrayBuffer(8)),
  ],
  ...[0, 1, 4, 7, 8, 16, 64, 4096].map((length) => new Uint8Array(length)),
  ...[
    new Uint16Array(4),
    new Uint8ClampedArray(8),
    new Uint8Array(new SharedArrayBuffer(8)),
    Buffer.alloc(8).subarray(3),
  ],
  ...[object, object.map('endpoints'), object.map('steps'), object.program('drop')],
  ...[{ data: new Uint8Array(64), repeat: 3 }, { data: 1 }, { mode: 'generic' }, { readOnly: true }],
  { name: 'n', type: 'hash', keySize: 4, valueSize: 4, maxEntries: 4, inner: object.map('slots') },
];

export async function nonsense(file: string, calls: number): Promise<void> {
  const object = library.BpfObject.open(file);
  object.load();
  const unloaded = library.BpfObject.open(file);
  const subjects = [object, unloaded, object.map('slots'), object.map('tables'), object.program('decide')];
  const targets = [...subjects.flatMap(methodsOf), ...statics()];
  const choices = values(object);
  const pick = random(0x5eed);
  for (let i = 0; i < calls; i++) {
    const target = targets[pick(targets.length)] as Callable;
    const given = Array.from({ length: pick(5) }, () => choices[pick(choices.length)]);
    try {
      const result = target(...given) as { close?: () => void } | undefined;
      result?.close?.();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
  object.close();
  unloaded.close();
}
