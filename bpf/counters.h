/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting: per CPU, so that no packet writes what another CPU writes.
 * A drop or pass is counted by verdict.h; an event where it happens.
 */
#ifndef XLVS_COUNTERS_H
#define XLVS_COUNTERS_H

#include "maps.h"

static __always_inline void counters_event(__u32 event)
{
	__u64 *count = bpf_map_lookup_elem(&events, &event);

	if (count)
		(*count)++;
}

/* One forwarded packet of a server, its IP length in bytes. */
static __always_inline void counters_packet(__u32 server, __u8 direction, __u16 bytes)
{
	struct server_counters *c = bpf_map_lookup_elem(&server_counters, &server);

	if (!c)
		return;
	if (direction == DIRECTION_FORWARD) {
		c->incoming_packets++;
		c->incoming_bytes += bytes;
	} else {
		c->outgoing_packets++;
		c->outgoing_bytes += bytes;
	}
}

static __always_inline void counters_connection(__u32 server)
{
	struct server_counters *c = bpf_map_lookup_elem(&server_counters, &server);

	if (c)
		c->connections++;
}

#endif
