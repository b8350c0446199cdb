/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of GitHub's files: their places, expressions, secrets and comments. */
#include "github_work.h"

#include <base/cleanup.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#define VALUES_MAX 256

enum assay_status
gh_open(struct ci_file *f, struct gh *ret_gh)
{
	struct assay_span b = f->source->bytes;
	struct gh g = { .f = f, .w = f->work, .line_count = 1 };
	for (size_t i = 0; i < b.len; i++)
		g.line_count += b.data[i] == '\n';
	g.lines = arena_array(f->arena, g.line_count, sizeof *g.lines);
	if (g.lines == NULL)
		return arena_full(f->work->err);
	for (size_t i = 0, line = 1; i < b.len; i++) {
		if (b.data[i] == '\n')
			g.lines[line++] = i + 1;
	}
	*ret_gh = g;
	return ASSAY_OK;
}

/* A line of the file without its end. */
static struct assay_span
line_of(const struct gh *g, unsigned line)
{
	struct assay_span b = g->f->source->bytes;
	if (line == 0 || line > g->line_count)
		return (struct assay_span){ 0 };
	size_t from = g->lines[line - 1], to = line == g->line_count ? b.len : g->lines[line] - 1;
	if (to > from && b.data[to - 1] == '\r')
		to--;
	return (struct assay_span){ b.data + from, to - from };
}

/* Lines of a block are indented alike, so that the end of the line tells where its beginning is. */
static struct ci_place
place_in_block(const struct gh *g, const struct yaml_node *n, size_t offset)
{
	const char *start = n->text;
	unsigned line = n->line;
	for (size_t i = 0; i < offset; i++) {
		if (n->text[i] != '\n')
			continue;
		line++;
		start = n->text + i + 1;
	}
	size_t len = strcspn(start, "\n"), raw = line_of(g, line).len;
	unsigned indent = raw > len ? (unsigned)(raw - len) : 0;
	return (struct ci_place){ g->f->path, line, indent + (unsigned)(n->text + offset - start) + 1 };
}

struct ci_place
gh_place(const struct gh *g, const struct yaml_node *n, size_t offset)
{
	if (n->block)
		return place_in_block(g, n, offset);
	struct assay_span line = line_of(g, n->line);
	/* Written in one line, with or without quotes: as far along as in the text, unless there are escapes. */
	for (size_t quote = 0; quote < 2; quote++) {
		size_t at = n->column - 1 + quote;
		if (offset <= n->text_len && at <= line.len && line.len - at >= offset
		    && memcmp(line.data + at, n->text, offset) == 0)
			return (struct ci_place){ g->f->path, n->line, (unsigned)(at + offset) + 1 };
	}
	return ci_at(g->f, n);
}

/* ---- questions ---- */

enum assay_status
gh_wrong(struct gh *g, const struct yaml_node *n, const char *fmt, ...)
{
	char what[512];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	return ci_ask(g->w, CI_ALL, "unknown-syntax", ci_at_key(g->f, n), "'%s': %s", g->f->path, what);
}

enum assay_status
gh_mapping(struct gh *g, const struct yaml_node *n, const char *what, const struct gh_key *keys, size_t count,
    void *into)
{
	if (n->kind != YAML_MAPPING)
		return gh_wrong(g, n, "%s isn't a mapping", what);
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		size_t i = 0;
		while (i < count && strcmp(keys[i].name, c->key) != 0)
			i++;
		if (i == count)
			TRY(gh_wrong(g, c, "%s has the unknown key '%.64s'", what, c->key));
		else if (keys[i].read != NULL)
			TRY(keys[i].read(g, c, into));
		if (c->merged)
			TRY(gh_wrong(g, c, "%s has a merge key, which GitHub doesn't know", what));
	}
	return ASSAY_OK;
}

/* ---- secrets ---- */

struct scan {
	struct gh *g;
	const struct yaml_node *node;
	size_t offset;
	enum ci_secret_at at;
	const char *variable;
	enum assay_status status;
	const char *path;
};

static enum assay_status
add_secret(struct scan *s, const struct ci_secret *like, const char *name)
{
	struct ci_secret *secret = NULL;
	TRY(ci_alloc(s->g->w, sizeof *secret, &secret));
	*secret = *like;
	/* Names of secrets are the same in any case of letters, and people write them in capitals. */
	char shown[256];
	(void)snprintf(shown, sizeof shown, "%s", name);
	for (char *p = shown; name != s->path && *p != '\0'; p++)
		*p = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	TRY(ci_keep(s->g->w, shown, &secret->name));
	if (s->variable != NULL)
		TRY(ci_keep(s->g->w, s->variable, &secret->variable));
	secret->at = s->at;
	secret->place = gh_place(s->g, s->node, s->offset);
	struct ci_secret **list = s->g->job != NULL ? &s->g->job->secrets : &s->g->pipeline->secrets;
	secret->next = *list;
	*list = secret;
	return ASSAY_OK;
}

static void
visit_path(const char *path, const struct expr *e, void *context)
{
	struct scan *s = context;
	struct ci_secret like = { 0 };
	const char *name = path;
	(void)e;
	s->path = path;
	if (strcmp(path, "secrets") == 0 || strcmp(path, "secrets.*") == 0) {
		like.all = true;
	} else if (strncmp(path, "secrets.", 8) == 0) {
		name = path + 8;
		like.computed = strcmp(name, "?") == 0;
		like.token = strcasecmp(name, "github_token") == 0;
	} else if (strcmp(path, "github.token") == 0) {
		like.token = true;
	} else {
		return;
	}
	if (s->status == ASSAY_OK)
		s->status = add_secret(s, &like, name);
}

static enum assay_status
scan_piece(struct scan *s, struct assay_span inner, bool closed)
{
	struct gh *g = s->g;
	struct expr *e = NULL;
	struct assay_error err = { 0 };
	enum assay_status status = closed ? expr_parse(inner, g->f->arena, &e, &err) : ASSAY_E_FORMAT;
	if (status == ASSAY_E_MEMORY)
		return arena_full(g->w->err);
	if (status != ASSAY_OK)
		return ci_ask(g->w, CI_ALL, "unknown-expression", gh_place(g, s->node, s->offset), "'%s': %s", g->f->path,
		    closed ? err.what : "an expression that isn't closed");
	expr_paths(e, visit_path, s);
	return s->status;
}

enum assay_status
gh_scan(struct gh *g, const struct yaml_node *n, enum ci_secret_at at, const char *variable)
{
	size_t cursor = 0;
	struct expr_piece piece;
	bool closed = false;
	if (n->kind != YAML_SCALAR) {
		for (const struct yaml_node *c = n->first; c != NULL; c = c->next)
			TRY(gh_scan(g, c, at, variable));
		return ASSAY_OK;
	}
	while (expr_next(n->text, &cursor, &piece, &closed)) {
		struct scan s = { g, n, piece.begin, at, variable, ASSAY_OK, NULL };
		TRY(scan_piece(&s, piece.inner, closed));
	}
	return ASSAY_OK;
}

/* An "if" takes an expression with or without braces. With text around them it is a text, and texts are true. */
enum assay_status
gh_condition(struct gh *g, const struct yaml_node *n, const char **ret_text, struct ci_place *ret_place)
{
	size_t cursor = 0;
	struct expr_piece piece;
	bool closed = false;
	if (n->kind != YAML_SCALAR)
		return gh_wrong(g, n, "a condition isn't a text");
	TRY(ci_keep(g->w, n->text, ret_text));
	*ret_place = ci_at_key(g->f, n);
	if (!expr_next(n->text, &cursor, &piece, &closed)) {
		struct scan s = { g, n, 0, CI_SECRET_CONDITION, NULL, ASSAY_OK, NULL };
		return n->text_len > 0 ? scan_piece(&s, assay_span_str(n->text), true) : ASSAY_OK;
	}
	if (closed && (piece.begin > 0 || n->text[piece.end] != '\0'))
		TRY(ci_remark(g->w, CI_REMARK_ALWAYS_TRUE, *ret_place, n->text));
	return gh_scan(g, n, CI_SECRET_CONDITION, NULL);
}

enum assay_status
gh_comment(struct gh *g, const struct yaml_node *n, const char **ret_comment)
{
	struct assay_span line = line_of(g, n->line);
	size_t at = n->column - 1 + n->text_len;
	while (at < line.len && line.data[at] != '#')
		at++;
	if (at >= line.len)
		return ASSAY_OK;
	for (at++; at < line.len && line.data[at] == ' '; at++)
		continue;
	while (line.len > at && line.data[line.len - 1] == ' ')
		line.len--;
	if (line.len == at)
		return ASSAY_OK;
	return ci_printf(g->w, ret_comment, "%.*s", (int)(line.len - at > 200 ? 200 : line.len - at), (const char *)line.data + at);
}

/* ---- variables ---- */

enum assay_status
gh_variable(struct gh *g, struct ci_variable **first, const char *name, const struct yaml_node *value)
{
	struct ci_variable *v = NULL;
	TRY(ci_alloc(g->w, sizeof *v, &v));
	TRY(ci_keep(g->w, name, &v->name));
	TRY(ci_keep(g->w, value->kind == YAML_SCALAR ? value->text : "", &v->value));
	v->place = value->kind == YAML_SCALAR ? gh_place(g, value, 0) : ci_at(g->f, value);
	v->next = *first;
	*first = v;
	return ASSAY_OK;
}

/* Variables that change what the runner itself does. */
static enum assay_status
remark_switch(struct gh *g, const struct yaml_node *n, enum ci_secret_at at)
{
	static const struct {
		const char *name;
		enum ci_remark_kind kind;
	} switches[] = { { "ACTIONS_RUNNER_DEBUG", CI_REMARK_DEBUG }, { "ACTIONS_STEP_DEBUG", CI_REMARK_DEBUG },
		{ "ACTIONS_ALLOW_UNSECURE_COMMANDS", CI_REMARK_UNSAFE_COMMANDS } };
	bool on = n->kind == YAML_SCALAR && strcasecmp(n->text, "false") != 0 && strcmp(n->text, "0") != 0 && n->text_len > 0;
	for (size_t i = 0; on && at <= CI_SECRET_STEP_ENV && i < sizeof switches / sizeof switches[0]; i++) {
		if (strcmp(switches[i].name, n->key) == 0)
			TRY(ci_remark(g->w, switches[i].kind, ci_at_key(g->f, n), n->key));
	}
	return ASSAY_OK;
}

enum assay_status
gh_variables(struct gh *g, const struct yaml_node *n, enum ci_secret_at at, struct ci_variable **ret_first)
{
	struct ci_variable **link = ret_first;
	/* "env: ${{ fromJSON(...) }}" sets what the tree doesn't tell. */
	if (n->kind == YAML_SCALAR)
		return yaml_is_null(n) ? ASSAY_OK : gh_wrong(g, n, "'%.64s' is computed as a whole", n->key);
	if (n->kind != YAML_MAPPING)
		return gh_wrong(g, n, "'%.64s' isn't a mapping", n->key);
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		TRY(gh_variable(g, link, c->key, c));
		TRY(gh_scan(g, c, at, c->key));
		TRY(remark_switch(g, c, at));
		link = &(*link)->next;
	}
	return ASSAY_OK;
}

/* ---- matrix ---- */

/* The key of the matrix when the piece is "matrix.KEY" and no more. */
static bool
matrix_key(struct gh *g, struct assay_span inner, char *key, size_t room)
{
	struct expr *e = NULL;
	char path[EXPR_PATH_MAX];
	if (expr_parse(inner, g->f->arena, &e, NULL) != ASSAY_OK || !expr_path(e, path, sizeof path)
	    || strncmp(path, "matrix.", 7) != 0 || strlen(path + 7) >= room)
		return false;
	memcpy(key, path + 7, strlen(path + 7) + 1);
	return true;
}

enum assay_status
gh_expand(struct gh *g, const struct yaml_node *n,
    enum assay_status (*each)(struct gh *g, const char *text, struct ci_place at, bool unseen, void *into), void *into)
{
	size_t cursor = 0, values = 0;
	struct expr_piece piece;
	struct expr_piece other;
	bool closed = false;
	char key[256], text[1024];
	struct ci_place own = gh_place(g, n, 0);
	if (!expr_next(n->text, &cursor, &piece, &closed))
		return each(g, n->text, own, false, into);
	bool one = closed && g->job != NULL && matrix_key(g, piece.inner, key, sizeof key) && !expr_next(n->text, &cursor, &other, &closed);
	for (const struct ci_variable *v = one ? g->job->matrix : NULL; v != NULL && values < VALUES_MAX; v = v->next) {
		if (strcasecmp(v->name, key) != 0)
			continue;
		values++;
		(void)snprintf(text, sizeof text, "%.*s%s%s", (int)(piece.begin > 500 ? 500 : piece.begin), n->text, v->value,
		    n->text + piece.end);
		/* A value may be computed itself. */
		TRY(each(g, text, v->place, strstr(v->value, "${{") != NULL, into));
	}
	if (values == 0 || g->job->matrix_computed || values == VALUES_MAX)
		return each(g, n->text, own, true, into);
	return ASSAY_OK;
}
