/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SCTP (RFC 9260): the common header, what its first chunk says, the rewrite. Its checksum is a CRC32c over its own packet, no IP
 * address in it: an address changes for nothing, a port by crc32c.h, which has to know how long the packet is. A fragment
 * does not tell, so that one whose port would change is not carried (sctp_fragment).
 *
 * Addresses inside chunks (a sender with several) are left alone, as IPVS leaves them. Not here: states (sctp_state.h).
 */
#ifndef XLVS_SCTP_H
#define XLVS_SCTP_H

#include "crc32c.h"
#include "nat.h"

struct sctp_header {
	__be16 ports[2]; /* source, destination */
	__be32 tag;
	__u32 checksum; /* of a CRC the low byte first */
};

struct sctp_chunk {
	__u8 type;
	__u8 flags;
	__be16 length; /* without the padding to four bytes */
};

enum sctp_chunk_type {
	SCTP_INIT = 1,
	SCTP_INIT_ACK = 2,
	SCTP_ABORT = 6,
	SCTP_SHUTDOWN = 7,
	SCTP_SHUTDOWN_ACK = 8,
	SCTP_ERROR = 9,
	SCTP_COOKIE_ECHO = 10,
	SCTP_COOKIE_ACK = 11,
	SCTP_SHUTDOWN_COMPLETE = 14,
};

/* What a packet means for its association. */
enum sctp_event {
	SCTP_EVENT_DATA, /* and all that changes no state, but the first one */
	SCTP_EVENT_INIT,
	SCTP_EVENT_INIT_ACK,
	SCTP_EVENT_COOKIE_ECHO,
	SCTP_EVENT_COOKIE_ACK,
	SCTP_EVENT_SHUTDOWN,
	SCTP_EVENT_SHUTDOWN_ACK,
	SCTP_EVENT_SHUTDOWN_COMPLETE,
	SCTP_EVENT_ERROR,
	SCTP_EVENT_ABORT,
	SCTP_EVENTS,
};

/*
 * A packet's event where a segment's flags stand, with the two flags of TCP whose meaning it shares: SYN asks for an association,
 * RST makes none.
 *
 *   7 ... 4 | 3 | 2   | 1   | 0
 *   event   | - | RST | SYN | -
 */
#define SCTP_EVENT_SHIFT 4

/* A chunk, if it is there. Behind the packet there may be bytes that are not of it. */
static __always_inline const struct sctp_chunk *sctp_chunk_at(const struct packet *p, void *at)
{
	struct sctp_chunk *chunk = at;

	if ((void *)(chunk + 1) > p->end || (void *)(chunk + 1) > (void *)p->ip + p->length)
		return NULL;
	return chunk;
}

/* A cookie, wanted or taken, is followed by an abort that takes it back. */
static __always_inline int sctp_is_aborted(const struct packet *p, const struct sctp_chunk *chunk)
{
	__u32 length = bpf_ntohs(chunk->length);
	const struct sctp_chunk *next;

	if (length < sizeof(*chunk))
		return 0;
	/* a bound for the verifier: longer than any packet that is one piece of memory */
	next = sctp_chunk_at(p, (void *)chunk + ((length + 3) & 0x7ffc));
	return next && next->type == SCTP_ABORT;
}

static __always_inline __u32 sctp_event(const struct packet *p, const struct sctp_chunk *chunk)
{
	switch (chunk->type) {
	case SCTP_INIT:
		return SCTP_EVENT_INIT;
	case SCTP_INIT_ACK:
		return SCTP_EVENT_INIT_ACK;
	case SCTP_ABORT:
		return SCTP_EVENT_ABORT;
	case SCTP_SHUTDOWN:
		return SCTP_EVENT_SHUTDOWN;
	case SCTP_SHUTDOWN_ACK:
		return SCTP_EVENT_SHUTDOWN_ACK;
	case SCTP_ERROR:
		return SCTP_EVENT_ERROR;
	case SCTP_COOKIE_ECHO:
		return sctp_is_aborted(p, chunk) ? SCTP_EVENT_ABORT : SCTP_EVENT_COOKIE_ECHO;
	case SCTP_COOKIE_ACK:
		return sctp_is_aborted(p, chunk) ? SCTP_EVENT_ABORT : SCTP_EVENT_COOKIE_ACK;
	case SCTP_SHUTDOWN_COMPLETE:
		return SCTP_EVENT_SHUTDOWN_COMPLETE;
	default:
		return SCTP_EVENT_DATA;
	}
}

/* Without a chunk a packet changes nothing, and makes no association. Of an abort behind a cookie only the state hears, as in IPVS. */
static __always_inline __u8 sctp_flags(const struct packet *p)
{
	const struct sctp_chunk *chunk = sctp_chunk_at(p, p->segment + sizeof(struct sctp_header));
	__u32 event = chunk ? sctp_event(p, chunk) : SCTP_EVENT_DATA;

	if (event == SCTP_EVENT_INIT)
		return event << SCTP_EVENT_SHIFT | TCP_SYN;
	return event << SCTP_EVENT_SHIFT | (!chunk || chunk->type == SCTP_ABORT ? TCP_RST : 0);
}

/* As l4_parse. */
static __always_inline int sctp_parse(struct packet *p)
{
	struct sctp_header *sctp = p->segment;

	if ((void *)(sctp + 1) > p->end)
		return PASS_TRUNCATED;
	if (p->segment + sizeof(*sctp) > (void *)p->ip + p->length)
		return PASS_MALFORMED;
	p->tcp_flags = sctp_flags(p);
	l4_key(p, IPPROTO_SCTP);
	return 0;
}

/* Whether packets of this half get another port. */
static __always_inline int sctp_changes_port(const connection_t *c)
{
	return c->port != (c->direction == DIRECTION_FORWARD ? c->key.destination_port : c->key.source_port);
}

/* The packet says what its port is: that of an end with snat (snat_other_end) stands in no key. */
static __always_inline void sctp_set_port(struct packet *p, const connection_t *c)
{
	struct sctp_header *sctp = p->segment;
	__u32 which = c->direction == DIRECTION_FORWARD;
	__u32 difference = (__u16)(sctp->ports[which] ^ c->port);
	__u64 header = p->segment - (void *)p->ip;

	/* in 64 bits ("32-bit pointer arithmetic prohibited") */
	asm volatile("" : "+r"(header));
	if (!difference)
		return;
	sctp->ports[which] = c->port;
	sctp->checksum ^= crc32c_delta(difference << 16 * which, p->length - header);
}

/* A packet that sctp_parse has seen, as its connection says. */
static __always_inline void sctp_rewrite(struct packet *p, const connection_t *c, __u32 hops)
{
	nat_address(p, c);
	sctp_set_port(p, c);
	ip_finish(p->ip, c->address_delta, hops);
}

#endif
