/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: Meson's files, for the programs that they start.
 */
#include "meson.h"

struct meson {
	struct dep_work *w;
	const char *file, *folder;
	struct meson_token *tokens;
	size_t count, at;
	unsigned depth;
	bool collecting; /* first of two passes: names alone */
	struct meson_name *names;
	size_t *name_count;
};

/* What stands between the parentheses of a call. */
struct items {
	struct meson_value *items;
	size_t count, room;
};

struct arguments {
	struct items positional;
	struct meson_value command; /* "command:" and "arguments:" */
	struct meson_value input;
	bool has_command;
};

static const struct meson_value unknown = { MESON_UNKNOWN, NULL, NULL, 0 };

static struct meson_value
string(const char *text)
{
	return text != NULL ? (struct meson_value){ MESON_STRING, text, NULL, 0 } : unknown;
}

/* ---- names ---- */

/* A name that is given two values holds what can't be told. */
static void
assign(struct meson *m, const char *name, struct meson_value value)
{
	for (size_t i = 0; i < *m->name_count; i++) {
		struct meson_name *n = &m->names[i];
		if (strcmp(n->file, m->file) != 0 || strcmp(n->name, name) != 0)
			continue;
		bool same = value.kind == n->value.kind
		    && (value.kind == MESON_BUILT || (value.kind == MESON_STRING && strcmp(value.text, n->value.text) == 0));
		if (!same)
			n->value = unknown;
		return;
	}
	if (*m->name_count < MESON_NAMES_MAX)
		m->names[(*m->name_count)++] = (struct meson_name){ name, m->file, value };
}

/* In this file, else in all the others that it may be taken in by, if they agree. */
static struct meson_value
lookup(const struct meson *m, const char *name)
{
	struct meson_value found = unknown;
	bool seen = false;
	for (size_t i = 0; i < *m->name_count; i++) {
		const struct meson_name *n = &m->names[i];
		if (strcmp(n->name, name) != 0)
			continue;
		if (strcmp(n->file, m->file) == 0)
			return n->value;
		bool same = !seen || (found.kind == n->value.kind && (found.kind == MESON_BUILT
		    || (found.kind == MESON_STRING && strcmp(found.text, n->value.text) == 0)));
		found = same ? n->value : unknown;
		seen = true;
	}
	return found;
}

/* ---- expressions ---- */

static enum assay_status read_expression(struct meson *m, struct meson_value *ret_value);

static const struct meson_token *
now(const struct meson *m)
{
	return &m->tokens[m->at];
}

static bool
is(const struct meson *m, const char *text)
{
	return now(m)->kind == MESON_T_OTHER && strcmp(now(m)->text, text) == 0;
}

static bool
take(struct meson *m, const char *text)
{
	if (!is(m, text))
		return false;
	m->at++;
	return true;
}

static enum assay_status
broken(const struct meson *m, const char *what)
{
	assay_fail(m->w->err, ASSAY_E_FORMAT, "%s", what);
	return assay_error_at(m->w->err, ASSAY_E_FORMAT, m->file, now(m)->line, now(m)->column);
}

static struct meson_value
join_paths(const struct meson *m, struct meson_value a, struct meson_value b, const char *between)
{
	if (a.kind != MESON_STRING || b.kind != MESON_STRING)
		return unknown;
	return string(arena_printf(m->w->arena, "%s%s%s", a.text, between, b.text));
}

static enum assay_status
append(const struct meson *m, struct items *list, struct meson_value value)
{
	if (list->count == MESON_ITEMS_MAX)
		return assay_fail(m->w->err, ASSAY_E_LIMIT, "more items in a list than are read");
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 8 : 2 * list->room;
		struct meson_value *more = arena_array(m->w->arena, room, sizeof *more);
		if (more == NULL)
			return arena_full(m->w->err);
		if (list->count > 0)
			memcpy(more, list->items, list->count * sizeof *more);
		list->items = more;
		list->room = room;
	}
	list->items[list->count++] = value;
	return ASSAY_OK;
}

static struct meson_value
list_of(const struct items *list)
{
	return (struct meson_value){ MESON_LIST, NULL, list->items, list->count };
}

static enum assay_status
join_lists(const struct meson *m, struct meson_value a, struct meson_value b, struct meson_value *ret_value)
{
	struct items list = { 0 };
	for (size_t i = 0; i < a.count; i++)
		TRY(append(m, &list, a.items[i]));
	if (b.kind != MESON_LIST)
		TRY(append(m, &list, b));
	for (size_t i = 0; b.kind == MESON_LIST && i < b.count; i++)
		TRY(append(m, &list, b.items[i]));
	*ret_value = list_of(&list);
	return ASSAY_OK;
}

/* [a, b], and {'key': a}, of which nothing is told. */
static enum assay_status
read_list(struct meson *m, const char *close, struct meson_value *ret_value)
{
	struct items list = { 0 };
	struct meson_value value;
	while (!take(m, close)) {
		if (now(m)->kind == MESON_T_END)
			return broken(m, "a list has no end");
		TRY(read_expression(m, &value));
		TRY(append(m, &list, value));
		if (!take(m, ",") && !take(m, ":") && !is(m, close))
			return broken(m, "a list goes on without ','");
	}
	*ret_value = *close == ']' ? list_of(&list) : unknown;
	return ASSAY_OK;
}

static enum assay_status
read_argument(struct meson *m, struct arguments *a)
{
	struct meson_value value;
	const char *key = NULL;
	if (now(m)->kind == MESON_T_NAME && m->tokens[m->at + 1].kind == MESON_T_OTHER && strcmp(m->tokens[m->at + 1].text, ":") == 0) {
		key = now(m)->text;
		m->at += 2;
	}
	TRY(read_expression(m, &value));
	if (key == NULL)
		return append(m, &a->positional, value);
	a->input = strcmp(key, "input") == 0 ? value : a->input;
	bool more = strcmp(key, "command") == 0 || strcmp(key, "arguments") == 0 || strcmp(key, "kwargs") == 0;
	a->has_command = a->has_command || more;
	a->command = more ? value : a->command;
	return ASSAY_OK;
}

/* ---- calls ---- */

/* What Meson fills in: "@INPUT@" is what the call names as such, "@SOURCE_ROOT@/x" a file of the tree. */
static const char *
fill_in(const struct meson *m, const char *text)
{
	static const char root[] = "@SOURCE_ROOT@", here[] = "@CURRENT_SOURCE_DIR@";
	if (dep_starts(text, root))
		return arena_printf(m->w->arena, STARTED_TREE "%s", text + strlen(root));
	if (dep_starts(text, here))
		return arena_printf(m->w->arena, STARTED_TREE "%s%s", m->folder, text + strlen(here));
	return text;
}

/* Lists within lists are one. What the build made is "". */
static void
flatten(const struct meson *m, struct started *s, const struct meson_value *v, const struct meson_value *input, unsigned depth)
{
	if (v->kind == MESON_LIST && depth < MESON_DEPTH_MAX) {
		for (size_t i = 0; i < v->count; i++)
			flatten(m, s, &v->items[i], input, depth + 1);
	} else if (v->kind == MESON_STRING && input != NULL && dep_starts(v->text, "@INPUT")) {
		flatten(m, s, input, NULL, depth + 1);
	} else {
		started_add(s, v->kind == MESON_STRING ? fill_in(m, v->text) : v->kind == MESON_BUILT ? "" : NULL, NULL);
	}
}

/* A program that the build made starts nothing of elsewhere; one that can't be told may be anything. */
static enum assay_status
start(struct meson *m, const struct meson_token *at, const struct items *list, const struct arguments *a)
{
	struct started *s = arena_alloc(m->w->arena, sizeof *s);
	if (s == NULL)
		return arena_full(m->w->err);
	*s = (struct started){ .folder = m->folder, .place = { m->file, at->line, at->column } };
	for (size_t i = 0; list != NULL && i < list->count; i++)
		flatten(m, s, &list->items[i], &a->input, 0);
	if (a->has_command)
		flatten(m, s, &a->command, &a->input, 0);
	if (s->count == 0 || (s->words[0].text != NULL && *s->words[0].text == '\0'))
		return ASSAY_OK;
	const char *words[2] = { s->words[0].text, s->count > 1 ? s->words[1].text : NULL };
	if (CATCH(meson_unclear, words[0] == NULL && !started_fetches(words, 2)))
		TRY(dep_find(m->w, DEP_FETCH_UNCLEAR, s->place, at->text, "which program '%.60s' starts can't be told from the file", at->text));
	return started_check(m->w, s);
}

static const struct {
	const char *name;
	enum { CALL_STARTS, CALL_COMMAND, CALL_FIND, CALL_FILES, CALL_JOIN, CALL_FOLDER, CALL_ROOT, CALL_BUILT, CALL_PYTHON } what;
} calls[] = {
	{ "run_command", CALL_STARTS },
	{ "add_install_script", CALL_STARTS },
	{ "add_postconf_script", CALL_STARTS },
	{ "add_dist_script", CALL_STARTS },
	{ "generator", CALL_STARTS },
	{ "custom_target", CALL_COMMAND },
	{ "run_target", CALL_COMMAND },
	{ "vcs_tag", CALL_COMMAND },
	{ "configure_file", CALL_COMMAND },
	{ "find_program", CALL_FIND },
	{ "files", CALL_FILES },
	{ "join_paths", CALL_JOIN },
	{ "current_source_dir", CALL_FOLDER },
	{ "project_source_root", CALL_ROOT },
	{ "source_root", CALL_ROOT },
	{ "global_source_root", CALL_ROOT },
	{ "executable", CALL_BUILT },
	{ "build_target", CALL_BUILT },
	{ "cmd_array", CALL_BUILT },
	{ "find_installation", CALL_PYTHON },
};

/* Of several names the first that the tree has or that fetches, else the first. */
static struct meson_value
find_program(const struct meson *m, const struct arguments *a)
{
	for (size_t i = 0; i < a->positional.count; i++) {
		const struct meson_value *v = &a->positional.items[i];
		const char *words[2] = { v->text, "clone" };
		if (v->kind != MESON_STRING)
			return unknown;
		if (started_find(m->w, m->folder, v->text) != NULL || started_fetches(words, 2))
			return *v;
	}
	return a->positional.count > 0 ? a->positional.items[0] : unknown;
}

static enum assay_status
name_files(const struct meson *m, const struct arguments *a, struct meson_value *ret_value)
{
	struct items list = { 0 };
	for (size_t i = 0; i < a->positional.count; i++) {
		const struct meson_value *v = &a->positional.items[i];
		bool path = v->kind == MESON_STRING && !dep_starts(v->text, STARTED_TREE);
		TRY(append(m, &list, path ? string(arena_printf(m->w->arena, STARTED_TREE "%s%s", m->folder, v->text)) : *v));
	}
	*ret_value = list_of(&list);
	return ASSAY_OK;
}

static struct meson_value
join_all(const struct meson *m, const struct arguments *a)
{
	struct meson_value joined = a->positional.count > 0 ? a->positional.items[0] : unknown;
	for (size_t i = 1; i < a->positional.count; i++)
		joined = join_paths(m, joined, a->positional.items[i], "/");
	return joined;
}

static enum assay_status
run_call(struct meson *m, const struct meson_token *at, const struct arguments *a, struct meson_value *ret_value)
{
	size_t i = 0;
	*ret_value = unknown;
	while (i < sizeof calls / sizeof calls[0] && strcmp(calls[i].name, at->text) != 0)
		i++;
	if (i == sizeof calls / sizeof calls[0])
		return ASSAY_OK;
	switch (calls[i].what) {
	case CALL_STARTS:
		return m->collecting ? ASSAY_OK : start(m, at, &a->positional, a);
	case CALL_COMMAND:
		*ret_value = (struct meson_value){ MESON_BUILT, NULL, NULL, 0 };
		return m->collecting ? ASSAY_OK : start(m, at, NULL, a);
	case CALL_FIND:
		*ret_value = find_program(m, a);
		break;
	case CALL_FILES:
		return name_files(m, a, ret_value);
	case CALL_JOIN:
		*ret_value = join_all(m, a);
		break;
	case CALL_FOLDER:
		*ret_value = string(arena_printf(m->w->arena, STARTED_TREE "%s", m->folder));
		break;
	case CALL_ROOT:
		*ret_value = string(STARTED_TREE);
		break;
	case CALL_BUILT:
		*ret_value = (struct meson_value){ MESON_BUILT, NULL, NULL, 0 };
		break;
	case CALL_PYTHON:
		*ret_value = string("python3");
		break;
	}
	return ASSAY_OK;
}

static enum assay_status
read_call(struct meson *m, const struct meson_token *name, struct meson_value *ret_value)
{
	struct arguments *a = arena_alloc(m->w->arena, sizeof *a);
	if (a == NULL)
		return arena_full(m->w->err);
	while (!take(m, ")")) {
		if (now(m)->kind == MESON_T_END)
			return broken(m, "a call has no end");
		TRY(read_argument(m, a));
		if (!take(m, ",") && !is(m, ")"))
			return broken(m, "a call goes on without ','");
	}
	return run_call(m, name, a, ret_value);
}

/* ".method(...)" and "[index]" behind a value. */
static enum assay_status
read_behind(struct meson *m, struct meson_value *value)
{
	for (;;) {
		if (take(m, ".")) {
			const struct meson_token *name = now(m);
			if (name->kind != MESON_T_NAME)
				return broken(m, "'.' wants a name");
			m->at++;
			/* A program's path is its own; all else that methods give can't be told. */
			struct meson_value was = *value;
			if (!take(m, "("))
				return broken(m, "a method wants '('");
			TRY(read_call(m, name, value));
			if (strcmp(name->text, "full_path") == 0 || strcmp(name->text, "path") == 0)
				*value = was;
		} else if (take(m, "[")) {
			struct meson_value index;
			TRY(read_expression(m, &index));
			if (!take(m, "]"))
				return broken(m, "'[' has no end");
			*value = unknown;
		} else {
			return ASSAY_OK;
		}
	}
}

static enum assay_status
read_operand(struct meson *m, struct meson_value *ret_value)
{
	const struct meson_token *t = now(m);
	*ret_value = unknown;
	if (take(m, "(")) {
		TRY(read_expression(m, ret_value));
		if (!take(m, ")"))
			return broken(m, "'(' has no end");
	} else if (take(m, "[")) {
		TRY(read_list(m, "]", ret_value));
	} else if (take(m, "{")) {
		TRY(read_list(m, "}", ret_value));
	} else if (t->kind == MESON_T_STRING) {
		m->at++;
		/* Of "f'...'" the f is a word before it. */
		*ret_value = strchr(t->text, '\\') == NULL ? string(t->text) : unknown;
	} else if (t->kind == MESON_T_NAME) {
		m->at++;
		if (strcmp(t->text, "f") == 0 && now(m)->kind == MESON_T_STRING)
			m->at++;
		else if (take(m, "("))
			TRY(read_call(m, t, ret_value));
		else
			*ret_value = lookup(m, t->text);
	} else {
		m->at += t->kind == MESON_T_OTHER;
	}
	return read_behind(m, ret_value);
}

static bool
ends_expression(const struct meson *m)
{
	const struct meson_token *t = now(m);
	return t->kind == MESON_T_END || t->kind == MESON_T_LINE || is(m, ")") || is(m, "]") || is(m, "}") || is(m, ",") || is(m, ":");
}

/* Operands with what stands between them: '/' and '+' of what can be told; else all that is in it is read, and nothing is told. */
static enum assay_status
read_expression(struct meson *m, struct meson_value *ret_value)
{
	struct meson_value value, next;
	if (++m->depth > MESON_DEPTH_MAX)
		return broken(m, "expressions lie in each other deeper than is read");
	TRY(read_operand(m, &value));
	while (!ends_expression(m)) {
		bool path = take(m, "/"), sum = !path && take(m, "+"), either = !path && !sum && take(m, "?");
		TRY(read_operand(m, &next));
		if (path)
			value = join_paths(m, value, next, "/");
		else if (sum && value.kind == MESON_LIST)
			TRY(join_lists(m, value, next, &value));
		else
			value = sum ? join_paths(m, value, next, "") : unknown;
		/* "a ? b : c" */
		if (either) {
			while (!ends_expression(m))
				TRY(read_operand(m, &next));
			if (take(m, ":"))
				TRY(read_expression(m, &next));
		}
	}
	m->depth--;
	*ret_value = value;
	return ASSAY_OK;
}

/* ---- statements ---- */

static bool
is_assignment(const struct meson *m)
{
	const struct meson_token *next = &m->tokens[m->at + 1];
	return now(m)->kind == MESON_T_NAME && next->kind == MESON_T_OTHER && (strcmp(next->text, "=") == 0 || strcmp(next->text, "+=") == 0);
}

static enum assay_status
read_statement(struct meson *m)
{
	struct meson_value value;
	size_t from = m->at;
	if (is_assignment(m)) {
		const char *name = now(m)->text;
		bool plain = strcmp(m->tokens[m->at + 1].text, "=") == 0;
		m->at += 2;
		TRY(read_expression(m, &value));
		if (m->collecting)
			assign(m, name, plain ? value : unknown);
		return ASSAY_OK;
	}
	/* "foreach a, b : list", "if x", "endif" */
	TRY(read_expression(m, &value));
	if (m->at == from || is(m, ",") || is(m, ":"))
		m->at++;
	return ASSAY_OK;
}

static enum assay_status
read_file(struct meson *m, const struct source_file *f)
{
	m->file = f->path;
	m->folder = dep_folder(m->w->arena, f->path);
	m->at = m->depth = 0;
	if (m->folder == NULL)
		return arena_full(m->w->err);
	TRY(meson_words(m->w, f, &m->tokens, &m->count));
	while (now(m)->kind != MESON_T_END)
		TRY(read_statement(m));
	return ASSAY_OK;
}

static enum assay_status
begin(struct dep_work *w, struct meson *m)
{
	*m = (struct meson){ .w = w, .collecting = true };
	m->names = arena_array(w->arena, MESON_NAMES_MAX, sizeof *m->names);
	m->name_count = arena_alloc(w->arena, sizeof *m->name_count);
	return m->names != NULL && m->name_count != NULL ? ASSAY_OK : arena_full(w->err);
}

enum assay_status
meson_read(struct dep_work *w, const struct source_file *f)
{
	struct meson m;
	TRY(begin(w, &m));
	return read_file(&m, f);
}

/* Whether a file is of this pass: first what names hold, from the top down; then what is started. */
static bool
is_of_pass(const struct source_file *f, int pass)
{
	bool top = strchr(f->path, '/') == NULL;
	if (strcmp(dep_base(f->path), "meson.build") != 0 || !f->has_bytes || f->mode == 0120000)
		return false;
	return pass == 2 || top == (pass == 0);
}

enum assay_status
meson_check(struct dep_work *w)
{
	struct meson m;
	TRY(begin(w, &m));
	for (int pass = 0; pass < 3; pass++) {
		m.collecting = pass < 2;
		for (size_t i = 0; i < w->sources->count; i++) {
			const struct source_file *f = &w->sources->files[i];
			enum assay_status status = is_of_pass(f, pass) ? read_file(&m, f) : ASSAY_OK;
			if (status == ASSAY_E_MEMORY)
				return status;
			/* What can't be read was said when it was read by itself. */
			assay_error_clear(w->err);
		}
	}
	return ASSAY_OK;
}
