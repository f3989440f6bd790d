// SPDX-License-Identifier: MIT
// The log: lines for people on a terminal, JSON otherwise. No worker threads: a line is written when it is logged.
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `descriptor`: 1 (stdout) or 2 (stderr). */
export function createLog(level: LogLevel, descriptor: 1 | 2, isTerminal: boolean): Logger {
  const stream = isTerminal
    ? pretty({
        destination: descriptor,
        sync: true,
        colorize: true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss',
      })
    : pino.destination({ dest: descriptor, sync: true });
  return pino({ level, base: { pid: process.pid } }, stream);
}
