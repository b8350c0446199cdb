/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables, and what arguments are once references are filled in. What nobody set in what was followed may be set from outside:
 * it is unknown and not empty.
 */
#include "cmake.h"

#define TREE "<tree>/"

static uint32_t
hash_of(const char *name)
{
	uint32_t h = 2166136261u;
	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

struct cmake_symbol *
cmake_symbol(struct cmake_run *r, const char *name)
{
	uint32_t at = hash_of(name) % CMAKE_SYMBOLS;
	for (; r->symbols[at].name != NULL; at = (at + 1) % CMAKE_SYMBOLS) {
		if (strcmp(r->symbols[at].name, name) == 0)
			return &r->symbols[at];
	}
	if (r->symbol_count >= CMAKE_SYMBOLS / 2)
		return NULL;
	r->symbols[at].name = arena_str(r->arena, name);
	if (r->symbols[at].name == NULL)
		return NULL;
	r->symbol_count++;
	return &r->symbols[at];
}

static enum assay_status
grow_undo(struct cmake_run *r)
{
	size_t room = r->undo_room == 0 ? 1024 : 2 * r->undo_room;
	struct cmake_undo *more = arena_array(r->arena, room, sizeof *more);
	if (more == NULL)
		return arena_full(r->w->err);
	if (r->undo_count > 0)
		memcpy(more, r->undo, r->undo_count * sizeof *more);
	r->undo = more;
	r->undo_room = room;
	return ASSAY_OK;
}

static void
assign(struct cmake_run *r, struct cmake_symbol *s, const char *value, enum cmake_state state)
{
	r->known_count -= s->state == CMAKE_KNOWN;
	r->known_count += state == CMAKE_KNOWN;
	s->value = value;
	s->state = state;
}

enum assay_status
cmake_set(struct cmake_run *r, const char *name, const char *value, enum cmake_state state)
{
	struct cmake_symbol *s = cmake_symbol(r, name);
	if (s == NULL)
		return assay_fail(r->w->err, ASSAY_E_LIMIT, "more variables than are followed");
	if (r->undo_count == r->undo_room)
		TRY(grow_undo(r));
	r->undo[r->undo_count++] = (struct cmake_undo){ s, s->value, s->state };
	assign(r, s, value, state == CMAKE_KNOWN && value == NULL ? CMAKE_UNKNOWN : state);
	return ASSAY_OK;
}

size_t
cmake_mark(const struct cmake_run *r)
{
	return r->undo_count;
}

void
cmake_undo_to(struct cmake_run *r, size_t mark)
{
	while (r->undo_count > mark) {
		const struct cmake_undo *u = &r->undo[--r->undo_count];
		assign(r, u->symbol, u->value, u->state);
	}
}

/* ---- arguments ---- */

struct filling {
	struct cmake_run *r;
	const struct cmake_frame *f;
	struct buf *out;
	bool unknown;
	bool broken; /* a reference without end: CMake refuses the file */
};

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || (c != '\0' && strchr("/_.+-", c) != NULL);
}

/* What CMake itself sets, as a path of the tree. */
static const char *
built_in(const struct filling *x, const char *name)
{
	struct arena *arena = x->r->arena;
	if (strcmp(name, "CMAKE_CURRENT_SOURCE_DIR") == 0)
		return arena_printf(arena, TREE "%s", x->f->folder);
	if (strcmp(name, "CMAKE_CURRENT_LIST_DIR") == 0) {
		const char *folder = dep_folder(arena, x->f->file->path);
		return folder != NULL ? arena_printf(arena, TREE "%s", folder) : NULL;
	}
	if (strcmp(name, "CMAKE_SOURCE_DIR") == 0)
		return arena_printf(arena, TREE "%s", x->r->root);
	if (strcmp(name, "CMAKE_COMMAND") == 0)
		return "cmake";
	return NULL;
}

static void
fill_reference(struct filling *x, const char *name)
{
	struct cmake_symbol *s = cmake_symbol(x->r, name);
	const char *value = s != NULL && s->state == CMAKE_KNOWN ? s->value : NULL;
	if (value == NULL && (s == NULL || s->state == CMAKE_UNSET))
		value = built_in(x, name);
	if (value == NULL)
		x->unknown = true;
	else
		buf_add_str(x->out, value);
}

static const char *fill(struct filling *x, const char *at, char end, unsigned depth);

/* Behind "${"; the name may hold references itself. */
static const char *
fill_nested(struct filling *x, const char *at, unsigned depth)
{
	CLEANUP(buf_done) struct buf name = BUF_INIT(CMAKE_TEXT_MAX);
	struct filling inner = { x->r, x->f, &name, false, false };
	at = fill(&inner, at, '}', depth + 1);
	x->broken = x->broken || inner.broken;
	if (*at != '}') {
		x->broken = true;
		return at;
	}
	if (inner.unknown)
		x->unknown = true;
	else
		fill_reference(x, buf_str(&name));
	return at + 1;
}

static const char *
fill_escape(struct filling *x, const char *at)
{
	switch (*at) {
	case '\0':
		return at;
	case 'n':
		buf_add_byte(x->out, '\n');
		break;
	case 't':
		buf_add_byte(x->out, '\t');
		break;
	case 'r':
		buf_add_byte(x->out, '\r');
		break;
	case '\n':
		break; /* a line that goes on */
	case ';':
		buf_add_str(x->out, "\\;");
		break;
	default:
		buf_add_byte(x->out, (unsigned char)*at);
	}
	return at + 1;
}

/* "@NAME@" of a file that is configured. */
static bool
is_configured(const struct filling *x, const char *at)
{
	size_t n = 1;
	while (is_name_byte(at[n]))
		n++;
	return x->f->file->configured && n > 1 && at[n] == '@';
}

static const char *
fill(struct filling *x, const char *at, char end, unsigned depth)
{
	if (depth > CMAKE_NEST_MAX) {
		x->broken = true;
		return at;
	}
	while (*at != '\0' && *at != end) {
		if (dep_starts(at, "${")) {
			at = fill_nested(x, at + 2, depth);
		} else if (dep_starts(at, "$ENV{") || dep_starts(at, "$CACHE{") || dep_starts(at, "$<")
		    || dep_starts(at, "$(") || (*at == '@' && is_configured(x, at))) {
			/* Of the environment, of the cache, of the build, of make, of another file. */
			x->unknown = true;
			at++;
		} else if (*at == '\\') {
			at = fill_escape(x, at + 1);
		} else {
			buf_add_byte(x->out, (unsigned char)*at++);
		}
	}
	return at;
}

static enum assay_status
add_value(struct cmake_run *r, struct cmake_values *v, const struct cmake_arg *a, const char *text)
{
	if (v->count == CMAKE_ARGS_MAX)
		return assay_fail(r->w->err, ASSAY_E_LIMIT, "more arguments in a command than are followed");
	v->items[v->count++] = (struct cmake_value){ text, a };
	return ASSAY_OK;
}

/* An unquoted list is as many arguments as it has parts that aren't empty. */
static enum assay_status
add_list(struct cmake_run *r, struct cmake_values *v, const struct cmake_arg *a, const char *text)
{
	while (*text != '\0') {
		size_t n = 0;
		while (text[n] != '\0' && text[n] != ';')
			n += text[n] == '\\' && text[n + 1] == ';' ? 2 : 1;
		char *part = arena_copy(r->arena, (struct assay_span){ (const unsigned char *)text, n });
		if (part == NULL)
			return arena_full(r->w->err);
		if (n > 0)
			TRY(add_value(r, v, a, part));
		text += n + (text[n] == ';');
	}
	return ASSAY_OK;
}

static enum assay_status
eval_arg(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_arg *a, struct cmake_values *v)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(CMAKE_TEXT_MAX);
	struct filling x = { r, f, &out, false, false };
	if (a->kind == CMAKE_BRACKET)
		return add_value(r, v, a, a->text);
	if (strpbrk(a->text, "$\\@") == NULL)
		return a->kind == CMAKE_QUOTED ? add_value(r, v, a, a->text) : add_list(r, v, a, a->text);
	(void)fill(&x, a->text, '\0', 0);
	if (x.broken) {
		assay_fail(r->w->err, ASSAY_E_FORMAT, "a reference in '%.200s' has no end, or too many inside", f->file->path);
		return assay_error_at(r->w->err, ASSAY_E_FORMAT, f->file->path, a->line, a->column);
	}
	if (x.unknown || out.status != ASSAY_OK)
		return add_value(r, v, a, NULL);
	char *text = arena_copy(r->arena, buf_span(&out));
	if (text == NULL)
		return arena_full(r->w->err);
	return a->kind == CMAKE_QUOTED ? add_value(r, v, a, text) : add_list(r, v, a, text);
}

enum assay_status
cmake_eval(struct cmake_run *r, const struct cmake_frame *f, const struct cmake_command *c,
    struct cmake_values *ret_values)
{
	struct cmake_values v = { 0 };
	struct cmake_value items[CMAKE_ARGS_MAX];
	v.items = items;
	for (const struct cmake_arg *a = c->args; a != NULL; a = a->next)
		TRY(eval_arg(r, f, a, &v));
	struct cmake_value *kept = arena_array(r->arena, v.count + 1, sizeof *kept);
	if (kept == NULL)
		return arena_full(r->w->err);
	memcpy(kept, items, v.count * sizeof *kept);
	*ret_values = (struct cmake_values){ kept, v.count };
	return ASSAY_OK;
}

char *
cmake_path(struct cmake_run *r, const struct cmake_frame *f, const char *text)
{
	if (dep_starts(text, TREE)) {
		/* A folder's own '/' and the one behind the variable. */
		text += strlen(TREE);
		return dep_join(r->arena, "", text + strspn(text, "/"));
	}
	return dep_join(r->arena, f->folder, text);
}
