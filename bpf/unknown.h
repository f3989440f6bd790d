/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels before 6.7 verify a bpf_loop callback once, with the context as its caller left it. A branch on a field that
 * the callback itself changes would be decided for good by the first value, and the other way cut off: such a field has
 * to begin with a value the verifier does not know ("bpf: verify callbacks as if they are called unknown number of times").
 */
#ifndef XLVS_UNKNOWN_H
#define XLVS_UNKNOWN_H

#include <linux/types.h>

/* 0, which the verifier cannot tell if `any` comes from a map or a packet. */
static __always_inline __u64 unknown_zero(__u64 any)
{
	__u64 zero = any;

	asm volatile("%0 ^= %1" : "+r"(zero) : "r"(any));
	return zero;
}

#endif
