/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs of ICMP messages.
 */
#ifndef XLVS_STEP_ICMP_H
#define XLVS_STEP_ICMP_H

#include "admit.h"
#include "conntrack_attend.h"
#include "deliver.h"
#include "icmp.h"

/* schedule_icmp */
static __always_inline int icmp_is_scheduled(void)
{
	const struct settings *s = settings_get();

	return s && s->schedule_icmp;
}

/* An ICMP message: an error about a connection goes the way of its packets. */
SEC("xdp.frags")
int xlvs_icmp(struct xdp_md *ctx)
{
	struct job *j = job_get();
	struct quote q;
	struct packet p;
	__u8 protocol;
	int verdict = packet_parse_headers(&p, ctx, &protocol, ACCEPTS_WHOLE);

	if (!verdict)
		verdict = icmp_parse(&p, &q);
	if (verdict)
		return verdict_keep(verdict);
	if (!j)
		return XDP_ABORTED;
	p.now = clock_now();
	verdict = conntrack_attend(&p, &j->forward);
	if (verdict == CONNTRACK_MISS)
		return icmp_is_scheduled() ? step_to(ctx, STEP_ADMIT_ICMP) : verdict_keep(PASS_ICMP);
	if (verdict && !verdict_is_rewritten(verdict))
		return verdict_keep(verdict);
	if (j->forward.state & HALF_SNAT) {
		const connection_t *end = snat_other_end(&p, &j->forward);

		if (!end)
			return verdict_keep(-DROP_TUPLE_IN_USE);
		icmp_rewrite(&p, &q, end, 0);
	}
	icmp_rewrite(&p, &q, &j->forward, !verdict);
	return deliver_rewritten(&p, &j->forward, verdict);
}

/* An error about a connection that is not there makes it: another router of the same services may have had it. */
SEC("xdp.frags")
int xlvs_admit_icmp(struct xdp_md *ctx)
{
	struct packet p;
	struct quote q;
	struct job *j;
	__u8 protocol;
	int verdict = packet_parse_headers(&p, ctx, &protocol, ACCEPTS_WHOLE);

	if (!verdict)
		verdict = icmp_parse(&p, &q);
	if (verdict)
		return verdict_keep(verdict);
	j = job_begin(&p);
	if (!j)
		return XDP_ABORTED;
	verdict = admit(&p, j);
	if (!verdict && service_is_one_packet(j))
		verdict = PASS_ICMP;
	if (!verdict)
		verdict = conntrack_create(ctx, j);
	job_reclaims(j, 0);
	if (!verdict || verdict == CONNTRACK_LOST || verdict == PASS_NEIGHBOUR)
		return step_to(ctx, STEP_ICMP);
	return verdict_keep(verdict > 0 ? PASS_ICMP : verdict);
}

#endif
