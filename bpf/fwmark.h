/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firewall mark of a packet: what the packet filter did for LVS. The first rule of the file that matches
 * wins; user space has flattened the rules so that the longest prefix names exactly the rules that can match.
 */
#ifndef XLVS_FWMARK_H
#define XLVS_FWMARK_H

#include "maps.h"
#include "packet.h"

#define MARK_ADDRESS_BITS (32 + 128)
#define MARK_PORT_BITS (32 + 8 + 8 + 16)

struct fwmark_search {
	void *candidates;
	__u32 first;
	address_t source;
	__u32 mark;
};

/* The class of rules that cover this destination; 0: none. */
static __always_inline __u32 fwmark_class(const struct packet *p, __u32 set)
{
	struct mark_address_key key = {
		.prefixlen = MARK_ADDRESS_BITS,
		.family = bpf_htonl(FAMILY),
		.address = address_wide(&p->key.destination),
	};
	void *trie = bpf_map_lookup_elem(&mark_addresses, &set);
	__u32 *class = trie ? bpf_map_lookup_elem(trie, &key) : NULL;

	return class ? *class : 0;
}

static __always_inline const struct mark_leaf *fwmark_leaf(const struct packet *p, __u32 set, __u32 class)
{
	struct mark_port_key key = {
		.prefixlen = MARK_PORT_BITS,
		.class = bpf_htonl(class),
		.protocol = p->key.protocol,
		.port = p->key.destination_port,
	};
	void *trie = bpf_map_lookup_elem(&mark_ports, &set);

	return trie ? bpf_map_lookup_elem(trie, &key) : NULL;
}

/* bpf_loop callback: 1 ends the search. */
static long fwmark_try(__u32 i, struct fwmark_search *s)
{
	__u32 slot = s->first + i;
	const struct mark_candidate *c = bpf_map_lookup_elem(s->candidates, &slot);

	if (!c)
		return 1;
	if (!address_is_in(&s->source, &c->source, &c->source_mask))
		return 0;
	s->mark = c->mark;
	return 1;
}

static __noinline __u32 fwmark_find(const struct packet *p, __u32 set)
{
	struct fwmark_search search = { .source = p->key.source };
	const struct mark_leaf *leaf;
	__u32 class = fwmark_class(p, set);

	if (!class)
		return 0;
	leaf = fwmark_leaf(p, set, class);
	search.candidates = bpf_map_lookup_elem(&mark_candidates, &set);
	if (!leaf || !search.candidates)
		return 0;
	search.first = leaf->first;
	bpf_loop(leaf->count, fwmark_try, &search, 0);
	return search.mark;
}

#endif
