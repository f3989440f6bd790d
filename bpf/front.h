/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In front of the connection table: a copy of what a steady IPv4 flow needs, small enough for half a cache line, in an array
 * of each CPU's own, so that it is found without a lock, a chain of elements or a cache line that another CPU writes. Many
 * thousands of flows cost what memory they touch: here one line, in the table three.
 *
 *   set (64 bytes, one line): | way 0: key, rewrite, hop, generation, stamp | way 1 |
 *
 * The table stays the truth: this can lose anything at any time. What may not outlive its truth is seen by each packet:
 *
 *   routes, neighbours, servers change      the generation of settings.h
 *   the connection ends or leaves its       front_revoke: a word that its key hashes to, raised after the change; read before
 *   steady state, on whatever CPU           the table is asked, so that a copy made meanwhile is born stale
 *   a SYN, FIN, RST                         never come here
 *   time                                    a copy serves until its stamp is due, then the table is asked and stamped anew
 *
 * All but the last are sums of counters that only grow: equal sums, equal counters. Whoever loads a word before the table
 * does so in that order on x86; elsewhere a copy may be made of an entry that has just gone, and lasts until its stamp is due.
 *
 * Not here: making a copy (front_keep.h).
 */
#ifndef XLVS_FRONT_H
#define XLVS_FRONT_H

#include "clock.h"
#include "config.h"
#include "packet.h"
#include "settings.h"

#define TCP_CONTROL (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK)

/* What a packet has asked here, for front_keep.h. */
struct front {
	struct front_set *first;
	struct front_set *second;
	struct front_slot *slot; /* its own, fit for use or not */
	__u32 now;
	__u32 generation; /* of a copy made of what the table says next */
	__u32 route_generation;
};

#ifdef XLVS_IPV6

/* A key of IPv6 alone fills more than a slot. */
static __always_inline void front_revoke(const flow_key_t *key)
{
}

static __always_inline int front_find(const struct packet *p, struct front *f, connection_t *c)
{
	return 0;
}

static __always_inline __u32 front_lateness(__u32 now)
{
	return 0;
}

#else

/* Stamps that a CPU renews in time each tick (about a thousand a second); of more flows the rest are late, by at most 8 s. */
#define FRONT_RENEWALS 64
#define FRONT_LATEST_TICKS 120
#define REVOCATION_BITS 14 /* of LIMIT_REVOCATIONS */
#define KEY_BITS 40 /* of the second word of a key: ports and protocol */

/* Both halves good for use: the upper one finds the set, the lower one the word of front_revoke. */
static __always_inline __u64 front_hash(const flow_key_t *key)
{
	const __u64 *word = (const void *)key;
	__u64 hash = (word[0] ^ word[1] * 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9;

	hash ^= hash >> 32;
	return hash * 0x94d049bb133111eb;
}

/* The word that whoever ends this flow raises. */
static __always_inline __u32 *front_revocations_of(__u64 hash)
{
	__u32 index = (__u32)hash >> (32 - REVOCATION_BITS);

	return bpf_map_lookup_elem(&front_revocations, &index);
}

/* Copies of this flow, on whatever CPU, are void. The caller has changed or deleted its entry already. */
static __always_inline void front_revoke(const flow_key_t *key)
{
	__u32 *revocations = front_revocations_of(front_hash(key));

	if (revocations)
		__sync_fetch_and_add(revocations, 1);
}

/* This CPU's. */
static __always_inline struct front_hop *front_hop(__u32 index)
{
	index += bpf_get_smp_processor_id() * LIMIT_FRONT_HOPS;
	return bpf_map_lookup_elem(&front_hops, &index);
}

/* The set that 32 bits of a hash lead to, among this CPU's. */
static __always_inline struct front_set *front_set(const struct settings *s, __u32 hash)
{
	__u32 index = ((__u64)hash * s->front_sets >> 32) + bpf_get_smp_processor_id() * s->front_sets;

	return bpf_map_lookup_elem(&front_sets, &index);
}

/* By two words, as l4_key made it; beside the second's 40 bits stand the direction and the hop. */
static __always_inline int front_is_of(const struct front_slot *slot, const flow_key_t *key)
{
	const __u64 *a = (const void *)slot, *b = (const void *)key;

	return a[0] == b[0] && (a[1] ^ b[1]) << (64 - KEY_BITS) == 0;
}

/* Ticks since the table was asked. It may have been stamped by a clock that is ahead of the timer's. */
static __always_inline __u32 front_age(const struct front_slot *slot, __u32 now)
{
	__u16 age = now + CLOCK_LAG_TICKS - slot->stamp;

	return age > CLOCK_LAG_TICKS ? age - CLOCK_LAG_TICKS : 0;
}

/* One of the stamps that this CPU may renew in this tick. */
static __always_inline int front_may_renew(__u32 now)
{
	__u32 zero = 0;
	struct front_renewals *r = bpf_map_lookup_elem(&front_renewals, &zero);

	if (!r)
		return 1;
	if (r->tick != now) {
		r->tick = now;
		r->count = 0;
	}
	return r->count++ < FRONT_RENEWALS;
}

/*
 * Whether a copy serves without the table being asked. Its stamp is renewed as any half's (REFRESH_TICKS), unless this CPU has
 * more of them to renew than are worth it: then later, and expiry is told to be patient meanwhile.
 */
static __always_inline int front_serves(const struct front_slot *slot, struct epoch *epoch, __u32 now)
{
	__u32 age = front_age(slot, now);

	if (age < STAMP_TICKS)
		return 1;
	if (age >= FRONT_LATEST_TICKS || front_may_renew(now))
		return 0;
	if (clock_since(now, epoch->renewed_late) >= STAMP_TICKS)
		epoch->renewed_late = now;
	return 1;
}

/* What deliver wants to know. */
static __always_inline void front_copy(connection_t *c, const struct front_slot *slot, const struct front_hop *hop,
				       const flow_key_t *key)
{
	__be16 old_port = slot->direction == DIRECTION_FORWARD ? key->destination_port : key->source_port;

	c->address = slot->address;
	c->port = slot->port;
	c->address_delta = slot->address_delta;
	c->segment_delta = checksum_fold(slot->address_delta + checksum_delta16(old_port, slot->port));
	c->server = slot->server;
	c->direction = slot->direction;
	c->ifindex = hop->ifindex;
	__builtin_memcpy(c->destination_mac, hop->destination_mac, 2 * ETH_ALEN);
	c->vlan = hop->vlan;
}

static __always_inline struct front_slot *front_slot(struct front_set *set, const flow_key_t *key)
{
	if (front_is_of(&set->ways[0], key))
		return &set->ways[0];
	return front_is_of(&set->ways[1], key) ? &set->ways[1] : NULL;
}

/* Either of two sets may hold a flow: with one alone, a fifth of the flows would have no place when three quarters are taken. */
static __always_inline struct front_slot *front_look(struct front *f, const struct settings *s, const flow_key_t *key,
						     __u64 hash)
{
	struct front_slot *slot;

	f->first = s->front_sets ? front_set(s, hash >> 32) : NULL;
	if (!f->first)
		return NULL;
	slot = front_slot(f->first, key);
	if (slot)
		return slot;
	f->second = front_set(s, hash);
	return f->second ? front_slot(f->second, key) : NULL;
}

/* 1: c says how to send this packet, and nothing else is due. 0: ask the table. */
static __always_inline int front_find(const struct packet *p, struct front *f, connection_t *c)
{
	const struct settings *s = settings_get();
	struct epoch *epoch = settings_epoch();
	__u64 hash = front_hash(&p->key);
	const __u32 *revocations = front_revocations_of(hash);
	const struct front_hop *hop;

	f->first = f->second = NULL;
	f->slot = NULL;
	if (!s || !epoch || !revocations || (p->tcp_flags & TCP_CONTROL) != TCP_ACK)
		return 0;
	f->now = epoch->now;
	f->route_generation = settings_generation(s, epoch);
	f->generation = f->route_generation + *(const volatile __u32 *)revocations;
	f->slot = front_look(f, s, &p->key, hash);
	if (!f->slot || f->slot->generation != f->generation)
		return 0;
	hop = front_hop(f->slot->hop);
	if (!hop || p->length > hop->mtu || ip_hops(p) <= 1 || !front_serves(f->slot, epoch, f->now))
		return 0;
	front_copy(c, f->slot, hop, &p->key);
	return 1;
}

/* By how much a half's stamp may be behind beyond what any is: nothing, unless some CPU has lately been late. */
static __always_inline __u32 front_lateness(__u32 now)
{
	const struct epoch *epoch = settings_epoch();

	return epoch && clock_since(now, epoch->renewed_late) < 2 * FRONT_LATEST_TICKS ? FRONT_LATEST_TICKS : 0;
}

#endif
#endif
