// SPDX-License-Identifier: MIT
// From words to options as popt, ipvsadm's parser, reads them: `-tX`, `-t=X`, `-t X`, `-Lnc`, `--long=X`, `--long X`; what
// is no option is left over.
import { OPTIONS, type Option } from './options.ts';

export interface Scanned {
  readonly option: Option;
  readonly value: string | undefined;
  /** the word it stood in, or that of its argument */
  readonly word: string;
}

/** The word at fault and why. */
export interface ScanError {
  readonly error: string;
}

const LONG = new Map(OPTIONS.map((option) => [option.long, option] as const));
const SHORT = new Map(OPTIONS.flatMap((option) => (option.short ? [[option.short, option] as const] : [])));

export class OptionScanner {
  readonly #words: readonly string[];
  /** what was no option, complete when `next` has returned undefined */
  readonly leftovers: string[] = [];
  #at = 0;
  /** letters of the word in hand that have not been read */
  #letters = '';
  #isOver = false;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  next(): Scanned | ScanError | undefined {
    if (this.#letters !== '') return this.#short();
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++] as string;
      if (word === '--' && !this.#isOver) this.#isOver = true;
      else if (this.#isOver || !word.startsWith('-') || word === '-') this.leftovers.push(word);
      else if (word.startsWith('--')) return this.#long(word);
      else {
        this.#letters = word.slice(1);
        return this.#short();
      }
    }
    return undefined;
  }

  #word(): string {
    return this.#words[this.#at - 1] as string;
  }

  #long(word: string): Scanned | ScanError {
    const equals = word.indexOf('=');
    const option = LONG.get(equals < 0 ? word.slice(2) : word.slice(2, equals));
    if (!option) return { error: `${word}: unknown option` };
    if (equals < 0) return this.#withArgument(option, word);
    if (!option.argument) return { error: `${word}: option does not take an argument` };
    return { option, value: word.slice(equals + 1), word };
  }

  #short(): Scanned | ScanError {
    const word = this.#word();
    const option = SHORT.get(this.#letters[0] as string);
    if (!option) return { error: `${word}: unknown option` };
    const rest = this.#letters.slice(1);
    if (!option.argument || rest === '') {
      this.#letters = rest;
      return this.#withArgument(option, word);
    }
    this.#letters = '';
    return { option, value: rest.startsWith('=') ? rest.slice(1) : rest, word };
  }

  /** Its argument, if it takes one, is the next word. */
  #withArgument(option: Option, word: string): Scanned | ScanError {
    if (!option.argument) return { option, value: undefined, word };
    const next = this.#words[this.#at];
    if (option.argument === 'optional' && (next === undefined || next.startsWith('-')))
      return { option, value: undefined, word };
    if (next === undefined) return { error: `${word}: missing argument` };
    this.#at++;
    return { option, value: next, word: next };
  }
}
