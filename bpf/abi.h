/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between the data plane and user space: every struct, enum and limit that both may see.
 * src/abi/ is generated from this file's BTF; a typedef is the documentation of byte order
 * (__be16/__be32: as on the wire; __u16/__u32/__u64: the machine's own).
 *
 * Not here: how a map is used (maps.h) and anything only one side knows.
 */
#ifndef XLVS_ABI_H
#define XLVS_ABI_H

#include <linux/types.h>

#ifndef __help
#define __help(text) __attribute__((btf_decl_tag(text)))
#endif

enum limits {
	/* raised whenever the meaning of a pinned map changes although its layout does not */
	ABI_VERSION = 8,
	LIMIT_SERVICES = 16384,
	LIMIT_SERVERS = 65536,
	LIMIT_MEMBERS = 262144,
	LIMIT_INTERFACES = 64,
	/* of its interfaces; slot 0 stands for none */
	LIMIT_VLANS = 65,
	/* entries, two a connection with snat, for each family */
	LIMIT_TRANSLATIONS = 262144,
	LIMIT_SNAT_ADDRESSES = 4096,
	/* a server of a mark listens for three protocols */
	LIMIT_LISTENERS = 196608,
	LIMIT_HASH_SLOTS = 256,
	LIMIT_MH_SLOTS = 4093,
	LIMIT_LOCALITIES = 16384,
	/* servers a destination may have with lblcr */
	LIMIT_LOCALITY_SERVERS = 32,
	/* addresses whose new connections are counted at the same time */
	LIMIT_SOURCES = 65536,
	/* next hops a CPU keeps in front of the connection table */
	LIMIT_FRONT_HOPS = 1024,
	/* words that flows share which tell that one of them has ended */
	LIMIT_REVOCATIONS = 16384,
	LIMIT_STATES = 32,
	/* IPv4 first, then IPv6 */
	LIMIT_FAMILIES = 2,
	LIMIT_DOCUMENT_CHUNK = 4096,
	/* time stamps count ticks of 2^26 ns (67.1 ms) of CLOCK_MONOTONIC */
	LIMIT_TICK_SHIFT = 26,
};

enum family {
	FAMILY_IPV4 = 4,
	FAMILY_IPV6 = 6,
};

/* What an address looks like in a key: IPv4 in word[0], the rest zero. */
struct address {
	__be32 word[4];
};

/* ---- connections ---------------------------------------------------------------------------- */

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

/* ---- in front of the connections (front.h) --------------------------------------------------- */

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

/* ---- persistence ---------------------------------------------------------------------------- */

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

/* ---- fragments ------------------------------------------------------------------------------ */

/* What all fragments of a datagram carry. */
struct fragment_key {
	struct address source;
	struct address destination;
	__be32 identification;
	__u8 protocol;
	__u8 family;
	__u8 reserved[2];
};

/* What only the first one has. */
struct fragment {
	__be16 source_port;
	__be16 destination_port;
	__u32 seen __help("ticks");
};

/* ---- services, servers, marks --------------------------------------------------------------- */

enum scheduler {
	SCHED_RR = 0,
	SCHED_WRR = 1,
	SCHED_LC = 2,
	SCHED_WLC = 3,
	SCHED_LBLC = 4,
	SCHED_LBLCR = 5,
	SCHED_DH = 6,
	SCHED_SH = 7,
	SCHED_MH = 8,
	SCHED_SED = 9,
	SCHED_NQ = 10,
	SCHED_FO = 11,
	SCHED_OVF = 12,
	SCHED_TWOS = 13,
	SCHED_NONE = 14,
};

/* (protocol, address, port), or protocol 0 and the mark in address.word[0], as IPVS shows it: mark 80 is 0.0.0.80. */
struct service_key {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 family;
};

struct service {
	__u32 id __help("small number, never shared while connections or persistence entries refer to it");
	__u32 members_first __help("first of its members; the block is never edited, only replaced");
	__u32 members_count;
	__u32 scheduler;
	__u32 persistence_ticks __help("0: not persistent");
	__u32 persistence_timeout __help("seconds");
	__u32 persistence_prefix;
	__u32 wrr_step __help("greatest common divisor of the weights");
	__u32 wrr_top __help("highest weight minus (wrr_step - 1); 0: no weight");
	__u32 flags __help("bits of enum service_flag");
	char name[64];
};

enum service_flag {
	SERVICE_MARK = 1,
	SERVICE_ANY_PORT = 2,
	SERVICE_SH_PORT = 4,
	SERVICE_SH_FALLBACK = 8,
	SERVICE_MH_PORT = 16,
	SERVICE_MH_FALLBACK = 32,
	/* some of its servers have thresholds */
	SERVICE_THRESHOLDS = 64,
	/* each datagram finds its server by itself, no connection remains */
	SERVICE_ONE_PACKET = 128,
	/* its servers see the router as their client */
	SERVICE_SNAT = 256,
};

/* One entry of a service's list, in IPVS's order: newest first. */
struct member {
	__u32 server __help("slot in servers");
	__u32 weight;
};

/* The table of sh (slot = hash of the client) or dh (of the service's address): user space fills it. */
struct hash_table {
	struct member slots[LIMIT_HASH_SLOTS];
};

/* The Maglev table of mh, by slots in servers: whether a server takes connections stands there, so that the table may stay. */
struct mh_table {
	__u32 servers[LIMIT_MH_SLOTS];
};

/* lblc and lblcr: where a service's packets to one destination went. */
struct locality_key {
	struct address destination;
	__u32 service;
};

struct locality {
	__u32 last_used __help("ticks");
	__u32 last_modified __help("ticks; when a server joined or left");
	__u32 count __help("servers, the one that joined last at the end; always one with lblc");
	__u32 servers[LIMIT_LOCALITY_SERVERS];
};

enum server_status {
	SERVER_FREE = 0,
	SERVER_LIVE = 1,
	/* deleted by the operator, still referred to by connections; revived when added again */
	SERVER_REMOVED = 2,
};

struct server {
	struct address address;
	__be16 port __help("0: keep the port the client used");
	__u8 family;
	__u8 status __help("enum server_status");
	__u32 service __help("service id");
	__u32 weight __help("as in its member; for listings, and for mh");
	__u32 mh_weight __help("its last weight that was not 0: its share of the table of mh");
	__u32 removed_at __help("ticks");
	__u32 upper_threshold __help("connections at which it takes no more; 0: no limit");
	__u32 lower_threshold __help("below so many it takes some again; 0: below three quarters of the upper one");
	__u32 overload_round __help("the server is overloaded while its load names the same; never 0 without connections");
};

/* Where a server listens. */
struct listener_key {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 family;
};

/* The one service whose connections lead there; all zero if several do, or one that more than one address and port lead to. */
struct listener {
	struct address address;
	__be16 port;
	__u16 reserved;
	__u32 server __help("slot in servers");
};

/* Connections a server has now; both counts change by one atomic addition, on state transitions alone. */
struct server_load {
	__u32 active;
	__u32 inactive;
	__u32 overloaded __help("the server's overload_round, if it is overloaded");
	__u32 reserved;
} __attribute__((aligned(8)));

/* Things counted in a window of about a second. */
struct rate {
	__u32 window;
	__u32 count;
};

/* Counted per CPU; bytes are IP lengths. */
struct server_counters {
	__u64 connections;
	__u64 incoming_packets;
	__u64 incoming_bytes;
	__u64 outgoing_packets;
	__u64 outgoing_bytes;
};

/* rr: the server used last. wrr: the same, and the current weight. Changed by one compare-and-swap. */
struct scheduler_state {
	__u32 last_server;
	__u32 current_weight;
};

/* Which addresses have marking rules: longest prefix of (family, address) gives a class of rules. */
struct mark_address_key {
	__u32 prefixlen;
	__be32 family;
	struct address address;
};

/* Within a class: longest prefix of (class, protocol, port) gives the candidates. */
struct mark_port_key {
	__u32 prefixlen;
	__be32 class;
	__u8 protocol;
	__u8 reserved;
	__be16 port;
};

/* Candidates stand in the file's order in mark_candidates; the first whose source matches sets the mark. */
struct mark_leaf {
	__u32 first;
	__u32 count;
};

struct mark_candidate {
	struct address source;
	struct address source_mask;
	__u32 mark;
};

enum mark_set {
	MARK_SETS = 2,
};

/* ---- router --------------------------------------------------------------------------------- */

struct interface {
	__u8 mac[6];
	__u16 mtu;
	__u32 role;
	__u32 vlan __help("its slot in vlans; 0: it is no VLAN device");
};

/* Where a VLAN device's frames come in and leave. A tag is (ethertype, VLAN) as on the wire, from the outside in; 0: none. */
struct vlan {
	__u32 port __help("ifindex of the device below");
	__be32 tags[2];
};

/* The way back: which device the frames of a port with these tags belong to. */
struct vlan_key {
	__u32 port;
	__be32 tags[2];
};

enum role {
	ROLE_PUBLIC = 0,
	ROLE_PRIVATE = 1,
};

/* IPVS's: 1 and 2 are one setting, it writes the one over the other as it begins and ends to act. */
enum defence_level {
	DEFENCE_OFF = 0,
	DEFENCE_AUTOMATIC = 1,
	DEFENCE_AUTOMATIC_ACTING = 2,
	DEFENCE_ALWAYS = 3,
};

/* Which of a device's own addresses is in one network with another: longest prefix of (device, family, address). */
struct snat_address_key {
	__u32 prefixlen;
	__u32 ifindex;
	__be32 family;
	struct address address;
};

/* All that user space sets for the whole router. */
struct settings {
	__u32 abi_version;
	__u32 generation __help("raised on every change of routes, neighbours or servers");
	__u32 timeouts[LIMIT_STATES] __help("ticks, by enum state");
	__u32 conn_reuse_mode;
	__u32 expire_nodest_conn;
	__u32 expire_quiescent_template;
	__u32 sloppy_tcp;
	__u32 sloppy_sctp;
	__u32 drop_entry __help("enum defence_level");
	__u32 secure_tcp __help("enum defence_level");
	__u32 cache_bypass;
	__u32 schedule_icmp;
	__u32 nat_icmp_send;
	__u32 lblc_expiration __help("ticks");
	__u32 lblcr_expiration __help("ticks");
	__u32 drop_packet __help("enum defence_level");
	__u32 am_droprate __help("with drop_packet always: one new connection of so many is dropped");
	__u32 amemthresh __help("pages; for the daemon: with less free memory the automatic levels act");
	__u32 source_limit __help("new connections a second from one address; 0: any number");
	__u32 service_limit __help("new connections a second to one service; 0: any number");
	__u32 mark_set __help("which of the two mark sets is in force");
	__u32 marks __help("number of marking rules in force; 0 skips the lookup");
	__u32 connection_ring_masks[LIMIT_FAMILIES];
	__u32 persistence_ring_mask;
	__u32 persistence_capacity;
	__u32 front_sets __help("of each CPU; 0: none");
};

/* What the kernel side keeps for itself, for each family. */
struct epoch {
	__u32 age __help("raised by the timer when no daemon watches the routes");
	__u32 raised_at __help("ticks");
	__u32 barren __help("slots walked for room since any was found");
	__u32 slices __help("timer slices run, for tests and curiosity");
	__u32 now __help("ticks at the last slice: the time for packets that need it only roughly");
	__u32 renewed_late __help("ticks; when a CPU with very many flows last put off a time stamp");
};

/* The daemon's sign of life, and what it sees of the machine; without a daemon for 30 s, nothing is known of it. */
struct daemon {
	__u32 seen __help("ticks");
	__u32 pid;
	__u32 shortage __help("of memory: one packet in so many is to go, as IPVS reckons; 0: none");
};

/* Text that user space keeps in pins: the last applied file, what was added to the machine. */
struct document_key {
	__u32 document;
	__u32 chunk;
};

struct document_chunk {
	__u32 used;
	__u8 bytes[LIMIT_DOCUMENT_CHUNK];
};

/* ---- why a packet was not forwarded --------------------------------------------------------- */

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
