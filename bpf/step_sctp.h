/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program of SCTP.
 */
#ifndef XLVS_STEP_SCTP_H
#define XLVS_STEP_SCTP_H

#include "conntrack_attend.h"
#include "deliver.h"
#include "sctp.h"
#include "snat.h"

/* A packet of SCTP, whatever is due for it. */
SEC("xdp.frags")
int xlvs_sctp(struct xdp_md *ctx)
{
	struct job *j = job_get();
	struct packet p;
	__u8 protocol;
	int verdict = packet_parse_headers(&p, ctx, &protocol, ACCEPTS_FIRST);

	if (!verdict)
		verdict = protocol == IPPROTO_SCTP ? sctp_parse(&p) : PASS_PROTOCOL;
	if (verdict)
		return verdict_keep(verdict);
	if (!j)
		return XDP_ABORTED;
	p.now = clock_now();
	verdict = conntrack_attend(&p, &j->forward);
	if (verdict == CONNTRACK_MISS)
		return step_to(ctx, STEP_ADMIT);
	if (verdict && !verdict_is_rewritten(verdict))
		return refuse(&p, &j->forward, verdict);
	if (p.fragment != PACKET_WHOLE && (j->forward.state & HALF_SNAT || sctp_changes_port(&j->forward)))
		return verdict_keep(-DROP_SCTP_FRAGMENT);
	if (j->forward.state & HALF_SNAT) {
		const connection_t *end = snat_other_end(&p, &j->forward);

		if (!end)
			return verdict_keep(-DROP_TUPLE_IN_USE);
		sctp_rewrite(&p, end, 0);
	}
	sctp_rewrite(&p, &j->forward, !verdict);
	return deliver_rewritten(&p, &j->forward, verdict);
}

#endif
