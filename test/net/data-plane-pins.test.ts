// SPDX-License-Identifier: MIT
// The pins of the kernel data plane: what a loader does with those it finds, and which ones are refused, by name.
import { appendFileSync, copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BpfMap } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { blocks, setsPerBlock } from '../../src/dataplane/front-blocks.ts';
import { KernelDataPlane } from '../../src/dataplane/kernel-data-plane.ts';
import { loadRouter } from '../../src/dataplane/loader.ts';
import { ipv6ObjectFile } from '../../src/dataplane/objects.ts';
import { pinPaths } from '../../src/dataplane/pins.ts';
import { DataPlaneFixture, OBJECT, server, TABLES, web } from './data-plane-fixture.ts';

let router: KernelDataPlane;
const fixture = DataPlaneFixture.forEachTest((started) => {
  router = started;
});

describe('pins', () => {
  it('of the same object are used again, of another one upgraded; what they hold stays', () => {
    router.change({ putServices: [web([server(1)])] });
    expect(fixture.load()).toBe('reused');
    const other = join(fixture.directory, 'other.bpf.o');
    copyFileSync(OBJECT, other);
    copyFileSync(ipv6ObjectFile(OBJECT), ipv6ObjectFile(other));
    appendFileSync(other, '\0');
    rmSync(fixture.otherProgram);
    expect(fixture.load(other)).toBe('upgraded');
    expect(router.state().services).toEqual([web([server(1)])]);
  });

  it('whose expiry timer has ended get a new one', async () => {
    const timers = BpfMap.openPin(pinPaths.map(fixture.pins, 'timers'));
    timers.set(new Uint8Array(4), new Uint8Array(timers.info.valueSize)); // the kernel cancels a timer that is written over
    timers.close();
    await sleep(2_500);
    const { slices } = router.maps.epochs.get(0) as abi.Epoch;
    expect(fixture.load()).toBe('upgraded');
    await expect.poll(() => router.maps.epochs.get(0)?.slices).toBeGreaterThan(slices);
  });

  it('with tables of another size are refused by name', () => {
    expect(() => fixture.load(OBJECT, { ...TABLES, connections: 8192 })).toThrow(
      'tables.connections is 8192 in the file, but 4096 in the running data plane',
    );
  });

  it('have as many copies as the file says, shared out among the CPUs, and no others later', () => {
    const { front_sets, settings } = router.maps;
    const running = () => [front_sets.capacity, settings.get(0)?.frontSets];
    expect(running()).toEqual([blocks() * setsPerBlock(TABLES.connections), setsPerBlock(TABLES.connections)]);
    expect(() => fixture.load(OBJECT, { ...TABLES, copies: 100 })).toThrow(
      /^tables\.copies is 100 in the file, but \d+ in/,
    );
    expect(fixture.load(OBJECT, { ...TABLES, copies: TABLES.connections })).toBe('reused');
  });

  it.each([
    [0, 1, 0],
    [1, blocks(), 1],
    [1001, blocks() * setsPerBlock(1001), setsPerBlock(1001)],
  ])('made for %i copies have room for them', (copies, capacity, sets) => {
    fixture.stop();
    const own = fixture.start({ ...TABLES, copies });
    expect([own.maps.front_sets.capacity, own.maps.settings.get(0)?.frontSets]).toEqual([capacity, sets]);
    expect(own.otherTables({ ...TABLES, copies })).toEqual([]);
    expect(own.otherTables({ ...TABLES, copies: copies + 5000 })).toMatchObject([
      { name: 'copies', wanted: copies + 5000 },
    ]);
  });

  it('of another layout are refused by the name of the field', () => {
    const path = pinPaths.map(fixture.pins, 'server_loads');
    rmSync(path);
    const { key, value } = abi.maps.ring_cursors;
    const strange = router.maps.ring_cursors.map;
    expect([key.size, value.size]).toEqual([4, 16]);
    strange.pin(path);
    expect(() => KernelDataPlane.open(fixture.pins)).toThrow(
      /pinned map server_loads is of another version of xlvs: .*ring_cursor/,
    );
  });

  it('are not left behind where the kernel refuses the program', () => {
    const pins = `${fixture.pins}-refused`;
    expect(() => loadRouter(pins, OBJECT, { ...TABLES, connections: 2 ** 30 })).toThrow(
      'the kernel refused the data plane',
    );
    expect(existsSync(pins)).toBe(false);
  });

  it('that are not there are said to be missing, with the cure', () => {
    expect(() => KernelDataPlane.open(`${fixture.pins}-none`)).toThrow(`no xlvs router under ${fixture.pins}-none`);
  });
});
