// SPDX-License-Identifier: MIT
// A connection's state as IPVS lists it (ip_vs_proto_tcp.c, ip_vs_proto_sctp.c): its name, where that is not too long.
import * as abi from '../abi/index.ts';

const { State } = abi;
const SHORTENED: Readonly<Record<number, string>> = {
  [State.SCTP_COOKIE_SENT]: 'C-SENT',
  [State.SCTP_COOKIE_REPLIED]: 'C-REPLIED',
  [State.SCTP_COOKIE_WAIT]: 'C-WAIT',
  [State.SCTP_COOKIE_ECHOED]: 'C-ECHOED',
  [State.SCTP_SHUTDOWN_SENT]: 'S-SENT',
  [State.SCTP_SHUTDOWN_RECEIVED]: 'S-RECEIVED',
  [State.SCTP_SHUTDOWN_ACK_SENT]: 'S-ACK-SENT',
};

/** `number`: enum state of bpf/abi.h. */
export function stateWord(number: number): string {
  const name = abi.stateNames[number] ?? String(number);
  return SHORTENED[number] ?? name.replace(/^sctp_/, '').toUpperCase();
}
