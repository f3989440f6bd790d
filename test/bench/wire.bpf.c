/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ends of the wire for the end-to-end rows, and what xlvs is compared with there: a sender of live frames, a
 * sink that counts, plain XDP forwarding by the kernel's routes, without NAT, and redirection of everything.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2

/*
 * What the sender sends. Flow i is that of the client first_client + i, who is the source, or the destination of replies.
 * Sums are of the headers with that address and checksum 0.
 */
struct wire {
	__u32 ifindex;
	__u32 flows;
	__u32 next;
	__u32 first_client;
	__be32 other;
	__u32 ports; /* both, as they stand in the packet */
	__u32 ip_sum;
	__u32 l4_sum;
	__u16 macs[6];
	__u16 is_reply;
	__u16 is_sequential; /* else random flows */
	/* IPv6: before first_client, and the other end whole */
	__be32 client_prefix[3];
	__be32 other6[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct wire);
	__uint(max_entries, 1);
} wires SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} arrivals SEC(".maps");

struct frame {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct tcphdr *tcp;
	struct udphdr *udp;
};

static __always_inline int frame_of(struct frame *p, struct xdp_md *ctx)
{
	p->eth = (void *)(long)ctx->data;
	p->ip = (void *)(p->eth + 1);
	p->tcp = (void *)(p->ip + 1);
	p->udp = (void *)(p->ip + 1);
	return (void *)(p->tcp + 1) <= (void *)(long)ctx->data_end;
}

static __always_inline __u16 checksum(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return ~((sum & 0xffff) + (sum >> 16));
}

static __always_inline __u32 next_flow(struct wire *w)
{
	if (w->is_sequential)
		return w->next++ % w->flows;
	w->next = w->next * 1664525 + 1013904223;
	return (__u64)w->next * w->flows >> 32;
}

/* Everything that a router changed is put right, since frames are used again. */
static __always_inline void make_packet(const struct frame *p, struct wire *w)
{
	__be32 client = bpf_htonl(w->first_client + next_flow(w));
	__u16 *macs = (__u16 *)p->eth;
	__u16 l4_check;
	int i;

	for (i = 0; i < 6; i++)
		macs[i] = w->macs[i];
	p->ip->ttl = 64;
	p->ip->saddr = w->is_reply ? w->other : client;
	p->ip->daddr = w->is_reply ? client : w->other;
	p->ip->check = checksum(w->ip_sum + (client & 0xffff) + (client >> 16));
	*(__u32 *)p->udp = w->ports;
	l4_check = checksum(w->l4_sum + (client & 0xffff) + (client >> 16));
	if (p->ip->protocol == IPPROTO_TCP)
		p->tcp->check = l4_check;
	else
		p->udp->check = l4_check;
}

SEC("xdp")
int send(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct wire *w = bpf_map_lookup_elem(&wires, &zero);
	struct frame p;

	if (!w || !frame_of(&p, ctx))
		return XDP_ABORTED;
	make_packet(&p, w);
	return bpf_redirect(w->ifindex, 0);
}

/* SYNs alone. */
static __always_inline void make_packet6(struct ethhdr *eth, struct ipv6hdr *ip, struct tcphdr *tcp, struct wire *w)
{
	__be32 client = bpf_htonl(w->first_client + next_flow(w));
	__u16 *macs = (__u16 *)eth;
	int i;

	for (i = 0; i < 6; i++)
		macs[i] = w->macs[i];
	ip->hop_limit = 64;
	for (i = 0; i < 4; i++) {
		ip->saddr.in6_u.u6_addr32[i] = i < 3 ? w->client_prefix[i] : client;
		ip->daddr.in6_u.u6_addr32[i] = w->other6[i];
	}
	*(__u32 *)tcp = w->ports;
	tcp->check = checksum(w->l4_sum + (client & 0xffff) + (client >> 16));
}

SEC("xdp")
int send6(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);
	__u32 zero = 0;
	struct wire *w = bpf_map_lookup_elem(&wires, &zero);

	if (!w || (void *)(tcp + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	make_packet6(eth, ip, tcp, w);
	return bpf_redirect(w->ifindex, 0);
}

SEC("xdp")
int sink(struct xdp_md *ctx)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&arrivals, &zero);

	if (count)
		(*count)++;
	return XDP_DROP;
}

/* Where the program below sends what comes in, and by which MAC addresses. */
struct next_hop {
	__u32 ifindex;
	__u8 macs[2 * ETH_ALEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct next_hop);
	__uint(max_entries, 1);
} next_hops SEC(".maps");

/* Out again without a look at the packet: what no router over XDP costs less than. */
SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	__u32 zero = 0;
	const struct next_hop *hop = bpf_map_lookup_elem(&next_hops, &zero);
	struct frame p;

	if (!hop || !frame_of(&p, ctx))
		return XDP_PASS;
	__builtin_memcpy(p.eth, hop->macs, sizeof(hop->macs));
	return bpf_redirect(hop->ifindex, 0);
}

SEC("xdp")
int forward(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .family = AF_INET, .ifindex = ctx->ingress_ifindex };
	struct frame p;

	if (!frame_of(&p, ctx) || p.eth->h_proto != bpf_htons(ETH_P_IP) || p.ip->ttl <= 1)
		return XDP_PASS;
	fib.tos = p.ip->tos;
	fib.l4_protocol = p.ip->protocol;
	fib.tot_len = bpf_ntohs(p.ip->tot_len);
	fib.ipv4_src = p.ip->saddr;
	fib.ipv4_dst = p.ip->daddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_SUCCESS)
		return XDP_PASS;
	p.ip->check = checksum((__u16)~p.ip->check + (__u16)~bpf_htons(0x0100));
	p.ip->ttl--;
	__builtin_memcpy(p.eth->h_dest, fib.dmac, ETH_ALEN);
	__builtin_memcpy(p.eth->h_source, fib.smac, ETH_ALEN);
	return bpf_redirect(fib.ifindex, 0);
}

char _license[] SEC("license") = "GPL";
