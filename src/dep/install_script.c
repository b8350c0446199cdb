/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: a script, command by command, with the scripts that it holds.
 */
#include "install.h"

#include <codec/shell_images.h>
#include <codec/shell_options.h>

#define SCRIPTS_DEPTH_MAX 4

struct dep_place
install_place(const struct install *x, const struct shell_command *c)
{
	struct dep_place place = x->at;
	if (x->block && c->line > 1) {
		place.line += c->line - 1;
		place.column = c->column;
	}
	return place;
}

static bool
count_command(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct install *x = context;
	x->index++;
	if (install_is_check(c, in))
		x->last_check = x->index;
	if (install_is_checkout(c))
		x->last_checkout = x->index;
	return true;
}

static enum assay_status
look_at_text(struct install *x, const struct shell_command *c, const char *text)
{
	return text == NULL ? ASSAY_OK : install_script(x->w, assay_span_str(text), install_place(x, c), false, x->depth + 1);
}

/* Where the shell reads its script from, when that is written beside it: a here-document, or what echo and cat feed it. */
static enum assay_status
look_at_input(struct install *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	const struct shell_redirect *r = c->redirects;
	while (r != NULL && !dep_starts(r->op, "<<"))
		r = r->next;
	if (r != NULL)
		return look_at_text(x, c, shell_word_key(r->target, x->w->arena));
	const struct shell_command *feeds = in->first;
	if (feeds == c || feeds == NULL || feeds->next != c)
		return ASSAY_OK;
	const char *name = shell_name(shell_program(feeds));
	for (r = feeds->redirects; r != NULL; r = r->next) {
		if (dep_starts(r->op, "<<") && strcmp(name, "cat") == 0)
			return look_at_text(x, c, shell_word_key(r->target, x->w->arena));
	}
	for (const struct shell_word *w = shell_among(name, "echo printf") && *name != '\0' ? shell_program(feeds)->next : NULL; w != NULL; w = w->next)
		TRY(look_at_text(x, c, shell_word_key(w, x->w->arena)));
	return ASSAY_OK;
}

/* "eval WORD WORD": all together; of "trap WORD SIGNAL" the first. */
static enum assay_status
look_at_words(struct install *x, const struct shell_command *c, const struct shell_word *w, bool first)
{
	const char *text = "";
	for (; w != NULL && text != NULL; w = first ? NULL : w->next) {
		const char *key = shell_word_key(w, x->w->arena);
		text = key != NULL ? arena_printf(x->w->arena, "%s %s", text, key) : NULL;
	}
	return look_at_text(x, c, text);
}

/* "sh -c TEXT", "eval TEXT", "docker run IMAGE sh -c TEXT", "sh <<EOF". */
static enum assay_status
look_inside(struct install *x, const struct shell_command *c, const struct shell_pipeline *in)
{
	static const char shells[] = "sh bash dash ash zsh ksh su runuser eval trap";
	const char *name = shell_name(shell_program(c));
	const struct shell_word *code = shell_code(c);
	if (*name == '\0' || !shell_among(name, shells))
		return ASSAY_OK;
	if (strcmp(name, "eval") == 0 || strcmp(name, "trap") == 0)
		return look_at_words(x, c, shell_program(c)->next, strcmp(name, "trap") == 0);
	return code != NULL ? look_at_text(x, c, shell_word_key(code, x->w->arena)) : look_at_input(x, c, in);
}

/* Rows: programs, the option behind which a script's text stands. */
static const struct {
	const char *program, *options;
} given[] = { { "nix-shell", "--run --command" }, { "script", "-c --command" }, { "flock", "-c --command" } };

/* Texts that other programs hand to a shell; what an alias stands for; "env -S TEXT". */
static enum assay_status
look_at_given(struct install *x, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c);
	const char *name = shell_name(program);
	if (program != NULL && program->text != NULL && strpbrk(program->text, " \t") != NULL)
		TRY(look_at_text(x, c, program->text));
	for (const struct shell_word *w = program != NULL ? program->next : NULL; w != NULL; w = w->next) {
		const char *equals = strcmp(name, "alias") == 0 && w->text != NULL ? strchr(w->text, '=') : NULL;
		TRY(look_at_text(x, c, equals != NULL ? equals + 1 : NULL));
		for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
			if (w->text != NULL && w->next != NULL && strcmp(given[i].program, name) == 0 && shell_among(w->text, given[i].options))
				TRY(look_at_text(x, c, shell_word_key(w->next, x->w->arena)));
		}
	}
	return ASSAY_OK;
}

/* The command that a command runs: in a container, or behind a verb. */
static bool
find_inner(struct install *x, const struct shell_command *c, struct shell_command *ret_inner)
{
	const struct shell_word *runs = shell_runs(c);
	struct shell_word *first = runs != NULL ? arena_alloc(x->w->arena, sizeof *first) : NULL;
	if (first == NULL)
		return shell_contained(c, x->w->arena, ret_inner);
	*first = *runs;
	*ret_inner = (struct shell_command){ .kind = SHELL_SIMPLE, .words = first, .line = c->line, .column = c->column };
	return true;
}

/* What runs inside of another command is looked at as if it stood alone. */
static enum assay_status
look_at_command(struct install *x, const struct shell_command *c, const struct shell_pipeline *in, unsigned depth)
{
	struct shell_command inner;
	TRY(install_command(x, c, in));
	TRY(look_inside(x, c, in));
	TRY(look_at_given(x, c));
	if (depth >= SCRIPTS_DEPTH_MAX || !CATCH(install_contained, find_inner(x, c, &inner)))
		return ASSAY_OK;
	return look_at_command(x, &inner, in, depth + 1);
}

static bool
look_at(const struct shell_command *c, const struct shell_pipeline *in, void *context)
{
	struct install *x = context;
	x->index++;
	for (const struct shell_assign *a = c->assigns; a != NULL && x->status == ASSAY_OK; a = a->next) {
		if (a->value != NULL && a->value->text != NULL)
			x->status = install_variable(x->w, a->name, a->value->text, install_place(x, c));
	}
	if (x->status == ASSAY_OK)
		x->status = look_at_command(x, c, in, 0);
	return x->status == ASSAY_OK;
}

static enum assay_status
find_run(struct install *x, const struct shell_script *script)
{
	const struct shell_fetched *f = NULL;
	TRY(shell_find_fetched(script, x->w->arena, &f, x->w->err));
	for (; f != NULL; f = f->next) {
		struct dep_place place = x->at;
		if (x->block && f->line > 1)
			place.line += f->line - 1;
		if (CATCH(install_download_run, true))
			TRY(dep_find(x->w, DEP_DOWNLOAD_RUN, place, f->url, "what comes from '%.200s' is run without having been checked",
			    *f->url != '\0' ? f->url : "an address"));
	}
	return ASSAY_OK;
}

enum assay_status
install_script(struct dep_work *w, struct assay_span text, struct dep_place at, bool block, unsigned depth)
{
	const struct shell_script *script = NULL;
	struct install x = { .w = w, .at = at, .block = block, .depth = depth };
	if (depth > SCRIPTS_DEPTH_MAX)
		return dep_find(w, DEP_INSTALL_UNREAD, at, NULL, "scripts lie in scripts deeper than is read");
	enum assay_status status = shell_parse(text, w->arena, &script, w->err);
	if (status != ASSAY_OK && status != ASSAY_E_MEMORY) {
		if (block && w->err->line > 1)
			at.line += w->err->line - 1;
		char what[256];
		(void)snprintf(what, sizeof what, "%.200s", w->err->what);
		assay_error_clear(w->err);
		if (CATCH(install_unparsed, true))
			return dep_find(w, DEP_INSTALL_UNREAD, at, NULL, "a script can't be read: %s", what);
		return ASSAY_OK;
	}
	TRY(status);
	dep_judged(w, DEP_INSTALL, "scripts");
	TRY(find_run(&x, script));
	if (depth == 0)
		TRY(install_images(w, script, at, block));
	(void)shell_walk(script, count_command, &x);
	x.index = 0;
	(void)shell_walk(script, look_at, &x);
	return x.status;
}
