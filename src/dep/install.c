/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.install: where commands stand: image files, scripts, manifests, pipelines; and settings of package managers.
 */
#include "install.h"

#include <codec/jsontree.h>

static struct dep_place
place_at(const struct docker *d, unsigned line)
{
	return (struct dep_place){ d->file, line + d->lines_before, 1 };
}

/* ---- image files ---- */

static bool
is_git_source(const char *source)
{
	size_t n = strcspn(source, "#");
	return dep_starts(source, "git@") || dep_starts(source, "git://")
	    || (dep_is_url(source) && n > 4 && strncmp(source + n - 4, ".git", 4) == 0);
}

static enum assay_status
add_source(struct docker *d, const struct docker_line *l, const char *source, const char *checksum)
{
	const char *tag = strchr(source, '#');
	struct dep_place place = place_at(d, l->line);
	if (is_git_source(source)) {
		char *id = tag != NULL ? arena_str(d->w->arena, tag + 1) : NULL;
		if (id != NULL)
			id[strcspn(id, ":")] = '\0';
		TRY(dep_refer_url(d->w, DEP_REF_REPOSITORY, source, place));
		dep_judged(d->w, DEP_INSTALL, "downloads");
		if (CATCH(install_add_git, id == NULL || !dep_full_id(id)))
			return dep_find(d->w, DEP_CLONE_UNPINNED, place, source, "ADD of '%.200s' takes whatever is there", source);
		return ASSAY_OK;
	}
	if (!dep_is_url(source))
		return ASSAY_OK;
	TRY(dep_refer_url(d->w, DEP_REF_SUPPLIER, source, place));
	dep_judged(d->w, DEP_INSTALL, "downloads");
	if (CATCH(install_add, checksum == NULL || !dep_starts(checksum, "sha256:") || !dep_is_hex(checksum + 7, 64)))
		return dep_find(d->w, DEP_DOWNLOAD_UNCHECKED, place, source, "ADD of '%.200s' has no checksum", source);
	return ASSAY_OK;
}

enum assay_status
install_add(struct docker *d, const struct docker_line *l, const char *sources, const char *checksum)
{
	char *word;
	while ((word = docker_word(d->w->arena, &sources)) != NULL)
		TRY(add_source(d, l, word, checksum));
	return ASSAY_OK;
}

/* ENV NAME=value..., or "NAME value" of long ago */
enum assay_status
install_env(struct docker *d, const struct docker_line *l)
{
	const char *at = l->rest;
	char *word;
	while ((word = docker_word(d->w->arena, &at)) != NULL) {
		char *equals = strchr(word, '=');
		char *value = equals != NULL ? equals + 1 : docker_word(d->w->arena, &at);
		if (value == NULL)
			return ASSAY_OK;
		if (equals != NULL)
			*equals = '\0';
		value = docker_expand(d, value);
		if (value != NULL)
			TRY(install_variable(d->w, word, value, place_at(d, l->line)));
	}
	return ASSAY_OK;
}

/* RUN ["program", "word"]: no shell; its words in quotes are the same command. */
static enum assay_status
run_exec(struct docker *d, const struct docker_line *l, const struct jsontree *list)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1u << 20);
	for (const struct jsontree *n = list->first; n != NULL; n = n->next) {
		if (n->kind != JSONTREE_STRING)
			return ASSAY_OK;
		buf_add_byte(&text, '\'');
		for (const char *p = n->text; *p != '\0'; p++) {
			if (*p == '\'')
				buf_add_str(&text, "'\\''");
			else
				buf_add_byte(&text, (unsigned char)*p);
		}
		buf_add_str(&text, "' ");
	}
	TRY(buf_status(&text, "a command", d->w->err));
	return install_script(d->w, buf_span(&text), place_at(d, l->line), false, 0);
}

enum assay_status
install_run(struct docker *d, const struct docker_line *l, const char *text)
{
	struct jsontree *list = NULL;
	struct dep_place place = place_at(d, l->line);
	if (*text == '[' && jsontree_parse(assay_span_str(text), d->file, d->w->arena, &list, d->w->err) == ASSAY_OK
	    && list->kind == JSONTREE_ARRAY)
		return run_exec(d, l, list);
	assay_error_clear(d->w->err);
	if (d->other_shell) {
		if (!CATCH(install_other_shell, true))
			return ASSAY_OK;
		return dep_find(d->w, DEP_INSTALL_UNCLEAR, place, NULL, "a command for another shell isn't read");
	}
	if (l->heredoc == NULL)
		return install_script(d->w, assay_span_str(text), place, true, 0);
	/* RUN <<EOF: the document is the script; in front of a command it is what the command reads, a script if that is a shell. */
	place.line = l->heredoc_line;
	TRY(install_script(d->w, assay_span_str(l->heredoc), place, true, 0));
	if (dep_starts(text, "<<"))
		return ASSAY_OK;
	char *command = arena_copy(d->w->arena, (struct assay_span){ (const unsigned char *)text, (size_t)(strstr(text, "<<") != NULL ? strstr(text, "<<") - text : 0) });
	return command != NULL ? install_script(d->w, assay_span_str(command), place_at(d, l->line), false, 0) : arena_full(d->w->err);
}

/* ---- scripts ---- */

enum assay_status
install_read_script(struct dep_work *w, const struct source_file *f)
{
	const char *text = arena_copy(w->arena, f->bytes);
	struct dep_place place = { f->path, 1, 1 };
	if (text == NULL)
		return arena_full(w->err);
	size_t n = strcspn(text, "\n");
	bool named = strchr(dep_base(f->path), '.') != NULL;
	char *first = arena_copy(w->arena, (struct assay_span){ f->bytes.data, n });
	bool shebang = dep_starts(text, "#!") && first != NULL;
	/* Programs in other languages are not read: the threat model says so. */
	bool other = shebang && strstr(first, "sh") == NULL;
	if (other || (!named && !shebang))
		return ASSAY_OK;
	return install_script(w, f->bytes, place, true, 0);
}

/* "scripts": what npm runs by itself and what people run. */
enum assay_status
install_read_manifest(struct dep_work *w, const struct source_file *f)
{
	struct jsontree *root;
	/* What can't be read is said for the lockfile's sake already. */
	enum assay_status status = jsontree_parse(f->bytes, f->path, w->arena, &root, w->err);
	if (status != ASSAY_OK && status != ASSAY_E_MEMORY)
		assay_error_clear(w->err);
	if (status != ASSAY_OK)
		return status == ASSAY_E_MEMORY ? status : ASSAY_OK;
	const struct jsontree *scripts = jsontree_get(root, "scripts");
	const struct jsontree *n = scripts != NULL && scripts->kind == JSONTREE_OBJECT ? scripts->first : NULL;
	for (; n != NULL; n = n->next) {
		struct dep_place place = { f->path, n->line, n->column };
		if (n->kind == JSONTREE_STRING)
			TRY(install_script(w, assay_span_str(n->text), place, false, 0));
	}
	return ASSAY_OK;
}

/* ---- settings ---- */

static char *
trim(char *text)
{
	text += strspn(text, " \t\r\"'");
	for (size_t n = strlen(text); n > 0 && strchr(" \t\r\"'", text[n - 1]) != NULL; n--)
		text[n - 1] = '\0';
	return text;
}

/* Calls each for "key = value" lines. */
static enum assay_status
read_settings(struct dep_work *w, const struct source_file *f,
    enum assay_status (*each)(struct dep_work *w, const char *key, const char *value, struct dep_place place))
{
	char *text = arena_copy(w->arena, f->bytes);
	struct dep_place place = { f->path, 0, 1 };
	if (text == NULL)
		return arena_full(w->err);
	dep_judged(w, DEP_INSTALL, "settings of package managers");
	while (*text != '\0') {
		size_t n = strcspn(text, "\n"), equals;
		bool last = text[n] == '\0';
		text[n] = '\0';
		place.line++;
		equals = strcspn(text, "=");
		if (text[strspn(text, " \t")] != '#' && text[strspn(text, " \t")] != ';' && text[equals] == '=') {
			text[equals] = '\0';
			TRY(each(w, trim(text), trim(text + equals + 1), place));
		}
		text += n + !last;
	}
	return ASSAY_OK;
}

static enum assay_status
npm_setting(struct dep_work *w, const char *key, const char *value, struct dep_place place)
{
	if (strcmp(key, "registry") == 0 || dep_ends(key, ":registry"))
		TRY(dep_source(w, value, place));
	if (CATCH(install_npmrc_ssl, strcmp(key, "strict-ssl") == 0 && strcmp(value, "false") == 0))
		return dep_find(w, DEP_CHECK_DISABLED, place, key, "npm is told not to check certificates");
	if (CATCH(install_npmrc_lock, strcmp(key, "package-lock") == 0 && strcmp(value, "false") == 0))
		return dep_find(w, DEP_INSTALL_UNLOCKED, place, key, "npm is told to pass over the lockfile");
	return ASSAY_OK;
}

static enum assay_status
pip_setting(struct dep_work *w, const char *key, const char *value, struct dep_place place)
{
	if ((strcmp(key, "index-url") == 0 || strcmp(key, "extra-index-url") == 0 || strcmp(key, "find-links") == 0) && dep_is_url(value))
		TRY(dep_source(w, value, place));
	if (CATCH(install_pipconf, strcmp(key, "trusted-host") == 0))
		return dep_find(w, DEP_CHECK_DISABLED, place, value, "'%.100s' is trusted without a certificate", value);
	return ASSAY_OK;
}

enum assay_status
install_read_npmrc(struct dep_work *w, const struct source_file *f)
{
	return read_settings(w, f, npm_setting);
}

enum assay_status
install_read_pipconf(struct dep_work *w, const struct source_file *f)
{
	return read_settings(w, f, pip_setting);
}

/* ---- pipelines ---- */

static enum assay_status
read_step(struct dep_work *w, const struct ci_step *s)
{
	struct dep_place place = { s->command_place.file, s->command_place.line, s->command_place.column };
	bool shell = s->shell == NULL || dep_starts(s->shell, "bash") || dep_starts(s->shell, "sh") || dep_starts(s->shell, "/bin/");
	if (shell)
		return install_script(w, assay_span_str(s->command), place, s->command_block, 0);
	if (CATCH(install_step_shell, true))
		return dep_find(w, DEP_INSTALL_UNCLEAR, place, NULL, "a command for '%.40s' isn't read", s->shell);
	return ASSAY_OK;
}

enum assay_status
install_pipelines(struct dep_work *w, const struct ci_model *ci)
{
	for (const struct ci_pipeline *p = ci != NULL ? ci->pipelines : NULL; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->jobs; j != NULL; j = j->next) {
			w->job = j;
			for (const struct ci_step *s = j->steps; s != NULL; s = s->next) {
				if (s->kind == CI_STEP_COMMAND && s->command != NULL)
					TRY(read_step(w, s));
				else if (s->kind == CI_STEP_ACTION)
					TRY(install_action(w, s));
			}
		}
	}
	w->job = NULL;
	return ASSAY_OK;
}
