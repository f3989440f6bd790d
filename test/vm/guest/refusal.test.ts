// SPDX-License-Identifier: MIT
// A kernel that is too old is told so, by its version and by what xlvs needs, and nothing is changed.
import { release } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../../net/rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'refusal', servers: 1 });
});

afterAll(() => rig.destroy());

test('up is refused in one line', async () => {
  const { status, stderr } = await rig.tryXlvs(['up', '--config', rig.configFile]);
  console.log(`vm: refused ${stderr.trim()}`);
  expect(status).toBe(1);
  expect(stderr).toContain(release());
  expect(stderr).toMatch(/6\.1/);
  expect((await rig.tryXlvs(['status'])).status).toBe(1);
});
