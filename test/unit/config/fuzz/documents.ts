// SPDX-License-Identifier: MIT
// Valid config files that the fuzz starts from.
import { EXAMPLE, INTERFACES, withService } from '../config-text.ts';

export const DOCUMENTS: readonly string[] = [
  EXAMPLE,
  withService('name: a, protocol: udp, address: 192.0.2.10, port: 0, persistence: { prefix: 24 }'),
  withService('name: a, mark: 4294967295, family: ipv4, scheduler: sh, servers: []'),
  `${INTERFACES}services:\n  - &a { name: a, mark: 1, servers: &s [{ address: 10.0.0.1 }] }\n  - { <<: *a, name: b, mark: 2, servers: *s }\n`,
];
