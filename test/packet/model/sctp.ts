// SPDX-License-Identifier: MIT
// The model's SCTP: what a packet's chunks mean, and IPVS's states: what stays as it is, and the exceptions.
import type { State } from './tcp.ts';

/** Data and all that means no more, INIT, INIT ACK, COOKIE ECHO, COOKIE ACK, SHUTDOWN, its ACK, COMPLETE, ERROR, ABORT. */
export type SctpEvent = 'd' | 'i' | 'ia' | 'ce' | 'ca' | 's' | 'sa' | 'sc' | 'e' | 'a';

const EVENTS: Readonly<Record<number, SctpEvent>> = {
  1: 'i',
  2: 'ia',
  6: 'a',
  7: 's',
  8: 'sa',
  9: 'e',
  10: 'ce',
  11: 'ca',
  14: 'sc',
};

/** `end`: of the packet, or of the frame if that is sooner. `undefined`: no chunk. */
export function sctpEvent(frame: DataView, segment: number, end: number): SctpEvent | undefined {
  const first = segment + 12;
  if (first + 4 > end) return undefined;
  const event = EVENTS[frame.getUint8(first)] ?? 'd';
  const length = frame.getUint16(first + 2);
  if ((event !== 'ce' && event !== 'ca') || length < 4 || length > 0x7ff0) return event;
  const second = first + Math.ceil(length / 4) * 4;
  return second + 4 <= end && frame.getUint8(second) === 6 ? 'a' : event;
}

const ALL = 'sNO sI1 sIN sCS sCR sCW sCO sCE sES sSS sSR sSA sRJ sCL'.split(' ');

/** `event: from from > to; …`, of which the last that names a state holds. */
const exceptions = (text: string): Record<string, Record<string, State>> =>
  Object.fromEntries(
    text.split('\n').map((line) => {
      const [event = '', rules = ''] = line.trim().split(': ');
      const moves = rules.split('; ').flatMap((rule) => {
        const [from = '', to = ''] = rule.split(' > ');
        return (from === '*' ? ALL : from.split(' ')).map((state) => [state, to as State] as const);
      });
      return [event, Object.fromEntries(moves)];
    }),
  );

const CLIENT = exceptions(
  `d: sNO > sES
   i: sNO > sI1; sI1 sRJ sCL > sIN
   ia: sNO sI1 sIN > sCW; sCW > sCO
   ce: sNO sCS > sCR; sI1 > sIN
   ca: sNO sCE > sES
   s: sNO sES > sSR
   sa: sNO sSS sSA > sCL; sI1 > sIN
   sc: sNO sI1 sIN sSA > sCL
   e: sNO sCE > sCL
   a: * > sCL; sCW > sRJ`,
);
const SERVER = exceptions(
  `d: sNO > sES
   i: * > sCW; sES > sES
   ia: sNO sI1 sIN > sCS
   ce: sNO sI1 sIN sCS sCR sCW sCO > sCE
   ca: sNO sI1 sIN sCS sCR sCW sCO sCE > sES
   s: sNO sI1 sIN sCS sCR sCW sCO sCE sES > sSS
   sa: sNO sI1 sIN sCS sCR sSS sSR > sSA
   sc: sNO > sCL
   e: sNO sI1 sIN sCS sCR > sCL
   a: * > sCL; sI1 > sRJ`,
);

export function nextSctpState(state: State, from: 'client' | 'server', event: SctpEvent): State {
  return (from === 'client' ? CLIENT : SERVER)[event]?.[state] ?? state;
}
