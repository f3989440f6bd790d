/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Choosing a server for a new connection. Every scheduler has one signature: the slot of a server, or 0 if none
 * takes new connections. Order, ties and formulas follow IPVS; one header each.
 */
#ifndef XLVS_SCHED_H
#define XLVS_SCHED_H

#include "sched_dh.h"
#include "sched_fo.h"
#include "sched_lblc.h"
#include "sched_lblcr.h"
#include "sched_lc.h"
#include "sched_mh.h"
#include "sched_nq.h"
#include "sched_ovf.h"
#include "sched_rr.h"
#include "sched_sed.h"
#include "sched_sh.h"
#include "sched_twos.h"
#include "sched_wlc.h"
#include "sched_wrr.h"

/* Those that walk or hash, verified once. */
__noinline __u32 sched_simple(const struct job *j)
{
	if (!j)
		return 0;
	switch (j->service.scheduler) {
	case SCHED_RR:
		return sched_rr(j);
	case SCHED_WRR:
		return sched_wrr(j);
	case SCHED_LC:
		return sched_lc(j);
	case SCHED_WLC:
		return sched_wlc(j);
	case SCHED_DH:
		return sched_dh(j);
	case SCHED_SH:
		return sched_sh(j);
	case SCHED_MH:
		return sched_mh(j);
	case SCHED_SED:
		return sched_sed(j);
	case SCHED_NQ:
		return sched_nq(j);
	case SCHED_FO:
		return sched_fo(j);
	case SCHED_OVF:
		return sched_ovf(j);
	case SCHED_TWOS:
		return sched_twos(j);
	default:
		return 0;
	}
}

/* Those with a memory, by themselves: their frames would not fit under those of the others. */
__noinline __u32 sched_local(const struct job *j)
{
	if (!j)
		return 0;
	return j->service.scheduler == SCHED_LBLC ? sched_lblc(j) : sched_lblcr(j);
}

static __always_inline __u32 sched_pick(const struct job *j)
{
	__u32 scheduler = j->service.scheduler;

	return scheduler == SCHED_LBLC || scheduler == SCHED_LBLCR ? sched_local(j) : sched_simple(j);
}

#endif
