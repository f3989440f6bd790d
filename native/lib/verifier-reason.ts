// SPDX-License-Identifier: MIT
// Finds the line of a load log that says why; knows the form of the log, not the meaning of its words.

const programLog = /prog '([^']*)': -- BEGIN PROG LOAD LOG --\n([\s\S]*?)-- END PROG LOAD LOG --/;

const epilogue = [/^\s*$/, /^processed \d+ insns/, /^verification time/, /^stack depth/];
// Instructions, states, source lines: what the verifier went through before it came to its verdict.
const steps = [/^\d+: /, /^; /, /^from \d+/, /^mark_precise/, /^(func#|R\d)\S*=/, /^last_idx/, /^(parent|regs=)/];

// The verdict is at the end, on one line or a few.
const verdictLines = 3;

/**
 * The decisive part of what libbpf printed while a load failed, on one line: the verifier's verdict with the program's
 * name, or else libbpf's first complaint. `undefined` for a log that has neither.
 */
export function verifierReason(log: string): string | undefined {
  const found = programLog.exec(log);
  if (!found) return libbpfReason(log);
  const [, program = '', text = ''] = found;
  const verdict = verdictOf(text);
  return verdict === '' ? libbpfReason(log) : `program ${program}: ${verdict}`;
}

function verdictOf(text: string): string {
  const lines = text.split('\n').filter((line) => !epilogue.some((form) => form.test(line)));
  const trace = lines.findLastIndex((line) => steps.some((form) => form.test(line)));
  const verdict = lines.slice(trace + 1).map((line) => line.trim());
  return verdict.slice(-verdictLines).join('; ');
}

function libbpfReason(log: string): string | undefined {
  const first = log.split('\n').find((line) => line.startsWith('libbpf: '));
  return first?.slice('libbpf: '.length).trim();
}
