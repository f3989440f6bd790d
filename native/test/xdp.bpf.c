// SPDX-License-Identifier: GPL-2.0-only
// Programs and maps of every kind the tests look at.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(kind, name_, key_, value_, max_, flags_) \
	struct { \
		__uint(type, kind); \
		__uint(max_entries, max_); \
		__uint(map_flags, flags_); \
		__type(key, key_); \
		__type(value, value_); \
	} name_ SEC(".maps")

struct endpoint {
	__be32 address;
	__be16 port;
	__u16 reserved;
};

struct prefix {
	__u32 length;
	__be32 address;
};

MAP(BPF_MAP_TYPE_HASH, endpoints, struct endpoint, __u64, 1024, 0);
MAP(BPF_MAP_TYPE_ARRAY, slots, __u32, __u64, 16, 0);
MAP(BPF_MAP_TYPE_PERCPU_ARRAY, counters, __u32, __u32, 4, 0);
MAP(BPF_MAP_TYPE_PERCPU_HASH, percpu_endpoints, struct endpoint, __u64, 64, 0);
MAP(BPF_MAP_TYPE_LPM_TRIE, prefixes, struct prefix, __u32, 64, BPF_F_NO_PREALLOC);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} steps SEC(".maps");

const volatile __u32 verdict = XDP_PASS;
const volatile __u64 stamp = 1;

static void count(__u32 slot)
{
	__u32 *counter = bpf_map_lookup_elem(&counters, &slot);

	if (counter)
		*counter += 1;
}

/* The verdict is the constant that the test chose. */
SEC("xdp")
int decide(struct xdp_md *ctx)
{
	count(0);
	return verdict;
}

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	count(1);
	return XDP_DROP;
}

/* Grows the frame by 8 bytes at the head and 4 at the tail, and fills the new head. */
SEC("xdp")
int grow(struct xdp_md *ctx)
{
	__u8 *data, *end;

	if (bpf_xdp_adjust_head(ctx, -8) || bpf_xdp_adjust_tail(ctx, 4))
		return XDP_ABORTED;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + 8 > end)
		return XDP_ABORTED;
	for (int i = 0; i < 8; i++)
		data[i] = i + 1;
	return XDP_TX;
}

SEC("xdp")
int report(struct xdp_md *ctx)
{
	struct { __u32 length, ifindex; } *record = bpf_ringbuf_reserve(&events, sizeof *record, 0);

	if (!record)
		return XDP_ABORTED;
	record->length = ctx->data_end - ctx->data;
	record->ifindex = ctx->ingress_ifindex;
	bpf_ringbuf_submit(record, 0);
	return XDP_PASS;
}

SEC("xdp")
int jump(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &steps, 0);
	return XDP_ABORTED;
}

/* Keeps the maps that no program needs in the object. */
SEC("xdp")
int touch(struct xdp_md *ctx)
{
	struct endpoint endpoint = {};
	struct prefix prefix = {};
	__u32 zero = 0;
	void *found = bpf_map_lookup_elem(&endpoints, &endpoint);

	found = found ?: bpf_map_lookup_elem(&slots, &zero);
	found = found ?: bpf_map_lookup_elem(&percpu_endpoints, &endpoint);
	found = found ?: bpf_map_lookup_elem(&prefixes, &prefix);
	found = found ?: bpf_map_lookup_elem(&tables, &zero);
	return found ? XDP_PASS : stamp;
}

char LICENSE[] SEC("license") = "GPL";
