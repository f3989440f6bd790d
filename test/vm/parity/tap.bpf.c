/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The far ends of a router's wires: `inject` sends the frame of a test run out of a device, `tap` takes every frame that
 * arrives at one into a ring for user space, and lets nothing further.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LONGEST 2000

/* What `tap` hands over, and where `inject` sends: user space knows the same fields. */
struct taken {
	__u32 ifindex;
	__u32 length;
	__u8 bytes[LONGEST];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23);
} taken_frames SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} targets SEC(".maps");

/* A live run of XDP would do the same in ten times the time: it sets up a pool of pages for each. */
SEC("tc")
int inject(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 *target = bpf_map_lookup_elem(&targets, &zero);

	return target ? bpf_clone_redirect(skb, *target, 0) : -1;
}

SEC("xdp")
int tap(struct xdp_md *ctx)
{
	__u64 length = ctx->data_end - ctx->data;
	struct taken *taken;

	if (length == 0 || length > LONGEST)
		return XDP_DROP;
	taken = bpf_ringbuf_reserve(&taken_frames, sizeof(*taken), 0);
	if (!taken)
		return XDP_DROP;
	taken->ifindex = ctx->ingress_ifindex;
	taken->length = length;
	if (bpf_xdp_load_bytes(ctx, 0, taken->bytes, length) < 0) {
		bpf_ringbuf_discard(taken, BPF_RB_NO_WAKEUP);
		return XDP_DROP;
	}
	bpf_ringbuf_submit(taken, 0);
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
