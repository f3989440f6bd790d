/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program of fragments.
 */
#ifndef XLVS_STEP_FRAGMENT_H
#define XLVS_STEP_FRAGMENT_H

#include "conntrack_attend.h"
#include "conntrack_create.h"
#include "deliver.h"
#include "fragment.h"
#include "sctp.h"
#include "snat.h"

/* The same, where the first went by one-packet scheduling. */
static __always_inline int follow_once(struct xdp_md *ctx, struct packet *p, __u32 server)
{
	const struct job *j = job_get();
	int verdict, size;

	if (!j || !server)
		return PASS_FRAGMENT;
	verdict = conntrack_pass_rest(ctx, p, server);
	if (verdict && verdict != PASS_NEIGHBOUR)
		return verdict;
	size = conntrack_check_size(p, &j->forward);
	return size ? size : verdict;
}

/* A fragment behind its first; its connection is its first one's. */
static __always_inline int follow(struct xdp_md *ctx, struct packet *p, __u8 protocol)
{
	struct job *j = job_get();
	const struct fragment *f;
	int verdict;

	if (!j)
		return XDP_ABORTED;
	fragment_key(p, protocol);
	f = fragment_find(p);
	if (!f)
		return verdict_keep(PASS_FRAGMENT);
	p->tcp_flags = 0;
	p->is_related = 1;
	verdict = conntrack_attend(p, &j->forward);
	if (verdict == CONNTRACK_MISS)
		verdict = follow_once(ctx, p, fragment_server(p, f));
	if (verdict && !verdict_is_rewritten(verdict))
		return verdict_keep(verdict);
	if (p->key.protocol == IPPROTO_SCTP && (j->forward.state & HALF_SNAT || sctp_changes_port(&j->forward)))
		return verdict_keep(-DROP_SCTP_FRAGMENT);
	if (j->forward.state & HALF_SNAT) {
		const connection_t *end = snat_other_end(p, &j->forward);

		if (!end)
			return verdict_keep(-DROP_TUPLE_IN_USE);
		fragment_rewrite(p, end, 0);
	}
	fragment_rewrite(p, &j->forward, !verdict);
	return deliver_rewritten(p, &j->forward, verdict);
}

SEC("xdp.frags")
int xlvs_fragment(struct xdp_md *ctx)
{
	struct packet p;
	__u8 protocol;
	int verdict = packet_parse_headers(&p, ctx, &protocol, ACCEPTS_LATER);

	if (verdict)
		return verdict_keep(verdict);
	p.now = clock_now();
	if (p.fragment == PACKET_LATER)
		return follow(ctx, &p, protocol);
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP && protocol != IPPROTO_SCTP)
		return verdict_keep(PASS_FRAGMENT);
	verdict = l4_parse(&p, protocol);
	if (verdict == L4_SCTP)
		verdict = sctp_parse(&p);
	if (verdict)
		return verdict_keep(verdict);
	fragment_remember(&p);
	return step_to(ctx, step_of_hit(&p));
}

#endif
