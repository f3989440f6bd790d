/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first bytes of TCP (RFC 9293) and UDP (RFC 768): ports and flags. SCTP's: sctp.h.
 */
#ifndef XLVS_L4_H
#define XLVS_L4_H

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

#define TCP_FLAGS_OFFSET 13

/* Beside 0 and pass reasons. */
#define L4_ICMP 1004
#define L4_SCTP 1010

static __always_inline int l4_parse_tcp(struct packet *p)
{
	struct tcphdr *tcp = p->segment;

	if ((void *)(tcp + 1) > p->end)
		return PASS_TRUNCATED;
	if (p->segment + sizeof(*tcp) > (void *)p->ip + p->length || tcp->doff < 5)
		return PASS_MALFORMED;
	p->tcp_flags = ((__u8 *)tcp)[TCP_FLAGS_OFFSET];
	return 0;
}

static __always_inline int l4_parse_udp(struct packet *p)
{
	struct udphdr *udp = p->segment;

	if ((void *)(udp + 1) > p->end)
		return PASS_TRUNCATED;
	if (p->segment + sizeof(*udp) > (void *)p->ip + p->length)
		return PASS_MALFORMED;
	p->tcp_flags = TCP_ACK; /* as a segment that changes no state */
	return 0;
}

/*
 * The key by whole words: source and destination as they stand in the IP header, then both ports and the
 * protocol. Smaller stores would have to be put together again by the loads of the lookup.
 */
static __always_inline void l4_key(struct packet *p, __u8 protocol)
{
	__u64 *key = (__u64 *)&p->key;
	__u64 ports = *(__u32 *)p->segment;

	ip_key(key, p->ip);
	key[FLOW_WORDS - 1] = ports | (__u64)protocol << 32;
}

static __always_inline int l4_parse(struct packet *p, __u8 protocol)
{
	int reason = protocol == IP_ICMP ? L4_ICMP : protocol == IPPROTO_SCTP ? L4_SCTP : PASS_PROTOCOL;

	if (protocol == IPPROTO_TCP)
		reason = l4_parse_tcp(p);
	else if (protocol == IPPROTO_UDP)
		reason = l4_parse_udp(p);
	if (reason)
		return reason;
	l4_key(p, protocol);
	return 0;
}

#endif
