/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that hold an outsider's text: what a script writes is there for the commands after it and for the jobs that take its files.
 */
#include "gitlab_taint.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* "./a", "$CI_PROJECT_DIR/a" and "a" are one. */
static const char *
plain(const char *name)
{
	static const char *const folders[] = { "$CI_PROJECT_DIR/", "${CI_PROJECT_DIR}/", "\"$CI_PROJECT_DIR\"/", "./" };
	for (size_t i = 0; i < COUNT(folders); i++) {
		if (strncmp(name, folders[i], strlen(folders[i])) == 0)
			name += strlen(folders[i]);
	}
	return name;
}

static const char *
file_of(const struct shell_word *w)
{
	return plain(w->text != NULL ? w->text : w->raw);
}

const struct gl_taint *
gl_taint_file(const struct gl_flow *f, const struct shell_word *w)
{
	for (const struct gl_file *file = w != NULL ? f->files : NULL; file != NULL; file = file->next) {
		if (strcmp(file->name, file_of(w)) == 0 && (file->by == f->job || gl_takes_from(f->job, file->by)))
			return file->taint;
	}
	return NULL;
}

static enum assay_status
keep(struct gl_flow *f, const struct shell_word *w, const struct gl_taint *t, unsigned line)
{
	const char *name = file_of(w);
	if (name[0] == '\0' || name[0] == '&' || strncmp(name, "/dev/", 5) == 0 || gl_taint_file(f, w) != NULL || f->file_count == GL_FILES_MAX)
		return ASSAY_OK;
	struct gl_file *file = arena_alloc(f->g->arena, sizeof *file);
	struct gl_taint *from = arena_alloc(f->g->arena, sizeof *from);
	if (file == NULL || from == NULL)
		return arena_full(f->g->w->err);
	*from = (struct gl_taint){ .name = arena_str(f->g->arena, name), .how = "written to the file", .lines = t->lines,
		.at = gl_flow_at(f, line), .from = t };
	*file = (struct gl_file){ from->name, from, f->job, f->files };
	if (from->name == NULL)
		return arena_full(f->g->w->err);
	f->files = file;
	f->file_count++;
	return ASSAY_OK;
}

enum assay_status
gl_written(struct gl_flow *f, const struct shell_pipeline *in, const struct shell_command *c)
{
	const struct gl_taint *t = gl_taint_pipe(f, in->first, c->next);
	const bool tee = strcmp(shell_name(shell_program(c)), "tee") == 0;
	if (t == NULL || !CATCH(gl_text_written, true))
		return ASSAY_OK;
	for (const struct shell_redirect *d = c->redirects; d != NULL; d = d->next) {
		if (d->op[0] == '>' && strcmp(d->op, ">&") != 0)
			TRY(keep(f, d->target, t, c->line));
	}
	for (const struct shell_word *w = tee ? shell_program(c)->next : NULL; w != NULL; w = w->next) {
		if (w->raw[0] != '-')
			TRY(keep(f, w, t, c->line));
	}
	return ASSAY_OK;
}

const struct gl_taint *
gl_taint_script_file(const struct gl_flow *f, const struct shell_command *c)
{
	const struct shell_word *program = shell_program(c), *w = program;
	const char *name = shell_name(program);
	if (program == NULL)
		return NULL;
	if (strcmp(name, "source") == 0 || strcmp(name, ".") == 0)
		w = program->next;
	else if (shell_is_interpreter(name) && shell_code(c) == NULL)
		for (w = program->next; w != NULL && w->raw[0] == '-'; w = w->next)
			;
	/* "run.sh" alone is looked for elsewhere. */
	else if (strchr(program->raw, '/') == NULL)
		return NULL;
	return gl_taint_file(f, w);
}
