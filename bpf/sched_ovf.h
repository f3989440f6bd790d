/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ovf: overflow: the highest weight, until the server has more active connections than its weight; then the next
 * (ip_vs_ovf.c). A server of weight w takes w + 1 that stay.
 */
#ifndef XLVS_SCHED_OVF_H
#define XLVS_SCHED_OVF_H

#include "sched_walk.h"

static long sched_ovf_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);

	if (!m)
		return 1;
	if (m->weight <= w->least_weight || sched_active(m->server) > m->weight || !sched_takes(w, m))
		return 0;
	w->pick = m->server;
	w->least_weight = m->weight;
	return 0;
}

static __always_inline __u32 sched_ovf(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	bpf_loop(w.count, sched_ovf_try, &w, 0);
	return w.pick;
}

#endif
