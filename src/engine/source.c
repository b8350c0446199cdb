/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source folder. A "#line" or "# 1 \"other.c\"" makes compilers tell another place for what they find, one that nobody looks at;
 * such lines are blanked for the engines, so that what is found is told where it stands.
 */
#include "server.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <code/lex.h>

#define LEX_ARENA_MAX ((size_t)1 << 30)
#define NAME_MAX_LEN 512

static bool
is_clean(const char *path)
{
	struct assay_span s = assay_span_str(path);
	for (size_t i = 0; i < s.len; i++) {
		/* Engines escape these in their reports in ways of their own, or not at all. */
		if (s.data[i] < ' ' || strchr("\"\\%\x7F", s.data[i]) != NULL)
			return false;
	}
	return s.len > 0 && text_is_utf8(s);
}

/* "# 12 ..." as well; its name is a number. */
static bool
names_place(const struct code_directive *d)
{
	return d->kind == CODE_D_LINE || d->name.kind == CODE_NUMBER;
}

/* Line ends stay, so that the lines keep their numbers. */
static void
blank(unsigned char *bytes, size_t len, const struct code_directive *d)
{
	size_t end = (size_t)d->at + d->len;
	for (size_t i = d->at; i < end && i < len; i++) {
		if (bytes[i] != '\n' && bytes[i] != '\r')
			bytes[i] = ' ';
	}
}

/* The last part of what stands in quotes or angle brackets. */
static const char *
last_part(const struct code_tokens *t, const struct code_token *word, struct arena *arena)
{
	char text[NAME_MAX_LEN];
	size_t len = code_spelling(t, word, text, sizeof text);
	if (len < 3 || len >= sizeof text || (word->kind != CODE_HEADER && word->kind != CODE_STRING))
		return NULL;
	text[len - 1] = '\0';
	const char *slash = strrchr(text, '/');
	return arena_str(arena, slash != NULL ? slash + 1 : text + 1);
}

static bool
is_inclusion(const struct code_tokens *t, const struct code_directive *d)
{
	return d->kind == CODE_D_INCLUDE || code_is(t, &d->name, "include_next") || code_is(t, &d->name, "import")
	    || code_is(t, &d->name, "embed");
}

static bool
asks_for_header(const struct code_tokens *t, const struct code_directive *d)
{
	for (uint32_t i = 0; i < d->count; i++) {
		if (code_is(t, &t->words[d->first + i], "__has_include") || code_is(t, &t->words[d->first + i], "__has_include_next")
		    || code_is(t, &t->words[d->first + i], "__has_embed"))
			return true;
	}
	return false;
}

/* In whatever branch it stands: engines that look at all branches read it. */
static enum assay_status
note_includes(const struct code_tokens *t, struct arena *arena, struct server_source *s, struct assay_error *err)
{
	const char **names = arena_array(arena, t->directive_count + 1, sizeof *names);
	if (names == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < t->directive_count; i++) {
		const struct code_directive *d = &t->directives[i];
		if (asks_for_header(t, d))
			s->includes_anything = true;
		if (!is_inclusion(t, d))
			continue;
		const char *name = d->count == 0 ? NULL : last_part(t, &t->words[d->first], arena);
		if (name == NULL)
			s->includes_anything = true;
		else
			names[s->include_count++] = name;
	}
	s->includes = names;
	return ASSAY_OK;
}

static enum assay_status
read_code(struct engine_server *server, struct server_source *s, unsigned char *bytes, enum code_language language,
    struct assay_error *err)
{
	CLEANUP(arena_free) struct arena *own = NULL;
	struct code_tokens t;
	TRY(arena_new(LEX_ARENA_MAX, &own));
	if (code_lex(s->bytes, language, own, &t, NULL) != ASSAY_OK) {
		s->includes_anything = true;
		return ASSAY_OK;
	}
	for (uint32_t i = 0; i < t.directive_count; i++) {
		if (!names_place(&t.directives[i]))
			continue;
		blank(bytes, s->bytes.len, &t.directives[i]);
		s->blanked++;
	}
	return note_includes(&t, server->arena, s, err);
}

static enum assay_status
grow(struct engine_server *s, struct assay_error *err)
{
	if (s->source_count < s->source_room)
		return ASSAY_OK;
	size_t room = s->source_room == 0 ? 256 : 2 * s->source_room;
	struct server_source *more = reallocarray(s->sources, room, sizeof *more);
	if (more == NULL || s->source_count >= SERVER_SOURCES_MAX) {
		if (more != NULL)
			s->sources = more;
		return assay_fail(err, ASSAY_E_LIMIT, "more files than the engines are given");
	}
	s->sources = more;
	s->source_room = room;
	return ASSAY_OK;
}

/* A file of ours for the engines, and what it may include. */
static enum assay_status
take_source(struct engine_server *server, const char *path, struct assay_span bytes, struct server_source *ret_source,
    struct assay_error *err)
{
	struct server_source s = { .path = path };
	enum code_language language = CODE_C;
	unsigned char *copy = (unsigned char *)arena_copy(server->arena, bytes);
	if (s.path == NULL || copy == NULL)
		return arena_full(err);
	s.bytes = (struct assay_span) { copy, bytes.len };
	if (code_language_of(path, &language))
		TRY(read_code(server, &s, copy, language, err));
	else
		s.includes_anything = true;
	if (assay_sha256(s.bytes, s.digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "can't hash a file for the engines");
	TRY(server_add(server, "src", path, s.bytes, err));
	*ret_source = s;
	return ASSAY_OK;
}

enum assay_status
engine_add_source(struct engine_server *server, const char *path, struct assay_span bytes, struct assay_error *err)
{
	struct server_source s = { .path = NULL };
	if (!is_clean(path))
		return assay_fail(err, ASSAY_E_UNSUPPORTED,
		    "a file whose name holds control characters, '%%', quotes or backslashes, or is no UTF-8, isn't given to engines");
	if (server->source_total + bytes.len > SERVER_SOURCES_TOTAL)
		return assay_fail(err, ASSAY_E_LIMIT, "more bytes than the engines are given");
	TRY(grow(server, err));
	TRY(take_source(server, arena_str(server->arena, path), bytes, &s, err));
	server->sources[server->source_count++] = s;
	server->source_total += bytes.len;
	server->sorted = false;
	return ASSAY_OK;
}

enum assay_status
engine_change_source(struct engine_server *server, const char *path, struct assay_span bytes, struct assay_error *err)
{
	const struct server_source *was = server_source(server, path);
	struct server_source s = { .path = NULL };
	if (was == NULL)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "the engines have no file '%s'", path);
	TRY(take_source(server, was->path, bytes, &s, err));
	server->sources[was - server->sources] = s;
	return ASSAY_OK;
}

static int
by_path(const void *a, const void *b)
{
	const struct server_source *x = a, *y = b;
	return strcmp(x->path, y->path);
}

/* Sorts when something was added since: not for several threads until it was called once. */
const struct server_source *
server_source(struct engine_server *s, const char *path)
{
	const struct server_source key = { .path = path };
	if (!s->sorted && s->source_count > 0)
		qsort(s->sources, s->source_count, sizeof *s->sources, by_path);
	s->sorted = true;
	if (s->source_count == 0)
		return NULL;
	return bsearch(&key, s->sources, s->source_count, sizeof *s->sources, by_path);
}
