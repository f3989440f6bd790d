/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection table: two entries per connection, one per direction, made together and deleted together.
 *
 *   forward  client:port -> VIP:port        owns the state; who claims it (STATE_DEAD) is the one who deletes both
 *   reply    server:port -> client:port     carries the same nonce; without its forward half it counts for nothing
 *
 * With snat the reply half's key ends in an address and a port of the router's, and each half has the other end of its packets'
 * way in translations. That entry belongs to whoever holds the half: written after it, deleted before it.
 *
 * Made reply first, so that whoever sees a forward half may rely on both; deleted reply first, so that nobody can
 * make the same connection anew before the old one is gone.
 * A deleted element may serve another flow at once: readers copy it and then check its key and state again.
 *
 * Functions without `static` are verified once by themselves instead of once per caller; the verifier then wants
 * their pointers checked.
 *
 * Not here: how a half is read (conntrack_half.h), where packets go (route.h), which server (sched.h), the walk that finds the
 * expired (expiry.h).
 */
#ifndef XLVS_CONNTRACK_H
#define XLVS_CONNTRACK_H

#include "clock.h"
#include "config.h"
#include "conntrack_half.h"
#include "counters.h"
#include "defence.h"
#include "front.h"
#include "persistence.h"
#include "sctp_state.h"
#include "settings.h"
#include "tcp_state.h"
#include "threshold.h"

/* Sets of states as bits: no branches, of which each would be one more way for the verifier. */
#define ACTIVE_STATES (TCP_ACTIVE_STATES | 1U << STATE_SCTP_ESTABLISHED)
#define HALF_OPEN_STATES \
	(1U << STATE_NONE | 1U << STATE_SYN_RECV | 1U << STATE_SYNACK | 1U << STATE_SCTP_NONE | 1U << STATE_SCTP_INIT1 | \
	 1U << STATE_SCTP_INIT)
/* Of TCP, those that the server's next segment may end whatever it is. */
#define UNANSWERED_STATES (1U << STATE_NONE | 1U << STATE_SYN_RECV | 1U << STATE_SYNACK)
#define CLOSED_STATES (1U << STATE_TIME_WAIT | 1U << STATE_CLOSE | 1U << STATE_SCTP_CLOSED)

/* Whose counts a connection is in. A copy: the connection may be gone, and its element another's, before it is counted. */
struct conntrack_owner {
	__u32 server;
	__u32 prefix;
	address_t client;
};

static __always_inline struct conntrack_owner conntrack_owner_of(const connection_t *forward)
{
	struct conntrack_owner owner = {
		.server = forward->server,
		.prefix = forward->prefix,
		.client = forward->key.source,
	};

	return owner;
}

/* Moves a connection between a server's active and inactive count, and tells the entry that controls it. */
__noinline int conntrack_count(const struct conntrack_owner *owner, __s32 active, __s32 inactive, __u32 now)
{
	const struct server *server;
	struct persistence_key key;
	struct server_load *load;
	__u32 slot, total;

	if (!owner)
		return 0;
	slot = owner->server;
	load = bpf_map_lookup_elem(&server_loads, &slot);
	server = bpf_map_lookup_elem(&servers, &slot);
	if (!load || !server)
		return 0;
	total = threshold_add(load, active, inactive);
	if (active + inactive < 0)
		threshold_relieve(server, load, total);
	if (!owner->prefix || !active)
		return 0;
	key = persistence_key_of(&owner->client, owner->prefix, server->service);
	persistence_hold(&key, active, now);
	return 0;
}

/* Active for the schedulers; of SCTP one state alone. */
static __always_inline int conntrack_is_active(__u32 state)
{
	return ACTIVE_STATES >> (state & 31) & 1;
}

static __always_inline void conntrack_count_as(const struct conntrack_owner *owner, __u32 state, __s32 sign, __u32 now)
{
	int active = conntrack_is_active(state);

	conntrack_count(owner, active ? sign : 0, active ? 0 : sign, now);
}

static __always_inline __u32 conntrack_next_state(__u32 state, __u32 direction, __u8 flags, int is_secure)
{
	if (state < STATE_UDP)
		return tcp_next_state(state, direction, flags, is_secure);
	return state >= STATE_SCTP_NONE ? sctp_next_state(state, direction, flags) : state;
}

/* The entry that controls it has come to something. */
__noinline int conntrack_assure(const struct conntrack_owner *owner)
{
	const struct server *server;
	struct persistence_key key;
	__u32 slot;

	if (!owner)
		return 0;
	slot = owner->server;
	server = bpf_map_lookup_elem(&servers, &slot);
	if (!server)
		return 0;
	key = persistence_key_of(&owner->client, owner->prefix, server->service);
	persistence_assure(&key);
	return 0;
}

/*
 * One segment's step through the state table of the connection with this nonce. A lost race is tried again once, then the
 * other CPU's word holds. The owner is read between the state and its change, which proves it.
 */
__noinline int conntrack_step(connection_t *forward, __u32 nonce, __u32 direction, __u8 flags, __u32 now)
{
	const struct settings *s = settings_get();
	struct conntrack_owner owner;
	__u32 old, state, next;
	int i;

	if (!forward || !s)
		return 0;
	for (i = 0; i < 2; i++) {
		old = *(volatile __u32 *)&forward->state;
		state = old & STATE_MASK;
		if ((old & STATE_NONCE_MASK) != nonce)
			return 0;
		next = conntrack_next_state(state, direction, flags, defence_acts(s->secure_tcp, now));
		if (next == state)
			return 0;
		barrier();
		owner = conntrack_owner_of(forward);
		if (__sync_val_compare_and_swap(&forward->state, old, (old & ~STATE_MASK) | next) == old)
			break;
	}
	if (i == 2)
		return 0;
	if ((next == STATE_ESTABLISHED || next == STATE_SCTP_ESTABLISHED) && owner.prefix)
		conntrack_assure(&owner);
	if (state == STATE_ESTABLISHED)
		front_revoke(&forward->key);
	if (conntrack_is_active(state) == conntrack_is_active(next))
		return 0;
	if (conntrack_is_active(next))
		return conntrack_count(&owner, 1, -1, now);
	return conntrack_count(&owner, -1, 1, now);
}

/*
 * A reply half is steady (STATE_REPLY), but for as long as the server's next packet may be the one that establishes the connection,
 * or assures its entry: then its state is STATE_SYNACK, whatever the forward half's.
 */
static __always_inline __u32 conntrack_reply_state(__u32 state, __u32 is_unanswered)
{
	__u32 is_watched = (UNANSWERED_STATES >> (state & 31) | is_unanswered) & 1;

	return STATE_REPLY - is_watched * (STATE_REPLY - STATE_SYNACK);
}

/* Both halves stale. Time stamps are up to REFRESH_TICKS behind, so that much is forgiven. */
static __always_inline int conntrack_is_expired(const connection_t *forward, const connection_t *reply,
						const struct settings *s, __u32 now)
{
	__u32 timeout = s->timeouts[conntrack_state(forward) & (LIMIT_STATES - 1)] + REFRESH_TICKS;
	__u32 idle = clock_since(now, forward->last_seen), reply_idle = clock_since(now, reply->last_seen);

	if (reply_idle < idle)
		idle = reply_idle;
	return idle > timeout && idle > timeout + front_lateness(now);
}

/* One half, and before it what belongs to it; its copies are void from then on. */
static __always_inline void conntrack_delete_half(const flow_key_t *key, __u32 has_snat)
{
	if (has_snat)
		bpf_map_delete_elem(&TRANSLATIONS, key);
	bpf_map_delete_elem(&CONNECTIONS, key);
	front_revoke(key);
}

/*
 * Deletes a connection whose state word still is what the caller decided by: not one that has come to life meanwhile, nor
 * another one in its element. 1: this call did, and counted it out.
 */
__noinline int conntrack_remove(connection_t *forward, __u32 seen, __u32 now)
{
	struct conntrack_owner owner;
	flow_key_t key;

	if (!forward || (seen & STATE_MASK) == STATE_DEAD)
		return 0;
	if (__sync_val_compare_and_swap(&forward->state, seen, (seen & ~STATE_MASK) | STATE_DEAD) != seen)
		return 0;
	owner = conntrack_owner_of(forward);
	conntrack_count_as(&owner, seen & STATE_MASK, -1, now);
	key = forward->key;
	if (conntrack_find_peer(forward, &key, &key))
		conntrack_delete_half(&key, seen & HALF_SNAT);
	key = forward->key;
	conntrack_delete_half(&key, seen & HALF_SNAT);
	return 1;
}

/* No answer from the server, or none from the client to it: what a flood is made of. */
static __always_inline int conntrack_is_half_open(__u32 state)
{
	return HALF_OPEN_STATES >> (state & 31) & 1;
}

static __always_inline int conntrack_is_closed(__u32 state)
{
	return CLOSED_STATES >> (state & 31) & 1;
}

/* A SYN or INIT may take the place of a connection that is over (conn_reuse_mode 1), unless persistence controls it. */
static __always_inline int conntrack_is_over(const connection_t *forward)
{
	return !forward->prefix && conntrack_is_closed(conntrack_state(forward));
}

#endif
