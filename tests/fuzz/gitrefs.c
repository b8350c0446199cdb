/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the probes read byte by byte: packed-refs, ref files, cat-file's headers, links of objects. The first byte says which.
 */
#include "internal.h"
#include "links.h"
#include "object_stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_packed(struct assay_span bytes, enum oid_algo algo)
{
	struct packed_ref ref;
	size_t cursor = 0;
	unsigned line = 0;
	while (packed_refs_next(bytes, algo, &cursor, &line, &ref, NULL) == ASSAY_OK)
		if (ref.name.len == 0 || ref.name.data + ref.name.len > bytes.data + bytes.len
		    || (ref_name_ok(ref.name) && memchr(ref.name.data, '\n', ref.name.len) != NULL))
			abort();
}

static void
read_links(struct assay_span bytes, enum oid_algo algo)
{
	static const enum git_type types[] = { GIT_COMMIT, GIT_TREE, GIT_BLOB, GIT_TAG };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct link link;
		size_t cursor = 0;
		size_t before = 0;
		while (links_next(types[i], bytes, algo, &cursor, &link, NULL) == ASSAY_OK) {
			if (cursor <= before || cursor > bytes.len)
				abort();
			before = cursor;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const struct assay_span bytes = { data + 1, size - 1 };
	const enum oid_algo algo = data[0] % 2 == 0 ? OID_SHA1 : OID_SHA256;
	struct ref_value value;
	struct object_header header;
	(void)ref_name_ok(bytes);
	if (ref_value_parse(bytes, algo, &value) == ASSAY_OK && value.symbolic && value.target.len == 0)
		abort();
	if (object_header_parse(bytes, algo, &header) == ASSAY_OK && header.known && !header.named)
		abort();
	read_packed(bytes, algo);
	read_links(bytes, algo);
	return 0;
}
