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
  if ((frame.getUint16(IP + 6) & 0x3fff) !== 0) return 'fragment';
  return parseSegment(frame, IP + header, IP + length, device);
}

function parseSegment(frame: DataView, segment: number, end: number, device: number): Packet | string {
  const protocol = frame.getUint8(IP + 9);
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
    ttl: frame.getUint8(IP + 8),
    fin: (flags & 1) !== 0,
    syn: (flags & 2) !== 0,
    rst: (flags & 4) !== 0,
    ack: (flags & 16) !== 0,
    device,
  };
}
