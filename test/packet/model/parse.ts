// SPDX-License-Identifier: MIT
// The model's view of a frame: the same questions as the data plane's parsers, asked of plain bytes.

export interface Packet {
  readonly frame: DataView;
  /** Offset of the segment behind the IPv4 header. */
  readonly segment: number;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The IP packet's, bytes. */
  readonly length: number;
  readonly ttl: number;
  readonly mayBeFragmented: boolean;
  /** An ICMP error: where the packet it quotes begins. Addresses and ports are those of what answers that. */
  readonly quote?: number;
  /** A fragment: the first has ports, the others have those of the first. */
  readonly fragment?: { readonly id: number; readonly isFirst: boolean };
  readonly syn: boolean;
  readonly rst: boolean;
  readonly fin: boolean;
  readonly ack: boolean;
  /** Where it came in. */
  readonly device: number;
}

export const IP = 14;
export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
const ICMP_ERRORS = [3, 4, 11];
const NO_FLAGS = { fin: false, syn: false, rst: false, ack: false };

/** The packet, or why the kernel gets the frame untouched. */
export function parse(bytes: Uint8Array, device: number): Packet | string {
  const frame = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const etherType = frame.getUint16(12);
  if (etherType === 0x8100 || etherType === 0x88a8) return 'vlan';
  if (etherType !== 0x0800) return 'not_ip';
  if (bytes.length < IP + 20) return 'truncated';
  const header = (frame.getUint8(IP) & 15) * 4;
  const length = frame.getUint16(IP + 2);
  if (frame.getUint8(IP) >> 4 !== 4 || header < 20 || length < header) return 'malformed';
  if (bytes.length < IP + length) return 'truncated';
  if ((frame.getUint16(IP + 6) & 0x3fff) !== 0) return parseFragment(frame, IP + header, IP + length, device);
  return parseSegment(frame, IP + header, IP + length, device);
}

/** One that is not the first has no ports, which the first of its datagram left behind. */
function parseFragment(frame: DataView, segment: number, end: number, device: number): Packet | string {
  const protocol = frame.getUint8(IP + 9);
  const id = frame.getUint16(IP + 4);
  if (protocol !== TCP && protocol !== UDP) return 'fragment';
  if ((frame.getUint16(IP + 6) & 0x1fff) === 0) {
    const packet = parseSegment(frame, segment, end, device);
    return typeof packet === 'string' ? packet : { ...packet, fragment: { id, isFirst: true } };
  }
  const addresses = { source: frame.getUint32(IP + 12), destination: frame.getUint32(IP + 16) };
  const rest = { sourcePort: 0, destinationPort: 0, length: end - IP, device, fragment: { id, isFirst: false } };
  return { frame, segment, protocol, ...addresses, ...rest, ...headerFields(frame), ...NO_FLAGS };
}

const headerFields = (frame: DataView) => ({
  ttl: frame.getUint8(IP + 8),
  mayBeFragmented: (frame.getUint16(IP + 6) & 0x4000) === 0,
});

/** The flow whose packets answer the one that an error quotes. */
function parseIcmp(frame: DataView, message: number, end: number, device: number): Packet | string {
  const quote = message + 8;
  if (frame.byteLength < quote) return 'truncated';
  if (!ICMP_ERRORS.includes(frame.getUint8(message))) return 'icmp';
  if (frame.byteLength < quote + 20) return 'truncated';
  const header = (frame.getUint8(quote) & 15) * 4;
  const isFirst = (frame.getUint16(quote + 6) & 0x1fff) === 0;
  if (frame.getUint8(quote) >> 4 !== 4 || header < 20 || !isFirst) return 'icmp';
  const segment = quote + header;
  if (frame.byteLength < segment + 8) return 'truncated';
  const protocol = frame.getUint8(quote + 9);
  const source = frame.getUint32(quote + 16);
  const destination = frame.getUint32(quote + 12);
  if ((protocol !== TCP && protocol !== UDP) || frame.getUint32(IP + 16) !== destination) return 'icmp';
  const [sourcePort, destinationPort] = [frame.getUint16(segment + 2), frame.getUint16(segment)];
  const flow = { protocol, source, destination, sourcePort, destinationPort };
  return { frame, segment: message, ...flow, length: end - IP, ...headerFields(frame), ...NO_FLAGS, device, quote };
}

function parseSegment(frame: DataView, segment: number, end: number, device: number): Packet | string {
  const protocol = frame.getUint8(IP + 9);
  if (protocol === ICMP) return parseIcmp(frame, segment, end, device);
  if (protocol !== TCP && protocol !== UDP) return 'protocol';
  const header = protocol === TCP ? 20 : 8;
  if (frame.byteLength < segment + header) return 'truncated';
  if (end < segment + header) return 'malformed';
  if (protocol === TCP && frame.getUint8(segment + 12) >> 4 < 5) return 'malformed';
  const flags = protocol === TCP ? frame.getUint8(segment + 13) : 0x10;
  return {
    frame,
    segment,
    protocol,
    source: frame.getUint32(IP + 12),
    destination: frame.getUint32(IP + 16),
    sourcePort: frame.getUint16(segment),
    destinationPort: frame.getUint16(segment + 2),
    length: end - IP,
    ...headerFields(frame),
    fin: (flags & 1) !== 0,
    syn: (flags & 2) !== 0,
    rst: (flags & 4) !== 0,
    ack: (flags & 16) !== 0,
    device,
  };
}
