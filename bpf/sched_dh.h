/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dh: the destination's address decides (ip_vs_dh.c). User space fills the 256 slots; a slot whose server takes no
 * connections refuses: there is no fallback.
 */
#ifndef XLVS_SCHED_DH_H
#define XLVS_SCHED_DH_H

#include "sched_sh.h"

static __always_inline __u32 sched_dh(const struct job *j)
{
	struct sched_walk w = sched_walk_of(&j->service);

	return sched_sh_server(&w, j->service.id, sched_sh_slot(address_fold(&j->key.destination)));
}

#endif
