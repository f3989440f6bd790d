// SPDX-License-Identifier: MIT
// Counters in listings: nine characters, shortened from 100 million on, unless the exact number is asked for.

const SCALES = [
  { below: 10n ** 9n, unit: 10n ** 3n, letter: 'K' },
  { below: 10n ** 11n, unit: 10n ** 6n, letter: 'M' },
  { below: 10n ** 14n, unit: 10n ** 9n, letter: 'G' },
] as const;
const TERA = { unit: 10n ** 12n, letter: 'T' } as const;

/** `isExact`: never shortened; a long one gets one blank in front. */
export function largeNumber(count: bigint, isExact: boolean): string {
  if (isExact || count < 10n ** 8n) {
    const digits = String(count);
    return digits.padStart(Math.max(9, digits.length + 1));
  }
  const { unit, letter } = SCALES.find(({ below }) => count < below) ?? TERA;
  return `${String(count / unit).padStart(8)}${letter}`;
}
