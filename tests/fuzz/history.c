/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-history evidence of any shape, parsed and judged. An id can't be guessed, so the target writes them: the input is
 * sections between 0xfe bytes: head (first byte '2': a SHA-256 repository; '!': the objects' section is the stream itself), refs,
 * shallow, absent, then objects ('c' or 't' and the raw bytes). In all but the first, 0xfd and a byte N stand for
 * the id of object N, counted from 0, in hex.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <evidence/history.h>
#include <evidence/memo.h>
#include <git2/global.h>
#include <judge/judge.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECTIONS 4
#define OBJECTS_MAX 64
#define TEXT_CAP (1u << 20)
#define ARENA_CAP (64u << 20)
#define SECTION_END 0xfe
#define ID_OF 0xfd

struct object {
	struct oid id;
	enum git_type type;
	struct buf bytes;
};

struct input {
	struct assay_span rest;
	enum oid_algo algo;
	struct buf sections[SECTIONS];
	struct object objects[OBJECTS_MAX];
	size_t count;
	struct buf stream;
	struct evidence_member members[6];
};

static void
expect(bool good)
{
	if (!good)
		abort();
}

static struct assay_span
next_section(struct input *in)
{
	const unsigned char *end = in->rest.len == 0
	    ? NULL
	    : memchr(in->rest.data, SECTION_END, in->rest.len);
	struct assay_span s = in->rest;
	if (end != NULL)
		s.len = (size_t)(end - in->rest.data);
	size_t used = s.len + (end != NULL ? 1 : 0);
	in->rest.data += used;
	in->rest.len -= used;
	return s;
}

/* The section with ids in place of their marks. */
static void
expand(const struct input *in, struct assay_span s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		char hex[2 * OID_MAX + 1];
		if (s.data[i] != ID_OF || i + 1 == s.len || s.data[i + 1] >= in->count) {
			buf_add_byte(out, s.data[i]);
			continue;
		}
		oid_hex(&in->objects[s.data[++i]].id, in->algo, hex);
		buf_add_str(out, hex);
	}
}

static void
add_object(struct input *in, struct assay_span s)
{
	struct object *o = &in->objects[in->count];
	if (s.len == 0 || in->count == OBJECTS_MAX)
		return;
	o->type = s.data[0] == 't' ? GIT_TAG : GIT_COMMIT;
	o->bytes = (struct buf)BUF_INIT(TEXT_CAP);
	expand(in, (struct assay_span){ s.data + 1, s.len - 1 }, &o->bytes);
	in->count++;
	if (git_hash(in->algo, o->type, buf_span(&o->bytes), &o->id, NULL) != ASSAY_OK)
		memset(&o->id, 0, sizeof o->id);
}

static int
compare(const void *a, const void *b)
{
	return oid_compare(&((const struct object *)a)->id, &((const struct object *)b)->id);
}

static void
write_stream(struct input *in)
{
	for (size_t i = 0; i < in->count; i++) {
		char hex[2 * OID_MAX + 1];
		const struct object *o = &in->objects[i];
		if (i > 0 && compare(o, o - 1) == 0)
			continue;
		oid_hex(&o->id, in->algo, hex);
		buf_addf(&in->stream, "%s %s %zu\n", hex, git_type_name(o->type), o->bytes.len);
		buf_add_span(&in->stream, buf_span(&o->bytes));
		buf_add_byte(&in->stream, '\n');
	}
}

static void
read_input(struct input *in, struct assay_span data)
{
	struct assay_span raw[SECTIONS];
	in->rest = data;
	in->stream = (struct buf)BUF_INIT(4 * TEXT_CAP);
	for (size_t i = 0; i < SECTIONS; i++) {
		raw[i] = next_section(in);
		in->sections[i] = (struct buf)BUF_INIT(TEXT_CAP);
	}
	unsigned char mode = raw[0].len > 0 ? raw[0].data[0] : 0;
	in->algo = mode == '2' ? OID_SHA256 : OID_SHA1;
	if (mode == '!')
		buf_add_span(&in->stream, in->rest);
	while (mode != '!' && in->rest.len > 0)
		add_object(in, next_section(in));
	for (size_t i = 1; i < SECTIONS; i++)
		expand(in, raw[i], &in->sections[i]);
	if (raw[0].len > 0)
		buf_add(&in->sections[0], raw[0].data + 1, raw[0].len - 1);
	qsort(in->objects, in->count, sizeof in->objects[0], compare);
	write_stream(in);
}

static void
input_done(struct input *in)
{
	for (size_t i = 0; i < in->count; i++)
		buf_done(&in->objects[i].bytes);
	for (size_t i = 0; i < SECTIONS; i++)
		buf_done(&in->sections[i]);
	buf_done(&in->stream);
}

static struct evidence
evidence_of(struct input *in)
{
	const char *format = in->algo == OID_SHA256 ? "sha256\n" : "sha1\n";
	in->members[0] = (struct evidence_member){ "git/absent", buf_span(&in->sections[3]), { 0 } };
	in->members[1] = (struct evidence_member){ "git/format", assay_span_str(format), { 0 } };
	in->members[2] = (struct evidence_member){ "git/head", buf_span(&in->sections[0]), { 0 } };
	in->members[3] = (struct evidence_member){ "git/objects", buf_span(&in->stream), { 0 } };
	in->members[4] = (struct evidence_member){ "git/refs", buf_span(&in->sections[1]), { 0 } };
	in->members[5] = (struct evidence_member){ "git/shallow", buf_span(&in->sections[2]), { 0 } };
	/* Complete when it lacks nothing: the parser holds it to that. */
	bool lacks = in->sections[2].len > 0 || in->sections[3].len > 0;
	return (struct evidence){ .kind = HISTORY_KIND, .subject = "fuzz",
		.completeness = lacks ? EVIDENCE_PARTIAL : EVIDENCE_COMPLETE,
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .members = in->members,
		.member_count = 6 };
}

/* Every index must lie inside, whatever the input. */
static void
check_facts(const struct history *h)
{
	for (uint32_t i = 0; i < h->commit_count; i++) {
		const struct history_commit *c = &h->commits[i];
		expect(history_find_commit(h, &c->id) == i);
		expect(c->signature.key == HISTORY_NONE || c->signature.key < h->key_count);
		expect(c->signature.result != SIG_VALID || c->signature.key != HISTORY_NONE);
		for (uint32_t p = 0; p < c->parent_count; p++)
			expect(c->parents[p] == HISTORY_NONE || c->parents[p] < h->commit_count);
	}
	for (uint32_t i = 0; i < h->ref_count; i++) {
		expect(h->refs[i].commit == HISTORY_NONE || h->refs[i].commit < h->commit_count);
		expect(h->refs[i].tag == HISTORY_NONE || h->refs[i].tag < h->tag_count);
	}
}

/* No roster and no authority: whatever the history, nothing of it may pass. */
static void
judge_facts(struct evidence *e, struct arena *arena)
{
	static struct clause clause = { .id = "5.1.2" };
	struct control controls[2] = { { .id = "repo.signed", .clause = &clause },
		{ .id = "repo.honest-time", .clause = &clause, .index = 1 } };
	struct catalog catalog = { &clause, 1, controls, 2 };
	struct evidence_set set = { e, 1 };
	struct judge_input input = { .catalog = &catalog, .evidence = &set, .subject = "fuzz",
		.date = 1700006400 };
	const struct verdicts *verdicts = NULL;
	if (judge_all(&input, arena, &verdicts, NULL) != ASSAY_OK)
		return;
	expect(verdicts->control_count == 2 && verdicts_exit(verdicts) != 0);
}

static void
try_evidence(struct evidence *e)
{
	struct arena *arena = NULL;
	struct memo *memo = NULL;
	const void *facts = NULL, *again = NULL;
	if (arena_new(ARENA_CAP, &arena) != ASSAY_OK)
		return;
	if (memo_load((struct assay_span){ NULL, 0 }, arena, &memo, NULL) == ASSAY_OK) {
		struct parse_context c = { arena, NULL, memo };
		struct assay_error err = { 0 };
		if (history_parse(e, &c, &facts, &err) == ASSAY_OK) {
			check_facts(facts);
			expect(history_parse(e, &c, &again, &err) == ASSAY_OK);
			expect(((const struct history *)again)->verified_now == 0);
			e->facts = facts;
			judge_facts(e, arena);
		} else {
			expect(facts == NULL && err.what[0] != '\0');
		}
	}
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	struct input *in = calloc(1, sizeof *in);
	if (!started)
		started = git_libgit2_init() > 0;
	if (in == NULL)
		return 0;
	read_input(in, (struct assay_span){ data, size });
	struct evidence e = evidence_of(in);
	try_evidence(&e);
	input_done(in);
	free(in);
	return 0;
}
