/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fo: fail over: all to the server of the highest weight, the first in the list of several (ip_vs_fo.c).
 */
#ifndef XLVS_SCHED_FO_H
#define XLVS_SCHED_FO_H

#include "sched_walk.h"

static long sched_fo_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);

	if (!m)
		return 1;
	if (m->weight <= w->least_weight || !sched_takes(w, m))
		return 0;
	w->pick = m->server;
	w->least_weight = m->weight;
	return 0;
}

static __always_inline __u32 sched_fo(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(w.count, sched_fo_try, &w, 0);
	return w.pick;
}

#endif
