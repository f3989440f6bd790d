/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs that a packet may be handed on to. The map belongs to one version of the programs: user space pins it beside
 * them, since the kernel empties it when nobody holds it.
 */
#ifndef XLVS_STEPS_H
#define XLVS_STEPS_H

#include "verdict.h"

enum step {
	STEP_ATTEND = 0,
	STEP_ADMIT = 1,
	/* IPv4's object alone: the other one, which user space puts here */
	STEP_IPV6 = 2,
	STEP_RECLAIM = 3,
	STEP_ICMP = 4,
	STEP_ANSWER = 5,
	STEP_FRAGMENT = 6,
	STEP_ADMIT_ICMP = 7,
	STEP_VLAN = 8,
	STEP_SCTP = 9,
	STEP_RECOVER = 10,
	STEP_KINDS = 11,
};

int xlvs_attend(struct xdp_md *ctx);
int xlvs_admit(struct xdp_md *ctx);
int xlvs_reclaim(struct xdp_md *ctx);
int xlvs_icmp(struct xdp_md *ctx);
int xlvs_answer(struct xdp_md *ctx);
int xlvs_fragment(struct xdp_md *ctx);
int xlvs_admit_icmp(struct xdp_md *ctx);
int xlvs_vlan(struct xdp_md *ctx);
int xlvs_sctp(struct xdp_md *ctx);
int xlvs_recover(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__type(key, __u32);
	__uint(max_entries, STEP_KINDS);
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {
		[STEP_ATTEND] = (void *)&xlvs_attend,
		[STEP_ADMIT] = (void *)&xlvs_admit,
		[STEP_RECLAIM] = (void *)&xlvs_reclaim,
		[STEP_ICMP] = (void *)&xlvs_icmp,
		[STEP_ANSWER] = (void *)&xlvs_answer,
		[STEP_FRAGMENT] = (void *)&xlvs_fragment,
		[STEP_ADMIT_ICMP] = (void *)&xlvs_admit_icmp,
		[STEP_VLAN] = (void *)&xlvs_vlan,
		[STEP_SCTP] = (void *)&xlvs_sctp,
		[STEP_RECOVER] = (void *)&xlvs_recover,
	},
};

/* Does not come back, unless two CPUs have raced for one connection some thirty times. */
static __always_inline int step_to(struct xdp_md *ctx, __u32 step)
{
	bpf_tail_call(ctx, &steps, step);
	return verdict_keep(-DROP_TUPLE_IN_USE);
}

/* The step for packets that hit a connection. */
static __always_inline __u32 step_of_hit(const struct packet *p)
{
	return p->key.protocol == IPPROTO_SCTP ? STEP_SCTP : STEP_ATTEND;
}

#endif
