/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy folder that 'assay init' proposes, and what it says of it.
 */
#include "survey.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <string.h>

/* An address like an id of ours, "ada-1", would be two people's name. */
static bool
looks_like_id(struct assay_span s)
{
	size_t digits = 0;
	while (digits < s.len && s.data[s.len - 1 - digits] >= '0' && s.data[s.len - 1 - digits] <= '9')
		digits++;
	return digits > 0 && digits < s.len && s.data[s.len - 1 - digits] == '-' && memchr(s.data, '@', s.len) == NULL;
}

/* What the roster's reader takes as an address, and YAML as a character. */
static bool
is_address(struct assay_span s)
{
	if (s.len == 0 || !text_is_utf8(s) || looks_like_id(s))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char ch = s.data[i];
		/* C1 controls, line separators and byte order marks come in these sequences. */
		bool odd = (ch == 0xc2 && s.data[i + 1] < 0xa0) || (ch == 0xe2 && s.data[i + 1] == 0x80) ||
		    (ch == 0xef && s.data[i + 1] >= 0xbb);
		if (ch <= ' ' || ch == 0x7f || ch == '<' || ch == '>' || odd)
			return false;
	}
	return true;
}

/* A double-quoted YAML scalar; false, with nothing written, for what YAML can't hold. */
static bool
quoted(struct buf *out, struct assay_span s)
{
	if (!text_is_utf8(s))
		return false;
	buf_add_byte(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '"' || s.data[i] == '\\')
			buf_add_byte(out, '\\');
		if (s.data[i] < 0x20 || s.data[i] == 0x7f)
			buf_addf(out, "\\x%02x", s.data[i]);
		else
			buf_add_byte(out, s.data[i]);
	}
	buf_add_byte(out, '"');
	return true;
}

static void
unsigned_past(const struct survey *s, const struct history *h, struct buf *out)
{
	char hex[65];
	if (s->unsigned_commits + s->unsigned_tags + s->foreign_signatures == 0)
		return;
	buf_addf(out, "# %u of %u commits and %u annotated tags carry no signature; %u commits carry one of a kind\n"
		      "# that is not verified yet. Signing can start from a named commit on: a full id here exempts that\n"
		      "# commit and its ancestors, and a tag's own id exempts that tag. To start from today's heads:\n#\n",
	    s->unsigned_commits, s->commits, s->unsigned_tags, s->foreign_signatures);
	buf_add_str(out, "# cut-over:\n");
	for (uint32_t i = 0; i < h->ref_count && i < 200; i++) {
		if (strncmp(h->refs[i].name, "refs/heads/", 11) != 0)
			continue;
		oid_hex(&h->refs[i].id, h->algo, hex);
		buf_addf(out, "#   - %s   # ", hex);
		text_escape(out, assay_span_str(h->refs[i].name), false);
		buf_add_byte(out, '\n');
	}
	for (uint32_t i = 0; i < h->tag_count && i < 200; i++) {
		if (h->tags[i].signature.result == SIG_VALID)
			continue;
		oid_hex(&h->tags[i].id, h->algo, hex);
		buf_addf(out, "#   - %s   # tag ", hex);
		text_escape(out, h->tags[i].name, false);
		buf_add_byte(out, '\n');
	}
	buf_add_byte(out, '\n');
}

void
survey_policy(const struct survey *s, const struct history *h, const char *repository_id,
    struct buf *out)
{
	buf_addf(out, "# What assay judges this repository by. See assay-policy(5).\n"
		      "assay-policy: 1\n\n"
		      "# 128 random bits: ties sign-offs and the ledger to this repository, whatever it is called.\n"
		      "repository-id: \"%s\"\n\n"
		      "# Refs whose commits and annotated tags are in scope. '*' stays within a folder, '**' does not.\n"
		      "scope:\n"
		      "  branches: [\"refs/heads/**\"]\n"
		      "  tags: [\"refs/tags/**\"]\n", repository_id);
	if (h->head != NULL && text_is_utf8(assay_span_str(h->head))) {
		buf_add_str(out, "  # Branches that releases are built from.\n  release-branches: [");
		(void)quoted(out, assay_span_str(h->head));
		buf_add_str(out, "]\n");
	}
	buf_add_str(out, "\n");
	unsigned_past(s, h, out);
	buf_add_str(out, "time:\n"
			 "  # Seconds by which two honest clocks may differ.\n"
			 "  skew: 300\n\n"
			 "signatures:\n"
			 "  # A forge's own key (merge button, web editor): refuse, merges or accept.\n"
			 "  platform: refuse\n");
	buf_add_str(out, "\n"
			 "ages:\n"
			 "  # How old the last review of a right in access.yaml may be.\n"
			 "  access-review: 92d\n\n"
			 "# How a change names the request that it was made for: subject, body, branch or 'trailer NAME'.\n"
			 "# changes:\n"
			 "#   pattern: \"CR-[0-9]+\"\n"
			 "#   where: trailer Change\n\n"
			 "# Paths that must have an owner in CODEOWNERS, beside pipelines, build files, this folder and keys.\n"
			 "# owners:\n"
			 "#   paths: [\"src/crypto/**\"]\n");
	if (s->found_count > 0)
		buf_add_str(out, "\n# Seen in this repository, for the controls that will ask about it:\n");
	for (size_t i = 0; i < s->found_count; i++) {
		buf_addf(out, "#   %s: ", s->found[i].what);
		text_escape(out, assay_span_str(s->found[i].path), false);
		buf_add_byte(out, '\n');
	}
}

static void
write_key(struct buf *out, const struct survey *s, const struct history *h, uint32_t key)
{
	char from[WHEN_TEXT_SIZE];
	const struct history_key *k = &h->keys[key];
	when_format_date(s->first_use[key], from);
	buf_addf(out, "      - ssh: %s ", assay_key_type_name(k->type));
	buf_add_base64(out, k->plain);
	buf_addf(out, "\n        # %s\n", k->fingerprint);
	if (from[0] >= '0' && from[0] <= '9')
		buf_addf(out, "        from: %s   # first commit seen with it\n", from);
	buf_add_str(out, "        status: pending\n");
}

static void
write_emails(struct buf *out, const struct survey *s, size_t owner, bool *taken)
{
	buf_add_str(out, "    emails: [");
	(void)quoted(out, s->people[owner].email);
	for (size_t i = 0; i < s->person_count; i++) {
		if (taken[i] || s->people[i].group != s->people[owner].group ||
		    !is_address(s->people[i].email))
			continue;
		taken[i] = true;
		buf_add_str(out, ", ");
		(void)quoted(out, s->people[i].email);
	}
	buf_add_str(out, "]\n");
}

static void
write_person(struct buf *out, const struct survey *s, const struct history *h, size_t i, bool *taken)
{
	const struct survey_person *person = &s->people[i];
	if (!is_address(person->email)) {
		buf_add_str(out, "  # committer whose address can't be written here: ");
		text_escape(out, person->email, false);
		buf_add_byte(out, '\n');
		return;
	}
	buf_addf(out, "  - id: %s\n    name: ", person->id);
	(void)quoted(out, person->email);
	buf_add_byte(out, '\n');
	write_emails(out, s, i, taken);
	if (person->key_count == 0) {
		buf_add_str(out, "    keys: []   # no commit of theirs carries an SSH signature\n");
		return;
	}
	buf_add_str(out, "    keys:\n");
	for (uint32_t k = 0; k < person->key_count; k++)
		write_key(out, s, h, person->keys[k]);
}

static void
write_people(struct buf *out, const struct survey *s, const struct history *h, bool *taken)
{
	/* Owners of keys first: they take the further addresses that their keys signed for. */
	for (int with_keys = 1; with_keys >= 0; with_keys--) {
		for (size_t i = 0; i < s->person_count; i++) {
			if ((s->people[i].key_count > 0) != (with_keys == 1) || taken[i])
				continue;
			taken[i] = true;
			write_person(out, s, h, i, taken);
		}
	}
	if (s->people_cut)
		buf_addf(out, "  # more than %d committers: the rest is left out\n", SURVEY_PEOPLE_MAX);
}

void
survey_roster(const struct survey *s, const struct history *h, struct buf *out)
{
	bool taken[SURVEY_PEOPLE_MAX] = { false };
	buf_add_str(out, "# People and their keys. See assay-roster(5).\n"
			 "#\n"
			 "# Proposed out of the history: read each line, put the names right, strike out what you can't\n"
			 "# vouch for. A pending key counts once the people who may decide have signed for it.\n"
			 "assay-roster: 1\n\n");
	buf_add_str(out, s->person_count == 0 ? "people: []\n" : "people:\n");
	write_people(out, s, h, taken);
	buf_add_str(out, "\n# Keys of the forge, when it signs merges or edits: id, name, emails, keys.\nplatforms: []\n");
	bool any = false;
	for (uint32_t k = 0; k < h->key_count; k++)
		any |= h->keys[k].by_certificate;
	buf_add_str(out, "\n# Authorities whose SSH certificates sign commits.\n");
	buf_add_str(out, any ? "#\n# Certificates were seen; an authority of theirs would stand here, once you have its key from itself:\n" : "");
	for (uint32_t k = 0; k < h->key_count; k++) {
		if (h->keys[k].by_certificate)
			buf_addf(out, "#   %s\n", h->keys[k].ca_fingerprint);
	}
	buf_add_str(out, "authorities: []\n");
}

void
survey_text(const struct survey *s, size_t written, struct buf *out)
{
	size_t keys = 0;
	for (size_t i = 0; i < s->person_count; i++)
		keys += s->people[i].key_count;
	buf_addf(out, "assay/policy.yaml   scope, cut-over, allowed clock difference\n"
		      "assay/roster.yaml   %zu addresses, %zu keys, all pending\n"
		      "assay/access.yaml   who may write, as far as the history shows it; nobody reviewed it yet\n"
		      "assay/risks.yaml    criteria and an example\n", s->person_count, keys);
	if (written == SURVEY_FILES)
		buf_add_str(out, "assay/standard.yaml SEI CERT C, rule by rule: checks of what is installed here, questions for the rest\n");
	buf_add_str(out, "\n");
	if (s->unseen != NULL) {
		buf_add_str(out, "the history was not read whole, so that people and keys may be missing: ");
		text_escape(out, assay_span_str(s->unseen), false);
		buf_add_str(out, "\n\n");
	}
	if (s->unsigned_commits > 0)
		buf_addf(out, "%u of %u commits are unsigned: policy.yaml shows how to start from a cut-over commit\n\n",
		    s->unsigned_commits, s->commits);
	buf_add_str(out, "next: read the files, put names right, then run 'assay check'\n");
}

void
survey_json(const struct survey *s, size_t written, struct buf *out)
{
	struct assay_error ignored = { 0 };
	size_t keys = 0;
	for (size_t i = 0; i < s->person_count; i++)
		keys += s->people[i].key_count;
	json_t *files = json_array();
	for (size_t i = 0; i < written; i++)
		(void)json_array_append_new(files, json_sprintf("assay/%s", survey_files_written[i]));
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:b}", "schema", "assay-init/1",
	    "written", files, "addresses", (json_int_t)s->person_count, "keys", (json_int_t)keys, "commits",
	    (json_int_t)s->commits, "unsigned_commits", (json_int_t)s->unsigned_commits, "unsigned_tags",
	    (json_int_t)s->unsigned_tags, "history_complete", s->unseen == NULL);
	if (object == NULL || canon_write(object, out, &ignored) != ASSAY_OK)
		out->status = ASSAY_E_MEMORY;
	buf_add_byte(out, '\n');
}
