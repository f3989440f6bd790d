/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs of packets without a connection: a new one, one that was lost, and room for them.
 */
#ifndef XLVS_STEP_ADMIT_H
#define XLVS_STEP_ADMIT_H

#include "admit.h"
#include "deliver.h"
#include "recover.h"
#include "sctp.h"

/* SCTP as well. */
static __always_inline int parse_any(struct packet *p, struct xdp_md *ctx)
{
	int verdict = packet_parse(p, ctx, ACCEPTS_FIRST);

	return verdict == L4_SCTP ? sctp_parse(p) : verdict;
}

/* A packet without a connection. Who loses the race to make one finds the winner's; SCTP's finds what it made itself. */
SEC("xdp.frags")
int xlvs_admit(struct xdp_md *ctx)
{
	struct packet p;
	struct job *j;
	int is_full, verdict = parse_any(&p, ctx);

	if (verdict)
		return verdict_keep(verdict);
	j = job_begin(&p);
	if (!j)
		return XDP_ABORTED;
	verdict = listener_is_refused(&p) ? -DROP_NO_CONNECTION : admit(&p, j);
	if (recover_is_due(&p, verdict))
		return step_to(ctx, STEP_RECOVER);
	if (!verdict)
		verdict = service_is_one_packet(j) ? conntrack_pass_once(ctx, j) : conntrack_create(ctx, j);
	is_full = job_reclaims(j, verdict == -DROP_TABLE_FULL);
	if (verdict == CONNTRACK_LOST || (p.key.protocol == IPPROTO_SCTP && (!verdict || verdict == PASS_NEIGHBOUR)))
		return step_to(ctx, step_of_hit(&p));
	if (is_full)
		return step_to(ctx, STEP_RECLAIM);
	if (!verdict || verdict == PASS_NEIGHBOUR) {
		int size = conntrack_check_size(&p, &j->forward);

		verdict = size ? size : verdict;
	}
	return deliver(&p, &j->forward, snat_rewrite(&p, &j->forward, verdict));
}

/* A server's segment without a connection, that no service wants: of one that was lost? */
SEC("xdp.frags")
int xlvs_recover(struct xdp_md *ctx)
{
	struct packet p;
	struct job *j;
	int verdict = packet_parse(&p, ctx, ACCEPTS_FIRST);

	if (verdict)
		return verdict_keep(verdict);
	j = job_begin(&p);
	if (!j)
		return XDP_ABORTED;
	verdict = recover(&p, j);
	if (job_reclaims(j, verdict == -DROP_TABLE_FULL))
		return step_to(ctx, STEP_RECLAIM);
	return verdict == CONNTRACK_LOST ? step_to(ctx, STEP_ATTEND) : deliver(&p, &j->reply, verdict);
}

/* The table is full: some that are half open give way, then the packet tries again. */
SEC("xdp.frags")
int xlvs_reclaim(struct xdp_md *ctx)
{
	__u32 slots = expiry_is_barren(settings_epoch()) ? RECLAIM_SLOTS_HOPELESS : RECLAIM_SLOTS;
	__u32 now = clock_now();

	if (!expiry_walk_connections(slots, EXPIRY_HALF_OPEN, now))
		expiry_walk_connections(slots, EXPIRY_CLOSED, now);
	return step_to(ctx, STEP_ADMIT);
}

#endif
