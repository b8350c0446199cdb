/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever URI is read, its values lie in it, and none of the attributes that are never taken came through. */
#include <codec/pkcs11uri.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)2 * PKCS11_URI_MAX);
	struct assay_error err = { 0 };
	struct pkcs11_uri uri;
	buf_add(&text, data, size < PKCS11_URI_MAX + 16 ? size : PKCS11_URI_MAX + 16);
	if (pkcs11_uri_parse(buf_str(&text), PKCS11_URI_RECORD, &uri, &err) != ASSAY_OK) {
		if (err.status != ASSAY_E_FORMAT || err.what[0] == '\0' || err.todo[0] == '\0')
			__builtin_trap();
		return 0;
	}
	/* As a name, that is: any value may hold these words. */
	static const char scheme[] = "pkcs11:", pin[] = "pin-value=";
	if (strstr(buf_str(&text), ";pin-value=") != NULL || strncmp(buf_str(&text) + sizeof scheme - 1, pin, sizeof pin - 1) == 0
	    || strchr(buf_str(&text), '?') != NULL)
		__builtin_trap();
	for (int i = 0; i < PKCS11_URI_NAMES; i++) {
		const struct assay_span value = pkcs11_uri_get(&uri, (enum pkcs11_uri_name)i);
		if (value.data < uri.bytes || value.data + value.len > uri.bytes + sizeof uri.bytes)
			__builtin_trap();
		if (i != PKCS11_URI_ID && !text_is_utf8(value))
			__builtin_trap();
	}
	return 0;
}
