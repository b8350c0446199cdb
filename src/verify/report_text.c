/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For people, among them one who stands in a server room at night: what it is, in one line; then why, a line each; then what to do.
 */
#include <base/text.h>
#include <base/when.h>
#include <string.h>
#include <verify/result.h>

#define CODE_WIDTH 21

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
escaped(struct buf *out, const char *text)
{
	text_escape(out, assay_span_str(text), false);
}

static void
people(const struct verify_result *r, struct buf *out)
{
	buf_add_str(out, ", signed by ");
	for (size_t i = 0; i < r->people_count; i++) {
		buf_add_str(out, i == 0 ? "" : ", ");
		escaped(out, r->people[i]);
	}
	if (r->people_count == 0)
		buf_add_str(out, "keys that name nobody");
}

static void
headline(const struct verify_result *r, struct buf *out)
{
	static const char *const words[]
	    = { [VERIFY_NOT_INTACT] = "NOT intact", [VERIFY_NOT_EVALUATED] = "could not be evaluated", [VERIFY_INTACT] = "intact" };
	buf_addf(out, "%s: ", words[r->outcome]);
	if (r->has_release)
		buf_addf(out, "%s %s", r->product, r->version);
	else
		escaped(out, r->tree == NULL ? "the tree" : r->tree);
	if (r->outcome == VERIFY_INTACT) {
		buf_addf(out, ", %" PRIu64 " file%s", r->checked.files, plural(r->checked.files));
		people(r, out);
	} else {
		buf_addf(out, ", %" PRIu64 " finding%s", r->total, plural(r->total));
		if (r->has_release)
			buf_addf(out, ", %" PRIu64 " file%s looked at", r->checked.files, plural(r->checked.files));
	}
	buf_add_byte(out, '\n');
}

static void
findings(const struct verify_result *r, struct buf *out)
{
	for (size_t i = 0; i < r->listed_count; i++) {
		const struct verify_finding *f = &r->listed[i];
		buf_addf(out, "  %-*s ", CODE_WIDTH, assay_release_code_name(f->code));
		if (f->path != NULL && f->path_len == 0)
			buf_add_str(out, "the tree's top folder: ");
		else if (f->path != NULL) {
			text_escape(out, (struct assay_span){ f->path, f->path_len }, false);
			buf_add_str(out, ": ");
		}
		escaped(out, f->words);
		buf_add_byte(out, '\n');
	}
	if (r->total > r->listed_count)
		buf_addf(out, "  and %" PRIu64 " more\n", r->total - r->listed_count);
}

static void
what_to_do(const struct verify_result *r, struct buf *out)
{
	for (size_t i = 1; i < ASSAY_RELEASE_CODES; i++) {
		const enum assay_release_code code = (enum assay_release_code)i;
		if (r->counts[i] != 0)
			buf_addf(out, "what to do about '%s': %s\n", assay_release_code_name(code), assay_release_code_todo(code));
	}
}

static void
on_whose_word(const struct verify_result *r, struct buf *out)
{
	char when[WHEN_TEXT_SIZE];
	buf_addf(out, "trust root %s, %s\n", r->root, r->pinned ? "as this machine pinned it when it was first installed"
		: "as given on the command line");
	if (!r->has_release)
		return;
	when_format_date(r->expires, when);
	buf_addf(out, "release %" PRIu64 ", security counter %" PRIu64 ", commit %s\n", r->number, r->counter, r->commit);
	if (r->expired)
		buf_addf(out, "warning: %s expired on %s; what is installed stays what it was, and nothing may be installed from it any more\n",
		    r->expires_file, when);
	else
		buf_addf(out, "may be installed until %s\n", when);
	if (r->mounts > 0)
		buf_addf(out, "note: on %" PRIu64 " folder%s of the tree another file system is mounted\n", r->mounts, plural(r->mounts));
	if (r->digests == VERIFY_DIGESTS_SHA256)
		buf_add_str(out, "of each file the SHA-256 was compared; that its other digest is of the same content was seen here before\n");
	buf_add_str(out, "freshness not established: nothing here shows whether there is a newer release\n");
}

static void
remembered(const struct verify_result *r, struct buf *out)
{
	if (r->lowered)
		buf_add_str(out, "rolled back, as was authorised; the authorisation is kept in the state folder\n");
	if (r->state_written && r->installing)
		buf_addf(out, "remembered: no release below number %" PRIu64 " will be accepted here\n", r->number);
	if (r->state_read_only)
		buf_add_str(out, "note: the state folder can't be written, and remembers nothing of this\n");
}

void
verify_text(const struct verify_result *r, struct buf *out)
{
	headline(r, out);
	findings(r, out);
	what_to_do(r, out);
	on_whose_word(r, out);
	remembered(r, out);
}
