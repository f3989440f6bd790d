/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wlc: the least load per weight, compared by cross-multiplication; the first in the list wins a tie (ip_vs_wlc.c).
 */
#ifndef XLVS_SCHED_WLC_H
#define XLVS_SCHED_WLC_H

#include "sched_walk.h"

static __always_inline void sched_wlc_weigh(struct sched_walk *w, const struct member *m)
{
	__u64 overhead;

	if (!sched_takes(w, m))
		return;
	overhead = sched_overhead(m->server);
	if (w->pick && w->least * m->weight <= overhead * w->least_weight)
		return;
	w->pick = m->server;
	w->least = overhead;
	w->least_weight = m->weight;
}

static long sched_wlc_try(__u32 stride, struct sched_walk *w)
{
	const struct member *m;
	__u32 i;

#pragma unroll
	for (i = 0; i < SCHED_STRIDE; i++) {
		if (stride * SCHED_STRIDE + i >= w->count)
			return 1;
		m = sched_member(w, stride * SCHED_STRIDE + i);
		if (!m)
			return 1;
		sched_wlc_weigh(w, m);
	}
	return 0;
}

static __always_inline __u32 sched_wlc(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(sched_strides(&w), sched_wlc_try, &w, 0);
	return w.pick;
}

#endif
