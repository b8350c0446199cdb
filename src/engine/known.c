/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an engine has a check: only it knows. A plan that names one that isn't there would be enforced by nothing. What an engine said
 * is kept under the digest of all its parts: asking takes longer than looking at a file.
 */
#include "table.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <ledger/cache.h>

#define NAMES_MAX 8000
#define PROGRAM_MAX (16u << 20)
#define KEPT_MAX (4u << 20)
#define CACHE_NAME "engine-checks"

struct names {
	const char **list;
	size_t count;
	struct arena *arena;
};

static void
add(struct names *n, const unsigned char *from, size_t len)
{
	if (len == 0 || n->count == NAMES_MAX)
		return;
	const char *name = arena_copy(n->arena, (struct assay_span) { from, len });
	if (name != NULL)
		n->list[n->count++] = name;
}

static void
add_words(struct names *n, struct assay_span text, bool options)
{
	for (size_t from = 0; from < text.len;) {
		const unsigned char *at = text.data + from;
		const unsigned char *end = memchr(at, '\n', text.len - from);
		size_t len = end == NULL ? text.len - from : (size_t)(end - at), skip = 0, word = 0;
		while (skip < len && at[skip] == ' ')
			skip++;
		while (skip + word < len && at[skip + word] > ' ')
			word++;
		if (word > 0 && (at[skip] == '-') == options)
			add(n, at + skip, word);
		from += len + 1;
	}
}

static void
add_quoted(struct names *n, struct assay_span text, const char *front)
{
	size_t f = strlen(front);
	for (size_t i = 0; i + f < text.len; i++) {
		if (memcmp(text.data + i, front, f) != 0)
			continue;
		const unsigned char *at = text.data + i + f;
		const unsigned char *end = memchr(at, '"', text.len - i - f);
		if (end != NULL && (size_t)(end - at) < SCA_CHECK_NAME_MAX)
			add(n, at, (size_t)(end - at));
	}
}

/* "FF1001" wherever it stands in the script. */
static void
add_numbers(struct names *n, const char *program)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	if (file_view(program, PROGRAM_MAX, &view, NULL) != ASSAY_OK)
		return;
	for (size_t i = 0; i + 6 <= view.bytes.len; i++) {
		const unsigned char *at = view.bytes.data + i;
		if (at[0] == 'F' && at[1] == 'F' && strspn((const char *)at + 2, "0123456789") == 4)
			add(n, at, 6);
	}
}

static enum assay_status
ask(struct engine_server *s, const struct engine *e, const struct table_question *q, struct names *n, struct assay_error *err)
{
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	size_t count = 0;
	if (q->how == LISTING_NONE)
		return ASSAY_OK;
	if (q->how == LISTING_PROGRAM) {
		add_numbers(n, e->path);
		return ASSAY_OK;
	}
	while (count < TABLE_WORDS_MAX && q->arguments[count] != NULL)
		count++;
	TRY(server_ask(s, table_program_name(table_find(e->name)), q->arguments, count, 0, 0, &a, err));
	if (a.end != WIRE_EXITED || a.status != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' doesn't say which checks it has", e->name);
	if (q->how == LISTING_XML)
		add_quoted(n, a.output, "<error id=\"");
	else
		add_words(n, a.output, q->how == LISTING_OPTIONS);
	return ASSAY_OK;
}

/* Of a list of names: itself, with a value behind '=', or a package of checkers ("unix"). */
static bool
is_in(const struct names *n, const char *check)
{
	size_t len = strcspn(check, "=");
	for (size_t i = 0; i < n->count; i++) {
		const char *name = n->list[i];
		if (strncmp(name, check, len) == 0 && (name[len] == '\0' || name[len] == '=' || (name[len] == '.' && check[len] == '\0')))
			return true;
	}
	return false;
}

static enum assay_status
unknown(const struct engine *e, const char *check, const struct names *n, struct assay_error *err)
{
	const char *near = text_nearest(check, n->list, n->count);
	assay_fail(err, ASSAY_E_NOT_FOUND, "'%s' has no check '%s'", e->name, check);
	if (near != NULL)
		return assay_error_todo(err, ASSAY_E_NOT_FOUND, "did you mean '%s/%s'?", e->name, near);
	return ASSAY_E_NOT_FOUND;
}

/* Names that no list has: rules of cppcheck's addons, and warnings of the compiler that clang-tidy tells as checks. */
static bool
is_of_addon(const struct engine *e, const char *check)
{
	static const struct {
		const char *engine, *begin;
	} rows[] = { { "cppcheck", "misra-c2012-" }, { "cppcheck", "threadsafety-" }, { "cppcheck", "y2038-" },
		{ "cppcheck", "misc-" } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].engine, e->name) == 0 && strncmp(check, rows[i].begin, strlen(rows[i].begin)) == 0)
			return true;
	}
	return false;
}

/* Of this engine, as it is, and of the questions that this version puts. */
static void
key_of(const struct engine *e, const struct table_row *row, struct buf *key)
{
	buf_addf(key, "assay-engine-checks 1\n%s\n%s\n", e->name, e->digest);
	for (size_t i = 0; i < sizeof row->questions / sizeof row->questions[0]; i++) {
		buf_addf(key, "%d", (int)row->questions[i].how);
		for (size_t k = 0; k < TABLE_WORDS_MAX && row->questions[i].arguments[k] != NULL; k++)
			buf_addf(key, " %s", row->questions[i].arguments[k]);
		buf_add_str(key, "\n");
	}
}

static void
recall(struct engine_server *s, struct assay_span key, struct names *n)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	struct assay_span bytes;
	if (s->cache == NULL || cache_get(s->cache, CACHE_NAME, key, &view, &bytes, NULL) != ASSAY_OK)
		return;
	for (size_t from = 0; from < bytes.len;) {
		const unsigned char *end = memchr(bytes.data + from, '\n', bytes.len - from);
		if (end == NULL)
			break;
		add(n, bytes.data + from, (size_t)(end - bytes.data) - from);
		from = (size_t)(end - bytes.data) + 1;
	}
}

static void
remember(struct engine_server *s, struct assay_span key, const struct names *n)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(KEPT_MAX);
	for (size_t i = 0; i < n->count; i++)
		buf_addf(&text, "%s\n", n->list[i]);
	/* A cache that can't be written to is none. */
	enum assay_status status = s->cache == NULL || n->count == 0 ? ASSAY_E_NOT_FOUND : buf_status(&text, CACHE_NAME, NULL);
	if (status == ASSAY_OK)
		status = cache_put(s->cache, CACHE_NAME, key, buf_span(&text), NULL);
	(void)status;
}

static enum assay_status
ask_all(struct engine_server *s, const struct engine *e, const struct table_row *row, struct names *n, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(KEPT_MAX);
	unsigned char digest[ASSAY_SHA256_SIZE];
	key_of(e, row, &text);
	TRY(buf_status(&text, "what an engine is asked", err));
	TRY(assay_sha256(buf_span(&text), digest));
	const struct assay_span key = { digest, sizeof digest };
	recall(s, key, n);
	if (n->count > 0)
		return ASSAY_OK;
	for (size_t i = 0; i < sizeof row->questions / sizeof row->questions[0]; i++)
		TRY(ask(s, e, &row->questions[i], n, err));
	remember(s, key, n);
	return ASSAY_OK;
}

static enum assay_status
list_names(struct engine_server *s, const struct engine *e, struct names *n, struct assay_error *err)
{
	const struct table_row *row = table_find(e->name);
	if (row == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "there is no engine '%s'", e->name);
	const size_t index = (size_t)(row - table_rows);
	n->arena = s->arena;
	if (s->names[index] != NULL) {
		n->list = s->names[index];
		n->count = s->name_counts[index];
		return ASSAY_OK;
	}
	n->list = arena_array(n->arena, NAMES_MAX, sizeof *n->list);
	if (n->list == NULL)
		return arena_full(err);
	TRY(ask_all(s, e, row, n, err));
	if (n->count == 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' doesn't say which checks it has", e->name);
	s->names[index] = n->list;
	s->name_counts[index] = n->count;
	return ASSAY_OK;
}

enum assay_status
engine_knows_check(struct engine_server *server, const struct engine *e, const char *check, struct arena *arena,
    struct assay_error *err)
{
	static const char diagnostic[] = "clang-diagnostic-";
	struct names n = { .arena = arena };
	if (e->in_process || !e->found || e->why != NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be asked for its checks", e->name);
	if (is_of_addon(e, check))
		return ASSAY_OK;
	if (strncmp(check, diagnostic, sizeof diagnostic - 1) == 0 && strcmp(e->name, "clang-tidy") == 0)
		return ASSAY_OK;
	TRY(list_names(server, e, &n, err));
	return is_in(&n, check) ? ASSAY_OK : unknown(e, check, &n, err);
}
