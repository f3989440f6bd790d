/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where servers listen, and what nat_icmp_send has to say to one that sends from there without a connection (ip_vs_out_hook, ahead
 * of any service that would take the packet). What else may become of such a packet: recover.h.
 */
#ifndef XLVS_LISTENER_H
#define XLVS_LISTENER_H

#include "route.h"
#include "settings.h"

/* Where this packet comes from, if a server listens there. */
static __noinline const struct listener *listener_find(const struct packet *p)
{
	struct listener_key key = {
		.address = address_wide(&p->key.source),
		.port = p->key.source_port,
		.protocol = p->key.protocol,
		.family = FAMILY,
	};

	return bpf_map_lookup_elem(&listeners, &key);
}

/* Whether a packet without a connection is refused for it. Who gives up (RST, ABORT) need not hear that nobody is there. */
static __always_inline int listener_is_refused(const struct packet *p)
{
	const struct settings *s = settings_get();

	return s && s->nat_icmp_send && !(p->tcp_flags & TCP_RST) && route_is_for_us(p) && listener_find(p);
}

#endif
