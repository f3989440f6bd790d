// SPDX-License-Identifier: MIT
// The test projects, from no privileges (unit) to namespaces and real clients (net).
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const alias = [
  { find: /^libbpf-ts$/, replacement: here('native/lib/index.ts') },
  { find: /^bpf-maps$/, replacement: here('src/bpf-maps/lib/index.ts') },
  { find: /^bpf-maps\/generate$/, replacement: here('src/bpf-maps/lib/generate.ts') },
];

const project = (name: string, include: string[], testTimeout: number, exclude: string[] = []) => ({
  resolve: { alias },
  test: {
    name,
    include,
    exclude,
    testTimeout,
    hookTimeout: 120_000,
    fileParallelism: name !== 'native' && name !== 'contract',
    pool: 'forks' as const,
  },
});

/** The same packet tests for IPv6, but for those of what IPv4 alone has, and the fuzz test, which runs both families at once. */
const ipv6 = (packet: ReturnType<typeof project>) => ({
  ...packet,
  test: {
    ...packet.test,
    env: { XLVS_FAMILY: '6' },
    exclude: ['test/packet/{checksum,ipv4,front,front-keep,fuzz}.test.ts'],
  },
});

/** Most of a net test is waiting, and a packet test's the verifier's work: two at a time take little more than half the time on two CPUs. */
const WORKERS = Math.max(2, availableParallelism() - 1);

export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'src/bpf-maps/test/**/*.test.ts'], 20_000),
      project('native', ['native/test/**/*.test.ts'], 60_000),
      project('contract', ['test/contract/**/*.test.ts'], 120_000),
      project('packet', ['test/packet/**/*.test.ts'], 300_000, ['test/packet/ipv6.test.ts']),
      ipv6(project('packet6', ['test/packet/**/*.test.ts'], 300_000)),
      project('net', ['test/net/**/*.test.ts'], 300_000),
    ],
  },
});
