/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"
#include "links.h"

/* "^OID" under a tag's line says what the tag leads to. We look for ourselves. */
static bool
is_peeled(struct assay_span line, enum oid_algo algo)
{
	struct oid id;
	return line.len == oid_size(algo) * 2 + 1 && line.data[0] == '^'
	    && oid_parse_any((struct assay_span) { line.data + 1, line.len - 1 }, algo, &id) == ASSAY_OK;
}

static enum assay_status
malformed(unsigned line, const char *what, struct assay_error *err)
{
	assay_fail(err, ASSAY_E_FORMAT, "%s", what);
	assay_error_at(err, ASSAY_E_FORMAT, "packed-refs", line, 0);
	return assay_error_todo(err, ASSAY_E_FORMAT,
	    "run 'git fsck' in a fresh clone, and compare the refs");
}

enum assay_status
packed_refs_next(struct assay_span bytes, enum oid_algo algo, size_t *cursor, unsigned *line,
    struct packed_ref *ret_ref, struct assay_error *err)
{
	const size_t hex = oid_size(algo) * 2;
	while (*cursor < bytes.len) {
		const unsigned char *start = bytes.data + *cursor;
		const unsigned char *end = memchr(start, '\n', bytes.len - *cursor);
		(*line)++;
		if (end == NULL)
			return malformed(*line, "the last line of packed-refs is cut", err);
		struct assay_span text = { start, (size_t)(end - start) };
		*cursor += text.len + 1;
		if ((*line == 1 && text.len > 0 && text.data[0] == '#') || (*line > 1 && is_peeled(text, algo)))
			continue;
		struct packed_ref ref;
		if (text.len < hex + 2 || text.data[hex] != ' '
		    || oid_parse_any((struct assay_span) { text.data, hex }, algo, &ref.id) != ASSAY_OK)
			return malformed(*line, "a line of packed-refs is not 'ID NAME'", err);
		ref.name = (struct assay_span) { text.data + hex + 1, text.len - hex - 1 };
		*ret_ref = ref;
		return ASSAY_OK;
	}
	return ASSAY_E_NOT_FOUND;
}
