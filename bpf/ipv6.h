/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPv6 header and those that may stand between it and the segment (RFC 8200); fragments are the kernel's.
 */
#ifndef XLVS_IPV6_H
#define XLVS_IPV6_H

#define IP_ETHERTYPE ETH_P_IPV6
/* Extension headers that xlvs looks behind; the kernel's are not more in practice. */
#define IPV6_EXTENSIONS 6

#ifndef NEXTHDR_HOP
#define NEXTHDR_HOP 0
#define NEXTHDR_ROUTING 43
#define NEXTHDR_FRAGMENT 44
#define NEXTHDR_AUTH 51
#define NEXTHDR_DEST 60
#endif

/* What every extension header begins with; a routing header with how many stations are left. */
struct ipv6_extension {
	__u8 next;
	__u8 length; /* in units of 8 bytes behind the first 8; of AUTH in units of 4 behind the first 8 */
	__u8 type;
	__u8 segments_left;
};

static __always_inline int ipv6_is_extension(__u8 protocol)
{
	return protocol == NEXTHDR_HOP || protocol == NEXTHDR_ROUTING || protocol == NEXTHDR_FRAGMENT ||
	       protocol == NEXTHDR_AUTH || protocol == NEXTHDR_DEST;
}

/*
 * Past one extension header. A packet that still has stations to visit carries checksums over an address that is not its
 * header's: not ours.
 */
static __always_inline int ipv6_skip(struct packet *p, __u8 *protocol)
{
	struct ipv6_extension *extension = p->segment;
	__u32 length;

	if ((void *)(extension + 1) > p->end)
		return PASS_TRUNCATED;
	if (*protocol == NEXTHDR_FRAGMENT)
		return PASS_FRAGMENT;
	if (*protocol == NEXTHDR_ROUTING && extension->segments_left)
		return PASS_PROTOCOL;
	length = *protocol == NEXTHDR_AUTH ? (extension->length + 2) * 4 : (extension->length + 1) * 8;
	*protocol = extension->next;
	p->segment += length;
	return 0;
}

static __always_inline int ipv6_skip_extensions(struct packet *p, __u8 *protocol)
{
	int i, reason;

	for (i = 0; i < IPV6_EXTENSIONS; i++) {
		if (!ipv6_is_extension(*protocol))
			return 0;
		reason = ipv6_skip(p, protocol);
		if (reason)
			return reason;
	}
	return ipv6_is_extension(*protocol) ? PASS_PROTOCOL : 0;
}

static __always_inline int ip_parse(struct packet *p, __u8 *protocol)
{
	struct ipv6hdr *ip = (void *)(p->eth + 1);

	if ((void *)(ip + 1) > p->end)
		return PASS_TRUNCATED;
	p->length = bpf_ntohs(ip->payload_len) + sizeof(*ip);
	if (ip->version != 6)
		return PASS_MALFORMED;
	if (p->length > p->end - (void *)ip)
		return PASS_TRUNCATED;
	p->ip = ip;
	p->segment = ip + 1;
	*protocol = ip->nexthdr;
	return ipv6_skip_extensions(p, protocol);
}

/* Source and destination as they stand in the header: four words of the key. */
static __always_inline void ip_key(__u64 *key, const struct ipv6hdr *ip)
{
	const __u64 *addresses = (const __u64 *)&ip->saddr;

	key[0] = addresses[0];
	key[1] = addresses[1];
	key[2] = addresses[2];
	key[3] = addresses[3];
}

static __always_inline __u8 ip_hops(const struct packet *p)
{
	return p->ip->hop_limit;
}

static __always_inline void ip_set_source(struct ipv6hdr *ip, const struct address *address)
{
	*(struct address *)&ip->saddr = *address;
}

static __always_inline void ip_set_destination(struct ipv6hdr *ip, const struct address *address)
{
	*(struct address *)&ip->daddr = *address;
}

/* The header has no checksum. */
static __always_inline void ip_finish(struct ipv6hdr *ip, __u16 delta, __u32 hops)
{
	ip->hop_limit -= hops;
}

#endif
