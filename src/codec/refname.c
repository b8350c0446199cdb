/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/gitobj.h>
#include <string.h>

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
