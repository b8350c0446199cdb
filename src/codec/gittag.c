/* SPDX-License-Identifier: Apache-2.0 */
#include "gitparse.h"

#include <base/cleanup.h>

static const char *const tag_headers[] = { "object", "type", "tag", "tagger", NULL };

/* Lines that git takes for the start of a signature in a tag's text. */
static const char *const begin_lines[] = {
	"-----BEGIN SSH SIGNATURE-----",
	"-----BEGIN PGP SIGNATURE-----",
	"-----BEGIN PGP MESSAGE-----",
	"-----BEGIN SIGNED MESSAGE-----",
};

static bool
begins_signature(struct assay_span rest)
{
	for (size_t i = 0; i < sizeof begin_lines / sizeof begin_lines[0]; i++) {
		size_t n = strlen(begin_lines[i]);
		if (rest.len >= n && memcmp(rest.data, begin_lines[i], n) == 0)
			return true;
	}
	return false;
}

/* Where the last signature begins, as git has it; counts all of them. NULL: there is none. */
static const unsigned char *
find_signature(struct assay_span text, unsigned *count)
{
	static const char mark[] = "-----BEGIN ";
	const unsigned char *last = NULL;
	const unsigned char *end = text.data + text.len;
	const unsigned char *at = text.data;
	while (at < end) {
		const unsigned char *hit = memmem(at, (size_t)(end - at), mark, sizeof mark - 1);
		if (hit == NULL)
			break;
		bool at_line_start = hit == text.data || hit[-1] == '\n';
		if (at_line_start
		    && begins_signature((struct assay_span){ hit, (size_t)(end - hit) })) {
			last = hit;
			++*count;
		}
		at = hit + 1;
	}
	return last;
}

static enum assay_status
read_type(struct git_lines *l, struct git_tag *t, struct assay_error *err)
{
	struct assay_span line, value;
	if (!git_next_line(l, &line) || !git_named(line, "type", &value))
		return git_malformed(l, err, "no type where one must be");
	if (git_type_parse(value, &t->target_type) != ASSAY_OK)
		return git_malformed(l, err, "bad type");
	return ASSAY_OK;
}

static enum assay_status
read_head(struct git_lines *l, struct git_tag *t, struct assay_error *err)
{
	struct assay_span line, value;
	if (!git_next_line(l, &line) || !git_named(line, "object", &value))
		return git_malformed(l, err, "does not begin with an object");
	if (oid_parse(value, l->algo, &t->target) != ASSAY_OK)
		return git_malformed(l, err, "bad object id");
	TRY(read_type(l, t, err));
	if (!git_next_line(l, &line) || !git_named(line, "tag", &t->name) || t->name.len == 0)
		return git_malformed(l, err, "no name where one must be");
	return ASSAY_OK;
}

/* The tagger may be absent, as in tags of git before 2005-07; then the cursor stays where it is. */
static enum assay_status
read_tagger(struct git_lines *l, struct git_tag *t, struct assay_error *err)
{
	struct git_lines ahead = *l;
	struct assay_span line, value;
	if (!git_next_line(&ahead, &line) || !git_named(line, "tagger", &value))
		return ASSAY_OK;
	TRY(git_person_parse(&ahead, value, &t->tagger, err));
	*l = ahead;
	return ASSAY_OK;
}

bool
git_tag_link(struct assay_span raw, enum oid_algo algo, struct git_tag *ret_tag)
{
	struct git_tag t = { 0 };
	size_t at = 0;
	if (!git_link_line(raw, "object", algo, &at, &t.target))
		return false;
	struct git_lines l = { .header = raw, .at = at };
	struct assay_span line, value;
	if (!git_next_line(&l, &line) || !git_named(line, "type", &value) ||
	    git_type_parse(value, &t.target_type) != ASSAY_OK)
		return false;
	*ret_tag = t;
	return true;
}

enum assay_status
git_tag_parse(struct assay_span raw, enum oid_algo algo, struct git_tag *ret_tag,
    struct assay_error *err)
{
	struct git_tag t = { 0 };
	struct git_lines l;
	unsigned in_header = 0;
	TRY(git_split(raw, "tag", &l, &t.message, err));
	l.algo = algo;
	TRY(read_head(&l, &t, err));
	TRY(read_tagger(&l, &t, err));
	TRY(git_extra_headers(&l, tag_headers, &t.signature, err));
	if (find_signature(l.header, &in_header) != NULL)
		return git_malformed(&l, err, "a signature begins inside it");
	/* git signs a tag in its text; a signature header there is another algorithm's. */
	t.signature.wrong_header = t.signature.headers > 0;
	t.signature.raw = (struct assay_span){ NULL, 0 };
	const unsigned char *end = raw.data + raw.len;
	const unsigned char *begin = find_signature(t.message, &t.signature.headers);
	if (begin != NULL) {
		t.signature.raw = (struct assay_span){ begin, (size_t)(end - begin) };
		t.message.len = (size_t)(begin - t.message.data);
		end = begin;
	}
	git_add_piece(&t.signature, raw.data + l.header.len, end);
	*ret_tag = t;
	return ASSAY_OK;
}
