/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lblc and lblcr share: a memory of where packets to one destination went, so that a cache keeps its addresses
 * (ip_vs_lblc.c, ip_vs_lblcr.c). An entry whose last use is too long ago counts as absent.
 */
#ifndef XLVS_SCHED_LOCALITY_H
#define XLVS_SCHED_LOCALITY_H

#include "sched_wlc.h"

static __always_inline struct locality_key locality_key_of(const struct job *j)
{
	struct locality_key key = { .destination = address_wide(&j->key.destination), .service = j->service.id };

	return key;
}

/* The entry, used from now on; an old or a new one is empty. NULL: there is no room. */
static __always_inline struct locality *locality_use(const struct locality_key *key, __u32 expiration, __u32 now)
{
	struct locality *e = bpf_map_lookup_elem(&localities, key);
	const struct locality *nothing;
	__u32 zero = 0;

	if (!e) {
		nothing = bpf_map_lookup_elem(&no_locality, &zero);
		if (!nothing || bpf_map_update_elem(&localities, key, nothing, BPF_NOEXIST))
			return NULL;
		e = bpf_map_lookup_elem(&localities, key);
		if (!e)
			return NULL;
	} else if (clock_since(now, e->last_used) > expiration) {
		e->count = 0;
	}
	e->last_used = now;
	return e;
}

/* A server's weight, if it still is one of this service's; else 0. */
static __always_inline __u32 locality_weight(__u32 service, __u32 slot)
{
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);

	return server && server->status == SERVER_LIVE && server->service == service ? server->weight : 0;
}

/* bpf_loop callback: is there a member that is not half as busy as it may be? */
static long locality_idle_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);

	if (!m)
		return 1;
	if ((__u64)sched_active(m->server) * 2 >= m->weight)
		return 0;
	w->pick = m->server;
	return 1;
}

/* More active connections than weight, while another has less than half: time to go there. */
static __always_inline int locality_is_busy(const struct service *service, __u32 slot, __u32 weight)
{
	struct sched_walk w = sched_walk_of(service);

	if (sched_active(slot) <= weight)
		return 0;
	bpf_loop(w.count, locality_idle_try, &w, 0);
	return w.pick != 0;
}

#endif
