/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of abi.h: why a packet was not forwarded, and what else is counted.
 */
#ifndef XLVS_ABI_REASONS_H
#define XLVS_ABI_REASONS_H

/* Left to the kernel. Untouched, except where it says rewritten. */
enum pass_reason {
	PASS_NONE = 0,
	PASS_NOT_IP = 1,
	/* tagged, and of no VLAN device of the router */
	PASS_VLAN = 2,
	PASS_TRUNCATED = 3,
	PASS_MALFORMED = 4,
	PASS_FRAGMENT = 5,
	PASS_PROTOCOL = 6,
	PASS_OTHER_HOST = 7,
	PASS_NO_SERVICE = 8,
	PASS_NOT_NEW = 9,
	/* from port 20, or to a port of the VIP that FTP's service alone would take, for which it is not persistent or has no server */
	PASS_FTP_DATA = 10,
	/* an ICMP message that is not about a connection */
	PASS_ICMP = 11,
	PASS_UNROUTABLE_CLIENT = 12,
	/* rewritten: the kernel resolves the server's neighbour */
	PASS_NEIGHBOUR = 13,
	/* rewritten: the next hop's MTU is smaller, the kernel fragments */
	PASS_TOO_BIG = 14,
	/* a server's packet that no hop is left for, or that is too big and may not be fragmented: the kernel tells the server */
	PASS_REFUSED_REPLY = 15,
	/* nobody serves this mark, and cache_bypass lets the packet go where it was sent to */
	PASS_BYPASSED = 16,
	PASS_REASONS = 17,
};

enum drop_reason {
	DROP_NONE = 0,
	DROP_TTL_EXCEEDED = 1,
	DROP_TABLE_FULL = 2,
	DROP_NO_ROUTE = 3,
	DROP_NOT_FORWARDING = 4,
	DROP_NO_NEIGHBOUR = 5,
	DROP_SERVER_GONE = 6,
	DROP_TUPLE_IN_USE = 7,
	DROP_TOO_BIG = 8,
	/* the route leaves through a device that is not xlvs's */
	DROP_FOREIGN_DEVICE = 9,
	DROP_NO_SERVER = 10,
	DROP_SOURCE_LIMIT = 11,
	DROP_SERVICE_LIMIT = 12,
	/* IPVS's drop_packet */
	DROP_ON_PURPOSE = 13,
	/* the driver leaves no room in front of a frame for the tags it is to have */
	DROP_NO_HEADROOM = 14,
	/* a fragment of SCTP whose port would change: its CRC tells nothing without the others */
	DROP_SCTP_FRAGMENT = 15,
	/* snat: the server has no port of the router's left, or the device to it no address */
	DROP_NO_PORT = 16,
	DROP_NO_ADDRESS = 17,
	/* nat_icmp_send: from where a server listens, and of no connection */
	DROP_NO_CONNECTION = 18,
	DROP_REASONS = 19,
};

/* Things worth counting that decide no packet. */
enum event {
	EVENT_CONNECTION_CREATED = 0,
	EVENT_CONNECTION_EXPIRED = 1,
	EVENT_CONNECTION_RECLAIMED = 2,
	EVENT_CONNECTION_REUSED = 3,
	EVENT_PERSISTENCE_CREATED = 4,
	EVENT_PERSISTENCE_EXPIRED = 5,
	EVENT_PERSISTENCE_FULL = 6,
	EVENT_ROUTE_RESOLVED = 7,
	EVENT_ICMP_SENT = 8,
	/* one that would have been sent, had it not been for the limit */
	EVENT_ICMP_WITHHELD = 9,
	/* the table was full and nothing half open found: one that was closed made room */
	EVENT_CLOSED_RECLAIMED = 10,
	/* IPVS's drop_entry */
	EVENT_CONNECTION_DISCARDED = 11,
	EVENT_PERSISTENCE_DISCARDED = 12,
	/* its server was removed, and expire_nodest_conn is on */
	EVENT_CONNECTION_FLUSHED = 13,
	/* made anew by its server's segment (sloppy_tcp) */
	EVENT_CONNECTION_RECOVERED = 14,
	EVENT_KINDS = 15,
};

#endif
