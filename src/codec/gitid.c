/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/gitobj.h>

#include <base/cleanup.h>
#include <base/text.h>

static const char *const type_names[] = {
	[GIT_COMMIT] = "commit",
	[GIT_TREE] = "tree",
	[GIT_BLOB] = "blob",
	[GIT_TAG] = "tag",
};
#define TYPE_COUNT (sizeof type_names / sizeof type_names[0])

size_t
oid_size(enum oid_algo algo)
{
	return algo == OID_SHA1 ? 20 : 32;
}

int
oid_compare(const struct oid *a, const struct oid *b)
{
	return memcmp(a->b, b->b, OID_MAX);
}

/* Value of a lower-case hex digit; for everything else NOT_HEX is set in it, and in what is or-ed with it. */
#define NOT_HEX 0x100u

static unsigned
nibble(unsigned char c)
{
	static const unsigned char above[256] = {
		['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
		['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	};
	return above[c] - 1u;
}

enum assay_status
oid_parse(struct assay_span hex, enum oid_algo algo, struct oid *ret_id)
{
	struct oid id = { 0 };
	const size_t size = oid_size(algo);
	unsigned bad = 0;
	if (hex.len != 2 * size)
		return ASSAY_E_FORMAT;
	for (size_t i = 0; i < size; i++) {
		unsigned high = nibble(hex.data[2 * i]), low = nibble(hex.data[2 * i + 1]);
		bad |= high | low;
		id.b[i] = (unsigned char)((high << 4 | low) & 0xff);
	}
	if ((bad & NOT_HEX) != 0)
		return ASSAY_E_FORMAT;
	*ret_id = id;
	return ASSAY_OK;
}

void
oid_hex(const struct oid *id, enum oid_algo algo, char *out)
{
	text_hex((struct assay_span){ id->b, oid_size(algo) }, out);
}

const char *
git_type_name(enum git_type type)
{
	return (size_t)type < TYPE_COUNT ? type_names[type] : "unknown";
}

enum assay_status
git_type_parse(struct assay_span name, enum git_type *ret_type)
{
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		if (assay_span_equal(name, assay_span_str(type_names[i]))) {
			*ret_type = (enum git_type)i;
			return ASSAY_OK;
		}
	}
	return ASSAY_E_FORMAT;
}
