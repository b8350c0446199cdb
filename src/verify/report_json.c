/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One array: the outcome first, then a finding each. All ASCII but for what people are called, so that any reader takes it.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <string.h>
#include <verify/result.h>

/* Length of the UTF-8 character at the beginning, 0 when there is none. */
static size_t
character(const char *text)
{
	const size_t len = strlen(text);
	for (size_t n = 1; n <= 4 && n <= len; n++) {
		if (text_is_utf8((struct assay_span){ (const unsigned char *)text, n }))
			return n;
	}
	return 0;
}

void
verify_json_string(struct buf *out, const char *text)
{
	buf_add_byte(out, '"');
	for (const char *c = text; *c != '\0';) {
		const size_t n = character(c);
		if (n == 0)
			buf_add_str(out, "\\ufffd");
		else if (*c == '"' || *c == '\\')
			buf_addf(out, "\\%c", *c);
		else if ((unsigned char)*c < 0x20 || *c == 0x7f)
			buf_addf(out, "\\u%04x", (unsigned)(unsigned char)*c);
		else
			buf_add(out, c, n);
		c += n == 0 ? 1 : n;
	}
	buf_add_byte(out, '"');
}

static void
member(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, ",\"%s\":", name);
	verify_json_string(out, text);
}

/* Text, or null where there is none. */
static void
member_or_null(struct buf *out, const char *name, bool is, const char *text)
{
	if (is)
		member(out, name, text);
	else
		buf_addf(out, ",\"%s\":null", name);
}

static void
numbers(const struct verify_result *r, struct buf *out)
{
	buf_addf(out, ",\"number\":%" PRIu64 ",\"counter\":%" PRIu64 ",\"threshold\":%u", r->number, r->counter, (unsigned)r->threshold);
	buf_addf(out, ",\"files\":%" PRIu64 ",\"folders\":%" PRIu64 ",\"links\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"mounts\":%" PRIu64,
	    r->checked.files, r->checked.folders, r->checked.links, r->checked.bytes, r->mounts);
	buf_addf(out, ",\"findings\":%" PRIu64 ",\"listed\":%zu,\"codes\":{", r->total, r->listed_count);
	bool first = true;
	for (size_t i = 0; i < ASSAY_RELEASE_CODES; i++) {
		if (r->counts[i] == 0)
			continue;
		buf_addf(out, "%s\"%s\":%" PRIu64, first ? "" : ",", assay_release_code_name((enum assay_release_code)i), r->counts[i]);
		first = false;
	}
	buf_add_str(out, "},\"signed-by\":[");
	for (size_t i = 0; i < r->people_count; i++) {
		buf_add_str(out, i == 0 ? "" : ",");
		verify_json_string(out, r->people[i]);
	}
	buf_add_byte(out, ']');
}

static void
outcome(const struct verify_result *r, struct buf *out)
{
	char when[WHEN_TEXT_SIZE] = "";
	if (r->has_release)
		when_format(r->expires, when);
	buf_addf(out, "{\"schema\":\"assay-verify/1\",\"code\":\"%s\"", verify_outcome_name(r->outcome));
	member_or_null(out, "tree", r->tree != NULL, r->tree);
	member_or_null(out, "seal", r->seal != NULL, r->seal);
	member(out, "root", r->root);
	member(out, "root-from", r->pinned ? "state" : "command-line");
	member_or_null(out, "product", r->has_release, r->product);
	member_or_null(out, "version", r->has_release, r->version);
	member_or_null(out, "commit", r->has_release, r->commit);
	member_or_null(out, "source-tree", r->has_release, r->source_tree);
	member_or_null(out, "release", r->has_release, r->release);
	member_or_null(out, "manifest", r->has_release, r->manifest);
	member_or_null(out, "expires", r->has_release, when);
	buf_addf(out, ",\"expired\":%s,\"installing\":%s,\"rolled-back\":%s,\"remembered\":%s", r->expired ? "true" : "false",
	    r->installing ? "true" : "false", r->lowered ? "true" : "false", r->state_written ? "true" : "false");
	member_or_null(out, "digests", r->digests != VERIFY_DIGESTS_NONE, verify_digests_name(r->digests));
	member(out, "freshness", "not-established");
	numbers(r, out);
	buf_add_byte(out, '}');
}

static void
finding(const struct verify_finding *f, struct buf *out)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT((size_t)4 * ASSAY_MANIFEST_PATH_MAX);
	if (f->path != NULL)
		text_percent(&path, (struct assay_span){ f->path, f->path_len }, NULL);
	buf_addf(out, ",\n{\"code\":\"%s\",\"of\":\"%s\"", assay_release_code_name(f->code), f->of_tree ? "tree" : "seal");
	member_or_null(out, "path", f->path != NULL, buf_str(&path));
	member(out, "message", f->words);
	member(out, "next", assay_release_code_todo(f->code));
	buf_add_byte(out, '}');
}

void
verify_json(const struct verify_result *r, struct buf *out)
{
	buf_add_byte(out, '[');
	outcome(r, out);
	for (size_t i = 0; i < r->listed_count; i++)
		finding(&r->listed[i], out);
	buf_add_str(out, "]\n");
}
