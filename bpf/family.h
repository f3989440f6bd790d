/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between IPv4 and IPv6, so that nothing else has to. Everything is compiled twice, into two objects that share
 * their maps: with XLVS_IPV6 for IPv6. Whatever takes an address takes it by these names.
 */
#ifndef XLVS_FAMILY_H
#define XLVS_FAMILY_H

#include "checksum.h"
#include "maps.h"
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>

#ifdef XLVS_IPV6
#define FAMILY FAMILY_IPV6
#define FAMILY_INDEX 1
#define IP_ICMP 58 /* IPPROTO_ICMPV6 */
#define IP_PICK(ipv4, ipv6) (ipv6)
#define CONNECTIONS connections6
#define CONNECTION_SLOTS connection_slots6
#define TRANSLATIONS translations6
#define RING_OF_CONNECTIONS RING_CONNECTIONS6
typedef struct address address_t;
typedef struct flow_key6 flow_key_t;
typedef struct connection6 connection_t;
typedef struct connection_slot6 connection_slot_t;
typedef struct translation6 translation_t;
typedef struct ipv6hdr ip_header_t;
#else
#define FAMILY FAMILY_IPV4
#define FAMILY_INDEX 0
#define IP_ICMP 1 /* IPPROTO_ICMP */
#define IP_PICK(ipv4, ipv6) (ipv4)
#define CONNECTIONS connections
#define CONNECTION_SLOTS connection_slots
#define TRANSLATIONS translations
#define RING_OF_CONNECTIONS RING_CONNECTIONS
typedef __be32 address_t;
typedef struct flow_key flow_key_t;
typedef struct connection connection_t;
typedef struct connection_slot connection_slot_t;
typedef struct translation translation_t;
typedef struct iphdr ip_header_t;
#endif

#define FLOW_WORDS (sizeof(flow_key_t) / sizeof(__u64))

/* As it stands in keys that both families use. */
static __always_inline struct address address_wide(const address_t *a)
{
#ifdef XLVS_IPV6
	return *a;
#else
	return (struct address){ { *a } };
#endif
}

static __always_inline address_t address_narrow(const struct address *a)
{
#ifdef XLVS_IPV6
	return *a;
#else
	return a->word[0];
#endif
}

static __always_inline int address_same(const address_t *a, const address_t *b)
{
#ifdef XLVS_IPV6
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2] &&
	       a->word[3] == b->word[3];
#else
	return *a == *b;
#endif
}

/* What IPVS's schedulers hash: the address as a number, IPv6's four words by exclusive or (ip_vs_sh_hashkey). */
static __always_inline __u32 address_fold(const address_t *a)
{
#ifdef XLVS_IPV6
	return bpf_ntohl(a->word[0] ^ a->word[1] ^ a->word[2] ^ a->word[3]);
#else
	return bpf_ntohl(*a);
#endif
}

/* What a checksum over an address changes by when it goes from old to new: a sum still to be folded. */
static __always_inline __u32 address_delta(const address_t *old, const address_t *new)
{
#ifdef XLVS_IPV6
	return checksum_delta32(old->word[0], new->word[0]) + checksum_delta32(old->word[1], new->word[1]) +
	       checksum_delta32(old->word[2], new->word[2]) + checksum_delta32(old->word[3], new->word[3]);
#else
	return checksum_delta32(*old, *new);
#endif
}

/* The network mask of this length in word i of an address. */
static __always_inline __be32 address_mask(__u32 prefix, __u32 i)
{
	if (prefix <= 32 * i)
		return 0;
	prefix -= 32 * i;
	return prefix >= 32 ? ~0U : bpf_htonl(~(~0U >> prefix));
}

/* The network of this prefix length that an address is in. */
static __always_inline struct address address_network(const address_t *a, __u32 prefix)
{
	struct address network = address_wide(a);

	network.word[0] &= address_mask(prefix, 0);
#ifdef XLVS_IPV6
	network.word[1] &= address_mask(prefix, 1);
	network.word[2] &= address_mask(prefix, 2);
	network.word[3] &= address_mask(prefix, 3);
#endif
	return network;
}

static __always_inline int address_is_in(const address_t *a, const struct address *network, const struct address *mask)
{
#ifdef XLVS_IPV6
	return (a->word[0] & mask->word[0]) == network->word[0] && (a->word[1] & mask->word[1]) == network->word[1] &&
	       (a->word[2] & mask->word[2]) == network->word[2] && (a->word[3] & mask->word[3]) == network->word[3];
#else
	return (*a & mask->word[0]) == network->word[0];
#endif
}

#endif
