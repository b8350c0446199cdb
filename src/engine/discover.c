/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which engines are here, and which bytes they are. A version is what a program says of itself; the digest is over the program and
 * whatever it loads or starts that decides what it finds.
 */
#include "table.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>

#define PART_MAX ((size_t)1 << 30)
#define PARTS_MAX 600
#define WORD_MAX 200
#define DIGESTED_MAX (1u << 20)

struct parts {
	struct engines *known; /* whose parts were hashed already */
	struct arena *arena;
	struct engine_part *list;
	size_t count;
	struct assay_error *err;
};

static const struct engine_part *
hashed_before(const struct parts *p, const char *path)
{
	for (size_t i = 0; i < p->known->count; i++) {
		for (size_t j = 0; j < p->known->list[i].part_count; j++) {
			if (strcmp(p->known->list[i].parts[j].path, path) == 0)
				return &p->known->list[i].parts[j];
		}
	}
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->list[i].path, path) == 0)
			return &p->list[i];
	}
	return NULL;
}

static bool
is_listed(const struct parts *p, const char *path)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->list[i].path, path) == 0)
			return true;
	}
	return false;
}

static enum assay_status
add_part(struct parts *p, const char *told)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	char path[PATH_MAX];
	unsigned char digest[ASSAY_SHA256_SIZE];
	if (realpath(told, path) == NULL || is_listed(p, path))
		return ASSAY_OK;
	if (p->count == PARTS_MAX)
		return assay_fail(p->err, ASSAY_E_LIMIT, "'%s' is made of too many files", told);
	struct engine_part part = { .path = arena_str(p->arena, path) };
	const struct engine_part *same = hashed_before(p, path);
	if (part.path == NULL)
		return arena_full(p->err);
	if (same != NULL) {
		memcpy(part.sha256, same->sha256, sizeof part.sha256);
	} else {
		TRY(file_view(path, PART_MAX, &view, p->err));
		if (assay_sha256(view.bytes, digest) != ASSAY_OK)
			return assay_fail(p->err, ASSAY_E_INTERNAL, "can't hash '%s'", path);
		text_hex((struct assay_span) { digest, sizeof digest }, part.sha256);
	}
	p->list[p->count++] = part;
	return ASSAY_OK;
}

/* Each line's path: "libx.so => /lib/libx.so (0x...)", "/lib64/ld.so (0x...)". A script has none, and that is no fault. */
static enum assay_status
add_libraries(struct parts *p, struct engine_server *s, const char *program)
{
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	const char *const arguments[] = { program };
	TRY(server_ask(s, "ldd", arguments, 1, 0, 0, &a, p->err));
	for (size_t from = 0; from < a.output.len;) {
		const unsigned char *at = a.output.data + from;
		const unsigned char *end = memchr(at, '\n', a.output.len - from);
		size_t n = end == NULL ? a.output.len - from : (size_t)(end - at);
		const unsigned char *slash = memchr(at, '/', n);
		const unsigned char *blank = slash == NULL ? NULL : memchr(slash, ' ', n - (size_t)(slash - at));
		if (blank != NULL) {
			char *path = arena_copy(p->arena, (struct assay_span) { slash, (size_t)(blank - slash) });
			if (path == NULL)
				return arena_full(p->err);
			TRY(add_part(p, path));
		}
		from += n + 1;
	}
	return ASSAY_OK;
}

static enum assay_status
add_inner(struct parts *p, struct engine_server *s, const char *program, const char *inner)
{
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	char question[64];
	const char *const arguments[] = { question };
	text_put(question, sizeof question, "-print-prog-name=%s", inner);
	TRY(server_ask(s, program, arguments, 1, 0, 0, &a, p->err));
	size_t n = a.output.len;
	while (n > 0 && a.output.data[n - 1] == '\n')
		n--;
	char *path = arena_copy(p->arena, (struct assay_span) { a.output.data, n });
	if (path == NULL)
		return arena_full(p->err);
	/* A name without a folder: there is none. */
	if (path[0] != '/')
		return ASSAY_OK;
	TRY(add_part(p, path));
	return add_libraries(p, s, path);
}

static enum assay_status
add_folder(struct parts *p, const char *pattern)
{
	glob_t found = { .gl_pathc = 0 };
	char all[300];
	enum assay_status status = ASSAY_OK;
	text_put(all, sizeof all, "%s/*", pattern);
	if (glob(all, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && status == ASSAY_OK; i++) {
			enum assay_status s = add_part(p, found.gl_pathv[i]);
			/* A folder in it isn't data that is read. */
			status = s == ASSAY_E_UNSUPPORTED ? ASSAY_OK : s;
		}
		globfree(&found);
	}
	return status;
}

/* "#!/usr/bin/python3": who reads a script is part of it. */
static enum assay_status
add_interpreter(struct parts *p, struct engine_server *s, const char *program)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	if (file_view(program, PART_MAX, &view, NULL) != ASSAY_OK || view.bytes.len < 4 || memcmp(view.bytes.data, "#!", 2) != 0)
		return ASSAY_OK;
	const unsigned char *at = view.bytes.data + 2, *end = memchr(at, '\n', view.bytes.len - 2);
	size_t n = end == NULL ? 0 : (size_t)(end - at);
	size_t skip = 0;
	while (skip < n && at[skip] == ' ')
		skip++;
	size_t len = 0;
	while (skip + len < n && at[skip + len] != ' ')
		len++;
	char *path = arena_copy(p->arena, (struct assay_span) { at + skip, len });
	if (path == NULL)
		return arena_full(p->err);
	TRY(add_part(p, path));
	return add_libraries(p, s, path);
}

static int
by_path(const void *a, const void *b)
{
	const struct engine_part *x = a, *y = b;
	return strcmp(x->path, y->path);
}

/* "DIGEST  PATH" a line, by path. */
static enum assay_status
seal(struct engine *e, const struct parts *p)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(DIGESTED_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	qsort(p->list, p->count, sizeof *p->list, by_path);
	for (size_t i = 0; i < p->count; i++)
		buf_addf(&all, "%s  %s\n", p->list[i].sha256, p->list[i].path);
	TRY(buf_status(&all, "the parts of an engine", p->err));
	if (assay_sha256(buf_span(&all), digest) != ASSAY_OK)
		return assay_fail(p->err, ASSAY_E_INTERNAL, "can't hash the parts of '%s'", e->name);
	text_hex((struct assay_span) { digest, sizeof digest }, e->digest);
	e->parts = p->list;
	e->part_count = p->count;
	return ASSAY_OK;
}

static enum assay_status
add_all_parts(const struct table_row *row, struct engine_server *s, const char *program, struct engine *e, struct parts *p)
{
	TRY(add_part(p, e->path));
	TRY(add_libraries(p, s, e->path));
	TRY(add_interpreter(p, s, e->path));
	for (size_t i = 0; i < TABLE_WORDS_MAX && row->inner[i] != NULL; i++)
		TRY(add_inner(p, s, program, row->inner[i]));
	for (size_t i = 0; i < TABLE_WORDS_MAX && row->folders[i] != NULL; i++)
		TRY(add_folder(p, row->folders[i]));
	return seal(e, p);
}

/* The line that has a digit; clang-tidy begins with the distribution's name. Escaped, for it goes to people. */
static enum assay_status
ask_version(struct engine_server *s, const char *program, struct engine *e, struct arena *arena, struct assay_error *err)
{
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	CLEANUP(buf_done) struct buf line = BUF_INIT((size_t)8 * WORD_MAX);
	const char *const arguments[] = { "--version" };
	TRY(server_ask(s, program, arguments, 1, 0, 0, &a, err));
	const unsigned char *end = a.output.len == 0 ? NULL : memchr(a.output.data, '\n', a.output.len);
	size_t n = end == NULL ? a.output.len : (size_t)(end - a.output.data);
	text_escape(&line, (struct assay_span) { a.output.data, n < WORD_MAX ? n : WORD_MAX }, false);
	e->version = arena_str(arena, buf_str(&line));
	if (e->version == NULL)
		return arena_full(err);
	bool answered = a.end == WIRE_EXITED && a.status == 0 && strpbrk(e->version, "0123456789") != NULL;
	e->why = answered ? NULL : "it doesn't say its version";
	return ASSAY_OK;
}

static enum assay_status
look_for(const struct table_row *row, struct engine_server *s, struct arena *arena, struct engines *known, struct engine *e,
    struct assay_error *err)
{
	char path[PATH_MAX], told[300];
	*e = (struct engine) { .name = row->name, .adds = row->adds, .package = row->package, .path = "", .version = "" };
	e->in_process = row->programs[0] == NULL;
	const char *program = e->in_process ? NULL : table_program_name(row);
	if (program == NULL)
		return ASSAY_OK;
	text_put(told, sizeof told, "/usr/bin/%s", program);
	if (realpath(told, path) == NULL)
		return ASSAY_OK;
	e->found = true;
	e->path = arena_str(arena, path);
	struct parts p = { known, arena, arena_array(arena, PARTS_MAX, sizeof *p.list), 0, err };
	if (e->path == NULL || p.list == NULL)
		return arena_full(err);
	/* Without a cage it isn't started at all, not even to say its version. */
	if (engine_server_cage(s) == ENGINE_CAGE_NONE) {
		e->why = "there is no sandbox to run it in";
		TRY(add_part(&p, e->path));
		return seal(e, &p);
	}
	if (discovered_recall(s, row, arena, e))
		return ASSAY_OK;
	TRY(ask_version(s, program, e, arena, err));
	TRY(add_all_parts(row, s, program, e, &p));
	discovered_remember(s, row, e);
	return ASSAY_OK;
}

enum assay_status
engine_discover(struct engine_server *server, struct arena *arena, struct engines *ret_engines, struct assay_error *err)
{
	struct engines all = { .list = arena_array(arena, table_count, sizeof *all.list) };
	if (all.list == NULL)
		return arena_full(err);
	for (size_t i = 0; i < table_count; i++) {
		TRY(look_for(&table_rows[i], server, arena, &all, &all.list[i], err));
		all.count = i + 1;
	}
	*ret_engines = all;
	return ASSAY_OK;
}

const struct engine *
engine_find(const struct engines *engines, const char *name)
{
	for (size_t i = 0; i < engines->count; i++) {
		if (strcmp(engines->list[i].name, name) == 0)
			return &engines->list[i];
	}
	return NULL;
}
