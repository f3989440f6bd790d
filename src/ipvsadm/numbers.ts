// SPDX-License-Identifier: MIT
// Numbers as ipvsadm takes them, which is as C's strtol, atoi and inet_aton do: blanks and a sign may stand in front.

const DECIMAL = /^[ \t\n\v\f\r]*([+-]?\d+)$/;
const LEADING = /^[ \t\n\v\f\r]*([+-]?\d+)/;

/** A whole number in `min..max`, else `undefined`. */
export function wholeNumber(text: string, min: number, max: number): number | undefined {
  const digits = DECIMAL.exec(text)?.[1];
  const number = Number(digits ?? Number.NaN);
  return number >= min && number <= max ? number : undefined;
}

/** A firewall mark: 1..4294967295; a negative number is a large one, as for strtoul, and thus none. */
export function markNumber(text: string): number | undefined {
  const digits = DECIMAL.exec(text)?.[1];
  if (digits === undefined || digits.startsWith('-')) return undefined;
  const mark = BigInt(digits.replace('+', ''));
  return mark >= 1n && mark <= 0xffffffffn ? Number(mark) : undefined;
}

/** The number a text begins with, or 0; cut to 32 bits. */
export function leadingNumber(text: string): number {
  const digits = LEADING.exec(text)?.[1] ?? '0';
  return Number(BigInt.asIntN(32, BigInt(digits.replace('+', ''))));
}

const PART = /^(?:0[xX]([0-9a-fA-F]+)|0([0-7]*)|([1-9]\d*))$/;

function partValue(text: string): number | undefined {
  const match = PART.exec(text);
  if (!match) return undefined;
  const [, hexadecimal, octal, decimal] = match;
  if (hexadecimal !== undefined) return Number.parseInt(hexadecimal, 16);
  return octal === undefined ? Number(decimal) : Number.parseInt(octal || '0', 8);
}

/** An IPv4 address as inet_aton reads it: `10.1` is 10.0.0.1, a part may be octal or hexadecimal. */
export function inetAton(text: string): string | undefined {
  const parts = (text.split(/[ \t\n\v\f\r]/)[0] ?? '').split('.').map(partValue);
  if (parts.length > 4 || parts.includes(undefined)) return undefined;
  const numbers = parts as number[];
  const last = numbers.pop() as number;
  if (numbers.some((part) => part > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  const low = [24, 16, 8, 0].slice(numbers.length).map((shift) => Math.floor(last / 2 ** shift) % 256);
  return [...numbers, ...low].join('.');
}
