/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fragments (RFC 791, RFC 8200): only the first has ports. It leaves them behind under what all fragments of its datagram carry,
 * and goes on as any packet; the others are rewritten as its connection says, addresses alone, since the segment's checksum stands in the
 * first. One that overtakes its first is not carried: it is the kernel's, counted as `fragment`.
 */
#ifndef XLVS_FRAGMENT_H
#define XLVS_FRAGMENT_H

#include "nat.h"

/* As long as Linux waits for the rest of a datagram (net.ipv4.ipfrag_time): 30 s. Then the identification may be another's. */
#define FRAGMENT_TICKS 447

static __always_inline struct fragment_key fragment_key_of(const struct packet *p)
{
	return (struct fragment_key){
		.source = address_wide(&p->key.source),
		.destination = address_wide(&p->key.destination),
		.identification = p->fragment_id,
		.protocol = p->key.protocol,
		.family = FAMILY,
	};
}

/* Of a first fragment. The one not used for longest gives way when the table is full. */
static __always_inline void fragment_remember(const struct packet *p)
{
	struct fragment_key key = fragment_key_of(p);
	struct fragment value = {
		.source_port = p->key.source_port,
		.destination_port = p->key.destination_port,
		.seen = p->now,
	};

	bpf_map_update_elem(&fragments, &key, &value, BPF_ANY);
}

/* Of another one: its key's ports. 0: its first was not seen, or so long ago that it was another's. */
static __always_inline int fragment_find(struct packet *p)
{
	struct fragment_key key = fragment_key_of(p);
	const struct fragment *f = bpf_map_lookup_elem(&fragments, &key);

	if (!f || clock_since(p->now, f->seen) > FRAGMENT_TICKS)
		return 0;
	p->key.source_port = f->source_port;
	p->key.destination_port = f->destination_port;
	return 1;
}

/* The key of a fragment without ports. */
static __always_inline void fragment_key(struct packet *p, __u8 protocol)
{
	ip_key((__u64 *)&p->key, p->ip);
	((__u64 *)&p->key)[FLOW_WORDS - 1] = (__u64)protocol << 32;
}

static __always_inline void fragment_rewrite(struct packet *p, const connection_t *c, __u32 hops)
{
	nat_address(p, c);
	ip_finish(p->ip, c->address_delta, hops);
}

#endif
