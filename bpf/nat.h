/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rewriting a packet as its connection says (RFC 3022): addresses, ports, checksums.
 * Not where it goes next.
 */
#ifndef XLVS_NAT_H
#define XLVS_NAT_H

#include "checksum.h"
#include "packet.h"

/* What the rewrite of one half changes in both checksums; a constant for the flow. */
static __always_inline void nat_prepare(connection_t *c, const address_t *old_address, __be16 old_port)
{
	__u32 address = address_delta(old_address, &c->address);

	c->address_delta = checksum_fold(address);
	c->segment_delta = checksum_fold(address + checksum_delta16(old_port, c->port));
}

/* A UDP checksum of 0 says there is none, so a sum that comes out as 0 is sent as 0xffff (RFC 768). */
static __always_inline void nat_udp(struct udphdr *udp, __u16 delta)
{
	__u16 check;

	if (!udp->check)
		return;
	check = checksum_apply(udp->check, delta);
	udp->check = check ? check : 0xffff;
}

/* l4.h has checked the bounds, but: "R1 offset is outside of the packet", the verifier forgets which protocol it was. */
static __always_inline void nat_tcp(const struct packet *p, struct tcphdr *tcp, __u16 delta)
{
	if ((void *)(tcp + 1) <= p->end)
		tcp->check = checksum_apply(tcp->check, delta);
}

static __always_inline void nat_address(struct packet *p, const connection_t *c)
{
	if (c->direction == DIRECTION_FORWARD)
		ip_set_destination(p->ip, &c->address);
	else
		ip_set_source(p->ip, &c->address);
}

/* Address, port and checksums; one hop less if the packet leaves here (hops 1), none if the kernel sends it on (0). */
static __always_inline void nat_rewrite(struct packet *p, const connection_t *c, __u32 hops)
{
	struct tcphdr *tcp = p->segment;

	nat_address(p, c);
	if (c->direction == DIRECTION_FORWARD)
		tcp->dest = c->port;
	else
		tcp->source = c->port;
	ip_finish(p->ip, c->address_delta, hops);
	if (p->key.protocol == IPPROTO_TCP)
		nat_tcp(p, tcp, c->segment_delta);
	else
		nat_udp(p->segment, c->segment_delta);
}

#endif
