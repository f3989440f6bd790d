// SPDX-License-Identifier: MIT
// Frames that really travel: from a live test run over a pair of devices, and from a raw socket.
import { Link, sendFrame } from '../../lib/index.ts';
import { counted, frame, u32 } from '../bytes.ts';
import { codeOf, eventually, load, print, veth } from './stage.ts';

const [a, b] = veth('left', 'right');
const TX = 3;
const object = load(TX);
const link = Link.attachXdp(object.program('drop'), b, { mode: 'native' });

const context = u32(0, 60, 0, a, 0, 0);
const live = { data: frame(60), context, liveFrames: true, repeat: 1000, batchSize: 16 };
const result = object.program('decide').testRun(live);
const run = { dataLength: result.data.length, contextLength: result.context.length };
const decided = counted(object, 0);
const arrived = await eventually(
  () => counted(object, 1),
  (count) => count >= 1000,
);

sendFrame(a, frame(60));
const sent =
  (await eventually(
    () => counted(object, 1),
    (count) => count > arrived,
  )) - arrived;
const toNowhere = codeOf(() => sendFrame(999, frame(60)));
link.close();
object.close();

const facts = { run, decided, arrived, sent, toNowhere };
print(facts);
export type Facts = typeof facts;
