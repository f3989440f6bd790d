/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client network keeps its server. An entry ends `timeout` after the last new connection that used it; active
 * connections hold it longer and re-arm it by its own timeout (not IPVS's 60 s).
 *
 * Time is settled lazily: whoever looks at an entry, or takes the last active connection from it, first moves
 * last_used over the deadlines that active connections have carried it across.
 */
#ifndef XLVS_PERSISTENCE_H
#define XLVS_PERSISTENCE_H

#include "clock.h"
#include "config.h"
#include "counters.h"
#include "packet.h"
#include "ring.h"

static __always_inline struct persistence_key persistence_key_of(const address_t *client, __u32 prefix, __u32 service)
{
	struct persistence_key key = { .client = address_network(client, prefix), .service = service };

	return key;
}

/* Where the clock stood when the entry was last armed, re-armings by active connections included. */
static __always_inline void persistence_settle(struct persistence *e, __u32 now)
{
	__u32 idle = clock_since(now, e->last_used);

	if (e->active && e->timeout && idle > e->timeout)
		e->last_used = now - idle % e->timeout;
}

/* Expired for so long that nobody who found it alive is still at it: the timer may delete it. */
static __always_inline int persistence_is_over(const struct persistence *e, __u32 now)
{
	return !e->active && clock_since(now, e->last_used) > e->timeout + REFRESH_TICKS;
}

/* Nobody has been connected under it, and it has not been used for a second. */
static __always_inline int persistence_is_unassured(const struct persistence *e, __u32 now)
{
	return !e->active && !e->assured && clock_since(now, e->last_used) > REFRESH_TICKS;
}

/* Its server was removed, and expire_nodest_conn is on: no new connection will use it, and none holds it. */
static __always_inline int persistence_lost_server(const struct persistence *e, const struct settings *s, __u32 slot)
{
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);

	return s && s->expire_nodest_conn && server && server->status != SERVER_LIVE && !e->active;
}

/*
 * Claims an entry that is over, unassured or without its server for deletion: from now on it names nobody, and whoever used it
 * before has said so in its time stamp.
 */
static __always_inline int persistence_claim(struct persistence *e, const struct settings *s, __u32 now, int discards)
{
	__u32 server = *(volatile __u32 *)&e->server;

	if (!persistence_is_over(e, now) && !(discards && persistence_is_unassured(e, now)) &&
	    !persistence_lost_server(e, s, server))
		return 0;
	if (__sync_val_compare_and_swap(&e->server, server, 0) != server)
		return 0;
	if (persistence_is_over(e, now) || (discards && persistence_is_unassured(e, now)) ||
	    persistence_lost_server(e, s, server))
		return 1;
	e->server = server;
	return 0;
}

static __always_inline int persistence_is_expired(const struct persistence *e, __u32 now)
{
	return !e->active && clock_since(now, e->last_used) > e->timeout;
}

/*
 * The server an entry names, if the entry lives and its slot still is a server of this service; else 0.
 * A quiesced server keeps its clients unless expire_quiescent_template says otherwise.
 */
static __always_inline __u32 persistence_server(struct persistence *e, __u32 service, __u32 now)
{
	const struct settings *s = settings_get();
	const struct server *server;
	__u32 slot = e->server;

	persistence_settle(e, now);
	if (persistence_is_expired(e, now))
		return 0;
	server = bpf_map_lookup_elem(&servers, &slot);
	if (!server || server->status != SERVER_LIVE || server->service != service)
		return 0;
	return s && s->expire_quiescent_template && !server->weight ? 0 : slot;
}

/* Where this client's network goes; using the entry restarts its timer. */
__noinline __u32 persistence_find(const struct persistence_key *key, __u32 now)
{
	struct persistence_key own;
	struct persistence *e;
	__u32 server;

	if (!key)
		return 0;
	own = *key;
	e = bpf_map_lookup_elem(&persistence, &own);
	server = e ? persistence_server(e, own.service, now) : 0;
	if (!server)
		return 0;
	if (e->assured) {
		e->last_used = now;
		return server;
	}
	/* stamped before it is seen again that nobody has claimed it (persistence_claim) */
	__sync_lock_test_and_set(&e->last_used, now);
	return *(volatile __u32 *)&e->server;
}

/* A dead entry serves again for the server just scheduled, unless another CPU was faster; 0: the timer was. */
static __always_inline __u32 persistence_revive(struct persistence *e, const struct persistence_key *key,
						const struct persistence *fresh)
{
	__u32 now = fresh->last_used;
	__u32 old = e->server;
	__u32 other = persistence_server(e, key->service, now);

	if (other)
		return other;
	if (!old)
		return 0;
	e->timeout = fresh->timeout;
	e->last_used = now;
	if (__sync_val_compare_and_swap(&e->server, old, fresh->server) != old)
		return e->server;
	e->assured = fresh->assured;
	return fresh->server;
}

/*
 * Puts an entry where none lives; returns the server that holds from now on, 0 if the table is full.
 * Two CPUs may try at once: the loser takes the winner's server.
 */
__noinline __u32 persistence_create(const struct persistence_key *key, __u32 server, __u32 timeout,
					   __u32 assured, __u32 now)
{
	struct persistence entry = { .server = server, .timeout = timeout, .last_used = now, .assured = assured };
	const struct settings *s = settings_get();
	struct persistence_key own;
	struct persistence *e;

	if (!key)
		return 0;
	own = *key;
	e = bpf_map_lookup_elem(&persistence, &own);
	if (e)
		return persistence_revive(e, &own, &entry);
	if (s && ring_has_room(RING_PERSISTENCE, s->persistence_ring_mask) &&
	    !bpf_map_update_elem(&persistence, &own, &entry, BPF_NOEXIST)) {
		ring_add_persistence(&own);
		counters_event(EVENT_PERSISTENCE_CREATED);
		return server;
	}
	e = bpf_map_lookup_elem(&persistence, &own);
	if (e)
		return e->server;
	counters_event(EVENT_PERSISTENCE_FULL);
	return 0;
}

/* A controlled connection became active (change 1) or ceased to be (-1). */
static __always_inline void persistence_hold(const struct persistence_key *key, __s32 change, __u32 now)
{
	struct persistence *e = bpf_map_lookup_elem(&persistence, key);

	if (!e)
		return;
	persistence_settle(e, now);
	/* the entry may have ended and been made anew meanwhile: never below nothing */
	if (change > 0 || e->active)
		__sync_fetch_and_add(&e->active, change);
}

/* A controlled connection was established. */
static __always_inline void persistence_assure(const struct persistence_key *key)
{
	struct persistence *e = bpf_map_lookup_elem(&persistence, key);

	if (e && !e->assured)
		e->assured = 1;
}

#endif
