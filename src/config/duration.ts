// SPDX-License-Identifier: MIT
// Durations as a config file writes them: `300`, `300s`, `5m`, `1h`.

/** A non-negative whole number of seconds, minutes or hours. */
export const DURATION = /^(0|[1-9]\d{0,9})([smh]?)$/;

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** Seconds; `undefined` when the value is no duration. Ranges are the caller's. */
export function parseDuration(value: number | string): number | undefined {
  const match = DURATION.exec(String(value));
  if (!match) return undefined;
  return Number(match[1]) * (SECONDS[match[2] ?? ''] ?? 1);
}

/** Seconds as a config file writes them: `300s`. */
export function formatDuration(seconds: number): string {
  return `${seconds}s`;
}
