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
 * Each step returns 0 to go on, a pass reason (the kernel's packet), or a negative drop reason.
 */
#include "answer.h"
#include "conntrack_attend.h"
#include "conntrack_create.h"
#include "defence.h"
#include "fragment.h"
#include "recover.h"
#include "sched.h"
#include "steps.h"
#include "verdict.h"

/* The server of a client network that has one, or the scheduler's choice, kept from now on. */
static __always_inline __u32 persistent_server(struct job *j)
{
	__u32 prefix = j->service.persistence_prefix;
	struct persistence_key key = persistence_key_of(&j->key.source, prefix, j->service.id);
	__u32 server = persistence_find(&key, j->now);
	__u32 kept;

	j->forward.prefix = prefix;
	if (server)
		return server;
	server = sched_pick(j);
	if (!server)
		return 0;
	kept = persistence_create(&key, server, j->service.persistence_ticks,
				  conntrack_first_state(j) == STATE_ESTABLISHED, j->now);
	if (kept)
		return kept;
	j->forward.prefix = 0;
	return server;
}

/* cache_bypass: nobody serves this mark, but the kernel knows the way to where the packet was sent. */
static __always_inline int goes_past(struct packet *p, struct job *j)
{
	if (!(j->service.flags & SERVICE_MARK) || j->is_related)
		return 0;
	j->forward.key = j->key;
	j->forward.address = j->key.destination;
	j->forward.direction = DIRECTION_FORWARD;
	return route_resolve(p->ctx, &j->forward, &j->forward.address, j->ingress, 0) >= 0;
}

/* No connection: does a service want this packet, and which server gets it? The service is in the job then. */
static __always_inline int admit(struct packet *p, struct job *j)
{
	const struct settings *s = settings_get();
	const struct service *service = s ? service_find(p, s, j) : NULL;
	int reason;

	if (!service)
		return PASS_NO_SERVICE;
	reason = service_admits(p, s, service, j);
	if (reason)
		return reason;
	if (!route_is_for_us(p))
		return PASS_OTHER_HOST;
	if (ip_hops(p) <= 1)
		return -DROP_TTL_EXCEEDED;
	reason = j->has_reclaimed ? 0 : defence_admits(p, s, service->id);
	if (reason)
		return reason;
	if (conntrack_is_hopeless(j))
		return -DROP_TABLE_FULL;
	__builtin_memcpy(&j->service, service, offsetof(struct service, name));
	j->forward.server = j->service.persistence_ticks ? persistent_server(j) : sched_pick(j);
	if (j->forward.server)
		return 0;
	/* of the many ports that FTP's service takes, its own alone is known to be its (ip_vs_leave) */
	if (j->is_ftp_data)
		return PASS_FTP_DATA;
	return s->cache_bypass && goes_past(p, j) ? PASS_BYPASSED : -DROP_NO_SERVER;
}

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

/* SCTP as well. */
static __always_inline int parse_any(struct packet *p, struct xdp_md *ctx)
{
	int verdict = packet_parse(p, ctx, ACCEPTS_FIRST);

	return verdict == L4_SCTP ? sctp_parse(p) : verdict;
}

/* The step for packets that hit a connection. */
static __always_inline __u32 step_of_hit(const struct packet *p)
{
	return p->key.protocol == IPPROTO_SCTP ? STEP_SCTP : STEP_ATTEND;
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
	p.now = clock_now();
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
	p.now = clock_now();
	j = job_begin(&p);
	if (!j)
		return XDP_ABORTED;
	verdict = recover(&p, j);
	if (job_reclaims(j, verdict == -DROP_TABLE_FULL))
		return step_to(ctx, STEP_RECLAIM);
	return verdict == CONNTRACK_LOST ? step_to(ctx, STEP_ATTEND) : deliver(&p, &j->reply, verdict);
}

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
	p.now = clock_now();
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

/* A fragment behind its first; its connection is its first one's. */
static __always_inline int follow(struct packet *p, __u8 protocol)
{
	struct job *j = job_get();
	int verdict;

	if (!j)
		return XDP_ABORTED;
	fragment_key(p, protocol);
	if (!fragment_find(p))
		return verdict_keep(PASS_FRAGMENT);
	p->tcp_flags = 0;
	p->is_related = 1;
	verdict = conntrack_attend(p, &j->forward);
	if (verdict == CONNTRACK_MISS)
		return verdict_keep(PASS_FRAGMENT);
	if (verdict && !verdict_is_rewritten(verdict))
		return verdict_keep(verdict);
	if (protocol == IPPROTO_SCTP && (j->forward.state & HALF_SNAT || sctp_changes_port(&j->forward)))
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
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP && protocol != IPPROTO_SCTP)
		return verdict_keep(PASS_FRAGMENT);
	p.now = clock_now();
	if (p.fragment == PACKET_LATER)
		return follow(&p, protocol);
	verdict = l4_parse(&p, protocol);
	if (verdict == L4_SCTP)
		verdict = sctp_parse(&p);
	if (verdict)
		return verdict_keep(verdict);
	fragment_remember(&p);
	return step_to(ctx, step_of_hit(&p));
}

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

/* The table is full: some that are half open give way, then the packet tries again. */
SEC("xdp.frags")
int xlvs_reclaim(struct xdp_md *ctx)
{
	__u32 now = clock_now();

	if (!expiry_walk_connections(RECLAIM_SLOTS, EXPIRY_HALF_OPEN, now))
		expiry_walk_connections(RECLAIM_SLOTS, EXPIRY_CLOSED, now);
	return step_to(ctx, STEP_ADMIT);
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
