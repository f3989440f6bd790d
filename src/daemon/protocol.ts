// SPDX-License-Identifier: MIT
// What is said over the daemon's socket: one JSON line each way, then the connection ends.

/** `who` asks only for the pid. */
export interface Request {
  readonly request: 'reload' | 'who';
}

export interface Answer {
  readonly pid: number;
  /** `refused`: the old config stays in force */
  readonly verdict: 'applied' | 'refused' | 'here';
  /** what changed, or why not; one line each */
  readonly lines: readonly string[];
}

/** Longer requests are refused: nobody sends one. */
export const REQUEST_LIMIT = 1024;

export function encode(message: Request | Answer): string {
  return `${JSON.stringify(message)}\n`;
}

/** `undefined` when the line is no request. */
export function decodeRequest(line: string): Request | undefined {
  const value = parse(line);
  return value?.request === 'reload' || value?.request === 'who' ? { request: value.request } : undefined;
}

/** `undefined` when the line is no answer. */
export function decodeAnswer(line: string): Answer | undefined {
  const value = parse(line);
  const isAnswer = typeof value?.pid === 'number' && typeof value.verdict === 'string' && Array.isArray(value.lines);
  return isAnswer ? (value as unknown as Answer) : undefined;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
