/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a decision against sending becomes an XDP action and a count.
 * A verdict is 0 (send it on), a pass reason, or a negative drop reason.
 */
#ifndef XLVS_VERDICT_H
#define XLVS_VERDICT_H

#include "counters.h"

/* Handed to the kernel after the rewrite, so that it resolves a neighbour or fragments. */
static __always_inline int verdict_is_rewritten(int verdict)
{
	return verdict == PASS_NEIGHBOUR || verdict == PASS_TOO_BIG;
}

static __noinline int verdict_pass(__u32 reason)
{
	__u64 *count = bpf_map_lookup_elem(&passes, &reason);

	if (count)
		(*count)++;
	return XDP_PASS;
}

static __noinline int verdict_drop(__u32 reason)
{
	__u64 *count = bpf_map_lookup_elem(&drops, &reason);

	if (count)
		(*count)++;
	return XDP_DROP;
}

/* What is not sent: the kernel's, or nobody's. */
static __always_inline int verdict_keep(int verdict)
{
	return verdict > 0 ? verdict_pass(verdict) : verdict_drop(-verdict);
}

#endif
