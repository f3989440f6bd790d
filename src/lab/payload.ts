// SPDX-License-Identifier: MIT
// Bytes that look random and are the same every time: a wrong, lost or doubled packet changes their hash.
import { createHash } from 'node:crypto';

/** Yields `size` bytes in chunks. Self-contained, so that it can run inside a machine (`Host.run`). */
export function* payload(size: number): Generator<Buffer> {
  const { createCipheriv } = process.getBuiltinModule('node:crypto');
  const keystream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  const chunk = 65_536;
  for (let left = size; left > 0; left -= chunk) yield keystream.update(Buffer.alloc(Math.min(left, chunk)));
}

/** The SHA-256 of `size` bytes of payload, in hex as sha256sum prints it. */
export function payloadSha256(size: number): string {
  const hash = createHash('sha256');
  for (const chunk of payload(size)) hash.update(chunk);
  return hash.digest('hex');
}
