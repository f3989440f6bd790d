/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of a packet of ours: rewritten and sent, handed to the kernel, or dropped and its sender told.
 */
#ifndef XLVS_DELIVER_H
#define XLVS_DELIVER_H

#include "answer.h"
#include "nat.h"
#include "vlan.h"

/* A packet that goes nowhere, and its sender may hear why. */
static __always_inline int refuse(struct packet *p, const connection_t *c, int verdict)
{
	return answer_is_due(verdict) ? answer_with(p->ctx, verdict, c->mtu) : verdict_keep(verdict);
}

/* What becomes of a packet of ours; c is how it is to be sent, if it is. */
static __always_inline int deliver(struct packet *p, connection_t *c, int verdict)
{
	if (!verdict || verdict_is_rewritten(verdict))
		nat_rewrite(p, c, !verdict);
	else
		return refuse(p, c, verdict);
	counters_packet(c->server, c->direction, p->length);
	return verdict ? verdict_keep(verdict) : vlan_send(p, c);
}

/* The same of one that is rewritten already: to its next hop, or (a pass reason) to the kernel. */
static __always_inline int deliver_rewritten(struct packet *p, const connection_t *c, int verdict)
{
	counters_packet(c->server, c->direction, p->length);
	return verdict ? verdict_keep(verdict) : vlan_send(p, c);
}

#endif
