// SPDX-License-Identifier: MIT
// IPv6's extension headers (RFC 8200, section 4): from the fixed header to the segment.

interface Past {
  readonly segment: number;
  readonly protocol: number;
  /** Of a packet that is one: the last fragment header's number. */
  readonly fragment?: { readonly id: number; readonly isFirst: boolean };
}

const [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION] = [0, 43, 44, 51, 60];
const EXTENSIONS = [HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION];
/** More of them nobody looks behind. */
const MOST = 6;

function lengthOf(kind: number, field: number): number {
  if (kind === FRAGMENT) return 8;
  return kind === AUTHENTICATION ? 4 * field + 8 : 8 * field + 8;
}

/** A packet whose only fragment says that it is whole is whole (RFC 6946). */
function fragmentOf(frame: DataView, at: number, before: Past['fragment']): Past['fragment'] {
  const place = frame.getUint16(at + 2);
  const id = frame.getUint32(at + 4);
  if (place >> 3 !== 0) return { id, isFirst: false };
  return (place & 1) !== 0 ? { id, isFirst: true } : before && { ...before, id };
}

/** What stands behind the headers that begin at `at` with one of this kind, or why nobody looks there. */
export function pastExtensions(frame: DataView, at: number, kind: number): Past | string {
  let [segment, protocol, fragment] = [at, kind, undefined as Past['fragment']];
  for (let count = 0; EXTENSIONS.includes(protocol) && fragment?.isFirst !== false; count++) {
    if (count === MOST) return 'protocol';
    if (frame.byteLength < segment + (protocol === FRAGMENT ? 8 : 4)) return 'truncated';
    if (protocol === FRAGMENT) fragment = fragmentOf(frame, segment, fragment);
    if (protocol === ROUTING && frame.getUint8(segment + 3) !== 0) return 'protocol';
    const length = lengthOf(protocol, frame.getUint8(segment + 1));
    protocol = frame.getUint8(segment);
    segment += length;
  }
  return fragment ? { segment, protocol, fragment } : { segment, protocol };
}
