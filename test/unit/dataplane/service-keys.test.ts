// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { serviceKeyFromText, serviceKeyText } from '../../../src/dataplane/service-keys.ts';
import type { ServiceKey } from '../../../src/model/model.ts';

const KEYS: readonly ServiceKey[] = [
  { kind: 'address', protocol: 'tcp', address: '192.0.2.10', port: 80 },
  { kind: 'address', protocol: 'udp', address: '192.0.2.10', port: 0 },
  { kind: 'address', protocol: 'sctp', address: '2001:db8::1', port: 65535 },
  { kind: 'mark', mark: 80, family: 'ipv4' },
  { kind: 'mark', mark: 4294967295, family: 'ipv6' },
];

test.each(KEYS.map((key) => [serviceKeyText(key), key] as const))('%s is the text of one key', (text, key) => {
  expect(serviceKeyFromText(text)).toEqual(key);
});

test('what is no key’s text is none', () => {
  for (const text of ['', 'mark', 'mark x ipv4', 'mark 8', 'icmp 192.0.2.10:80', 'tcp 192.0.2.10'])
    expect(serviceKeyFromText(text)).toBeUndefined();
});
