/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of abi.h: connections and what goes with them: copies in front of them, persistence, the rings of both, fragments.
 */
#ifndef XLVS_ABI_CONNECTIONS_H
#define XLVS_ABI_CONNECTIONS_H

#include "abi_basics.h"

/* TCP states carry IPVS's numbers (those of its sync messages), SCTP's those with STATE_SCTP_NONE added. */
enum state {
	STATE_NONE = 0,
	STATE_ESTABLISHED = 1,
	STATE_SYN_SENT = 2,
	STATE_SYN_RECV = 3,
	STATE_FIN_WAIT = 4,
	STATE_TIME_WAIT = 5,
	STATE_CLOSE = 6,
	STATE_CLOSE_WAIT = 7,
	STATE_LAST_ACK = 8,
	STATE_LISTEN = 9,
	STATE_SYNACK = 10,
	STATE_UDP = 11,
	/* the reply half has no state of its own: it asks the forward half */
	STATE_REPLY = 12,
	/* claimed by whoever is about to delete it */
	STATE_DEAD = 13,
	STATE_SCTP_NONE = 16,
	STATE_SCTP_INIT1 = 17,
	STATE_SCTP_INIT = 18,
	STATE_SCTP_COOKIE_SENT = 19,
	STATE_SCTP_COOKIE_REPLIED = 20,
	STATE_SCTP_COOKIE_WAIT = 21,
	STATE_SCTP_COOKIE = 22,
	STATE_SCTP_COOKIE_ECHOED = 23,
	STATE_SCTP_ESTABLISHED = 24,
	STATE_SCTP_SHUTDOWN_SENT = 25,
	STATE_SCTP_SHUTDOWN_RECEIVED = 26,
	STATE_SCTP_SHUTDOWN_ACK_SENT = 27,
	STATE_SCTP_REJECTED = 28,
	STATE_SCTP_CLOSED = 29,
};

enum direction {
	DIRECTION_FORWARD = 0,
	DIRECTION_REPLY = 1,
};

/* Beside the state. */
enum half_flag {
	/* its packets change both ends: the other one is in translations */
	HALF_SNAT = 0x20,
};

/* A packet's own 5-tuple, IPv4: two words of 64 bits, so that it is stored, hashed and compared as such. */
struct flow_key {
	__be32 source;
	__be32 destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol __help("IP protocol number");
	__u8 reserved[3];
} __attribute__((aligned(8)));

/* The same of IPv6, in five such words. */
struct flow_key6 {
	struct address source;
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol __help("IP protocol number");
	__u8 reserved[3];
} __attribute__((aligned(8)));

/*
 * One half of a connection: all that is needed to send a packet of this direction on.
 *
 *   state:  31 ........ 16 | 15 ..... 6 |     5     | 4 .... 0
 *           nonce of pair  |  reserved  | HALF_SNAT | enum state   (forward half: the truth; changed by compare-and-swap)
 *
 * Both families' halves differ in their addresses alone.
 */
#define HALF_FIELDS(key_type, address_type) \
	key_type key __help("the key again: proves that a reused element is still this flow"); \
	address_type address __help("replaces the destination (forward) or the source (reply)"); \
	__be16 port __help("replaces that side's port"); \
	__u16 mtu __help("largest IP packet the next hop takes, bytes"); \
	__u16 address_delta __help("ones' complement difference of the IPv4 header's checksum"); \
	__u16 segment_delta __help("ones' complement difference of the TCP or UDP checksum"); \
	__u32 ifindex __help("egress device, be it a VLAN device; 0: next hop unknown"); \
	__u8 destination_mac[6]; \
	__u8 source_mac[6]; \
	__u32 generation __help("route generation the next hop was resolved in"); \
	__u32 last_seen __help("ticks; written when at least a second old"); \
	__u32 state; \
	__u32 server __help("slot in servers"); \
	__u8 direction; \
	__u8 prefix __help("client prefix length of the persistence entry that controls it; 0: none"); \
	__u16 vlan __help("slot in vlans of the egress device; 0: it is no VLAN device");

/* 64 bytes, one cache line; the hash element's header and key fill the line before it. */
struct connection {
	HALF_FIELDS(struct flow_key, __be32)
};

struct connection6 {
	HALF_FIELDS(struct flow_key6, struct address)
	__u32 unused;
};

/* What else the packets of an snat half get: a new source (forward half: the router's) or destination (reply half: the client). */
struct translation {
	__u32 nonce __help("the pair's, as in its state; first, so that whoever reuses the element changes it first");
	__be32 address;
	__be16 port;
	__u16 reserved;
};

struct translation6 {
	__u32 nonce __help("the pair's, as in its state; first, so that whoever reuses the element changes it first");
	struct address address;
	__be16 port;
	__u16 reserved;
};

/* A connection's place in the expiry ring. */
struct connection_slot {
	struct flow_key key __help("forward key");
	__u32 nonce;
	__u32 sequence __help("low bits of the ring position plus one; written last");
};

struct connection_slot6 {
	struct flow_key6 key __help("forward key");
	__u32 nonce;
	__u32 sequence __help("low bits of the ring position plus one; written last");
};

/* A steady flow's half, as its packets need it; half a cache line. */
struct front_slot {
	__be32 source;
	__be32 destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 direction;
	__u16 hop __help("place in front_hops, among this CPU's");
	__be32 address;
	__be16 port;
	__u16 server;
	__u16 address_delta;
	__u16 stamp __help("low bits of ticks; when its entry in the connection table was stamped last");
	__u32 generation __help("sum of the route generation and its key's revocations when it was made");
};

struct front_set {
	struct front_slot ways[2];
} __attribute__((aligned(64)));

struct front_hop {
	__u32 ifindex;
	__u8 destination_mac[6];
	__u8 source_mac[6];
	__u16 mtu;
	__u16 vlan;
	__u32 generation __help("route generation it was used in last");
};

/* How many time stamps a CPU has renewed in a tick. */
struct front_renewals {
	__u32 tick;
	__u32 count;
};

struct persistence_key {
	struct address client __help("masked client address");
	__u32 service __help("service id");
};

struct persistence {
	__u32 server __help("slot in servers");
	__u32 timeout __help("ticks, as the service had it when the entry was made");
	__u32 last_used __help("ticks; last new connection, or last time active connections re-armed it");
	__u32 active __help("active connections it controls");
	__u32 assured __help("1: a connection under it has been established, or a datagram answered");
};

struct persistence_slot {
	struct persistence_key key;
	__u32 sequence;
};

/* Producers add to head, the timer takes from tail; both count for ever. */
struct ring_cursor {
	__u64 head;
	__u64 tail;
};

enum ring {
	RING_CONNECTIONS = 0,
	RING_PERSISTENCE = 1,
	RING_CONNECTIONS6 = 2,
	RING_KINDS = 3,
};

/* What all fragments of a datagram carry. */
struct fragment_key {
	struct address source;
	struct address destination;
	__be32 identification;
	__u8 protocol __help("0 with IPv6: behind the first fragment's options it is none of the others' (RFC 8200 4.5)");
	__u8 family;
	__u8 reserved[2];
};

/* What only the first one has, or only it tells for sure. */
struct fragment {
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 reserved[3];
	__u32 seen __help("ticks");
	__u32 server __help("slot in servers, where no connection says it: of one-packet scheduling alone");
};

#endif
