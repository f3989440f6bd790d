/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections per server, and the thresholds on them: a server is overloaded from the connection on that fills it until it
 * has fallen below its lower threshold (ip_vs_bind_dest, ip_vs_unbind_dest). Who may pass an overloaded server is the
 * scheduler's; persistence does.
 *
 * An edit of a server's thresholds may end an overload, or be one: it names another round, or that of the load.
 *
 * A load is two counts in one word, so that the sum after a change is that of one moment.
 */
#ifndef XLVS_THRESHOLD_H
#define XLVS_THRESHOLD_H

#include "maps.h"

/* Below so many connections an overload ends: IPVS's three quarters, rounded up. */
static __always_inline __u32 threshold_floor(const struct server *server)
{
	__u32 upper = server->upper_threshold;

	return server->lower_threshold ? server->lower_threshold : upper - (upper >> 2);
}

/* Adds to both counts; returns how many connections the server has then. */
static __always_inline __u32 threshold_add(struct server_load *load, __s32 active, __s32 inactive)
{
	__u64 change = ((__u64)(__s64)inactive << 32) + (__s64)active;
	__u64 counts = __sync_fetch_and_add((__u64 *)load, change) + change;

	return (__u32)counts + (__u32)(counts >> 32);
}

/* A connection was made, and counted before: is it the one that fills its server? */
static __always_inline void threshold_fill(__u32 slot)
{
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);
	struct server_load *load;

	if (!server || !server->upper_threshold)
		return;
	load = bpf_map_lookup_elem(&server_loads, &slot);
	if (load && load->active + load->inactive >= server->upper_threshold)
		load->overloaded = server->overload_round;
}

/* A connection went; so many are left. With the last one every round is forgotten: the slot's next server begins with any. */
static __always_inline void threshold_relieve(const struct server *server, struct server_load *load, __u32 total)
{
	__u32 none = server->overload_round ? 0 : ~0U;

	if (load->overloaded != none && (!server->upper_threshold || total < threshold_floor(server)))
		load->overloaded = none;
}

/* Without connections nobody is overloaded: another CPU's word may have come after the last one went. */
__noinline int threshold_is_reached(__u32 slot)
{
	const struct server_load *load = bpf_map_lookup_elem(&server_loads, &slot);
	const struct server *server = bpf_map_lookup_elem(&servers, &slot);

	if (!load || !server)
		return 0;
	return server->upper_threshold && load->overloaded == server->overload_round &&
	       load->active + load->inactive > 0;
}

#endif
