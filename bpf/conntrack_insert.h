/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Putting a connection into the table: counted, both halves inserted, past older ones that are in its place, and its key into
 * the expiry ring.
 */
#ifndef XLVS_CONNTRACK_INSERT_H
#define XLVS_CONNTRACK_INSERT_H

#include "expiry.h"
#include "job.h"
#include "snat.h"

#define CREATE_TRIES 4

/* Beside 0, pass reasons and negative drop reasons: what only the connection table's own callers see. */
enum conntrack_outcome {
	CONNTRACK_MISS = 1000,
	CONNTRACK_LOST = 1001,
	/* the reply's place */
	CONNTRACK_TAKEN = 1003,
};

#ifndef EEXIST
#define EEXIST 17
#endif

/*
 * The reply's key is taken. 0: it is free now, try again. CONNTRACK_LOST: another CPU made this very connection.
 * A client may come from one port to two services that share a server; the older connection yields if it is over,
 * has expired or has no handshake to lose.
 */
__noinline int conntrack_yield(__u32 last_try)
{
	const struct settings *s = settings_get();
	const struct job *j = job_get();
	connection_t *forward, *other;
	const connection_t *reply;
	__u32 seen, state;

	if (!j)
		return 0;
	reply = &j->reply;
	other = bpf_map_lookup_elem(&CONNECTIONS, &reply->key);
	if (!other)
		return 0;
	if (other->direction != DIRECTION_REPLY)
		return -DROP_TUPLE_IN_USE;
	forward = conntrack_peer(other);
	if (!forward) {
		/* being made or deleted on another CPU; if it still is after so many tries, it is an orphan */
		if (last_try)
			conntrack_delete_half(&reply->key, 1);
		return 0;
	}
	if (address_same(&other->address, &reply->address) && other->port == reply->port)
		return CONNTRACK_LOST;
	seen = conntrack_word(forward);
	state = seen & STATE_MASK;
	if (!conntrack_is_closed(state) && state != STATE_UDP &&
	    !(s && conntrack_is_expired(forward, other, s, j->now)))
		return -DROP_TUPLE_IN_USE;
	if (conntrack_remove(forward, seen, j->now))
		counters_event(EVENT_CONNECTION_REUSED);
	return 0;
}

/* Why a connection leaves its port to a new one, as the event it counts as: it is over or has expired, or nothing came of it in time. */
static __always_inline __u32 conntrack_port_reason(const connection_t *forward, const connection_t *reply,
						   const struct settings *s, __u32 now)
{
	__u32 state = conntrack_state(forward);

	if (conntrack_is_closed(state) || conntrack_is_expired(forward, reply, s, now))
		return EVENT_CONNECTION_REUSED;
	if (conntrack_is_half_open(state) && clock_since(now, forward->last_seen) > QUIET_TICKS)
		return EVENT_CONNECTION_RECLAIMED;
	return EVENT_KINDS;
}

/* With snat: the reply's key is another client's. That connection yields, or it does not. */
__noinline int conntrack_evict(void)
{
	const struct settings *s = settings_get();
	const struct job *j = job_get();
	connection_t *forward, *other;
	__u32 seen, reason;

	if (!j || !s)
		return 0;
	other = bpf_map_lookup_elem(&CONNECTIONS, &j->reply.key);
	if (!other || other->direction != DIRECTION_REPLY)
		return 0;
	forward = conntrack_peer(other);
	if (!forward)
		return 0;
	seen = conntrack_word(forward);
	reason = conntrack_port_reason(forward, other, s, j->now);
	if (reason != EVENT_KINDS && conntrack_remove(forward, seen, j->now))
		counters_event(reason);
	return 0;
}

/* With snat: the other end of this half's packets. Not long, as below. */
static __always_inline int conntrack_translate(const connection_t *c, const address_t *address, __be16 port)
{
	translation_t t = { .nonce = c->state & STATE_NONCE_MASK, .address = *address, .port = port };
	int failed = c->state & HALF_SNAT ? bpf_map_update_elem(&TRANSLATIONS, &c->key, &t, BPF_ANY) : 0;

	return failed;
}

/* One half, and behind it what else its packets get. 0, `taken` or -DROP_TABLE_FULL. */
static __always_inline int conntrack_insert_half(const connection_t *c, const address_t *address, __be16 port, int taken)
{
	/* not long: before 6.4 only the lower half of what a map's update returns is meant */
	int failed = bpf_map_update_elem(&CONNECTIONS, &c->key, c, BPF_NOEXIST);

	if (failed)
		return failed == -EEXIST ? taken : -DROP_TABLE_FULL;
	if (!conntrack_translate(c, address, port))
		return 0;
	bpf_map_delete_elem(&CONNECTIONS, &c->key);
	return -DROP_TABLE_FULL;
}

/* Reply half first. 0, CONNTRACK_TAKEN, CONNTRACK_LOST or a negative drop reason; nothing stays behind on failure. */
static __always_inline int conntrack_insert(const struct job *j)
{
	const connection_t *forward = &j->forward, *reply = &j->reply;
	int verdict = conntrack_insert_half(reply, &forward->key.source, forward->key.source_port, CONNTRACK_TAKEN);

	if (verdict)
		return verdict;
	verdict = conntrack_insert_half(forward, &reply->key.destination, reply->key.destination_port, CONNTRACK_LOST);
	if (verdict)
		conntrack_delete_half(&reply->key, reply->state & HALF_SNAT);
	return verdict;
}

/* Counted before it can be seen, so that no other CPU counts it out first. */
__noinline int conntrack_admit(void)
{
	const struct settings *s = settings_get();
	const struct job *j = job_get();
	const connection_t *forward;
	struct conntrack_owner owner;
	int verdict;

	if (!j || !s || !ring_has_room(RING_OF_CONNECTIONS, s->connection_ring_masks[FAMILY_INDEX]))
		return -DROP_TABLE_FULL;
	forward = &j->forward;
	owner = conntrack_owner_of(forward);
	conntrack_count_as(&owner, conntrack_state(forward), 1, j->now);
	verdict = conntrack_insert(j);
	if (verdict) {
		conntrack_count_as(&owner, conntrack_state(forward), -1, j->now);
		return verdict;
	}
	ring_add_connection(&forward->key, conntrack_nonce(forward));
	threshold_fill(forward->server);
	counters_connection(forward->server);
	counters_event(EVENT_CONNECTION_CREATED);
	return 0;
}

/* With snat: at the first port of the router's that is free with this server, or whose connection is over. */
static __always_inline int conntrack_settle_snat(void)
{
	struct job *j = job_get();
	__u32 start;
	int i, verdict;

	if (!j || !snat_begin(j, &start))
		return -DROP_NO_ADDRESS;
	for (i = 0; i < 2 * SNAT_PORTS_TRIED; i++) {
		snat_choose(j, start, i % SNAT_PORTS_TRIED);
		if (i >= SNAT_PORTS_TRIED)
			conntrack_evict();
		verdict = conntrack_admit();
		if (verdict != CONNTRACK_TAKEN)
			return verdict;
	}
	return -DROP_NO_PORT;
}

/* The table is known to be full of what may not give way: most new connections do without another look. */
static __always_inline int conntrack_is_hopeless(struct job *j)
{
	if (j->has_reclaimed || !expiry_is_hopeless(settings_epoch()))
		return 0;
	j->has_reclaimed = 1;
	return 1;
}

/* Puts the connection into the table, past older ones in its place. */
static __always_inline int conntrack_settle(void)
{
	int i, verdict;

	for (i = 0; i < CREATE_TRIES; i++) {
		verdict = conntrack_admit();
		if (verdict != CONNTRACK_TAKEN)
			return verdict;
		verdict = conntrack_yield(i + 2 >= CREATE_TRIES);
		if (verdict)
			return verdict;
	}
	return -DROP_TABLE_FULL;
}

#endif
