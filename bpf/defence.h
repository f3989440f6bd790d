/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a new connection must get past before a server is sought for it: caps on new connections a second by source and by
 * service, and IPVS's drop_packet, which loses one of so many on purpose. Connections that exist never come here.
 *
 * And when IPVS's defences act: always, or while the machine is short of memory. That the daemon tells (daemon.shortage); without
 * one nobody knows, and the automatic levels do nothing.
 */
#ifndef XLVS_DEFENCE_H
#define XLVS_DEFENCE_H

#include "clock.h"
#include "config.h"
#include "packet.h"
#include "settings.h"

/* 15 ticks are 1.007 s. */
#define DEFENCE_WINDOW_TICKS 15

/* One packet in so many is to go for want of memory; 0: there is enough, or nobody knows. */
static __always_inline __u32 defence_shortage(__u32 now)
{
	__u32 zero = 0;
	const struct daemon *daemon = bpf_map_lookup_elem(&daemons, &zero);

	return daemon && clock_since(now, daemon->seen) < UNWATCHED_TICKS ? daemon->shortage : 0;
}

/* Does a switch at this level (enum defence_level) act now? */
static __always_inline int defence_acts(__u32 level, __u32 now)
{
	return level == DEFENCE_ALWAYS || (level && defence_shortage(now));
}

/* One more in this window. Two CPUs that begin it together may let a few more through. */
static __always_inline int defence_is_over(struct rate *r, __u32 window, __u32 limit)
{
	if (*(volatile __u32 *)&r->window != window) {
		r->window = window;
		r->count = 0;
	}
	return __sync_fetch_and_add(&r->count, 1) >= limit;
}

static __always_inline int defence_is_over_source(const struct packet *p, __u32 window, __u32 limit)
{
	struct address source = address_wide(&p->key.source);
	struct rate fresh = { .window = window, .count = 1 };
	struct rate *r = bpf_map_lookup_elem(&source_rates, &source);

	if (r)
		return defence_is_over(r, window, limit);
	bpf_map_update_elem(&source_rates, &source, &fresh, BPF_NOEXIST);
	return 0;
}

static __always_inline int defence_is_over_service(__u32 service, __u32 window, __u32 limit)
{
	struct rate *r = bpf_map_lookup_elem(&service_rates, &service);

	return r && defence_is_over(r, window, limit);
}

/* Every rate-th (ip_vs_todrop). */
static __always_inline int defence_loses(__u32 rate)
{
	__u32 zero = 0;
	__u32 *count = bpf_map_lookup_elem(&drop_counters, &zero);

	if (!count || !rate)
		return 0;
	return (__sync_fetch_and_add(count, 1) + 1) % rate == 0;
}

/* 0 or a negative drop reason. */
static __always_inline int defence_admits(const struct packet *p, const struct settings *s, __u32 service)
{
	__u32 window = p->now / DEFENCE_WINDOW_TICKS;

	if (s->source_limit && defence_is_over_source(p, window, s->source_limit))
		return -DROP_SOURCE_LIMIT;
	if (s->service_limit && defence_is_over_service(service, window, s->service_limit))
		return -DROP_SERVICE_LIMIT;
	if (s->drop_packet &&
	    defence_loses(s->drop_packet == DEFENCE_ALWAYS ? s->am_droprate : defence_shortage(p->now)))
		return -DROP_ON_PURPOSE;
	return 0;
}

#endif
