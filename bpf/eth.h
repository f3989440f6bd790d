/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Ethernet header: IP may be ours, everything else is the kernel's. Tags are vlan.h's. Frames come to the IPv4 object first.
 */
#ifndef XLVS_ETH_H
#define XLVS_ETH_H

/* Beside 0 and pass reasons. */
#define ETH_OTHER_FAMILY 1002
#define ETH_TAGGED 1006

static __always_inline int eth_is_tag(__be16 protocol)
{
	return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD);
}

static __always_inline int eth_family(__be16 protocol)
{
	if (protocol == bpf_htons(IP_ETHERTYPE))
		return 0;
	return protocol == bpf_htons(ETH_P_IPV6) ? ETH_OTHER_FAMILY : PASS_NOT_IP;
}

/* Of a frame without tags. */
static __always_inline int eth_parse(struct packet *p, void *data)
{
	__be16 protocol;

	p->eth = data;
	p->ip = (void *)(p->eth + 1);
	if ((void *)p->ip > p->end)
		return PASS_TRUNCATED;
	/* struct ethhdr is packed, which would make this two loads */
	protocol = *(__be16 *)(data + 2 * ETH_ALEN);
	return eth_is_tag(protocol) ? ETH_TAGGED : eth_family(protocol);
}

/* Destination and source of a frame that leaves: three words, since clang copies arrays of bytes byte by byte. */
static __always_inline void eth_address(struct ethhdr *eth, const connection_t *c)
{
	const __u32 *from = (const void *)c->destination_mac;
	__u32 *to = (__u32 *)eth->h_dest;

	to[0] = from[0];
	to[1] = from[1];
	to[2] = from[2];
}

#endif
