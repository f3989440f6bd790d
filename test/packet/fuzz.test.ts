// SPDX-License-Identifier: MIT
// A million seeded frames through the real program and through the model of it: same action, same bytes, same counts.
// XLVS_FUZZ_SEED and XLVS_FUZZ_FRAMES choose others.
import { afterAll, describe, expect, test } from 'vitest';
import { nextFrame, type Sent } from './fuzz/frames.ts';
import { World } from './fuzz/world.ts';
import { onesComplementSum, segmentChecksum } from './internet-checksum.ts';
import type { Expected } from './model/model.ts';
import { random } from './random.ts';
import { Router } from './router.ts';

const SEED = Number(process.env.XLVS_FUZZ_SEED ?? 20_240_229);
const FRAMES = Number(process.env.XLVS_FUZZ_FRAMES ?? 1_000_000);
const ACTIONS = { 1: 'dropped', 2: 'passed', 4: 'forwarded' } as const;
const IP = 14;

const router = Router.open({ connections: 32768, connectionRing: 65536 });
afterAll(() => router.close());

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

interface Seen {
  readonly action: string | undefined;
  readonly device: number;
  readonly bytes: Uint8Array;
}

function run({ bytes, device }: Sent): Seen {
  const { returnValue, data } = router.program(device).testRun({ data: bytes, dataOutSize: bytes.length });
  const action = ACTIONS[(returnValue & 255) as keyof typeof ACTIONS];
  return { action, device: returnValue >>> 8, bytes: data };
}

function isAsExpected(seen: Seen, expected: Expected): boolean {
  if (seen.action !== expected.action) return false;
  if (expected.action === 'dropped') return true;
  return seen.device === (expected.device ?? 0) && isSame(seen.bytes, expected.bytes as Uint8Array);
}

/** Sums the whole rewritten packet; a UDP checksum of 0 says that there is none. */
function hasRightChecksums(frame: Uint8Array): boolean {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const header = (view.getUint8(IP) & 15) * 4;
  const isUdp = view.getUint8(IP + 9) === 17;
  if (onesComplementSum(frame.subarray(IP, IP + header)) !== 0xffff) return false;
  if (isUdp && view.getUint16(IP + header + 6) === 0) return true;
  return segmentChecksum(frame.subarray(IP)) === 0;
}

function complain(index: number, sent: Sent, seen: Seen, expected: Expected): never {
  throw new Error(
    [
      `seed ${SEED}, frame ${index}, in on device ${sent.device}:`,
      `in       ${hex(sent.bytes)}`,
      `out      ${seen.action} ${seen.device} ${hex(seen.bytes)}`,
      `expected ${expected.action} ${expected.device ?? 0} ${hex(expected.bytes)} ${expected.reason ?? ''}`,
    ].join('\n'),
  );
}

describe(`seed ${SEED}, ${FRAMES} frames`, () => {
  const world = new World(router);
  const reasons: Record<string, number> = {};
  let forwarded = 0;

  test('every frame leaves, passes or is dropped as the model says, byte for byte', () => {
    const r = random(SEED);
    for (let index = 0; index < FRAMES; index++) {
      world.change(r);
      const sent = nextFrame(r, world.recent);
      const expected = world.model.receive(sent.bytes, sent.device);
      const seen = run(sent);
      if (!isAsExpected(seen, expected)) complain(index, sent, seen, expected);
      if (expected.reason) reasons[expected.reason] = (reasons[expected.reason] ?? 0) + 1;
      if (expected.action !== 'forwarded') continue;
      forwarded++;
      if (sent.isSound && !hasRightChecksums(seen.bytes)) complain(index, sent, seen, expected);
    }
    console.log(`seed ${SEED}: ${forwarded} of ${FRAMES} forwarded; ${JSON.stringify(reasons)}`);
  });

  test('each pass and drop was counted once, by the model’s reasons', () => {
    expect(router.reasons).toEqual(reasons);
  });

  test.runIf(FRAMES >= 1_000_000)('frames of every kind were among them', () => {
    expect(forwarded).toBeGreaterThan(FRAMES / 4);
    expect(Object.keys(reasons).sort()).toEqual(
      [
        ...[
          'not_ipv4',
          'vlan',
          'truncated',
          'malformed',
          'fragment',
          'protocol',
          'other_host',
          'no_service',
          'not_new',
        ],
        ...['ftp_data', 'no_server', 'unroutable_client', 'neighbour', 'too_big', 'ttl_exceeded', 'no_route'],
        ...['not_forwarding', 'no_neighbour', 'server_gone', 'tuple_in_use', 'foreign_device'],
      ].sort(),
    );
  });

  test('the servers’ counts of active and inactive connections are the model’s', () => {
    for (const { service } of world.services)
      for (const { name, active, inactive } of service.servers)
        expect(router.tables.serverLoads.get(name), `server ${name}`).toEqual({ active, inactive });
  });

  test('the same connections are left, and none when their time is up', () => {
    world.expire();
    expect(router.halves).toBe(world.model.flows.size);
    expect(router.tables.persistence.size).toBe(world.model.persistence.entries.size);
    for (let i = 0; i < 3; i++) {
      world.passTicks(20_000);
      world.expire();
    }
    expect(router.halves).toBe(0);
    expect(router.tables.persistence.size).toBe(0);
    for (const [, load] of router.tables.serverLoads.entries())
      if (load.active || load.inactive) expect(load).toEqual({ active: 0, inactive: 0 });
  });
});
