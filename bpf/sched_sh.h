/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sh: the client's address decides, with sh-port its port too (ip_vs_sh.c). User space fills the 256 slots; a slot whose
 * server takes no connections refuses, or with sh-fallback hands over to the slots from twice its number on.
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
static __always_inline __u32 sched_sh_server(const struct sched_walk *w, __u32 id, __u32 slot)
{
	const struct hash_table *table = bpf_map_lookup_elem(&hash_tables, &id);

	slot &= LIMIT_HASH_SLOTS - 1;
	if (!table || !sched_takes(w, &table->slots[slot]))
		return 0;
	return table->slots[slot].server;
}

/* bpf_loop callback over the slots that stand in; 1 ends it. */
static long sched_sh_try(__u32 i, struct sched_walk *w)
{
	w->pick = sched_sh_server(w, w->first, w->position + i);
	return w->pick != 0;
}

static __always_inline __u32 sched_sh(const struct job *j)
{
	const struct service *service = &j->service;
	__u32 port = service->flags & SERVICE_SH_PORT ? bpf_ntohs(j->key.source_port) : 0;
	__u32 slot = sched_sh_slot(address_fold(&j->key.source) + port);
	struct sched_walk w = sched_walk_of(service);
	__u32 server = sched_sh_server(&w, service->id, slot);

	if (server || !(service->flags & SERVICE_SH_FALLBACK))
		return server;
	w.first = service->id;
	w.position = 2 * slot;
	bpf_loop(LIMIT_HASH_SLOTS, sched_sh_try, &w, 0);
	return w.pick;
}

#endif
