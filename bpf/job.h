/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A new connection in the making: what its packet said, its service, both halves. One for each CPU, since the stack is too
 * small for it, and in a map, so that functions that work on it are verified once by themselves (they have no `static`; the
 * verifier then wants their pointers checked). Before 6.2 a key or a value for a map may not stand behind such a pointer: who
 * needs one gets the job anew. Not for anything that outlives a packet.
 */
#ifndef XLVS_JOB_H
#define XLVS_JOB_H

#include "clock.h"
#include "packet.h"

struct job {
	flow_key_t key;
	struct service service; /* without its name */
	connection_t forward;
	connection_t reply;
	__u32 now;
	__u32 ingress;
	__be32 fragment_id;
	__u8 destination_mac[ETH_ALEN]; /* of the frame that came in */
	__u8 source_mac[ETH_ALEN];
	__u8 fragment; /* as in the packet */
	__u8 tcp_flags;
	__u8 has_reclaimed;
	__u8 is_related; /* an ICMP error makes it (schedule_icmp) */
	__u8 is_ftp_data; /* its service is FTP's, its port another */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct job);
	__uint(max_entries, 1);
} jobs SEC(".maps");

/* This CPU's. NULL: never. */
static __always_inline struct job *job_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&jobs, &zero);
}

/* Begun for a packet, now; both halves empty. */
static __always_inline struct job *job_begin(struct packet *p)
{
	struct job *j = job_get();

	p->now = clock_now();
	if (!j)
		return NULL;
	j->key = p->key;
	j->now = p->now;
	j->ingress = p->ingress;
	j->fragment_id = p->fragment_id;
	j->fragment = p->fragment;
	j->tcp_flags = p->tcp_flags;
	j->is_related = p->is_related;
	j->is_ftp_data = 0;
	__builtin_memcpy(j->destination_mac, p->eth->h_dest, ETH_ALEN);
	__builtin_memcpy(j->source_mac, p->eth->h_source, ETH_ALEN);
	__builtin_memset(&j->forward, 0, sizeof(j->forward));
	__builtin_memset(&j->reply, 0, sizeof(j->reply));
	return j;
}

/* Whether a packet that found the table full may have it reclaimed: once, the next packet of this CPU begins anew. */
static __always_inline int job_reclaims(struct job *j, int is_full)
{
	j->has_reclaimed = is_full && !j->has_reclaimed;
	return j->has_reclaimed;
}

#endif
