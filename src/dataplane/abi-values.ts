// SPDX-License-Identifier: MIT
// Values of the model as the maps hold them, and back: addresses, protocols, schedulers, ticks of time.
import * as abi from '../abi/index.ts';
import { type Family, type Protocol, type Scheduler, SERVICE_FLAGS, type ServiceFlag } from '../model/model.ts';
import { addressBytes, familyOf, formatAddress } from '../net/address.ts';

const PROTOCOL_NUMBERS: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };
const TICK_NS = 2n ** BigInt(abi.LIMIT_TICK_SHIFT);

/** An address as four big-endian words; IPv4 is the first. */
export function addressToAbi(text: string): abi.Address {
  const bytes = addressBytes(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { word: [0, 4, 8, 12].map((at) => (at < bytes.length ? view.getUint32(at) : 0)) };
}

export function addressFromAbi(address: abi.Address, family: number = abi.Family.IPV4): string {
  if (family !== abi.Family.IPV6) return ipv4FromWord(address.word[0] as number);
  const view = new DataView(new ArrayBuffer(16));
  address.word.forEach((word, i) => {
    view.setUint32(i * 4, word);
  });
  return formatAddress(new Uint8Array(view.buffer));
}

/** IPv4 address of one big-endian word. */
export function ipv4FromWord(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

export function familyToAbi(family: Family): number {
  return family === 'ipv6' ? abi.Family.IPV6 : abi.Family.IPV4;
}

export function familyNumberOf(address: string): number {
  return familyToAbi(familyOf(address));
}

export function protocolNumber(protocol: Protocol): number {
  return PROTOCOL_NUMBERS[protocol];
}

export function protocolName(number: number): Protocol {
  if (number === PROTOCOL_NUMBERS.udp) return 'udp';
  return number === PROTOCOL_NUMBERS.sctp ? 'sctp' : 'tcp';
}

export function schedulerToAbi(scheduler: Scheduler): number {
  return abi.Scheduler[scheduler.toUpperCase() as keyof typeof abi.Scheduler];
}

export function schedulerFromAbi(number: number): Scheduler {
  return abi.schedulerNames[number] as Scheduler;
}

const FLAG_BITS: Readonly<Record<ServiceFlag, number>> = {
  'sh-port': abi.ServiceFlag.SH_PORT,
  'sh-fallback': abi.ServiceFlag.SH_FALLBACK,
  'mh-port': abi.ServiceFlag.MH_PORT,
  'mh-fallback': abi.ServiceFlag.MH_FALLBACK,
  'flag-1': abi.ServiceFlag.FLAG_1,
  'flag-2': abi.ServiceFlag.FLAG_2,
  'flag-3': abi.ServiceFlag.FLAG_3,
};

export function flagsToAbi(flags: readonly ServiceFlag[]): number {
  return flags.reduce((bits, flag) => bits | FLAG_BITS[flag], 0);
}

export function flagsFromAbi(bits: number): ServiceFlag[] {
  return SERVICE_FLAGS.filter((flag) => (bits & FLAG_BITS[flag]) !== 0);
}

/** Seconds as ticks of the data plane's clock, rounded up. */
export function ticksOf(seconds: number): number {
  return Number((BigInt(Math.ceil(seconds * 1e9)) + TICK_NS - 1n) / TICK_NS);
}

export function secondsOf(ticks: number): number {
  return (ticks * Number(TICK_NS)) / 1e9;
}

/** Now on the data plane's clock (CLOCK_MONOTONIC), 32 bits. */
export function ticksNow(): number {
  return Number((process.hrtime.bigint() / TICK_NS) & 0xffffffffn);
}

/** Ticks from `then` to now; stamps wrap, and may be a little ahead. */
export function ticksSince(then: number, now: number = ticksNow()): number {
  return Math.max(0, (now - then) | 0);
}
