/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of abi.h: limits, families, addresses: what its other parts are made of.
 */
#ifndef XLVS_ABI_BASICS_H
#define XLVS_ABI_BASICS_H

#include <linux/types.h>

#ifndef __help
#define __help(text) __attribute__((btf_decl_tag(text)))
#endif

enum limits {
	/* raised whenever the meaning of a pinned map changes although its layout does not */
	ABI_VERSION = 9,
	LIMIT_SERVICES = 16384,
	LIMIT_SERVERS = 65536,
	LIMIT_MEMBERS = 262144,
	LIMIT_INTERFACES = 64,
	/* of its interfaces; slot 0 stands for none */
	LIMIT_VLANS = 65,
	/* entries, two a connection with snat, for each family */
	LIMIT_TRANSLATIONS = 262144,
	LIMIT_SNAT_ADDRESSES = 4096,
	/* sequences of ports, for servers (address, port, protocol) that share them by a hash */
	LIMIT_SNAT_NUMBERS = 1024,
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

#endif
