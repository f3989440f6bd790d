// SPDX-License-Identifier: MIT
// A session with kernel IPVS, every error of ipvsadm in it, line by line and byte by byte.
import { expect, test } from 'vitest';
import { fakeIpvsadm, golden } from './fake-ipvsadm.ts';

interface Step {
  readonly line: string;
  readonly output: string;
  readonly status: number;
}

/** `$ ipvsadm ARGS`, what it printed, `rc=N`. */
function steps(transcript: string): Step[] {
  return transcript
    .split('$ ipvsadm ')
    .slice(1)
    .map((step) => {
      const [line = '', ...rest] = step.split('\n');
      const end = rest.findIndex((one) => one.startsWith('rc='));
      return {
        line,
        output: rest
          .slice(0, end)
          .map((one) => `${one}\n`)
          .join(''),
        status: Number(rest[end]?.slice(3)),
      };
    });
}

/** What xlvs does not have, and what it says instead. */
const NO_DAEMON = { output: 'xlvs has no sync daemon (--start-daemon)\n', status: 255 };
const DIFFERENT: Readonly<Record<string, Pick<Step, 'output' | 'status'>>> = {
  '--start-daemon master --mcast-interface vc --syncid 1': NO_DAEMON,
  '--start-daemon backup --mcast-interface vc --syncid 2': NO_DAEMON,
  '--start-daemon backup --mcast-interface vc': NO_DAEMON,
  '--start-daemon master': NO_DAEMON,
  '--start-daemon master --mcast-interface nodev0': NO_DAEMON,
  '-L --daemon': { output: '', status: 0 },
  '--stop-daemon master': { output: 'No daemon is running\n', status: 255 },
  '--stop-daemon backup': { output: 'No daemon is running\n', status: 255 },
};

/** The session began with connections of an earlier one. */
const withoutConnections = (output: string): string =>
  output.replace(/(\d {2,}\d {2,})\d{2}( +)$/gm, (_, head: string, tail: string) => `${head}0 ${tail}`);

test('every error and exit status is that of ipvsadm with kernel IPVS', async () => {
  const { run } = fakeIpvsadm();
  const session = steps(golden('errors.transcript'));
  expect(session.length).toBeGreaterThan(60);
  for (const step of session) {
    const { out, err, status } = await run(step.line);
    const expected = DIFFERENT[step.line] ?? { output: withoutConnections(step.output), status: step.status };
    expect({ line: step.line, output: out + err, status }).toEqual({ line: step.line, ...expected });
  }
});
