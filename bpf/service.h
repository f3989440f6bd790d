/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which service a packet without a connection belongs to, in IPVS's order: mark, exact, any port.
 */
#ifndef XLVS_SERVICE_H
#define XLVS_SERVICE_H

#include "fwmark.h"
#include "job.h"
#include "settings.h"

#define FTP_DATA_PORT 20

static __always_inline const struct service *service_by_mark(const struct packet *p, const struct settings *s)
{
	struct service_key key = { .family = FAMILY };
	__u32 mark = s->marks ? fwmark_find(p, s->mark_set) : 0;

	if (!mark)
		return NULL;
	key.address.word[0] = bpf_htonl(mark);
	return bpf_map_lookup_elem(&services, &key);
}

static __always_inline const struct service *service_find(const struct packet *p, const struct settings *s)
{
	const struct service *service = service_by_mark(p, s);
	struct service_key key = {
		.address = address_wide(&p->key.destination),
		.port = p->key.destination_port,
		.protocol = p->key.protocol,
		.family = FAMILY,
	};

	if (service)
		return service;
	service = bpf_map_lookup_elem(&services, &key);
	if (service)
		return service;
	key.port = 0;
	return bpf_map_lookup_elem(&services, &key);
}

/*
 * Only a SYN without RST makes a TCP connection (sloppy_tcp: any segment without RST; schedule_icmp: any error about one), any
 * datagram a UDP one; FTP data is never scheduled.
 */
static __always_inline int service_admits(const struct packet *p, const struct settings *s)
{
	__u8 flags = p->tcp_flags & (TCP_SYN | TCP_RST);

	if (p->key.protocol == IPPROTO_TCP && !p->is_related && flags != TCP_SYN && (!s->sloppy_tcp || flags & TCP_RST))
		return PASS_NOT_NEW;
	if (p->key.source_port == bpf_htons(FTP_DATA_PORT))
		return PASS_FTP_DATA;
	return 0;
}

/* Datagrams alone (ip_vs_schedule); the others of a mark make connections. */
static __always_inline int service_is_one_packet(const struct job *j)
{
	return j->service.flags & SERVICE_ONE_PACKET && j->key.protocol == IPPROTO_UDP;
}

/*
 * The port the server sees. The packet's own, unless it is the service's port and the server names one;
 * a mark without persistence lets the server's port replace every member's.
 */
static __always_inline __be16 service_port(const struct job *j, const struct server *server)
{
	int keeps = j->service.persistence_ticks && j->service.flags & (SERVICE_MARK | SERVICE_ANY_PORT);

	return server->port && !keeps ? server->port : j->key.destination_port;
}

#endif
