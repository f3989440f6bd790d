/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two rings of keys that expiry walks. Anybody adds at the head. Of connections anybody takes from the tail, the timer alone
 * of persistence entries. A slot's sequence is written last, so that a walker never reads a key that is still being written.
 */
#ifndef XLVS_RING_H
#define XLVS_RING_H

#include "settings.h"

/* Room kept for additions that are under way on other CPUs. */
#define RING_MARGIN 256

static __always_inline struct ring_cursor *ring_cursor_of(__u32 ring)
{
	return bpf_map_lookup_elem(&ring_cursors, &ring);
}

static __always_inline int ring_has_room(__u32 ring, __u32 mask)
{
	struct ring_cursor *cursor = ring_cursor_of(ring);

	return cursor && cursor->head - cursor->tail + RING_MARGIN < mask;
}

/* How many slots a walk of at most `slots` visits: what it puts back waits for the next. */
static __always_inline __u32 ring_slots(__u32 ring, __u32 slots)
{
	const struct ring_cursor *cursor = ring_cursor_of(ring);
	__u64 filled = cursor ? cursor->head - cursor->tail : 0;

	return filled < slots ? filled : slots;
}

__noinline int ring_add_connection(const flow_key_t *key, __u32 nonce)
{
	const struct settings *s = settings_get();
	struct ring_cursor *cursor = ring_cursor_of(RING_OF_CONNECTIONS);
	connection_slot_t *slot;
	__u32 position, index;

	if (!s || !cursor || !key)
		return 0;
	position = __sync_fetch_and_add(&cursor->head, 1);
	index = position & s->connection_ring_masks[FAMILY_INDEX];
	slot = bpf_map_lookup_elem(&CONNECTION_SLOTS, &index);
	if (!slot)
		return 0;
	slot->key = *key;
	slot->nonce = nonce;
	barrier();
	slot->sequence = position + 1;
	return 1;
}

enum ring_taken {
	RING_EMPTY = 0, /* or the last slot is still being written */
	RING_TAKEN = 1,
	RING_LOST = 2, /* to another CPU */
};

/* The slot at the tail, read before it is claimed: after that it may be written anew. */
static __always_inline int ring_take_connection(__u32 mask, flow_key_t *key, __u32 *nonce)
{
	struct ring_cursor *cursor = ring_cursor_of(RING_OF_CONNECTIONS);
	const connection_slot_t *slot;
	__u64 tail;
	__u32 index;

	if (!cursor)
		return RING_EMPTY;
	tail = *(volatile __u64 *)&cursor->tail;
	index = (__u32)tail & mask;
	slot = bpf_map_lookup_elem(&CONNECTION_SLOTS, &index);
	if (tail == *(volatile __u64 *)&cursor->head || !slot ||
	    *(volatile __u32 *)&slot->sequence != (__u32)tail + 1)
		return RING_EMPTY;
	*key = slot->key;
	*nonce = slot->nonce;
	barrier();
	return __sync_val_compare_and_swap(&cursor->tail, tail, tail + 1) == tail ? RING_TAKEN : RING_LOST;
}

static __always_inline void ring_add_persistence(const struct persistence_key *key)
{
	const struct settings *s = settings_get();
	struct ring_cursor *cursor = ring_cursor_of(RING_PERSISTENCE);
	struct persistence_slot *slot;
	__u32 position, index;

	if (!s || !cursor)
		return;
	position = __sync_fetch_and_add(&cursor->head, 1);
	index = position & s->persistence_ring_mask;
	slot = bpf_map_lookup_elem(&persistence_slots, &index);
	if (!slot)
		return;
	slot->key = *key;
	barrier();
	slot->sequence = position + 1;
}

#endif
