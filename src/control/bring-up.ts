// SPDX-License-Identifier: MIT
// From a config file to a router that forwards: load, fill, attach, place the addresses. Nothing half applied: what
// fails is undone, and a router that ran before runs on as it did.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Attachment } from '../dataplane/attach.ts';
import type { RouterState } from '../dataplane/data-plane.ts';
import { withDocuments } from '../dataplane/documents.ts';
import { KernelDataPlane } from '../dataplane/kernel-data-plane.ts';
import { detachDevice, linkedDevices } from '../dataplane/links.ts';
import { type Loaded, loadRouter, removePins } from '../dataplane/loader.ts';
import { hasAnyPins, hasPins } from '../dataplane/pins.ts';
import type { Config } from '../model/model.ts';
import { ipv6Room } from '../model/uses-ipv6.ts';
import { type Memory, noteApplied, remember } from './applied.ts';
import { stateOf } from './desired-state.ts';
import { changeBetween, diff, formatDifference } from './diff.ts';
import { placeSettings } from './kernel-settings.ts';
import { announceAddresses, holdNeighbours, placeAddresses, readJournal, takeBack } from './machine-journal.ts';
import { placeMasquerade } from './masquerade.ts';
import { mergeConfigs, mergeStates } from './merge-states.ts';
import type { UpOptions, UpResult } from './options.ts';
import { addressDifferences } from './plan-addresses.ts';
import { preflight } from './preflight.ts';
import { attachRouter, refreshAddresses } from './router-devices.ts';
import { withPinsLock } from './router-lock.ts';
import { soundState } from './sound-state.ts';

interface Target {
  /** What was applied last, if it runs. */
  readonly before: Config | undefined;
  /** The daemon's file; undefined when a command applies another one. */
  readonly file: Config | undefined;
  readonly config: Config;
  /** What should run, given what runs. */
  stateFrom(running: RouterState): RouterState;
}

/** Services first, then every interface, then the addresses that bring the packets. */
async function converge(target: Target, options: UpOptions, loaded: Loaded): Promise<UpResult> {
  const { config } = target;
  const router = KernelDataPlane.open(options.pins);
  try {
    const running = router.state();
    const wanted = target.stateFrom(running);
    const differences = diff(running, wanted).map(formatDifference);
    router.change(changeBetween(running, wanted));
    let attachment: Attachment | undefined;
    try {
      attachment = attachRouter(options.pins, router, config, loaded);
      const { added, removed, masquerade } = placeOnMachine(router, options.pins, config);
      router.bumpGeneration();
      if (!holdNeighbours(router, config)) options.log.warn('this kernel or iproute2 keeps no managed neighbours');
      noteApplied(router, config, target.file);
      await announceAddresses(added);
      const { mode, reason: modeReason } = attachment;
      options.log.info({ mode, reason: modeReason, touched: attachment.touched }, 'attached');
      const lines = [
        ...differences,
        ...attachment.touched.map((device) => `~ interface ${device}: attached (${mode})`),
        ...addressDifferences({ added, removed }).map(formatDifference),
        ...masquerade,
      ];
      return { loaded: loaded.how, mode, modeReason, changes: lines };
    } catch (error) {
      if (loaded.how !== 'fresh') {
        router.change(changeBetween(router.state(), running));
        if (attachment && target.before) await goBack(router, target.before, options, loaded);
      }
      throw error;
    }
  } finally {
    router.close();
  }
}

/** The addresses, and what their packets need of the kernel. */
function placeOnMachine(router: KernelDataPlane, pins: string, config: Config) {
  const addresses = placeAddresses(router, config);
  refreshAddresses(router, config);
  placeSettings(router, config);
  return { ...addresses, masquerade: placeMasquerade(router, pins, config) };
}

/** As it was before an error; what cannot be is told beside that. */
async function goBack(router: KernelDataPlane, before: Config, options: UpOptions, loaded: Loaded): Promise<void> {
  try {
    attachRouter(options.pins, router, before, loaded);
    const { added } = placeOnMachine(router, options.pins, before);
    router.bumpGeneration();
    holdNeighbours(router, before);
    await announceAddresses(added);
  } catch (error) {
    options.log.error({ err: error }, 'the interfaces and addresses are not all as they were before');
  }
}

async function bring(options: UpOptions, targetFrom: (memory: Memory) => Target): Promise<UpResult> {
  return withPinsLock(options.pins, async () => {
    const memory = remember(options.pins);
    const target = targetFrom(memory);
    preflight(target.config, memory.placed);
    const loaded = loadRouter(options.pins, options.objectFile, target.config.tables, ipv6Room(target.config));
    try {
      return await converge(target, options, loaded);
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
  return bring(options, ({ applied }) => ({
    file: undefined,
    before: applied,
    config,
    stateFrom: () => stateOf(config),
  }));
}

/**
 * Brings what differs between the daemon's file as it was and this one; what commands changed meanwhile stays. Throws XlvsError,
 * nothing changed, where the two do not go together.
 */
export function resume(file: Config, options: UpOptions): Promise<UpResult> {
  return bring(options, ({ applied, file: before }) => {
    if (!before) return { file, before: applied, config: file, stateFrom: () => stateOf(file) };
    const config = applied ? mergeConfigs(applied, before, file) : file;
    return {
      file,
      before: applied,
      config,
      stateFrom: (running) => soundState(mergeStates(running, stateOf(before), stateOf(file)), config),
    };
  });
}

/** Detaches, takes back what was added to the machine, removes the pins, of whatever version. One line for each thing. */
function tearDown(pins: string): string[] {
  // before anything goes: who cannot read it must not lose it
  const journal = hasPins(pins) ? withDocuments(pins, readJournal) : undefined;
  const devices = linkedDevices(pins);
  for (const device of devices) detachDevice(pins, device);
  const taken = journal ? takeBack(journal) : [];
  removePins(pins);
  return [...devices.map((device) => `XDP from ${device}`), ...taken, `pins under ${pins}`];
}

/** Makes the machine as it was before xlvs. The daemon of these pins must have ended. */
export async function bringDown(pins: string, log: UpOptions['log']): Promise<{ removed: string[] }> {
  if (!hasAnyPins(pins)) return { removed: [] };
  return withPinsLock(pins, async () => {
    const removed = tearDown(pins);
    // links and the timer end with their last reference, a moment later
    await sleep(20);
    log.debug({ removed }, 'down');
    return { removed };
  });
}
