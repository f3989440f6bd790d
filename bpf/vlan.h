/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VLAN tags (IEEE 802.1Q, 802.1ad), two at most: which of the router's devices a tagged frame came in on, and frames that leave
 * with other tags than they came with. Tags stay in the frame until it is sent, so that what is passed is as it came.
 *
 *   destination | source | outer tag | inner tag | ethertype | IP
 *        6      |   6    |     4     |     4     |     2     |
 *
 * A tag's priority is not looked at, and frames leave with none, as from a VLAN device that maps none.
 */
#ifndef XLVS_VLAN_H
#define XLVS_VLAN_H

#include "verdict.h"

#define VLAN_TAG_LENGTH 4
#define VLAN_LONGEST_HEADER (ETH_HLEN + 2 * VLAN_TAG_LENGTH)
/* ethertype and VLAN, without priority and drop eligibility */
#define VLAN_TAG_MASK 0xffff0fff

/* The tag that stands there, if there is one, and what is behind it. */
static __always_inline __be16 *vlan_take(__be16 *at, __be32 *tag)
{
	if (!eth_is_tag(*at))
		return at;
	*tag = *(__be32 *)at & bpf_htonl(VLAN_TAG_MASK);
	return at + 2;
}

/* The device of a frame with these tags. 0: none of the router's. */
static __always_inline __u32 vlan_device(const struct vlan_key *key)
{
	const __u32 *ifindex;

	if (!key->tags[0])
		return key->port;
	ifindex = bpf_map_lookup_elem(&vlan_devices, key);
	return ifindex ? *ifindex : 0;
}

/* As eth_parse, of a frame with or without tags. Notes the device it came in on. */
static __always_inline int vlan_parse(struct packet *p, void *data)
{
	struct vlan_key key = { .port = p->ctx->ingress_ifindex };
	__be16 *at = data + 2 * ETH_ALEN;
	__u64 length;
	int reason;

	p->eth = data;
	/* any packet is longer than two tags: one check, so that the verifier knows as much of each frame */
	if (data + VLAN_LONGEST_HEADER > p->end)
		return PASS_TRUNCATED;
	at = vlan_take(at, &key.tags[0]);
	if (key.tags[0])
		at = vlan_take(at, &key.tags[1]);
	reason = eth_is_tag(*at) ? PASS_VLAN : eth_family(*at);
	if (reason)
		return reason;
	p->ingress = vlan_device(&key);
	if (!p->ingress)
		return PASS_VLAN;
	/* a difference of pointers is any number: the verifier then follows one packet instead of one for each number of tags */
	length = (void *)(at + 1) - data;
	asm volatile("" : "+r"(length));
	if (length > VLAN_LONGEST_HEADER)
		return PASS_VLAN;
	p->ip = data + length;
	return 0;
}

/* The header of a frame that leaves by this device. 0: there is no room for it. */
static __always_inline int vlan_address(struct xdp_md *ctx, const connection_t *c, const struct vlan *vlan)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__be32 *tags = (void *)eth + 2 * ETH_ALEN;
	__be16 *protocol = (void *)tags + (vlan->tags[0] ? VLAN_TAG_LENGTH : 0) + (vlan->tags[1] ? VLAN_TAG_LENGTH : 0);

	if ((void *)eth + VLAN_LONGEST_HEADER > (void *)(long)ctx->data_end)
		return 0;
	eth_address(eth, c);
	if (vlan->tags[0])
		tags[0] = vlan->tags[0];
	if (vlan->tags[1])
		tags[1] = vlan->tags[1];
	*protocol = bpf_htons(IP_ETHERTYPE);
	return 1;
}

/* Sends a frame whose header is this long with the tags of the device it leaves by. */
static __noinline int vlan_exchange(struct xdp_md *ctx, const connection_t *c, __u32 length)
{
	__u32 slot = c->vlan;
	const struct vlan *vlan = bpf_map_lookup_elem(&vlans, &slot);
	int wanted = ETH_HLEN;

	if (!vlan)
		return verdict_drop(DROP_NO_ROUTE);
	wanted += (vlan->tags[0] ? VLAN_TAG_LENGTH : 0) + (vlan->tags[1] ? VLAN_TAG_LENGTH : 0);
	if (bpf_xdp_adjust_head(ctx, (int)length - wanted) || !vlan_address(ctx, c, vlan))
		return verdict_drop(DROP_NO_HEADROOM);
	return bpf_redirect(slot ? vlan->port : c->ifindex, 0);
}

/* To the next hop. Costs an untagged frame that leaves untagged nothing but the question. */
static __always_inline int vlan_send(struct packet *p, const connection_t *c)
{
	__u32 length = (void *)p->ip - (void *)p->eth;

	if (c->vlan || length != ETH_HLEN)
		return vlan_exchange(p->ctx, c, length);
	eth_address(p->eth, c);
	return bpf_redirect(c->ifindex, 0);
}

#endif
