/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mh: Maglev hashing of the client's address, with mh-port its port too (ip_vs_mh.c). User space fills the table. A slot
 * whose server takes no connections refuses, or with mh-fallback the client is hashed anew until one does.
 *
 * The hash is the kernel's hsiphash of a 64-bit machine: SipHash-1-3 of one word of 32 bits, cut to 32 bits.
 */
#ifndef XLVS_SCHED_MH_H
#define XLVS_SCHED_MH_H

#include "sched_walk.h"

#define MH_KEY 2654435761ULL

struct siphash {
	__u64 v0, v1, v2, v3;
};

static __always_inline __u64 siphash_rotate(__u64 x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static __always_inline void siphash_round(struct siphash *h)
{
	h->v0 += h->v1;
	h->v1 = siphash_rotate(h->v1, 13) ^ h->v0;
	h->v0 = siphash_rotate(h->v0, 32);
	h->v2 += h->v3;
	h->v3 = siphash_rotate(h->v3, 16) ^ h->v2;
	h->v0 += h->v3;
	h->v3 = siphash_rotate(h->v3, 21) ^ h->v0;
	h->v2 += h->v1;
	h->v1 = siphash_rotate(h->v1, 17) ^ h->v2;
	h->v2 = siphash_rotate(h->v2, 32);
}

/* Four bytes make one block: the word, and its length in the highest byte. */
static __always_inline __u32 sched_mh_hash(__u32 value)
{
	__u64 block = 4ULL << 56 | value;
	struct siphash h = {
		.v0 = 0x736f6d6570736575ULL ^ MH_KEY,
		.v1 = 0x646f72616e646f6dULL ^ MH_KEY,
		.v2 = 0x6c7967656e657261ULL ^ MH_KEY,
		.v3 = 0x7465646279746573ULL ^ MH_KEY ^ block,
	};

	siphash_round(&h);
	h.v0 ^= block;
	h.v2 ^= 0xff;
	siphash_round(&h);
	siphash_round(&h);
	siphash_round(&h);
	return h.v0 ^ h.v1 ^ h.v2 ^ h.v3;
}

/* The server in the slot of this value, if it takes connections. */
static __noinline __u32 sched_mh_server(const struct sched_walk *w, __u32 id, __u32 value)
{
	const struct mh_table *table = bpf_map_lookup_elem(&mh_tables, &id);
	__u32 slot = sched_mh_hash(value) % LIMIT_MH_SLOTS;
	const struct server *server;
	__u32 pick;

	if (!table)
		return 0;
	/* clang knows the bound and drops the check, the verifier does not: "R0 unbounded memory access" */
	asm volatile("" : "+r"(slot));
	if (slot >= LIMIT_MH_SLOTS)
		return 0;
	pick = table->servers[slot];
	server = bpf_map_lookup_elem(&servers, &pick);
	if (!server || server->status != SERVER_LIVE || !server->weight)
		return 0;
	return w->thresholds && threshold_is_reached(pick) ? 0 : pick;
}

/* bpf_loop callback over the offsets that hash a client anew: (k + its own slot) mod the table's size. 1 ends it. */
static long sched_mh_try(__u32 k, struct sched_walk *w)
{
	w->pick = sched_mh_server(w, w->first, w->position + (k + w->step) % LIMIT_MH_SLOTS);
	return w->pick != 0;
}

static __always_inline __u32 sched_mh(const struct job *j)
{
	const struct service *service = &j->service;
	__u32 port = service->flags & SERVICE_MH_PORT ? bpf_ntohs(j->key.source_port) : 0;
	__u32 value = address_fold(&j->key.source) + port;
	struct sched_walk w = sched_walk_of(service);
	__u32 server = sched_mh_server(&w, service->id, value);

	if (server || !(service->flags & SERVICE_MH_FALLBACK))
		return server;
	w.first = service->id;
	w.position = value;
	w.step = sched_mh_hash(value) % LIMIT_MH_SLOTS;
	bpf_loop(LIMIT_MH_SLOTS, sched_mh_try, &w, 0);
	return w.pick;
}

#endif
