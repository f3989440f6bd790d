/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The router's own addresses, as it speaks by them to those who are in one network with it.
 */
#ifndef XLVS_OWN_ADDRESS_H
#define XLVS_OWN_ADDRESS_H

#include "family.h"

#define OWN_ADDRESS_KEY_BITS (8 * (sizeof(struct snat_address_key) - sizeof(__u32)))

/* The device's address in the network of this one, else its first. NULL: it has none. */
static __always_inline const struct address *own_address_towards(__u32 ifindex, const address_t *other)
{
	struct snat_address_key key = {
		.prefixlen = OWN_ADDRESS_KEY_BITS,
		.ifindex = ifindex,
		.family = bpf_htonl(FAMILY),
		.address = address_wide(other),
	};

	return bpf_map_lookup_elem(&snat_addresses, &key);
}

#endif
