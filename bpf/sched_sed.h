/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sed: the shortest delay expected, (active + 1) / weight with the new connection counted in; inactive ones do not count,
 * the first in the list wins a tie (ip_vs_sed.c).
 */
#ifndef XLVS_SCHED_SED_H
#define XLVS_SCHED_SED_H

#include "sched_walk.h"

/* Takes this member if nobody before it expects as short a delay. */
static __always_inline void sched_sed_weigh(struct sched_walk *w, const struct member *m, __u64 delay)
{
	if (w->pick && w->least * m->weight <= delay * w->least_weight)
		return;
	w->pick = m->server;
	w->least = delay;
	w->least_weight = m->weight;
}

static long sched_sed_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);

	if (!m)
		return 1;
	if (sched_takes(w, m))
		sched_sed_weigh(w, m, (__u64)sched_active(m->server) + 1);
	return 0;
}

static __always_inline __u32 sched_sed(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(w.count, sched_sed_try, &w, 0);
	return w.pick;
}

#endif
