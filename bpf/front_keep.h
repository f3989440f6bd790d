/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeping a copy of a steady flow in front of the connection table (front.h): its next hop, and the slot it is to have.
 */
#ifndef XLVS_FRONT_KEEP_H
#define XLVS_FRONT_KEEP_H

#include "front.h"

#ifdef XLVS_IPV6

static __always_inline void front_keep(const struct front *f, const connection_t *c)
{
}

#else

/* Places a hop may be in, side by side. */
#define FRONT_HOP_PLACES 4
#define FRONT_NO_HOP ~0U

static __always_inline int front_is_hop(const struct front_hop *hop, const connection_t *c)
{
	const __u32 *a = (const void *)hop->destination_mac, *b = (const void *)c->destination_mac;

	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && hop->ifindex == c->ifindex && hop->mtu == c->mtu &&
	       hop->vlan == c->vlan;
}

/*
 * The place of c's next hop. One whose generation has passed may be written over: every copy that names it was made
 * before, and is void. FRONT_NO_HOP: all places are taken.
 */
static __always_inline __u32 front_keep_hop(const connection_t *c, __u32 route_generation)
{
	const __u32 *mac = (const void *)c->destination_mac;
	__u32 i, index, first = (mac[0] ^ mac[1] ^ c->ifindex) * 0x9e3779b1 >> 16;
	struct front_hop *hop;

	for (i = 0; i < FRONT_HOP_PLACES; i++) {
		index = (first + i) & (LIMIT_FRONT_HOPS - 1);
		hop = front_hop(index);
		if (!hop)
			break;
		if (hop->generation == route_generation && !front_is_hop(hop, c))
			continue;
		hop->ifindex = c->ifindex;
		hop->mtu = c->mtu;
		hop->vlan = c->vlan;
		__builtin_memcpy(hop->destination_mac, c->destination_mac, 2 * ETH_ALEN);
		hop->generation = route_generation;
		return index;
	}
	return FRONT_NO_HOP;
}

/* A slot of a flow that no packet has been seen of for seconds, or of none. */
static __always_inline struct front_slot *front_idle_slot(struct front_set *set, __u32 now)
{
	__u32 i;

	for (i = 0; i < 2; i++)
		if (!set->ways[i].protocol || front_age(&set->ways[i], now) > 2 * FRONT_LATEST_TICKS)
			return &set->ways[i];
	return NULL;
}

/* The slot to keep a flow in: its own, else an idle one of either set, else that of its first set that was not filled last. */
static __always_inline struct front_slot *front_place(const struct front *f)
{
	struct front_slot *slot = f->slot;

	if (slot || !f->first || !f->second)
		return slot;
	slot = front_idle_slot(f->first, f->now);
	if (slot)
		return slot;
	slot = front_idle_slot(f->second, f->now);
	if (slot)
		return slot;
	f->first->ways[1] = f->first->ways[0];
	return &f->first->ways[0];
}

/* Keeps what the table has said of a steady flow. */
static __noinline void front_keep(const struct front *f, const connection_t *c)
{
	struct front_slot *slot = front_place(f);
	__u32 hop = slot ? front_keep_hop(c, f->route_generation) : FRONT_NO_HOP;

	if (!slot || hop == FRONT_NO_HOP)
		return;
	slot->source = c->key.source;
	slot->destination = c->key.destination;
	slot->source_port = c->key.source_port;
	slot->destination_port = c->key.destination_port;
	slot->protocol = c->key.protocol;
	slot->direction = c->direction;
	slot->hop = hop;
	slot->address = c->address;
	slot->port = c->port;
	slot->server = c->server;
	slot->address_delta = c->address_delta;
	slot->stamp = c->last_seen;
	slot->generation = f->generation;
}

#endif
#endif
