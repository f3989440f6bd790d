/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * twos: two servers by chance, as likely as they are heavy, and the less loaded of them (ip_vs_twos.c).
 *
 * As there, a draw is one of 0..T inclusive, T the sum of the weights, so that the first in the list has one part more.
 */
#ifndef XLVS_SCHED_TWOS_H
#define XLVS_SCHED_TWOS_H

#include "sched_walk.h"

/* One draw: how far it still has to go down the list, and where it came to rest. */
struct twos_draw {
	__s64 left;
	__u32 server;
	__u32 weight;
};

struct sched_twos {
	struct sched_walk walk;
	struct twos_draw draws[2];
	__u64 total;
};

static long sched_twos_sum(__u32 i, struct sched_twos *t)
{
	const struct member *m = sched_member(&t->walk, i);

	if (!m)
		return 1;
	if (sched_takes(&t->walk, m))
		t->total += m->weight;
	return 0;
}

static __always_inline void sched_twos_pass(struct twos_draw *draw, const struct member *m)
{
	draw->left -= m->weight;
	if (draw->left > 0 || draw->server)
		return;
	draw->server = m->server;
	draw->weight = m->weight;
}

static long sched_twos_try(__u32 i, struct sched_twos *t)
{
	const struct member *m = sched_member(&t->walk, i);

	if (!m)
		return 1;
	if (!sched_takes(&t->walk, m))
		return 0;
	sched_twos_pass(&t->draws[0], m);
	sched_twos_pass(&t->draws[1], m);
	return t->draws[0].server && t->draws[1].server;
}

/* 0..total, as likely as a 64-bit product makes it: weights of a service sum up to less than 2^49. */
static __always_inline __u64 sched_twos_random(__u64 total)
{
	__u64 bits = (__u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32();

	return bits % (total + 1);
}

/* The second if it is less loaded for its weight. The product is one of 32 bits, as there. */
static __always_inline __u32 sched_twos_better(const struct twos_draw *a, const struct twos_draw *b)
{
	__s32 one = (__s32)(b->weight * (__u32)sched_overhead(a->server));
	__s32 two = (__s32)(a->weight * (__u32)sched_overhead(b->server));

	return one > two ? b->server : a->server;
}

static __always_inline __u32 sched_twos(const struct job *j)
{
	const struct service *service = &j->service;
	__u64 zero = unknown_zero(service->members_first);
	struct sched_twos t = { .walk = sched_walk_of(service), .total = zero };

	bpf_loop(t.walk.count, sched_twos_sum, &t, 0);
	if (!t.total)
		return 0;
	t.draws[0] = (struct twos_draw){ .left = sched_twos_random(t.total), .server = zero, .weight = zero };
	t.draws[1] = (struct twos_draw){ .left = sched_twos_random(t.total), .server = zero, .weight = zero };
	bpf_loop(t.walk.count, sched_twos_try, &t, 0);
	return sched_twos_better(&t.draws[0], &t.draws[1]);
}

#endif
