/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet without a connection: does a service want it, and which server gets it?
 *
 *   service (mark, exact, FTP's, any port) -> may it be new -> caps and defence -> persistence -> scheduler
 *
 * Not here: making the connection (conntrack_create.h).
 */
#ifndef XLVS_ADMIT_H
#define XLVS_ADMIT_H

#include "conntrack_create.h"
#include "defence.h"
#include "persistence.h"
#include "route.h"
#include "sched.h"
#include "service.h"

/* The server of a client network that has one, or the scheduler's choice, kept from now on. */
static __always_inline __u32 persistent_server(struct job *j)
{
	__u32 prefix = j->service.persistence_prefix;
	struct persistence_key key = persistence_key_of(&j->key.source, prefix, j->service.id);
	__u32 server = persistence_find(&key, j->now);
	__u32 kept;

	j->forward.prefix = prefix;
	if (server)
		return server;
	server = sched_pick(j);
	if (!server)
		return 0;
	kept = persistence_create(&key, server, j->service.persistence_ticks,
				  conntrack_first_state(j) == STATE_ESTABLISHED, j->now);
	if (kept)
		return kept;
	j->forward.prefix = 0;
	return server;
}

/* cache_bypass: nobody serves this mark, but the kernel knows the way to where the packet was sent. */
static __always_inline int goes_past(struct packet *p, struct job *j)
{
	if (!(j->service.flags & SERVICE_MARK) || j->is_related)
		return 0;
	j->forward.key = j->key;
	j->forward.address = j->key.destination;
	j->forward.direction = DIRECTION_FORWARD;
	return route_resolve(p->ctx, &j->forward, &j->forward.address, j->ingress, 0) >= 0;
}

/* No connection: does a service want this packet, and which server gets it? The service is in the job then. */
static __always_inline int admit(struct packet *p, struct job *j)
{
	const struct settings *s = settings_get();
	const struct service *service = s ? service_find(p, s, j) : NULL;
	int reason;

	if (!service)
		return PASS_NO_SERVICE;
	reason = service_admits(p, s, service, j);
	if (reason)
		return reason;
	if (!route_is_for_us(p))
		return PASS_OTHER_HOST;
	if (ip_hops(p) <= 1)
		return -DROP_TTL_EXCEEDED;
	reason = j->has_reclaimed ? 0 : defence_admits(p, s, service->id);
	if (reason)
		return reason;
	if (conntrack_is_hopeless(j))
		return -DROP_TABLE_FULL;
	__builtin_memcpy(&j->service, service, offsetof(struct service, name));
	j->forward.server = j->service.persistence_ticks ? persistent_server(j) : sched_pick(j);
	if (j->forward.server)
		return 0;
	/* of the many ports that FTP's service takes, its own alone is known to be its (ip_vs_leave) */
	if (j->is_ftp_data)
		return PASS_FTP_DATA;
	return s->cache_bypass && goes_past(p, j) ? PASS_BYPASSED : -DROP_NO_SERVER;
}

#endif
