/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"
#include "links.h"

#include <ctype.h>

static bool
byte_ok(unsigned char c)
{
	return c > 0x20 && c != 0x7f && strchr("~^:?*[\\", c) == NULL;
}

static bool
component_ok(const unsigned char *c, size_t len)
{
	static const char lock[] = ".lock";
	const size_t lock_len = sizeof(lock) - 1;
	if (len == 0 || c[0] == '.' || c[len - 1] == '.')
		return false;
	if (len >= lock_len && memcmp(c + len - lock_len, lock, lock_len) == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!byte_ok(c[i]))
			return false;
		if (i + 1 < len && ((c[i] == '.' && c[i + 1] == '.') || (c[i] == '@' && c[i + 1] == '{')))
			return false;
	}
	return true;
}

bool
ref_name_ok(struct assay_span name)
{
	static const char prefix[] = "refs/";
	if (name.len < sizeof(prefix) || memcmp(name.data, prefix, sizeof(prefix) - 1) != 0)
		return false;
	for (size_t at = 0; at <= name.len;) {
		const unsigned char *slash = memchr(name.data + at, '/', name.len - at);
		size_t end = slash == NULL ? name.len : (size_t)(slash - name.data);
		if (!component_ok(name.data + at, end - at))
			return false;
		at = end + 1;
	}
	return true;
}

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
