/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of what was tried with releases.
 */
#include "fields.h"

#include <assay/sshsig.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <evidence/records.h>
#include <string.h>

#define DRILL_MARK "\"assay-drill\""
#define RUN_MARK "\"assay-operator-run\""
#define RECEIPT_MARK "{\"assay-receipt\":"
#define RECEIPT_VERSION 2
#define SIGNATURE_ROOM 16384
#define MARK_WITHIN 4096

static const struct field attack_fields[] = {
	{ .key = "attack", .kind = FIELD_TEXT, .offset = offsetof(struct drill_attack, attack) },
	{ .key = "code", .kind = FIELD_TEXT, .offset = offsetof(struct drill_attack, code) },
	{ .key = "exit", .kind = FIELD_NUMBER, .offset = offsetof(struct drill_attack, exit) },
	{ .key = "subject", .kind = FIELD_TEXT, .offset = offsetof(struct drill_attack, subject) },
	{ .key = "target", .kind = FIELD_TEXT, .offset = offsetof(struct drill_attack, target) },
	{ .key = NULL },
};

static const struct field drill_fields[] = {
	{ .key = "assay-drill", .kind = FIELD_IGNORED },
	{ .key = "at", .kind = FIELD_TEXT, .offset = offsetof(struct drill, at) },
	{ .key = "attacks", .kind = FIELD_STRUCTS, .offset = offsetof(struct drill, attacks), .count = offsetof(struct drill, attack_count),
	    .fields = attack_fields, .size = sizeof(struct drill_attack), .most = DRILL_ATTACKS_MAX },
	{ .key = "manifest", .kind = FIELD_TEXT, .offset = offsetof(struct drill, manifest) },
	{ .key = "program", .kind = FIELD_TEXT, .offset = offsetof(struct drill, program) },
	{ .key = "release", .kind = FIELD_TEXT, .offset = offsetof(struct drill, release) },
	{ .key = "target", .kind = FIELD_TEXT, .offset = offsetof(struct drill, target) },
	{ .key = NULL },
};

bool
record_is_digest(const char *text)
{
	return strlen(text) == (size_t)2 * ASSAY_SHA256_SIZE && text[strspn(text, "0123456789abcdef")] == '\0';
}

enum assay_status
drill_read(struct assay_span bytes, const char *name, struct arena *arena, struct drill *ret_drill, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	struct drill d = { .file = name };
	int64_t when;
	TRY(canon_read(bytes, name, &document, err));
	const json_t *version = json_object_get(document, "assay-drill");
	if (json_is_integer(version) && json_integer_value(version) > DRILL_VERSION)
		return assay_fail(err, ASSAY_E_VERSION, "'%s' was written by a later version", name);
	if (!json_is_integer(version) || json_integer_value(version) != DRILL_VERSION)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' is no record of a drill", name);
	TRY(fields_read(document, drill_fields, name, arena, &d, err));
	if (!record_is_digest(d.release) || !record_is_digest(d.manifest) || !record_is_digest(d.program) || when_parse(assay_span_str(d.at), &when, NULL) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s': a digest isn't 64 hexadecimal digits, or a time isn't one", name);
	*ret_drill = d;
	return ASSAY_OK;
}

/* ---- receipts ---- */

/* The first row isn't of the version before. */
static const struct field receipt_fields[] = {
	{ .key = "digests", .kind = FIELD_IGNORED },
	{ .key = "assay-receipt", .kind = FIELD_IGNORED },
	{ .key = "at", .kind = FIELD_TEXT, .offset = offsetof(struct receipt, at_text) },
	{ .key = "bytes", .kind = FIELD_IGNORED },
	{ .key = "codes", .kind = FIELD_IGNORED },
	{ .key = "counter", .kind = FIELD_IGNORED },
	{ .key = "files", .kind = FIELD_IGNORED },
	{ .key = "folders", .kind = FIELD_IGNORED },
	{ .key = "freshness", .kind = FIELD_IGNORED },
	{ .key = "installing", .kind = FIELD_BOOL, .offset = offsetof(struct receipt, installing) },
	{ .key = "links", .kind = FIELD_IGNORED },
	{ .key = "manifest", .kind = FIELD_IGNORED },
	{ .key = "number", .kind = FIELD_IGNORED },
	{ .key = "outcome", .kind = FIELD_TEXT, .offset = offsetof(struct receipt, outcome) },
	{ .key = "product", .kind = FIELD_TEXT, .offset = offsetof(struct receipt, product) },
	{ .key = "release", .kind = FIELD_TEXT, .offset = offsetof(struct receipt, release) },
	{ .key = "root", .kind = FIELD_TEXT, .offset = offsetof(struct receipt, root) },
	{ .key = "site", .kind = FIELD_TEXT, .offset = offsetof(struct receipt, site) },
	{ .key = "version", .kind = FIELD_IGNORED },
	{ .key = "why-not-fresh", .kind = FIELD_IGNORED },
	{ .key = NULL },
};

static bool
is_receipt(struct assay_span bytes)
{
	const size_t mark = sizeof RECEIPT_MARK - 1;
	return bytes.len > mark && memcmp(bytes.data, RECEIPT_MARK, mark) == 0;
}

/* What is intact was looked at, is a release, and has no codes: assay-verify(1) never writes it otherwise. */
static bool
contradicts_itself(const json_t *document, const struct receipt *r)
{
	static const char *const seen[] = { "files", "folders", "links" };
	const json_t *codes = json_object_get(document, "codes");
	const json_t *digests = json_object_get(document, "digests");
	bool any = false;
	for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
		any = any || json_integer_value(json_object_get(document, seen[i])) > 0;
	any = any && (digests == NULL || (json_is_string(digests) && strcmp(json_string_value(digests), "none") != 0));
	return strcmp(r->outcome, "intact") == 0 && (!any || !json_is_object(codes) || json_object_size(codes) > 0 || !record_is_digest(r->release));
}

static enum assay_status
read_receipt(struct assay_span bytes, const char *name, struct arena *arena, struct receipt *ret_receipt, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	struct receipt r = { .file = name };
	TRY(canon_read(bytes, name, &document, err));
	const json_t *version = json_object_get(document, "assay-receipt");
	const json_int_t format = json_is_integer(version) ? json_integer_value(version) : 0;
	if (format < 1 || format > RECEIPT_VERSION)
		return assay_fail(err, ASSAY_E_VERSION, "'%s' is no receipt of version %d or before", name, RECEIPT_VERSION);
	TRY(fields_read(document, receipt_fields + (format < RECEIPT_VERSION ? 1 : 0), name, arena, &r, err));
	if (when_parse(assay_span_str(r.at_text), &r.at, NULL) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_FORMAT, "'%s': 'at' isn't a time", name);
	if (CATCH(receipt_contradicts, contradicts_itself(document, &r)))
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' says intact, and otherwise in its codes or counts", name);
	*ret_receipt = r;
	return ASSAY_OK;
}

/* Whose key it is, is for the judge. */
static enum assay_status
check_signature(const struct evidence *raw, const struct evidence_member *m, struct arena *arena, struct receipt *r, struct assay_error *err)
{
	unsigned char *room = arena_alloc(arena, SIGNATURE_ROOM);
	const char *name = arena_printf(arena, "%s.sig", m->name);
	struct assay_sshsig sig;
	size_t len = 0;
	if (room == NULL || name == NULL)
		return arena_full(err);
	const struct assay_span armored = evidence_member(raw, name);
	r->is_signed = armored.data != NULL && assay_sshsig_dearmor(armored, room, SIGNATURE_ROOM, &len, NULL) == ASSAY_OK &&
	    assay_sshsig_parse((struct assay_span){ room, len }, &sig, NULL) == ASSAY_OK && !sig.by_certificate &&
	    assay_sshsig_verify(&sig, m->bytes, RECEIPT_NAMESPACE, NULL, NULL) == ASSAY_OK;
	if (r->is_signed)
		r->key = sig.key.blob;
	return ASSAY_OK;
}

/* ---- all ---- */

/* A file of JSON that is meant as one: what only looks so is said to be bad, not passed over. */
static bool
has_mark(struct assay_span bytes, const char *text)
{
	const size_t len = bytes.len < MARK_WITHIN ? bytes.len : MARK_WITHIN, mark = strlen(text);
	for (size_t i = 0; i + mark <= len; i++)
		if (memcmp(bytes.data + i, text, mark) == 0)
			return true;
	return false;
}

struct lists {
	struct drill *drills;
	struct receipt *receipts;
	struct operator_run *runs;
	const char **bad;
};

/* With the file, which readers of JSON tell apart from what is wrong: a folder has many records. */
static enum assay_status
add_bad(const struct assay_error *why, struct arena *arena, struct release_records *all, const struct lists *to, struct assay_error *err)
{
	const char *words = why->file[0] == '\0' ? arena_str(arena, why->what) : why->line == 0 ? arena_printf(arena, "'%s': %s", why->file, why->what) :
	    arena_printf(arena, "'%s', line %u: %s", why->file, why->line, why->what);
	if (words == NULL)
		return arena_full(err);
	to->bad[all->bad_count++] = words;
	return ASSAY_OK;
}

static enum assay_status
read_member(const struct evidence *raw, const struct evidence_member *m, struct arena *arena, struct release_records *all,
    const struct lists *to, struct assay_error *err)
{
	const char *name = m->name + sizeof RECORDS_PREFIX - 1;
	struct assay_error why = { 0 };
	enum assay_status status = ASSAY_OK;
	if (is_receipt(m->bytes)) {
		struct receipt *r = &to->receipts[all->receipt_count];
		status = read_receipt(m->bytes, name, arena, r, &why);
		if (status == ASSAY_OK)
			TRY(check_signature(raw, m, arena, r, err));
		all->receipt_count += status == ASSAY_OK;
	} else if (has_mark(m->bytes, RUN_MARK)) {
		status = operator_run_read(m->bytes, name, arena, &to->runs[all->run_count], &why);
		all->run_count += status == ASSAY_OK;
	} else if (has_mark(m->bytes, DRILL_MARK)) {
		status = drill_read(m->bytes, name, arena, &to->drills[all->drill_count], &why);
		all->drill_count += status == ASSAY_OK;
	}
	if (status == ASSAY_E_MEMORY)
		return arena_full(err);
	return status == ASSAY_OK ? ASSAY_OK : add_bad(&why, arena, all, to, err);
}

enum assay_status
release_records_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	struct release_records *all = arena_alloc(c->arena, sizeof *all);
	const struct lists to = { arena_array(c->arena, raw->member_count + 1, sizeof(struct drill)),
		arena_array(c->arena, raw->member_count + 1, sizeof(struct receipt)),
		arena_array(c->arena, raw->member_count + 1, sizeof(struct operator_run)),
		arena_array(c->arena, raw->member_count + 1, sizeof(const char *)) };
	const struct assay_span left = evidence_member(raw, RECORDS_PREFIX "left");
	if (all == NULL || to.drills == NULL || to.receipts == NULL || to.runs == NULL || to.bad == NULL)
		return arena_full(err);
	if (left.data == NULL || !text_is_utf8(left) || raw->member_count > RECORDS_MAX + 1)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '" RELEASE_RECORDS_KIND "' isn't of its form");
	*all = (struct release_records){ .drills = to.drills, .receipts = to.receipts, .runs = to.runs, .bad = to.bad,
		.left = left.len == 0 ? NULL : arena_copy(c->arena, left) };
	for (size_t i = 0; i < raw->member_count; i++) {
		if (strncmp(raw->members[i].name, RECORDS_PREFIX, sizeof RECORDS_PREFIX - 1) != 0)
			return assay_fail(err, ASSAY_E_FORMAT, "evidence '" RELEASE_RECORDS_KIND "' has a member '%s'", raw->members[i].name);
		TRY(read_member(raw, &raw->members[i], c->arena, all, &to, err));
	}
	*ret_facts = all;
	return ASSAY_OK;
}
