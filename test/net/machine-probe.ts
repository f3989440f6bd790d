// SPDX-License-Identifier: MIT
// Runs inside a namespace for the machine tests and the rig: calls functions of src/machine by name and prints what they return.
//   probe '[["routeTo","10.0.0.1"],…]'   one JSON list: for each call its value, or { error }
//   probe watch                          a line "watching", then one for each change, until it is killed
import { announceAddress } from '../../src/machine/announce-address.ts';
import { checkMachine } from '../../src/machine/check-machine.ts';
import { checkPinsDirectory } from '../../src/machine/check-pins-directory.ts';
import { checkPrivileges } from '../../src/machine/check-privileges.ts';
import { addAddress, removeAddress } from '../../src/machine/floating-address.ts';
import { machineSnapshot } from '../../src/machine/machine-snapshot.ts';
import {
  forgetNeighbour,
  forgetNeighbours,
  keepNeighbour,
  keepNeighbours,
  managedNeighbours,
} from '../../src/machine/neighbour.ts';
import { readDevice, readDevices } from '../../src/machine/read-device.ts';
import { defaultDevices, defaultGateways, routesTo, routeTo } from '../../src/machine/route.ts';
import { writeSysctl } from '../../src/machine/sysctl.ts';
import { watchMachine } from '../../src/machine/watch-machine.ts';
import type { Config } from '../../src/model/model.ts';
import { XlvsError } from '../../src/model/xlvs-error.ts';

const functions = {
  addAddress,
  announceAddress,
  checkMachine: (config: Config) => checkMachine(config),
  checkPinsDirectory,
  checkPrivileges: () => checkPrivileges(),
  defaultDevices,
  defaultGateways,
  forgetNeighbour,
  forgetNeighbours,
  keepNeighbour,
  keepNeighbours,
  machineSnapshot,
  managedNeighbours,
  readDevice,
  readDevices,
  removeAddress,
  routeTo,
  routesTo,
  writeSysctl,
};

export type Call = readonly [name: keyof typeof functions, ...args: unknown[]];

function run([name, ...args]: Call): unknown {
  try {
    return (functions[name] as (...args: unknown[]) => unknown)(...args);
  } catch (error) {
    if (error instanceof XlvsError) return { error: error.line };
    throw error;
  }
}

const request = process.argv[2] ?? '[]';
if (request === 'watch') {
  watchMachine((what) => console.log(what));
  console.log('watching');
} else {
  console.log(JSON.stringify((JSON.parse(request) as Call[]).map((call) => run(call) ?? null)));
}
