// SPDX-License-Identifier: MIT
// bpf/expiry.h: the real timer goes on when no process is left, and stays one however often it is started.

import { mkdirSync, rmSync } from 'node:fs';
import { BpfMap } from 'libbpf-ts';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { frames } from './conversation.ts';
import { EPOCH, isIpv6 } from './family.ts';
import { CLIENT, OTHER_CLIENT, SERVER_1 } from './roles.ts';
import { Router, ticks } from './router.ts';

describe('the timer', () => {
  const pins = `/sys/fs/bpf/xlvs-packet-test-${process.pid}`;
  afterAll(() => rmSync(pins, { recursive: true, force: true }));

  test('expires connections and persistence entries when nothing of the process is left but the pins', async () => {
    const orphan = Router.open();
    orphan.addService({ persistence: { ticks: ticks(60) }, servers: [SERVER_1] });
    for (const client of [CLIENT, OTHER_CLIENT]) orphan.receive(frames({ client }).request({ flags: 'S' }));
    mkdirSync(pins);
    // IPv4's timer walks the persistence entries of both families
    const table = isIpv6 ? 'connections6' : 'connections';
    const kept = [table, 'persistence', 'timers', 'mock_clocks', 'epochs'];
    for (const name of kept) orphan.object.map(name).pin(`${pins}/${name}`);
    expect(orphan.run('start_timer')).toBe(2);
    orphan.close();

    const [connections, persistence, , clocks] = kept.map((name) => BpfMap.openPin(`${pins}/${name}`)) as BpfMap[];
    const later = (ticks: number): void =>
      clocks?.set(new Uint8Array(4), new Uint8Array(new BigUint64Array([BigInt(ticks) << 26n]).buffer));
    const isEmpty = (map: BpfMap | undefined) =>
      vi.waitFor(() => expect(map?.nextKey()).toBeUndefined(), { timeout: 30_000, interval: 20 });
    later(2_000_000);
    await isEmpty(connections);
    later(3_000_000);
    if (!isIpv6) await isEmpty(persistence);
    for (const map of [connections, persistence, clocks]) map?.close();
  });

  test('may be started again: the running one goes on', async () => {
    const again = Router.open();
    expect([again.run('start_timer'), again.run('start_timer')]).toEqual([2, 2]);
    const slices = (): number => again.tables.epochs.get(EPOCH)?.slices ?? 0;
    const before = slices();
    await vi.waitFor(() => expect(slices()).toBeGreaterThan(before + 1), { timeout: 30_000, interval: 20 });
    again.close();
  });
});
