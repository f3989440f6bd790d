// SPDX-License-Identifier: MIT
// Who is who in the packet tests: a client behind a gateway on the public side, three servers on the private side.
// Not how their frames look (frame.ts).

/** An IPv4 address and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A frame's MAC addresses. */
export interface Hop {
  readonly source: string;
  readonly destination: string;
}

export const PUBLIC = 11;
export const PRIVATE = 12;
export const ELSEWHERE = 13;
/** PUBLIC, if its driver left no room in front of a frame. */
export const CRAMPED = 14;

export const CLIENT: Endpoint = { address: '198.51.100.7', port: 40000 };
/** In the same /24 as CLIENT. */
export const NEIGHBOUR_CLIENT: Endpoint = { address: '198.51.100.8', port: 40000 };
/** In another network. */
export const OTHER_CLIENT: Endpoint = { address: '203.0.113.9', port: 40000 };
export const VIP: Endpoint = { address: '192.0.2.10', port: 80 };
export const SERVER_1: Endpoint = { address: '10.0.0.1', port: 80 };
export const SERVER_2: Endpoint = { address: '10.0.0.2', port: 80 };
export const SERVER_3: Endpoint = { address: '10.0.0.3', port: 80 };

export const GATEWAY_MAC = '02:00:00:00:01:01';
export const PUBLIC_MAC = '02:00:00:00:01:fe';
export const PRIVATE_MAC = '02:00:00:00:02:fe';
export const SOMEBODY_MAC = '02:00:00:00:01:77';

/** 10.0.0.n has 02:00:00:00:02:0n. */
export const macOf = (server: Endpoint): string =>
  `02:00:00:00:02:${Number(server.address.split('.')[3]).toString(16).padStart(2, '0')}`;

export const FROM_GATEWAY: Hop = { source: GATEWAY_MAC, destination: PUBLIC_MAC };
export const TO_GATEWAY: Hop = { source: PUBLIC_MAC, destination: GATEWAY_MAC };
export const fromServer = (server: Endpoint): Hop => ({ source: macOf(server), destination: PRIVATE_MAC });
export const toServer = (server: Endpoint): Hop => ({ source: PRIVATE_MAC, destination: macOf(server) });

/** The same station on another port. */
export const at = (who: Endpoint, port: number): Endpoint => ({ ...who, port });
