/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a new connection must get past before a server is sought for it: caps on new connections a second by source and by
 * service, and IPVS's drop_packet, which loses one of am_droprate on purpose. Connections that exist never come here.
 */
#ifndef XLVS_DEFENCE_H
#define XLVS_DEFENCE_H

#include "packet.h"
#include "settings.h"

/* 15 ticks are 1.007 s. */
#define DEFENCE_WINDOW_TICKS 15

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

/* Every am_droprate-th (ip_vs_todrop). */
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
	if (s->drop_packet && defence_loses(s->am_droprate))
		return -DROP_ON_PURPOSE;
	return 0;
}

#endif
