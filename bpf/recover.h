/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A flow whose entry was lost, and whose server is the first to speak. With sloppy_tcp its segment makes the connection anew, if one
 * service alone can have led to where the server sends from: it is sent on from that service's VIP, and the client's next one hits.
 *
 * It may as well be of a connection that somebody made to the server itself, through the router: nothing tells these from a lost one,
 * so that sloppy_tcp takes them too. Not those of the router, nor what leaves by a device that is not xlvs's.
 */
#ifndef XLVS_RECOVER_H
#define XLVS_RECOVER_H

#include "conntrack_attend.h"
#include "listener.h"

/* May a packet that no connection and no service wants, or that is to be refused, be of a connection that was lost? */
static __always_inline int recover_is_due(const struct packet *p, int verdict)
{
	const struct settings *s;

	if (verdict != PASS_NO_SERVICE && verdict != -DROP_NO_CONNECTION)
		return 0;
	s = settings_get();
	return s && s->sloppy_tcp && p->key.protocol == IPPROTO_TCP &&
	       (p->tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK;
}

/* Only where servers are, and only what was sent to the router. */
static __always_inline int recover_is_from_inside(const struct packet *p)
{
	const struct interface *device = route_interface(p->ingress);

	return device && device->role == ROLE_PRIVATE && route_is_for_us(p);
}

/*
 * The server of the connection that this packet may be of, the service and the client's key in the job. Both maps are asked, so that
 * a listener that is being replaced leads nowhere. NULL: there can be no such connection.
 */
static __always_inline const struct server *recover_server(const struct packet *p, struct job *j)
{
	const struct listener *listener = listener_find(p);
	struct service_key key = { .protocol = IPPROTO_TCP, .family = FAMILY };
	const struct service *service;
	const struct server *server;
	address_t address;
	__u32 slot;

	if (!listener || !listener->server)
		return NULL;
	slot = listener->server;
	key.address = listener->address;
	key.port = listener->port;
	service = bpf_map_lookup_elem(&services, &key);
	server = bpf_map_lookup_elem(&servers, &slot);
	if (!service || !server || server->status != SERVER_LIVE || server->service != service->id)
		return NULL;
	__builtin_memcpy(&j->service, service, offsetof(struct service, name));
	j->forward.server = slot;
	j->key.source = p->key.destination;
	j->key.source_port = p->key.destination_port;
	j->key.destination = address_narrow(&key.address);
	j->key.destination_port = key.port;
	address = address_narrow(&server->address);
	return address_same(&address, &p->key.source) && service_port(j, server) == p->key.source_port ? server : NULL;
}

/* Persistence leads the client on to this server, and is held by the connection, unless it leads elsewhere by now. */
static __always_inline void recover_persistence(struct job *j)
{
	__u32 kept, prefix = j->service.persistence_prefix;
	struct persistence_key key = persistence_key_of(&j->key.source, prefix, j->service.id);

	kept = persistence_find(&key, j->now);
	if (!kept)
		kept = persistence_create(&key, j->forward.server, j->service.persistence_ticks, 1, j->now);
	if (kept == j->forward.server)
		j->forward.prefix = j->reply.prefix = prefix;
}

/* The client's way first: where that does not lead, nothing was lost. The server's may wait for the client's next packet. */
static __always_inline int recover_hops(struct xdp_md *ctx, struct job *j, int refusal, __u32 generation)
{
	int back = route_resolve(ctx, &j->reply, &j->key.source, j->ingress, generation);

	if (back)
		return back == ROUTE_NO_NEIGHBOUR ? -DROP_NO_NEIGHBOUR : refusal;
	route_resolve(ctx, &j->forward, &j->forward.address, j->reply.ifindex, generation);
	return 0;
}

/*
 * 0 or a pass reason: the packet goes on by the job's reply half. CONNTRACK_LOST: somebody was faster. Or why it does not: of a packet
 * that is of no connection which could have been lost, what would become of it without sloppy_tcp.
 */
static __always_inline int recover(struct packet *p, struct job *j)
{
	const struct server *server = recover_is_from_inside(p) ? recover_server(p, j) : NULL;
	const struct settings *s = settings_get();
	const struct epoch *epoch = settings_epoch();
	__u32 generation;
	int verdict, refusal = listener_is_refused(p) ? -DROP_NO_CONNECTION : PASS_NO_SERVICE;

	/* a client that has its connection, with another server, has none with this one */
	if (!server || !s || !epoch || bpf_map_lookup_elem(&CONNECTIONS, &j->key))
		return refusal;
	if (conntrack_is_hopeless(j))
		return -DROP_TABLE_FULL;
	generation = settings_generation(s, epoch);
	/* as after the server's segment */
	conntrack_begin(j, server, tcp_next_state(STATE_NONE, DIRECTION_REPLY, j->tcp_flags, 0), generation);
	verdict = recover_hops(p->ctx, j, refusal, generation);
	if (verdict)
		return verdict;
	if (j->service.persistence_ticks)
		recover_persistence(j);
	verdict = conntrack_settle();
	if (verdict)
		return verdict;
	counters_event(EVENT_CONNECTION_RECOVERED);
	return conntrack_check_size(p, &j->reply);
}

#endif
