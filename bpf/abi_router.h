/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of abi.h: the router itself: devices, settings, what the kernel side, the daemon and user space keep for themselves.
 */
#ifndef XLVS_ABI_ROUTER_H
#define XLVS_ABI_ROUTER_H

#include "abi_basics.h"

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

#endif
