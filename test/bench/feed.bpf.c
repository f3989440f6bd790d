/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the test-run rows measure with: a wrapper that makes the same buffer a fresh packet of some flow and
 * tail-calls the program under test, and the programs that xlvs is compared with.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define FIRST_PORT 1024

/* Which flow comes next. Flow i comes from first_client + i % 65536, port FIRST_PORT + i / 65536. */
struct feed {
	__u32 flows;
	__u32 random; /* else one flow after the other */
	__u32 next;
	__be32 vip;
	__u32 first_client;
	__be16 vip_port;
	__u16 mac[3]; /* of the device the packet comes in on; in halves, since bytes are copied one by one */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct feed);
	__uint(max_entries, 1);
} feeds SEC(".maps");

/* The program under test, alone. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} targets SEC(".maps");

/* A table like the connection table: user space makes it as large and fills it with the same keys. */
struct tuple {
	__be32 source;
	__be32 destination;
	__u32 ports;
	__u32 protocol;
};

struct entry {
	__u8 bytes[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct tuple);
	__type(value, struct entry);
	__uint(max_entries, 1024);
} table SEC(".maps");

/* A frame without options. Pointers, since clang reads a packed struct byte by byte. */
struct frame {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct tcphdr *tcp;
};

static __always_inline int frame_of(struct frame *p, struct xdp_md *ctx)
{
	p->eth = (void *)(long)ctx->data;
	p->ip = (void *)(p->eth + 1);
	p->tcp = (void *)(p->ip + 1);
	return (void *)(p->tcp + 1) <= (void *)(long)ctx->data_end;
}

static __always_inline __u32 next_flow(struct feed *f)
{
	if (!f->random)
		return f->next++ % f->flows;
	f->next = f->next * 1664525 + 1013904223;
	return (__u64)f->next * f->flows >> 32;
}

/*
 * Whatever a rewrite changes, as it was. Addresses by one store and ports by one, since a load of both would wait for
 * two: a frame that a card has written makes nobody wait.
 */
static __always_inline void make_packet(const struct frame *p, const struct feed *f, __u32 flow)
{
	__u32 client = f->first_client + (flow & 0xffff);
	__u16 *mac = (__u16 *)p->eth->h_dest;

	mac[0] = f->mac[0];
	mac[1] = f->mac[1];
	mac[2] = f->mac[2];
	p->ip->ttl = 64;
	p->ip->check = 0x1234;
	*(__u64 *)&p->ip->saddr = (__u64)f->vip << 32 | bpf_htonl(client);
	*(__u32 *)&p->tcp->source = (__u32)f->vip_port << 16 | bpf_htons(FIRST_PORT + (flow >> 16));
	p->tcp->check = 0x5678;
}

SEC("xdp.frags")
int feed(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct feed *f = bpf_map_lookup_elem(&feeds, &zero);
	struct frame p;

	if (!f || !frame_of(&p, ctx))
		return XDP_ABORTED;
	make_packet(&p, f, next_flow(f));
	bpf_tail_call(ctx, &targets, 0);
	return XDP_ABORTED;
}

SEC("xdp.frags")
int bare(struct xdp_md *ctx)
{
	return XDP_TX;
}

SEC("xdp.frags")
int lookup(struct xdp_md *ctx)
{
	struct tuple key = {};
	struct frame p;

	if (!frame_of(&p, ctx))
		return XDP_ABORTED;
	key.source = p.ip->saddr;
	key.destination = p.ip->daddr;
	key.ports = *(__u32 *)&p.tcp->source;
	key.protocol = p.ip->protocol;
	return bpf_map_lookup_elem(&table, &key) ? XDP_TX : XDP_ABORTED;
}

/* What no new connection can be made without: two entries and one next hop. Each flow once. */
SEC("xdp.frags")
int insert(struct xdp_md *ctx)
{
	struct bpf_fib_lookup fib = { .family = AF_INET, .ifindex = ctx->ingress_ifindex };
	struct tuple forward = {}, reply = {};
	struct entry entry = {};
	struct frame p;

	if (!frame_of(&p, ctx))
		return XDP_ABORTED;
	forward.source = p.ip->saddr;
	forward.destination = p.ip->daddr;
	forward.ports = *(__u32 *)&p.tcp->source;
	forward.protocol = p.ip->protocol;
	reply.source = ~forward.destination;
	reply.destination = forward.source;
	reply.ports = forward.ports << 16 | forward.ports >> 16;
	reply.protocol = forward.protocol;
	fib.tot_len = bpf_ntohs(p.ip->tot_len);
	fib.ipv4_src = p.ip->daddr;
	fib.ipv4_dst = p.ip->saddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_SUCCESS)
		return XDP_ABORTED;
	__builtin_memcpy(entry.bytes, fib.dmac, ETH_ALEN);
	if (bpf_map_update_elem(&table, &reply, &entry, BPF_NOEXIST) ||
	    bpf_map_update_elem(&table, &forward, &entry, BPF_NOEXIST))
		return XDP_ABORTED;
	return XDP_TX;
}

char _license[] SEC("license") = "GPL";
