// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
import { codecOf } from 'bpf-maps';
import { flowKeyCodec, connectionSlotCodec, connectionCodec, daemonCodec, documentKeyCodec, documentChunkCodec, epochCodec, memberCodec, hashTableCodec, interfaceCodec, localityKeyCodec, localityCodec, markAddressKeyCodec, markCandidateCodec, markPortKeyCodec, markLeafCodec, mhTableCodec, persistenceKeyCodec, persistenceCodec, persistenceSlotCodec, serverCountersCodec, ringCursorCodec, schedulerStateCodec, serverLoadCodec, serverCodec, serviceKeyCodec, serviceCodec, settingsCodec, expiryTimerCodec } from './structs.ts';

/** Codecs of the maps by their names in the object. */
export const maps = {
  connection_slots: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: connectionSlotCodec },
  connections: { key: flowKeyCodec, value: connectionCodec },
  daemons: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: daemonCodec },
  documents: { key: documentKeyCodec, value: documentChunkCodec },
  drops: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<bigint>({ kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false }) },
  epochs: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: epochCodec },
  events: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<bigint>({ kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false }) },
  hash_tables: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: hashTableCodec },
  interfaces: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: interfaceCodec },
  localities: { key: localityKeyCodec, value: localityCodec },
  mark_addresses: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), inner: { key: markAddressKeyCodec, value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }) } },
  mark_candidates: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), inner: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: markCandidateCodec } },
  mark_ports: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), inner: { key: markPortKeyCodec, value: markLeafCodec } },
  members: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: memberCodec },
  mh_tables: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: mhTableCodec },
  no_locality: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: localityCodec },
  no_mark_addresses: { key: markAddressKeyCodec, value: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }) },
  no_mark_candidates: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: markCandidateCodec },
  no_mark_ports: { key: markPortKeyCodec, value: markLeafCodec },
  passes: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: codecOf<bigint>({ kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false }) },
  persistence: { key: persistenceKeyCodec, value: persistenceCodec },
  persistence_slots: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: persistenceSlotCodec },
  retired_counters: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: serverCountersCodec },
  ring_cursors: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: ringCursorCodec },
  scheduler_states: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: schedulerStateCodec },
  server_counters: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: serverCountersCodec },
  server_loads: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: serverLoadCodec },
  servers: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: serverCodec },
  services: { key: serviceKeyCodec, value: serviceCodec },
  settings: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: settingsCodec },
  timers: { key: codecOf<number>({ kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }), value: expiryTimerCodec },
} as const;
