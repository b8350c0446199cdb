/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which headers a unit includes and which branches of its own the compiler saw. Behind each #if, #elif and #else of a copy stands a
 * pragma with a random name; those that are left after preprocessing tell the branches.
 */
#include "run.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/pool.h>
#include <base/text.h>
#include <code/lex.h>
#include <codec/canon.h>
#include <ledger/cache.h>
#include <sca/path.h>
#include <sys/random.h>

#define COPY_MAX (64u << 20)
#define ARENA_MAX ((size_t)1 << 30)
#define KEY_MAX (4u << 20)
#define KEPT_MAX (64u << 20)
#define MARK "assay_"
#define MARK_BYTES 16
#define CACHE_NAME "engine-facts"

struct fact {
	struct engine_server *server;
	const char *program, *digest;
	const struct sca_unit *unit;
	size_t number;
	char mark[sizeof MARK + 2 * MARK_BYTES];
	unsigned char key[ASSAY_SHA256_SIZE];
	bool cached;
	json_t *kept; /* {"headers": [...], "branches": n, "skipped": [...], "state": n, "why": "..."} */
	struct assay_error why;
};

/* ---- the marked copy ---- */

static bool
is_branch(const struct code_directive *d)
{
	return d->kind >= CODE_D_IF && d->kind <= CODE_D_ELSE;
}

/* *lines: those of the branches, in order. */
static enum assay_status
mark_branches(const struct fact *f, struct assay_span bytes, struct arena *arena, struct buf *copy, uint32_t **ret_lines,
    uint32_t *ret_count)
{
	struct code_tokens t;
	enum code_language language = CODE_C;
	size_t from = 0;
	uint32_t count = 0;
	code_language_of(f->unit->path, &language);
	TRY(code_lex(bytes, language, arena, &t, NULL));
	uint32_t *lines = arena_array(arena, t.directive_count + 1, sizeof *lines);
	if (lines == NULL)
		return ASSAY_E_MEMORY;
	for (uint32_t i = 0; i < t.directive_count; i++) {
		const struct code_directive *d = &t.directives[i];
		size_t end = (size_t)d->at + d->len;
		const unsigned char *stop = is_branch(d) && end < bytes.len ? memchr(bytes.data + end, '\n', bytes.len - end) : NULL;
		if (stop == NULL)
			continue;
		size_t to = (size_t)(stop - bytes.data) + 1;
		if (to < from)
			continue;
		buf_add(copy, bytes.data + from, to - from);
		buf_addf(copy, "#pragma %s %u\n", f->mark, count);
		lines[count++] = d->line;
		from = to;
	}
	buf_add(copy, bytes.data + from, bytes.len - from);
	*ret_lines = lines;
	*ret_count = count;
	return copy->status;
}

/* ---- what came out ---- */

static void
note_branches(const struct fact *f, struct assay_span text, const uint32_t *lines, uint32_t count)
{
	json_t *skipped = json_object_get(f->kept, "skipped");
	unsigned char *seen = calloc(count + 1, 1);
	const size_t n = strlen(f->mark);
	for (size_t i = 0; seen != NULL && i + n + 2 < text.len; i++) {
		const unsigned char *at = memmem(text.data + i, text.len - i, f->mark, n);
		if (at == NULL)
			break;
		i = (size_t)(at - text.data) + n;
		uint64_t number = 0;
		size_t digits = 0;
		while (i + 1 + digits < text.len && text.data[i + 1 + digits] >= '0' && text.data[i + 1 + digits] <= '9')
			digits++;
		if (text_to_u64((struct assay_span) { text.data + i + 1, digits }, &number) == ASSAY_OK && number < count)
			seen[number] = 1;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (seen == NULL || !seen[i])
			json_array_append_new(skipped, json_integer(lines[i]));
	}
	free(seen);
}

/* Compilers write "src/../inc/x.h" as it came about. */
static void
note_header(const struct fact *f, const char *path, struct arena *arena)
{
	char root[SERVER_ROOT_MAX];
	server_root(f->server, false, root);
	const size_t n = strlen(root);
	const char *whole = sca_path_join("", path, arena), *below = whole == NULL ? "" : whole + n - 1;
	if (whole != NULL && strncmp(whole, root + 1, n - 1) == 0 && strcmp(below, f->unit->path) != 0)
		json_array_append_new(json_object_get(f->kept, "headers"), json_string(below));
}

/* One that stands for the next byte itself. */
static bool
is_escape(unsigned char c, unsigned char next)
{
	return (c == '\\' && (next == ' ' || next == '#')) || (c == '$' && next == '$');
}

static bool
is_between(unsigned char c, unsigned char next)
{
	return c == ' ' || c == '\n' || (c == '\\' && next == '\n');
}

/* A rule of make: words behind ':', lines joined by a backslash, blanks and '#' behind one, '$' twice. */
static void
note_headers(const struct fact *f, struct assay_span rule, struct arena *arena)
{
	CLEANUP(buf_done) struct buf word = BUF_INIT(1u << 16);
	const unsigned char *colon = rule.len == 0 ? NULL : memchr(rule.data, ':', rule.len);
	for (size_t i = colon == NULL ? rule.len : (size_t)(colon - rule.data) + 1; i <= rule.len; i++) {
		unsigned char c = i < rule.len ? rule.data[i] : ' ', next = i + 1 < rule.len ? rule.data[i + 1] : 0;
		if (is_escape(c, next)) {
			buf_add_byte(&word, next);
			i++;
		} else if (!is_between(c, next)) {
			buf_add_byte(&word, c);
		} else {
			note_header(f, buf_str(&word), arena);
			buf_reset(&word);
		}
	}
}

static void
note_state(const struct fact *f, enum sca_state state, const char *why)
{
	json_object_set_new(f->kept, "state", json_integer(state));
	json_object_set_new(f->kept, "why", json_string(why));
}

/* ---- one unit ---- */

static enum assay_status
ask(const struct fact *f, const char *copy, struct server_answer *a, struct assay_error *err)
{
	char quote[600];
	const char **words = calloc(f->unit->arg_count + 12, sizeof *words);
	const char *const front[] = { "-E", "-MD", "-MT", "x", "-MF", "/out/unit.d", "-iquote" };
	const char *slash = strrchr(f->unit->path, '/');
	size_t n = 0;
	snprintf(quote, sizeof quote, "/src/%.*s", slash == NULL ? 0 : (int)(slash - f->unit->path), f->unit->path);
	if (words == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to run the preprocessor");
	for (size_t i = 0; i < sizeof front / sizeof front[0]; i++)
		words[n++] = front[i];
	words[n++] = quote;
	for (size_t i = 0; i < f->unit->arg_count; i++)
		words[n++] = f->unit->args[i];
	words[n++] = copy;
	enum assay_status s = server_ask(f->server, f->program, words, n, 0, 0, a, err);
	free(words);
	return s;
}

static void
note_answer(const struct fact *f, const struct server_answer *a, const uint32_t *lines, uint32_t count, struct arena *arena)
{
	note_state(f, SCA_RAN, "");
	json_object_set_new(f->kept, "branches", json_integer(count));
	if (a->end == WIRE_LATE)
		note_state(f, SCA_TIMEOUT, "its time was up");
	else if (a->end == WIRE_OVERFLOWED)
		note_state(f, SCA_TOO_MUCH, "more comes of it than is kept");
	else if (a->end == WIRE_NOT_STARTED)
		note_state(f, SCA_NO_SANDBOX, "there is no sandbox to run the preprocessor in");
	else if (a->end != WIRE_EXITED)
		note_state(f, SCA_KILLED, "the preprocessor was ended by a signal");
	else if (a->status != 0 || a->file_count != 1)
		note_state(f, SCA_NOT_COMPILED, "it can't be preprocessed");
	if (a->end != WIRE_EXITED || a->file_count != 1)
		return;
	note_branches(f, a->output, lines, count);
	note_headers(f, a->files[0].bytes, arena);
}

static void
fact_at(void *context, size_t i)
{
	struct fact *f = (struct fact *)context + i;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf copy = BUF_INIT(COPY_MAX);
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	char name[600], inside[620];
	uint32_t *lines = NULL, count = 0;
	if (f->kept != NULL)
		return;
	const struct server_source *s = server_source(f->server, f->unit->path);
	f->kept = json_pack("{s:[], s:i, s:[], s:i, s:s}", "headers", "branches", 0, "skipped", "state", SCA_REFUSED, "why", "");
	if (f->kept == NULL || f->unit->refused != NULL || s == NULL) {
		if (f->kept != NULL)
			note_state(f, SCA_REFUSED, f->unit->refused != NULL ? f->unit->refused : "the tree has no such file");
		return;
	}
	const char *dot = strrchr(f->unit->path, '.');
	snprintf(name, sizeof name, "mark/%zu%s", f->number, dot != NULL && strlen(dot) < 8 ? dot : ".c");
	snprintf(inside, sizeof inside, "/canary/%s", name);
	if (arena_new(ARENA_MAX, &arena) != ASSAY_OK || mark_branches(f, s->bytes, arena, &copy, &lines, &count) != ASSAY_OK) {
		note_state(f, SCA_TOO_MUCH, "it is larger than is read");
		return;
	}
	if (server_add(f->server, "canary", name, buf_span(&copy), &f->why) != ASSAY_OK)
		return;
	if (ask(f, inside, &a, &f->why) == ASSAY_OK)
		note_answer(f, &a, lines, count, arena);
}

/* ---- all of them ---- */

struct facts {
	struct fact *list;
	size_t count;
};

static void
facts_done(struct facts *all)
{
	for (size_t i = 0; i < all->count; i++)
		json_decref(all->list[i].kept);
	free(all->list);
}

static enum assay_status
seal(struct fact *f, const unsigned char headers[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf key = BUF_INIT(KEY_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(depends_digest(f->server, f->unit->path, digest, err));
	buf_addf(&key, "assay-engine-facts 2\n%s\n%s\n%s\n", engine_cage_name(engine_server_cage(f->server)), f->digest,
	    f->unit->path);
	for (size_t i = 0; i < f->unit->arg_count; i++)
		buf_add(&key, f->unit->args[i], strlen(f->unit->args[i]) + 1);
	buf_add(&key, digest, sizeof digest);
	buf_add(&key, headers, ASSAY_SHA256_SIZE);
	TRY(buf_status(&key, "what a unit depends on", err));
	return assay_sha256(buf_span(&key), f->key);
}

static void
recall(struct fact *f, struct cache *cache)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	const struct assay_span key = { f->key, sizeof f->key };
	struct assay_span bytes;
	if (cache != NULL && cache_get(cache, CACHE_NAME, key, &view, &bytes, NULL) == ASSAY_OK)
		f->cached = canon_read(bytes, CACHE_NAME, &f->kept, NULL) == ASSAY_OK;
}

static void
remember(const struct fact *f, struct cache *cache)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(KEPT_MAX);
	const struct assay_span key = { f->key, sizeof f->key };
	json_int_t state = json_integer_value(json_object_get(f->kept, "state"));
	if (cache == NULL || f->cached || (state != SCA_RAN && state != SCA_NOT_COMPILED) || canon_write(f->kept, &text, NULL) != ASSAY_OK)
		return;
	enum assay_status s = cache_put(cache, CACHE_NAME, key, buf_span(&text), NULL);
	(void)s;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum assay_status
hand_over(const struct fact *f, struct arena *arena, struct engine_unit_facts *to, struct assay_error *err)
{
	const json_t *headers = json_object_get(f->kept, "headers"), *skipped = json_object_get(f->kept, "skipped");
	const char **list = arena_array(arena, json_array_size(headers) + 1, sizeof *list);
	uint32_t *lines = arena_array(arena, json_array_size(skipped) + 1, sizeof *lines);
	if (list == NULL || lines == NULL)
		return arena_full(err);
	for (size_t i = 0; i < json_array_size(headers); i++)
		list[i] = arena_str(arena, json_string_value(json_array_get(headers, i)));
	for (size_t i = 0; i < json_array_size(skipped); i++)
		lines[i] = (uint32_t)json_integer_value(json_array_get(skipped, i));
	qsort(list, json_array_size(headers), sizeof *list, by_text);
	*to = (struct engine_unit_facts) { .headers = list, .skipped = lines, .skipped_count = json_array_size(skipped),
		.branches = (uint32_t)json_integer_value(json_object_get(f->kept, "branches")),
		.state = (enum sca_state)json_integer_value(json_object_get(f->kept, "state")) };
	to->why = arena_str(arena, json_string_value(json_object_get(f->kept, "why")));
	for (size_t i = 0; i < json_array_size(headers); i++) {
		if (to->header_count == 0 || strcmp(list[to->header_count - 1], list[i]) != 0)
			list[to->header_count++] = list[i];
	}
	return to->why != NULL ? ASSAY_OK : arena_full(err);
}

static void
pool_done(struct pool **p)
{
	if (*p != NULL)
		pool_free(p);
}

enum assay_status
engine_unit_facts(struct engine_server *server, const struct engine *compiler, const struct sca_unit *units, size_t count,
    struct cache *cache, struct arena *arena, struct engine_unit_facts **ret_facts, struct assay_error *err)
{
	CLEANUP(facts_done) struct facts all = { calloc(count + 1, sizeof *all.list), count };
	CLEANUP(pool_done) struct pool *pool = NULL;
	struct engine_unit_facts *facts = arena_array(arena, count + 1, sizeof *facts);
	unsigned char headers[ASSAY_SHA256_SIZE], random[MARK_BYTES];
	if (all.list == NULL || facts == NULL)
		return arena_full(err);
	if (!compiler->found || (strcmp(compiler->name, "gcc") != 0 && strcmp(compiler->name, "clang") != 0))
		return assay_fail(err, ASSAY_E_NOT_FOUND, "without a compiler it isn't known what units include");
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return assay_fail(err, ASSAY_E_SYSTEM, "no random bytes");
	TRY(depends_system(headers, err));
	for (size_t i = 0; i < count; i++) {
		struct fact *f = &all.list[i];
		*f = (struct fact) { server, table_program_name(table_find(compiler->name)), compiler->digest, &units[i], i, MARK, { 0 }, false, NULL,
			{ .status = ASSAY_OK } };
		text_hex((struct assay_span) { random, sizeof random }, f->mark + sizeof MARK - 1);
		if (units[i].refused != NULL || server_source(server, units[i].path) == NULL)
			continue;
		TRY(seal(f, headers, err));
		recall(f, cache);
	}
	TRY(pool_new(server->workers, &pool, err));
	pool_each(pool, count, fact_at, all.list);
	for (size_t i = 0; i < count; i++) {
		if (all.list[i].kept == NULL || all.list[i].why.status != ASSAY_OK)
			return assay_fail(err, ASSAY_E_SYSTEM, "the preprocessor can't be run: %s", all.list[i].why.what);
		remember(&all.list[i], cache);
		TRY(hand_over(&all.list[i], arena, &facts[i], err));
	}
	*ret_facts = facts;
	return ASSAY_OK;
}
