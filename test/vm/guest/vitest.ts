// SPDX-License-Identifier: MIT
// Stands in for `vitest` where tests are bundled for a guest: vitest's own runner and matchers, without its server, which
// alone takes longer to start under emulation than most suites to run.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, suite, test } from '@vitest/runner';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

interface Patience {
  /** milliseconds */
  readonly timeout?: number;
  readonly interval?: number;
}

/** An emulated CPU is slow: what takes a second here may take twenty there. */
const SLOWNESS = 20;

async function until<T>(attempt: () => T | Promise<T>, { timeout = 1000, interval = 50 }: Patience): Promise<T> {
  const end = Date.now() + timeout * SLOWNESS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }
}

type Assertions = Record<string, (...args: unknown[]) => unknown>;

/** `expect.poll(fn).toBe(...)`: the matcher is tried again until it holds. */
function poll(read: () => unknown, patience: Patience = {}): unknown {
  return new Proxy(
    {},
    {
      get:
        (_, matcher: string) =>
        (...args: unknown[]) =>
          until(async () => (expect(await read()) as Assertions)[matcher]?.(...args), patience),
    },
  );
}

const expectBase = (value: unknown, message?: string): unknown => {
  return chai.expect(value, message);
};

export const expect: ((value: unknown, message?: string) => unknown) & { poll: typeof poll } = Object.assign(
  expectBase,
  chai.expect,
  (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
  { poll },
);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, configurable: true });
setState(
  { assertionCalls: 0, isExpectingAssertions: false, isExpectingAssertionsError: null } as never,
  expect as never,
);
(chai.expect as unknown as { extend(to: unknown, matchers: unknown): void }).extend(expect, customMatchers);

export const vi = { waitFor: until };
