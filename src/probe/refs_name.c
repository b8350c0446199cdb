/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"
#include "links.h"

static bool
is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

enum assay_status
ref_value_parse(struct assay_span bytes, enum oid_algo algo, struct ref_value *ret_value)
{
	static const char prefix[] = "ref:";
	const size_t prefix_len = sizeof(prefix) - 1;
	while (bytes.len > 0 && is_blank(bytes.data[bytes.len - 1]))
		bytes.len--;
	if (bytes.len > prefix_len && memcmp(bytes.data, prefix, prefix_len) == 0) {
		bytes.data += prefix_len;
		bytes.len -= prefix_len;
		while (bytes.len > 0 && is_blank(bytes.data[0])) {
			bytes.data++;
			bytes.len--;
		}
		*ret_value = (struct ref_value) { .symbolic = true, .target = bytes };
		return bytes.len == 0 ? ASSAY_E_FORMAT : ASSAY_OK;
	}
	/* Git reads the id and lets anything follow after a blank. */
	const size_t hex = oid_size(algo) * 2;
	if (bytes.len < hex || (bytes.len > hex && !is_blank(bytes.data[hex])))
		return ASSAY_E_FORMAT;
	struct ref_value value = { .symbolic = false };
	TRY(oid_parse_any((struct assay_span) { bytes.data, hex }, algo, &value.id));
	*ret_value = value;
	return ASSAY_OK;
}
