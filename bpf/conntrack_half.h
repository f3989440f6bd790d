/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One half of a connection as it is read, while another CPU may change it or put another flow in its place: its state and nonce,
 * whether it is of a flow, and the way to the other half.
 *
 * Not here: what changes a connection (conntrack.h).
 */
#ifndef XLVS_CONNTRACK_HALF_H
#define XLVS_CONNTRACK_HALF_H

#include "config.h"
#include "maps.h"

#define STATE_MASK 0x1f
#define STATE_NONCE_MASK 0xffff0000

static __always_inline __u32 conntrack_state(const connection_t *c)
{
	return *(volatile __u32 *)&c->state & STATE_MASK;
}

/* State and nonce: what a decision about a connection is made by. */
static __always_inline __u32 conntrack_word(const connection_t *c)
{
	return *(volatile __u32 *)&c->state;
}

static __always_inline __u32 conntrack_nonce(const connection_t *c)
{
	return *(volatile __u32 *)&c->state & STATE_NONCE_MASK;
}

/* a may be changed by another CPU meanwhile. */
static __always_inline int conntrack_same_flow(const flow_key_t *a, const flow_key_t *b)
{
	const volatile __u64 *x = (const void *)a;
	const __u64 *y = (const void *)b;
	__u64 difference = 0;
	__u32 i;

	for (i = 0; i < FLOW_WORDS; i++)
		difference |= x[i] ^ y[i];
	return !difference;
}

/* An end of a connection with snat, out of its translation. 0: it is another connection's by now, or not there. */
static __always_inline int conntrack_translated(const translation_t *t, __u32 nonce, address_t *address, __be16 *port)
{
	if (!t)
		return 0;
	*address = t->address;
	*port = t->port;
	barrier();
	return *(volatile __u32 *)&t->nonce == nonce;
}

/*
 * The other half's key: what a packet of the other direction looks like when it arrives. `own` is c's key where a lookup may take
 * it from, which may be where the other one is to stand. 0: with snat, and its translation is gone.
 */
static __always_inline int conntrack_peer_key(const connection_t *c, const flow_key_t *own, flow_key_t *key)
{
	const translation_t *t = c->state & HALF_SNAT ? bpf_map_lookup_elem(&TRANSLATIONS, own) : NULL;
	int is_reply = c->direction == DIRECTION_REPLY;

	/* field by field: a literal is made beside it first, and the stack is short */
	key->source = is_reply ? c->key.destination : c->address;
	key->destination = is_reply ? c->address : c->key.source;
	key->source_port = is_reply ? c->key.destination_port : c->port;
	key->destination_port = is_reply ? c->port : c->key.source_port;
	key->protocol = c->key.protocol;
	key->reserved[0] = key->reserved[1] = key->reserved[2] = 0;
	if (!(c->state & HALF_SNAT))
		return 1;
	if (is_reply)
		return conntrack_translated(t, conntrack_nonce(c), &key->source, &key->source_port);
	return conntrack_translated(t, conntrack_nonce(c), &key->destination, &key->destination_port);
}

/* The other half, if it is alive and of the same connection; and its key. */
static __always_inline connection_t *conntrack_find_peer(const connection_t *c, const flow_key_t *own, flow_key_t *key)
{
	connection_t *peer;

	if (!conntrack_peer_key(c, own, key))
		return NULL;
	peer = bpf_map_lookup_elem(&CONNECTIONS, key);
	if (!peer || conntrack_nonce(peer) != conntrack_nonce(c))
		return NULL;
	return peer;
}

static __always_inline connection_t *conntrack_peer(const connection_t *c)
{
	flow_key_t key;

	return conntrack_find_peer(c, &c->key, &key);
}

#endif
