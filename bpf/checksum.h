/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only arithmetic on checksums: ones' complement differences (RFC 1624, equation 3).
 * Sums may be formed in the machine's own byte order: RFC 1071, section 2(B).
 */
#ifndef XLVS_CHECKSUM_H
#define XLVS_CHECKSUM_H

#include <linux/types.h>

/* Folds a sum of up to 2^16 words to 16 bits; the second step takes the carry the first may make. */
static __always_inline __u16 checksum_fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* What a header's sum changes by when a 16-bit word goes from old to new. */
static __always_inline __u32 checksum_delta16(__be16 old, __be16 new)
{
	return (__u16)~old + (__u32)new;
}

/* The same for a 32-bit word. */
static __always_inline __u32 checksum_delta32(__be32 old, __be32 new)
{
	return (~old & 0xffff) + (~old >> 16) + (new & 0xffff) + (new >> 16);
}

/* A checksum field after its data's sum changed by delta. */
static __always_inline __u16 checksum_apply(__u16 check, __u32 delta)
{
	return ~checksum_fold((__u16)~check + delta);
}

#endif
