// SPDX-License-Identifier: MIT
// A process running in a machine of the lab: its output so far, waiting for what it says, its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { LabError } from './lab-error.ts';
import { patience } from './patience.ts';

export interface Exit {
  /** undefined when a signal ended it */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** Milliseconds between a polite signal and SIGKILL. */
const PATIENCE = 5_000;

export class LabProcess {
  readonly command: string;
  readonly pid: number;
  /** Fulfilled when the process has ended and its output is complete; never rejected. */
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;

  constructor(command: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {}) {
    const [file = '', ...args] = command;
    this.command = command.join(' ');
    this.#child = spawn(file, args, { env: { ...process.env, ...options.env }, stdio: 'pipe', detached: true });
    this.pid = this.#child.pid ?? -1;
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // A process may end without having read its input: that is its business, not an error here.
    this.#child.stdin?.on('error', () => {}).end(options.input ?? '');
    this.exited = this.#end();
  }

  /** Waits until stdout or stderr contains the text. Rejects when the process ends first or `timeout` ms have passed. */
  async says(text: string, timeout = patience(10_000)): Promise<this> {
    if (this.#has(text)) return this;
    const { promise, resolve, reject } = promiseParts();
    const timer = setTimeout(() => reject(this.#failure(`did not say '${text}' in ${timeout} ms`)), timeout);
    const look = () => this.#has(text) && resolve();
    this.#child.stdout?.on('data', look);
    this.#child.stderr?.on('data', look);
    this.exited.then(() => (this.#has(text) ? resolve() : reject(this.#failure(`ended without saying '${text}'`))));
    await promise.finally(() => {
      clearTimeout(timer);
      this.#child.stdout?.off('data', look);
      this.#child.stderr?.off('data', look);
    });
    return this;
  }

  /** False when the process had ended already. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): boolean {
    return this.#child.kill(signal);
  }

  /** Ends it and what it started: a shell's children would otherwise hold its output open. False as in `kill`. */
  killGroup(): boolean {
    try {
      return process.kill(-this.pid, 'SIGKILL');
    } catch {
      return false;
    }
  }

  /** Sends the signal, and SIGKILL to it and what it started when it has not ended 5 s later. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.kill(signal);
    const timer = setTimeout(() => this.killGroup(), PATIENCE);
    return await this.exited.finally(() => clearTimeout(timer));
  }

  #has(text: string): boolean {
    return this.stdout.includes(text) || this.stderr.includes(text);
  }

  #failure(what: string): LabError {
    return new LabError(`${this.command}: ${what}; stdout: ${this.stdout.trim()}; stderr: ${this.stderr.trim()}`);
  }

  #end(): Promise<Exit> {
    return new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.stderr += error.message;
        resolve({ status: 127, signal: undefined });
      });
      this.#child.once('close', (status, signal) =>
        resolve({ status: status ?? undefined, signal: signal ?? undefined }),
      );
    });
  }
}

function promiseParts(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
