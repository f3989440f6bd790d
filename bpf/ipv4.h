/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPv4 header (RFC 791), options included; fragments are the kernel's.
 */
#ifndef XLVS_IPV4_H
#define XLVS_IPV4_H

#define IP_ETHERTYPE ETH_P_IP
#define IPV4_FRAGMENT_MASK 0x3fff /* more-fragments bit and offset */

/* A bound check for the verifier, then for the sender. Sets segment and the protocol it is of. */
static __always_inline int ip_parse(struct packet *p, __u8 *protocol)
{
	struct iphdr *ip = (void *)(p->eth + 1);
	__u32 header;

	if ((void *)(ip + 1) > p->end)
		return PASS_TRUNCATED;
	header = ip->ihl * 4;
	p->length = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip) || p->length < header)
		return PASS_MALFORMED;
	if (p->length > p->end - (void *)ip)
		return PASS_TRUNCATED;
	if (ip->frag_off & bpf_htons(IPV4_FRAGMENT_MASK))
		return PASS_FRAGMENT;
	p->ip = ip;
	p->segment = (void *)ip + header;
	*protocol = ip->protocol;
	return 0;
}

/* Source and destination as they stand in the header: one word of the key. */
static __always_inline void ip_key(__u64 *key, const struct iphdr *ip)
{
	key[0] = *(__u64 *)&ip->saddr;
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

#endif
