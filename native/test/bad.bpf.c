// SPDX-License-Identifier: GPL-2.0-only
// A program that the verifier refuses: it reads the packet without looking at its end.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int careless(struct xdp_md *ctx)
{
	return *(__u8 *)(long)ctx->data;
}

char LICENSE[] SEC("license") = "GPL";
