/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/base64.h>

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#define FOREIGN 0xff

/* Value of a character plus one, so that what isn't named is 0. */
#define V(c, v) [c] = (v) + 1
static const unsigned char values[256] = {
	V('A', 0), V('B', 1), V('C', 2), V('D', 3), V('E', 4), V('F', 5), V('G', 6), V('H', 7),
	V('I', 8), V('J', 9), V('K', 10), V('L', 11), V('M', 12), V('N', 13), V('O', 14), V('P', 15),
	V('Q', 16), V('R', 17), V('S', 18), V('T', 19), V('U', 20), V('V', 21), V('W', 22), V('X', 23),
	V('Y', 24), V('Z', 25), V('a', 26), V('b', 27), V('c', 28), V('d', 29), V('e', 30), V('f', 31),
	V('g', 32), V('h', 33), V('i', 34), V('j', 35), V('k', 36), V('l', 37), V('m', 38), V('n', 39),
	V('o', 40), V('p', 41), V('q', 42), V('r', 43), V('s', 44), V('t', 45), V('u', 46), V('v', 47),
	V('w', 48), V('x', 49), V('y', 50), V('z', 51), V('0', 52), V('1', 53), V('2', 54), V('3', 55),
	V('4', 56), V('5', 57), V('6', 58), V('7', 59), V('8', 60), V('9', 61), V('+', 62), V('/', 63),
};
#undef V

static unsigned
value_of(unsigned char c)
{
	return values[c] == 0 ? FOREIGN : values[c] - 1U;
}

/* Decodes four characters, of which the last pad ones are '='; pad <= 2. */
static enum assay_status
decode_group(const unsigned char *in, size_t pad, unsigned char out[3])
{
	unsigned v[4] = { 0, 0, 0, 0 };

	for (size_t i = 0; i < 4 - pad; i++) {
		v[i] = value_of(in[i]);
		if (v[i] == FOREIGN)
			return ASSAY_E_FORMAT;
	}
	/* Two spellings of one value would let one signature pass as two. */
	if ((pad == 1 && (v[2] & 3U) != 0) || (pad == 2 && (v[1] & 15U) != 0))
		return ASSAY_E_FORMAT;
	out[0] = (unsigned char)(v[0] << 2 | v[1] >> 4);
	out[1] = (unsigned char)((v[1] & 15U) << 4 | v[2] >> 2);
	out[2] = (unsigned char)((v[2] & 3U) << 6 | v[3]);
	return ASSAY_OK;
}

enum assay_status
assay_base64_decode(struct assay_span text, unsigned char *out, size_t room, size_t *ret_len)
{
	size_t pad = 0;

	if (text.len % 4 != 0)
		return ASSAY_E_FORMAT;
	if (text.len > 0 && text.data[text.len - 1] == '=')
		pad = text.data[text.len - 2] == '=' ? 2 : 1;
	size_t len = text.len / 4 * 3 - pad;
	if (len > room)
		return ASSAY_E_LIMIT;

	size_t done = 0;
	for (size_t i = 0; i < text.len; i += 4) {
		unsigned char group[3];
		size_t drop = i + 4 == text.len ? pad : 0;
		enum assay_status status = decode_group(text.data + i, drop, group);
		if (status != ASSAY_OK)
			return status;
		for (size_t k = 0; k < 3 - drop; k++)
			out[done++] = group[k];
	}
	*ret_len = len;
	return ASSAY_OK;
}

enum assay_status
assay_base64_encode(struct assay_span bytes, char *out, size_t room)
{
	size_t at = 0;

	if (bytes.len > SIZE_MAX / 4 * 3 - 8 || ASSAY_BASE64_ENCODED_SIZE(bytes.len) > room)
		return ASSAY_E_LIMIT;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned b0 = bytes.data[i];
		unsigned b1 = left > 1 ? bytes.data[i + 1] : 0U;
		unsigned b2 = left > 2 ? bytes.data[i + 2] : 0U;
		out[at++] = alphabet[b0 >> 2];
		out[at++] = alphabet[(b0 & 3U) << 4 | b1 >> 4];
		out[at++] = (char)(left > 1 ? alphabet[(b1 & 15U) << 2 | b2 >> 6] : '=');
		out[at++] = (char)(left > 2 ? alphabet[b2 & 63U] : '=');
	}
	out[at] = '\0';
	return ASSAY_OK;
}
