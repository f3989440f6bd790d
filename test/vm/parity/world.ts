// SPDX-License-Identifier: MIT
// Who is where: one addressing for both routers, so that every packet, address and MAC is the same by construction. Each
// scenario has virtual addresses and marks of its own, since what it leaves in the tables stays there.
//
//   clients 100.64.0.0/10 ── gateway 192.0.2.254 ── pub0 192.0.2.1  router  prv0 10.0.0.254 ── servers 10.0.0.1..
//
// IPv6 beside it: 2001:db8:c1::/48, 2001:db8:c0::/64, 2001:db8:a::/64.
export type Side = 'public' | 'private';
export type Family = 4 | 6;

export const SERVERS = 6;
export const ROUTER_MAC: Readonly<Record<Side, string>> = { public: '02:00:00:00:01:fe', private: '02:00:00:00:02:fe' };
export const GATEWAY_MAC = '02:00:00:00:01:01';
const GATEWAY: Readonly<Record<Family, string>> = { 4: '192.0.2.254', 6: '2001:db8:c0::fe' };
const FIRST_VIP = 20;
/** The place of what belongs to no scenario. */
export const NOWHERE = 126;

const byte = (n: number): string => n.toString(16).padStart(2, '0');

export const serverMac = (n: number): string => `02:00:00:00:02:${byte(n)}`;
export const server = (n: number, family: Family): string =>
  family === 4 ? `10.0.0.${n}` : `2001:db8:a::${n.toString(16)}`;
/**
 * Clients are a scenario's own, too: what one leaves in the tables must not meet another's. 256 of them have a network of 24
 * bits, 112 in IPv6.
 */
export const client = (place: number, n: number, family: Family): string =>
  family === 4
    ? `100.${64 + (place >> 1)}.${((place & 1) << 7) + (n >> 8)}.${n & 255}`
    : `2001:db8:c1:${(place + 1).toString(16)}::${((n >> 8) + 1).toString(16)}:${(n & 255).toString(16)}`;
export const vip = (place: number, family: Family): string =>
  family === 4 ? `192.0.2.${FIRST_VIP + place}` : `2001:db8:c0::${(FIRST_VIP + place).toString(16)}`;
/** Of ports 80, 443 and 8000-8999, of every protocol, at the scenario's address. */
export const markOf = (place: number): number => 1000 + place;
export const MARKED_PORTS = ['80', '443', '8000-8999'];

/** `ip -batch` lines that give a router its addresses, routes and neighbours; nothing is asked for on the wire. */
export function addressingLines(places: number): string[] {
  const servers = Array.from({ length: SERVERS }, (_, i) => i + 1);
  const neighbour = (address: string, mac: string, device: string): string =>
    `neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`;
  const ends = [...servers, 99].flatMap((n) =>
    [4, 6].map((family) => [server(n, family as Family), serverMac(n)] as const),
  );
  return [
    'address add 192.0.2.1/24 dev pub0',
    'address add 2001:db8:c0::1/64 dev pub0 nodad',
    'address add 10.0.0.254/24 dev prv0',
    'address add 2001:db8:a::ffff/64 dev prv0 nodad',
    ...Array.from({ length: places }, (_, place) => [
      `address add ${vip(place, 4)}/24 dev pub0`,
      `address add ${vip(place, 6)}/64 dev pub0 nodad`,
    ]).flat(),
    neighbour(GATEWAY[4], GATEWAY_MAC, 'pub0'),
    neighbour(GATEWAY[6], GATEWAY_MAC, 'pub0'),
    ...ends.map(([address, mac]) => neighbour(address, mac, 'prv0')),
    `route replace default via ${GATEWAY[4]} dev pub0`,
    `route replace default via ${GATEWAY[6]} dev pub0`,
  ];
}
