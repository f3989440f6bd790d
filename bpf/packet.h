/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One view of a frame: where its headers are, what its flow is, and what of it the data plane asks for.
 * Pointers are checked here once; whoever holds a struct packet may read and write the headers it names.
 *
 * Order of work: eth.h or vlan.h, ipv4.h, l4.h each check, note and advance.
 */
#ifndef XLVS_PACKET_H
#define XLVS_PACKET_H

#include "family.h"
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Beside 0 and pass reasons. */
#define IP_FRAGMENT 1005

struct packet {
	struct xdp_md *ctx;
	void *end;
	struct ethhdr *eth;
	ip_header_t *ip;
	void *segment;
	flow_key_t key;
	__u32 ingress; /* the device it came in on, be it a VLAN device; not known to packet_parse_untagged */
	__u32 now;
	__u16 length;
	__u8 tcp_flags; /* SCTP: sctp_flags */
	__u8 is_related; /* of its connection, but says nothing of its state: an ICMP error, a fragment behind the first */
	__u8 fragment; /* enum packet_fragment */
	__be32 fragment_id;
};

enum packet_fragment {
	PACKET_WHOLE = 0,
	PACKET_FIRST = 1, /* fragment: with ports */
	PACKET_LATER = 2, /* fragment: without */
};

/* Which packets a program looks into; the others are handed on. */
enum packet_accepts {
	ACCEPTS_WHOLE = 0,
	ACCEPTS_FIRST = 1,
	ACCEPTS_LATER = 2,
};

/*
 * Does the frame end before its packet does? What is not in front of `end` may be in a large frame's further buffers; more than 16
 * bits can say is in none.
 */
static __always_inline int packet_is_cut(const struct packet *p, __u32 length)
{
	const void *ip = p->ip;

	return length > p->end - ip &&
	       (length > 0xffff || length > bpf_xdp_get_buff_len(p->ctx) - (__u32)(ip - (const void *)p->eth));
}

#ifdef XLVS_IPV6
#include "ipv6.h"
#else
#include "ipv4.h"
#endif
#include "eth.h"
#include "l4.h"
#include "vlan.h"

static __always_inline void packet_begin(struct packet *p, struct xdp_md *ctx)
{
	p->ctx = ctx;
	p->end = (void *)(long)ctx->data_end;
	p->is_related = 0;
	p->fragment = PACKET_WHOLE;
}

static __always_inline int packet_parse_ip(struct packet *p, __u8 *protocol, __u32 accepts)
{
	int reason = ip_parse(p, protocol, accepts);

	return reason ? reason : p->fragment > accepts ? IP_FRAGMENT : 0;
}

/* As far as the segment. 0, or the reason why the kernel gets this frame untouched, or another object or program. */
static __always_inline int packet_parse_headers(struct packet *p, struct xdp_md *ctx, __u8 *protocol, __u32 accepts)
{
	int reason;

	packet_begin(p, ctx);
	p->fragment_id = 0;
	reason = vlan_parse(p, (void *)(long)ctx->data);
	return reason ? reason : packet_parse_ip(p, protocol, accepts);
}

static __always_inline int packet_parse(struct packet *p, struct xdp_md *ctx, __u32 accepts)
{
	__u8 protocol;
	int reason = packet_parse_headers(p, ctx, &protocol, accepts);

	if (reason)
		return reason;
	return l4_parse(p, protocol);
}

/* The same of a whole packet in a frame without tags: ETH_TAGGED for others. */
static __always_inline int packet_parse_untagged(struct packet *p, struct xdp_md *ctx)
{
	__u8 protocol;
	int reason;

	packet_begin(p, ctx);
	reason = eth_parse(p, (void *)(long)ctx->data);
	if (!reason)
		reason = packet_parse_ip(p, &protocol, ACCEPTS_WHOLE);
	return reason ? reason : l4_parse(p, protocol);
}

#endif
