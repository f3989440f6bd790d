/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Expiry without a daemon: a timer takes keys from the tail of a ring in slices, deletes what has expired and puts
 * the rest back at the head. A creation that finds the table full walks a few slots itself: the half-open ones it meets give
 * way, the oldest first; if there are none, closed ones. An established connection never does.
 *
 * Any number of walkers may be at the ring of connections; the timer alone walks the persistence ring.
 * The timer keeps the code of the program that started it: an upgrade starts it anew (start_timer).
 */
#ifndef XLVS_EXPIRY_H
#define XLVS_EXPIRY_H

#include "conntrack.h"
#include "defence.h"
#include "expiry_persistence.h"
#include "unknown.h"

#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC 1
#endif

/* Who has to go beside what has expired. */
enum expiry_pressure {
	EXPIRY_CALM = 0,
	EXPIRY_HALF_OPEN = 1,
	EXPIRY_CLOSED = 2,
};

struct expiry_walk {
	__u32 now;
	__u32 mask;
	__u32 removed;
	__u32 forgotten; /* slots of connections that had ended before */
	__u32 visited;
	__u32 pressure;
	__u32 discards; /* those that nothing came of have to go */
};

#define EXPIRY_KEEPS EVENT_KINDS

/* Both FINs or a RST seen, and nothing since: only a last segment that is sent again would miss it. */
static __always_inline int expiry_is_quietly_closed(const connection_t *forward, const connection_t *reply, __u32 now)
{
	__u32 state = conntrack_state(forward);

	return conntrack_is_closed(state) && clock_since(now, forward->last_seen) > QUIET_TICKS &&
	       clock_since(now, reply->last_seen) > QUIET_TICKS;
}

static __always_inline int expiry_lost_server(const connection_t *forward)
{
	__u32 slot = forward->server;
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);

	return server && server->status != SERVER_LIVE;
}

/*
 * drop_entry (ip_vs_random_dropentry, todrop_entry). Four rounds of the timer are the 32 s in which IPVS comes by every
 * connection once. It lets long-idle ones go that have had n <= 8 packets, one of n; packets of single connections are not counted
 * here: those go whose time stamps both halves have had since the first second.
 */
static __always_inline int expiry_discards(const connection_t *forward, const connection_t *reply, __u32 now)
{
	__u32 state = conntrack_state(forward), chance = bpf_get_prandom_u32();

	if (chance & 3)
		return 0;
	if (conntrack_is_half_open(state))
		return 1;
	if (clock_since(now, forward->last_seen) < DISCARD_TICKS || forward->last_seen != reply->last_seen)
		return 0;
	if (state == STATE_UDP)
		return 1;
	return (state == STATE_ESTABLISHED || state == STATE_SCTP_ESTABLISHED) && !(chance & 0x1c);
}

/*
 * Half open, but a SYN may have opened it again: persistence or conn_reuse_mode 0 keeps the entry, whose slot in the ring is an old
 * one then. It has some time for its handshake, as one has that is new in the ring.
 */
static __always_inline int expiry_may_be_reopened(const struct expiry_walk *w, const struct settings *s,
						  const connection_t *forward)
{
	return w->pressure == EXPIRY_HALF_OPEN && (forward->prefix || !s->conn_reuse_mode) &&
	       clock_since(w->now, forward->last_seen) < QUIET_TICKS;
}

/* Why this connection ends, as the event it counts as; EXPIRY_KEEPS: it lives. */
static __always_inline __u32 expiry_reason(const struct expiry_walk *w, const struct settings *s,
					   const connection_t *forward, const connection_t *reply)
{
	if (!reply || conntrack_is_expired(forward, reply, s, w->now))
		return EVENT_CONNECTION_EXPIRED;
	if (w->pressure && conntrack_is_half_open(conntrack_state(forward)) && !expiry_may_be_reopened(w, s, forward))
		return EVENT_CONNECTION_RECLAIMED;
	if (w->pressure == EXPIRY_CLOSED && expiry_is_quietly_closed(forward, reply, w->now))
		return EVENT_CLOSED_RECLAIMED;
	if (w->pressure)
		return EXPIRY_KEEPS;
	if (s->expire_nodest_conn && expiry_lost_server(forward))
		return EVENT_CONNECTION_FLUSHED;
	if (w->discards && expiry_discards(forward, reply, w->now))
		return EVENT_CONNECTION_DISCARDED;
	return EXPIRY_KEEPS;
}

/* What to do with the connection of a slot: 1 keeps the slot. */
__noinline int expiry_visit_connection(struct expiry_walk *w, const flow_key_t *key, __u32 nonce)
{
	const struct settings *s = settings_get();
	connection_t *forward;
	flow_key_t own;
	__u32 seen, reason;

	if (!s || !w || !key)
		return 0;
	own = *key;
	forward = bpf_map_lookup_elem(&CONNECTIONS, &own);
	seen = forward ? conntrack_word(forward) : STATE_DEAD;
	if (!forward || (seen & STATE_NONCE_MASK) != nonce || (seen & STATE_MASK) == STATE_DEAD) {
		w->forgotten++;
		return 0;
	}
	reason = expiry_reason(w, s, forward, conntrack_peer(forward));
	/* what has changed since is not what was to end */
	if (reason == EXPIRY_KEEPS || !conntrack_remove(forward, seen, w->now))
		return 1;
	w->removed++;
	counters_event(reason);
	return 0;
}

/* bpf_loop callback over the tail of the connection ring; 1 ends it. */
static long expiry_connection_step(__u32 i, struct expiry_walk *w)
{
	flow_key_t key;
	__u32 nonce;
	int taken = ring_take_connection(w->mask, &key, &nonce);

	if (taken != RING_TAKEN)
		return taken == RING_EMPTY;
	w->visited++;
	if (expiry_visit_connection(w, &key, nonce))
		ring_add_connection(&key, nonce);
	return w->pressure && w->removed >= RECLAIM_ENOUGH;
}

/* So many slots were walked for room, and nothing found in a whole round of the ring: so it is for the time being. */
static __always_inline void expiry_note_barren(struct epoch *epoch, const struct expiry_walk *w)
{
	if (w->removed && epoch->barren)
		epoch->barren = 0;
	else if (w->pressure && !w->removed)
		__sync_fetch_and_add(&epoch->barren, w->visited);
}

/* The table was full, and a whole round has found nothing in it that may give way. The timer says when it has made room. */
static __always_inline int expiry_is_barren(const struct epoch *epoch)
{
	const struct ring_cursor *cursor;

	if (!epoch || !epoch->barren)
		return 0;
	cursor = ring_cursor_of(RING_OF_CONNECTIONS);
	return cursor && epoch->barren >= cursor->head - cursor->tail;
}

/* A new connection is not worth the work then, but for one of some that looks again. */
static __always_inline int expiry_is_hopeless(const struct epoch *epoch)
{
	return expiry_is_barren(epoch) && bpf_get_prandom_u32() % HOPELESS_TRIES;
}

/* Whether slots of connections that had ended before are worth a hurry: each packet of its CPU waits for a slice. */
static __always_inline int expiry_is_short_of_slots(__u32 mask)
{
	const struct ring_cursor *cursor = ring_cursor_of(RING_OF_CONNECTIONS);

	return cursor && cursor->head - cursor->tail > mask / 2;
}

/* Walks up to `slots` connections; returns how many it removed, without pressure those slots as well that the ring is in need of. */
__noinline __u32 expiry_walk_connections(__u32 slots, __u32 pressure, __u32 now)
{
	struct expiry_walk w = { .now = now, .pressure = pressure };
	const struct settings *s = settings_get();
	struct epoch *epoch = settings_epoch();
	int is_short_of_slots;

	if (!s || !epoch)
		return 0;
	w.mask = s->connection_ring_masks[FAMILY_INDEX];
	is_short_of_slots = expiry_is_short_of_slots(w.mask);
	w.removed = w.forgotten = w.visited = unknown_zero(w.mask);
	w.discards = defence_acts(s->drop_entry, now);
	bpf_loop(ring_slots(RING_OF_CONNECTIONS, slots), expiry_connection_step, &w, 0);
	expiry_note_barren(epoch, &w);
	return !pressure && is_short_of_slots ? w.removed + w.forgotten : w.removed;
}

/* When to come again: at once while there is much to clear away, else so that a round takes ROUND_NS. */
static __always_inline __u64 expiry_delay(__u32 freed)
{
	struct ring_cursor *c = ring_cursor_of(RING_OF_CONNECTIONS);
	struct ring_cursor *p = ring_cursor_of(RING_PERSISTENCE);
	__u64 slices, delay;

	if (!c || !p || freed > SLICE_CONNECTIONS / 4)
		return SLICE_DELAY_MIN_NS;
	slices = (c->head - c->tail) / SLICE_CONNECTIONS + (p->head - p->tail) / SLICE_PERSISTENCE + 1;
	delay = ROUND_NS / slices;
	if (delay < SLICE_DELAY_MIN_NS)
		return SLICE_DELAY_MIN_NS;
	return delay > SLICE_DELAY_MAX_NS ? SLICE_DELAY_MAX_NS : delay;
}

/* Nobody watches the routes: let every cached next hop be asked for again now and then. */
static __always_inline void expiry_age_routes(struct epoch *epoch, __u32 now)
{
	__u32 zero = 0;
	const struct daemon *daemon = bpf_map_lookup_elem(&daemons, &zero);

	if (!daemon || clock_since(now, daemon->seen) < UNWATCHED_TICKS ||
	    clock_since(now, epoch->raised_at) < UNWATCHED_TICKS)
		return;
	epoch->raised_at = now;
	epoch->age++;
}

static int expiry_tick(void *map, __u32 *key, struct expiry_timer *t)
{
	struct epoch *epoch = settings_epoch();
	__u32 now = clock_now();
	__u32 freed = expiry_walk_connections(SLICE_CONNECTIONS, EXPIRY_CALM, now);

	if (FAMILY == FAMILY_IPV4)
		expiry_walk_persistence(now);
	if (epoch) {
		epoch->slices++;
		epoch->now = now;
		expiry_age_routes(epoch, now);
	}
	bpf_timer_start(&t->timer, expiry_delay(freed), 0);
	return 0;
}

/* Run once by user space after the maps are filled; again after an upgrade, to run the new code. */
SEC("xdp")
int start_timer(struct xdp_md *ctx)
{
	__u32 family = FAMILY_INDEX;
	struct expiry_timer *t = bpf_map_lookup_elem(&timers, &family);

	if (!t)
		return XDP_ABORTED;
	/* fails with EBUSY on an upgrade: the timer is there already */
	bpf_timer_init(&t->timer, &timers, CLOCK_MONOTONIC);
	if (bpf_timer_set_callback(&t->timer, expiry_tick))
		return XDP_ABORTED;
	return bpf_timer_start(&t->timer, SLICE_DELAY_MIN_NS, 0) ? XDP_ABORTED : XDP_PASS;
}

#endif
