// SPDX-License-Identifier: MIT
// What the README shows is what happens.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate } from '../lib/generate.ts';
import { codecOf, mapLayouts } from '../lib/index.ts';
import { btfOf } from './compile.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language, text = '']) => ({ language, text }));
const c = blocks.find(({ language }) => language === 'c')?.text;
const btf = btfOf(`#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n${c}`);

test('the C example generates the interface shown', () => {
  const shown = blocks.find(({ text }) => text.includes('export interface FlowKey'))?.text ?? 'not shown';
  expect(generate(btf).get('structs.ts')).toContain(shown);
});

test('the first example has the values shown', () => {
  const { key, value } = mapLayouts(btf, 'flows');
  const view = new DataView(new ArrayBuffer(64));
  const flow = { packets: 0n, bytes: 0n, device: 'eth0' };
  codecOf(value).encode(flow, view, 0);
  expect(codecOf(value).decode(view, 0)).toEqual(flow);
  expect(() => codecOf(key).encode({ address: 0, port: 65616, protocol: 6 }, view, 0)).toThrow(
    'struct flow_key.port: 65616 is not an integer from 0 to 65535',
  );
});
