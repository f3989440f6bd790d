/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lblcr: as lblc, but a destination may have several servers: the least loaded of them serves; when that one is busy while
 * another idles, wlc's choice joins them. After lblcr_expiration without a change the most loaded one leaves (ip_vs_lblcr.c).
 *
 * Departs from IPVS: at most LIMIT_LOCALITY_SERVERS to a destination, and servers that are gone leave first.
 */
#ifndef XLVS_SCHED_LBLCR_H
#define XLVS_SCHED_LBLCR_H

#include "sched_locality.h"

/* What a walk over a destination's servers carries, from the one that joined last to the first. */
struct locality_walk {
	struct locality_key key;
	__u32 thresholds;
	__u64 overhead;
	__u32 weight;
	__u32 pick;
	__u32 place;
};

static __always_inline struct locality_walk locality_walk_of(const struct service *service,
							      const struct locality_key *key)
{
	__u64 zero = unknown_zero(service->members_first);
	struct locality_walk w = {
		.key = *key,
		.thresholds = service->flags & SERVICE_THRESHOLDS,
		.overhead = zero,
		.weight = zero,
		.pick = zero,
		.place = zero,
	};

	return w;
}

/* The server in a place; 0 past the last. */
static __always_inline __u32 locality_server(const struct locality_walk *w, __u32 place)
{
	const struct locality *e = bpf_map_lookup_elem(&localities, &w->key);

	if (!e || place >= e->count)
		return 0;
	/* or clang keeps the bounds it knows in another register than the one it looks with */
	asm volatile("" : "+r"(place));
	return place < LIMIT_LOCALITY_SERVERS ? e->servers[place] : 0;
}

static __always_inline void locality_take(struct locality_walk *w, __u32 slot, __u32 weight, __u64 overhead)
{
	w->pick = slot;
	w->weight = weight;
	w->overhead = overhead;
}

/* bpf_loop callback: the least loaded that takes connections. */
static long locality_least_try(__u32 i, struct locality_walk *w)
{
	__u32 slot = locality_server(w, w->place - 1 - i);
	__u32 weight = slot ? locality_weight(w->key.service, slot) : 0;
	__u64 overhead;

	if (!slot)
		return 1;
	if (!weight || (w->thresholds && threshold_is_reached(slot)))
		return 0;
	overhead = sched_overhead(slot);
	if (!w->pick || w->overhead * weight > overhead * w->weight)
		locality_take(w, slot, weight, overhead);
	return 0;
}

/* bpf_loop callback: the most loaded, into pick, and its distance from the last, into place. */
static long locality_most_try(__u32 i, struct locality_walk *w)
{
	__u32 slot = locality_server(w, w->place - 1 - i);
	__u32 weight = slot ? locality_weight(w->key.service, slot) : 0;
	__u64 overhead;

	if (!slot)
		return 1;
	overhead = weight ? sched_overhead(slot) : 0;
	if (weight && w->pick && w->overhead * weight >= overhead * w->weight)
		return 0;
	locality_take(w, slot, weight, overhead);
	return !weight;
}

/* bpf_loop callback: everyone behind the one that leaves moves up. */
static long locality_leave_try(__u32 place, struct locality_walk *w)
{
	struct locality *e = bpf_map_lookup_elem(&localities, &w->key);

	if (!e || place >= LIMIT_LOCALITY_SERVERS - 1)
		return 1;
	if (e->servers[place] == w->pick)
		w->place = 1;
	if (w->place)
		e->servers[place] = e->servers[place + 1];
	return 0;
}

/* bpf_loop callback: is it one of them? */
static long locality_member_try(__u32 i, struct locality_walk *w)
{
	__u32 slot = locality_server(w, i);

	if (slot == w->pick)
		w->weight = 1;
	return !slot || slot == w->pick;
}

static __noinline __u32 locality_least(const struct service *service, const struct locality_key *key, __u32 count)
{
	struct locality_walk w = locality_walk_of(service, key);

	w.place = count;
	bpf_loop(LIMIT_LOCALITY_SERVERS, locality_least_try, &w, 0);
	return w.pick;
}

/* The most loaded one leaves. */
static __noinline void locality_shrink(const struct service *service, struct locality *e,
				       const struct locality_key *key, __u32 now)
{
	struct locality_walk w = locality_walk_of(service, key);
	__u32 count = e->count;

	w.place = count;
	bpf_loop(LIMIT_LOCALITY_SERVERS, locality_most_try, &w, 0);
	if (!w.pick)
		return;
	w.place = unknown_zero(count);
	bpf_loop(LIMIT_LOCALITY_SERVERS, locality_leave_try, &w, 0);
	e->count = count - 1;
	e->last_modified = now;
}

static __noinline void locality_join(const struct service *service, struct locality *e,
				     const struct locality_key *key, __u32 server, __u32 now)
{
	struct locality_walk w = locality_walk_of(service, key);
	__u32 count = e->count;

	w.pick = server;
	bpf_loop(LIMIT_LOCALITY_SERVERS, locality_member_try, &w, 0);
	asm volatile("" : "+r"(count));
	if (w.weight || count >= LIMIT_LOCALITY_SERVERS)
		return;
	e->servers[count] = server;
	e->count = count + 1;
	e->last_modified = now;
}

static __always_inline __u32 sched_lblcr(const struct job *j)
{
	const struct service *service = &j->service;
	const struct settings *s = settings_get();
	struct locality_key key = locality_key_of(j);
	struct locality *e = s ? locality_use(&key, s->lblcr_expiration, j->now) : NULL;
	__u32 server;

	if (!s || !e)
		return sched_wlc(j);
	server = locality_least(service, &key, e->count);
	if (e->count > 1 && clock_since(j->now, e->last_modified) > s->lblcr_expiration)
		locality_shrink(service, e, &key, j->now);
	if (server && !locality_is_busy(service, server, locality_weight(service->id, server)))
		return server;
	server = sched_wlc(j);
	if (server)
		locality_join(service, e, &key, server, j->now);
	return server;
}

#endif
