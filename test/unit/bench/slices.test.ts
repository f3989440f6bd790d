// SPDX-License-Identifier: MIT
// How long a timer's slices took, out of the kernel's trace.
import { expect, test } from 'vitest';
import { sliceTimes } from '../../bench/slices.ts';

const line = (cpu: number, seconds: string, what: string, timer: string, rest = ''): string =>
  `            node-77      [00${cpu}] ..s1.  ${seconds}: hrtimer_expire_${what}: hrtimer=${timer}${rest}`;
const BPF = ' function=bpf_timer_cb now=1000';

test('pairs the ends of a run by timer and CPU, and leaves other timers out', () => {
  const trace = [
    '# tracer: nop',
    line(0, '10.000100', 'exit', 'a'), // began before the trace
    line(0, '10.000200', 'entry', 'a', BPF),
    line(1, '10.000210', 'entry', 'b', BPF),
    line(0, '10.000215', 'entry', 't', ' function=tick_nohz_handler now=1'),
    line(0, '10.000217', 'exit', 't'),
    line(0, '10.000250', 'exit', 'a'),
    line(1, '10.000310', 'exit', 'b'),
    line(0, '10.000400', 'entry', 'a', BPF), // not over at the end
  ];
  expect(sliceTimes(trace.join('\n')).map(Math.round)).toEqual([50, 100]);
});
