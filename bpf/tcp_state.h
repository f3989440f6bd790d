/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP's states as IPVS keeps them (net/netfilter/ipvs/ip_vs_proto_tcp.c: the tables for input and output, and what secure_tcp
 * changes in them).
 * Which segment moves a connection where; not when an entry dies.
 */
#ifndef XLVS_TCP_STATE_H
#define XLVS_TCP_STATE_H

#include "packet.h"

enum tcp_event {
	TCP_EVENT_SYN,
	TCP_EVENT_FIN,
	TCP_EVENT_ACK,
	TCP_EVENT_RST,
	TCP_EVENT_NONE,
};

#define TCP_STATES 11
#define NO STATE_NONE
#define ES STATE_ESTABLISHED
#define SS STATE_SYN_SENT
#define SR STATE_SYN_RECV
#define FW STATE_FIN_WAIT
#define TW STATE_TIME_WAIT
#define CL STATE_CLOSE
#define CW STATE_CLOSE_WAIT
#define LA STATE_LAST_ACK
#define LI STATE_LISTEN
#define SA STATE_SYNACK

/*
 * [with secure_tcp][direction][event][state now]; columns NONE ES SS SR FW TW CL CW LA LI SYNACK. With secure_tcp what makes a
 * connection established is the server's segment behind its SYN-ACK, and no client's (tcp_states_dos).
 */
static const __u8 tcp_transitions[2][2][4][TCP_STATES] = {
	{
		[DIRECTION_FORWARD] = {
			[TCP_EVENT_SYN] = { SR, ES, ES, SR, SR, SR, SR, SR, SR, SR, SR },
			[TCP_EVENT_FIN] = { CL, CW, SS, TW, TW, TW, CL, CW, LA, LI, TW },
			[TCP_EVENT_ACK] = { ES, ES, SS, ES, FW, TW, CL, CW, CL, LI, ES },
			[TCP_EVENT_RST] = { CL, CL, CL, SR, CL, CL, CL, CL, LA, LI, SR },
		},
		[DIRECTION_REPLY] = {
			[TCP_EVENT_SYN] = { SS, ES, SS, SR, SS, SS, SS, SS, SS, LI, SR },
			[TCP_EVENT_FIN] = { TW, FW, SS, TW, FW, TW, CL, TW, LA, LI, TW },
			[TCP_EVENT_ACK] = { ES, ES, SS, ES, FW, TW, CL, CW, LA, ES, ES },
			[TCP_EVENT_RST] = { CL, CL, SS, CL, CL, TW, CL, CL, CL, CL, CL },
		},
	},
	{
		[DIRECTION_FORWARD] = {
			[TCP_EVENT_SYN] = { SR, ES, ES, SR, SR, SR, SR, SR, SR, SR, SA },
			[TCP_EVENT_FIN] = { CL, CW, SS, TW, TW, TW, CL, CW, LA, LI, SA },
			[TCP_EVENT_ACK] = { ES, ES, SS, SR, FW, TW, CL, CW, CL, LI, SA },
			[TCP_EVENT_RST] = { CL, CL, CL, SR, CL, CL, CL, CL, LA, LI, CL },
		},
		[DIRECTION_REPLY] = {
			[TCP_EVENT_SYN] = { SS, ES, SS, SA, SS, SS, SS, SS, SS, LI, SA },
			[TCP_EVENT_FIN] = { TW, FW, SS, TW, FW, TW, CL, TW, LA, LI, TW },
			[TCP_EVENT_ACK] = { ES, ES, SS, ES, FW, TW, CL, CW, LA, ES, ES },
			[TCP_EVENT_RST] = { CL, CL, SS, CL, CL, TW, CL, CL, CL, CL, CL },
		},
	},
};

#undef NO
#undef ES
#undef SS
#undef SR
#undef FW
#undef TW
#undef CL
#undef CW
#undef LA
#undef LI
#undef SA

/* A segment's event by priority: RST, SYN, FIN, ACK. */
static __always_inline __u32 tcp_event(__u8 flags)
{
	if (flags & TCP_RST)
		return TCP_EVENT_RST;
	if (flags & TCP_SYN)
		return TCP_EVENT_SYN;
	if (flags & TCP_FIN)
		return TCP_EVENT_FIN;
	return flags & TCP_ACK ? TCP_EVENT_ACK : TCP_EVENT_NONE;
}

/* A segment without any flag closes, as in IPVS. */
static __always_inline __u32 tcp_next_state(__u32 state, __u32 direction, __u8 flags, int is_secure)
{
	__u32 event = tcp_event(flags);

	if (event == TCP_EVENT_NONE || state >= TCP_STATES)
		return STATE_CLOSE;
	return tcp_transitions[is_secure & 1][direction & 1][event & 3][state];
}

/* Active for the schedulers: IPVS's tcp_state_active_table. */
#define TCP_ACTIVE_STATES \
	(1U << STATE_ESTABLISHED | 1U << STATE_SYN_SENT | 1U << STATE_SYN_RECV | 1U << STATE_SYNACK)

#endif
