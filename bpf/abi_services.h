/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of abi.h: services, schedulers, servers, marks: what the operator wrote, and what it has counted.
 */
#ifndef XLVS_ABI_SERVICES_H
#define XLVS_ABI_SERVICES_H

#include "abi_basics.h"

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
	/* flag-1 to flag-3 where the scheduler has no name for them: nobody heeds them, listings show them */
	SERVICE_FLAG_1 = 512,
	SERVICE_FLAG_2 = 1024,
	SERVICE_FLAG_3 = 2048,
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

#endif
