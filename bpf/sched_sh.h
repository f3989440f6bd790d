/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sh: the client's address decides (ip_vs_sh.c). User space fills the 256 slots; a slot whose server takes no
 * connections refuses, as in IPVS without sh-fallback.
 */
#ifndef XLVS_SCHED_SH_H
#define XLVS_SCHED_SH_H

#include "sched_walk.h"

#define SH_GOLDEN_RATIO 0x61C88647 /* hash_32() of the kernel's hash.h */

static __always_inline __u32 sched_sh_slot(__u32 value)
{
	return (value * SH_GOLDEN_RATIO) >> 24;
}

/* The server of a slot of the service's table, if it takes connections. */
static __always_inline __u32 sched_sh_server(const struct service *service, __u32 slot)
{
	__u32 id = service->id;
	const struct hash_table *table = bpf_map_lookup_elem(&hash_tables, &id);

	slot &= LIMIT_HASH_SLOTS - 1;
	if (!table || !table->slots[slot].weight)
		return 0;
	return table->slots[slot].server;
}

static __always_inline __u32 sched_sh(const struct service *service, const struct packet *p)
{
	return sched_sh_server(service, sched_sh_slot(bpf_ntohl(p->key.source)));
}

#endif
