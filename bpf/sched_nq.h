/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nq: never queue: the first server in the list that has no active connection; where all have some, as sed (ip_vs_nq.c).
 */
#ifndef XLVS_SCHED_NQ_H
#define XLVS_SCHED_NQ_H

#include "sched_sed.h"

static long sched_nq_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);
	__u32 active;

	if (!m)
		return 1;
	if (!sched_takes(w, m))
		return 0;
	active = sched_active(m->server);
	if (active) {
		sched_sed_weigh(w, m, (__u64)active + 1);
		return 0;
	}
	w->pick = m->server;
	return 1;
}

static __always_inline __u32 sched_nq(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(w.count, sched_nq_try, &w, 0);
	return w.pick;
}

#endif
