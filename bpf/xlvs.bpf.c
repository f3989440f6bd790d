/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a packet, the same on every interface and in both directions. Several programs, so that the one every packet
 * goes through stays small; a tail call leads from one to the next, which parses the frame anew:
 *
 *   xlvs          parse -> front_find (a copy of a steady flow) -hit--------------------> deliver
 *   xlvs_vlan              `-> conntrack_find -steady hit---------> front_keep ---------> deliver    (a tagged frame: the same)
 *                            |       `-something is due--.
 *   xlvs_attend              |       conntrack_attend (state, expiry, route) -hit-------> deliver
 *                            `-miss-. `-miss-.   ^-lost the race to make it-.
 *   xlvs_icmp      an error becomes the flow it talks about -> conntrack_attend -> icmp_rewrite
 *   xlvs_admit_icmp    with schedule_icmp: of a connection that is not there, as xlvs_admit, then xlvs_icmp again
 *   xlvs_fragment  the first one leaves its ports behind -> xlvs_attend; later ones -> conntrack_attend -> fragment_rewrite
 *   xlvs_sctp      parse -> conntrack_attend -hit-> sctp_rewrite; a miss goes by xlvs_admit and comes back
 *   xlvs_answer    what ends here and whose sender is to hear why: no server, no hop left, too big
 *   xlvs_admit     service_find (mark, exact, any port) -> persistence -> schedule -> create -> deliver
 *                                                              the table is full -`-> xlvs_reclaim, then once more
 *   xlvs_recover   a server's segment whose connection was lost makes it anew -> deliver
 *
 * Here are those of steady packets and what they need at once; the others are in step_*.h.
 *
 * Each step returns 0 to go on, a pass reason (the kernel's packet), or a negative drop reason.
 */
#include "answer.h"
#include "conntrack_attend.h"
#include "deliver.h"
#include "front_keep.h"
#include "step_admit.h"
#include "step_fragment.h"
#include "step_icmp.h"
#include "step_sctp.h"

/* A packet that hits a connection with which something may be due. */
SEC("xdp.frags")
int xlvs_attend(struct xdp_md *ctx)
{
	/* in the job: on the stack it is too much beside what the calls below have there ("combined stack size") */
	struct job *j = job_get();
	struct packet p;
	int verdict = packet_parse(&p, ctx, ACCEPTS_FIRST);

	if (verdict)
		return verdict_keep(verdict);
	if (!j)
		return XDP_ABORTED;
	p.now = clock_now();
	verdict = conntrack_attend(&p, &j->forward);
	if (verdict == CONNTRACK_MISS)
		return step_to(ctx, STEP_ADMIT);
	return deliver(&p, &j->forward, snat_rewrite(&p, &j->forward, verdict));
}

/* A packet that was dropped and whose sender is to hear why. */
SEC("xdp.frags")
int xlvs_answer(struct xdp_md *ctx)
{
	struct answer *a = answer_get();
	struct packet p;
	__u8 protocol;

	if (!a || packet_parse_headers(&p, ctx, &protocol, ACCEPTS_FIRST))
		return XDP_DROP;
	return answer_send(&p, a, clock_now());
}

/* What parsing came to decides which program is next; most packets need no other. */
static __always_inline int receive(struct xdp_md *ctx, struct packet *p, int verdict)
{
	connection_t copy, c = {};
	struct front f;
	int found;

	if (verdict == ETH_TAGGED)
		return step_to(ctx, STEP_VLAN);
	if (verdict == ETH_OTHER_FAMILY) {
		bpf_tail_call(ctx, &steps, STEP_IPV6);
		verdict = PASS_NOT_IP;
	}
	if (verdict == L4_ICMP)
		return step_to(ctx, STEP_ICMP);
	if (verdict == IP_FRAGMENT)
		return step_to(ctx, STEP_FRAGMENT);
	if (verdict == L4_SCTP)
		return step_to(ctx, STEP_SCTP);
	if (verdict)
		return verdict_keep(verdict);
	if (front_find(p, &f, &copy))
		return deliver(p, &copy, 0);
	found = conntrack_find(p, &c);
	if (found == 1) {
		front_keep(&f, &c);
		return deliver(p, &c, 0);
	}
	return step_to(ctx, found == CONNTRACK_MISS ? STEP_ADMIT : STEP_ATTEND);
}

SEC("xdp.frags")
int xlvs_vlan(struct xdp_md *ctx)
{
	struct packet p;

	return receive(ctx, &p, packet_parse(&p, ctx, ACCEPTS_WHOLE));
}

SEC("xdp.frags")
int xlvs(struct xdp_md *ctx)
{
	struct packet p;

	return receive(ctx, &p, packet_parse_untagged(&p, ctx));
}

char _license[] SEC("license") = "GPL";
