/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fragments (RFC 791, RFC 8200): only the first has ports. It leaves them behind under what all fragments of its datagram carry,
 * and goes on as any packet; the others are rewritten as its connection says, addresses alone, since the segment's checksum stands in the
 * first. One that overtakes its first is not carried: it is the kernel's, counted as `fragment`.
 */
#ifndef XLVS_FRAGMENT_H
#define XLVS_FRAGMENT_H

#include "job.h"
#include "nat.h"

/* As long as Linux waits for the rest of a datagram (net.ipv4.ipfrag_time): 30 s. Then the identification may be another's. */
#define FRAGMENT_TICKS 447

/* A second: less than a freed slot of a server waits for its next one. */
#define FRAGMENT_ONCE_TICKS 15

static __always_inline struct fragment_key fragment_key_of(const flow_key_t *key, __be32 identification)
{
	return (struct fragment_key){
		.source = address_wide(&key->source),
		.destination = address_wide(&key->destination),
		.identification = identification,
#ifndef XLVS_IPV6
		.protocol = key->protocol,
#endif
		.family = FAMILY,
	};
}

/* Of a first fragment. The one not used for longest gives way when the table is full. */
static __always_inline void fragment_remember(const struct packet *p)
{
	struct fragment_key key = fragment_key_of(&p->key, p->fragment_id);
	struct fragment value = {
		.source_port = p->key.source_port,
		.destination_port = p->key.destination_port,
		.protocol = p->key.protocol,
		.seen = p->now,
	};

	bpf_map_update_elem(&fragments, &key, &value, BPF_ANY);
}

/* The first fragment went to this server by one-packet scheduling; the others have no connection to ask. */
static __always_inline void fragment_sent_once(const struct job *j, __u32 server)
{
	struct fragment_key key = fragment_key_of(&j->key, j->fragment_id);
	struct fragment *f = bpf_map_lookup_elem(&fragments, &key);

	if (f)
		f->server = server;
}

/* Of another one: its key's ports and protocol. NULL: its first was not seen, or so long ago that it was another's. */
static __always_inline const struct fragment *fragment_find(struct packet *p)
{
	struct fragment_key key = fragment_key_of(&p->key, p->fragment_id);
	const struct fragment *f = bpf_map_lookup_elem(&fragments, &key);

	if (!f || clock_since(p->now, f->seen) > FRAGMENT_TICKS)
		return NULL;
	p->key.source_port = f->source_port;
	p->key.destination_port = f->destination_port;
	p->key.protocol = f->protocol;
	return f;
}

/* The server that got the first by one-packet scheduling. 0: none, or its slot may be another server's by now. */
static __always_inline __u32 fragment_server(const struct packet *p, const struct fragment *f)
{
	return clock_since(p->now, f->seen) > FRAGMENT_ONCE_TICKS ? 0 : f->server;
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
