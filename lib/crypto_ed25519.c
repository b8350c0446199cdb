/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one rule for Ed25519, whatever library computes. It is checked on bytes before the library is asked, because libraries
 * differ in how much of it they check themselves.
 */
#include "crypto.h"

#include <string.h>

/* Little-endian, as the encodings are (RFC 8032 section 5.1). */
static const unsigned char group_order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
	0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 };

/*
 * y of the eight points whose order divides 8; x and -x share y. What isn't canonical is refused
 * before, so each y has one spelling here.
 */
static const unsigned char small_order_y[5][32] = {
	{ 0 },
	{ 1 },
	{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0x7f },
	{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
	    0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
	    0xfc, 0x05 },
	{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
	    0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
	    0x03, 0x7a },
};

static bool
below_order(const unsigned char s[32])
{
	for (size_t i = 32; i-- > 0;) {
		if (s[i] != group_order[i])
			return s[i] < group_order[i];
	}
	return false;
}

/* y < 2^255 - 19, the sign bit aside. */
static bool
canonical(const unsigned char point[32])
{
	if ((point[31] & 0x7fU) != 0x7f)
		return true;
	for (size_t i = 30; i > 0; i--) {
		if (point[i] != 0xff)
			return true;
	}
	return point[0] < 0xed;
}

static bool
small_order(const unsigned char point[32])
{
	for (size_t i = 0; i < sizeof small_order_y / sizeof small_order_y[0]; i++) {
		if (memcmp(point, small_order_y[i], 31) == 0 &&
		    (point[31] & 0x7fU) == small_order_y[i][31])
			return true;
	}
	return false;
}

const char *
crypto_ed25519_key_fault(const unsigned char key[32])
{
	if (!canonical(key))
		return "its point is not in canonical form";
	if (small_order(key))
		return "its point has small order: one signature would fit any message";
	return NULL;
}

bool
crypto_ed25519_rule(const unsigned char key[32], const unsigned char signature[64])
{
	return below_order(signature + 32) && canonical(key) && canonical(signature) &&
	    !small_order(key) && !small_order(signature);
}

enum assay_status
crypto_ed25519_verify(const unsigned char key[32], const unsigned char signature[64],
    struct assay_span message)
{
	if (!crypto_ed25519_rule(key, signature))
		return ASSAY_E_VERIFY;
	return backend_ed25519(key, signature, message);
}
