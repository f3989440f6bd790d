// SPDX-License-Identifier: MIT
import { describe, expect, test } from 'vitest';
import { LabProcess } from '../../../src/lab/lab-process.ts';

const shell = (script: string): LabProcess => new LabProcess(['sh', '-c', script]);

describe('a lab process', () => {
  test('keeps what it printed and its exit status', async () => {
    const running = shell('echo out; echo err >&2; exit 3');
    expect(await running.exited).toEqual({ status: 3, signal: undefined });
    expect([running.stdout, running.stderr]).toEqual(['out\n', 'err\n']);
  });

  test('is waited for until it says something, on either stream', async () => {
    const running = shell('echo starting; echo listening >&2; exec sleep 60');
    await running.says('listening');
    expect(await running.stop()).toEqual({ status: undefined, signal: 'SIGTERM' });
  });

  test('that ends without having said it is an error with its output', async () => {
    await expect(shell('echo no such port >&2; exit 1').says('ready')).rejects.toThrow(
      /without saying 'ready'.*no such port/,
    );
  });

  test('that says nothing in time is an error', async () => {
    const running = shell('exec sleep 60');
    await expect(running.says('ready', 50)).rejects.toThrow(/did not say 'ready' in 50 ms/);
    await running.stop();
  });

  test('whose command does not exist ends as in a shell, with status 127', async () => {
    const running = new LabProcess(['/does/not/exist']);
    expect(await running.exited).toEqual({ status: 127, signal: undefined });
    expect(running.stderr).toMatch(/ENOENT/);
  });

  test('reads its input to the end', async () => {
    const running = new LabProcess(['cat'], { input: 'over the wire' });
    await running.exited;
    expect(running.stdout).toBe('over the wire');
  });
});
