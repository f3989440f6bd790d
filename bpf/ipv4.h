/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPv4 header (RFC 791), options included; fragments are the kernel's.
 */
#ifndef XLVS_IPV4_H
#define XLVS_IPV4_H

#define IPV4_FRAGMENT_MASK 0x3fff /* more-fragments bit and offset */

static __always_inline int ipv4_parse(struct packet *p)
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
	return 0;
}

/* One hop less; the checksum follows (RFC 1141). The caller has seen that a hop is left. */
static __always_inline __u32 ipv4_ttl_delta(void)
{
	return (__u16)~bpf_htons(0x0100);
}

#endif
