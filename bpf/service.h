/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which service a packet without a connection belongs to, in IPVS's order: mark, exact, FTP's for its data, any port.
 */
#ifndef XLVS_SERVICE_H
#define XLVS_SERVICE_H

#include "fwmark.h"
#include "job.h"
#include "settings.h"

#define FTP_DATA_PORT 20
#define FTP_PORT 21
/* net.ipv4.ip_unprivileged_port_start, as it is unless somebody sets it: where an FTP server listens for passive data connections */
#define UNPRIVILEGED_PORT 1024

static __always_inline const struct service *service_by_mark(const struct packet *p, const struct settings *s)
{
	struct service_key key = { .family = FAMILY };
	__u32 mark = s->marks ? fwmark_find(p, s->mark_set) : 0;

	if (!mark)
		return NULL;
	key.address.word[0] = bpf_htonl(mark);
	return bpf_map_lookup_elem(&services, &key);
}

/* Ports of the VIP to which FTP's data connections may go; only a server knows which, so that all of them follow the service of port 21. */
static __always_inline int service_may_be_ftp_data(const struct packet *p)
{
	__u16 port = bpf_ntohs(p->key.destination_port);

	return p->key.protocol == IPPROTO_TCP && (port == FTP_DATA_PORT || port >= UNPRIVILEGED_PORT);
}

/* Notes in the job whether it was for FTP's data. */
static __always_inline const struct service *service_find(const struct packet *p, const struct settings *s, struct job *j)
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
	if (service_may_be_ftp_data(p)) {
		key.port = bpf_htons(FTP_PORT);
		service = bpf_map_lookup_elem(&services, &key);
		j->is_ftp_data = !!service;
		if (service)
			return service;
	}
	key.port = 0;
	return bpf_map_lookup_elem(&services, &key);
}

/*
 * TCP by a SYN without RST alone (sloppy_tcp: any segment without RST; schedule_icmp: any error about one); SCTP the same by INIT and
 * ABORT; UDP by any datagram.
 */
static __always_inline int service_is_new(const struct packet *p, const struct settings *s)
{
	__u8 flags = p->tcp_flags & (TCP_SYN | TCP_RST);
	__u32 is_sloppy = p->key.protocol == IPPROTO_TCP ? s->sloppy_tcp : s->sloppy_sctp;

	return p->key.protocol == IPPROTO_UDP || p->is_related || flags == TCP_SYN || (is_sloppy && !(flags & TCP_RST));
}

/*
 * Active FTP's data connections are the servers' own; passive ones are scheduled only where persistence leads them to the server
 * that waits for them.
 */
static __always_inline int service_admits(const struct packet *p, const struct settings *s, const struct service *service,
					  const struct job *j)
{
	if (!service_is_new(p, s))
		return PASS_NOT_NEW;
	if (p->key.source_port == bpf_htons(FTP_DATA_PORT) || (j->is_ftp_data && !service->persistence_ticks))
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

	keeps |= j->is_ftp_data;
	return server->port && !keeps ? server->port : j->key.destination_port;
}

#endif
