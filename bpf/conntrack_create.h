/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a connection: both halves filled, with their next hops.
 *
 * Not here: which service and server (service.h, persistence.h, sched.h), and putting it into the table (conntrack_insert.h).
 */
#ifndef XLVS_CONNTRACK_CREATE_H
#define XLVS_CONNTRACK_CREATE_H

#include "conntrack_insert.h"
#include "fragment.h"
#include "nat.h"
#include "route.h"
#include "service.h"

/* SCTP's first packet makes its step when it is sent on. */
__noinline __u32 conntrack_first_state(const struct job *j)
{
	if (!j)
		return STATE_NONE;
	if (j->key.protocol == IPPROTO_UDP)
		return STATE_UDP;
	if (j->key.protocol == IPPROTO_SCTP)
		return STATE_SCTP_NONE;
	return j->is_related ? STATE_NONE : tcp_next_state(STATE_NONE, DIRECTION_FORWARD, j->tcp_flags, 0);
}

/* The forward half of a connection to this server and port, in this state. */
static __always_inline void conntrack_fill(struct job *j, const struct server *server, __u32 state)
{
	connection_t *c = &j->forward;

	c->key = j->key;
	c->address = address_narrow(&server->address);
	c->port = service_port(j, server);
	c->last_seen = j->now;
	c->state = (bpf_get_prandom_u32() & STATE_NONCE_MASK) | state;
	if (j->service.flags & SERVICE_SNAT)
		c->state |= HALF_SNAT;
	c->direction = DIRECTION_FORWARD;
	nat_prepare(c, &j->key.destination, j->key.destination_port);
}

/*
 * The reply half of a forward half: its key is the forward's answer, its rewrite puts the VIP back. With snat, snat.h puts the
 * router in the client's place.
 */
static __always_inline void conntrack_mirror(connection_t *reply, const connection_t *forward)
{
	__u32 state = forward->state & STATE_MASK;

	reply->key.source = forward->address;
	reply->key.source_port = forward->port;
	reply->key.destination = forward->key.source;
	reply->key.destination_port = forward->key.source_port;
	reply->key.protocol = forward->key.protocol;
	reply->address = forward->key.destination;
	reply->port = forward->key.destination_port;
	reply->generation = forward->generation;
	reply->last_seen = forward->last_seen;
	reply->state = (forward->state & ~STATE_MASK) |
		       conntrack_reply_state(state, (state == STATE_UDP) & !!forward->prefix);
	reply->server = forward->server;
	reply->direction = DIRECTION_REPLY;
	reply->prefix = forward->prefix;
	nat_prepare(reply, &forward->address, forward->port);
}

/* Both halves, with next hops still to be found. */
static __always_inline void conntrack_begin(struct job *j, const struct server *server, __u32 state, __u32 generation)
{
	conntrack_fill(j, server, state);
	j->forward.generation = generation - 1;
	conntrack_mirror(&j->reply, &j->forward);
}

/* Both next hops. A server's neighbour may be unknown: then its packets go by the kernel until it is known. */
__noinline int conntrack_first_hops(struct xdp_md *ctx, struct job *j, __u32 generation)
{
	int way, back;

	if (!j)
		return -DROP_NO_ROUTE;
	way = route_resolve(ctx, &j->forward, &j->forward.address, j->ingress, generation);
	if (way < 0)
		return way;
	if (way == ROUTE_FOREIGN_DEVICE)
		return -DROP_FOREIGN_DEVICE;
	back = route_resolve(ctx, &j->reply, &j->key.source, j->forward.ifindex, generation);
	if (back == -DROP_NO_ROUTE)
		return PASS_UNROUTABLE_CLIENT;
	if (back < 0)
		return back;
	if (back == ROUTE_NO_NEIGHBOUR)
		route_learn(&j->reply, j->ingress, j->destination_mac, generation);
	return way == ROUTE_NO_NEIGHBOUR ? PASS_NEIGHBOUR : 0;
}

/* The forward half knows its server and the prefix. 0, PASS_NEIGHBOUR (made, but hand the packet over), or why not. */
static __always_inline int conntrack_create(struct xdp_md *ctx, struct job *j)
{
	const struct settings *s = settings_get();
	const struct epoch *epoch = settings_epoch();
	__u32 generation, slot = j->forward.server;
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);
	int hop, verdict;

	if (!s || !epoch || !server)
		return -DROP_NO_SERVER;
	generation = settings_generation(s, epoch);
	conntrack_begin(j, server, conntrack_first_state(j), generation);
	hop = conntrack_first_hops(ctx, j, generation);
	if (hop && hop != PASS_NEIGHBOUR)
		return hop;
	verdict = j->forward.state & HALF_SNAT ? conntrack_settle_snat() : conntrack_settle();
	return verdict ? verdict : hop;
}

/* One-packet scheduling: the forward half serves this packet alone. No answer will find it. */
static __always_inline int conntrack_pass_alone(struct xdp_md *ctx, struct job *j)
{
	const struct settings *s = settings_get();
	__u32 slot = j->forward.server;
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);
	int way;

	if (!s || !server)
		return -DROP_NO_SERVER;
	conntrack_fill(j, server, conntrack_first_state(j));
	way = route_resolve(ctx, &j->forward, &j->forward.address, j->ingress, s->generation);
	if (way < 0)
		return way;
	if (way == ROUTE_FOREIGN_DEVICE)
		return -DROP_FOREIGN_DEVICE;
	return way == ROUTE_NO_NEIGHBOUR ? PASS_NEIGHBOUR : 0;
}

/* The first packet of such a datagram counts as a connection, and leaves its server to the fragments behind it. */
__noinline int conntrack_pass_once(struct xdp_md *ctx, struct job *j)
{
	int verdict;

	if (!j)
		return -DROP_NO_SERVER;
	verdict = conntrack_pass_alone(ctx, j);
	if (verdict && verdict != PASS_NEIGHBOUR)
		return verdict;
	counters_connection(j->forward.server);
	if (j->fragment == PACKET_FIRST)
		fragment_sent_once(j, j->forward.server);
	return verdict;
}

/* A fragment behind it, to this server. */
static __always_inline int conntrack_pass_rest(struct xdp_md *ctx, struct packet *p, __u32 server)
{
	struct job *j = job_begin(p);

	if (!j)
		return PASS_FRAGMENT;
	j->service.flags = 0;
	j->service.persistence_ticks = 0;
	j->forward.server = server;
	return conntrack_pass_alone(ctx, j);
}

#endif
