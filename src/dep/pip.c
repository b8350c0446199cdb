/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: requirements files of pip, every line and option of them.
 */
#include "pip.h"

#include <base/text.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

struct option {
	const char *name;
	bool value;
	enum assay_status (*read)(struct pip_reader *r, const struct pip_line *l, const char *value);
};

static struct dep_place
place_of(const struct pip_line *l)
{
	return (struct dep_place){ l->file, l->line, 1 };
}

char *
pip_name(struct arena *arena, const char *text)
{
	size_t n = strspn(text, NAME_CHARS), len = 0;
	char *name = arena_copy(arena, (struct assay_span){ (const unsigned char *)text, n });
	if (name == NULL || n == 0)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		char c = text_lower(name[i]);
		bool dash = c == '-' || c == '_' || c == '.';
		if (dash && len > 0 && name[len - 1] == '-')
			continue;
		name[len++] = (char)(dash ? '-' : c);
	}
	name[len] = '\0';
	return name;
}

/* ---- options of a line of their own ---- */

static enum assay_status
read_include(struct pip_reader *r, const struct pip_line *l, const char *value)
{
	if (CATCH(pip_include_remote, dep_is_url(value)))
		return dep_find(r->w, DEP_PIP_INCLUDE_REMOTE, place_of(l), value,
		    "it takes in '%.200s', which can change at any time", value);
	const char *path = dep_join(r->w->arena, r->folder, value);
	const struct source_file *f = path != NULL ? sources_find(r->w->sources, path) : NULL;
	/* A file of this kind that is in the tree is read by itself; that ends also where files take in each other. */
	if (CATCH(pip_include_unread, f == NULL || !f->has_bytes))
		return dep_find(r->w, DEP_PIP_INCLUDE, place_of(l), value,
		    "it takes in '%.200s', which %s", value, f == NULL ? "isn't in the tree" : "isn't read by its name");
	return ASSAY_OK;
}

static enum assay_status
read_index(struct pip_reader *r, const struct pip_line *l, const char *value)
{
	if (!dep_is_url(value))
		return ASSAY_OK;
	TRY(dep_source(r->w, value, place_of(l)));
	return dep_refer_url(r->w, DEP_REF_SUPPLIER, value, place_of(l));
}

static enum assay_status
read_trusted_host(struct pip_reader *r, const struct pip_line *l, const char *value)
{
	dep_judged(r->w, DEP_INSTALL, "package sources");
	if (CATCH(pip_trusted_host, true))
		return dep_find(r->w, DEP_CHECK_DISABLED, place_of(l), value,
		    "'%.100s' is trusted without a certificate", value);
	return ASSAY_OK;
}

static enum assay_status
read_editable(struct pip_reader *r, const struct pip_line *l, const char *value)
{
	struct pip_line as = *l;
	as.text = arena_str(r->w->arena, value);
	as.options = arena_str(r->w->arena, "");
	if (as.text == NULL || as.options == NULL)
		return arena_full(r->w->err);
	return pip_requirement(r, &as);
}

static const struct option options[] = {
	{ "-r", true, read_include },
	{ "--requirement", true, read_include },
	{ "-c", true, read_include },
	{ "--constraint", true, read_include },
	{ "-e", true, read_editable },
	{ "--editable", true, read_editable },
	{ "-i", true, read_index },
	{ "--index-url", true, read_index },
	{ "--pypi-url", true, read_index },
	{ "--extra-index-url", true, read_index },
	{ "-f", true, read_index },
	{ "--find-links", true, read_index },
	{ "--trusted-host", true, read_trusted_host },
	{ "--no-index", false, NULL },
	{ "--require-hashes", false, NULL },
	{ "--pre", false, NULL },
	{ "--prefer-binary", false, NULL },
	{ "--no-binary", true, NULL },
	{ "--only-binary", true, NULL },
	{ "--use-feature", true, NULL },
};

static const struct option *
find_option(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (strlen(options[i].name) == len && strncmp(options[i].name, word, len) == 0)
			return &options[i];
	}
	return NULL;
}

/* Takes the next word off *at; quotes and backslashes make it unknown, as NULL. */
static char *
next_word(struct arena *arena, const char **at)
{
	*at += strspn(*at, " \t\r");
	size_t n = strcspn(*at, " \t\r");
	char *word = arena_copy(arena, (struct assay_span){ (const unsigned char *)*at, n });
	*at += n;
	return word != NULL && strpbrk(word, "'\"\\") == NULL ? word : NULL;
}

static enum assay_status
unknown_form(struct pip_reader *r, const struct pip_line *l, const char *text)
{
	if (!CATCH(pip_form, true))
		return ASSAY_OK;
	return dep_find(r->w, DEP_PIP_FORM, place_of(l), NULL, "'%.200s' is written in a way that isn't known", text);
}

/* "--name=value", "--name value", "-n value", "-nvalue"; NULL when that isn't known. */
static const struct option *
next_option(struct pip_reader *r, const char **at, const char **ret_value)
{
	char *word = next_word(r->w->arena, at);
	if (word == NULL)
		return NULL;
	size_t name = strcspn(word, "=");
	const struct option *o = find_option(word, name);
	const char *value = word[name] == '=' ? word + name + 1 : NULL;
	if (o == NULL && word[0] == '-' && word[1] != '-') {
		o = find_option(word, 2);
		value = word + 2;
	}
	if (o != NULL && o->value && value == NULL)
		value = next_word(r->w->arena, at);
	*ret_value = value;
	return o != NULL && o->value && (value == NULL || *value == '\0') ? NULL : o;
}

static enum assay_status
read_option_line(struct pip_reader *r, const struct pip_line *l)
{
	const char *at = l->options, *value = NULL;
	while (*at != '\0') {
		const struct option *o = next_option(r, &at, &value);
		if (o == NULL || strstr(l->options, "${") != NULL)
			return unknown_form(r, l, l->options);
		if (o->read != NULL)
			TRY(o->read(r, l, value));
		at += strspn(at, " \t\r");
	}
	return ASSAY_OK;
}

static enum assay_status
read_line(struct pip_reader *r, const struct pip_line *l)
{
	if (l->text[0] == '\0')
		return read_option_line(r, l);
	return r->constraints ? ASSAY_OK : pip_requirement(r, l);
}

static enum assay_status
read_as(struct dep_work *w, const struct source_file *f, bool constraints)
{
	struct pip_reader r = { .w = w, .file = f, .constraints = constraints };
	r.folder = dep_folder(w->arena, f->path);
	if (r.folder == NULL)
		return arena_full(w->err);
	dep_judged(w, DEP_LOCKED, "pip files");
	return pip_lines(&r, read_line);
}

enum assay_status
pip_read_requirements(struct dep_work *w, const struct source_file *f)
{
	return read_as(w, f, false);
}

enum assay_status
pip_read_constraints(struct dep_work *w, const struct source_file *f)
{
	return read_as(w, f, true);
}

/* ---- what pip-compile reads ---- */

struct compiled {
	struct pip_reader r;
	const char *wanted;  /* name */
	const char *version; /* text behind "==", or NULL */
	bool found;
};

static enum assay_status
look_for(struct pip_reader *r, const struct pip_line *l)
{
	struct compiled *c = (struct compiled *)r;
	const char *name = pip_name(r->w->arena, l->text);
	if (name == NULL || strcmp(name, c->wanted) != 0)
		return ASSAY_OK;
	const char *locked = strstr(l->text, "==");
	c->found = c->version == NULL || (locked != NULL && strcmp(locked + 2, c->version) == 0);
	return ASSAY_OK;
}

static enum assay_status
read_wanted(struct pip_reader *r, const struct pip_line *l)
{
	const char *base = arena_printf(r->w->arena, "%.*stxt", (int)strlen(r->file->path) - 2, r->file->path);
	const struct source_file *lock = base != NULL ? sources_find(r->w->sources, base) : NULL;
	struct compiled c = { .r = { .w = r->w, .file = lock }, .wanted = pip_name(r->w->arena, l->text) };
	const char *exact = strstr(l->text, "==");
	if (c.wanted == NULL || dep_is_url(l->text) || lock == NULL || !lock->has_bytes)
		return ASSAY_OK;
	if (exact != NULL && exact[2 + strspn(exact + 2, NAME_CHARS "!+")] == '\0')
		c.version = exact + 2;
	dep_judged(r->w, DEP_LOCKED, "pip packages asked for");
	enum assay_status status = pip_lines(&c.r, look_for);
	if (status == ASSAY_OK && CATCH(pip_out_of_step, !c.found))
		return dep_find(r->w, DEP_PIP_OUT_OF_STEP, place_of(l), c.wanted,
		    "'%s' is asked for as '%.100s', and '%s' doesn't hold that", c.wanted, l->text, base);
	if (status != ASSAY_OK && status != ASSAY_E_MEMORY)
		assay_error_clear(r->w->err);
	return status == ASSAY_E_MEMORY ? status : ASSAY_OK;
}

enum assay_status
pip_read_input(struct dep_work *w, const struct source_file *f)
{
	struct pip_reader r = { .w = w, .file = f };
	const char *base = arena_printf(w->arena, "%.*stxt", (int)strlen(f->path) - 2, f->path);
	struct dep_place place = { f->path, 0, 0 };
	if (base == NULL)
		return arena_full(w->err);
	dep_judged(w, DEP_LOCKED, "pip files");
	if (CATCH(pip_lock_absent, sources_find(w->sources, base) == NULL))
		return dep_find(w, DEP_PIP_NO_LOCK, place, NULL, "nothing is compiled from it: '%s' isn't there", base);
	return pip_lines(&r, read_wanted);
}
