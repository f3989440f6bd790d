/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet that hits a connection: the fast answer when nothing is due, the slow one when something is: a state
 * change, a second gone by, a route or server changed, a packet too big or too old to go on.
 */
#ifndef XLVS_CONNTRACK_ATTEND_H
#define XLVS_CONNTRACK_ATTEND_H

#include "conntrack_create.h"

/* Out of 64, so that HALF_SNAT, the bit above the states, makes none of them steady. */
#define STEADY_STATES (1ULL << STATE_ESTABLISHED | 1ULL << STATE_UDP | 1ULL << STATE_REPLY)
#define STEADY_MASK (STATE_MASK | HALF_SNAT)

/* The copy is whole and of this flow, if its proof still stands after it was taken. */
static __always_inline int conntrack_copy(connection_t *c, const connection_t *e,
					  const flow_key_t *key)
{
	*c = *e;
	barrier();
	return conntrack_same_flow(&e->key, key) && conntrack_nonce(e) == (c->state & STATE_NONCE_MASK) &&
	       *(volatile __u32 *)&e->generation == c->generation;
}

/*
 * Keeps a time stamp at most REFRESH_TICKS behind. 0: idle for longer than its state's timeout, so that only the other
 * half can tell whether the connection is still there (for a reply half: than the shortest timeout of all).
 */
static __always_inline int conntrack_refresh(connection_t *e, connection_t *c, const struct settings *s, __u32 now)
{
	__u32 idle = clock_since(now, c->last_seen);

	if (idle < STAMP_TICKS)
		return 1;
	if (idle > s->timeouts[c->state & (LIMIT_STATES - 1)])
		return 0;
	c->last_seen = now;
	e->last_seen = now;
	return 1;
}

/* 1: c says how to send this packet, and nothing else is due. 0: something may be. CONNTRACK_MISS: no connection. */
static __always_inline int conntrack_find(const struct packet *p, connection_t *c)
{
	connection_t *e = bpf_map_lookup_elem(&CONNECTIONS, &p->key);
	const struct settings *s = settings_get();
	const struct epoch *epoch = settings_epoch();

	if (!e)
		return CONNTRACK_MISS;
	if (!s || !epoch || !conntrack_copy(c, e, &p->key))
		return 0;
	return (p->tcp_flags & TCP_CONTROL) == TCP_ACK && STEADY_STATES >> (c->state & STEADY_MASK) & 1 &&
	       c->generation == settings_generation(s, epoch) && p->length <= c->mtu && ip_hops(p) > 1 &&
	       conntrack_refresh(e, c, s, epoch->now);
}

/* The forward half's next hop anew; while at it, the way back to a client that only its own frame can tell. */
static __noinline int conntrack_route_forward(struct packet *p, connection_t *forward,
					      connection_t *reply, __u32 generation)
{
	int way = route_resolve(p->ctx, forward, &forward->address, p->ingress, generation);

	if (way < 0)
		return way;
	if (way == ROUTE_FOREIGN_DEVICE)
		return -DROP_FOREIGN_DEVICE;
	if (reply->generation != generation &&
	    route_resolve(p->ctx, reply, &forward->key.source, forward->ifindex, generation) == ROUTE_NO_NEIGHBOUR)
		route_learn(reply, p->ingress, p->eth->h_dest, generation);
	return way == ROUTE_NO_NEIGHBOUR ? PASS_NEIGHBOUR : 0;
}

/* The way back, from a reply: a neighbour the kernel does not know keeps the MAC it had. */
static __noinline int conntrack_route_reply(struct packet *p, connection_t *reply, const connection_t *forward,
					    __u32 generation)
{
	int way = route_resolve(p->ctx, reply, &forward->key.source, p->ingress, generation);

	if (way < 0)
		return way;
	if (way == ROUTE_FOREIGN_DEVICE)
		return -DROP_FOREIGN_DEVICE;
	if (way == ROUTE_NO_NEIGHBOUR) {
		if (!route_has_mac(reply))
			return -DROP_NO_NEIGHBOUR;
		reply->generation = generation;
	}
	return 0;
}

/* Something changed since the next hop was cached: is the server still there, and which way is it? */
static __noinline int conntrack_revalidate(struct packet *p, connection_t *e, connection_t *peer,
					   const struct settings *s, __u32 generation)
{
	connection_t *forward = e->direction == DIRECTION_FORWARD ? e : peer;
	__u32 seen = conntrack_word(forward);
	__u32 slot = e->server;
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);
	int is_gone = !server || server->status != SERVER_LIVE;

	/* what a removed server still says is translated (ip_vs_out asks for no server) */
	if (e->direction == DIRECTION_REPLY && !(is_gone && s->expire_nodest_conn))
		return conntrack_route_reply(p, e, peer, generation);
	if (!is_gone)
		return conntrack_route_forward(p, e, peer, generation);
	if (!s->expire_nodest_conn)
		return -DROP_SERVER_GONE;
	if (conntrack_remove(forward, seen, p->now))
		counters_event(EVENT_CONNECTION_FLUSHED);
	return CONNTRACK_MISS;
}

/*
 * With expire_nodest_conn a SYN leaves a server of weight 0, whatever state the connection is in and whatever conn_reuse_mode
 * says (IPVS's resched, since 5.16). SCTP's first packet comes by here behind its own entry: to a server of weight 0 if persistence
 * has led it there, and stays.
 */
static __always_inline int conntrack_is_left(const connection_t *forward, const struct settings *s)
{
	__u32 slot = forward->server;
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);

	return s->expire_nodest_conn && conntrack_state(forward) != STATE_SCTP_NONE && server && !server->weight;
}

/* Expired, or over and a SYN wants its place: deletes it and says so. A frame of its own: IPv6 has none left in its caller. */
static __noinline int conntrack_ends(struct packet *p, connection_t *forward, connection_t *reply,
					  const struct settings *s, __u8 direction)
{
	__u32 seen = conntrack_word(forward);

	if (conntrack_is_expired(forward, reply, s, p->now)) {
		if (conntrack_remove(forward, seen, p->now))
			counters_event(EVENT_CONNECTION_EXPIRED);
		return 1;
	}
	if (!(p->tcp_flags & TCP_SYN) || p->tcp_flags & TCP_RST || direction == DIRECTION_REPLY ||
	    !(conntrack_is_left(forward, s) || (s->conn_reuse_mode && conntrack_is_over(forward))))
		return 0;
	if (conntrack_remove(forward, seen, p->now))
		counters_event(EVENT_CONNECTION_REUSED);
	return 1;
}

/*
 * May it go one hop further, and does it fit? The kernel can fragment what may be fragmented. What it comes to with the rest, a
 * client hears from the VIP, a server from the kernel, which would have had to forward its packet; with snat from the address it
 * sent to, as a client, since the kernel would take that packet for its own.
 */
static __always_inline int conntrack_check_size(const struct packet *p, const connection_t *c)
{
	int is_kernels = c->direction == DIRECTION_REPLY && !(c->state & HALF_SNAT);

	if (ip_hops(p) <= 1)
		return is_kernels ? PASS_REFUSED_REPLY : -DROP_TTL_EXCEEDED;
	if (p->length <= c->mtu)
		return 0;
	if (ip_may_be_fragmented(p))
		return PASS_TOO_BIG;
	return is_kernels ? PASS_REFUSED_REPLY : -DROP_TOO_BIG;
}

/* Keeps the reply half's state in step with the forward half's; its copies must not outlive its steadiness. */
static __always_inline void conntrack_shadow(connection_t *reply, __u32 nonce, __u32 state)
{
	__u32 old = conntrack_word(reply), next = (old & ~STATE_MASK) | conntrack_reply_state(state, 0);

	if (old != next && (old & STATE_NONCE_MASK) == nonce && __sync_val_compare_and_swap(&reply->state, old, next) == old)
		front_revoke(&reply->key);
}

/* A server has answered a datagram: that is what assures the entry, once (udp_state_transition). */
static __always_inline void conntrack_answered(connection_t *reply, const connection_t *forward, __u32 nonce)
{
	struct conntrack_owner owner = conntrack_owner_of(forward);

	if (conntrack_state(reply) == STATE_REPLY)
		return;
	conntrack_shadow(reply, nonce, STATE_UDP);
	conntrack_assure(&owner);
}

static __always_inline void conntrack_advance(struct packet *p, connection_t *forward, connection_t *reply, __u8 direction,
					      __u32 nonce)
{
	if (p->key.protocol == IPPROTO_UDP) {
		if (direction == DIRECTION_REPLY)
			conntrack_answered(reply, forward, nonce);
		return;
	}
	conntrack_step(forward, nonce, direction, p->tcp_flags, p->now);
	conntrack_shadow(reply, nonce, conntrack_state(forward));
}

/* All that may be due for a hit. 0 or PASS_*: c is filled; CONNTRACK_MISS: no connection (any more). */
static __noinline int conntrack_attend(struct packet *p, connection_t *c)
{
	connection_t *e = bpf_map_lookup_elem(&CONNECTIONS, &p->key);
	const struct settings *s = settings_get();
	const struct epoch *epoch = settings_epoch();
	connection_t *peer, *forward, *reply;
	int hop = 0, verdict;
	__u32 nonce;

	if (!e || !s || !epoch)
		return CONNTRACK_MISS;
	nonce = conntrack_nonce(e);
	if (!conntrack_same_flow(&e->key, &p->key))
		return CONNTRACK_MISS;
	peer = conntrack_peer(e);
	if (!peer)
		return CONNTRACK_MISS;
	forward = e->direction == DIRECTION_FORWARD ? e : peer;
	reply = e->direction == DIRECTION_FORWARD ? peer : e;
	if (conntrack_state(forward) == STATE_DEAD || conntrack_ends(p, forward, reply, s, e->direction))
		return CONNTRACK_MISS;
	if (e->generation != settings_generation(s, epoch))
		hop = conntrack_revalidate(p, e, peer, s, settings_generation(s, epoch));
	if (hop && hop != PASS_NEIGHBOUR)
		return hop;
	if (!p->is_related)
		conntrack_advance(p, forward, reply, e->direction, nonce);
	if (clock_since(p->now, e->last_seen) >= STAMP_TICKS && !p->is_related)
		e->last_seen = p->now;
	if (!conntrack_copy(c, e, &p->key))
		return -DROP_TUPLE_IN_USE;
	verdict = conntrack_check_size(p, c);
	return verdict ? verdict : hop;
}

#endif
