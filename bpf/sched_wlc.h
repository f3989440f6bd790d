/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wlc: the least load per weight, compared by cross-multiplication; the first in the list wins a tie (ip_vs_wlc.c).
 */
#ifndef XLVS_SCHED_WLC_H
#define XLVS_SCHED_WLC_H

#include "sched_walk.h"

static long sched_wlc_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);
	__u64 overhead;

	if (!m)
		return 1;
	if (!sched_takes(w, m))
		return 0;
	overhead = sched_overhead(m->server);
	if (w->pick && w->least * m->weight <= overhead * w->least_weight)
		return 0;
	w->pick = m->server;
	w->least = overhead;
	w->least_weight = m->weight;
	return 0;
}

static __always_inline __u32 sched_wlc(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(w.count, sched_wlc_try, &w, 0);
	return w.pick;
}

#endif
