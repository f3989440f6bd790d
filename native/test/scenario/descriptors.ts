// SPDX-License-Identifier: MIT
// Everything that opens, many times over, ended in every way: how many descriptors are left of it.
import { readdirSync, writeFileSync } from 'node:fs';
import {
  BpfError,
  BpfMap,
  BpfObject,
  btfById,
  driverName,
  ethtoolFlags,
  FileLock,
  Link,
  NetlinkMonitor,
  Program,
  RingBuffer,
  sendFrame,
  vmlinuxBtf,
  xdpFeatures,
  xdpQuery,
} from '../../lib/index.ts';
import { frame, u32 } from '../bytes.ts';
import { load, pins, print, veth } from './stage.ts';

const TIMES = 20;
const LOOPBACK = 1;
const MISSING = `${pins}/missing`;
const inner = { name: 'inner', type: 'array', keySize: 4, valueSize: 4, maxEntries: 2 } as const;

const openFds = (): number => readdirSync('/proc/self/fd').length;

function refused(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (error instanceof BpfError) return;
    throw error;
  }
  throw new Error(`not refused: ${call}`);
}

// Each of these is a handle with a descriptor of its own, until it or the object is closed.
const object = load();
const [map, tables, events] = [object.map('slots'), object.map('tables'), object.map('events')];
const [program, drop] = [object.program('decide'), object.program('drop')];
map.pin(`${pins}/map`);
program.pin(`${pins}/program`);
writeFileSync('/mnt/lock', '');
pinLink();

function attach(ifindex = LOOPBACK): Link {
  return Link.attachXdp(program, ifindex, { mode: 'generic' });
}

/** On a device of its own: loopback stays free. */
function pinLink(): void {
  const link = attach(veth('left', 'right')[0]);
  link.pin(`${pins}/link`);
  link.close();
}

function replaceMap(): void {
  const other = BpfObject.open(process.argv[2] as string);
  other.reuseMap('slots', map);
  other.load();
  other.close();
}

function refuseSecondLink(): void {
  const link = attach();
  refused(() => attach());
  refused(() => link.update(program, drop));
  link.close();
}

function refuseLock(): void {
  const lock = FileLock.acquire('/mnt/lock');
  if (FileLock.acquire('/mnt/lock')) throw new Error('two hold the lock');
  lock?.release();
}

function fillMapOfMaps(): void {
  const made = BpfMap.create(inner);
  tables.set(u32(0), made);
  made.close();
}

/** One round of each leaves no descriptor. */
const cycles: Record<string, () => void> = {
  'object, opened': () => BpfObject.open(process.argv[2] as string).close(),
  'object, loaded': () => load().close(),
  'object, not to be parsed': () => refused(() => BpfObject.open(new Uint8Array(100))),
  'object, with a map of somebody else': replaceMap,
  'map, created': () => BpfMap.create(inner).close(),
  'map, not to be created': () => refused(() => BpfMap.create({ ...inner, keySize: 8 })),
  'map, by id': () => BpfMap.openId(map.info.id).close(),
  'map, by a wrong id': () => refused(() => BpfMap.openId(2 ** 31 - 1)),
  'map, by pin': () => BpfMap.openPin(`${pins}/map`).close(),
  'map, by the pin of a program': () => refused(() => BpfMap.openPin(`${pins}/program`)),
  'map, pinned where one is': () => refused(() => map.pin(`${pins}/map`)),
  'map in a map': fillMapOfMaps,
  'program, by id': () => Program.openId(program.info().id).close(),
  'program, by a wrong id': () => refused(() => Program.openId(2 ** 31 - 1)),
  'program, by pin': () => Program.openPin(`${pins}/program`).close(),
  'program, by no pin': () => refused(() => Program.openPin(MISSING)),
  'program, test run': () => void program.testRun({ data: frame(64) }),
  'link, attached': () => attach().close(),
  'link, refused': refuseSecondLink,
  'link, by pin': () => Link.openPin(`${pins}/link`).close(),
  'link, by the pin of a map': () => refused(() => Link.openPin(`${pins}/map`)),
  'link to no device': () => refused(() => Link.attachXdp(program, 2 ** 31 - 1)),
  'ring buffer': () => new RingBuffer(events, () => {}).close(),
  'ring buffer of another map': () => refused(() => new RingBuffer(map, () => {})),
  'netlink monitor': () => new NetlinkMonitor([1], () => {}).close(),
  'netlink monitor of no group': () => refused(() => new NetlinkMonitor([100_000], () => {})),
  lock: () => FileLock.acquire('/mnt/lock')?.release(),
  'lock, held by another': refuseLock,
  'lock on nothing': () => refused(() => FileLock.acquire(MISSING)),
  'type information': () => void [btfById(map.info.btfId), vmlinuxBtf()],
  'type information of a wrong id': () => refused(() => btfById(2 ** 31 - 1)),
  'questions about a device': () =>
    void [driverName('lo'), ethtoolFlags('lo'), xdpQuery(LOOPBACK), xdpFeatures(LOOPBACK)],
  'a frame sent': () => sendFrame(LOOPBACK, frame(60)),
  'a frame to no device': () => refused(() => sendFrame(2 ** 31 - 1, frame(60))),
};

/** How many descriptors more there are after `TIMES` rounds; one round before, for what Node and libbpf open once. */
function left(cycle: () => void): number {
  cycle();
  const before = openFds();
  for (let i = 0; i < TIMES; i++) cycle();
  return openFds() - before;
}

const leftBy: Record<string, number> = {};
for (const [name, cycle] of Object.entries(cycles)) leftBy[name] = left(cycle);
object.close();

print(leftBy);
export type Facts = typeof leftBy;
