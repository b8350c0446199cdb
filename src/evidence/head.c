/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <base/cleanup.h>

enum assay_status
member_text(const struct evidence *raw, const char *name, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	*ret_bytes = evidence_member(raw, name);
	if (ret_bytes->data == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '%s' lacks %s", raw->kind, name);
	return ASSAY_OK;
}

static bool
read_line(struct assay_span line, struct head *h, struct assay_span *ret_name, bool *ret_detached)
{
	const unsigned char *blank = memchr(line.data, ' ', line.len);
	struct assay_span name = { line.data, blank == NULL ? line.len : (size_t)(blank - line.data) };
	*ret_name = name;
	*ret_detached = assay_span_equal(name, assay_span_str("detached"));
	h->has_id = blank != NULL;
	if (!*ret_detached && !ref_name_ok(name))
		return false;
	if (blank == NULL)
		return !*ret_detached;
	struct assay_span id = { blank + 1, line.len - name.len - 1 };
	return oid_parse(id, h->algo, &h->id) == ASSAY_OK;
}

enum assay_status
head_read(const struct evidence *raw, const char *format_member, const char *head_member,
    struct arena *arena, struct head *ret_head, struct assay_error *err)
{
	struct assay_span format, line, name;
	struct head h = { 0 };
	bool detached = false;
	TRY(member_text(raw, format_member, &format, err));
	TRY(member_text(raw, head_member, &line, err));
	if (assay_span_equal(format, assay_span_str("sha1\n")))
		h.algo = OID_SHA1;
	else if (assay_span_equal(format, assay_span_str("sha256\n")))
		h.algo = OID_SHA256;
	else
		return assay_fail(err, ASSAY_E_FORMAT, "%s is neither sha1 nor sha256", format_member);
	if (line.len < 2 || line.data[line.len - 1] != '\n' ||
	    memchr(line.data, '\n', line.len - 1) != NULL || memchr(line.data, 0, line.len) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "%s is not one line", head_member);
	line.len--;
	if (!read_line(line, &h, &name, &detached))
		return assay_fail(err, ASSAY_E_FORMAT, "%s isn't a ref's name or 'detached', and an id", head_member);
	if (!detached && (h.ref = arena_copy(arena, name)) == NULL)
		return arena_full(err);
	*ret_head = h;
	return ASSAY_OK;
}
