/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCTP's states as IPVS keeps them (net/netfilter/ipvs/ip_vs_proto_sctp.c: the tables for input and output), named as the server
 * sees its association. Which packet moves one where; not when an entry dies.
 *
 *   the client's  NONE -INIT-> INIT1 (INIT, if it asks again) -INIT ACK-> COOKIE_SENT -COOKIE ECHO-> COOKIE_REPLIED -COOKIE ACK-> ESTABLISHED
 *   the server's  NONE -INIT-> COOKIE_WAIT -INIT ACK-> COOKIE -COOKIE ECHO-> COOKIE_ECHOED -COOKIE ACK-> ESTABLISHED
 */
#ifndef XLVS_SCTP_STATE_H
#define XLVS_SCTP_STATE_H

#include "sctp.h"

#define SCTP_STATES 14
#define NO (STATE_SCTP_NONE - STATE_SCTP_NONE)
#define I1 (STATE_SCTP_INIT1 - STATE_SCTP_NONE)
#define IN (STATE_SCTP_INIT - STATE_SCTP_NONE)
#define CS (STATE_SCTP_COOKIE_SENT - STATE_SCTP_NONE)
#define CR (STATE_SCTP_COOKIE_REPLIED - STATE_SCTP_NONE)
#define CW (STATE_SCTP_COOKIE_WAIT - STATE_SCTP_NONE)
#define CO (STATE_SCTP_COOKIE - STATE_SCTP_NONE)
#define CE (STATE_SCTP_COOKIE_ECHOED - STATE_SCTP_NONE)
#define ES (STATE_SCTP_ESTABLISHED - STATE_SCTP_NONE)
#define SS (STATE_SCTP_SHUTDOWN_SENT - STATE_SCTP_NONE)
#define SR (STATE_SCTP_SHUTDOWN_RECEIVED - STATE_SCTP_NONE)
#define SA (STATE_SCTP_SHUTDOWN_ACK_SENT - STATE_SCTP_NONE)
#define RJ (STATE_SCTP_REJECTED - STATE_SCTP_NONE)
#define CL (STATE_SCTP_CLOSED - STATE_SCTP_NONE)

/* [direction][event][state now]; columns NONE I1 IN CS CR CW CO CE ES SS SR SA RJ CL */
static const __u8 sctp_transitions[2][SCTP_EVENTS][SCTP_STATES] = {
	[DIRECTION_FORWARD] = {
		[SCTP_EVENT_DATA]              = { ES, I1, IN, CS, CR, CW, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_INIT]              = { I1, IN, IN, CS, CR, CW, CO, CE, ES, SS, SR, SA, IN, IN },
		[SCTP_EVENT_INIT_ACK]          = { CW, CW, CW, CS, CR, CO, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_COOKIE_ECHO]       = { CR, IN, IN, CR, CR, CW, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_COOKIE_ACK]        = { ES, I1, IN, CS, CR, CW, CO, ES, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_SHUTDOWN]          = { SR, I1, IN, CS, CR, CW, CO, CE, SR, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_SHUTDOWN_ACK]      = { CL, IN, IN, CS, CR, CW, CO, CE, ES, CL, SR, CL, RJ, CL },
		[SCTP_EVENT_SHUTDOWN_COMPLETE] = { CL, CL, CL, CS, CR, CW, CO, CE, ES, SS, SR, CL, RJ, CL },
		[SCTP_EVENT_ERROR]             = { CL, I1, IN, CS, CR, CW, CO, CL, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_ABORT]             = { CL, CL, CL, CL, CL, RJ, CL, CL, CL, CL, CL, CL, CL, CL },
	},
	[DIRECTION_REPLY] = {
		[SCTP_EVENT_DATA]              = { ES, I1, IN, CS, CR, CW, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_INIT]              = { CW, CW, CW, CW, CW, CW, CW, CW, ES, CW, CW, CW, CW, CW },
		[SCTP_EVENT_INIT_ACK]          = { CS, CS, CS, CS, CR, CW, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_COOKIE_ECHO]       = { CE, CE, CE, CE, CE, CE, CE, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_COOKIE_ACK]        = { ES, ES, ES, ES, ES, ES, ES, ES, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_SHUTDOWN]          = { SS, SS, SS, SS, SS, SS, SS, SS, SS, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_SHUTDOWN_ACK]      = { SA, SA, SA, SA, SA, CW, CO, CE, ES, SA, SA, SA, RJ, CL },
		[SCTP_EVENT_SHUTDOWN_COMPLETE] = { CL, I1, IN, CS, CR, CW, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_ERROR]             = { CL, CL, CL, CL, CL, CW, CO, CE, ES, SS, SR, SA, RJ, CL },
		[SCTP_EVENT_ABORT]             = { CL, RJ, CL, CL, CL, CL, CL, CL, CL, CL, CL, CL, CL, CL },
	},
};

#undef NO
#undef I1
#undef IN
#undef CS
#undef CR
#undef CW
#undef CO
#undef CE
#undef ES
#undef SS
#undef SR
#undef SA
#undef RJ
#undef CL

/* flags: as sctp_flags makes them. */
static __always_inline __u32 sctp_next_state(__u32 state, __u32 direction, __u8 flags)
{
	__u64 event = flags >> SCTP_EVENT_SHIFT, now = state - STATE_SCTP_NONE;

	/* the check and the index by one register ("R4 unbounded memory access") */
	asm volatile("" : "+r"(now), "+r"(event));
	if (event >= SCTP_EVENTS || now >= SCTP_STATES)
		return state;
	return STATE_SCTP_NONE + sctp_transitions[direction & 1][event][now];
}

#endif
