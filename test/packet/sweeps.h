/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * checksum.h and crc32c.h over all there is, in the kernel: what they say of every value, and where they differ.
 */
#ifndef XLVS_SWEEPS_H
#define XLVS_SWEEPS_H

/* ---- checksum.h over every 16-bit value ---- */

#define EVERY_VALUE 65536

struct checksum_result {
	__u16 fold;
	__u16 delta16;
	__u16 delta32;
	__u16 applied;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct checksum_result);
	__uint(max_entries, EVERY_VALUE);
} checksum_results SEC(".maps");

struct checksum_case {
	__u32 high;
	__u32 new;
	__u32 delta;
};

static long checksum_one(__u32 value, struct checksum_case *c)
{
	struct checksum_result *r = bpf_map_lookup_elem(&checksum_results, &value);

	if (!r)
		return 1;
	r->fold = checksum_fold(c->high << 16 | value);
	r->delta16 = checksum_fold(checksum_delta16(value, (__u16)c->new));
	r->delta32 = checksum_fold(checksum_delta32(c->high << 16 | value, c->new));
	r->applied = checksum_apply(value, c->delta);
	return 0;
}

/* Takes a struct checksum_case from the frame. */
SEC("xdp.frags")
int checksum_sweep(struct xdp_md *ctx)
{
	struct checksum_case *in = (void *)(long)ctx->data;
	struct checksum_case c;

	if ((void *)(in + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	c = *in;
	bpf_loop(EVERY_VALUE, checksum_one, &c, 0);
	return XDP_PASS;
}

/* ---- crc32c.h over every length ---- */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, EVERY_VALUE);
} crc32c_results SEC(".maps");

static long crc32c_one(__u32 length, __u32 *difference)
{
	__u32 *result = bpf_map_lookup_elem(&crc32c_results, &length);

	if (!result)
		return 1;
	*result = crc32c_delta(*difference, length);
	return 0;
}

/* Takes the difference from the frame's first four bytes. */
SEC("xdp")
int crc32c_sweep(struct xdp_md *ctx)
{
	__u32 *in = (void *)(long)ctx->data;
	__u32 difference;

	if ((void *)(in + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	difference = *in;
	bpf_loop(EVERY_VALUE, crc32c_one, &difference, 0);
	return XDP_PASS;
}

#endif
