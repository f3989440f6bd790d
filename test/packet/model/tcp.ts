// SPDX-License-Identifier: MIT
// The model's states. TCP's are as IPVS's documentation tables them: rows by state, columns SYN FIN ACK RST. SCTP's: sctp.ts.
import type { Packet } from './parse.ts';
import { nextSctpState } from './sctp.ts';

export type State = 'NO' | 'ES' | 'SS' | 'SR' | 'FW' | 'TW' | 'CL' | 'CW' | 'LA' | 'LI' | 'SA' | 'UDP' | SctpState;

type SctpName = 'NO' | 'I1' | 'IN' | 'CS' | 'CR' | 'CW' | 'CO' | 'CE' | 'ES' | 'SS' | 'SR' | 'SA' | 'RJ' | 'CL';
export type SctpState = `s${SctpName}`;

const rows = (text: string): Record<string, State[]> =>
  Object.fromEntries(text.split(';').map((row) => [row.trim().slice(0, 2), row.trim().slice(3).split(' ') as State[]]));

const CLIENT = rows(
  'NO SR CL ES CL;ES ES CW ES CL;SS ES SS SS CL;SR SR TW ES SR;FW SR TW FW CL;TW SR TW TW CL;CL SR CL CL CL;CW SR CW CW CL;LA SR LA CL LA;LI SR LI LI LI;SA SR TW ES SR',
);
const SERVER = rows(
  'NO SS TW ES CL;ES ES FW ES CL;SS SS SS SS SS;SR SR TW ES CL;FW SS FW FW CL;TW SS TW TW TW;CL SS CL CL CL;CW SS TW CW CL;LA SS LA LA CL;LI LI LI ES CL;SA SR TW ES CL',
);

/** Seconds an idle connection lives. */
export const SECONDS: Record<State, number> = {
  NO: 2,
  ES: 900,
  SS: 120,
  SR: 60,
  FW: 120,
  TW: 120,
  CL: 10,
  CW: 60,
  LA: 30,
  LI: 120,
  SA: 120,
  UDP: 300,
  sNO: 2,
  sI1: 4,
  sIN: 61,
  sCS: 61,
  sCR: 61,
  sCW: 61,
  sCO: 61,
  sCE: 61,
  sES: 900,
  sSS: 61,
  sSR: 61,
  sSA: 61,
  sRJ: 4,
  sCL: 61,
};

export const isActive = (state: State): boolean => ['ES', 'SS', 'SR', 'SA', 'sES'].includes(state);

function column({ rst, syn, fin, ack }: Packet): number {
  if (rst) return 3;
  if (syn) return 0;
  if (fin) return 1;
  return ack ? 2 : -1;
}

/** The state behind this segment. */
export function nextState(state: State, from: 'client' | 'server', segment: Packet): State {
  if (state === 'UDP') return state;
  if (state.startsWith('s')) return nextSctpState(state, from, segment.event ?? 'd');
  const event = column(segment);
  return event < 0 ? 'CL' : ((from === 'client' ? CLIENT : SERVER)[state]?.[event] as State);
}
