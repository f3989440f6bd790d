// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
import { checkArray, checkU16, checkU32, checkU64, checkU8, readBytes, readText, writeBytes, writeText, type Codec, type StructLayout } from 'bpf-maps';
import { directionLayout, dropReasonLayout, eventLayout, familyLayout, halfFlagLayout, markSetLayout, passReasonLayout, ringLayout, roleLayout, schedulerLayout, serverStatusLayout, serviceFlagLayout, stateLayout } from './enums.ts';

/** struct flow_key, 16 bytes */
export interface FlowKey {
  /** __be32, offset 0 */
  readonly source: number;
  /** __be32, offset 4 */
  readonly destination: number;
  /** __be16, offset 8 */
  readonly sourcePort: number;
  /** __be16, offset 10 */
  readonly destinationPort: number;
  /** __u8, offset 12: IP protocol number */
  readonly protocol: number;
  /** __u8[3], offset 13 */
  readonly reserved: Uint8Array;
}

export const flowKeyLayout: StructLayout = {
  kind: 'struct', name: 'flow_key', size: 16,
  fields: [
    { name: 'source', offset: 0, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'destination', offset: 4, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'source_port', offset: 8, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'destination_port', offset: 10, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 12, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false }, help: 'IP protocol number' },
    { name: 'reserved', offset: 13, layout: { kind: 'bytes', length: 3 } },
  ],
};

export const flowKeyCodec: Codec<FlowKey> = {
  size: 16,
  layout: flowKeyLayout,
  decode: (view, offset) => ({
    source: view.getUint32(offset, false),
    destination: view.getUint32(offset + 4, false),
    sourcePort: view.getUint16(offset + 8, false),
    destinationPort: view.getUint16(offset + 10, false),
    protocol: view.getUint8(offset + 12),
    reserved: readBytes(view, offset + 13, 3),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.source, 'struct flow_key.source'), false);
    view.setUint32(offset + 4, checkU32(value.destination, 'struct flow_key.destination'), false);
    view.setUint16(offset + 8, checkU16(value.sourcePort, 'struct flow_key.source_port'), false);
    view.setUint16(offset + 10, checkU16(value.destinationPort, 'struct flow_key.destination_port'), false);
    view.setUint8(offset + 12, checkU8(value.protocol, 'struct flow_key.protocol'));
    writeBytes(view, offset + 13, 3, value.reserved, 'struct flow_key.reserved');
  },
};

/** struct connection_slot, 24 bytes */
export interface ConnectionSlot {
  /** struct flow_key, offset 0: forward key */
  readonly key: FlowKey;
  /** __u32, offset 16 */
  readonly nonce: number;
  /** __u32, offset 20: low bits of the ring position plus one; written last */
  readonly sequence: number;
}

export const connectionSlotLayout: StructLayout = {
  kind: 'struct', name: 'connection_slot', size: 24,
  fields: [
    { name: 'key', offset: 0, layout: flowKeyLayout, help: 'forward key' },
    { name: 'nonce', offset: 16, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'sequence', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'low bits of the ring position plus one; written last' },
  ],
};

export const connectionSlotCodec: Codec<ConnectionSlot> = {
  size: 24,
  layout: connectionSlotLayout,
  decode: (view, offset) => ({
    key: flowKeyCodec.decode(view, offset),
    nonce: view.getUint32(offset + 16, true),
    sequence: view.getUint32(offset + 20, true),
  }),
  encode(value, view, offset) {
    flowKeyCodec.encode(value.key, view, offset);
    view.setUint32(offset + 16, checkU32(value.nonce, 'struct connection_slot.nonce'), true);
    view.setUint32(offset + 20, checkU32(value.sequence, 'struct connection_slot.sequence'), true);
  },
};

/** struct address, 16 bytes */
export interface Address {
  /** __be32[4], offset 0 */
  readonly word: readonly number[];
}

export const addressLayout: StructLayout = {
  kind: 'struct', name: 'address', size: 16,
  fields: [
    { name: 'word', offset: 0, layout: { kind: 'array', length: 4, element: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } } },
  ],
};

export const addressCodec: Codec<Address> = {
  size: 16,
  layout: addressLayout,
  decode: (view, offset) => ({
    word: [view.getUint32(offset, false), view.getUint32(offset + 4, false), view.getUint32(offset + 8, false), view.getUint32(offset + 12, false)],
  }),
  encode(value, view, offset) {
    checkArray(value.word, 4, 'struct address.word');
    view.setUint32(offset, checkU32((value.word[0] as number), 'struct address.word[]'), false);
    view.setUint32(offset + 4, checkU32((value.word[1] as number), 'struct address.word[]'), false);
    view.setUint32(offset + 8, checkU32((value.word[2] as number), 'struct address.word[]'), false);
    view.setUint32(offset + 12, checkU32((value.word[3] as number), 'struct address.word[]'), false);
  },
};

/** struct flow_key6, 40 bytes */
export interface FlowKey6 {
  /** struct address, offset 0 */
  readonly source: Address;
  /** struct address, offset 16 */
  readonly destination: Address;
  /** __be16, offset 32 */
  readonly sourcePort: number;
  /** __be16, offset 34 */
  readonly destinationPort: number;
  /** __u8, offset 36: IP protocol number */
  readonly protocol: number;
  /** __u8[3], offset 37 */
  readonly reserved: Uint8Array;
}

export const flowKey6Layout: StructLayout = {
  kind: 'struct', name: 'flow_key6', size: 40,
  fields: [
    { name: 'source', offset: 0, layout: addressLayout },
    { name: 'destination', offset: 16, layout: addressLayout },
    { name: 'source_port', offset: 32, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'destination_port', offset: 34, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 36, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false }, help: 'IP protocol number' },
    { name: 'reserved', offset: 37, layout: { kind: 'bytes', length: 3 } },
  ],
};

export const flowKey6Codec: Codec<FlowKey6> = {
  size: 40,
  layout: flowKey6Layout,
  decode: (view, offset) => ({
    source: addressCodec.decode(view, offset),
    destination: addressCodec.decode(view, offset + 16),
    sourcePort: view.getUint16(offset + 32, false),
    destinationPort: view.getUint16(offset + 34, false),
    protocol: view.getUint8(offset + 36),
    reserved: readBytes(view, offset + 37, 3),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.source, view, offset);
    addressCodec.encode(value.destination, view, offset + 16);
    view.setUint16(offset + 32, checkU16(value.sourcePort, 'struct flow_key6.source_port'), false);
    view.setUint16(offset + 34, checkU16(value.destinationPort, 'struct flow_key6.destination_port'), false);
    view.setUint8(offset + 36, checkU8(value.protocol, 'struct flow_key6.protocol'));
    writeBytes(view, offset + 37, 3, value.reserved, 'struct flow_key6.reserved');
  },
};

/** struct connection_slot6, 48 bytes */
export interface ConnectionSlot6 {
  /** struct flow_key6, offset 0: forward key */
  readonly key: FlowKey6;
  /** __u32, offset 40 */
  readonly nonce: number;
  /** __u32, offset 44: low bits of the ring position plus one; written last */
  readonly sequence: number;
}

export const connectionSlot6Layout: StructLayout = {
  kind: 'struct', name: 'connection_slot6', size: 48,
  fields: [
    { name: 'key', offset: 0, layout: flowKey6Layout, help: 'forward key' },
    { name: 'nonce', offset: 40, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'sequence', offset: 44, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'low bits of the ring position plus one; written last' },
  ],
};

export const connectionSlot6Codec: Codec<ConnectionSlot6> = {
  size: 48,
  layout: connectionSlot6Layout,
  decode: (view, offset) => ({
    key: flowKey6Codec.decode(view, offset),
    nonce: view.getUint32(offset + 40, true),
    sequence: view.getUint32(offset + 44, true),
  }),
  encode(value, view, offset) {
    flowKey6Codec.encode(value.key, view, offset);
    view.setUint32(offset + 40, checkU32(value.nonce, 'struct connection_slot6.nonce'), true);
    view.setUint32(offset + 44, checkU32(value.sequence, 'struct connection_slot6.sequence'), true);
  },
};

/** struct connection, 64 bytes */
export interface Connection {
  /** struct flow_key, offset 0: the key again: proves that a reused element is still this flow */
  readonly key: FlowKey;
  /** __be32, offset 16: replaces the destination (forward) or the source (reply) */
  readonly address: number;
  /** __be16, offset 20: replaces that side's port */
  readonly port: number;
  /** __u16, offset 22: largest IP packet the next hop takes, bytes */
  readonly mtu: number;
  /** __u16, offset 24: ones' complement difference of the IPv4 header's checksum */
  readonly addressDelta: number;
  /** __u16, offset 26: ones' complement difference of the TCP or UDP checksum */
  readonly segmentDelta: number;
  /** __u32, offset 28: egress device, be it a VLAN device; 0: next hop unknown */
  readonly ifindex: number;
  /** __u8[6], offset 32 */
  readonly destinationMac: Uint8Array;
  /** __u8[6], offset 38 */
  readonly sourceMac: Uint8Array;
  /** __u32, offset 44: route generation the next hop was resolved in */
  readonly generation: number;
  /** __u32, offset 48: ticks; written when at least a second old */
  readonly lastSeen: number;
  /** __u32, offset 52 */
  readonly state: number;
  /** __u32, offset 56: slot in servers */
  readonly server: number;
  /** __u8, offset 60 */
  readonly direction: number;
  /** __u8, offset 61: client prefix length of the persistence entry that controls it; 0: none */
  readonly prefix: number;
  /** __u16, offset 62: slot in vlans of the egress device; 0: it is no VLAN device */
  readonly vlan: number;
}

export const connectionLayout: StructLayout = {
  kind: 'struct', name: 'connection', size: 64,
  fields: [
    { name: 'key', offset: 0, layout: flowKeyLayout, help: 'the key again: proves that a reused element is still this flow' },
    { name: 'address', offset: 16, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true }, help: 'replaces the destination (forward) or the source (reply)' },
    { name: 'port', offset: 20, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true }, help: 'replaces that side\'s port' },
    { name: 'mtu', offset: 22, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'largest IP packet the next hop takes, bytes' },
    { name: 'address_delta', offset: 24, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'ones\' complement difference of the IPv4 header\'s checksum' },
    { name: 'segment_delta', offset: 26, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'ones\' complement difference of the TCP or UDP checksum' },
    { name: 'ifindex', offset: 28, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'egress device, be it a VLAN device; 0: next hop unknown' },
    { name: 'destination_mac', offset: 32, layout: { kind: 'bytes', length: 6 } },
    { name: 'source_mac', offset: 38, layout: { kind: 'bytes', length: 6 } },
    { name: 'generation', offset: 44, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'route generation the next hop was resolved in' },
    { name: 'last_seen', offset: 48, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks; written when at least a second old' },
    { name: 'state', offset: 52, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'server', offset: 56, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slot in servers' },
    { name: 'direction', offset: 60, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'prefix', offset: 61, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false }, help: 'client prefix length of the persistence entry that controls it; 0: none' },
    { name: 'vlan', offset: 62, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'slot in vlans of the egress device; 0: it is no VLAN device' },
  ],
};

export const connectionCodec: Codec<Connection> = {
  size: 64,
  layout: connectionLayout,
  decode: (view, offset) => ({
    key: flowKeyCodec.decode(view, offset),
    address: view.getUint32(offset + 16, false),
    port: view.getUint16(offset + 20, false),
    mtu: view.getUint16(offset + 22, true),
    addressDelta: view.getUint16(offset + 24, true),
    segmentDelta: view.getUint16(offset + 26, true),
    ifindex: view.getUint32(offset + 28, true),
    destinationMac: readBytes(view, offset + 32, 6),
    sourceMac: readBytes(view, offset + 38, 6),
    generation: view.getUint32(offset + 44, true),
    lastSeen: view.getUint32(offset + 48, true),
    state: view.getUint32(offset + 52, true),
    server: view.getUint32(offset + 56, true),
    direction: view.getUint8(offset + 60),
    prefix: view.getUint8(offset + 61),
    vlan: view.getUint16(offset + 62, true),
  }),
  encode(value, view, offset) {
    flowKeyCodec.encode(value.key, view, offset);
    view.setUint32(offset + 16, checkU32(value.address, 'struct connection.address'), false);
    view.setUint16(offset + 20, checkU16(value.port, 'struct connection.port'), false);
    view.setUint16(offset + 22, checkU16(value.mtu, 'struct connection.mtu'), true);
    view.setUint16(offset + 24, checkU16(value.addressDelta, 'struct connection.address_delta'), true);
    view.setUint16(offset + 26, checkU16(value.segmentDelta, 'struct connection.segment_delta'), true);
    view.setUint32(offset + 28, checkU32(value.ifindex, 'struct connection.ifindex'), true);
    writeBytes(view, offset + 32, 6, value.destinationMac, 'struct connection.destination_mac');
    writeBytes(view, offset + 38, 6, value.sourceMac, 'struct connection.source_mac');
    view.setUint32(offset + 44, checkU32(value.generation, 'struct connection.generation'), true);
    view.setUint32(offset + 48, checkU32(value.lastSeen, 'struct connection.last_seen'), true);
    view.setUint32(offset + 52, checkU32(value.state, 'struct connection.state'), true);
    view.setUint32(offset + 56, checkU32(value.server, 'struct connection.server'), true);
    view.setUint8(offset + 60, checkU8(value.direction, 'struct connection.direction'));
    view.setUint8(offset + 61, checkU8(value.prefix, 'struct connection.prefix'));
    view.setUint16(offset + 62, checkU16(value.vlan, 'struct connection.vlan'), true);
  },
};

/** struct connection6, 104 bytes */
export interface Connection6 {
  /** struct flow_key6, offset 0: the key again: proves that a reused element is still this flow */
  readonly key: FlowKey6;
  /** struct address, offset 40: replaces the destination (forward) or the source (reply) */
  readonly address: Address;
  /** __be16, offset 56: replaces that side's port */
  readonly port: number;
  /** __u16, offset 58: largest IP packet the next hop takes, bytes */
  readonly mtu: number;
  /** __u16, offset 60: ones' complement difference of the IPv4 header's checksum */
  readonly addressDelta: number;
  /** __u16, offset 62: ones' complement difference of the TCP or UDP checksum */
  readonly segmentDelta: number;
  /** __u32, offset 64: egress device, be it a VLAN device; 0: next hop unknown */
  readonly ifindex: number;
  /** __u8[6], offset 68 */
  readonly destinationMac: Uint8Array;
  /** __u8[6], offset 74 */
  readonly sourceMac: Uint8Array;
  /** __u32, offset 80: route generation the next hop was resolved in */
  readonly generation: number;
  /** __u32, offset 84: ticks; written when at least a second old */
  readonly lastSeen: number;
  /** __u32, offset 88 */
  readonly state: number;
  /** __u32, offset 92: slot in servers */
  readonly server: number;
  /** __u8, offset 96 */
  readonly direction: number;
  /** __u8, offset 97: client prefix length of the persistence entry that controls it; 0: none */
  readonly prefix: number;
  /** __u16, offset 98: slot in vlans of the egress device; 0: it is no VLAN device */
  readonly vlan: number;
  /** __u32, offset 100 */
  readonly unused: number;
}

export const connection6Layout: StructLayout = {
  kind: 'struct', name: 'connection6', size: 104,
  fields: [
    { name: 'key', offset: 0, layout: flowKey6Layout, help: 'the key again: proves that a reused element is still this flow' },
    { name: 'address', offset: 40, layout: addressLayout, help: 'replaces the destination (forward) or the source (reply)' },
    { name: 'port', offset: 56, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true }, help: 'replaces that side\'s port' },
    { name: 'mtu', offset: 58, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'largest IP packet the next hop takes, bytes' },
    { name: 'address_delta', offset: 60, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'ones\' complement difference of the IPv4 header\'s checksum' },
    { name: 'segment_delta', offset: 62, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'ones\' complement difference of the TCP or UDP checksum' },
    { name: 'ifindex', offset: 64, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'egress device, be it a VLAN device; 0: next hop unknown' },
    { name: 'destination_mac', offset: 68, layout: { kind: 'bytes', length: 6 } },
    { name: 'source_mac', offset: 74, layout: { kind: 'bytes', length: 6 } },
    { name: 'generation', offset: 80, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'route generation the next hop was resolved in' },
    { name: 'last_seen', offset: 84, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks; written when at least a second old' },
    { name: 'state', offset: 88, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'server', offset: 92, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slot in servers' },
    { name: 'direction', offset: 96, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'prefix', offset: 97, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false }, help: 'client prefix length of the persistence entry that controls it; 0: none' },
    { name: 'vlan', offset: 98, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'slot in vlans of the egress device; 0: it is no VLAN device' },
    { name: 'unused', offset: 100, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const connection6Codec: Codec<Connection6> = {
  size: 104,
  layout: connection6Layout,
  decode: (view, offset) => ({
    key: flowKey6Codec.decode(view, offset),
    address: addressCodec.decode(view, offset + 40),
    port: view.getUint16(offset + 56, false),
    mtu: view.getUint16(offset + 58, true),
    addressDelta: view.getUint16(offset + 60, true),
    segmentDelta: view.getUint16(offset + 62, true),
    ifindex: view.getUint32(offset + 64, true),
    destinationMac: readBytes(view, offset + 68, 6),
    sourceMac: readBytes(view, offset + 74, 6),
    generation: view.getUint32(offset + 80, true),
    lastSeen: view.getUint32(offset + 84, true),
    state: view.getUint32(offset + 88, true),
    server: view.getUint32(offset + 92, true),
    direction: view.getUint8(offset + 96),
    prefix: view.getUint8(offset + 97),
    vlan: view.getUint16(offset + 98, true),
    unused: view.getUint32(offset + 100, true),
  }),
  encode(value, view, offset) {
    flowKey6Codec.encode(value.key, view, offset);
    addressCodec.encode(value.address, view, offset + 40);
    view.setUint16(offset + 56, checkU16(value.port, 'struct connection6.port'), false);
    view.setUint16(offset + 58, checkU16(value.mtu, 'struct connection6.mtu'), true);
    view.setUint16(offset + 60, checkU16(value.addressDelta, 'struct connection6.address_delta'), true);
    view.setUint16(offset + 62, checkU16(value.segmentDelta, 'struct connection6.segment_delta'), true);
    view.setUint32(offset + 64, checkU32(value.ifindex, 'struct connection6.ifindex'), true);
    writeBytes(view, offset + 68, 6, value.destinationMac, 'struct connection6.destination_mac');
    writeBytes(view, offset + 74, 6, value.sourceMac, 'struct connection6.source_mac');
    view.setUint32(offset + 80, checkU32(value.generation, 'struct connection6.generation'), true);
    view.setUint32(offset + 84, checkU32(value.lastSeen, 'struct connection6.last_seen'), true);
    view.setUint32(offset + 88, checkU32(value.state, 'struct connection6.state'), true);
    view.setUint32(offset + 92, checkU32(value.server, 'struct connection6.server'), true);
    view.setUint8(offset + 96, checkU8(value.direction, 'struct connection6.direction'));
    view.setUint8(offset + 97, checkU8(value.prefix, 'struct connection6.prefix'));
    view.setUint16(offset + 98, checkU16(value.vlan, 'struct connection6.vlan'), true);
    view.setUint32(offset + 100, checkU32(value.unused, 'struct connection6.unused'), true);
  },
};

/** struct daemon, 12 bytes */
export interface Daemon {
  /** __u32, offset 0: ticks */
  readonly seen: number;
  /** __u32, offset 4 */
  readonly pid: number;
  /** __u32, offset 8: of memory: one packet in so many is to go, as IPVS reckons; 0: none */
  readonly shortage: number;
}

export const daemonLayout: StructLayout = {
  kind: 'struct', name: 'daemon', size: 12,
  fields: [
    { name: 'seen', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'pid', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'shortage', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'of memory: one packet in so many is to go, as IPVS reckons; 0: none' },
  ],
};

export const daemonCodec: Codec<Daemon> = {
  size: 12,
  layout: daemonLayout,
  decode: (view, offset) => ({
    seen: view.getUint32(offset, true),
    pid: view.getUint32(offset + 4, true),
    shortage: view.getUint32(offset + 8, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.seen, 'struct daemon.seen'), true);
    view.setUint32(offset + 4, checkU32(value.pid, 'struct daemon.pid'), true);
    view.setUint32(offset + 8, checkU32(value.shortage, 'struct daemon.shortage'), true);
  },
};

/** struct document_key, 8 bytes */
export interface DocumentKey {
  /** __u32, offset 0 */
  readonly document: number;
  /** __u32, offset 4 */
  readonly chunk: number;
}

export const documentKeyLayout: StructLayout = {
  kind: 'struct', name: 'document_key', size: 8,
  fields: [
    { name: 'document', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'chunk', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const documentKeyCodec: Codec<DocumentKey> = {
  size: 8,
  layout: documentKeyLayout,
  decode: (view, offset) => ({
    document: view.getUint32(offset, true),
    chunk: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.document, 'struct document_key.document'), true);
    view.setUint32(offset + 4, checkU32(value.chunk, 'struct document_key.chunk'), true);
  },
};

/** struct document_chunk, 4100 bytes */
export interface DocumentChunk {
  /** __u32, offset 0 */
  readonly used: number;
  /** __u8[4096], offset 4 */
  readonly bytes: Uint8Array;
}

export const documentChunkLayout: StructLayout = {
  kind: 'struct', name: 'document_chunk', size: 4100,
  fields: [
    { name: 'used', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'bytes', offset: 4, layout: { kind: 'bytes', length: 4096 } },
  ],
};

export const documentChunkCodec: Codec<DocumentChunk> = {
  size: 4100,
  layout: documentChunkLayout,
  decode: (view, offset) => ({
    used: view.getUint32(offset, true),
    bytes: readBytes(view, offset + 4, 4096),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.used, 'struct document_chunk.used'), true);
    writeBytes(view, offset + 4, 4096, value.bytes, 'struct document_chunk.bytes');
  },
};

/** struct epoch, 24 bytes */
export interface Epoch {
  /** __u32, offset 0: raised by the timer when no daemon watches the routes */
  readonly age: number;
  /** __u32, offset 4: ticks */
  readonly raisedAt: number;
  /** __u32, offset 8: slots walked for room since any was found */
  readonly barren: number;
  /** __u32, offset 12: timer slices run, for tests and curiosity */
  readonly slices: number;
  /** __u32, offset 16: ticks at the last slice: the time for packets that need it only roughly */
  readonly now: number;
  /** __u32, offset 20: ticks; when a CPU with very many flows last put off a time stamp */
  readonly renewedLate: number;
}

export const epochLayout: StructLayout = {
  kind: 'struct', name: 'epoch', size: 24,
  fields: [
    { name: 'age', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'raised by the timer when no daemon watches the routes' },
    { name: 'raised_at', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'barren', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slots walked for room since any was found' },
    { name: 'slices', offset: 12, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'timer slices run, for tests and curiosity' },
    { name: 'now', offset: 16, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks at the last slice: the time for packets that need it only roughly' },
    { name: 'renewed_late', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks; when a CPU with very many flows last put off a time stamp' },
  ],
};

export const epochCodec: Codec<Epoch> = {
  size: 24,
  layout: epochLayout,
  decode: (view, offset) => ({
    age: view.getUint32(offset, true),
    raisedAt: view.getUint32(offset + 4, true),
    barren: view.getUint32(offset + 8, true),
    slices: view.getUint32(offset + 12, true),
    now: view.getUint32(offset + 16, true),
    renewedLate: view.getUint32(offset + 20, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.age, 'struct epoch.age'), true);
    view.setUint32(offset + 4, checkU32(value.raisedAt, 'struct epoch.raised_at'), true);
    view.setUint32(offset + 8, checkU32(value.barren, 'struct epoch.barren'), true);
    view.setUint32(offset + 12, checkU32(value.slices, 'struct epoch.slices'), true);
    view.setUint32(offset + 16, checkU32(value.now, 'struct epoch.now'), true);
    view.setUint32(offset + 20, checkU32(value.renewedLate, 'struct epoch.renewed_late'), true);
  },
};

/** struct fragment_key, 40 bytes */
export interface FragmentKey {
  /** struct address, offset 0 */
  readonly source: Address;
  /** struct address, offset 16 */
  readonly destination: Address;
  /** __be32, offset 32 */
  readonly identification: number;
  /** __u8, offset 36: 0 with IPv6: behind the first fragment's options it is none of the others' (RFC 8200 4.5) */
  readonly protocol: number;
  /** __u8, offset 37 */
  readonly family: number;
  /** __u8[2], offset 38 */
  readonly reserved: Uint8Array;
}

export const fragmentKeyLayout: StructLayout = {
  kind: 'struct', name: 'fragment_key', size: 40,
  fields: [
    { name: 'source', offset: 0, layout: addressLayout },
    { name: 'destination', offset: 16, layout: addressLayout },
    { name: 'identification', offset: 32, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 36, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false }, help: '0 with IPv6: behind the first fragment\'s options it is none of the others\' (RFC 8200 4.5)' },
    { name: 'family', offset: 37, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'reserved', offset: 38, layout: { kind: 'bytes', length: 2 } },
  ],
};

export const fragmentKeyCodec: Codec<FragmentKey> = {
  size: 40,
  layout: fragmentKeyLayout,
  decode: (view, offset) => ({
    source: addressCodec.decode(view, offset),
    destination: addressCodec.decode(view, offset + 16),
    identification: view.getUint32(offset + 32, false),
    protocol: view.getUint8(offset + 36),
    family: view.getUint8(offset + 37),
    reserved: readBytes(view, offset + 38, 2),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.source, view, offset);
    addressCodec.encode(value.destination, view, offset + 16);
    view.setUint32(offset + 32, checkU32(value.identification, 'struct fragment_key.identification'), false);
    view.setUint8(offset + 36, checkU8(value.protocol, 'struct fragment_key.protocol'));
    view.setUint8(offset + 37, checkU8(value.family, 'struct fragment_key.family'));
    writeBytes(view, offset + 38, 2, value.reserved, 'struct fragment_key.reserved');
  },
};

/** struct fragment, 16 bytes */
export interface Fragment {
  /** __be16, offset 0 */
  readonly sourcePort: number;
  /** __be16, offset 2 */
  readonly destinationPort: number;
  /** __u8, offset 4 */
  readonly protocol: number;
  /** __u8[3], offset 5 */
  readonly reserved: Uint8Array;
  /** __u32, offset 8: ticks */
  readonly seen: number;
  /** __u32, offset 12: slot in servers, where no connection says it: of one-packet scheduling alone */
  readonly server: number;
}

export const fragmentLayout: StructLayout = {
  kind: 'struct', name: 'fragment', size: 16,
  fields: [
    { name: 'source_port', offset: 0, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'destination_port', offset: 2, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 4, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'reserved', offset: 5, layout: { kind: 'bytes', length: 3 } },
    { name: 'seen', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'server', offset: 12, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slot in servers, where no connection says it: of one-packet scheduling alone' },
  ],
};

export const fragmentCodec: Codec<Fragment> = {
  size: 16,
  layout: fragmentLayout,
  decode: (view, offset) => ({
    sourcePort: view.getUint16(offset, false),
    destinationPort: view.getUint16(offset + 2, false),
    protocol: view.getUint8(offset + 4),
    reserved: readBytes(view, offset + 5, 3),
    seen: view.getUint32(offset + 8, true),
    server: view.getUint32(offset + 12, true),
  }),
  encode(value, view, offset) {
    view.setUint16(offset, checkU16(value.sourcePort, 'struct fragment.source_port'), false);
    view.setUint16(offset + 2, checkU16(value.destinationPort, 'struct fragment.destination_port'), false);
    view.setUint8(offset + 4, checkU8(value.protocol, 'struct fragment.protocol'));
    writeBytes(view, offset + 5, 3, value.reserved, 'struct fragment.reserved');
    view.setUint32(offset + 8, checkU32(value.seen, 'struct fragment.seen'), true);
    view.setUint32(offset + 12, checkU32(value.server, 'struct fragment.server'), true);
  },
};

/** struct front_hop, 24 bytes */
export interface FrontHop {
  /** __u32, offset 0 */
  readonly ifindex: number;
  /** __u8[6], offset 4 */
  readonly destinationMac: Uint8Array;
  /** __u8[6], offset 10 */
  readonly sourceMac: Uint8Array;
  /** __u16, offset 16 */
  readonly mtu: number;
  /** __u16, offset 18 */
  readonly vlan: number;
  /** __u32, offset 20: route generation it was used in last */
  readonly generation: number;
}

export const frontHopLayout: StructLayout = {
  kind: 'struct', name: 'front_hop', size: 24,
  fields: [
    { name: 'ifindex', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'destination_mac', offset: 4, layout: { kind: 'bytes', length: 6 } },
    { name: 'source_mac', offset: 10, layout: { kind: 'bytes', length: 6 } },
    { name: 'mtu', offset: 16, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'vlan', offset: 18, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'generation', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'route generation it was used in last' },
  ],
};

export const frontHopCodec: Codec<FrontHop> = {
  size: 24,
  layout: frontHopLayout,
  decode: (view, offset) => ({
    ifindex: view.getUint32(offset, true),
    destinationMac: readBytes(view, offset + 4, 6),
    sourceMac: readBytes(view, offset + 10, 6),
    mtu: view.getUint16(offset + 16, true),
    vlan: view.getUint16(offset + 18, true),
    generation: view.getUint32(offset + 20, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.ifindex, 'struct front_hop.ifindex'), true);
    writeBytes(view, offset + 4, 6, value.destinationMac, 'struct front_hop.destination_mac');
    writeBytes(view, offset + 10, 6, value.sourceMac, 'struct front_hop.source_mac');
    view.setUint16(offset + 16, checkU16(value.mtu, 'struct front_hop.mtu'), true);
    view.setUint16(offset + 18, checkU16(value.vlan, 'struct front_hop.vlan'), true);
    view.setUint32(offset + 20, checkU32(value.generation, 'struct front_hop.generation'), true);
  },
};

/** struct front_renewals, 8 bytes */
export interface FrontRenewals {
  /** __u32, offset 0 */
  readonly tick: number;
  /** __u32, offset 4 */
  readonly count: number;
}

export const frontRenewalsLayout: StructLayout = {
  kind: 'struct', name: 'front_renewals', size: 8,
  fields: [
    { name: 'tick', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'count', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const frontRenewalsCodec: Codec<FrontRenewals> = {
  size: 8,
  layout: frontRenewalsLayout,
  decode: (view, offset) => ({
    tick: view.getUint32(offset, true),
    count: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.tick, 'struct front_renewals.tick'), true);
    view.setUint32(offset + 4, checkU32(value.count, 'struct front_renewals.count'), true);
  },
};

/** struct front_slot, 32 bytes */
export interface FrontSlot {
  /** __be32, offset 0 */
  readonly source: number;
  /** __be32, offset 4 */
  readonly destination: number;
  /** __be16, offset 8 */
  readonly sourcePort: number;
  /** __be16, offset 10 */
  readonly destinationPort: number;
  /** __u8, offset 12 */
  readonly protocol: number;
  /** __u8, offset 13 */
  readonly direction: number;
  /** __u16, offset 14: place in front_hops, among this CPU's */
  readonly hop: number;
  /** __be32, offset 16 */
  readonly address: number;
  /** __be16, offset 20 */
  readonly port: number;
  /** __u16, offset 22 */
  readonly server: number;
  /** __u16, offset 24 */
  readonly addressDelta: number;
  /** __u16, offset 26: low bits of ticks; when its entry in the connection table was stamped last */
  readonly stamp: number;
  /** __u32, offset 28: sum of the route generation and its key's revocations when it was made */
  readonly generation: number;
}

export const frontSlotLayout: StructLayout = {
  kind: 'struct', name: 'front_slot', size: 32,
  fields: [
    { name: 'source', offset: 0, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'destination', offset: 4, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'source_port', offset: 8, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'destination_port', offset: 10, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 12, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'direction', offset: 13, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'hop', offset: 14, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'place in front_hops, among this CPU\'s' },
    { name: 'address', offset: 16, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'port', offset: 20, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'server', offset: 22, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'address_delta', offset: 24, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'stamp', offset: 26, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false }, help: 'low bits of ticks; when its entry in the connection table was stamped last' },
    { name: 'generation', offset: 28, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'sum of the route generation and its key\'s revocations when it was made' },
  ],
};

export const frontSlotCodec: Codec<FrontSlot> = {
  size: 32,
  layout: frontSlotLayout,
  decode: (view, offset) => ({
    source: view.getUint32(offset, false),
    destination: view.getUint32(offset + 4, false),
    sourcePort: view.getUint16(offset + 8, false),
    destinationPort: view.getUint16(offset + 10, false),
    protocol: view.getUint8(offset + 12),
    direction: view.getUint8(offset + 13),
    hop: view.getUint16(offset + 14, true),
    address: view.getUint32(offset + 16, false),
    port: view.getUint16(offset + 20, false),
    server: view.getUint16(offset + 22, true),
    addressDelta: view.getUint16(offset + 24, true),
    stamp: view.getUint16(offset + 26, true),
    generation: view.getUint32(offset + 28, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.source, 'struct front_slot.source'), false);
    view.setUint32(offset + 4, checkU32(value.destination, 'struct front_slot.destination'), false);
    view.setUint16(offset + 8, checkU16(value.sourcePort, 'struct front_slot.source_port'), false);
    view.setUint16(offset + 10, checkU16(value.destinationPort, 'struct front_slot.destination_port'), false);
    view.setUint8(offset + 12, checkU8(value.protocol, 'struct front_slot.protocol'));
    view.setUint8(offset + 13, checkU8(value.direction, 'struct front_slot.direction'));
    view.setUint16(offset + 14, checkU16(value.hop, 'struct front_slot.hop'), true);
    view.setUint32(offset + 16, checkU32(value.address, 'struct front_slot.address'), false);
    view.setUint16(offset + 20, checkU16(value.port, 'struct front_slot.port'), false);
    view.setUint16(offset + 22, checkU16(value.server, 'struct front_slot.server'), true);
    view.setUint16(offset + 24, checkU16(value.addressDelta, 'struct front_slot.address_delta'), true);
    view.setUint16(offset + 26, checkU16(value.stamp, 'struct front_slot.stamp'), true);
    view.setUint32(offset + 28, checkU32(value.generation, 'struct front_slot.generation'), true);
  },
};

/** struct front_set, 64 bytes */
export interface FrontSet {
  /** struct front_slot[2], offset 0 */
  readonly ways: readonly FrontSlot[];
}

export const frontSetLayout: StructLayout = {
  kind: 'struct', name: 'front_set', size: 64,
  fields: [
    { name: 'ways', offset: 0, layout: { kind: 'array', length: 2, element: frontSlotLayout } },
  ],
};

export const frontSetCodec: Codec<FrontSet> = {
  size: 64,
  layout: frontSetLayout,
  decode: (view, offset) => ({
    ways: [frontSlotCodec.decode(view, offset), frontSlotCodec.decode(view, offset + 32)],
  }),
  encode(value, view, offset) {
    checkArray(value.ways, 2, 'struct front_set.ways');
    frontSlotCodec.encode((value.ways[0] as FrontSlot), view, offset);
    frontSlotCodec.encode((value.ways[1] as FrontSlot), view, offset + 32);
  },
};

/** struct member, 8 bytes */
export interface Member {
  /** __u32, offset 0: slot in servers */
  readonly server: number;
  /** __u32, offset 4 */
  readonly weight: number;
}

export const memberLayout: StructLayout = {
  kind: 'struct', name: 'member', size: 8,
  fields: [
    { name: 'server', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slot in servers' },
    { name: 'weight', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const memberCodec: Codec<Member> = {
  size: 8,
  layout: memberLayout,
  decode: (view, offset) => ({
    server: view.getUint32(offset, true),
    weight: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.server, 'struct member.server'), true);
    view.setUint32(offset + 4, checkU32(value.weight, 'struct member.weight'), true);
  },
};

/** struct hash_table, 2048 bytes */
export interface HashTable {
  /** struct member[256], offset 0 */
  readonly slots: readonly Member[];
}

export const hashTableLayout: StructLayout = {
  kind: 'struct', name: 'hash_table', size: 2048,
  fields: [
    { name: 'slots', offset: 0, layout: { kind: 'array', length: 256, element: memberLayout } },
  ],
};

export const hashTableCodec: Codec<HashTable> = {
  size: 2048,
  layout: hashTableLayout,
  decode: (view, offset) => ({
    slots: Array.from({ length: 256 }, (_, i) => memberCodec.decode(view, offset + i * 8)),
  }),
  encode(value, view, offset) {
    checkArray(value.slots, 256, 'struct hash_table.slots').forEach((itemI, i) => {
      memberCodec.encode(itemI, view, offset + i * 8);
    });
  },
};

/** struct interface, 16 bytes */
export interface Interface {
  /** __u8[6], offset 0 */
  readonly mac: Uint8Array;
  /** __u16, offset 6 */
  readonly mtu: number;
  /** __u32, offset 8 */
  readonly role: number;
  /** __u32, offset 12: its slot in vlans; 0: it is no VLAN device */
  readonly vlan: number;
}

export const interfaceLayout: StructLayout = {
  kind: 'struct', name: 'interface', size: 16,
  fields: [
    { name: 'mac', offset: 0, layout: { kind: 'bytes', length: 6 } },
    { name: 'mtu', offset: 6, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'role', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'vlan', offset: 12, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'its slot in vlans; 0: it is no VLAN device' },
  ],
};

export const interfaceCodec: Codec<Interface> = {
  size: 16,
  layout: interfaceLayout,
  decode: (view, offset) => ({
    mac: readBytes(view, offset, 6),
    mtu: view.getUint16(offset + 6, true),
    role: view.getUint32(offset + 8, true),
    vlan: view.getUint32(offset + 12, true),
  }),
  encode(value, view, offset) {
    writeBytes(view, offset, 6, value.mac, 'struct interface.mac');
    view.setUint16(offset + 6, checkU16(value.mtu, 'struct interface.mtu'), true);
    view.setUint32(offset + 8, checkU32(value.role, 'struct interface.role'), true);
    view.setUint32(offset + 12, checkU32(value.vlan, 'struct interface.vlan'), true);
  },
};

/** struct listener_key, 20 bytes */
export interface ListenerKey {
  /** struct address, offset 0 */
  readonly address: Address;
  /** __be16, offset 16 */
  readonly port: number;
  /** __u8, offset 18 */
  readonly protocol: number;
  /** __u8, offset 19 */
  readonly family: number;
}

export const listenerKeyLayout: StructLayout = {
  kind: 'struct', name: 'listener_key', size: 20,
  fields: [
    { name: 'address', offset: 0, layout: addressLayout },
    { name: 'port', offset: 16, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 18, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'family', offset: 19, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
  ],
};

export const listenerKeyCodec: Codec<ListenerKey> = {
  size: 20,
  layout: listenerKeyLayout,
  decode: (view, offset) => ({
    address: addressCodec.decode(view, offset),
    port: view.getUint16(offset + 16, false),
    protocol: view.getUint8(offset + 18),
    family: view.getUint8(offset + 19),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.address, view, offset);
    view.setUint16(offset + 16, checkU16(value.port, 'struct listener_key.port'), false);
    view.setUint8(offset + 18, checkU8(value.protocol, 'struct listener_key.protocol'));
    view.setUint8(offset + 19, checkU8(value.family, 'struct listener_key.family'));
  },
};

/** struct listener, 24 bytes */
export interface Listener {
  /** struct address, offset 0 */
  readonly address: Address;
  /** __be16, offset 16 */
  readonly port: number;
  /** __u16, offset 18 */
  readonly reserved: number;
  /** __u32, offset 20: slot in servers */
  readonly server: number;
}

export const listenerLayout: StructLayout = {
  kind: 'struct', name: 'listener', size: 24,
  fields: [
    { name: 'address', offset: 0, layout: addressLayout },
    { name: 'port', offset: 16, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'reserved', offset: 18, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
    { name: 'server', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slot in servers' },
  ],
};

export const listenerCodec: Codec<Listener> = {
  size: 24,
  layout: listenerLayout,
  decode: (view, offset) => ({
    address: addressCodec.decode(view, offset),
    port: view.getUint16(offset + 16, false),
    reserved: view.getUint16(offset + 18, true),
    server: view.getUint32(offset + 20, true),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.address, view, offset);
    view.setUint16(offset + 16, checkU16(value.port, 'struct listener.port'), false);
    view.setUint16(offset + 18, checkU16(value.reserved, 'struct listener.reserved'), true);
    view.setUint32(offset + 20, checkU32(value.server, 'struct listener.server'), true);
  },
};

/** struct locality_key, 20 bytes */
export interface LocalityKey {
  /** struct address, offset 0 */
  readonly destination: Address;
  /** __u32, offset 16 */
  readonly service: number;
}

export const localityKeyLayout: StructLayout = {
  kind: 'struct', name: 'locality_key', size: 20,
  fields: [
    { name: 'destination', offset: 0, layout: addressLayout },
    { name: 'service', offset: 16, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const localityKeyCodec: Codec<LocalityKey> = {
  size: 20,
  layout: localityKeyLayout,
  decode: (view, offset) => ({
    destination: addressCodec.decode(view, offset),
    service: view.getUint32(offset + 16, true),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.destination, view, offset);
    view.setUint32(offset + 16, checkU32(value.service, 'struct locality_key.service'), true);
  },
};

/** struct locality, 140 bytes */
export interface Locality {
  /** __u32, offset 0: ticks */
  readonly lastUsed: number;
  /** __u32, offset 4: ticks; when a server joined or left */
  readonly lastModified: number;
  /** __u32, offset 8: servers, the one that joined last at the end; always one with lblc */
  readonly count: number;
  /** __u32[32], offset 12 */
  readonly servers: readonly number[];
}

export const localityLayout: StructLayout = {
  kind: 'struct', name: 'locality', size: 140,
  fields: [
    { name: 'last_used', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'last_modified', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks; when a server joined or left' },
    { name: 'count', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'servers, the one that joined last at the end; always one with lblc' },
    { name: 'servers', offset: 12, layout: { kind: 'array', length: 32, element: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } } },
  ],
};

export const localityCodec: Codec<Locality> = {
  size: 140,
  layout: localityLayout,
  decode: (view, offset) => ({
    lastUsed: view.getUint32(offset, true),
    lastModified: view.getUint32(offset + 4, true),
    count: view.getUint32(offset + 8, true),
    servers: Array.from({ length: 32 }, (_, i) => view.getUint32(offset + 12 + i * 4, true)),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.lastUsed, 'struct locality.last_used'), true);
    view.setUint32(offset + 4, checkU32(value.lastModified, 'struct locality.last_modified'), true);
    view.setUint32(offset + 8, checkU32(value.count, 'struct locality.count'), true);
    checkArray(value.servers, 32, 'struct locality.servers').forEach((itemI, i) => {
      view.setUint32(offset + 12 + i * 4, checkU32(itemI, 'struct locality.servers[]'), true);
    });
  },
};

/** struct mark_address_key, 24 bytes */
export interface MarkAddressKey {
  /** __u32, offset 0 */
  readonly prefixlen: number;
  /** __be32, offset 4 */
  readonly family: number;
  /** struct address, offset 8 */
  readonly address: Address;
}

export const markAddressKeyLayout: StructLayout = {
  kind: 'struct', name: 'mark_address_key', size: 24,
  fields: [
    { name: 'prefixlen', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'family', offset: 4, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'address', offset: 8, layout: addressLayout },
  ],
};

export const markAddressKeyCodec: Codec<MarkAddressKey> = {
  size: 24,
  layout: markAddressKeyLayout,
  decode: (view, offset) => ({
    prefixlen: view.getUint32(offset, true),
    family: view.getUint32(offset + 4, false),
    address: addressCodec.decode(view, offset + 8),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.prefixlen, 'struct mark_address_key.prefixlen'), true);
    view.setUint32(offset + 4, checkU32(value.family, 'struct mark_address_key.family'), false);
    addressCodec.encode(value.address, view, offset + 8);
  },
};

/** struct mark_candidate, 36 bytes */
export interface MarkCandidate {
  /** struct address, offset 0 */
  readonly source: Address;
  /** struct address, offset 16 */
  readonly sourceMask: Address;
  /** __u32, offset 32 */
  readonly mark: number;
}

export const markCandidateLayout: StructLayout = {
  kind: 'struct', name: 'mark_candidate', size: 36,
  fields: [
    { name: 'source', offset: 0, layout: addressLayout },
    { name: 'source_mask', offset: 16, layout: addressLayout },
    { name: 'mark', offset: 32, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const markCandidateCodec: Codec<MarkCandidate> = {
  size: 36,
  layout: markCandidateLayout,
  decode: (view, offset) => ({
    source: addressCodec.decode(view, offset),
    sourceMask: addressCodec.decode(view, offset + 16),
    mark: view.getUint32(offset + 32, true),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.source, view, offset);
    addressCodec.encode(value.sourceMask, view, offset + 16);
    view.setUint32(offset + 32, checkU32(value.mark, 'struct mark_candidate.mark'), true);
  },
};

/** struct mark_port_key, 12 bytes */
export interface MarkPortKey {
  /** __u32, offset 0 */
  readonly prefixlen: number;
  /** __be32, offset 4 */
  readonly class: number;
  /** __u8, offset 8 */
  readonly protocol: number;
  /** __u8, offset 9 */
  readonly reserved: number;
  /** __be16, offset 10 */
  readonly port: number;
}

export const markPortKeyLayout: StructLayout = {
  kind: 'struct', name: 'mark_port_key', size: 12,
  fields: [
    { name: 'prefixlen', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'class', offset: 4, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 8, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'reserved', offset: 9, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'port', offset: 10, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
  ],
};

export const markPortKeyCodec: Codec<MarkPortKey> = {
  size: 12,
  layout: markPortKeyLayout,
  decode: (view, offset) => ({
    prefixlen: view.getUint32(offset, true),
    class: view.getUint32(offset + 4, false),
    protocol: view.getUint8(offset + 8),
    reserved: view.getUint8(offset + 9),
    port: view.getUint16(offset + 10, false),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.prefixlen, 'struct mark_port_key.prefixlen'), true);
    view.setUint32(offset + 4, checkU32(value.class, 'struct mark_port_key.class'), false);
    view.setUint8(offset + 8, checkU8(value.protocol, 'struct mark_port_key.protocol'));
    view.setUint8(offset + 9, checkU8(value.reserved, 'struct mark_port_key.reserved'));
    view.setUint16(offset + 10, checkU16(value.port, 'struct mark_port_key.port'), false);
  },
};

/** struct mark_leaf, 8 bytes */
export interface MarkLeaf {
  /** __u32, offset 0 */
  readonly first: number;
  /** __u32, offset 4 */
  readonly count: number;
}

export const markLeafLayout: StructLayout = {
  kind: 'struct', name: 'mark_leaf', size: 8,
  fields: [
    { name: 'first', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'count', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const markLeafCodec: Codec<MarkLeaf> = {
  size: 8,
  layout: markLeafLayout,
  decode: (view, offset) => ({
    first: view.getUint32(offset, true),
    count: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.first, 'struct mark_leaf.first'), true);
    view.setUint32(offset + 4, checkU32(value.count, 'struct mark_leaf.count'), true);
  },
};

/** struct mh_table, 16372 bytes */
export interface MhTable {
  /** __u32[4093], offset 0 */
  readonly servers: readonly number[];
}

export const mhTableLayout: StructLayout = {
  kind: 'struct', name: 'mh_table', size: 16372,
  fields: [
    { name: 'servers', offset: 0, layout: { kind: 'array', length: 4093, element: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } } },
  ],
};

export const mhTableCodec: Codec<MhTable> = {
  size: 16372,
  layout: mhTableLayout,
  decode: (view, offset) => ({
    servers: Array.from({ length: 4093 }, (_, i) => view.getUint32(offset + i * 4, true)),
  }),
  encode(value, view, offset) {
    checkArray(value.servers, 4093, 'struct mh_table.servers').forEach((itemI, i) => {
      view.setUint32(offset + i * 4, checkU32(itemI, 'struct mh_table.servers[]'), true);
    });
  },
};

/** struct persistence_key, 20 bytes */
export interface PersistenceKey {
  /** struct address, offset 0: masked client address */
  readonly client: Address;
  /** __u32, offset 16: service id */
  readonly service: number;
}

export const persistenceKeyLayout: StructLayout = {
  kind: 'struct', name: 'persistence_key', size: 20,
  fields: [
    { name: 'client', offset: 0, layout: addressLayout, help: 'masked client address' },
    { name: 'service', offset: 16, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'service id' },
  ],
};

export const persistenceKeyCodec: Codec<PersistenceKey> = {
  size: 20,
  layout: persistenceKeyLayout,
  decode: (view, offset) => ({
    client: addressCodec.decode(view, offset),
    service: view.getUint32(offset + 16, true),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.client, view, offset);
    view.setUint32(offset + 16, checkU32(value.service, 'struct persistence_key.service'), true);
  },
};

/** struct persistence, 20 bytes */
export interface Persistence {
  /** __u32, offset 0: slot in servers */
  readonly server: number;
  /** __u32, offset 4: ticks, as the service had it when the entry was made */
  readonly timeout: number;
  /** __u32, offset 8: ticks; last new connection, or last time active connections re-armed it */
  readonly lastUsed: number;
  /** __u32, offset 12: active connections it controls */
  readonly active: number;
  /** __u32, offset 16: 1: a connection under it has been established, or a datagram answered */
  readonly assured: number;
}

export const persistenceLayout: StructLayout = {
  kind: 'struct', name: 'persistence', size: 20,
  fields: [
    { name: 'server', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'slot in servers' },
    { name: 'timeout', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks, as the service had it when the entry was made' },
    { name: 'last_used', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks; last new connection, or last time active connections re-armed it' },
    { name: 'active', offset: 12, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'active connections it controls' },
    { name: 'assured', offset: 16, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: '1: a connection under it has been established, or a datagram answered' },
  ],
};

export const persistenceCodec: Codec<Persistence> = {
  size: 20,
  layout: persistenceLayout,
  decode: (view, offset) => ({
    server: view.getUint32(offset, true),
    timeout: view.getUint32(offset + 4, true),
    lastUsed: view.getUint32(offset + 8, true),
    active: view.getUint32(offset + 12, true),
    assured: view.getUint32(offset + 16, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.server, 'struct persistence.server'), true);
    view.setUint32(offset + 4, checkU32(value.timeout, 'struct persistence.timeout'), true);
    view.setUint32(offset + 8, checkU32(value.lastUsed, 'struct persistence.last_used'), true);
    view.setUint32(offset + 12, checkU32(value.active, 'struct persistence.active'), true);
    view.setUint32(offset + 16, checkU32(value.assured, 'struct persistence.assured'), true);
  },
};

/** struct persistence_slot, 24 bytes */
export interface PersistenceSlot {
  /** struct persistence_key, offset 0 */
  readonly key: PersistenceKey;
  /** __u32, offset 20 */
  readonly sequence: number;
}

export const persistenceSlotLayout: StructLayout = {
  kind: 'struct', name: 'persistence_slot', size: 24,
  fields: [
    { name: 'key', offset: 0, layout: persistenceKeyLayout },
    { name: 'sequence', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const persistenceSlotCodec: Codec<PersistenceSlot> = {
  size: 24,
  layout: persistenceSlotLayout,
  decode: (view, offset) => ({
    key: persistenceKeyCodec.decode(view, offset),
    sequence: view.getUint32(offset + 20, true),
  }),
  encode(value, view, offset) {
    persistenceKeyCodec.encode(value.key, view, offset);
    view.setUint32(offset + 20, checkU32(value.sequence, 'struct persistence_slot.sequence'), true);
  },
};

/** struct server_counters, 40 bytes */
export interface ServerCounters {
  /** __u64, offset 0 */
  readonly connections: bigint;
  /** __u64, offset 8 */
  readonly incomingPackets: bigint;
  /** __u64, offset 16 */
  readonly incomingBytes: bigint;
  /** __u64, offset 24 */
  readonly outgoingPackets: bigint;
  /** __u64, offset 32 */
  readonly outgoingBytes: bigint;
}

export const serverCountersLayout: StructLayout = {
  kind: 'struct', name: 'server_counters', size: 40,
  fields: [
    { name: 'connections', offset: 0, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'incoming_packets', offset: 8, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'incoming_bytes', offset: 16, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'outgoing_packets', offset: 24, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'outgoing_bytes', offset: 32, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
  ],
};

export const serverCountersCodec: Codec<ServerCounters> = {
  size: 40,
  layout: serverCountersLayout,
  decode: (view, offset) => ({
    connections: view.getBigUint64(offset, true),
    incomingPackets: view.getBigUint64(offset + 8, true),
    incomingBytes: view.getBigUint64(offset + 16, true),
    outgoingPackets: view.getBigUint64(offset + 24, true),
    outgoingBytes: view.getBigUint64(offset + 32, true),
  }),
  encode(value, view, offset) {
    view.setBigUint64(offset, checkU64(value.connections, 'struct server_counters.connections'), true);
    view.setBigUint64(offset + 8, checkU64(value.incomingPackets, 'struct server_counters.incoming_packets'), true);
    view.setBigUint64(offset + 16, checkU64(value.incomingBytes, 'struct server_counters.incoming_bytes'), true);
    view.setBigUint64(offset + 24, checkU64(value.outgoingPackets, 'struct server_counters.outgoing_packets'), true);
    view.setBigUint64(offset + 32, checkU64(value.outgoingBytes, 'struct server_counters.outgoing_bytes'), true);
  },
};

/** struct ring_cursor, 16 bytes */
export interface RingCursor {
  /** __u64, offset 0 */
  readonly head: bigint;
  /** __u64, offset 8 */
  readonly tail: bigint;
}

export const ringCursorLayout: StructLayout = {
  kind: 'struct', name: 'ring_cursor', size: 16,
  fields: [
    { name: 'head', offset: 0, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
    { name: 'tail', offset: 8, layout: { kind: 'int', name: '__u64', size: 8, signed: false, bigEndian: false } },
  ],
};

export const ringCursorCodec: Codec<RingCursor> = {
  size: 16,
  layout: ringCursorLayout,
  decode: (view, offset) => ({
    head: view.getBigUint64(offset, true),
    tail: view.getBigUint64(offset + 8, true),
  }),
  encode(value, view, offset) {
    view.setBigUint64(offset, checkU64(value.head, 'struct ring_cursor.head'), true);
    view.setBigUint64(offset + 8, checkU64(value.tail, 'struct ring_cursor.tail'), true);
  },
};

/** struct scheduler_state, 8 bytes */
export interface SchedulerState {
  /** __u32, offset 0 */
  readonly lastServer: number;
  /** __u32, offset 4 */
  readonly currentWeight: number;
}

export const schedulerStateLayout: StructLayout = {
  kind: 'struct', name: 'scheduler_state', size: 8,
  fields: [
    { name: 'last_server', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'current_weight', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const schedulerStateCodec: Codec<SchedulerState> = {
  size: 8,
  layout: schedulerStateLayout,
  decode: (view, offset) => ({
    lastServer: view.getUint32(offset, true),
    currentWeight: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.lastServer, 'struct scheduler_state.last_server'), true);
    view.setUint32(offset + 4, checkU32(value.currentWeight, 'struct scheduler_state.current_weight'), true);
  },
};

/** struct server_load, 16 bytes */
export interface ServerLoad {
  /** __u32, offset 0 */
  readonly active: number;
  /** __u32, offset 4 */
  readonly inactive: number;
  /** __u32, offset 8: the server's overload_round, if it is overloaded */
  readonly overloaded: number;
  /** __u32, offset 12 */
  readonly reserved: number;
}

export const serverLoadLayout: StructLayout = {
  kind: 'struct', name: 'server_load', size: 16,
  fields: [
    { name: 'active', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'inactive', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'overloaded', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'the server\'s overload_round, if it is overloaded' },
    { name: 'reserved', offset: 12, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const serverLoadCodec: Codec<ServerLoad> = {
  size: 16,
  layout: serverLoadLayout,
  decode: (view, offset) => ({
    active: view.getUint32(offset, true),
    inactive: view.getUint32(offset + 4, true),
    overloaded: view.getUint32(offset + 8, true),
    reserved: view.getUint32(offset + 12, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.active, 'struct server_load.active'), true);
    view.setUint32(offset + 4, checkU32(value.inactive, 'struct server_load.inactive'), true);
    view.setUint32(offset + 8, checkU32(value.overloaded, 'struct server_load.overloaded'), true);
    view.setUint32(offset + 12, checkU32(value.reserved, 'struct server_load.reserved'), true);
  },
};

/** struct server, 48 bytes */
export interface Server {
  /** struct address, offset 0 */
  readonly address: Address;
  /** __be16, offset 16: 0: keep the port the client used */
  readonly port: number;
  /** __u8, offset 18 */
  readonly family: number;
  /** __u8, offset 19: enum server_status */
  readonly status: number;
  /** __u32, offset 20: service id */
  readonly service: number;
  /** __u32, offset 24: as in its member; for listings, and for mh */
  readonly weight: number;
  /** __u32, offset 28: its last weight that was not 0: its share of the table of mh */
  readonly mhWeight: number;
  /** __u32, offset 32: ticks */
  readonly removedAt: number;
  /** __u32, offset 36: connections at which it takes no more; 0: no limit */
  readonly upperThreshold: number;
  /** __u32, offset 40: below so many it takes some again; 0: below three quarters of the upper one */
  readonly lowerThreshold: number;
  /** __u32, offset 44: the server is overloaded while its load names the same; never 0 without connections */
  readonly overloadRound: number;
}

export const serverLayout: StructLayout = {
  kind: 'struct', name: 'server', size: 48,
  fields: [
    { name: 'address', offset: 0, layout: addressLayout },
    { name: 'port', offset: 16, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true }, help: '0: keep the port the client used' },
    { name: 'family', offset: 18, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'status', offset: 19, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false }, help: 'enum server_status' },
    { name: 'service', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'service id' },
    { name: 'weight', offset: 24, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'as in its member; for listings, and for mh' },
    { name: 'mh_weight', offset: 28, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'its last weight that was not 0: its share of the table of mh' },
    { name: 'removed_at', offset: 32, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'upper_threshold', offset: 36, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'connections at which it takes no more; 0: no limit' },
    { name: 'lower_threshold', offset: 40, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'below so many it takes some again; 0: below three quarters of the upper one' },
    { name: 'overload_round', offset: 44, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'the server is overloaded while its load names the same; never 0 without connections' },
  ],
};

export const serverCodec: Codec<Server> = {
  size: 48,
  layout: serverLayout,
  decode: (view, offset) => ({
    address: addressCodec.decode(view, offset),
    port: view.getUint16(offset + 16, false),
    family: view.getUint8(offset + 18),
    status: view.getUint8(offset + 19),
    service: view.getUint32(offset + 20, true),
    weight: view.getUint32(offset + 24, true),
    mhWeight: view.getUint32(offset + 28, true),
    removedAt: view.getUint32(offset + 32, true),
    upperThreshold: view.getUint32(offset + 36, true),
    lowerThreshold: view.getUint32(offset + 40, true),
    overloadRound: view.getUint32(offset + 44, true),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.address, view, offset);
    view.setUint16(offset + 16, checkU16(value.port, 'struct server.port'), false);
    view.setUint8(offset + 18, checkU8(value.family, 'struct server.family'));
    view.setUint8(offset + 19, checkU8(value.status, 'struct server.status'));
    view.setUint32(offset + 20, checkU32(value.service, 'struct server.service'), true);
    view.setUint32(offset + 24, checkU32(value.weight, 'struct server.weight'), true);
    view.setUint32(offset + 28, checkU32(value.mhWeight, 'struct server.mh_weight'), true);
    view.setUint32(offset + 32, checkU32(value.removedAt, 'struct server.removed_at'), true);
    view.setUint32(offset + 36, checkU32(value.upperThreshold, 'struct server.upper_threshold'), true);
    view.setUint32(offset + 40, checkU32(value.lowerThreshold, 'struct server.lower_threshold'), true);
    view.setUint32(offset + 44, checkU32(value.overloadRound, 'struct server.overload_round'), true);
  },
};

/** struct rate, 8 bytes */
export interface Rate {
  /** __u32, offset 0 */
  readonly window: number;
  /** __u32, offset 4 */
  readonly count: number;
}

export const rateLayout: StructLayout = {
  kind: 'struct', name: 'rate', size: 8,
  fields: [
    { name: 'window', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'count', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
  ],
};

export const rateCodec: Codec<Rate> = {
  size: 8,
  layout: rateLayout,
  decode: (view, offset) => ({
    window: view.getUint32(offset, true),
    count: view.getUint32(offset + 4, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.window, 'struct rate.window'), true);
    view.setUint32(offset + 4, checkU32(value.count, 'struct rate.count'), true);
  },
};

/** struct service_key, 20 bytes */
export interface ServiceKey {
  /** struct address, offset 0 */
  readonly address: Address;
  /** __be16, offset 16 */
  readonly port: number;
  /** __u8, offset 18 */
  readonly protocol: number;
  /** __u8, offset 19 */
  readonly family: number;
}

export const serviceKeyLayout: StructLayout = {
  kind: 'struct', name: 'service_key', size: 20,
  fields: [
    { name: 'address', offset: 0, layout: addressLayout },
    { name: 'port', offset: 16, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'protocol', offset: 18, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
    { name: 'family', offset: 19, layout: { kind: 'int', name: '__u8', size: 1, signed: false, bigEndian: false } },
  ],
};

export const serviceKeyCodec: Codec<ServiceKey> = {
  size: 20,
  layout: serviceKeyLayout,
  decode: (view, offset) => ({
    address: addressCodec.decode(view, offset),
    port: view.getUint16(offset + 16, false),
    protocol: view.getUint8(offset + 18),
    family: view.getUint8(offset + 19),
  }),
  encode(value, view, offset) {
    addressCodec.encode(value.address, view, offset);
    view.setUint16(offset + 16, checkU16(value.port, 'struct service_key.port'), false);
    view.setUint8(offset + 18, checkU8(value.protocol, 'struct service_key.protocol'));
    view.setUint8(offset + 19, checkU8(value.family, 'struct service_key.family'));
  },
};

/** struct service, 104 bytes */
export interface Service {
  /** __u32, offset 0: small number, never shared while connections or persistence entries refer to it */
  readonly id: number;
  /** __u32, offset 4: first of its members; the block is never edited, only replaced */
  readonly membersFirst: number;
  /** __u32, offset 8 */
  readonly membersCount: number;
  /** __u32, offset 12 */
  readonly scheduler: number;
  /** __u32, offset 16: 0: not persistent */
  readonly persistenceTicks: number;
  /** __u32, offset 20: seconds */
  readonly persistenceTimeout: number;
  /** __u32, offset 24 */
  readonly persistencePrefix: number;
  /** __u32, offset 28: greatest common divisor of the weights */
  readonly wrrStep: number;
  /** __u32, offset 32: highest weight minus (wrr_step - 1); 0: no weight */
  readonly wrrTop: number;
  /** __u32, offset 36: bits of enum service_flag */
  readonly flags: number;
  /** char[64], offset 40 */
  readonly name: string;
}

export const serviceLayout: StructLayout = {
  kind: 'struct', name: 'service', size: 104,
  fields: [
    { name: 'id', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'small number, never shared while connections or persistence entries refer to it' },
    { name: 'members_first', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'first of its members; the block is never edited, only replaced' },
    { name: 'members_count', offset: 8, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'scheduler', offset: 12, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'persistence_ticks', offset: 16, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: '0: not persistent' },
    { name: 'persistence_timeout', offset: 20, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'seconds' },
    { name: 'persistence_prefix', offset: 24, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'wrr_step', offset: 28, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'greatest common divisor of the weights' },
    { name: 'wrr_top', offset: 32, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'highest weight minus (wrr_step - 1); 0: no weight' },
    { name: 'flags', offset: 36, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'bits of enum service_flag' },
    { name: 'name', offset: 40, layout: { kind: 'text', length: 64 } },
  ],
};

export const serviceCodec: Codec<Service> = {
  size: 104,
  layout: serviceLayout,
  decode: (view, offset) => ({
    id: view.getUint32(offset, true),
    membersFirst: view.getUint32(offset + 4, true),
    membersCount: view.getUint32(offset + 8, true),
    scheduler: view.getUint32(offset + 12, true),
    persistenceTicks: view.getUint32(offset + 16, true),
    persistenceTimeout: view.getUint32(offset + 20, true),
    persistencePrefix: view.getUint32(offset + 24, true),
    wrrStep: view.getUint32(offset + 28, true),
    wrrTop: view.getUint32(offset + 32, true),
    flags: view.getUint32(offset + 36, true),
    name: readText(view, offset + 40, 64),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.id, 'struct service.id'), true);
    view.setUint32(offset + 4, checkU32(value.membersFirst, 'struct service.members_first'), true);
    view.setUint32(offset + 8, checkU32(value.membersCount, 'struct service.members_count'), true);
    view.setUint32(offset + 12, checkU32(value.scheduler, 'struct service.scheduler'), true);
    view.setUint32(offset + 16, checkU32(value.persistenceTicks, 'struct service.persistence_ticks'), true);
    view.setUint32(offset + 20, checkU32(value.persistenceTimeout, 'struct service.persistence_timeout'), true);
    view.setUint32(offset + 24, checkU32(value.persistencePrefix, 'struct service.persistence_prefix'), true);
    view.setUint32(offset + 28, checkU32(value.wrrStep, 'struct service.wrr_step'), true);
    view.setUint32(offset + 32, checkU32(value.wrrTop, 'struct service.wrr_top'), true);
    view.setUint32(offset + 36, checkU32(value.flags, 'struct service.flags'), true);
    writeText(view, offset + 40, 64, value.name, 'struct service.name');
  },
};

/** struct settings, 232 bytes */
export interface Settings {
  /** __u32, offset 0 */
  readonly abiVersion: number;
  /** __u32, offset 4: raised on every change of routes, neighbours or servers */
  readonly generation: number;
  /** __u32[32], offset 8: ticks, by enum state */
  readonly timeouts: readonly number[];
  /** __u32, offset 136 */
  readonly connReuseMode: number;
  /** __u32, offset 140 */
  readonly expireNodestConn: number;
  /** __u32, offset 144 */
  readonly expireQuiescentTemplate: number;
  /** __u32, offset 148 */
  readonly sloppyTcp: number;
  /** __u32, offset 152 */
  readonly sloppySctp: number;
  /** __u32, offset 156: enum defence_level */
  readonly dropEntry: number;
  /** __u32, offset 160: enum defence_level */
  readonly secureTcp: number;
  /** __u32, offset 164 */
  readonly cacheBypass: number;
  /** __u32, offset 168 */
  readonly scheduleIcmp: number;
  /** __u32, offset 172 */
  readonly natIcmpSend: number;
  /** __u32, offset 176: ticks */
  readonly lblcExpiration: number;
  /** __u32, offset 180: ticks */
  readonly lblcrExpiration: number;
  /** __u32, offset 184: enum defence_level */
  readonly dropPacket: number;
  /** __u32, offset 188: with drop_packet always: one new connection of so many is dropped */
  readonly amDroprate: number;
  /** __u32, offset 192: pages; for the daemon: with less free memory the automatic levels act */
  readonly amemthresh: number;
  /** __u32, offset 196: new connections a second from one address; 0: any number */
  readonly sourceLimit: number;
  /** __u32, offset 200: new connections a second to one service; 0: any number */
  readonly serviceLimit: number;
  /** __u32, offset 204: which of the two mark sets is in force */
  readonly markSet: number;
  /** __u32, offset 208: number of marking rules in force; 0 skips the lookup */
  readonly marks: number;
  /** __u32[2], offset 212 */
  readonly connectionRingMasks: readonly number[];
  /** __u32, offset 220 */
  readonly persistenceRingMask: number;
  /** __u32, offset 224 */
  readonly persistenceCapacity: number;
  /** __u32, offset 228: of each CPU; 0: none */
  readonly frontSets: number;
}

export const settingsLayout: StructLayout = {
  kind: 'struct', name: 'settings', size: 232,
  fields: [
    { name: 'abi_version', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'generation', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'raised on every change of routes, neighbours or servers' },
    { name: 'timeouts', offset: 8, layout: { kind: 'array', length: 32, element: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } }, help: 'ticks, by enum state' },
    { name: 'conn_reuse_mode', offset: 136, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'expire_nodest_conn', offset: 140, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'expire_quiescent_template', offset: 144, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'sloppy_tcp', offset: 148, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'sloppy_sctp', offset: 152, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'drop_entry', offset: 156, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'enum defence_level' },
    { name: 'secure_tcp', offset: 160, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'enum defence_level' },
    { name: 'cache_bypass', offset: 164, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'schedule_icmp', offset: 168, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'nat_icmp_send', offset: 172, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'lblc_expiration', offset: 176, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'lblcr_expiration', offset: 180, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ticks' },
    { name: 'drop_packet', offset: 184, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'enum defence_level' },
    { name: 'am_droprate', offset: 188, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'with drop_packet always: one new connection of so many is dropped' },
    { name: 'amemthresh', offset: 192, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'pages; for the daemon: with less free memory the automatic levels act' },
    { name: 'source_limit', offset: 196, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'new connections a second from one address; 0: any number' },
    { name: 'service_limit', offset: 200, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'new connections a second to one service; 0: any number' },
    { name: 'mark_set', offset: 204, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'which of the two mark sets is in force' },
    { name: 'marks', offset: 208, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'number of marking rules in force; 0 skips the lookup' },
    { name: 'connection_ring_masks', offset: 212, layout: { kind: 'array', length: 2, element: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } } },
    { name: 'persistence_ring_mask', offset: 220, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'persistence_capacity', offset: 224, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'front_sets', offset: 228, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'of each CPU; 0: none' },
  ],
};

export const settingsCodec: Codec<Settings> = {
  size: 232,
  layout: settingsLayout,
  decode: (view, offset) => ({
    abiVersion: view.getUint32(offset, true),
    generation: view.getUint32(offset + 4, true),
    timeouts: Array.from({ length: 32 }, (_, i) => view.getUint32(offset + 8 + i * 4, true)),
    connReuseMode: view.getUint32(offset + 136, true),
    expireNodestConn: view.getUint32(offset + 140, true),
    expireQuiescentTemplate: view.getUint32(offset + 144, true),
    sloppyTcp: view.getUint32(offset + 148, true),
    sloppySctp: view.getUint32(offset + 152, true),
    dropEntry: view.getUint32(offset + 156, true),
    secureTcp: view.getUint32(offset + 160, true),
    cacheBypass: view.getUint32(offset + 164, true),
    scheduleIcmp: view.getUint32(offset + 168, true),
    natIcmpSend: view.getUint32(offset + 172, true),
    lblcExpiration: view.getUint32(offset + 176, true),
    lblcrExpiration: view.getUint32(offset + 180, true),
    dropPacket: view.getUint32(offset + 184, true),
    amDroprate: view.getUint32(offset + 188, true),
    amemthresh: view.getUint32(offset + 192, true),
    sourceLimit: view.getUint32(offset + 196, true),
    serviceLimit: view.getUint32(offset + 200, true),
    markSet: view.getUint32(offset + 204, true),
    marks: view.getUint32(offset + 208, true),
    connectionRingMasks: [view.getUint32(offset + 212, true), view.getUint32(offset + 216, true)],
    persistenceRingMask: view.getUint32(offset + 220, true),
    persistenceCapacity: view.getUint32(offset + 224, true),
    frontSets: view.getUint32(offset + 228, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.abiVersion, 'struct settings.abi_version'), true);
    view.setUint32(offset + 4, checkU32(value.generation, 'struct settings.generation'), true);
    checkArray(value.timeouts, 32, 'struct settings.timeouts').forEach((itemI, i) => {
      view.setUint32(offset + 8 + i * 4, checkU32(itemI, 'struct settings.timeouts[]'), true);
    });
    view.setUint32(offset + 136, checkU32(value.connReuseMode, 'struct settings.conn_reuse_mode'), true);
    view.setUint32(offset + 140, checkU32(value.expireNodestConn, 'struct settings.expire_nodest_conn'), true);
    view.setUint32(offset + 144, checkU32(value.expireQuiescentTemplate, 'struct settings.expire_quiescent_template'), true);
    view.setUint32(offset + 148, checkU32(value.sloppyTcp, 'struct settings.sloppy_tcp'), true);
    view.setUint32(offset + 152, checkU32(value.sloppySctp, 'struct settings.sloppy_sctp'), true);
    view.setUint32(offset + 156, checkU32(value.dropEntry, 'struct settings.drop_entry'), true);
    view.setUint32(offset + 160, checkU32(value.secureTcp, 'struct settings.secure_tcp'), true);
    view.setUint32(offset + 164, checkU32(value.cacheBypass, 'struct settings.cache_bypass'), true);
    view.setUint32(offset + 168, checkU32(value.scheduleIcmp, 'struct settings.schedule_icmp'), true);
    view.setUint32(offset + 172, checkU32(value.natIcmpSend, 'struct settings.nat_icmp_send'), true);
    view.setUint32(offset + 176, checkU32(value.lblcExpiration, 'struct settings.lblc_expiration'), true);
    view.setUint32(offset + 180, checkU32(value.lblcrExpiration, 'struct settings.lblcr_expiration'), true);
    view.setUint32(offset + 184, checkU32(value.dropPacket, 'struct settings.drop_packet'), true);
    view.setUint32(offset + 188, checkU32(value.amDroprate, 'struct settings.am_droprate'), true);
    view.setUint32(offset + 192, checkU32(value.amemthresh, 'struct settings.amemthresh'), true);
    view.setUint32(offset + 196, checkU32(value.sourceLimit, 'struct settings.source_limit'), true);
    view.setUint32(offset + 200, checkU32(value.serviceLimit, 'struct settings.service_limit'), true);
    view.setUint32(offset + 204, checkU32(value.markSet, 'struct settings.mark_set'), true);
    view.setUint32(offset + 208, checkU32(value.marks, 'struct settings.marks'), true);
    checkArray(value.connectionRingMasks, 2, 'struct settings.connection_ring_masks');
    view.setUint32(offset + 212, checkU32((value.connectionRingMasks[0] as number), 'struct settings.connection_ring_masks[]'), true);
    view.setUint32(offset + 216, checkU32((value.connectionRingMasks[1] as number), 'struct settings.connection_ring_masks[]'), true);
    view.setUint32(offset + 220, checkU32(value.persistenceRingMask, 'struct settings.persistence_ring_mask'), true);
    view.setUint32(offset + 224, checkU32(value.persistenceCapacity, 'struct settings.persistence_capacity'), true);
    view.setUint32(offset + 228, checkU32(value.frontSets, 'struct settings.front_sets'), true);
  },
};

/** struct snat_address_key, 28 bytes */
export interface SnatAddressKey {
  /** __u32, offset 0 */
  readonly prefixlen: number;
  /** __u32, offset 4 */
  readonly ifindex: number;
  /** __be32, offset 8 */
  readonly family: number;
  /** struct address, offset 12 */
  readonly address: Address;
}

export const snatAddressKeyLayout: StructLayout = {
  kind: 'struct', name: 'snat_address_key', size: 28,
  fields: [
    { name: 'prefixlen', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'ifindex', offset: 4, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'family', offset: 8, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'address', offset: 12, layout: addressLayout },
  ],
};

export const snatAddressKeyCodec: Codec<SnatAddressKey> = {
  size: 28,
  layout: snatAddressKeyLayout,
  decode: (view, offset) => ({
    prefixlen: view.getUint32(offset, true),
    ifindex: view.getUint32(offset + 4, true),
    family: view.getUint32(offset + 8, false),
    address: addressCodec.decode(view, offset + 12),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.prefixlen, 'struct snat_address_key.prefixlen'), true);
    view.setUint32(offset + 4, checkU32(value.ifindex, 'struct snat_address_key.ifindex'), true);
    view.setUint32(offset + 8, checkU32(value.family, 'struct snat_address_key.family'), false);
    addressCodec.encode(value.address, view, offset + 12);
  },
};

/** struct expiry_timer, 16 bytes */
export type ExpiryTimer = Record<string, never>;

export const expiryTimerLayout: StructLayout = {
  kind: 'struct', name: 'expiry_timer', size: 16,
  fields: [
    { name: 'timer', offset: 0, layout: { kind: 'opaque', name: 'bpf_timer', size: 16 } },
  ],
};

export const expiryTimerCodec: Codec<ExpiryTimer> = {
  size: 16,
  layout: expiryTimerLayout,
  decode: () => ({}),
  encode() {},
};

/** struct translation, 12 bytes */
export interface Translation {
  /** __u32, offset 0: the pair's, as in its state; first, so that whoever reuses the element changes it first */
  readonly nonce: number;
  /** __be32, offset 4 */
  readonly address: number;
  /** __be16, offset 8 */
  readonly port: number;
  /** __u16, offset 10 */
  readonly reserved: number;
}

export const translationLayout: StructLayout = {
  kind: 'struct', name: 'translation', size: 12,
  fields: [
    { name: 'nonce', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'the pair\'s, as in its state; first, so that whoever reuses the element changes it first' },
    { name: 'address', offset: 4, layout: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } },
    { name: 'port', offset: 8, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'reserved', offset: 10, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
  ],
};

export const translationCodec: Codec<Translation> = {
  size: 12,
  layout: translationLayout,
  decode: (view, offset) => ({
    nonce: view.getUint32(offset, true),
    address: view.getUint32(offset + 4, false),
    port: view.getUint16(offset + 8, false),
    reserved: view.getUint16(offset + 10, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.nonce, 'struct translation.nonce'), true);
    view.setUint32(offset + 4, checkU32(value.address, 'struct translation.address'), false);
    view.setUint16(offset + 8, checkU16(value.port, 'struct translation.port'), false);
    view.setUint16(offset + 10, checkU16(value.reserved, 'struct translation.reserved'), true);
  },
};

/** struct translation6, 24 bytes */
export interface Translation6 {
  /** __u32, offset 0: the pair's, as in its state; first, so that whoever reuses the element changes it first */
  readonly nonce: number;
  /** struct address, offset 4 */
  readonly address: Address;
  /** __be16, offset 20 */
  readonly port: number;
  /** __u16, offset 22 */
  readonly reserved: number;
}

export const translation6Layout: StructLayout = {
  kind: 'struct', name: 'translation6', size: 24,
  fields: [
    { name: 'nonce', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'the pair\'s, as in its state; first, so that whoever reuses the element changes it first' },
    { name: 'address', offset: 4, layout: addressLayout },
    { name: 'port', offset: 20, layout: { kind: 'int', name: '__be16', size: 2, signed: false, bigEndian: true } },
    { name: 'reserved', offset: 22, layout: { kind: 'int', name: '__u16', size: 2, signed: false, bigEndian: false } },
  ],
};

export const translation6Codec: Codec<Translation6> = {
  size: 24,
  layout: translation6Layout,
  decode: (view, offset) => ({
    nonce: view.getUint32(offset, true),
    address: addressCodec.decode(view, offset + 4),
    port: view.getUint16(offset + 20, false),
    reserved: view.getUint16(offset + 22, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.nonce, 'struct translation6.nonce'), true);
    addressCodec.encode(value.address, view, offset + 4);
    view.setUint16(offset + 20, checkU16(value.port, 'struct translation6.port'), false);
    view.setUint16(offset + 22, checkU16(value.reserved, 'struct translation6.reserved'), true);
  },
};

/** struct vlan_key, 12 bytes */
export interface VlanKey {
  /** __u32, offset 0 */
  readonly port: number;
  /** __be32[2], offset 4 */
  readonly tags: readonly number[];
}

export const vlanKeyLayout: StructLayout = {
  kind: 'struct', name: 'vlan_key', size: 12,
  fields: [
    { name: 'port', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false } },
    { name: 'tags', offset: 4, layout: { kind: 'array', length: 2, element: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } } },
  ],
};

export const vlanKeyCodec: Codec<VlanKey> = {
  size: 12,
  layout: vlanKeyLayout,
  decode: (view, offset) => ({
    port: view.getUint32(offset, true),
    tags: [view.getUint32(offset + 4, false), view.getUint32(offset + 8, false)],
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.port, 'struct vlan_key.port'), true);
    checkArray(value.tags, 2, 'struct vlan_key.tags');
    view.setUint32(offset + 4, checkU32((value.tags[0] as number), 'struct vlan_key.tags[]'), false);
    view.setUint32(offset + 8, checkU32((value.tags[1] as number), 'struct vlan_key.tags[]'), false);
  },
};

/** struct vlan, 12 bytes */
export interface Vlan {
  /** __u32, offset 0: ifindex of the device below */
  readonly port: number;
  /** __be32[2], offset 4 */
  readonly tags: readonly number[];
}

export const vlanLayout: StructLayout = {
  kind: 'struct', name: 'vlan', size: 12,
  fields: [
    { name: 'port', offset: 0, layout: { kind: 'int', name: '__u32', size: 4, signed: false, bigEndian: false }, help: 'ifindex of the device below' },
    { name: 'tags', offset: 4, layout: { kind: 'array', length: 2, element: { kind: 'int', name: '__be32', size: 4, signed: false, bigEndian: true } } },
  ],
};

export const vlanCodec: Codec<Vlan> = {
  size: 12,
  layout: vlanLayout,
  decode: (view, offset) => ({
    port: view.getUint32(offset, true),
    tags: [view.getUint32(offset + 4, false), view.getUint32(offset + 8, false)],
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.port, 'struct vlan.port'), true);
    checkArray(value.tags, 2, 'struct vlan.tags');
    view.setUint32(offset + 4, checkU32((value.tags[0] as number), 'struct vlan.tags[]'), false);
    view.setUint32(offset + 8, checkU32((value.tags[1] as number), 'struct vlan.tags[]'), false);
  },
};

/** struct abi_enums, 56 bytes */
export interface AbiEnums {
  /** enum limits, offset 0 */
  readonly limits: number;
  /** enum family, offset 4 */
  readonly family: number;
  /** enum state, offset 8 */
  readonly state: number;
  /** enum half_flag, offset 12 */
  readonly halfFlag: number;
  /** enum direction, offset 16 */
  readonly direction: number;
  /** enum ring, offset 20 */
  readonly ring: number;
  /** enum scheduler, offset 24 */
  readonly scheduler: number;
  /** enum service_flag, offset 28 */
  readonly serviceFlag: number;
  /** enum server_status, offset 32 */
  readonly serverStatus: number;
  /** enum mark_set, offset 36 */
  readonly markSet: number;
  /** enum role, offset 40 */
  readonly role: number;
  /** enum pass_reason, offset 44 */
  readonly passReason: number;
  /** enum drop_reason, offset 48 */
  readonly dropReason: number;
  /** enum event, offset 52 */
  readonly event: number;
}

export const abiEnumsLayout: StructLayout = {
  kind: 'struct', name: 'abi_enums', size: 56,
  fields: [
    { name: 'limits', offset: 0, layout: { kind: 'enum', name: 'limits', size: 4, signed: false, bigEndian: false, values: { ABI_VERSION: 9, LIMIT_SERVICES: 16384, LIMIT_SERVERS: 65536, LIMIT_MEMBERS: 262144, LIMIT_INTERFACES: 64, LIMIT_VLANS: 65, LIMIT_TRANSLATIONS: 262144, LIMIT_SNAT_ADDRESSES: 4096, LIMIT_SNAT_NUMBERS: 1024, LIMIT_LISTENERS: 196608, LIMIT_HASH_SLOTS: 256, LIMIT_MH_SLOTS: 4093, LIMIT_LOCALITIES: 16384, LIMIT_LOCALITY_SERVERS: 32, LIMIT_SOURCES: 65536, LIMIT_FRONT_HOPS: 1024, LIMIT_REVOCATIONS: 16384, LIMIT_STATES: 32, LIMIT_FAMILIES: 2, LIMIT_DOCUMENT_CHUNK: 4096, LIMIT_TICK_SHIFT: 26 } } },
    { name: 'family', offset: 4, layout: familyLayout },
    { name: 'state', offset: 8, layout: stateLayout },
    { name: 'half_flag', offset: 12, layout: halfFlagLayout },
    { name: 'direction', offset: 16, layout: directionLayout },
    { name: 'ring', offset: 20, layout: ringLayout },
    { name: 'scheduler', offset: 24, layout: schedulerLayout },
    { name: 'service_flag', offset: 28, layout: serviceFlagLayout },
    { name: 'server_status', offset: 32, layout: serverStatusLayout },
    { name: 'mark_set', offset: 36, layout: markSetLayout },
    { name: 'role', offset: 40, layout: roleLayout },
    { name: 'pass_reason', offset: 44, layout: passReasonLayout },
    { name: 'drop_reason', offset: 48, layout: dropReasonLayout },
    { name: 'event', offset: 52, layout: eventLayout },
  ],
};

export const abiEnumsCodec: Codec<AbiEnums> = {
  size: 56,
  layout: abiEnumsLayout,
  decode: (view, offset) => ({
    limits: view.getUint32(offset, true),
    family: view.getUint32(offset + 4, true),
    state: view.getUint32(offset + 8, true),
    halfFlag: view.getUint32(offset + 12, true),
    direction: view.getUint32(offset + 16, true),
    ring: view.getUint32(offset + 20, true),
    scheduler: view.getUint32(offset + 24, true),
    serviceFlag: view.getUint32(offset + 28, true),
    serverStatus: view.getUint32(offset + 32, true),
    markSet: view.getUint32(offset + 36, true),
    role: view.getUint32(offset + 40, true),
    passReason: view.getUint32(offset + 44, true),
    dropReason: view.getUint32(offset + 48, true),
    event: view.getUint32(offset + 52, true),
  }),
  encode(value, view, offset) {
    view.setUint32(offset, checkU32(value.limits, 'struct abi_enums.limits'), true);
    view.setUint32(offset + 4, checkU32(value.family, 'struct abi_enums.family'), true);
    view.setUint32(offset + 8, checkU32(value.state, 'struct abi_enums.state'), true);
    view.setUint32(offset + 12, checkU32(value.halfFlag, 'struct abi_enums.half_flag'), true);
    view.setUint32(offset + 16, checkU32(value.direction, 'struct abi_enums.direction'), true);
    view.setUint32(offset + 20, checkU32(value.ring, 'struct abi_enums.ring'), true);
    view.setUint32(offset + 24, checkU32(value.scheduler, 'struct abi_enums.scheduler'), true);
    view.setUint32(offset + 28, checkU32(value.serviceFlag, 'struct abi_enums.service_flag'), true);
    view.setUint32(offset + 32, checkU32(value.serverStatus, 'struct abi_enums.server_status'), true);
    view.setUint32(offset + 36, checkU32(value.markSet, 'struct abi_enums.mark_set'), true);
    view.setUint32(offset + 40, checkU32(value.role, 'struct abi_enums.role'), true);
    view.setUint32(offset + 44, checkU32(value.passReason, 'struct abi_enums.pass_reason'), true);
    view.setUint32(offset + 48, checkU32(value.dropReason, 'struct abi_enums.drop_reason'), true);
    view.setUint32(offset + 52, checkU32(value.event, 'struct abi_enums.event'), true);
  },
};
