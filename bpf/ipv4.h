/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPv4 header (RFC 791), options included.
 */
#ifndef XLVS_IPV4_H
#define XLVS_IPV4_H

#define IP_ETHERTYPE ETH_P_IP
#define IPV4_FRAGMENT_MASK 0x3fff /* more-fragments bit and offset */
#define IPV4_OFFSET_MASK 0x1fff
#define IPV4_DONT_FRAGMENT 0x4000
#define IPV4_PRECEDENCE_INTERNETCONTROL 0xc0
#define IPV4_SERVICE_MASK 0x1e
#define ANSWER_HOPS 64

/* A bound check for the verifier, then for the sender. Sets segment and the protocol it is of. */
static __always_inline int ip_parse(struct packet *p, __u8 *protocol, __u32 accepts)
{
	struct iphdr *ip = p->ip;
	__u32 header;

	if ((void *)(ip + 1) > p->end)
		return PASS_TRUNCATED;
	header = ip->ihl * 4;
	p->length = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip) || p->length < header)
		return PASS_MALFORMED;
	if (packet_is_cut(p, p->length))
		return PASS_TRUNCATED;
	if (ip->frag_off & bpf_htons(IPV4_FRAGMENT_MASK)) {
		if (accepts == ACCEPTS_WHOLE)
			return IP_FRAGMENT;
		p->fragment = ip->frag_off & bpf_htons(IPV4_OFFSET_MASK) ? PACKET_LATER : PACKET_FIRST;
		p->fragment_id = ip->id;
	}
	p->segment = (void *)ip + header;
	/* one pointer: computed twice, the verifier takes them for two ("offset is outside of the packet") */
	asm volatile("" : "+r"(p->segment));
	*protocol = ip->protocol;
	return 0;
}

/* The header at ip, quoted by an ICMP error, with as much of its segment as there is. Only a first fragment has ports. */
static __always_inline int ip_parse_quoted(struct packet *quoted, __u8 *protocol)
{
	struct iphdr *ip = quoted->ip;

	if (ip->version != 4 || ip->ihl < 5 || ip->frag_off & bpf_htons(IPV4_OFFSET_MASK))
		return PASS_ICMP;
	quoted->segment = (void *)ip + ip->ihl * 4;
	*protocol = ip->protocol;
	return 0;
}

/* Source and destination as they stand in the header: one word of the key. */
static __always_inline void ip_key(__u64 *key, const struct iphdr *ip)
{
	key[0] = *(__u64 *)&ip->saddr;
}

/* The addresses of what answers a packet with this header. */
static __always_inline void ip_key_of_answer(struct flow_key *key, const struct iphdr *ip)
{
	key->source = ip->daddr;
	key->destination = ip->saddr;
}

static __always_inline int ip_is_to_quoted_source(const struct iphdr *ip, const struct iphdr *quoted)
{
	return ip->daddr == quoted->saddr;
}

/* Whether somebody may be told something about a packet with this header. */
static __always_inline int ip_is_host(const struct iphdr *ip)
{
	__u8 source = *(const __u8 *)&ip->saddr, destination = *(const __u8 *)&ip->daddr;

	return source && source != 127 && source < 224 && destination < 224;
}

static __always_inline int ip_may_be_fragmented(const struct packet *p)
{
	return !(p->ip->frag_off & bpf_htons(IPV4_DONT_FRAGMENT));
}

static __always_inline __u8 ip_hops(const struct packet *p)
{
	return p->ip->ttl;
}

static __always_inline void ip_set_source(struct iphdr *ip, const __be32 *address)
{
	ip->saddr = *address;
}

static __always_inline void ip_set_destination(struct iphdr *ip, const __be32 *address)
{
	ip->daddr = *address;
}

/* The header's checksum after its address changed, and one hop less (RFC 1141). The caller has seen that a hop is left. */
static __always_inline void ip_finish(struct iphdr *ip, __u16 delta, __u32 hops)
{
	ip->check = checksum_apply(ip->check, delta + (hops ? (__u16)~bpf_htons(0x0100) : 0));
	ip->ttl -= hops;
}

static __always_inline __u32 ip_source_delta(const struct iphdr *ip, const __be32 *address)
{
	return checksum_delta32(ip->saddr, *address);
}

static __always_inline __u32 ip_destination_delta(const struct iphdr *ip, const __be32 *address)
{
	return checksum_delta32(ip->daddr, *address);
}

/* A quoted header as its sender wrote it. What a checksum over it changes by: nothing, it contains one. */
static __always_inline __u32 ip_rewrite_quoted(struct iphdr *ip, const connection_t *c)
{
	if (c->direction == DIRECTION_FORWARD)
		ip_set_source(ip, &c->address);
	else
		ip_set_destination(ip, &c->address);
	ip_finish(ip, c->address_delta, 0);
	return 0;
}

/* The header of what is said to the sender of a packet with the header `was`. What it adds to the message's checksum: nothing. */
static __always_inline __u32 ip_answer(struct iphdr *ip, const struct iphdr *was, __u32 length)
{
	const __u16 *words = (const __u16 *)ip;
	__u32 i, sum = 0;

	ip->version = 4;
	ip->ihl = 5;
	ip->tos = (was->tos & IPV4_SERVICE_MASK) | IPV4_PRECEDENCE_INTERNETCONTROL;
	ip->tot_len = bpf_htons(sizeof(*ip) + length);
	ip->id = bpf_get_prandom_u32();
	ip->frag_off = 0;
	ip->ttl = ANSWER_HOPS;
	ip->protocol = IP_ICMP;
	ip->check = 0;
	ip->saddr = was->daddr;
	ip->daddr = was->saddr;
	for (i = 0; i < sizeof(*ip) / 2; i++)
		sum += words[i];
	ip->check = ~checksum_fold(sum);
	return 0;
}

#endif
