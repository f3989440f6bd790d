/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The router's settings as one packet sees them, and the route generation made of its two halves.
 */
#ifndef XLVS_SETTINGS_H
#define XLVS_SETTINGS_H

#include "family.h"

static __always_inline const struct settings *settings_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&settings, &zero);
}

static __always_inline struct epoch *settings_epoch(void)
{
	__u32 family = FAMILY_INDEX;

	return bpf_map_lookup_elem(&epochs, &family);
}

/* User space raises one half on every change it sees, the timer the other when nobody watches. */
static __always_inline __u32 settings_generation(const struct settings *s, const struct epoch *e)
{
	return s->generation + e->age;
}

#endif
