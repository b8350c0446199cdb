/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git-authority evidence of any shape, parsed and looked into. An id can't be guessed, so the target writes them: the input is
 * sections between 0xfe bytes. The first is the mode: '2' a SHA-256 repository, '!' the next two sections are authority/roots and
 * authority/objects themselves, "." root trees are told by what differs and then spoiled at the byte that follows. The second is
 * authority/absent. Each other one is an object: 'b' and a file's bytes, 't' and a folder's, 'r' and a root tree's; 0xfd and a
 * byte N stand for the id of object N, counted from 0.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <evidence/states.h>
#include <git2/global.h>
#include <policy/authority.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OBJECTS_MAX 64
#define TEXT_CAP (1u << 20)
#define ARENA_CAP (64u << 20)
#define SECTION_END 0xfe
#define ID_OF 0xfd

struct object {
	struct oid id;
	enum git_type type;
	bool root;
	struct buf bytes;
};

struct input {
	struct assay_span rest;
	enum oid_algo algo;
	struct object objects[OBJECTS_MAX];
	size_t count;
	struct buf roots, stream;
	struct evidence_member members[4];
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
	const unsigned char *end = in->rest.len == 0 ? NULL : memchr(in->rest.data, SECTION_END, in->rest.len);
	struct assay_span s = in->rest;
	if (end != NULL)
		s.len = (size_t)(end - in->rest.data);
	const size_t used = s.len + (end != NULL ? 1 : 0);
	if (used > 0)
		in->rest.data += used;
	in->rest.len -= used;
	return s;
}

static void
add_object(struct input *in, struct assay_span s)
{
	struct object *o = &in->objects[in->count];
	if (s.len == 0 || in->count == OBJECTS_MAX)
		return;
	o->type = s.data[0] == 'b' ? GIT_BLOB : GIT_TREE;
	o->root = s.data[0] == 'r';
	o->bytes = (struct buf)BUF_INIT(TEXT_CAP);
	for (size_t i = 1; i < s.len; i++) {
		if (s.data[i] != ID_OF || i + 1 == s.len || s.data[i + 1] >= in->count)
			buf_add_byte(&o->bytes, s.data[i]);
		else
			buf_add(&o->bytes, in->objects[s.data[++i]].id.b, oid_size(in->algo));
	}
	in->count++;
	if (git_hash(in->algo, o->type, buf_span(&o->bytes), &o->id, NULL) != ASSAY_OK)
		memset(&o->id, 0, sizeof o->id);
}

static int
compare(const void *a, const void *b)
{
	return oid_compare(&((const struct object *)a)->id, &((const struct object *)b)->id);
}

static bool
seen_before(const struct input *in, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (in->objects[i].root == in->objects[at].root && compare(&in->objects[i], &in->objects[at]) == 0)
			return true;
	}
	return false;
}

/* Root trees in the order of the input, then the others by id. */
static void
write_members(struct input *in)
{
	struct assay_span before = { (const unsigned char *)"", 0 };
	for (size_t i = 0; i < in->count; i++) {
		const struct object *o = &in->objects[i];
		if (!o->root || seen_before(in, i))
			continue;
		states_root_write(in->algo, &o->id, before, buf_span(&o->bytes), &in->roots);
		before = buf_span(&o->bytes);
	}
	qsort(in->objects, in->count, sizeof in->objects[0], compare);
	for (size_t i = 0; i < in->count; i++) {
		char hex[2 * OID_MAX + 1];
		const struct object *o = &in->objects[i];
		if (o->root || seen_before(in, i))
			continue;
		oid_hex(&o->id, in->algo, hex);
		buf_addf(&in->stream, "%s %s %zu\n", hex, git_type_name(o->type), o->bytes.len);
		buf_add_span(&in->stream, buf_span(&o->bytes));
		buf_add_byte(&in->stream, '\n');
	}
}

static void
read_input(struct input *in, struct assay_span data, struct evidence *raw)
{
	in->rest = data;
	in->roots = (struct buf)BUF_INIT(4 * TEXT_CAP);
	in->stream = (struct buf)BUF_INIT(4 * TEXT_CAP);
	const struct assay_span mode = next_section(in), absent = next_section(in);
	const unsigned char word = mode.len > 0 ? mode.data[0] : 0;
	in->algo = word == '2' ? OID_SHA256 : OID_SHA1;
	if (word == '!') {
		buf_add_span(&in->roots, next_section(in));
		buf_add_span(&in->stream, in->rest);
	} else {
		while (in->rest.len > 0)
			add_object(in, next_section(in));
		write_members(in);
	}
	if (word == '.' && mode.len > 1 && mode.data[1] < in->roots.len)
		in->roots.data[mode.data[1]] ^= 1;
	in->members[0] = (struct evidence_member){ .name = "authority/absent", .bytes = absent };
	in->members[1] = (struct evidence_member){ .name = "authority/format",
		.bytes = assay_span_str(in->algo == OID_SHA1 ? "sha1\n" : "sha256\n") };
	in->members[2] = (struct evidence_member){ .name = "authority/objects", .bytes = buf_span(&in->stream) };
	in->members[3] = (struct evidence_member){ .name = "authority/roots", .bytes = buf_span(&in->roots) };
	*raw = (struct evidence){ .kind = STATES_KIND, .completeness = EVIDENCE_COMPLETE, .members = in->members, .member_count = 4 };
}

static void
input_done(struct input *in)
{
	for (size_t i = 0; i < in->count; i++)
		buf_done(&in->objects[i].bytes);
	buf_done(&in->roots);
	buf_done(&in->stream);
}

/* What was asked of a tree is there and is what its id says; files come sorted, else some would not be found. */
static void
check_files(const struct sources *files, bool gone)
{
	for (size_t i = 0; i < files->count; i++) {
		const struct source_file *f = &files->files[i];
		struct oid id;
		expect(strncmp(f->path, "assay/", 6) == 0);
		expect(f->why == NULL || (gone && !f->has_bytes));
		if (f->has_bytes)
			expect(git_hash(files->algo, GIT_BLOB, f->bytes, &id, NULL) == ASSAY_OK && oid_compare(&id, &f->id) == 0);
		/* A file and a folder of one name, with others between them, are each in git's order. */
		if (i > 0)
			expect(strcmp(files->files[i - 1].path, f->path) < 0);
	}
}

static void
look(const struct states *s, struct arena *arena)
{
	for (size_t i = 0; i < s->root_count; i++) {
		struct sources files;
		struct authority a;
		struct oid folder;
		bool gone = false;
		expect(i == 0 || oid_compare(&s->roots[i - 1].id, &s->roots[i].id) < 0);
		const enum states_found found = states_folder(s, &s->roots[i].id, &folder);
		expect(found == (!s->roots[i].whole ? STATES_CUT : s->roots[i].has_folder ? STATES_FOLDER : STATES_NONE));
		if (found != STATES_FOLDER || states_files(s, &folder, arena, &files, &gone, NULL) != ASSAY_OK)
			continue;
		check_files(&files, gone);
		if (authority_read(&files, NULL, arena, &a, NULL) == ASSAY_OK)
			expect(a.fault == AUTHORITY_HOLDS ? a.why == NULL : a.why != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .count = 0 };
	struct arena *arena = NULL;
	struct evidence raw;
	struct assay_error err = { 0 };
	const void *facts = NULL;
	(void)git_libgit2_init();
	read_input(&in, (struct assay_span){ data, size }, &raw);
	if (arena_new(ARENA_CAP, &arena) == ASSAY_OK) {
		const struct parse_context c = { arena, NULL, NULL };
		if (states_parse(&raw, &c, &facts, &err) == ASSAY_OK)
			look(facts, arena);
		else
			expect(facts == NULL && err.what[0] != '\0');
	}
	arena_free(&arena);
	input_done(&in);
	return 0;
}
