/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which headers a unit includes, and which branches the compiler saw, of its own and of theirs. It is given a copy of the tree in which
 * a pragma with a random name and a number stands behind each #if, #elif and #else; those that are left after preprocessing tell the
 * branches.
 */
#include "run.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/pool.h>
#include <base/text.h>
#include <base/unconst.h>
#include <code/branches.h>
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
/* Of one file, and of all: what has more goes in without marks, and its branches count as unseen. */
#define FILE_MARKS_MAX 200000u
#define MARKS_MAX (1u << 24)
#define MARKED_FOLDER "canary"
#define MARKED_BELOW "mark/"
#define CACHE_NAME "engine-facts"
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The copy with marks. A file's branches have the numbers from its first on. */
struct marks {
	struct engine_server *server;
	char name[sizeof MARK + 2 * sizeof(unsigned char[MARK_BYTES])];
	char root[SERVER_ROOT_MAX]; /* where compilers see the copy, with a '/' at its end */
	uint32_t *firsts;           /* one a source, and one more */
	uint32_t *lines;            /* by number */
	uint32_t count, room;
};

struct fact {
	const struct marks *marks;
	struct engine_server *server;
	const char *program, *digest;
	const struct sca_unit *unit;
	unsigned char key[ASSAY_SHA256_SIZE];
	bool cached;
	json_t *kept; /* {"headers": [...], "seen": {PATH: [LINE, ...]}, "state": n, "why": "..."} */
	struct assay_error why;
};

/* ---- the marked copy ---- */

static void
marks_done(struct marks *m)
{
	free(m->firsts);
	free(m->lines);
}

static enum assay_status
note_mark(struct marks *m, uint32_t line, struct assay_error *err)
{
	if (m->count == m->room) {
		const uint32_t room = m->room == 0 ? 1024 : 2 * m->room;
		uint32_t *more = reallocarray(m->lines, room, sizeof *more);
		if (more == NULL)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the branches of files");
		m->lines = more;
		m->room = room;
	}
	m->lines[m->count++] = line;
	return ASSAY_OK;
}

/* What isn't C by its name may be included all the same. What can't be read goes in without marks. */
static enum assay_status
mark_file(struct marks *m, const struct server_source *s, struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(buf_done) struct buf copy = BUF_INIT(COPY_MAX);
	struct code_branch *branches = NULL;
	struct code_tokens t;
	enum code_language language = CODE_C;
	uint32_t count = 0;
	size_t from = 0;
	code_language_of(s->path, &language);
	TRY(arena_new(ARENA_MAX, &arena) == ASSAY_OK ? ASSAY_OK : arena_full(err));
	if (code_lex(s->bytes, language, arena, &t, NULL) != ASSAY_OK || code_branches(&t, arena, &branches, &count, NULL) != ASSAY_OK
	    || count > FILE_MARKS_MAX || count > MARKS_MAX - m->count)
		count = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!branches[i].closed || branches[i].end < from)
			continue;
		buf_add(&copy, s->bytes.data + from, branches[i].end - from);
		buf_addf(&copy, "#pragma %s %u\n", m->name, m->count);
		TRY(note_mark(m, branches[i].line, err));
		from = branches[i].end;
	}
	buf_add(&copy, s->bytes.data + from, s->bytes.len - from);
	TRY(buf_status(&copy, "a file with marks", err));
	const char *path = arena_printf(arena, MARKED_BELOW "%s", s->path);
	return path == NULL ? arena_full(err) : server_add(m->server, MARKED_FOLDER, path, buf_span(&copy), err);
}

static enum assay_status
mark_tree(struct marks *m, struct assay_error *err)
{
	struct engine_server *s = m->server;
	unsigned char random[MARK_BYTES];
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return assay_fail(err, ASSAY_E_SYSTEM, "no random bytes");
	memcpy(m->name, MARK, sizeof MARK);
	text_hex((struct assay_span) { random, sizeof random }, m->name + sizeof MARK - 1);
	text_put(m->root, sizeof m->root, "%s/" MARKED_FOLDER "/" MARKED_BELOW, s->cage.kind == CAGE_TRUSTED ? s->cage.work : "");
	m->firsts = calloc(s->source_count + 1, sizeof *m->firsts);
	if (m->firsts == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the branches of files");
	for (size_t i = 0; i < s->source_count; i++) {
		m->firsts[i] = m->count;
		TRY(mark_file(m, &s->sources[i], err));
	}
	m->firsts[s->source_count] = m->count;
	return ASSAY_OK;
}

/* ---- what came out ---- */

/* seen: a byte for each number. */
static void
find_marks(const struct fact *f, struct assay_span text, unsigned char *seen)
{
	const size_t n = strlen(f->marks->name);
	for (size_t i = 0; i + n + 2 < text.len; i++) {
		const unsigned char *at = memmem(text.data + i, text.len - i, f->marks->name, n);
		if (at == NULL)
			break;
		i = (size_t)(at - text.data) + n;
		uint64_t number = 0;
		size_t digits = 0;
		while (i + 1 + digits < text.len && text.data[i + 1 + digits] >= '0' && text.data[i + 1 + digits] <= '9')
			digits++;
		if (text_to_u64((struct assay_span) { text.data + i + 1, digits }, &number) == ASSAY_OK && number < f->marks->count)
			seen[number] = 1;
	}
}

static void
note_branches(const struct fact *f, struct assay_span text)
{
	const struct marks *m = f->marks;
	unsigned char *seen = calloc(m->count + 1, 1);
	json_t *files = json_object_get(f->kept, "seen");
	if (seen == NULL)
		return;
	find_marks(f, text, seen);
	for (size_t i = 0; i < m->server->source_count; i++) {
		json_t *lines = NULL;
		for (uint32_t k = m->firsts[i]; k < m->firsts[i + 1]; k++) {
			if (!seen[k])
				continue;
			if (lines == NULL)
				json_object_set_new(files, m->server->sources[i].path, lines = json_array());
			json_array_append_new(lines, json_integer(m->lines[k]));
		}
	}
	free(seen);
}

/* Compilers write "src/../inc/x.h" as it came about. */
static void
note_header(const struct fact *f, const char *path, struct arena *arena)
{
	const char *root = f->marks->root;
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

/* "-I/src/lib" and "/src/config.h": where the copy has it. */
static const char *
marked_word(const struct fact *f, const char *word, struct arena *arena)
{
	char root[SERVER_ROOT_MAX];
	server_root(f->server, false, root);
	const char *path = strchr(word, '/');
	const size_t n = strlen(root) - 1;
	if (path == NULL || strncmp(word, "-D", 2) == 0 || strncmp(path, root, n) != 0 || (path[n] != '/' && path[n] != '\0'))
		return word;
	return arena_printf(arena, "%.*s%s%s", (int)(path - word), word, f->marks->root, path[n] == '/' ? path + n + 1 : "");
}

static enum assay_status
ask(const struct fact *f, struct arena *arena, struct server_answer *a, struct assay_error *err)
{
	const char *const front[] = { "-E", "-MD", "-MT", "x", "-MF", "/out/unit.d" };
	const char **words = arena_array(arena, f->unit->arg_count + COUNT(front) + 2, sizeof *words);
	size_t n = 0;
	if (words == NULL)
		return arena_full(err);
	for (size_t i = 0; i < COUNT(front); i++)
		words[n++] = front[i];
	for (size_t i = 0; i < f->unit->arg_count; i++)
		words[n++] = marked_word(f, f->unit->args[i], arena);
	words[n++] = arena_printf(arena, "%s%s", f->marks->root, f->unit->path);
	for (size_t i = 0; i < n; i++)
		if (words[i] == NULL)
			return arena_full(err);
	return server_ask(f->server, f->program, words, n, 0, 0, a, err);
}

static void
note_answer(const struct fact *f, const struct server_answer *a, struct arena *arena)
{
	note_state(f, SCA_RAN, "");
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
	note_branches(f, a->output);
	note_headers(f, a->files[0].bytes, arena);
}

static bool
is_here(const struct fact *f)
{
	return f->unit->refused == NULL && server_source(f->server, f->unit->path) != NULL;
}

static void
fact_at(void *context, size_t i)
{
	struct fact *f = (struct fact *)context + i;
	CLEANUP(arena_free) struct arena *arena = NULL;
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	if (f->kept != NULL)
		return;
	f->kept = json_pack("{s:[], s:{}, s:i, s:s}", "headers", "seen", "state", SCA_REFUSED, "why", "");
	if (f->kept == NULL)
		return;
	if (!is_here(f))
		note_state(f, SCA_REFUSED, f->unit->refused != NULL ? f->unit->refused : "the tree has no such file");
	else if (arena_new(ARENA_MAX, &arena) != ASSAY_OK)
		f->why.status = ASSAY_E_MEMORY;
	else if (ask(f, arena, &a, &f->why) == ASSAY_OK)
		note_answer(f, &a, arena);
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
	TRY(depends_digest(f->server, f->unit, digest, err));
	buf_addf(&key, "assay-engine-facts 3\n%s\n%s\n%s\n", engine_cage_name(engine_server_cage(f->server)), f->digest,
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
hand_over_seen(const json_t *files, struct arena *arena, struct engine_unit_facts *to, struct assay_error *err)
{
	struct engine_seen *list = arena_array(arena, json_object_size(files) + 1, sizeof *list);
	const char *path;
	json_t *lines;
	if (list == NULL)
		return arena_full(err);
	to->seen = list;
	json_object_foreach(unconst(files), path, lines) {
		uint32_t *numbers = arena_array(arena, json_array_size(lines) + 1, sizeof *numbers);
		struct engine_seen *s = &list[to->seen_count++];
		*s = (struct engine_seen) { .path = arena_str(arena, path), .lines = numbers, .count = json_array_size(lines) };
		if (numbers == NULL || s->path == NULL)
			return arena_full(err);
		for (size_t i = 0; i < s->count; i++)
			numbers[i] = (uint32_t)json_integer_value(json_array_get(lines, i));
	}
	return ASSAY_OK;
}

static enum assay_status
hand_over(const struct fact *f, struct arena *arena, struct engine_unit_facts *to, struct assay_error *err)
{
	const json_t *headers = json_object_get(f->kept, "headers");
	const char **list = arena_array(arena, json_array_size(headers) + 1, sizeof *list);
	if (list == NULL)
		return arena_full(err);
	for (size_t i = 0; i < json_array_size(headers); i++)
		list[i] = arena_str(arena, json_string_value(json_array_get(headers, i)));
	qsort(list, json_array_size(headers), sizeof *list, by_text);
	*to = (struct engine_unit_facts) { .headers = list,
		.state = (enum sca_state)json_integer_value(json_object_get(f->kept, "state")) };
	to->why = arena_str(arena, json_string_value(json_object_get(f->kept, "why")));
	for (size_t i = 0; i < json_array_size(headers); i++) {
		if (to->header_count == 0 || strcmp(list[to->header_count - 1], list[i]) != 0)
			list[to->header_count++] = list[i];
	}
	return to->why != NULL ? hand_over_seen(json_object_get(f->kept, "seen"), arena, to, err) : arena_full(err);
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
	CLEANUP(marks_done) struct marks marks = { .server = server };
	CLEANUP(pool_done) struct pool *pool = NULL;
	struct engine_unit_facts *facts = arena_array(arena, count + 1, sizeof *facts);
	unsigned char headers[ASSAY_SHA256_SIZE];
	size_t known = 0;
	if (all.list == NULL || facts == NULL)
		return arena_full(err);
	if (!compiler->found || (strcmp(compiler->name, "gcc") != 0 && strcmp(compiler->name, "clang") != 0))
		return assay_fail(err, ASSAY_E_NOT_FOUND, "without a compiler it isn't known what units include");
	TRY(depends_system(server, headers, err));
	for (size_t i = 0; i < count; i++) {
		struct fact *f = &all.list[i];
		*f = (struct fact) { .marks = &marks, .server = server, .program = table_program_name(table_find(compiler->name)),
			.digest = compiler->digest, .unit = &units[i] };
		if (is_here(f)) {
			TRY(seal(f, headers, err));
			recall(f, cache);
		}
		known += f->cached;
	}
	if (known < count)
		TRY(mark_tree(&marks, err));
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
