/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of maps.h: connections and what goes with them, and the timers that end them.
 */
#ifndef XLVS_MAPS_CONNECTIONS_H
#define XLVS_MAPS_CONNECTIONS_H

#include "abi.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Connections, both halves of each. Written here; user space reads. Dies by expiry.h; sized by the config file. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow_key);
	__type(value, struct connection);
	__uint(max_entries, 1024);
} connections SEC(".maps");

/* Every connection's forward key once, in order of age. Written and walked here. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct connection_slot);
	__uint(max_entries, 1024);
} connection_slots SEC(".maps");

/* The same two of IPv6. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow_key6);
	__type(value, struct connection6);
	__uint(max_entries, 1024);
} connections6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct connection_slot6);
	__uint(max_entries, 1024);
} connection_slots6 SEC(".maps");

/* The other end of connections with snat, by each half's key: lives and dies with it. Written here; user space reads. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct flow_key);
	__type(value, struct translation);
	__uint(max_entries, LIMIT_TRANSLATIONS);
} translations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct flow_key6);
	__type(value, struct translation6);
	__uint(max_entries, LIMIT_TRANSLATIONS);
} translations6 SEC(".maps");

/*
 * Copies of steady flows, a block of sets for each CPU, written by that CPU alone; with their next hops, as well. Mapped
 * memory begins on a page, so that a set is a cache line. Sized by the config file. User space leaves them alone.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct front_set);
	__uint(max_entries, 1024);
} front_sets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct front_hop);
	__uint(max_entries, LIMIT_FRONT_HOPS);
} front_hops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct front_renewals);
	__uint(max_entries, 1);
} front_renewals SEC(".maps");

/* Raised by whoever ends a flow whose key leads there. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, LIMIT_REVOCATIONS);
} front_revocations SEC(".maps");

/* Persistence entries. Written here; user space reads. Dies by expiry.h. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct persistence_key);
	__type(value, struct persistence);
	__uint(max_entries, 1024);
} persistence SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct persistence_slot);
	__uint(max_entries, 1024);
} persistence_slots SEC(".maps");

/* Ports of fragmented datagrams. Written here; the one used least gives way. Sized by the config file. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct fragment_key);
	__type(value, struct fragment);
	__uint(max_entries, 1024);
} fragments SEC(".maps");

/* Ends of the two rings, by enum ring. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct ring_cursor);
	__uint(max_entries, RING_KINDS);
} ring_cursors SEC(".maps");

/* The timers of expiry.h, one a family. */
struct expiry_timer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct expiry_timer);
	__uint(max_entries, LIMIT_FAMILIES);
} timers SEC(".maps");

#endif
