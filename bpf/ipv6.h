/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPv6 header and those that may stand between it and the segment (RFC 8200).
 */
#ifndef XLVS_IPV6_H
#define XLVS_IPV6_H

#define IP_ETHERTYPE ETH_P_IPV6
/* Extension headers that xlvs looks behind; the kernel's are not more in practice. */
#define IPV6_EXTENSIONS 6
/* Where a segment may begin in a frame: behind its own headers and those that its packet quotes. */
#define IPV6_FARTHEST (2 * IPV6_EXTENSIONS * 256 * 8 + 256)
#define ANSWER_HOPS 64

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

struct ipv6_fragment {
	__u8 next;
	__u8 reserved;
	__be16 offset; /* in units of 8 bytes in the upper 13 bits, two reserved ones, and whether more follow */
	__be32 identification;
};

#define IPV6_OFFSET_MASK 0xfff8
#define IPV6_MORE_FRAGMENTS 0x0001

static __always_inline int ipv6_is_extension(__u8 protocol)
{
	return protocol == NEXTHDR_HOP || protocol == NEXTHDR_ROUTING || protocol == NEXTHDR_FRAGMENT ||
	       protocol == NEXTHDR_AUTH || protocol == NEXTHDR_DEST;
}

/* A place between a packet's header and its segment. Whole words, so that no byte of it is undefined. */
struct ipv6_place {
	__u32 offset; /* bytes from the frame's first */
	__u32 protocol; /* of what stands there */
	__u32 fragment; /* enum packet_fragment */
	__be32 fragment_id;
};

/* The header of a fragment: a whole packet may have one too (RFC 6946). 0: not all of it is there. */
static __always_inline int ipv6_note_fragment(struct ipv6_place *at, const struct ipv6_fragment *fragment, void *end)
{
	if ((void *)(fragment + 1) > end)
		return 0;
	at->fragment_id = fragment->identification;
	if (fragment->offset & bpf_htons(IPV6_OFFSET_MASK))
		at->fragment = PACKET_LATER;
	else if (fragment->offset & bpf_htons(IPV6_MORE_FRAGMENTS))
		at->fragment = PACKET_FIRST;
	return 1;
}

/*
 * Past one extension header. A packet that still has stations to visit carries checksums over an address that is not its
 * header's: not ours.
 */
static __always_inline int ipv6_skip(struct ipv6_place *at, void *data, void *end)
{
	struct ipv6_extension *extension = data + at->offset;
	__u32 length;

	if ((void *)(extension + 1) > end)
		return PASS_TRUNCATED;
	if (at->protocol == NEXTHDR_FRAGMENT && !ipv6_note_fragment(at, (void *)extension, end))
		return PASS_TRUNCATED;
	if (at->protocol == NEXTHDR_ROUTING && extension->segments_left)
		return PASS_PROTOCOL;
	length = at->protocol == NEXTHDR_AUTH	  ? (extension->length + 2) * 4 :
		 at->protocol == NEXTHDR_FRAGMENT ? sizeof(struct ipv6_fragment) :
						    (extension->length + 1) * 8;
	at->protocol = extension->next;
	at->offset += length;
	return 0;
}

/* Behind the header of a fragment that is not the first, its data begins. */
static __always_inline int ipv6_is_in_front(const struct ipv6_place *at)
{
	return at->fragment != PACKET_LATER && ipv6_is_extension(at->protocol);
}

/*
 * Past all extension headers from this place on. A global function: the verifier looks at it once in each program, and not once for
 * each way to it and for each number of headers from there on. 0 or a pass reason.
 */
__noinline int ipv6_skip_extensions(struct xdp_md *ctx, struct ipv6_place *place)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ipv6_place at;
	int i, reason;

	if (!place || place->offset > IPV6_FARTHEST)
		return PASS_PROTOCOL;
	at = *place;
	for (i = 0; i < IPV6_EXTENSIONS && ipv6_is_in_front(&at); i++) {
		reason = ipv6_skip(&at, data, end);
		if (reason)
			return reason;
	}
	*place = at;
	return ipv6_is_in_front(&at) ? PASS_PROTOCOL : 0;
}

/* From a packet's header, which is there, to its segment. Costs a packet without extension headers nothing but the question. */
static __always_inline int ipv6_find_segment(struct packet *p, __u8 *protocol)
{
	struct ipv6_place place = {
		.offset = (void *)(p->ip + 1) - (void *)p->eth,
		.protocol = p->ip->nexthdr,
	};
	int reason;

	p->segment = p->ip + 1;
	*protocol = p->ip->nexthdr;
	if (!ipv6_is_extension(*protocol))
		return 0;
	reason = ipv6_skip_extensions(p->ctx, &place);
	if (reason)
		return reason;
	if (place.offset > IPV6_FARTHEST)
		return PASS_PROTOCOL;
	p->segment = (void *)p->eth + place.offset;
	*protocol = place.protocol;
	p->fragment = place.fragment;
	p->fragment_id = place.fragment_id;
	return 0;
}

static __always_inline int ip_parse(struct packet *p, __u8 *protocol, __u32 accepts)
{
	struct ipv6hdr *ip = p->ip;
	__u32 length;

	if ((void *)(ip + 1) > p->end)
		return PASS_TRUNCATED;
	/* more than 16 bits can say */
	length = bpf_ntohs(ip->payload_len) + sizeof(*ip);
	if (ip->version != 6)
		return PASS_MALFORMED;
	if (packet_is_cut(p, length))
		return PASS_TRUNCATED;
	p->length = length;
	return ipv6_find_segment(p, protocol);
}

/* The header at ip, quoted by an ICMP error, with as much behind it as there is. */
static __always_inline int ip_parse_quoted(struct packet *quoted, __u8 *protocol)
{
	if (quoted->ip->version != 6 || ipv6_find_segment(quoted, protocol))
		return PASS_ICMP;
	return quoted->fragment == PACKET_LATER ? PASS_ICMP : 0;
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

/* The addresses of what answers a packet with this header. */
static __always_inline void ip_key_of_answer(struct flow_key6 *key, const struct ipv6hdr *ip)
{
	key->source = *(const struct address *)&ip->daddr;
	key->destination = *(const struct address *)&ip->saddr;
}

static __always_inline int ip_is_to_quoted_source(const struct ipv6hdr *ip, const struct ipv6hdr *quoted)
{
	return address_same((const struct address *)&ip->daddr, (const struct address *)&quoted->saddr);
}

/* Whether somebody may be told something about a packet with this header. */
static __always_inline int ip_is_host(const struct ipv6hdr *ip)
{
	const __be32 *source = (const __be32 *)&ip->saddr;

	return *(const __u8 *)&ip->saddr != 0xff && *(const __u8 *)&ip->daddr != 0xff &&
	       (source[0] | source[1] | source[2] | source[3]);
}

/* Never by a router. */
static __always_inline int ip_may_be_fragmented(const struct packet *p)
{
	return 0;
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

static __always_inline __u32 ip_source_delta(const struct ipv6hdr *ip, const struct address *address)
{
	return address_delta((const struct address *)&ip->saddr, address);
}

static __always_inline __u32 ip_destination_delta(const struct ipv6hdr *ip, const struct address *address)
{
	return address_delta((const struct address *)&ip->daddr, address);
}

/* A quoted header as its sender wrote it. What a checksum over it changes by. */
static __always_inline __u32 ip_rewrite_quoted(struct ipv6hdr *ip, const connection_t *c)
{
	if (c->direction == DIRECTION_FORWARD)
		ip_set_source(ip, &c->address);
	else
		ip_set_destination(ip, &c->address);
	return c->address_delta;
}

static __always_inline __u32 ip_sum(const struct address *a)
{
	return address_delta(&(struct address){ { ~0U, ~0U, ~0U, ~0U } }, a);
}

/*
 * The header of what is said to the sender of a packet with the header `was`. What it adds to the message's checksum: both
 * addresses, length, protocol (RFC 8200, 8.1).
 */
static __always_inline __u32 ip_answer(struct ipv6hdr *ip, const struct ipv6hdr *was, __u32 length)
{
	*(__be32 *)ip = bpf_htonl(6U << 28);
	ip->payload_len = bpf_htons(length);
	ip->nexthdr = IP_ICMP;
	ip->hop_limit = ANSWER_HOPS;
	ip_set_source(ip, (const struct address *)&was->daddr);
	ip_set_destination(ip, (const struct address *)&was->saddr);
	return ip_sum((const struct address *)&was->saddr) + ip_sum((const struct address *)&was->daddr) +
	       bpf_htons(length) + bpf_htons(IP_ICMP);
}

#endif
