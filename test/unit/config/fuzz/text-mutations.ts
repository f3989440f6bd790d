// SPDX-License-Identifier: MIT
// A config file as text, spoilt: bytes, words and lines that users, or their editors, lose or put in the wrong place.
import type { Random } from '../../../packet/random.ts';

const TOKENS =
  '0 -1 65536 4294967296 1e309 0x50 .nan ~ null true any 10.0.0.1 10.0.0.0/8 ::1 2001:db8::/32 sctp mh 300s 5m [] {} [[]] {a:1} ' +
  '- : , [ ] { } " \' # & * &x *x *s <<: --- ... %YAML !!int !x | > \\ @ ` __proto__: constructor: name: mark: servers: services: port:';
const CHARACTERS = ['\t', '\n', '\r', '\r\n', '\u0000', '\u001b[2J', '\u0085', '\u2028', '\ud800', '\ufeff', '😀', 'ß'];
const PIECES = [...TOKENS.split(' '), ...CHARACTERS, 'x'.repeat(300)];

type Mutation = (text: string, r: Random) => string;

const splice = (text: string, at: number, length: number, piece: string) =>
  text.slice(0, at) + piece + text.slice(at + length);

const onLines =
  (change: (lines: string[], at: number, r: Random) => void): Mutation =>
  (text, r) => {
    const lines = text.split('\n');
    change(lines, r.below(lines.length), r);
    return lines.join('\n');
  };

const MUTATIONS: readonly Mutation[] = [
  (text, r) => splice(text, r.below(text.length + 1), r.below(4), ''),
  (text, r) => splice(text, r.below(text.length + 1), r.below(2), r.pick(PIECES)),
  (text, r) => splice(text, r.below(text.length + 1), 0, String.fromCharCode(r.below(256))),
  (text, r) => text.slice(0, r.below(text.length + 1)),
  (text, r) => {
    const words = [...text.matchAll(/[\w./-]+/g)];
    const word = words[r.below(Math.max(words.length, 1))];
    return word ? splice(text, word.index, word[0].length, r.pick(PIECES)) : text;
  },
  // What an editor of another system would save; what one without Unicode would.
  (text, r) => (r.oneIn(4) ? text.replaceAll('\n', '\r\n') : text),
  (text, r) => (r.oneIn(8) ? Buffer.from(text, 'utf16le').toString('latin1') : text),
  (text, r) => (r.oneIn(8) ? text.repeat(1 + r.below(20)) : text),
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  onLines((lines, at, r) => lines.splice(at, 1, `${' '.repeat(r.below(4))}${lines[at]}`)),
  onLines((lines, at, r) => lines.splice(r.below(lines.length), 0, ...lines.slice(at, at + 3))),
];

/** One to four things go wrong. */
export function spoilText(text: string, r: Random): string {
  let spoilt = text;
  for (let n = r.below(4) + 1; n > 0; n--) spoilt = r.pick(MUTATIONS)(spoilt, r);
  return spoilt;
}
