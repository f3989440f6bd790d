/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CRC32c (RFC 9260, appendix A) of a message of which a few bytes change. It is linear: the CRC changes by that of the difference
 * alone, begun with 0. So nobody has to look at the rest of the message, or to know whether its CRC was right: a wrong one stays wrong.
 *
 * A CRC is a polynomial over GF(2) with x^0 in its highest bit, and one more byte behind it multiplies it by x^8.
 */
#ifndef XLVS_CRC32C_H
#define XLVS_CRC32C_H

#include <linux/types.h>

#define CRC32C_POLYNOMIAL 0x82f63b78
#define CRC32C_DIGITS 4

/* [k][d]: x^(8 * d * 16^k), so that a length's hexadecimal digits find the factors that make up its power. */
static const __u32 crc32c_powers[CRC32C_DIGITS][16] = {
	{
		0x80000000, 0x00800000, 0x00008000, 0x00000080,
		0x82f63b78, 0xfbc3faf9, 0x8b277743, 0x52a0c93f,
		0x6ea2d55c, 0x1c08b7d6, 0xf56e0ef4, 0x34019664,
		0xa66805eb, 0x7a1f6b24, 0xe75d06aa, 0xc94ec098,
	},
	{
		0x80000000, 0x18b8ea18, 0x510ac59a, 0xb2dea967,
		0xb82be955, 0x36c41f1c, 0x19b29a35, 0xc9e90b9e,
		0xb8fdb1e7, 0xe55ef1f3, 0x1fe0b5c3, 0xe0553f1e,
		0x18e4a304, 0x2b830011, 0x56993a31, 0x0246e2e6,
	},
	{
		0x80000000, 0x88e56f72, 0x74c360a4, 0x631bb273,
		0xe4172b16, 0x71892b1b, 0x835305c9, 0x196b1eae,
		0x0d65762a, 0xafc81338, 0xb5a50ab7, 0xf373c3ac,
		0x5f60970f, 0xd46d3063, 0x3a5275ea, 0x02331c01,
	},
	{
		0x80000000, 0x35d73a62, 0x28461564, 0x43eefc9f,
		0xbf455269, 0x5edcdeb9, 0x65059450, 0x4e6f41a4,
		0xe2ea32dc, 0xf5b95b32, 0x695a4c87, 0xf204502c,
		0x9a4f01b6, 0x941a0916, 0x4303cb97, 0x4c3d3d65,
	},
};

/* a * b. Without a branch: the verifier goes through it once. */
static __always_inline __u32 crc32c_multiply(__u32 a, __u32 b)
{
	__u32 product = 0;
	int i;

	for (i = 0; i < 32; i++) {
		product ^= b & -(a >> 31);
		a <<= 1;
		b = b >> 1 ^ (CRC32C_POLYNOMIAL & -(b & 1));
	}
	return product;
}

/*
 * What the CRC of a message of up to 65535 bytes changes by when its first four do by `difference` (by exclusive or, as a
 * little-endian word loads them). Without `static`: verified once, not on every way to a packet.
 */
__noinline __u32 crc32c_delta(__u32 difference, __u32 length)
{
	__u32 digit;

	for (digit = 0; digit < CRC32C_DIGITS; digit++) {
		difference = crc32c_multiply(difference, crc32c_powers[digit][length & 15]);
		length >>= 4;
	}
	return difference;
}

#endif
