// SPDX-License-Identifier: MIT
import { endianness } from 'node:os';
import { describe, expect, test } from 'vitest';
import { RtnetlinkChanges } from '../../../src/machine/rtnetlink-change.ts';

const NEWNEIGH = 28;
const DELNEIGH = 29;

const half = (value: number): number[] => (endianness() === 'LE' ? [value, 0] : [0, value]);

/** struct rtattr with its padding. */
const attribute = (type: number, value: readonly number[]): number[] => {
  const padding = new Array((4 - (value.length % 4)) % 4).fill(0);
  return [...half(value.length + 4), ...half(type), ...value, ...padding];
};

/** struct ndmsg; state and the attribute behind the MAC change from one probe to the next. */
const neighbour = (mac: number | undefined, { state = 2, ifindex = 3, host = 1 } = {}): Uint8Array => {
  const [low, high] = endianness() === 'LE' ? [half(ifindex), [0, 0]] : [[0, 0], half(ifindex)];
  return Uint8Array.from([
    ...[2, 0, 0, 0, ...low, ...high, ...half(state), 0, 1],
    ...attribute(1, [10, 0, 0, host]),
    ...(mac === undefined ? [] : attribute(2, [2, 0, 0, 0, 0, mac])),
    ...attribute(3, [state, 0, 0, 0]),
  ]);
};

describe('a notice of the kernel', () => {
  test.each([
    [16, 'link'],
    [17, 'link'],
    [20, 'address'],
    [21, 'address'],
    [24, 'route'],
    [25, 'route'],
    [32, 'route'],
    [33, 'route'],
    [104, 'route'],
    [105, 'route'],
    [36, undefined],
  ])('of type %i means a change of %s', (type, change) =>
    expect(new RtnetlinkChanges().of({ type, payload: new Uint8Array(0) })).toBe(change),
  );
});

describe('a notice about a neighbour', () => {
  const heard = (...notices: (readonly [type: number, payload: Uint8Array])[]) => {
    const changes = new RtnetlinkChanges();
    return notices.map(([type, payload]) => changes.of({ type, payload }));
  };

  test('counts when it is new, not when it is probed', () => {
    expect(heard([NEWNEIGH, neighbour(1)], [NEWNEIGH, neighbour(1, { state: 4 })])).toEqual(['neighbour', undefined]);
  });

  test('counts when the MAC is another, when there is none any more, and when it is back', () => {
    const notices = [1, 2, undefined, 2].map((mac) => [NEWNEIGH, neighbour(mac)] as const);
    expect(heard(...notices)).toEqual(['neighbour', 'neighbour', 'neighbour', 'neighbour']);
  });

  test('keeps neighbours apart by address and by device', () => {
    const notices = [{}, { host: 2 }, { ifindex: 4 }].map((where) => [NEWNEIGH, neighbour(1, where)] as const);
    expect(heard(...notices)).toEqual(['neighbour', 'neighbour', 'neighbour']);
  });

  test('counts when a known one goes, and when it comes again', () => {
    const notices = [
      [NEWNEIGH, neighbour(1)],
      [DELNEIGH, neighbour(1)],
      [DELNEIGH, neighbour(1)],
    ] as const;
    expect(heard(...notices, [NEWNEIGH, neighbour(1)])).toEqual(['neighbour', 'neighbour', undefined, 'neighbour']);
  });

  test('counts again after what was heard is forgotten', () => {
    const changes = new RtnetlinkChanges();
    const notice = { type: NEWNEIGH, payload: neighbour(1) };
    expect(changes.of(notice)).toBe('neighbour');
    changes.clear();
    expect(changes.of(notice)).toBe('neighbour');
  });

  test('that is cut short is ignored', () => {
    const whole = neighbour(1);
    const cut = Array.from({ length: 19 }, (_, length) => whole.subarray(0, length));
    expect(heard(...cut.map((payload) => [NEWNEIGH, payload] as const))).toEqual(cut.map(() => undefined));
  });
});
