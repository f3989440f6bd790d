/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Expiry's walk over the ring of persistence entries, which the timer alone goes (expiry.h).
 */
#ifndef XLVS_EXPIRY_PERSISTENCE_H
#define XLVS_EXPIRY_PERSISTENCE_H

#include "counters.h"
#include "defence.h"
#include "persistence.h"
#include "ring.h"

struct expiry_persistence_walk {
	__u32 now;
	__u32 mask;
	__u32 discards; /* those that nothing came of have to go */
	__u32 spares; /* with these bits of chance they do not */
};

/* bpf_loop callback over the tail of the persistence ring; 1 ends it. */
static long expiry_persistence_step(__u32 i, struct expiry_persistence_walk *w)
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
	if (!persistence_claim(entry, settings_get(), w->now, w->discards && !(bpf_get_prandom_u32() & w->spares))) {
		ring_add_persistence(&key);
		return 0;
	}
	counters_event(persistence_is_over(entry, w->now) ? EVENT_PERSISTENCE_EXPIRED : EVENT_PERSISTENCE_DISCARDED);
	bpf_map_delete_elem(&persistence, &key);
	return 0;
}

/* While the table is nearly full those go at once that no connection has come of; with drop_entry in IPVS's time. */
static __noinline void expiry_walk_persistence(__u32 now)
{
	struct expiry_persistence_walk w = { .now = now };
	const struct settings *s = settings_get();
	const struct ring_cursor *cursor = ring_cursor_of(RING_PERSISTENCE);
	__u64 filled;

	if (!s || !cursor)
		return;
	w.mask = s->persistence_ring_mask;
	filled = cursor->head - cursor->tail;
	w.discards = filled > s->persistence_capacity - s->persistence_capacity / 8;
	w.spares = w.discards ? 0 : 3;
	if (defence_acts(s->drop_entry, now))
		w.discards = 1;
	bpf_loop(ring_slots(RING_PERSISTENCE, SLICE_PERSISTENCE), expiry_persistence_step, &w, 0);
}

#endif
