/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICMP errors that xlvs sends, as IPVS and a router's kernel would: from the address the packet was sent to, with as much of it as
 * RFC 1812 (4.3.2.3) and RFC 4443 (2.4 c) say, back the way it came. That it has no connection, a server hears from the router
 * itself. Not more than ANSWERS_PER_TICK, so that a flood is not answered with one.
 */
#ifndef XLVS_ANSWER_H
#define XLVS_ANSWER_H

#include "icmp.h"
#include "own_address.h"
#include "steps.h"

/* a tick is 67 ms: about 1,000 a second, as net.ipv4.icmp_msgs_per_sec */
#define ANSWERS_PER_TICK 67
#define ANSWER_CHUNK 512
/* the whole message with its IP header: 576 or 1280 bytes */
#define ANSWER_QUOTE IP_PICK(548, 1232)
#define ANSWER_HEADERS (sizeof(ip_header_t) + sizeof(struct icmp_header))

/* What a packet is to be told, and room to add up what is quoted; one for each CPU. */
struct answer {
	__u32 reason; /* enum drop_reason */
	__u32 mtu;
	__be32 chunk[ANSWER_CHUNK / 4 + 1]; /* the verifier takes a length rounded up for larger than it can be */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct answer);
	__uint(max_entries, 1);
} answers SEC(".maps");

/* How many were sent in this tick. Two CPUs that begin it together may send a few more. */
struct answer_budget {
	__u32 tick;
	__u32 sent;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct answer_budget);
	__uint(max_entries, 1);
} answer_budgets SEC(".maps");

static __always_inline struct answer *answer_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&answers, &zero);
}

static __always_inline int answer_is_due(int verdict)
{
	return verdict == -DROP_NO_SERVER || verdict == -DROP_TTL_EXCEEDED || verdict == -DROP_TOO_BIG ||
	       verdict == -DROP_NO_CONNECTION;
}

/* Drops and counts the packet whatever becomes of the message. */
static __always_inline int answer_with(struct xdp_md *ctx, int verdict, __u32 mtu)
{
	struct answer *a = answer_get();
	int action = verdict_drop(-verdict);

	if (!a)
		return action;
	a->reason = -verdict;
	a->mtu = mtu;
	bpf_tail_call(ctx, &steps, STEP_ANSWER);
	return action;
}

static __always_inline int answer_may_go(__u32 now)
{
	__u32 zero = 0;
	struct answer_budget *b = bpf_map_lookup_elem(&answer_budgets, &zero);

	if (!b)
		return 0;
	if (b->tick != now) {
		b->tick = now;
		b->sent = 0;
	}
	return __sync_fetch_and_add(&b->sent, 1) < ANSWERS_PER_TICK;
}

/* Nobody answers to a group or to nobody (RFC 1122, 3.2.2; RFC 4443, 2.4 e). */
static __always_inline int answer_has_receiver(const struct packet *p)
{
	return !(p->eth->h_dest[0] & 1) && !(p->eth->h_source[0] & 1) && ip_is_host(p->ip);
}

/* IPv4 says it in the word's lower half (RFC 1191), IPv6 by a type of its own. */
static __always_inline void answer_too_big(struct icmp_header *icmp, __u32 mtu)
{
	icmp->type = IP_PICK(ICMP_UNREACHABLE, ICMP_TOO_BIG);
	icmp->code = IP_PICK(ICMP_FRAGMENTATION_NEEDED, 0);
	icmp->rest = bpf_htonl(mtu);
}

static __always_inline void answer_message(struct icmp_header *icmp, const struct answer *a)
{
	icmp->type = ICMP_UNREACHABLE;
	icmp->code = 0;
	icmp->rest = 0;
	icmp->checksum = 0;
	if (a->reason == DROP_NO_SERVER || a->reason == DROP_NO_CONNECTION)
		icmp->code = ICMP_PORT_UNREACHABLE;
	else if (a->reason == DROP_TTL_EXCEEDED)
		icmp->type = ICMP_TIME_EXCEEDED;
	else
		answer_too_big(icmp, a->mtu);
}

/* The sum over what is quoted, length bytes from offset on. */
static __always_inline __u32 answer_sum(struct xdp_md *ctx, struct answer *a, __u32 offset, __u32 length)
{
	__u32 i, sum = 0;
	__u64 last;

	for (i = 0; i < (ANSWER_QUOTE + ANSWER_CHUNK - 1) / ANSWER_CHUNK && length; i++) {
		/* by the last byte's number: before 6.8 the verifier does not learn from `part != 0` ("invalid zero-sized read") */
		last = (length < ANSWER_CHUNK ? length : ANSWER_CHUNK) - 1;
		asm volatile("" : "+r"(last));
		if (last >= ANSWER_CHUNK)
			return 0;
		a->chunk[last / 4] = 0;
		if (bpf_xdp_load_bytes(ctx, offset, a->chunk, last + 1))
			return 0;
		sum = bpf_csum_diff(NULL, 0, a->chunk, (last / 4 + 1) * 4, sum);
		offset += last + 1;
		length -= last + 1;
	}
	return sum;
}

/* The headers of the packet that is answered: Ethernet and tags, where their ethertype stands, and IP without options. */
struct answer_head {
	__u8 macs[2 * ETH_ALEN];
	__be32 tags[2]; /* what stands there, tag or not */
	__u32 ethertype;
	ip_header_t ip;
};

/* As if the packet had been sent to the router, so that it is the router who answers. 0: it has no address there. */
static __always_inline int answer_as_router(struct answer_head *was, const struct packet *p)
{
	const struct address *own;
	address_t address;
	flow_key_t answer;

	ip_key_of_answer(&answer, p->ip);
	own = own_address_towards(p->ingress, &answer.destination);
	if (!own)
		return 0;
	address = address_narrow(own);
	ip_set_destination(&was->ip, &address);
	return 1;
}

/* 0: there is less than any packet has. */
static __always_inline int answer_keep(struct answer_head *was, const struct packet *p)
{
	const __be32 *tags = (void *)p->eth + sizeof(was->macs);

	if ((void *)p->eth + VLAN_LONGEST_HEADER > p->end)
		return 0;
	__builtin_memcpy(was->macs, p->eth, sizeof(was->macs));
	was->tags[0] = tags[0];
	was->tags[1] = tags[1];
	was->ethertype = (void *)p->ip - (void *)p->eth - sizeof(__be16);
	__builtin_memcpy(&was->ip, p->ip, sizeof(was->ip));
	return 1;
}

/* Makes room in front of the packet and cuts what is not quoted. 1: done; the packet's pointers are void in any case. */
static __always_inline int answer_resize(struct xdp_md *ctx, __u32 quoted)
{
	int length = bpf_xdp_get_buff_len(ctx);

	return !bpf_xdp_adjust_tail(ctx, (int)quoted - length) &&
	       !bpf_xdp_adjust_head(ctx, -(int)ANSWER_HEADERS);
}

/* Back the way it came: the MACs change places, the tags stay. */
static __always_inline int answer_address(void *data, void *end, const struct answer_head *was)
{
	struct ethhdr *eth = data;
	__be32 *tags = data + sizeof(was->macs);

	if (data + VLAN_LONGEST_HEADER > end)
		return 0;
	__builtin_memcpy(eth->h_dest, was->macs + ETH_ALEN, ETH_ALEN);
	__builtin_memcpy(eth->h_source, was->macs, ETH_ALEN);
	tags[0] = was->tags[0];
	tags[1] = was->tags[1];
	return 1;
}

/* The message in front of what it quotes. */
static __always_inline int answer_write(struct xdp_md *ctx, struct answer *a, const struct answer_head *was, __u32 quoted)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u64 at = was->ethertype;
	struct icmp_header *icmp;
	__be16 *ethertype;
	ip_header_t *ip;
	__u32 sum;

	if (at > VLAN_LONGEST_HEADER || !answer_address(data, end, was))
		return XDP_DROP;
	ethertype = data + at;
	ip = (void *)(ethertype + 1);
	icmp = (void *)(ip + 1);
	if ((void *)(icmp + 1) > end)
		return XDP_DROP;
	*ethertype = bpf_htons(IP_ETHERTYPE);
	answer_message(icmp, a);
	sum = ip_answer(ip, &was->ip, sizeof(*icmp) + quoted);
	sum += icmp->type | icmp->code << 8;
	sum += (icmp->rest & 0xffff) + (icmp->rest >> 16);
	sum += checksum_fold(answer_sum(ctx, a, at + sizeof(*ethertype) + ANSWER_HEADERS, quoted));
	icmp->checksum = ~checksum_fold(sum);
	counters_event(EVENT_ICMP_SENT);
	/* not XDP_TX: a veth leaves it lying in the ring of a peer that has no XDP program of its own */
	return bpf_redirect(ctx->ingress_ifindex, 0);
}

/* Says to the sender of this packet what the job before left to say. */
static __always_inline int answer_send(struct packet *p, struct answer *a, __u32 now)
{
	struct answer_head was;
	__u32 quoted = p->length < ANSWER_QUOTE ? p->length : ANSWER_QUOTE;

	if (!answer_has_receiver(p))
		return XDP_DROP;
	if (!answer_may_go(now)) {
		counters_event(EVENT_ICMP_WITHHELD);
		return XDP_DROP;
	}
	if (!answer_keep(&was, p) || (a->reason == DROP_NO_CONNECTION && !answer_as_router(&was, p)))
		return XDP_DROP;
	if (!answer_resize(p->ctx, was.ethertype + sizeof(__be16) + quoted))
		return XDP_DROP;
	return answer_write(p->ctx, a, &was, quoted);
}

#endif
