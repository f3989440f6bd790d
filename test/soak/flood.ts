// SPDX-License-Identifier: MIT
// A flood of SYNs from addresses that never answer: run in the machine that floods, until SIGTERM.
// Arguments: device, the router's MAC, VIP, port, first source, sources, SYNs a second.
import { setTimeout as sleep } from 'node:timers/promises';
import { openBenchObject } from '../bench/bench-object.ts';
import { senderOf, template, type Wire, wireRecord } from '../bench/wire.ts';

const BURST = 640;
const BATCH = 64;

const [device = '', routerMac = '', address = '', port, firstClient = '', flows, rate] = process.argv.slice(2);
const wire: Wire = {
  device,
  other: { address, port: Number(port) },
  flows: Number(flows),
  packet: 'tcp-syn',
  routerMac,
  firstClient,
};

const object = openBenchObject('wire');
object.load();
const sender = object.program(senderOf(wire));
const wires = object.map('wires');
wires.set(new Uint8Array(4), wireRecord(wire, wires.info.valueSize));
console.log('flooding');

let sent = 0;
const started = performance.now();
process.once('SIGTERM', () => {
  console.log(sent);
  process.exit();
});
for (;;) {
  sender.testRun({ data: template(wire), repeat: BURST, liveFrames: true, batchSize: BATCH });
  sent += BURST;
  await sleep(Math.max(0, (sent / Number(rate)) * 1000 - (performance.now() - started)));
}
