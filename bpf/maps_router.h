/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of maps.h: the router itself: devices, settings, documents, and what was counted of packets.
 */
#ifndef XLVS_MAPS_ROUTER_H
#define XLVS_MAPS_ROUTER_H

#include "abi.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

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

/* The number of the next connection with snat to a server, by a hash of its address, port and protocol; counts round. Written here. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, LIMIT_SNAT_NUMBERS);
} snat_numbers SEC(".maps");

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

#endif
