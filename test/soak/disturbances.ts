// SPDX-License-Identifier: MIT
// What an operator and bad luck do to a router under load, one thing after the other until it is told to stop.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import type { Rig } from '../net/rig.ts';
import { CALM, configOf, type Mood } from './world.ts';

const PAUSE_MS = 4_000;
/** A daemon has to live for minutes, or a leak of its own would not show. */
const ROUNDS_A_RESTART = 10;

export class Disturbances {
  /** how often each was done */
  readonly done: Record<string, number> = {};
  readonly #rig: Rig;
  #daemon: LabProcess;
  #isOver = false;
  #running: Promise<void> | undefined;

  constructor(rig: Rig, daemon: LabProcess) {
    this.#rig = rig;
    this.#daemon = daemon;
  }

  get daemon(): LabProcess {
    return this.#daemon;
  }

  start(): void {
    this.#running = this.#goOn();
  }

  /** Ends with the file and the daemon as they were at the beginning. Throws what a disturbance threw. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    await this.#reload(CALM);
  }

  async #goOn(): Promise<void> {
    const acts = {
      reload: () => this.#reload({ ...CALM, weight: 1 + Math.floor(Math.random() * 9), hasExtra: Math.random() < 0.5 }),
      drain: () => this.#drain(),
      removal: () => this.#removal(),
      flap: () => this.#flap(),
      restart: () => this.#restart(),
    };
    for (let round = 0; !this.#isOver; round++)
      for (const [name, act] of Object.entries(acts)) {
        if (this.#isOver) return;
        if (name === 'restart' && round % ROUNDS_A_RESTART !== 0) continue;
        await act();
        this.done[name] = (this.done[name] ?? 0) + 1;
        await sleep(PAUSE_MS);
      }
  }

  async #reload(mood: Mood): Promise<void> {
    this.#rig.write(configOf(mood));
    await this.#rig.xlvs(['reload'], { timeout: 60_000 });
  }

  async #drain(): Promise<void> {
    await this.#rig.xlvs(['drain', 'flapping', '10.0.0.1']);
    await sleep(PAUSE_MS);
    await this.#rig.xlvs(['undrain', 'flapping', '10.0.0.1']);
  }

  async #removal(): Promise<void> {
    await this.#reload({ ...CALM, hasThird: false });
    await sleep(PAUSE_MS);
    await this.#reload(CALM);
  }

  /** The third server is not to be reached for a while, and nobody is told. */
  async #flap(): Promise<void> {
    const set = (state: string) => this.#rig.lab.host('switch').exec('ip', ['link', 'set', 'prv-server3', state]);
    await set('down');
    await sleep(PAUSE_MS);
    await set('up');
  }

  async #restart(): Promise<void> {
    await this.#daemon.stop('SIGKILL');
    this.#daemon = await this.#rig.daemon();
  }
}
