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

static __noinline __u32 sched_pick(const struct service *service, const struct packet *p)
{
	switch (service->scheduler) {
	case SCHED_RR:
		return sched_rr(service);
	case SCHED_WRR:
		return sched_wrr(service);
	case SCHED_LC:
		return sched_lc(service);
	case SCHED_WLC:
		return sched_wlc(service);
	case SCHED_LBLC:
		return sched_lblc(service, p);
	case SCHED_LBLCR:
		return sched_lblcr(service, p);
	case SCHED_DH:
		return sched_dh(service, p);
	case SCHED_SH:
		return sched_sh(service, p);
	case SCHED_MH:
		return sched_mh(service, p);
	case SCHED_SED:
		return sched_sed(service);
	case SCHED_NQ:
		return sched_nq(service);
	case SCHED_FO:
		return sched_fo(service);
	case SCHED_OVF:
		return sched_ovf(service);
	case SCHED_TWOS:
		return sched_twos(service);
	default:
		return 0;
	}
}

#endif
