/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wrr: the greatest-common-divisor walk of ip_vs_wrr.c. The current weight falls by wrr_step at each end of the
 * list; a server whose weight reaches it is taken.
 */
#ifndef XLVS_SCHED_WRR_H
#define XLVS_SCHED_WRR_H

#include "sched_walk.h"

static long sched_wrr_try(__u32 i, struct sched_walk *w)
{
	const struct member *m;

	w->position++;
	if (w->position >= w->count) {
		w->position = 0;
		w->weight -= w->step;
		if (w->weight <= 0)
			w->weight = w->top;
	}
	m = sched_member(w, w->position);
	if (!m)
		return 1;
	if (!m->weight || (__s64)m->weight < w->weight)
		return 0;
	w->pick = m->server;
	return 1;
}

static __always_inline __u32 sched_wrr(const struct service *service)
{
	struct sched_walk w = sched_walk_of(service);
	__u64 *state = sched_state(service);
	__u64 old, new;
	int i;

	if (!state || !service->wrr_top)
		return 0;
	w.step = service->wrr_step;
	w.top = service->wrr_top;
	for (i = 0; i < SCHED_RETRIES; i++) {
		old = *(volatile __u64 *)state;
		sched_locate(&w, (__u32)old);
		w.weight = old >> 32;
		/* the rest of this round and one whole round: the highest weight is met by then */
		bpf_loop(2 * w.count, sched_wrr_try, &w, 0);
		new = (__u64)(__u32)w.weight << 32 | w.pick;
		if (!w.pick || __sync_val_compare_and_swap(state, old, new) == old)
			break;
	}
	return w.pick;
}

#endif
