// SPDX-License-Identifier: MIT
// A thread of the traffic tests: runs the loaded program so often, beside others that do the same.
import { parentPort, workerData } from 'node:worker_threads';
import { Program } from 'libbpf-ts';

export interface TrafficWork {
  /** of the program that makes the packets */
  readonly program: number;
  readonly frame: Uint8Array;
  readonly packets: number;
}

const { program: id, frame, packets } = workerData as TrafficWork;
const program = Program.openId(id);
program.testRun({ data: frame, repeat: packets });
program.close();
parentPort?.postMessage('done');
