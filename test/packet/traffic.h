/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short connections in any order, a packet for each run of the program: SYN, ACK, FIN and RST of a random client, and of the server
 * that its connection goes to, if there is one. Time goes on with the packets.
 */
#ifndef XLVS_TRAFFIC_H
#define XLVS_TRAFFIC_H

#define TRAFFIC_CLIENTS 200
#define TRAFFIC_PORTS 30
#define TRAFFIC_FIRST_PORT 1024
#define TRAFFIC_SERVICES 3
#define TRAFFIC_FIRST_SERVICE 80
#define TRAFFIC_NS 100000ULL

/* What the parties send, by chance; the first half is the client's. By its size it would land in a section of its own that libbpf does not load. */
static const __u8 traffic_flags[32] SEC(".rodata") = {
	TCP_SYN, TCP_SYN, TCP_SYN, TCP_SYN, TCP_SYN, TCP_SYN, TCP_SYN, TCP_SYN,
	TCP_SYN, TCP_SYN, TCP_ACK, TCP_ACK, TCP_ACK, TCP_FIN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_RST,
	TCP_SYN | TCP_ACK, TCP_SYN | TCP_ACK, TCP_SYN | TCP_ACK, TCP_SYN | TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK,
	TCP_FIN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_FIN | TCP_ACK, TCP_RST, TCP_RST, 0, TCP_RST | TCP_ACK,
};

/* A frame that the program before made an ICMP message of is cut down again: the last of it is what it was. */
static __always_inline int traffic_restore(struct xdp_md *ctx)
{
	int excess = bpf_xdp_get_buff_len(ctx) - (ETH_HLEN + sizeof(ip_header_t) + sizeof(struct tcphdr));

	return excess <= 0 || !bpf_xdp_adjust_head(ctx, excess);
}

/* Writes everything that a router changes. */
static __always_inline int traffic_write(struct xdp_md *ctx, const flow_key_t *key, __u8 flags, const __u8 *macs)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	ip_header_t *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);

	if ((void *)(tcp + 1) > (void *)(long)ctx->data_end)
		return 0;
	__builtin_memcpy(eth->h_dest, macs, ETH_ALEN);
	eth->h_source[0] = 2;
	eth->h_proto = bpf_htons(IP_ETHERTYPE);
	__builtin_memset(ip, 0, sizeof(*ip));
#ifdef XLVS_IPV6
	ip->version = 6;
	ip->nexthdr = IPPROTO_TCP;
	ip->hop_limit = 64;
	ip->payload_len = bpf_htons(sizeof(*tcp));
	*(struct address *)&ip->saddr = key->source;
	*(struct address *)&ip->daddr = key->destination;
#else
	ip->version = 4;
	ip->ihl = 5;
	ip->protocol = IPPROTO_TCP;
	ip->ttl = 64;
	ip->tot_len = bpf_htons(sizeof(*ip) + sizeof(*tcp));
	ip->saddr = key->source;
	ip->daddr = key->destination;
#endif
	tcp->source = key->source_port;
	tcp->dest = key->destination_port;
	((__u8 *)tcp)[12] = 0x50;
	((__u8 *)tcp)[TCP_FLAGS_OFFSET] = flags;
	return 1;
}

/* The frame's addresses are the first client's and the VIP's; it is never looked at again. */
struct traffic {
	address_t first_client;
	address_t vip;
	__u8 macs[ETH_ALEN];
	__u16 is_set;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct traffic);
	__uint(max_entries, 1);
} traffics SEC(".maps");

/* What this run of the program is about is taken from the frame that user space gave, once on each CPU. */
static __always_inline struct traffic *traffic_of(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct traffic *t = bpf_map_lookup_elem(&traffics, &zero);
	struct ethhdr *eth = (void *)(long)ctx->data;
	ip_header_t *ip = (void *)(eth + 1);

	if (!t || t->is_set)
		return t;
	if ((void *)(ip + 1) > (void *)(long)ctx->data_end)
		return NULL;
	t->first_client = *(address_t *)&ip->saddr;
	t->vip = *(address_t *)&ip->daddr;
	__builtin_memcpy(t->macs, eth->h_dest, ETH_ALEN);
	t->is_set = 1;
	return t;
}

static __always_inline flow_key_t traffic_flow(const struct traffic *t)
{
	__u32 chance = bpf_get_prandom_u32();
	flow_key_t key = {
		.source = t->first_client,
		.destination = t->vip,
		.source_port = bpf_htons(TRAFFIC_FIRST_PORT + (chance >> 8) % TRAFFIC_PORTS),
		.destination_port = bpf_htons(TRAFFIC_FIRST_SERVICE + (chance >> 20) % TRAFFIC_SERVICES),
		.protocol = IPPROTO_TCP,
	};
	__u8 *last = (__u8 *)&key.source + sizeof(key.source) - 1;

	*last = 1 + (chance & 0xff) % TRAFFIC_CLIENTS;
	return key;
}

static __always_inline void traffic_let_time_go_by(void)
{
	__u32 zero = 0;
	__u64 *ns = bpf_map_lookup_elem(&mock_clocks, &zero);
	struct epoch *epoch = settings_epoch();

	if (!ns || !epoch)
		return;
	__sync_fetch_and_add(ns, TRAFFIC_NS);
	epoch->now = *ns >> LIMIT_TICK_SHIFT;
}

SEC("xdp.frags")
int traffic(struct xdp_md *ctx)
{
	const struct traffic *t = traffic_of(ctx);
	__u32 chance = bpf_get_prandom_u32() % 32;
	connection_t *forward;
	flow_key_t key, packet;

	if (!t || !traffic_restore(ctx))
		return XDP_ABORTED;
	traffic_let_time_go_by();
	key = packet = traffic_flow(t);
	if (chance >= 16) {
		forward = bpf_map_lookup_elem(&CONNECTIONS, &key);
		if (!forward)
			return XDP_PASS;
		conntrack_peer_key(forward, &forward->key, &packet);
	}
	if (!traffic_write(ctx, &packet, traffic_flags[chance], t->macs))
		return XDP_ABORTED;
	return come_in(ctx, chance < 16 ? PUBLIC_IFINDEX : PRIVATE_IFINDEX);
}

#endif
