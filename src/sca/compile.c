/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/compile.h>

#include "compile_options.h"
#include <sca/path.h>

#include <base/cleanup.h>
#include <codec/jsontree.h>
#include <codec/shell.h>
#include <string.h>

struct reader {
	const struct sca_compile *c;
	struct arena *arena;
	struct assay_error *err;
	const char *folder;     /* of the entry, below the root that it lies in */
	const struct sca_root *root;
	struct sca_unit unit;
	const char **args, **silencers;
};

/* The unit stays in the list, with why no engine sees it. */
static enum assay_status
refuse(struct reader *r, const char *word, const char *why)
{
	if (r->unit.refused == NULL) {
		r->unit.refused = why;
		r->unit.refused_word = word;
	}
	return ASSAY_OK;
}

/* ---- paths ---- */

/* Below one of the roots: which one, and where. */
static bool
find_root(const struct reader *r, const char *path, const struct sca_root **ret_root, const char **ret_below)
{
	for (size_t i = 0; i < r->c->root_count; i++) {
		const struct sca_root *root = &r->c->roots[i];
		size_t n = strlen(root->from);
		if (n == 0 || strncmp(path, root->from, n) != 0 || (path[n] != '/' && path[n] != '\0'))
			continue;
		const char *below = sca_path_join("", path + n, r->arena);
		if (below == NULL)
			continue;
		*ret_root = root;
		*ret_below = below;
		return true;
	}
	return false;
}

/* The source tree may go by several names. */
static bool
is_source(const struct reader *r, const struct sca_root *root)
{
	return strcmp(root->to, r->c->roots[0].to) == 0;
}

static bool
resolve(const struct reader *r, const char *path, const struct sca_root **ret_root, const char **ret_below)
{
	if (path[0] == '/')
		return find_root(r, path, ret_root, ret_below);
	/* "../src/a.c" of a build folder may lie in another root. */
	const char *whole = r->root == NULL ? NULL : arena_printf(r->arena, "%s/%s/%s", r->root->from, r->folder, path);
	const char *plain = whole == NULL ? NULL : sca_path_join("", whole, r->arena);
	whole = plain == NULL ? NULL : arena_printf(r->arena, "/%s", plain);
	return whole != NULL && find_root(r, whole, ret_root, ret_below);
}

/* The system's own headers are there for every engine, whatever a database says. */
static const char *
system_path(const struct reader *r, const char *path)
{
	static const char *const folders[] = { "usr/include", "usr/local/include", "usr/lib" };
	const char *plain = path[0] == '/' ? sca_path_join("", path, r->arena) : NULL;
	for (size_t i = 0; plain != NULL && i < sizeof folders / sizeof folders[0]; i++) {
		size_t n = strlen(folders[i]);
		if (strncmp(plain, folders[i], n) == 0 && (plain[n] == '/' || plain[n] == '\0'))
			return arena_printf(r->arena, "/%s", plain);
	}
	return NULL;
}

static const char *
seen_path(const struct reader *r, const char *path)
{
	const struct sca_root *root = NULL;
	const char *below = NULL;
	if (!resolve(r, path, &root, &below))
		return system_path(r, path);
	return arena_printf(r->arena, "%s%s%s", root->to, below[0] != '\0' ? "/" : "", below);
}

/* ---- words ---- */

static enum assay_status
pass(struct reader *r, const char *name, const char *value)
{
	const char *whole = arena_printf(r->arena, "%s%s", name, value);
	if (whole == NULL)
		return arena_full(r->err);
	r->args[r->unit.arg_count++] = whole;
	return ASSAY_OK;
}

/* Those whose value may not stand in the same word. */
static enum assay_status
pass_apart(struct reader *r, const char *name, const char *value)
{
	TRY(pass(r, name, ""));
	return pass(r, value, "");
}

static enum assay_status
pass_path(struct reader *r, const char *word, const char *name, const char *value)
{
	const char *seen = seen_path(r, value);
	if (seen == NULL)
		return refuse(r, word, "a path that leads out of the tree");
	return strlen(name) == 2 ? pass(r, name, seen) : pass_apart(r, name, seen);
}

static enum assay_status
pass_language(struct reader *r, const char *word, const char *value)
{
	if (strcmp(value, "c") != 0 && strcmp(value, "c++") != 0)
		return refuse(r, word, "a language that engines aren't asked about");
	return pass(r, "-x", value);
}

static enum assay_status
take_value(struct reader *r, const struct option_row *row, const char *word, const char *value)
{
	if (row->fate != OPTION_PASS)
		return ASSAY_OK;
	if (row->value == VALUE_PATH)
		return pass_path(r, word, row->name, value);
	if (row->value == VALUE_LANGUAGE)
		return pass_language(r, word, value);
	return pass(r, row->name, value);
}

static bool
is_split(const struct option_row *row, const char *word)
{
	bool takes = row->value == VALUE_TEXT || row->value == VALUE_PATH || row->value == VALUE_LANGUAGE;
	return takes && strcmp(row->name, word) == 0;
}

static enum assay_status
take_option(struct reader *r, const char *word, const char *next, size_t *used)
{
	const struct option_row *row = option_find(word);
	if (row == NULL || row->fate == OPTION_REFUSE)
		return refuse(r, word, "an option that isn't known to be harmless");
	if (row->fate == OPTION_SILENCE) {
		r->silencers[r->unit.silencer_count++] = word;
		return ASSAY_OK;
	}
	if (is_split(row, word)) {
		if (next == NULL)
			return refuse(r, word, "an option without its value");
		*used = 2;
		return take_value(r, row, word, next);
	}
	return take_value(r, row, word, word + strlen(row->name));
}

/* "ccache gcc": the first word that is a compiler's. Nothing of it is run, so that its name decides nothing. */
static size_t
skip_program(const char *const *words, size_t count)
{
	static const char *const wrappers[] = { "ccache", "sccache", "distcc", "icecc" };
	for (size_t i = 0; count > 1 && i < sizeof wrappers / sizeof wrappers[0]; i++) {
		const char *slash = strrchr(words[0], '/');
		if (strcmp(slash != NULL ? slash + 1 : words[0], wrappers[i]) == 0)
			return 2;
	}
	return count > 0 ? 1 : 0;
}

static bool
is_unit(const struct reader *r, const char *word)
{
	const struct sca_root *root = NULL;
	const char *below = NULL;
	return resolve(r, word, &root, &below) && is_source(r, root) && strcmp(below, r->unit.path) == 0;
}

static enum assay_status
take_words(struct reader *r, const char *const *words, size_t count)
{
	r->args = arena_array(r->arena, 2 * count + 1, sizeof *r->args);
	r->silencers = arena_array(r->arena, count + 1, sizeof *r->silencers);
	if (r->args == NULL || r->silencers == NULL)
		return arena_full(r->err);
	r->unit.args = r->args;
	r->unit.silencers = r->silencers;
	if (count > SCA_ARGUMENTS_MAX)
		return refuse(r, "", "more arguments than a command has");
	for (size_t i = skip_program(words, count), used = 1; i < count; i += used) {
		used = 1;
		if (words[i][0] == '-' && words[i][1] != '\0')
			TRY(take_option(r, words[i], i + 1 < count ? words[i + 1] : NULL, &used));
		else if (!is_unit(r, words[i]))
			TRY(refuse(r, words[i], words[i][0] == '@' ? "a file of options" : "a word that is no option and not the file"));
	}
	return ASSAY_OK;
}

/* ---- an entry ---- */

static enum assay_status
begin(struct reader *r, const char *directory, const char *file)
{
	const struct sca_root *root = NULL;
	const char *below = NULL;
	r->root = &r->c->roots[0];
	r->folder = r->c->folder != NULL ? r->c->folder : "";
	if (!resolve(r, directory, &r->root, &r->folder)) {
		r->root = NULL;
		TRY(refuse(r, directory, "a directory outside of the tree"));
	}
	r->unit.path = file;
	if (!resolve(r, file, &root, &below) || below[0] == '\0')
		return refuse(r, file, "a file outside of the tree");
	if (!is_source(r, root))
		return refuse(r, file, "a file that isn't in the tree but made by the build");
	r->unit.path = below;
	return ASSAY_OK;
}

enum assay_status
sca_compile_words(const char *const *words, size_t count, const char *directory, const char *file, const struct sca_compile *c,
    struct arena *arena, struct sca_unit *ret_unit, struct assay_error *err)
{
	struct reader r = { .c = c, .arena = arena, .err = err, .unit = { .refused_word = "" } };
	TRY(begin(&r, directory, file));
	TRY(take_words(&r, words, count));
	*ret_unit = r.unit;
	return ASSAY_OK;
}

/* The words of a command line; NULL when it is more than one plain command. */
static const char **
split(const char *command, struct arena *arena, size_t *ret_count)
{
	const struct shell_script *s = NULL;
	if (shell_parse(assay_span_str(command), arena, &s, NULL) != ASSAY_OK || s->first == NULL || s->first->next != NULL)
		return NULL;
	const struct shell_pipeline *p = s->first;
	const struct shell_command *k = p->first;
	if (p->join == SHELL_BACKGROUND || p->negated || k->next != NULL || k->kind != SHELL_SIMPLE || k->assigns != NULL
	    || k->redirects != NULL)
		return NULL;
	size_t count = 0;
	for (const struct shell_word *w = k->words; w != NULL; w = w->next)
		count++;
	const char **words = arena_array(arena, count + 1, sizeof *words);
	count = 0;
	for (const struct shell_word *w = k->words; words != NULL && w != NULL; w = w->next) {
		/* Something that a shell would put another text for. */
		if (w->text == NULL)
			return NULL;
		words[count++] = w->text;
	}
	*ret_count = count;
	return words;
}

static enum assay_status
bad(const struct sca_compile *c, const struct jsontree *at, const char *why, struct assay_error *err)
{
	assay_fail(err, ASSAY_E_FORMAT, "it is no compile database: %s", why);
	return assay_error_at(err, ASSAY_E_FORMAT, c->name, at->line, at->column);
}

static enum assay_status
list_words(const struct jsontree *list, const struct sca_compile *c, struct arena *arena, const char ***ret_words, size_t *ret_count,
    struct assay_error *err)
{
	const char **words = arena_array(arena, list->count + 1, sizeof *words);
	size_t n = 0;
	if (words == NULL)
		return arena_full(err);
	for (const struct jsontree *w = list->first; w != NULL; w = w->next) {
		if (w->kind != JSONTREE_STRING)
			return bad(c, w, "an argument that is no text", err);
		words[n++] = w->text;
	}
	*ret_words = words;
	*ret_count = n;
	return ASSAY_OK;
}

static enum assay_status
read_entry(const struct jsontree *e, const struct sca_compile *c, struct arena *arena, struct sca_unit *ret_unit,
    struct assay_error *err)
{
	const char *directory = jsontree_str(e, "directory"), *file = jsontree_str(e, "file"), *command = jsontree_str(e, "command");
	const struct jsontree *list = jsontree_get(e, "arguments");
	const char **words = NULL;
	size_t count = 0;
	if (directory == NULL || file == NULL)
		return bad(c, e, "an entry without a directory or a file", err);
	/* "arguments" is what clang's tools take when both are there. */
	if (list != NULL && list->kind == JSONTREE_ARRAY)
		TRY(list_words(list, c, arena, &words, &count, err));
	else if (command == NULL)
		return bad(c, e, "an entry without a command", err);
	else
		words = split(command, arena, &count);
	TRY(sca_compile_words(words, count, directory, file, c, arena, ret_unit, err));
	if (words == NULL) {
		ret_unit->refused = "a command that is more than one plain command";
		ret_unit->refused_word = "";
	}
	ret_unit->line = e->line;
	return ASSAY_OK;
}

enum assay_status
sca_compile_read(struct assay_span json, const struct sca_compile *c, struct arena *arena, struct sca_database *ret_database,
    struct assay_error *err)
{
	struct jsontree *root = NULL;
	if (json.len > SCA_DATABASE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "the compile database '%s' is too large", c->name);
	TRY(jsontree_parse(json, c->name, arena, &root, err));
	if (root->kind != JSONTREE_ARRAY)
		return bad(c, root, "it is no list", err);
	if (root->count > SCA_UNITS_MAX)
		return bad(c, root, "it has too many entries", err);
	struct sca_unit *units = arena_array(arena, root->count + 1, sizeof *units);
	size_t n = 0;
	if (units == NULL)
		return arena_full(err);
	for (const struct jsontree *e = root->first; e != NULL; e = e->next)
		TRY(read_entry(e, c, arena, &units[n++], err));
	*ret_database = (struct sca_database) { units, n };
	return ASSAY_OK;
}
