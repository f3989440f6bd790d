/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a packet, the same on every interface and in both directions. Three programs, so that the one every packet
 * goes through stays small; a tail call leads from one to the next, which parses the frame anew:
 *
 *   xlvs          parse -> conntrack_find -steady hit-----------------------------------> deliver
 *                            |       `-something is due--.
 *   xlvs_attend              |       conntrack_attend (state, expiry, route) -hit-------> deliver
 *                            `-miss-. `-miss-.   ^-lost the race to make it-.
 *   xlvs_admit     service_find (mark, exact, any port) -> persistence -> schedule -> create -> deliver
 *
 * Each step returns 0 to go on, a pass reason (the kernel's packet), or a negative drop reason.
 */
#include "conntrack_attend.h"
#include "sched.h"
#include "steps.h"
#include "verdict.h"

/* The server of a client network that has one, or the scheduler's choice, kept from now on. */
static __noinline __u32 persistent_server(struct packet *p, struct connection *c, const struct service *service)
{
	struct persistence_key key = persistence_key_of(p->key.source, service->persistence_prefix, service->id);
	__u32 server = persistence_find(&key, p->now);
	__u32 kept;

	c->prefix = service->persistence_prefix;
	if (server)
		return server;
	server = sched_pick(service, p);
	if (!server)
		return 0;
	kept = persistence_create(&key, server, service->persistence_ticks, p->now);
	if (kept)
		return kept;
	c->prefix = 0;
	return server;
}

/* No connection: does a service want this packet, and which server gets it? */
static __noinline int admit(struct packet *p, struct connection *c)
{
	const struct settings *s = settings_get();
	const struct service *service = s ? service_find(p, s) : NULL;
	int reason;

	__builtin_memset(c, 0, sizeof(*c));
	if (!service)
		return PASS_NO_SERVICE;
	reason = service_admits(p, s);
	if (reason)
		return reason;
	if (!route_is_for_us(p))
		return PASS_OTHER_HOST;
	if (p->ip->ttl <= 1)
		return -DROP_TTL_EXCEEDED;
	c->server = service->persistence_ticks ? persistent_server(p, c, service) : sched_pick(service, p);
	if (!c->server)
		return PASS_NO_SERVER;
	reason = conntrack_create(p, c, service);
	if (reason)
		return reason;
	return p->length <= c->mtu ? 0 : PASS_TOO_BIG;
}

/* What becomes of a packet of ours; c is how it is to be sent, if it is. */
static __always_inline int deliver(struct packet *p, struct connection *c, int verdict)
{
	if (!verdict)
		nat_send(p, c);
	else if (verdict_is_rewritten(verdict))
		nat_rewrite(p, c, 0);
	else
		return verdict_keep(verdict);
	counters_packet(c->server, c->direction, p->length);
	return verdict ? verdict_keep(verdict) : bpf_redirect(c->ifindex, 0);
}

/* A packet that hits a connection with which something may be due. */
SEC("xdp")
int xlvs_attend(struct xdp_md *ctx)
{
	struct connection c = {};
	struct packet p;
	int verdict = packet_parse(&p, ctx);

	if (verdict)
		return verdict_keep(verdict);
	p.now = clock_now();
	verdict = conntrack_attend(&p, &c);
	if (verdict == CONNTRACK_MISS)
		return step_to(ctx, STEP_ADMIT);
	return deliver(&p, &c, verdict);
}

/* A packet without a connection. Who loses the race to make one finds the winner's. */
SEC("xdp")
int xlvs_admit(struct xdp_md *ctx)
{
	struct connection c;
	struct packet p;
	int verdict = packet_parse(&p, ctx);

	if (verdict)
		return verdict_keep(verdict);
	p.now = clock_now();
	verdict = admit(&p, &c);
	if (verdict == -DROP_TABLE_FULL) {
		expiry_walk_connections(RECLAIM_SLOTS, 1, p.now);
		verdict = admit(&p, &c);
	}
	if (verdict == CONNTRACK_LOST)
		return step_to(ctx, STEP_ATTEND);
	return deliver(&p, &c, verdict);
}

SEC("xdp")
int xlvs(struct xdp_md *ctx)
{
	struct connection c = {};
	struct packet p;
	int found, verdict = packet_parse(&p, ctx);

	if (verdict)
		return verdict_keep(verdict);
	found = conntrack_find(&p, &c);
	if (found == 1)
		return deliver(&p, &c, 0);
	return step_to(ctx, found == CONNTRACK_MISS ? STEP_ADMIT : STEP_ATTEND);
}

char _license[] SEC("license") = "GPL";
