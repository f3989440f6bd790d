// SPDX-License-Identifier: MIT
// A shell that stays in a network namespace: an emulated machine takes longer to copy this process for each command than to
// run the command.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Told } from './routers.ts';

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

export class NamespaceShell {
  readonly #shell: ChildProcess;
  readonly #answers: Interface;
  readonly #files: string;

  /** `name`: of a namespace that `ip netns` made. */
  constructor(name: string) {
    this.#files = `/tmp/shell-${name}`;
    this.#shell = spawn('nsenter', [`--net=/run/netns/${name}`, 'sh'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#shell.stdout as NodeJS.ReadableStream });
  }

  /** One command at a time. */
  async run(words: readonly string[], input = ''): Promise<Told> {
    const [from, out, err] = ['in', 'out', 'err'].map((ending) => `${this.#files}.${ending}`) as [
      string,
      string,
      string,
    ];
    writeFileSync(from, input);
    const answer = new Promise<string>((resolve) => this.#answers.once('line', resolve));
    this.#shell.stdin?.write(`${words.map(quoted).join(' ')} >${out} 2>${err} <${from}; echo $?\n`);
    const status = Number(await answer);
    return { status, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') };
  }

  close(): void {
    this.#shell.stdin?.end();
  }
}
