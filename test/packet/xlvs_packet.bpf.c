/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The real program in a made-up world: routes, the clock and the interface a frame comes in on are maps that the
 * tests fill. Nothing else is replaced. Beside it, ways to call single steps directly.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "../../bpf/abi.h"

/* What the kernel's routes and neighbours say about one destination. */
struct mock_route {
	__u32 result;
	__u32 ifindex;
	__u32 mtu;
	__u8 destination_mac[ETH_ALEN];
	__u8 source_mac[ETH_ALEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct address);
	__type(value, struct mock_route);
	__uint(max_entries, 1024);
} mock_routes SEC(".maps");

/* The last question that was asked of them. */
struct mock_question {
	struct address source;
	struct address destination;
	__u32 ifindex;
	__u32 protocol;
	__u32 asked;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct mock_question);
	__uint(max_entries, 1);
} mock_questions SEC(".maps");

/* Nanoseconds of CLOCK_MONOTONIC. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} mock_clocks SEC(".maps");

/* The interface the frame of this test run comes in on; tests may run on several CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} mock_ingress SEC(".maps");

static long mock_fib_lookup(struct bpf_fib_lookup *fib)
{
	__u32 zero = 0;
	struct mock_question *question = bpf_map_lookup_elem(&mock_questions, &zero);
	struct address source = { { fib->ipv4_src } }, destination = { { fib->ipv4_dst } };
	const struct mock_route *route;

	if (fib->family != 2) {
		source = *(struct address *)fib->ipv6_src;
		destination = *(struct address *)fib->ipv6_dst;
	}
	route = bpf_map_lookup_elem(&mock_routes, &destination);
	if (question) {
		question->source = source;
		question->destination = destination;
		question->ifindex = fib->ifindex;
		question->protocol = fib->l4_protocol;
		question->asked++;
	}
	if (!route)
		return BPF_FIB_LKUP_RET_NOT_FWDED;
	if (route->result != BPF_FIB_LKUP_RET_SUCCESS && route->result != BPF_FIB_LKUP_RET_NO_NEIGH)
		return route->result;
	fib->ifindex = route->ifindex;
	if (route->result == BPF_FIB_LKUP_RET_NO_NEIGH)
		return route->result;
	fib->tot_len = route->mtu;
	__builtin_memcpy(fib->dmac, route->destination_mac, ETH_ALEN);
	__builtin_memcpy(fib->smac, route->source_mac, ETH_ALEN);
	return route->result;
}

static __u64 mock_clock(void)
{
	__u32 zero = 0;
	const __u64 *ns = bpf_map_lookup_elem(&mock_clocks, &zero);

	return ns ? *ns : 0;
}

static __u32 mock_ingress_ifindex(void)
{
	__u32 zero = 0;
	const __u32 *ifindex = bpf_map_lookup_elem(&mock_ingress, &zero);

	return ifindex ? *ifindex : 0;
}

/* clang would not pass a context on that nobody looks at */
#define bpf_fib_lookup(ctx, fib, size, flags) \
	({ \
		asm volatile("" : : "r"(ctx)); \
		mock_fib_lookup(fib); \
	})
#define bpf_ktime_get_coarse_ns() mock_clock()
/* a test run's frame always comes from lo, whose ifindex is 1 */
#define ingress_ifindex ingress_ifindex * 0 + mock_ingress_ifindex()
/* the device a frame leaves by, above the action: a test run tells nothing else about a redirect */
#define bpf_redirect(ifindex, flags) (XDP_REDIRECT | (ifindex) << 8)

#include "../../bpf/xlvs.bpf.c"

#define PUBLIC_IFINDEX 11
#define PRIVATE_IFINDEX 12

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__type(key, __u32);
	__uint(max_entries, 1);
	__array(values, int(void *));
} real_program SEC(".maps") = { .values = { (void *)&xlvs } };

static __always_inline int come_in(struct xdp_md *ctx, __u32 ifindex)
{
	__u32 zero = 0;

	bpf_map_update_elem(&mock_ingress, &zero, &ifindex, BPF_ANY);
	bpf_tail_call(ctx, &real_program, 0);
	return XDP_ABORTED;
}

SEC("xdp.frags")
int from_public(struct xdp_md *ctx)
{
	return come_in(ctx, PUBLIC_IFINDEX);
}

#define BARE_SEGMENT (ETH_HLEN + sizeof(ip_header_t) + sizeof(struct tcphdr))

/* From the public side, by a driver that leaves no room in front of a frame. A TCP segment without payload. */
SEC("xdp.frags")
int from_public_cramped(struct xdp_md *ctx)
{
	__u8 frame[BARE_SEGMENT];
	int room = 0;

	if (bpf_xdp_load_bytes(ctx, 0, frame, sizeof(frame)))
		return XDP_ABORTED;
	while (room < 512 && !bpf_xdp_adjust_head(ctx, -1))
		room++;
	if (bpf_xdp_store_bytes(ctx, 0, frame, sizeof(frame)) || bpf_xdp_adjust_tail(ctx, -room))
		return XDP_ABORTED;
	return come_in(ctx, PUBLIC_IFINDEX);
}

SEC("xdp.frags")
int from_private(struct xdp_md *ctx)
{
	return come_in(ctx, PRIVATE_IFINDEX);
}

/* One slice of the timer's work, now. Returns how many connections it removed. */
SEC("xdp.frags")
int expire(struct xdp_md *ctx)
{
	__u32 now = clock_now();
	__u32 removed = expiry_walk_connections(SLICE_CONNECTIONS, EXPIRY_CALM, now);

	expiry_walk_persistence(now);
	return removed;
}

/* What a creation does that finds the table full. */
SEC("xdp.frags")
int reclaim(struct xdp_md *ctx)
{
	return expiry_walk_connections(RECLAIM_SLOTS, EXPIRY_HALF_OPEN, clock_now());
}

SEC("xdp.frags")
int age_routes(struct xdp_md *ctx)
{
	struct epoch *epoch = settings_epoch();

	if (epoch)
		expiry_age_routes(epoch, clock_now());
	return XDP_PASS;
}

/* The delay to the next slice after one that removed as many as the frame's first four bytes say, microseconds. */
SEC("xdp.frags")
int slice_delay(struct xdp_md *ctx)
{
	__u32 *removed = (void *)(long)ctx->data;

	if ((void *)(removed + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	return expiry_delay(*removed) / 1000;
}

#include "sweeps.h"
#include "traffic.h"
