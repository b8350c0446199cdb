/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the probes see, as JSON, for tests/suites/probe:
 *   probe-dump open PATH · run PATH FOLDER (members go there) · stamp PATH · policy PATH FILE · tree PATH (parsed)
 */
#include <base/cleanup.h>
#include <codec/canon.h>
#include <evidence/tree.h>
#include <probe/probe.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ARENA_MAX ((size_t)4 << 30)

static void
pool_done(struct pool **p)
{
	pool_free(p);
}

static enum assay_status
print(json_t *value, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *held = value;
	CLEANUP(buf_done) struct buf out = BUF_INIT(CANON_SIZE_MAX);
	TRY(canon_write(held, &out, err));
	printf("%s\n", buf_str(&out));
	return ASSAY_OK;
}

static json_t *
text(const char *s)
{
	return s == NULL ? json_null() : canon_text(assay_span_str(s));
}

static json_t *
id_text(const struct repository *r, const struct oid *id)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, r->algo, hex);
	return json_string(hex);
}

static enum assay_status
dump_open(const struct repository *r, struct assay_error *err)
{
	json_t *refs = json_array();
	json_t *problems = json_array();
	for (size_t i = 0; i < r->ref_count && i < 1000; i++)
		json_array_append_new(
		    refs, json_pack("[o, o]", text(r->refs[i].name), id_text(r, &r->refs[i].id)));
	for (size_t i = 0; i < r->problem_count; i++)
		json_array_append_new(
		    problems, json_pack("[o, o]", text(r->problems[i].what), text(r->problems[i].why)));
	return print(json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:I}", "algo",
	                 r->algo == OID_SHA1 ? "sha1" : "sha256", "bare", (int)r->bare, "head-ref",
	                 text(r->head_ref), "head", r->has_head ? id_text(r, &r->head) : json_null(),
	                 "work-tree", text(r->work_tree), "refs", refs, "problems", problems, "ref-count",
	                 (json_int_t)r->ref_count),
	    err);
}

static enum assay_status
write_member(const char *folder, const struct evidence_member *m, struct assay_error *err)
{
	char path[4096];
	const char *base = strrchr(m->name, '/');
	const bool tree = strncmp(m->name, "tree/", 5) == 0, authority = strncmp(m->name, "authority/", 10) == 0;
	snprintf(path, sizeof(path), "%s/%s%s", folder, tree ? "tree-" : authority ? "authority-" : "", base == NULL ? m->name : base + 1);
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't write '%s'", path);
	size_t n = fwrite(m->bytes.data == NULL ? (const void *)"" : m->bytes.data, 1, m->bytes.len, f);
	fclose(f);
	return n == m->bytes.len ? ASSAY_OK : assay_fail(err, ASSAY_E_SYSTEM, "can't write '%s'", path);
}

static double
seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum assay_status
dump_run(const struct repository *r, struct arena *arena, const char *folder,
    struct assay_error *err)
{
	CLEANUP(pool_done) struct pool *pool = NULL;
	TRY(pool_new(0, &pool, err));
	const struct probe_context c = { .repository = r, .arena = arena, .pool = pool };
	json_t *all = json_object();
	for (size_t i = 0; i < probe_count; i++) {
		struct evidence_set set;
		const double before = seconds();
		TRY(probe_run(&c, &probes[i].kind, 1, &set, err));
		const struct evidence *e = &set.items[0];
		fprintf(stderr, "%s: %.3f s\n", e->kind, seconds() - before);
		for (size_t k = 0; k < e->member_count; k++)
			TRY(write_member(folder, &e->members[k], err));
		json_object_set_new(all, e->kind, json_pack("{s:s, s:s, s:o}", "subject", e->subject,
		    "completeness", completeness_name(e->completeness), "why", text(e->why)));
	}
	return print(all, err);
}

static enum assay_status
dump_tree(const struct repository *r, struct arena *arena, struct assay_error *err)
{
	static const char *const kinds[] = { TREE_KIND };
	CLEANUP(pool_done) struct pool *pool = NULL;
	TRY(pool_new(0, &pool, err));
	const struct probe_context c = { .repository = r, .arena = arena, .pool = pool };
	const struct parse_context p = { .arena = arena };
	struct evidence_set set;
	TRY(probe_run(&c, kinds, 1, &set, err));
	if (set.items[0].completeness == EVIDENCE_UNREADABLE)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "%s", set.items[0].why);
	TRY(evidence_parse_all(&set, &p, err));
	const struct tree *t = evidence_facts(&set, TREE_KIND);
	json_t *files = json_array();
	for (size_t i = 0; i < t->sources.count; i++) {
		const struct source_file *f = &t->sources.files[i];
		json_array_append_new(files, json_pack("[o, i, o, b, o]", text(f->path), (int)f->mode, id_text(r, &f->id),
		    (int)f->has_bytes, f->has_bytes ? canon_text(f->bytes) : text(f->why)));
	}
	return print(json_pack("{s:s, s:o, s:I, s:o}", "completeness", completeness_name(set.items[0].completeness),
	    "why", text(set.items[0].why), "folders-gone", (json_int_t)t->folders_gone, "files", files), err);
}

static enum assay_status
dump_stamp(const struct repository *r, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf stamp = BUF_INIT(64);
	CLEANUP(buf_done) struct buf hex = BUF_INIT(256);
	bool settled;
	const double before = seconds();
	TRY(repository_stamp(r, &stamp, &settled, err));
	fprintf(stderr, "stamp: %.3f s\n", seconds() - before);
	buf_add_hex(&hex, buf_span(&stamp));
	return print(json_pack("{s:s, s:b}", "stamp", buf_str(&hex), "settled", (int)settled), err);
}

static enum assay_status
dump_policy(const struct repository *r, const char *path, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 20);
	bool differs;
	TRY(repository_policy_file(r, path, &out, &differs, err));
	return print(json_pack("{s:o, s:b}", "text", canon_text(buf_span(&out)), "differs", (int)differs),
	    err);
}

static enum assay_status
dispatch(int argc, char **argv, struct arena *arena, struct assay_error *err)
{
	struct repository *r;
	if (argc < 3)
		return assay_fail(err, ASSAY_E_USAGE, "probe-dump open|run|tree|stamp|policy PATH [ARGUMENT]");
	TRY(repository_open(argv[2], arena, &r, err));
	if (strcmp(argv[1], "open") == 0)
		return dump_open(r, err);
	if (strcmp(argv[1], "tree") == 0)
		return dump_tree(r, arena, err);
	if (strcmp(argv[1], "stamp") == 0)
		return dump_stamp(r, err);
	if (strcmp(argv[1], "run") == 0 && argc > 3)
		return dump_run(r, arena, argv[3], err);
	if (strcmp(argv[1], "policy") == 0 && argc > 3)
		return dump_policy(r, argv[3], err);
	return assay_fail(err, ASSAY_E_USAGE, "no such command: %s", argv[1]);
}

int
main(int argc, char **argv)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	struct assay_error err = { 0 };
	enum assay_status status = arena_new(ARENA_MAX, &arena);
	if (status == ASSAY_OK)
		status = dispatch(argc, argv, arena, &err);
	if (status == ASSAY_OK)
		return 0;
	status = print(json_pack("{s:s, s:o, s:s, s:i, s:s}", "error", assay_status_name(status), "what",
	          text(err.what), "file", err.file, "line", (int)err.line, "todo", err.todo),
	    NULL);
	return status == ASSAY_OK ? 1 : 2;
}
