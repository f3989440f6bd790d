/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICMP errors (RFC 792, RFC 4443) about a connection: one becomes the flow it talks about, is rewritten inside and outside as
 * that flow's packets are, and goes their way. What it quotes was sent by the router, so it belongs to the connection whose
 * packets answer the quoted one:
 *
 *   to the VIP, quotes VIP:port -> client:port        forward half: to the server, quoting what the server sent
 *   to a client, quotes client:port -> server:port    reply half: from the VIP, quoting what the client sent
 *
 * Everything else of ICMP is the kernel's: it answers echo requests to the VIP. What xlvs itself sends: answer.h.
 */
#ifndef XLVS_ICMP_H
#define XLVS_ICMP_H

#include "nat.h"

/* What both families' messages begin with. */
struct icmp_header {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__be32 rest;
};

enum icmp_type {
#ifdef XLVS_IPV6
	ICMP_LAST_ERROR = 127,
	ICMP_UNREACHABLE = 1,
	ICMP_TOO_BIG = 2,
	ICMP_TIME_EXCEEDED = 3,
	/* a code */
	ICMP_PORT_UNREACHABLE = 4,
#else
	ICMP_UNREACHABLE = 3,
	ICMP_SOURCE_QUENCH = 4,
	ICMP_TIME_EXCEEDED = 11,
	/* codes */
	ICMP_PORT_UNREACHABLE = 3,
	ICMP_FRAGMENTATION_NEEDED = 4,
#endif
};

/* The packet an error quotes, as far as it goes: at least its ports. */
struct quote {
	struct icmp_header *icmp;
	ip_header_t *ip;
	__be16 *ports; /* source, destination */
	__u8 protocol;
};

/* IPVS looks into these alone; a redirect or a parameter problem is the kernel's (ip_vs_in_icmp). */
static __always_inline int icmp_is_error(__u8 type)
{
#ifdef XLVS_IPV6
	return type <= ICMP_LAST_ERROR;
#else
	return type == ICMP_UNREACHABLE || type == ICMP_SOURCE_QUENCH || type == ICMP_TIME_EXCEEDED;
#endif
}

/* What stands there is the message's: behind its packet a frame may have bytes that no checksum covers. */
static __always_inline int icmp_has(const struct packet *p, void *end)
{
	return end <= p->end && end <= (void *)p->ip + p->length;
}

#define ICMP_CHECK_STAYS 255
/* Where the checksum of a segment stands, by protocol; 0: of no connection. A table, since each branch is one more way for the verifier. */
static const __u8 icmp_check_places[256] = {
	[IPPROTO_TCP] = 16,
	[IPPROTO_UDP] = 6,
	[IPPROTO_SCTP] = ICMP_CHECK_STAYS,
};

/* The quoted packet's header, and what stands between it and the ports. */
static __always_inline int icmp_parse_quote(const struct packet *p, struct quote *q)
{
	struct packet quoted = { .ctx = p->ctx, .end = p->end, .eth = p->eth, .ip = (void *)(q->icmp + 1) };
	int reason;

	if (!icmp_has(p, quoted.ip + 1))
		return PASS_TRUNCATED;
	reason = ip_parse_quoted(&quoted, &q->protocol);
	if (reason)
		return reason;
	if (!icmp_has(p, quoted.segment + 8))
		return PASS_TRUNCATED;
	q->ip = quoted.ip;
	q->ports = quoted.segment;
	return icmp_check_places[q->protocol] ? 0 : PASS_ICMP;
}

/* The headers are parsed: p becomes a packet of the flow its error is about. 0 or a pass reason. */
static __always_inline int icmp_parse(struct packet *p, struct quote *q)
{
	int reason;

	q->icmp = p->segment;
	if (!icmp_has(p, q->icmp + 1))
		return PASS_TRUNCATED;
	if (!icmp_is_error(q->icmp->type))
		return PASS_ICMP;
	reason = icmp_parse_quote(p, q);
	if (reason)
		return reason;
	ip_key_of_answer(&p->key, q->ip);
	p->key.source_port = q->ports[1];
	p->key.destination_port = q->ports[0];
	p->key.protocol = q->protocol;
	p->key.reserved[0] = p->key.reserved[1] = p->key.reserved[2] = 0;
	p->tcp_flags = 0;
	p->is_related = 1;
	/* who it is sent to is who sent the quoted packet, or it is somebody's joke */
	return ip_is_to_quoted_source(p->ip, q->ip) ? 0 : PASS_ICMP;
}

/* The quoted checksum of the segment, if it is quoted: NULL, or where it stands. SCTP's stays: nobody checks it against a part of a packet. */
static __always_inline __u16 *icmp_quoted_check(const struct packet *p, const struct quote *q)
{
	__u32 offset = icmp_check_places[q->protocol];
	__u16 *check = (void *)q->ports + offset;

	if (!icmp_has(p, check + 1) || offset == ICMP_CHECK_STAYS || (q->protocol == IPPROTO_UDP && !*check))
		return NULL;
	return check;
}

/*
 * The quoted packet as its sender knew it: address and port of the other side, and the checksums that it sent them under. What the
 * message's own checksum changes by; a changed IPv4 header with its changed checksum sums up to what it did.
 */
static __always_inline __u32 icmp_rewrite_quote(const struct packet *p, struct quote *q, const connection_t *c)
{
	__be16 *port = c->direction == DIRECTION_FORWARD ? q->ports : q->ports + 1;
	__u16 *check = icmp_quoted_check(p, q);
	__u32 delta = ip_rewrite_quoted(q->ip, c) + checksum_delta16(*port, c->port);
	__u16 old;

	*port = c->port;
	if (!check)
		return delta;
	old = *check;
	*check = checksum_apply(old, c->segment_delta);
	if (!*check && q->protocol == IPPROTO_UDP)
		*check = 0xffff;
	return delta + checksum_delta16(old, *check);
}

/* Outside: the VIP becomes the server, or whoever complained on its side the VIP. IPv6's checksum covers these addresses. */
static __always_inline void icmp_rewrite(struct packet *p, struct quote *q, const connection_t *c, __u32 hops)
{
	__u32 delta = icmp_rewrite_quote(p, q, c);
	__u32 outside;

	if (c->direction == DIRECTION_FORWARD) {
		outside = ip_destination_delta(p->ip, &c->address);
		ip_set_destination(p->ip, &c->address);
	} else {
		outside = ip_source_delta(p->ip, &c->address);
		ip_set_source(p->ip, &c->address);
	}
	ip_finish(p->ip, checksum_fold(outside), hops);
#ifdef XLVS_IPV6
	delta += outside;
#endif
	q->icmp->checksum = checksum_apply(q->icmp->checksum, delta);
}

#endif
