/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a connection: both halves filled, counted, inserted, and its key put into the expiry ring.
 * Which service and server is decided before (service.h, persistence.h, sched.h).
 */
#ifndef XLVS_CONNTRACK_CREATE_H
#define XLVS_CONNTRACK_CREATE_H

#include "expiry.h"
#include "nat.h"
#include "route.h"
#include "service.h"

#define CREATE_TRIES 4

/* Beside 0, pass reasons and negative drop reasons: what only the connection table's own callers see. */
enum conntrack_outcome {
	CONNTRACK_MISS = 1000,
	CONNTRACK_LOST = 1001,
};

#ifndef EEXIST
#define EEXIST 17
#endif

/*
 * The reply's key is taken. 0: it is free now, try again. CONNTRACK_LOST: another CPU made this very connection.
 * A client may come from one port to two services that share a server; the older connection yields if it is over,
 * has expired or has no handshake to lose.
 */
static __noinline int conntrack_yield(const struct connection *reply, __u32 last_try, __u32 now)
{
	struct connection *other = bpf_map_lookup_elem(&connections, &reply->key);
	const struct settings *s = settings_get();
	struct connection *forward;
	__u32 state;

	if (!other)
		return 0;
	if (other->direction != DIRECTION_REPLY)
		return -DROP_TUPLE_IN_USE;
	forward = conntrack_peer(other);
	if (!forward) {
		/* being made or deleted on another CPU; if it still is after so many tries, it is an orphan */
		if (last_try)
			bpf_map_delete_elem(&connections, &reply->key);
		return 0;
	}
	if (other->address == reply->address && other->port == reply->port)
		return CONNTRACK_LOST;
	state = conntrack_state(forward);
	if (state != STATE_TIME_WAIT && state != STATE_CLOSE && state != STATE_UDP &&
	    !(s && conntrack_is_expired(forward, other, s, now)))
		return -DROP_TUPLE_IN_USE;
	conntrack_remove(forward, now);
	return 0;
}

/* Reply half first. 0, CONNTRACK_LOST or a negative drop reason; nothing stays behind on failure. */
static __always_inline int conntrack_insert(const struct connection *forward, const struct connection *reply, __u32 now)
{
	/* not long: before 6.4 only the lower half of what a map's update returns is meant */
	int i, verdict, failed;

	for (i = 0; i < CREATE_TRIES; i++) {
		failed = bpf_map_update_elem(&connections, &reply->key, reply, BPF_NOEXIST);
		if (failed == -EEXIST) {
			verdict = conntrack_yield(reply, i + 2 >= CREATE_TRIES, now);
			if (verdict)
				return verdict;
			continue;
		}
		if (!failed) {
			failed = bpf_map_update_elem(&connections, &forward->key, forward, BPF_NOEXIST);
			if (!failed)
				return 0;
			bpf_map_delete_elem(&connections, &reply->key);
			if (failed == -EEXIST)
				return CONNTRACK_LOST;
		}
		break;
	}
	return -DROP_TABLE_FULL;
}

/* The reply half of a forward half: its key is the forward's answer, its rewrite puts the VIP back. */
static __always_inline void conntrack_mirror(struct connection *reply, const struct connection *forward)
{
	reply->key = conntrack_peer_key(forward);
	reply->address = forward->key.destination;
	reply->port = forward->key.destination_port;
	reply->generation = forward->generation;
	reply->last_seen = forward->last_seen;
	reply->state = (forward->state & STATE_NONCE_MASK) | STATE_REPLY;
	reply->server = forward->server;
	reply->direction = DIRECTION_REPLY;
	reply->prefix = forward->prefix;
	nat_prepare(reply, forward->address, forward->port);
}

/* Both next hops. A server's neighbour may be unknown: then its packets go by the kernel until it is known. */
static __noinline int conntrack_first_hops(struct packet *p, struct connection *forward, struct connection *reply,
					   __u32 generation)
{
	int way, back;

	way = route_resolve(p, forward, route_pair(p->key.source, forward->address), p->ctx->ingress_ifindex,
			    generation);
	if (way < 0)
		return way;
	if (way == ROUTE_FOREIGN_DEVICE)
		return -DROP_FOREIGN_DEVICE;
	back = route_resolve(p, reply, route_pair(reply->address, p->key.source), forward->ifindex, generation);
	if (back == -DROP_NO_ROUTE)
		return PASS_UNROUTABLE_CLIENT;
	if (back < 0)
		return back;
	if (back == ROUTE_NO_NEIGHBOUR)
		route_learn(p, reply, generation);
	return way == ROUTE_NO_NEIGHBOUR ? PASS_NEIGHBOUR : 0;
}

static __always_inline void conntrack_fill(struct packet *p, struct connection *c, const struct server *server,
					   __be16 port)
{
	__u32 state = p->key.protocol == IPPROTO_UDP ? STATE_UDP :
						       tcp_next_state(STATE_NONE, DIRECTION_FORWARD, p->tcp_flags);

	c->key = p->key;
	c->address = server->address.word[0];
	c->port = port;
	c->last_seen = p->now;
	c->state = (bpf_get_prandom_u32() & STATE_NONCE_MASK) | state;
	c->direction = DIRECTION_FORWARD;
	nat_prepare(c, p->key.destination, p->key.destination_port);
}

/*
 * Counted before it can be seen, so that no other CPU counts it out first.
 * Not inlined: the ring's and the counters' work would not fit the caller's stack.
 */
static __noinline int conntrack_admit(struct packet *p, struct connection *forward, const struct connection *reply)
{
	const struct settings *s = settings_get();
	int verdict;

	if (!s || !ring_has_room(RING_CONNECTIONS, s->connection_ring_mask))
		return -DROP_TABLE_FULL;
	conntrack_count_as(forward, conntrack_state(forward), 1, p->now);
	verdict = conntrack_insert(forward, reply, p->now);
	if (verdict) {
		conntrack_count_as(forward, conntrack_state(forward), -1, p->now);
		return verdict;
	}
	ring_add_connection(&forward->key, conntrack_nonce(forward));
	threshold_fill(forward->server);
	counters_connection(forward->server);
	counters_event(EVENT_CONNECTION_CREATED);
	return 0;
}

/* forward->server and forward->prefix are set. 0, PASS_NEIGHBOUR (made, but hand the packet over), or why not. */
static __noinline int conntrack_create(struct packet *p, struct connection *forward, const struct service *service)
{
	struct connection reply = {};
	const struct settings *s = settings_get();
	const struct epoch *epoch = settings_epoch();
	__u32 slot = forward->server;
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);
	__u32 generation;
	int hop, verdict;

	if (!s || !epoch || !server)
		return PASS_NO_SERVER;
	generation = settings_generation(s, epoch);
	conntrack_fill(p, forward, server, service_port(p, service, server));
	forward->generation = generation - 1;
	conntrack_mirror(&reply, forward);
	hop = conntrack_first_hops(p, forward, &reply, generation);
	if (hop && hop != PASS_NEIGHBOUR)
		return hop;
	verdict = conntrack_admit(p, forward, &reply);
	return verdict ? verdict : hop;
}

#endif
