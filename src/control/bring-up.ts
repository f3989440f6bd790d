// SPDX-License-Identifier: MIT
// From a config file to a router that forwards: load, fill, attach, place the addresses. Nothing half applied: what
// fails is undone, and a router that ran before runs on as it did.
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataPlane, RouterState } from '../dataplane/data-plane.ts';
import { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { detachDevice, linkedDevices } from '../dataplane/links.ts';
import { type Loaded, loadRouter, removePins } from '../dataplane/loader.ts';
import { hasPins } from '../dataplane/pins.ts';
import type { Config } from '../model/model.ts';
import { stateOf } from './desired-state.ts';
import { changeBetween, diff, formatDifference } from './diff.ts';
import { announceAddresses, holdNeighbours, placeAddresses, readJournal, takeBack } from './machine-journal.ts';
import { mergeStates } from './merge-states.ts';
import type { UpOptions, UpResult } from './options.ts';
import { preflight } from './preflight.ts';
import { attachRouter } from './router-devices.ts';
import { withPinsLock } from './router-lock.ts';

interface Target {
  readonly byDaemon: boolean;
  /** What should run, given what runs and the daemon's file as it was (undefined: none). */
  stateFrom(running: RouterState, file: Config | undefined): RouterState;
}

/** The config applied last: by the daemon (`file`), or by whatever command (`applied`). */
export function readApplied(router: DataPlane, which: 'applied' | 'file' = 'applied'): Config | undefined {
  const text = router.readDocument(which);
  return text === undefined ? undefined : (JSON.parse(text) as Config);
}

/** What a command applies is an edit like any other: the daemon goes on comparing its file with its file. */
function noteApplied(router: DataPlane, config: Config, byDaemon: boolean): void {
  const text = JSON.stringify(config);
  if (byDaemon || router.readDocument('file') === undefined) router.writeDocument('file', text);
  router.writeDocument('applied', text);
}

/** Services first, then every interface, then the addresses that bring the packets. */
async function converge(config: Config, options: UpOptions, target: Target, loaded: Loaded): Promise<UpResult> {
  const router = KernelDataPlane.open(options.pins);
  try {
    const running = router.state();
    const wanted = target.stateFrom(running, readApplied(router, 'file'));
    const differences = diff(running, wanted).map(formatDifference);
    router.change(changeBetween(running, wanted));
    try {
      const attachment = attachRouter(options.pins, router, config, loaded);
      const { added, removed } = placeAddresses(router, config);
      router.bumpGeneration();
      if (!holdNeighbours(router, config)) options.log.warn('this kernel or iproute2 keeps no managed neighbours');
      noteApplied(router, config, target.byDaemon);
      await announceAddresses(added);
      const { mode, reason: modeReason } = attachment;
      options.log.info({ mode, reason: modeReason, touched: attachment.touched }, 'attached');
      const lines = [
        ...differences,
        ...attachment.touched.map((device) => `~ interface ${device}: attached (${mode})`),
        ...added.map(({ device, address }) => `+ address ${address} on ${device}`),
        ...removed.map(({ device, address }) => `- address ${address} on ${device}`),
      ];
      return { loaded: loaded.how, mode, modeReason, changes: lines };
    } catch (error) {
      if (loaded.how !== 'fresh') router.change(changeBetween(router.state(), running));
      throw error;
    }
  } finally {
    router.close();
  }
}

async function bring(config: Config, options: UpOptions, target: Target): Promise<UpResult> {
  return withPinsLock(options.pins, async () => {
    preflight(config);
    const loaded = loadRouter(options.pins, options.objectFile, config.tables);
    try {
      return await converge(config, options, target, loaded);
    } catch (error) {
      if (loaded.how === 'fresh') tearDown(options.pins);
      throw error;
    } finally {
      loaded.program.close();
    }
  });
}

/** Makes everything as the file says (`xlvs up`, `xlvs apply`). */
export function bringUp(config: Config, options: UpOptions): Promise<UpResult> {
  return bring(config, options, { byDaemon: false, stateFrom: () => stateOf(config) });
}

/** Brings what differs between the daemon's file as it was and this one; what commands changed meanwhile stays. */
export function resume(config: Config, options: UpOptions): Promise<UpResult> {
  return bring(config, options, {
    byDaemon: true,
    stateFrom: (running, file) => (file ? mergeStates(running, stateOf(file), stateOf(config)) : stateOf(config)),
  });
}

/** Detaches, takes back what was added to the machine, removes the pins. One line for each thing removed. */
function tearDown(pins: string): string[] {
  const devices = linkedDevices(pins);
  for (const device of devices) detachDevice(pins, device);
  const lines = devices.map((device) => `XDP from ${device}`);
  try {
    const router = KernelDataPlane.open(pins);
    try {
      lines.push(...takeBack(readJournal(router)));
    } finally {
      router.close();
    }
  } finally {
    removePins(pins);
  }
  return [...lines, `pins under ${pins}`];
}

/** Makes the machine as it was before xlvs. The daemon of these pins must have ended. */
export async function bringDown(pins: string, log: UpOptions['log']): Promise<{ removed: string[] }> {
  if (!hasPins(pins) && linkedDevices(pins).length === 0) return { removed: [] };
  return withPinsLock(pins, async () => {
    const removed = tearDown(pins);
    // links and the timer end with their last reference, a moment later
    await sleep(20);
    log.debug({ removed }, 'down');
    return { removed };
  });
}
