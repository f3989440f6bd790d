/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lblc: packets to one destination keep their server unless it is busy while another idles; then, and at first, wlc chooses
 * (ip_vs_lblc.c). A server over its threshold keeps what it has, as there.
 */
#ifndef XLVS_SCHED_LBLC_H
#define XLVS_SCHED_LBLC_H

#include "sched_locality.h"

static __always_inline __u32 sched_lblc(const struct job *j)
{
	const struct service *service = &j->service;
	const struct settings *s = settings_get();
	struct locality_key key = locality_key_of(j);
	struct locality *e = s ? locality_use(&key, s->lblc_expiration, j->now) : NULL;
	__u32 server, weight;

	if (e && e->count) {
		server = e->servers[0];
		weight = locality_weight(service->id, server);
		if (weight && !locality_is_busy(service, server, weight))
			return server;
	}
	server = sched_wlc(j);
	if (e && server) {
		e->servers[0] = server;
		e->count = 1;
	}
	return server;
}

#endif
