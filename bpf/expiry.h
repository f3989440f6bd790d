/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Expiry without a daemon: a timer takes keys from the tail of a ring in slices, deletes what has expired and puts
 * the rest back at the head. A creation that finds the table full walks a few slots itself, half-open first.
 *
 * One walker at a time per ring of connections (epoch.reclaiming); the timer alone walks the persistence ring.
 * The timer keeps the code of the program that started it: an upgrade starts it anew (start_timer).
 */
#ifndef XLVS_EXPIRY_H
#define XLVS_EXPIRY_H

#include "conntrack.h"
#include "unknown.h"

#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC 1
#endif

struct expiry_walk {
	__u32 now;
	__u32 mask;
	__u32 removed;
	__u32 under_pressure;
};

/* What to do with the connection of a slot: 1 keeps the slot. */
__noinline int expiry_visit_connection(struct expiry_walk *w, const flow_key_t *key, __u32 nonce)
{
	const struct settings *s = settings_get();
	connection_t *forward, *reply;
	flow_key_t own;
	__u32 state;

	if (!s || !w || !key)
		return 0;
	own = *key;
	forward = bpf_map_lookup_elem(&CONNECTIONS, &own);
	if (!forward || conntrack_nonce(forward) != nonce)
		return 0;
	state = conntrack_state(forward);
	reply = conntrack_peer(forward);
	if (reply && !conntrack_is_expired(forward, reply, s, w->now) &&
	    !(w->under_pressure && state == STATE_SYN_RECV))
		return 1;
	if (!conntrack_remove(forward, w->now))
		return 0;
	w->removed++;
	counters_event(w->under_pressure ? EVENT_CONNECTION_RECLAIMED : EVENT_CONNECTION_EXPIRED);
	return 0;
}

/* bpf_loop callback over the tail of the connection ring; 1 ends it. */
static long expiry_connection_step(__u32 i, struct expiry_walk *w)
{
	struct ring_cursor *cursor = ring_cursor_of(RING_OF_CONNECTIONS);
	connection_slot_t *slot;
	flow_key_t key;
	__u32 index, nonce;

	if (!cursor || cursor->tail == cursor->head)
		return 1;
	index = (__u32)cursor->tail & w->mask;
	slot = bpf_map_lookup_elem(&CONNECTION_SLOTS, &index);
	if (!slot || *(volatile __u32 *)&slot->sequence != (__u32)cursor->tail + 1)
		return 1;
	key = slot->key;
	nonce = slot->nonce;
	cursor->tail++;
	if (expiry_visit_connection(w, &key, nonce))
		ring_add_connection(&key, nonce);
	return 0;
}

/* The same over the persistence ring. */
static long expiry_persistence_step(__u32 i, struct expiry_walk *w)
{
	struct ring_cursor *cursor = ring_cursor_of(RING_PERSISTENCE);
	struct persistence_slot *slot;
	struct persistence_key key;
	struct persistence *entry;
	__u32 index;

	if (!cursor || cursor->tail == cursor->head)
		return 1;
	index = (__u32)cursor->tail & w->mask;
	slot = bpf_map_lookup_elem(&persistence_slots, &index);
	if (!slot || *(volatile __u32 *)&slot->sequence != (__u32)cursor->tail + 1)
		return 1;
	key = slot->key;
	cursor->tail++;
	entry = bpf_map_lookup_elem(&persistence, &key);
	if (!entry)
		return 0;
	persistence_settle(entry, w->now);
	if (!persistence_is_expired(entry, w->now)) {
		ring_add_persistence(&key);
		return 0;
	}
	bpf_map_delete_elem(&persistence, &key);
	counters_event(EVENT_PERSISTENCE_EXPIRED);
	return 0;
}

/* Walks up to `slots` connections, unless somebody else is at it; returns how many it removed. */
__noinline __u32 expiry_walk_connections(__u32 slots, __u32 under_pressure, __u32 now)
{
	struct expiry_walk w = { .now = now, .under_pressure = under_pressure };
	const struct settings *s = settings_get();
	struct epoch *epoch = settings_epoch();

	if (!s || !epoch || __sync_val_compare_and_swap(&epoch->reclaiming, 0, 1))
		return 0;
	w.mask = s->connection_ring_masks[FAMILY_INDEX];
	w.removed = unknown_zero(w.mask);
	bpf_loop(ring_slots(RING_OF_CONNECTIONS, slots), expiry_connection_step, &w, 0);
	epoch->reclaiming = 0;
	return w.removed;
}

static __noinline void expiry_walk_persistence(__u32 now)
{
	struct expiry_walk w = { .now = now };
	const struct settings *s = settings_get();

	if (!s)
		return;
	w.mask = s->persistence_ring_mask;
	bpf_loop(ring_slots(RING_PERSISTENCE, SLICE_PERSISTENCE), expiry_persistence_step, &w, 0);
}

/* When to come again: at once while there is much to delete, else so that a round takes ROUND_NS. */
static __always_inline __u64 expiry_delay(__u32 removed)
{
	struct ring_cursor *c = ring_cursor_of(RING_OF_CONNECTIONS);
	struct ring_cursor *p = ring_cursor_of(RING_PERSISTENCE);
	__u64 slices, delay;

	if (!c || !p || removed > SLICE_CONNECTIONS / 4)
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
	__u32 removed = expiry_walk_connections(SLICE_CONNECTIONS, 0, now);

	if (FAMILY == FAMILY_IPV4)
		expiry_walk_persistence(now);
	if (epoch) {
		epoch->slices++;
		epoch->now = now;
		expiry_age_routes(epoch, now);
	}
	bpf_timer_start(&t->timer, expiry_delay(removed), 0);
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
