// SPDX-License-Identifier: MIT
// Programs on devices: attached, replaced, taken off, and left by their device.
import { Link, sendFrame, xdpQuery } from '../../lib/index.ts';
import { counted, frame } from '../bytes.ts';
import { codeOf, eventually, load, print, sh, veth } from './stage.ts';

const [a, b] = veth('left', 'right');
const object = load(1);
const decide = object.program('decide');
const drop = object.program('drop');
const ids = { decide: decide.info().id, drop: drop.info().id };
const send = (count: number) => {
  for (let i = 0; i < count; i++) sendFrame(b, frame(60));
};

const before = xdpQuery(a);
const native = Link.attachXdp(decide, a, { mode: 'native' });
const attached = { query: xdpQuery(a), info: native.info() };
const second = codeOf(() => Link.attachXdp(drop, a, { mode: 'native' }));
send(3);
const framesBeforeUpdate = await eventually(
  () => counted(object, 0),
  (count) => count >= 3,
);

const wrongExpectation = codeOf(() => native.update(drop, drop));
native.update(drop, decide);
const updated = xdpQuery(a);
send(2);
const framesAfterUpdate = await eventually(
  () => counted(object, 1),
  (count) => count >= 2,
);

native.detach();
const detached = { query: xdpQuery(a), info: native.info() };
native.close();

const generic = Link.attachXdp(decide, a, { mode: 'generic' });
const inGeneric = xdpQuery(a);
generic.close();
const afterClose = xdpQuery(a);

const byDefault = Link.attachXdp(decide, a);
const defaultMode = xdpQuery(a);
sh('ip link delete left');
const deviceGone = {
  info: byDefault.info(),
  update: codeOf(() => byDefault.update(drop)),
  query: codeOf(() => xdpQuery(a)),
  attach: codeOf(() => Link.attachXdp(decide, a)),
};
const offload = codeOf(() => Link.attachXdp(decide, 1, { mode: 'offload' }));
object.close();

const facts = {
  ...{ a, ids, before, attached, second, framesBeforeUpdate, wrongExpectation, updated, framesAfterUpdate },
  ...{ detached, inGeneric, afterClose, defaultMode, deviceGone, offload },
};
print(facts);
export type Facts = typeof facts;
