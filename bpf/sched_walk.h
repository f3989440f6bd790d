/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What schedulers share: the walk over a service's members in IPVS's order, the measure of load, and the memory of rr
 * and wrr. Which server a scheduler takes is in its own header.
 */
#ifndef XLVS_SCHED_WALK_H
#define XLVS_SCHED_WALK_H

#include "config.h"
#include "maps.h"
#include "job.h"
#include "threshold.h"
#include "unknown.h"

/* What a scheduler's walk over the members carries from one to the next (a bpf_loop context). */
struct sched_walk {
	__u32 first;
	__u32 count;
	__u32 position;
	__u32 pick;
	__u64 least;
	__u32 least_weight;
	__s32 weight;
	__u32 step;
	__u32 top;
	__u32 thresholds;
};

static __always_inline const struct member *sched_member(const struct sched_walk *w, __u32 i)
{
	__u32 slot = w->first + i;

	return bpf_map_lookup_elem(&members, &slot);
}

/*
 * A call of bpf_loop's costs more than what it does for one member, so a callback may take this many at once; so many calls then.
 * More would be more for the verifier, not much less for the packet.
 */
#define SCHED_STRIDE 8

static __always_inline __u32 sched_strides(const struct sched_walk *w)
{
	return (w->count + SCHED_STRIDE - 1) / SCHED_STRIDE;
}

/* Neither quiesced nor overloaded. */
static __always_inline int sched_takes(const struct sched_walk *w, const struct member *m)
{
	return m->weight && !(w->thresholds && threshold_is_reached(m->server));
}

/* IPVS's measure of load: an active connection weighs 256 more than an inactive one (ip_vs.h, 6.12). */
static __always_inline __u64 sched_overhead(__u32 server)
{
	const struct server_load *load = bpf_map_lookup_elem(&server_loads, &server);

	if (!load)
		return ~0U;
	return ((__u64)load->active << 8) + load->active + load->inactive;
}

/* Active connections alone, for those whose formula leaves the inactive out. */
static __always_inline __u32 sched_active(__u32 server)
{
	const struct server_load *load = bpf_map_lookup_elem(&server_loads, &server);

	return load ? load->active : ~0U;
}

static __always_inline struct sched_walk sched_walk_of(const struct service *service)
{
	__u64 zero = unknown_zero(service->members_first);
	struct sched_walk w = {
		.first = service->members_first,
		.count = service->members_count,
		.position = zero,
		.pick = zero,
		.least = zero,
		.least_weight = zero,
		.thresholds = service->flags & SERVICE_THRESHOLDS,
	};

	return w;
}

/* rr's and wrr's memory is two words that change together, or not at all. */
static __always_inline __u64 *sched_state(const struct service *service)
{
	__u32 id = service->id;

	return bpf_map_lookup_elem(&scheduler_states, &id);
}

/* bpf_loop callback: finds where the server used last stands now. */
static long sched_locate_try(__u32 i, struct sched_walk *w)
{
	const struct member *m = sched_member(w, i);

	if (!m)
		return 1;
	if (m->server != w->pick)
		return 0;
	w->position = i;
	return 1;
}

/* The place before the one to look at first: that of the server used last, or before the head. */
static __always_inline void sched_locate(struct sched_walk *w, __u32 last_server)
{
	w->position = ~(__u32)unknown_zero(last_server);
	w->pick = last_server;
	if (last_server)
		bpf_loop(w->count, sched_locate_try, w, 0);
	w->pick = 0;
}

#endif
