/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lc: the least load; weights count only as zero or not, the first in the list wins a tie (ip_vs_lc.c).
 */
#ifndef XLVS_SCHED_LC_H
#define XLVS_SCHED_LC_H

#include "sched_walk.h"

static long sched_lc_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);
	__u64 overhead;

	if (!m)
		return 1;
	if (!sched_takes(w, m))
		return 0;
	overhead = sched_overhead(m->server);
	if (w->pick && overhead >= w->least)
		return 0;
	w->pick = m->server;
	w->least = overhead;
	return 0;
}

static __always_inline __u32 sched_lc(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(w.count, sched_lc_try, &w, 0);
	return w.pick;
}

#endif
