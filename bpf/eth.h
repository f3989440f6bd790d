/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Ethernet header: IPv4 without a tag is ours, everything else the kernel's.
 */
#ifndef XLVS_ETH_H
#define XLVS_ETH_H

static __always_inline int eth_parse(struct packet *p, void *data)
{
	p->eth = data;
	if ((void *)(p->eth + 1) > p->end)
		return PASS_TRUNCATED;
	if (p->eth->h_proto == bpf_htons(ETH_P_IP))
		return 0;
	if (p->eth->h_proto == bpf_htons(ETH_P_8021Q) || p->eth->h_proto == bpf_htons(ETH_P_8021AD))
		return PASS_VLAN;
	return PASS_NOT_IPV4;
}

/* Destination and source of a frame that leaves. */
static __always_inline void eth_address(struct ethhdr *eth, const struct connection *c)
{
	__builtin_memcpy(eth->h_dest, c->destination_mac, ETH_ALEN);
	__builtin_memcpy(eth->h_source, c->source_mac, ETH_ALEN);
}

#endif
