/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Services with snat: their servers see the router as the client, at a port that belongs to one connection, so that what they
 * answer comes here whatever way they would take to the client. Which address, which port, and the other half of the rewrite.
 *
 * Not here: where the other end is kept (conntrack.h). A steady packet of such a connection takes the way by xlvs_attend.
 */
#ifndef XLVS_SNAT_H
#define XLVS_SNAT_H

#include "job.h"
#include "nat.h"
#include "own_address.h"
#include "verdict.h"

/*
 * Below the ports that the kernel gives to the router's own connections (net.ipv4.ip_local_port_range, 32768-60999 unless set):
 * a reply to one of those would else be taken for a connection's.
 */
#define SNAT_PORT_FIRST 1024
#define SNAT_PORTS (32768 - SNAT_PORT_FIRST)

/* With nine of ten ports of a server taken, one new connection in five finds none free among so many. */
#define SNAT_PORTS_TRIED 16

/*
 * From one port that is tried to the next: a golden section of them all, so that those tried lie evenly among them and few are held by
 * the same burst of connections. Odd: two of fewer than 1,024 steps never meet in SNAT_PORTS, which is a multiple of that.
 */
#define SNAT_STEP 19619

/*
 * The first port to try for a server's next connection, of whatever service: the one given out longest ago. Its server may remember the
 * connection that had it for a minute or more, and then not take another client's SYN for a new one (RFC 1122 4.2.2.13, RFC 7323 5:
 * PAWS). The very first is anywhere, since a router that begins anew does not know what the one before it gave out.
 */
static __always_inline __u32 snat_next(__u32 *numbers)
{
	__u32 number = __sync_fetch_and_add(numbers, 1);

	if (number)
		return number;
	number = bpf_get_prandom_u32() % SNAT_PORTS;
	__sync_fetch_and_add(numbers, number);
	return number;
}

/* Where the numbers of the connections to a server stand, as the source of its replies. */
static __always_inline __u32 *snat_numbers_of(const flow_key_t *reply)
{
	__u32 server = address_fold(&reply->source) ^ (__u32)reply->source_port << 16 ^ reply->protocol;
	__u32 index = server * 0x9e3779b1 >> 16 & (LIMIT_SNAT_NUMBERS - 1);

	return bpf_map_lookup_elem(&snat_numbers, &index);
}

/* The address by which the router is in the server's network, as source of the connection; and where its ports begin. */
static __always_inline int snat_begin(struct job *j, __u32 *start)
{
	const struct address *own = own_address_towards(j->forward.ifindex, &j->forward.address);
	__u32 *numbers = snat_numbers_of(&j->reply.key);

	if (!own || !numbers)
		return 0;
	*start = snat_next(numbers) % SNAT_PORTS;
	j->reply.key.destination = address_narrow(own);
	return 1;
}

/* The port that is tried as number `attempt` becomes the router's. */
static __always_inline void snat_choose(struct job *j, __u32 start, __u32 attempt)
{
	j->reply.key.destination_port = bpf_htons(SNAT_PORT_FIRST + (start + attempt * SNAT_STEP) % SNAT_PORTS);
}

/*
 * The other half of the rewrite as one of its own, so that whatever rewrites packets does it in two rounds: to the server also from
 * the router, to the client also to the client. In the place of the job's reply half. NULL: the connection is gone.
 */
static __always_inline connection_t *snat_other_end(const struct packet *p, const connection_t *c)
{
	const translation_t *t = bpf_map_lookup_elem(&TRANSLATIONS, &p->key);
	struct job *j = job_get();
	connection_t *end;

	if (!j)
		return NULL;
	end = &j->reply;
	if (!conntrack_translated(t, c->state & STATE_NONCE_MASK, &end->address, &end->port))
		return NULL;
	if (c->direction == DIRECTION_FORWARD) {
		end->direction = DIRECTION_REPLY;
		nat_prepare(end, &p->key.source, p->key.source_port);
	} else {
		end->direction = DIRECTION_FORWARD;
		nat_prepare(end, &p->key.destination, p->key.destination_port);
	}
	return end;
}

/* Whether a packet with this verdict is to be rewritten at its other end too. */
static __always_inline int snat_is_due(const connection_t *c, int verdict)
{
	return c->state & HALF_SNAT && (!verdict || verdict_is_rewritten(verdict));
}

/* The other end of a packet of c, if c has snat: the verdict, or why it cannot be sent. */
static __always_inline int snat_rewrite(struct packet *p, const connection_t *c, int verdict)
{
	const connection_t *end;

	if (!snat_is_due(c, verdict))
		return verdict;
	end = snat_other_end(p, c);
	if (!end)
		return -DROP_TUPLE_IN_USE;
	nat_rewrite(p, end, 0);
	return verdict;
}

#endif
