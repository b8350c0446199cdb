/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: a script, command by command, with the scripts that it holds.
 */
#include "install.h"

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
	(void)in;
	x->index++;
	if (install_is_check(c))
		x->last_check = x->index;
	if (install_is_checkout(c))
		x->last_checkout = x->index;
	return true;
}

/* "sh -c TEXT" and "eval TEXT". */
static enum assay_status
look_inside(struct install *x, const struct shell_command *c)
{
	const struct shell_word *code = shell_code(c);
	if (code == NULL || code->text == NULL)
		return ASSAY_OK;
	return install_script(x->w, assay_span_str(code->text), install_place(x, c), false, x->depth + 1);
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
		x->status = install_command(x, c, in);
	if (x->status == ASSAY_OK)
		x->status = look_inside(x, c);
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
