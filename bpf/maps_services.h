/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of maps.h: services, servers and their counters, what schedulers remember, marks, rates of new connections.
 */
#ifndef XLVS_MAPS_SERVICES_H
#define XLVS_MAPS_SERVICES_H

#include "abi.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Services by what their packets look like. Written by user space; one update replaces one service whole. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct service_key);
	__type(value, struct service);
	__uint(max_entries, LIMIT_SERVICES);
} services SEC(".maps");

/* Where servers listen. Written by user space with the services. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct listener_key);
	__type(value, struct listener);
	__uint(max_entries, LIMIT_LISTENERS);
} listeners SEC(".maps");

/* Blocks of members, one block a service. Written by user space before the service that names them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct member);
	__uint(max_entries, LIMIT_MEMBERS);
} members SEC(".maps");

/* The tables of sh and dh by service id. Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct hash_table);
	__uint(max_entries, LIMIT_SERVICES);
} hash_tables SEC(".maps");

/* mh's tables by service id. Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct mh_table);
	__uint(max_entries, LIMIT_SERVICES);
} mh_tables SEC(".maps");

/* Written here; the one used least gives way. Dies with its last use plus lblc_expiration. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct locality_key);
	__type(value, struct locality);
	__uint(max_entries, LIMIT_LOCALITIES);
} localities SEC(".maps");

/* What a locality begins with: nothing. It is too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct locality);
	__uint(max_entries, 1);
} no_locality SEC(".maps");

/* Servers by slot; slot 0 is nobody. Written by user space; a slot is free again when nothing refers to it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct server);
	__uint(max_entries, LIMIT_SERVERS);
} servers SEC(".maps");

/* Written here alone, by atomic additions; user space reads. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct server_load);
	__uint(max_entries, LIMIT_SERVERS);
} server_loads SEC(".maps");

/* Written here; user space reads, and zeroes a slot that it frees. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct server_counters);
	__uint(max_entries, LIMIT_SERVERS);
} server_counters SEC(".maps");

/* Counters of freed slots by service id (0: of deleted services), so that totals never fall. User space alone. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct server_counters);
	__uint(max_entries, LIMIT_SERVICES);
} retired_counters SEC(".maps");

/* Where rr and wrr stand, by service id. Written here by compare-and-swap; user space resets it on changes. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct scheduler_state);
	__uint(max_entries, LIMIT_SERVICES);
} scheduler_states SEC(".maps");

/*
 * The marking rules: two sets, settings.mark_set names the one in force. User space fills the other and
 * switches, so that a packet meets the old rules or the new, never a mixture. The no_* maps stand in until then.
 */
struct mark_addresses_inner {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mark_address_key);
	__type(value, __u32);
	__uint(max_entries, 1048576);
} no_mark_addresses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__type(key, __u32);
	__uint(max_entries, MARK_SETS);
	__array(values, struct mark_addresses_inner);
} mark_addresses SEC(".maps") = { .values = { &no_mark_addresses, &no_mark_addresses } };

struct mark_ports_inner {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mark_port_key);
	__type(value, struct mark_leaf);
	__uint(max_entries, 1048576);
} no_mark_ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__type(key, __u32);
	__uint(max_entries, MARK_SETS);
	__array(values, struct mark_ports_inner);
} mark_ports SEC(".maps") = { .values = { &no_mark_ports, &no_mark_ports } };

struct mark_candidates_inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_INNER_MAP);
	__type(key, __u32);
	__type(value, struct mark_candidate);
	__uint(max_entries, 1);
} no_mark_candidates SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__type(key, __u32);
	__uint(max_entries, MARK_SETS);
	__array(values, struct mark_candidates_inner);
} mark_candidates SEC(".maps") = { .values = { &no_mark_candidates, &no_mark_candidates } };

/* New connections of this second, by source and by service id. Written here; nobody reads. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct address);
	__type(value, struct rate);
	__uint(max_entries, LIMIT_SOURCES);
} source_rates SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct rate);
	__uint(max_entries, LIMIT_SERVICES);
} service_rates SEC(".maps");

/* New connections since one was dropped on purpose. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} drop_counters SEC(".maps");

#endif
