/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <sca/ask.h>
#include <sca/interface.h>
#include <sca/language.h>
#include <string.h>

/* Names of functions in one question; the rest is counted. */
#define NAMES_MAX 12
#define TEXT_ROOM 65536
/* Rules in one question. */
#define RULES_MAX 6u

struct asking {
	const struct ask *a;
	struct arena *arena;
	struct review *r;
	size_t room;
	struct assay_error *err;
};

static enum assay_status
add(struct asking *x, enum review_point point, const char *about, const struct buf *text)
{
	if (x->r->question_count == REVIEW_QUESTIONS_MAX || x->r->question_count == x->room) {
		(void)assay_fail(x->err, ASSAY_E_LIMIT, "a review would have more than %d questions", REVIEW_QUESTIONS_MAX);
		return assay_error_todo(x->err, ASSAY_E_LIMIT, "review fewer commits or files at once");
	}
	TRY(buf_status(text, "a question", x->err));
	const char *ask = arena_copy(x->arena, buf_span(text));
	if (ask == NULL)
		return arena_full(x->err);
	x->r->questions[x->r->question_count++] = (struct review_question){ .point = point, .about = about, .ask = ask };
	return ASSAY_OK;
}

bool
ask_concerns(const struct plan_standard *s, const char *path)
{
	const struct sca_language *l = sca_language_of(path);
	for (size_t i = 0; l != NULL && i < s->languages.count; i++) {
		if (strcmp(s->languages.items[i], l->name) == 0 || (l->also != NULL && strcmp(s->languages.items[i], l->also) == 0))
			return true;
	}
	return false;
}

bool
ask_names(const char *ask, const char *rule)
{
	const size_t len = strlen(rule);
	for (const char *p = strstr(ask, rule); p != NULL; p = strstr(p + 1, rule)) {
		if ((p == ask || p[-1] == ' ') && p[len] == ':')
			return true;
	}
	return false;
}

/* ---- what a file's code shows ---- */

struct seen {
	bool read; /* C or C++ that could be read */
	struct code_tokens tokens;
	struct sca_surface surface;
};

static enum assay_status
look(struct arena *arena, const char *path, struct assay_span bytes, struct seen *ret, struct assay_error *err)
{
	enum code_language language;
	*ret = (struct seen){ .read = false };
	if (!code_language_of(path, &language))
		return ASSAY_OK;
	TRY(code_lex(bytes, language, arena, &ret->tokens, err));
	TRY(sca_surface_find(&ret->tokens, arena, &ret->surface, err));
	ret->read = true;
	return ASSAY_OK;
}

static const struct sca_function *
function_of(const struct seen *s, const char *name)
{
	for (size_t i = 0; i < s->surface.function_count; i++) {
		if (strcmp(s->surface.functions[i].name, name) == 0)
			return &s->surface.functions[i];
	}
	return NULL;
}

/* Whether a function isn't as it was; all are new where nothing was before. */
static bool
has_changed(const struct seen *now, const struct sca_function *f, const struct seen *before)
{
	const struct sca_function *old = before->read ? function_of(before, f->name) : NULL;
	return old == NULL || !sca_function_same(&now->tokens, f, &before->tokens, old);
}

static void
name_functions(const struct seen *now, const struct seen *before, struct buf *out)
{
	size_t named = 0, more = 0;
	for (size_t i = 0; i < now->surface.function_count; i++) {
		if (!has_changed(now, &now->surface.functions[i], before))
			continue;
		if (named == NAMES_MAX) {
			more++;
			continue;
		}
		buf_addf(out, "%s%s()", named++ == 0 ? " (" : ", ", now->surface.functions[i].name);
	}
	if (more > 0)
		buf_addf(out, " and %zu more", more);
	buf_add_str(out, named > 0 ? ")" : "");
}

/* ---- point (e) ---- */

static enum assay_status
ask_interface(struct asking *x, const char *path, const struct sca_interface *i)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	buf_addf(&text, "%s%s calls %s (%s) in line %u: what can somebody outside control there, and what checks it before it is used?",
	    i->function != NULL ? i->function : "code", i->function != NULL ? "()" : "", i->call, i->kind, i->line);
	if (strcmp(i->call, "main") == 0) {
		buf_reset(&text);
		buf_add_str(&text, "main() takes arguments: who can choose them, and what checks them before they are used?");
	}
	return add(x, REVIEW_THREATS, path, &text);
}

/* A call of one name in one function is asked about once. */
static bool
was_asked(const struct sca_surface *s, size_t at)
{
	const struct sca_interface *i = &s->interfaces[at];
	for (size_t k = 0; k < at; k++) {
		const struct sca_interface *other = &s->interfaces[k];
		const bool same = i->function == NULL ? other->function == NULL
		    : other->function != NULL && strcmp(i->function, other->function) == 0;
		if (same && strcmp(i->call, other->call) == 0)
			return true;
	}
	return false;
}

static enum assay_status
keep_interface(struct asking *x, const char *path, const struct sca_interface *i)
{
	if (x->r->interface_count == REVIEW_INTERFACES_MAX) {
		(void)assay_fail(x->err, ASSAY_E_LIMIT, "the files call more than %d interfaces", REVIEW_INTERFACES_MAX);
		return assay_error_todo(x->err, ASSAY_E_LIMIT, "review fewer files at once");
	}
	x->r->interfaces[x->r->interface_count++] = (struct review_interface){ path, i->function, i->call, i->kind, i->line };
	return ASSAY_OK;
}

static enum assay_status
ask_threats(struct asking *x, const char *path, const struct seen *now, const struct seen *before)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	size_t asked = 0;
	for (size_t i = 0; i < now->surface.interface_count; i++) {
		const struct sca_interface *one = &now->surface.interfaces[i];
		const struct sca_function *in = one->function != NULL ? function_of(now, one->function) : NULL;
		if ((in != NULL && !has_changed(now, in, before)) || was_asked(&now->surface, i))
			continue;
		TRY(keep_interface(x, path, one));
		TRY(ask_interface(x, path, one));
		asked++;
	}
	if (asked > 0)
		return ASSAY_OK;
	buf_addf(&text, "no interface that assay knows is called in what changed in %s", path);
	name_functions(now, before, &text);
	buf_add_str(&text, ": across which boundary do its inputs come, and which asset could it harm?");
	return add(x, REVIEW_THREATS, path, &text);
}

/* ---- a file ---- */

static enum assay_status
ask_gone(struct asking *x, const char *path)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	buf_addf(&text, "%s is taken away: which check or protection goes with it, and what stands in its place?", path);
	return add(x, REVIEW_THREATS, path, &text);
}

static enum assay_status
ask_requirements(struct asking *x, const struct review_file *f, const struct seen *now, const struct seen *before)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	if (f->moved_from != NULL)
		buf_addf(&text, "%s was %s: ", f->path, f->moved_from);
	buf_addf(&text, "which security requirements does %s%s", f->has_was ? "the change to " : "", f->path);
	name_functions(now, before, &text);
	buf_add_str(&text, " serve, and which of them are not met?");
	return add(x, REVIEW_REQUIREMENTS, f->path, &text);
}

static enum assay_status
ask_file(struct asking *x, const struct ask_file *f)
{
	struct seen now, before;
	if (!f->file->has_blob)
		return ask_gone(x, f->file->path);
	TRY(look(x->arena, f->file->path, f->has_now ? f->now : (struct assay_span){ 0 }, &now, x->err));
	TRY(look(x->arena, f->file->path, f->has_before ? f->before : (struct assay_span){ 0 }, &before, x->err));
	before.read = before.read && f->has_before;
	TRY(ask_requirements(x, f->file, &now, &before));
	return ask_threats(x, f->file->path, &now, &before);
}

/* ---- the change as a whole ---- */

static void
name_files(const struct review *r, struct buf *text)
{
	for (size_t i = 0; i < r->file_count && i < NAMES_MAX; i++)
		buf_addf(text, "%s%s", i == 0 ? "" : ", ", r->files[i].path);
	if (r->file_count > NAMES_MAX)
		buf_addf(text, " and %zu more", r->file_count - NAMES_MAX);
}

static void
add_names(struct buf *text, const char *what, const struct yaml_strings *names)
{
	for (size_t i = 0; i < names->count && i < NAMES_MAX; i++)
		buf_addf(text, "%s%s", i == 0 ? what : ", ", names->items[i]);
	if (names->count > NAMES_MAX)
		buf_addf(text, " and %zu more", names->count - NAMES_MAX);
}

static enum assay_status
ask_standard(struct asking *x)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	buf_add_str(&text, "which rules of the coding standard");
	for (size_t i = 0; x->a->plan != NULL && i < x->a->plan->count; i++)
		buf_addf(&text, "%s%s", i == 0 ? " (" : ", ", x->a->plan->standards[i].id);
	buf_add_str(&text, x->a->plan != NULL && x->a->plan->count > 0 ? ")" : "");
	buf_add_str(&text, " are broken or bent in ");
	name_files(x->r, &text);
	add_names(&text, "; do these deviations still hold: ", &x->r->deviations);
	buf_add_byte(&text, '?');
	return add(x, REVIEW_STANDARD, NULL, &text);
}

/* Rules that the plan leaves to reviewers, some at a time. */
static enum assay_status
ask_rules(struct asking *x, const struct plan_standard *s)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	size_t rules = 0;
	for (size_t k = 0; k < s->count; k++) {
		if (s->rows[k].review == NULL)
			continue;
		buf_addf(&text, "%s%s: %s", rules > 0 ? " " : "", s->rows[k].rule, s->rows[k].review);
		if (++rules < RULES_MAX)
			continue;
		TRY(add(x, REVIEW_STANDARD, NULL, &text));
		buf_reset(&text);
		rules = 0;
	}
	return rules > 0 ? add(x, REVIEW_STANDARD, NULL, &text) : ASSAY_OK;
}

/* Whether the standard is for a language of one of the files. */
static bool
is_concerned(const struct asking *x, const struct plan_standard *s)
{
	for (size_t i = 0; i < x->r->file_count; i++) {
		if (ask_concerns(s, x->r->files[i].path))
			return true;
	}
	return false;
}

static enum assay_status
ask_whole(struct asking *x)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_ROOM);
	TRY(ask_standard(x));
	for (size_t i = 0; x->a->plan != NULL && i < x->a->plan->count; i++) {
		if (is_concerned(x, &x->a->plan->standards[i]))
			TRY(ask_rules(x, &x->a->plan->standards[i]));
	}
	buf_add_str(&text, "what did analysis find at this tree in ");
	name_files(x->r, &text);
	add_names(&text, "; was each of these looked at: ", &x->r->findings);
	buf_add_byte(&text, '?');
	TRY(add(x, REVIEW_ANALYSIS, NULL, &text));
	buf_reset(&text);
	buf_add_str(&text, "which security capabilities stand in ");
	name_files(x->r, &text);
	buf_addf(&text, ", and which tests show them (files of tests that %s: %zu)?", x->r->has_base ? "changed too" : "are there", x->a->tests);
	return add(x, REVIEW_TRACE, NULL, &text);
}

enum assay_status
ask_questions(const struct ask *a, struct arena *arena, struct review *r, struct assay_error *err)
{
	struct asking x = { .a = a, .arena = arena, .r = r, .room = REVIEW_QUESTIONS_MAX, .err = err };
	r->question_count = r->interface_count = 0;
	r->questions = arena_array(arena, REVIEW_QUESTIONS_MAX, sizeof r->questions[0]);
	r->interfaces = arena_array(arena, REVIEW_INTERFACES_MAX, sizeof r->interfaces[0]);
	if (r->questions == NULL || r->interfaces == NULL)
		return arena_full(err);
	for (size_t i = 0; i < a->file_count; i++)
		TRY(ask_file(&x, &a->files[i]));
	return ask_whole(&x);
}

/* ---- what a record passes over ---- */

enum assay_status
ask_missing(const struct review *r, const char *path, struct assay_span bytes, struct arena *arena, const char **ret_call,
    struct assay_error *err)
{
	struct seen now;
	*ret_call = NULL;
	TRY(look(arena, path, bytes, &now, err));
	for (size_t i = 0; now.read && i < now.surface.interface_count && *ret_call == NULL; i++) {
		bool listed = false;
		for (size_t k = 0; k < r->interface_count && !listed; k++)
			listed = strcmp(r->interfaces[k].file, path) == 0 && strcmp(r->interfaces[k].call, now.surface.interfaces[i].call) == 0;
		if (!listed)
			*ret_call = now.surface.interfaces[i].call;
	}
	return ASSAY_OK;
}
