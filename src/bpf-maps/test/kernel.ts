// SPDX-License-Identifier: MIT
// The shapes object in the running kernel, for tests of maps. Needs CAP_BPF and CAP_NET_ADMIN.
import { BpfObject } from 'libbpf-ts';
import { afterAll, beforeAll } from 'vitest';
import { shapesObject } from './shapes.ts';

/** Loads the object before the tests of a file and closes it after them. */
export function loadShapes(): () => BpfObject {
  let object: BpfObject;
  beforeAll(() => {
    object = BpfObject.open(shapesObject);
    object.load();
  });
  afterAll(() => object.close());
  return () => object;
}
