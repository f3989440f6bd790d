/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The next hop of a half connection: asked of the kernel's FIB when it is made or has aged, then cached in it.
 * What to do with a packet whose next hop is unknown is the caller's.
 */
#ifndef XLVS_ROUTE_H
#define XLVS_ROUTE_H

#include "counters.h"
#include "packet.h"

#ifndef AF_INET
#define AF_INET 2
#define AF_INET6 10
#endif

/* Outcomes beside 0 and negative drop reasons. */
enum route_outcome {
	ROUTE_NO_NEIGHBOUR = 1,
	ROUTE_FOREIGN_DEVICE = 2,
};

static __always_inline const struct interface *route_interface(__u32 ifindex)
{
	return bpf_map_lookup_elem(&interfaces, &ifindex);
}

/* bpf_fib_lookup's refusals in our words: 5 means that the ingress device does not forward. */
static __always_inline int route_refusal(long result)
{
	return result == BPF_FIB_LKUP_RET_FWD_DISABLED ? -DROP_NOT_FORWARDING : -DROP_NO_ROUTE;
}

static __always_inline int route_has_mac(const connection_t *c)
{
	const __u8 *m = c->destination_mac;

	return m[0] | m[1] | m[2] | m[3] | m[4] | m[5];
}

/* What fits through both the route and the device: of VLAN devices it may be less than the kernel says. */
static __always_inline __u16 route_mtu(const struct bpf_fib_lookup *fib, const struct interface *device)
{
	return fib->tot_len && fib->tot_len < device->mtu ? fib->tot_len : device->mtu;
}

/* Readers that see the generation change take the slow path, so that none sends to half a MAC. */
static __always_inline void route_store(connection_t *c, const struct bpf_fib_lookup *fib,
					const struct interface *device, __u32 generation)
{
	c->generation = generation - 1;
	barrier();
	__builtin_memcpy(c->destination_mac, fib->dmac, ETH_ALEN);
	__builtin_memcpy(c->source_mac, fib->smac, ETH_ALEN);
	c->ifindex = fib->ifindex;
	c->vlan = device->vlan;
	c->mtu = route_mtu(fib, device);
	barrier();
	c->generation = generation;
}

/* A neighbour nobody knows: the old MACs stay only while the device does. */
static __always_inline void route_forget(connection_t *c, __u32 ifindex, const struct interface *device,
					 __u32 generation)
{
	c->generation = generation - 1;
	barrier();
	if (c->ifindex != ifindex) {
		__builtin_memset(c->destination_mac, 0, ETH_ALEN);
		__builtin_memset(c->source_mac, 0, ETH_ALEN);
	}
	c->ifindex = ifindex;
	c->vlan = device->vlan;
	c->mtu = device->mtu;
}

/* The question of a half's way: a forward half leads from the client to the server, a reply half from the VIP to the client. */
static __always_inline void route_ask(struct bpf_fib_lookup *fib, const connection_t *c, const address_t *destination)
{
	const address_t *source = c->direction == DIRECTION_REPLY ? &c->address : &c->key.source;

	fib->l4_protocol = c->key.protocol;
#ifdef XLVS_IPV6
	fib->family = AF_INET6;
	*(struct address *)fib->ipv6_src = *source;
	*(struct address *)fib->ipv6_dst = *destination;
#else
	fib->family = AF_INET;
	fib->ipv4_src = *source;
	fib->ipv4_dst = *destination;
#endif
}

/*
 * The next hop of a half's packets that come in at ifindex and go to `destination`, into c: the server, or the client, whom a reply
 * half with snat does not name. ROUTE_NO_NEIGHBOUR leaves c with the egress device, unresolved.
 */
__noinline int route_resolve(struct xdp_md *ctx, connection_t *c, const address_t *destination, __u32 ifindex,
			     __u32 generation)
{
	const struct interface *device;
	struct bpf_fib_lookup fib = { .ifindex = ifindex };
	long result;

	if (!c || !destination)
		return -DROP_NO_ROUTE;
	route_ask(&fib, c, destination);
	result = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);

	if (result != BPF_FIB_LKUP_RET_SUCCESS && result != BPF_FIB_LKUP_RET_NO_NEIGH)
		return route_refusal(result);
	device = route_interface(fib.ifindex);
	if (!device)
		return ROUTE_FOREIGN_DEVICE;
	if (result == BPF_FIB_LKUP_RET_NO_NEIGH) {
		route_forget(c, fib.ifindex, device, generation);
		return ROUTE_NO_NEIGHBOUR;
	}
	route_store(c, &fib, device, generation);
	counters_event(EVENT_ROUTE_RESOLVED);
	return 0;
}

/*
 * The way back to a client whose neighbour the kernel does not know: the way its own frame came.
 * Only if the route leaves by that device; a reply handed to the kernel would be dropped as a martian. `macs` are its
 * destination and source.
 */
static __always_inline int route_learn(connection_t *c, __u32 ingress, const __u8 *macs, __u32 generation)
{
	if (c->ifindex != ingress)
		return -DROP_NO_NEIGHBOUR;
	c->generation = generation - 1;
	barrier();
	__builtin_memcpy(c->destination_mac, macs + ETH_ALEN, ETH_ALEN);
	__builtin_memcpy(c->source_mac, macs, ETH_ALEN);
	barrier();
	c->generation = generation;
	return 0;
}

/* Was this frame sent to the device it came in on? In promiscuous mode others' frames come by too. */
static __always_inline int route_is_for_us(const struct packet *p)
{
	const struct interface *device = route_interface(p->ingress);
	const __u16 *mac = (const __u16 *)p->eth->h_dest;
	const __u16 *own;

	if (!device)
		return 0;
	own = (const __u16 *)device->mac;
	return mac[0] == own[0] && mac[1] == own[1] && mac[2] == own[2];
}

#endif
