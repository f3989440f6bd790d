/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time for the data plane: ticks of 2^26 ns of CLOCK_MONOTONIC, in 32 bits (they wrap after nine years).
 * The coarse clock is the cheapest to ask, but a call of about 20 ns here: a packet of a steady flow makes do with the
 * time of the timer's last slice (epoch.now, written by expiry.h).
 */
#ifndef XLVS_CLOCK_H
#define XLVS_CLOCK_H

#include "abi.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __always_inline __u32 clock_now(void)
{
	return bpf_ktime_get_coarse_ns() >> LIMIT_TICK_SHIFT;
}

/* Ticks from then to now; 0 when another CPU's stamp is a little ahead. */
static __always_inline __u32 clock_since(__u32 now, __u32 then)
{
	__s32 ticks = now - then;

	return ticks > 0 ? ticks : 0;
}

#endif
