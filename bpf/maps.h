/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each map: who writes, who reads, when entries die. Maps that only user space writes carry
 * BPF_F_RDONLY_PROG, so that the verifier guards the ownership.
 * All are pinned by user space under their own names.
 */
#ifndef XLVS_MAPS_H
#define XLVS_MAPS_H

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

/* xlvs's devices by ifindex. Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct interface);
	__uint(max_entries, LIMIT_INTERFACES);
} interfaces SEC(".maps");

/* What is below xlvs's VLAN devices, by slot, and the devices by what is below. Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct vlan);
	__uint(max_entries, LIMIT_VLANS);
} vlans SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, struct vlan_key);
	__type(value, __u32);
	__uint(max_entries, LIMIT_INTERFACES);
} vlan_devices SEC(".maps");

/* The addresses of those devices, by their networks; with no network, the first one. Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct snat_address_key);
	__type(value, struct address);
	__uint(max_entries, LIMIT_SNAT_ADDRESSES);
} snat_addresses SEC(".maps");

/* One entry. Written by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct settings);
	__uint(max_entries, 1);
} settings SEC(".maps");

/* One entry a family. Written here alone. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct epoch);
	__uint(max_entries, LIMIT_FAMILIES);
} epochs SEC(".maps");

/* One entry. Written by the daemon. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__type(key, __u32);
	__type(value, struct daemon);
	__uint(max_entries, 1);
} daemons SEC(".maps");

/* User space's own papers; the programs never look at them. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG);
	__type(key, struct document_key);
	__type(value, struct document_chunk);
	__uint(max_entries, 65536);
} documents SEC(".maps");

/* Counted per CPU by enum drop_reason, pass_reason, event. Written here; user space reads. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, DROP_REASONS);
} drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, PASS_REASONS);
} passes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, EVENT_KINDS);
} events SEC(".maps");

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
