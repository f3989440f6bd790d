/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rr: on from the server used last, weight 0 passed over (ip_vs_rr.c).
 */
#ifndef XLVS_SCHED_RR_H
#define XLVS_SCHED_RR_H

#include "sched_walk.h"

static long sched_rr_try(__u32 i, struct sched_walk *w)
{
	const struct member *m;

	w->position++;
	if (w->position >= w->count)
		w->position = 0;
	m = sched_member(w, w->position);
	if (!m)
		return 1;
	if (!sched_takes(w, m))
		return 0;
	w->pick = m->server;
	return 1;
}

static __always_inline __u32 sched_rr(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);
	__u64 *state = sched_state(&j->service);
	__u64 old;
	int i;

	if (!state)
		return 0;
	for (i = 0; i < SCHED_RETRIES; i++) {
		old = *(volatile __u64 *)state;
		sched_locate(&w, (__u32)old);
		bpf_loop(w.count, sched_rr_try, &w, 0);
		if (!w.pick || __sync_val_compare_and_swap(state, old, w.pick) == old)
			break;
	}
	return w.pick;
}

#endif
