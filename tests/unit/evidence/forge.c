/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY_TREE_1 "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
#define EMPTY_TREE_256 "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
#define TEXT_MAX (1u << 20)
#define HEX_SIZE 65

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "forge: %s failed\n", what);
	exit(3);
}

void
forge_init(struct forge *f, enum oid_algo algo)
{
	struct buf empty = BUF_INIT(64u << 20);
	memset(f, 0, sizeof *f);
	f->algo = algo;
	f->head = "refs/heads/main";
	f->refs = f->shallow = f->absent = f->stream = empty;
}

void
forge_done(struct forge *f)
{
	for (size_t i = 0; i < f->count; i++)
		buf_done(&f->objects[i].bytes);
	buf_done(&f->refs);
	buf_done(&f->shallow);
	buf_done(&f->absent);
	buf_done(&f->stream);
}

const char *
forge_raw(struct forge *f, enum git_type type, struct assay_span bytes)
{
	static char room[64 * FORGE_OBJECTS_MAX][HEX_SIZE];
	static size_t used;
	struct buf copy = BUF_INIT(TEXT_MAX);
	struct forge_object *o = &f->objects[f->count++];
	must(f->count <= FORGE_OBJECTS_MAX && used < 64 * FORGE_OBJECTS_MAX, "adding an object");
	buf_add_span(&copy, bytes);
	must(copy.status == ASSAY_OK, "copying an object");
	o->type = type;
	o->bytes = copy;
	must(git_hash(f->algo, type, buf_span(&o->bytes), &o->id, NULL) == ASSAY_OK, "hashing");
	oid_hex(&o->id, f->algo, room[used]);
	return room[used++];
}

static void
armor(const struct forge_sign *s, struct assay_span message, struct buf *out)
{
	struct blob binary = { .len = 0 };
	static char text[4 * BLOB_ROOM];
	if (s->instead != NULL) {
		buf_add_str(out, s->instead);
		return;
	}
	struct test_sig sig = { s->key, s->key_field, s->name_space != NULL ? s->name_space : "git",
		s->hash != NULL ? s->hash : "sha512", "", 1, s->style,
		s->spoil ? assay_span_str("something else") : message };
	test_sshsig(&sig, &binary);
	size_t len = test_armor(blob_span(&binary), 70, text, sizeof text);
	buf_add(out, text, len);
	if (s->after != NULL)
		buf_add_str(out, s->after);
}

/* "NAME line LF SP line LF ...": the value of a header over several lines. */
static void
fold(struct buf *out, const char *name, struct assay_span value)
{
	buf_addf(out, "%s ", name);
	for (size_t i = 0; i < value.len; i++) {
		buf_add_byte(out, value.data[i]);
		if (value.data[i] == '\n' && i + 1 < value.len)
			buf_add_byte(out, ' ');
	}
	if (value.len == 0 || value.data[value.len - 1] != '\n')
		buf_add_byte(out, '\n');
}

static bool
is_signed(const struct forge_sign *s)
{
	return s->key != NULL || s->instead != NULL;
}

const char *
forge_commit(struct forge *f, const struct forge_commit *c)
{
	struct buf head = BUF_INIT(TEXT_MAX), tail = BUF_INIT(TEXT_MAX), all = BUF_INIT(TEXT_MAX),
		   signature = BUF_INIT(TEXT_MAX);
	const char *email = c->email != NULL ? c->email : "ann@example.org";
	const char *header = c->sign.header != NULL ? c->sign.header
	    : f->algo == OID_SHA1 ? "gpgsig" : "gpgsig-sha256";
	buf_addf(&head, "tree %s\n", f->algo == OID_SHA1 ? EMPTY_TREE_1 : EMPTY_TREE_256);
	for (size_t i = 0; i < c->parent_count; i++)
		buf_addf(&head, "parent %s\n", c->parents[i]);
	buf_addf(&head, "author Ann <%s> %lld +0200\ncommitter Ann <%s> %lld -0330\n", email,
	    (long long)c->time - 5, email, (long long)c->time);
	buf_add_byte(&tail, '\n');
	if (c->message != NULL)
		buf_add_str(&tail, c->message);
	else
		buf_addf(&tail, "change %zu\n", f->count);
	buf_add_span(&all, buf_span(&head));
	buf_add_span(&all, buf_span(&tail));
	if (is_signed(&c->sign)) {
		armor(&c->sign, buf_span(&all), &signature);
		buf_reset(&all);
		buf_add_span(&all, buf_span(&head));
		fold(&all, header, buf_span(&signature));
		if (c->sign.twice)
			fold(&all, header, buf_span(&signature));
		buf_add_span(&all, buf_span(&tail));
	}
	must(all.status == ASSAY_OK, "writing a commit");
	const char *id = forge_raw(f, GIT_COMMIT, buf_span(&all));
	buf_done(&head);
	buf_done(&tail);
	buf_done(&all);
	buf_done(&signature);
	return id;
}

const char *
forge_tag(struct forge *f, const struct forge_tag *t)
{
	struct buf text = BUF_INIT(TEXT_MAX), signature = BUF_INIT(TEXT_MAX);
	buf_addf(&text, "object %s\ntype %s\ntag %s\n", t->target, t->type != NULL ? t->type : "commit",
	    t->name);
	if (!t->no_tagger)
		buf_addf(&text, "tagger Ann <ann@example.org> %lld +0100\n", (long long)t->time);
	buf_addf(&text, "\nversion %s\n", t->name);
	if (is_signed(&t->sign)) {
		armor(&t->sign, buf_span(&text), &signature);
		buf_add_span(&text, buf_span(&signature));
	}
	must(text.status == ASSAY_OK, "writing a tag");
	const char *id = forge_raw(f, GIT_TAG, buf_span(&text));
	buf_done(&text);
	buf_done(&signature);
	return id;
}

void
forge_ref(struct forge *f, const char *id, const char *name)
{
	buf_addf(&f->refs, "%s %s\n", id, name);
}

static int
compare_objects(const void *a, const void *b)
{
	return oid_compare(&((const struct forge_object *)a)->id, &((const struct forge_object *)b)->id);
}

struct evidence *
forge_evidence(struct forge *f)
{
	static char head[256];
	qsort(f->objects, f->count, sizeof f->objects[0], compare_objects);
	buf_reset(&f->stream);
	for (size_t i = 0; i < f->count; i++) {
		const struct forge_object *o = &f->objects[i];
		char hex[HEX_SIZE];
		oid_hex(&o->id, f->algo, hex);
		buf_addf(&f->stream, "%s %s %zu\n", hex, git_type_name(o->type), o->bytes.len);
		buf_add_span(&f->stream, buf_span(&o->bytes));
		buf_add_byte(&f->stream, '\n');
	}
	must(f->stream.status == ASSAY_OK, "writing the stream");
	(void)snprintf(head, sizeof head, "%s\n", f->head);
	const char *format = f->algo == OID_SHA1 ? "sha1\n" : "sha256\n";
	f->members[0] = (struct evidence_member){ "git/absent", buf_span(&f->absent), { 0 } };
	f->members[1] = (struct evidence_member){ "git/format", assay_span_str(format), { 0 } };
	f->members[2] = (struct evidence_member){ "git/head", assay_span_str(head), { 0 } };
	f->members[3] = (struct evidence_member){ "git/objects", buf_span(&f->stream), { 0 } };
	f->members[4] = (struct evidence_member){ "git/refs", buf_span(&f->refs), { 0 } };
	f->members[5] = (struct evidence_member){ "git/shallow", buf_span(&f->shallow), { 0 } };
	f->evidence = (struct evidence){ .kind = HISTORY_KIND, .subject = "test",
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .members = f->members,
		.member_count = 6 };
	f->evidence.completeness = f->absent.len > 0 || f->shallow.len > 0 ? EVIDENCE_PARTIAL
									   : EVIDENCE_COMPLETE;
	must(evidence_seal(&f->evidence, NULL) == ASSAY_OK, "sealing");
	return &f->evidence;
}
