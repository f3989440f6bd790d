/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wrr: the greatest-common-divisor walk of ip_vs_wrr.c. The current weight falls by wrr_step at each end of the
 * list; a server whose weight reaches it is taken. While heavier ones are overloaded it would go round for nothing: then it
 * falls at once to the highest weight of those that take connections.
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
		if (w->weight <= 0 || w->weight > w->top)
			w->weight = w->top;
	}
	m = sched_member(w, w->position);
	if (!m)
		return 1;
	if ((__s64)m->weight < w->weight || !sched_takes(w, m))
		return 0;
	w->pick = m->server;
	return 1;
}

/* bpf_loop callback: the highest weight that takes connections, into least_weight. */
static long sched_wrr_top_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);

	if (!m)
		return 1;
	if (m->weight > w->least_weight && sched_takes(w, m))
		w->least_weight = m->weight;
	return 0;
}

/* 0: all are overloaded. */
static __always_inline __s32 sched_wrr_top(const struct service *service, struct sched_walk *w)
{
	if (!w->thresholds)
		return service->wrr_top;
	bpf_loop(w->count, sched_wrr_top_try, w, 0);
	return w->least_weight ? w->least_weight - (service->wrr_step - 1) : 0;
}

/* Where a walk past nothing but overloaded servers ends: at the head of a new round, unless this was the last already. */
static __always_inline __u64 sched_wrr_exhausted(const struct service *service, __u64 old)
{
	if ((__u32)old && old >> 32 <= service->wrr_step)
		return old;
	return (__u64)service->wrr_top << 32;
}

static __always_inline __u32 sched_wrr(const struct job *j)
{
	const struct service *service = &j->service;
	struct sched_walk w = sched_walk_of(service);
	__u64 *state = sched_state(service);
	__u64 old, new;
	int i;

	if (!state || !service->wrr_top)
		return 0;
	w.step = service->wrr_step;
	w.top = sched_wrr_top(service, &w);
	if (!w.top) {
		old = *(volatile __u64 *)state;
		__sync_val_compare_and_swap(state, old, sched_wrr_exhausted(service, old));
		return 0;
	}
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
