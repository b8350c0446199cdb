/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.locked: one requirement of pip, and whether it can be but one content.
 */
#include "pip.h"

#define WORD_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static struct dep_place
place_of(const struct pip_line *l)
{
	return (struct dep_place){ l->file, l->line, 1 };
}

/* What pip accepts in hash-checking mode; anything else it refuses. */
static const struct {
	const char *name;
	size_t digits;
} algorithms[] = { { "sha256", 64 }, { "sha384", 96 }, { "sha512", 128 } };

static bool
is_strong(const char *text, char between)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
		size_t n = strlen(algorithms[i].name);
		if (strncmp(text, algorithms[i].name, n) == 0 && text[n] == between
		    && strspn(text + n + 1, "0123456789abcdefABCDEF") == algorithms[i].digits)
			return true;
	}
	return false;
}

struct options {
	size_t strong;
	const char *weak;    /* a hash that isn't, or NULL */
	const char *unknown; /* an option that isn't known, or NULL */
};

/* Options behind a requirement: "--hash=ALGORITHM:DIGEST" again and again. */
static void
read_options(struct arena *arena, const char *at, struct options *o)
{
	*o = (struct options){ 0 };
	for (at += strspn(at, " \t\r"); *at != '\0'; at += strspn(at, " \t\r")) {
		size_t n = strcspn(at, " \t\r");
		const char *word = arena_copy(arena, (struct assay_span){ (const unsigned char *)at, n });
		at += n;
		if (word == NULL)
			return;
		const char *value = dep_starts(word, "--hash=") ? word + 7 : NULL;
		if (strcmp(word, "--hash") == 0) {
			at += strspn(at, " \t\r");
			n = strcspn(at, " \t\r");
			value = arena_copy(arena, (struct assay_span){ (const unsigned char *)at, n });
			at += n;
		}
		if (value == NULL)
			o->unknown = word;
		else if (is_strong(value, ':') && strlen(strchr(value, ':') + 1) == strspn(strchr(value, ':') + 1, "0123456789abcdefABCDEF"))
			o->strong++;
		else
			o->weak = value;
	}
}

static bool
is_repository(const char *text)
{
	static const char *const kinds[] = { "git+", "hg+", "svn+", "bzr+" };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (dep_starts(text, kinds[i]))
			return true;
	}
	return false;
}

static enum assay_status
check_repository(struct pip_reader *r, const struct pip_line *l, const char *url)
{
	const char *path = strstr(url, "://");
	const char *slash = path != NULL ? strchr(path + 3, '/') : NULL;
	char *id = NULL;
	char *address = arena_copy(r->w->arena, (struct assay_span){ (const unsigned char *)url, strcspn(url, "#") });
	if (address == NULL)
		return arena_full(r->w->err);
	char *at = slash != NULL ? strrchr(address, '@') : NULL;
	if (at != NULL && at > address + (slash - url)) {
		*at = '\0';
		id = at + 1;
	}
	TRY(dep_refer_url(r->w, DEP_REF_REPOSITORY, address, place_of(l)));
	if (CATCH(pip_git, !dep_starts(url, "git+") || id == NULL || !dep_full_id(id)))
		return dep_find(r->w, DEP_PIP_GIT, place_of(l), l->text,
		    "'%.200s' comes from a repository, by a name that moves", l->text);
	return ASSAY_OK;
}

static enum assay_status
check_hashes(struct pip_reader *r, const struct pip_line *l, const struct options *o)
{
	if (CATCH(pip_hash_weak, o->weak != NULL))
		return dep_find(r->w, DEP_PIP_BAD_HASH, place_of(l), l->text,
		    "'%.100s' has a hash that is weak or none: '%.80s'", l->text, o->weak);
	if (CATCH(pip_hash_missing, o->strong == 0))
		return dep_find(r->w, DEP_PIP_NO_HASH, place_of(l), l->text,
		    "nothing says what '%.100s' holds: it has no hash", l->text);
	return ASSAY_OK;
}

static enum assay_status
check_local(struct pip_reader *r, const struct pip_line *l, const char *path, const struct options *o)
{
	const char *joined = dep_join(r->w->arena, r->folder, path);
	bool archive = dep_ends(path, ".whl") || dep_ends(path, ".tar.gz") || dep_ends(path, ".zip");
	const char *inside = joined == NULL ? NULL : *joined == '\0' ? "" : arena_printf(r->w->arena, "%s/", joined);
	bool there = inside != NULL && (sources_find(r->w->sources, joined) != NULL || sources_under(r->w->sources, inside) != NULL);
	if (CATCH(pip_outside, !there))
		return dep_find(r->w, DEP_PIP_OUTSIDE, place_of(l), path, "'%.200s' isn't in the tree", path);
	if (archive)
		return check_hashes(r, l, o);
	if (CATCH(pip_local, true))
		return dep_find(r->w, DEP_PIP_LOCAL, place_of(l), path,
		    "'%.200s' is a project of the tree, and what it asks for itself isn't read", path);
	return ASSAY_OK;
}

static enum assay_status
check_address(struct pip_reader *r, const struct pip_line *l, const char *url, struct options *o)
{
	if (is_repository(url))
		return check_repository(r, l, url);
	if (dep_starts(url, "file:"))
		return check_local(r, l, url + 5 + (dep_starts(url, "file://") ? 2 : 0), o);
	const char *fragment = strchr(url, '#');
	if (fragment != NULL && is_strong(fragment + 1, '='))
		o->strong++;
	TRY(dep_source(r->w, url, place_of(l)));
	TRY(dep_refer_url(r->w, DEP_REF_SUPPLIER, url, place_of(l)));
	return check_hashes(r, l, o);
}

/* Behind "name" and "[extras]"; NULL when there is no name. */
static const char *
past_name(const char *text)
{
	size_t n = strspn(text, WORD_CHARS);
	if (n == 0)
		return NULL;
	text += n;
	text += strspn(text, " \t");
	if (*text == '[') {
		text += strcspn(text, "]");
		if (*text != ']')
			return NULL;
		text++;
	}
	return text + strspn(text, " \t");
}

static bool
is_operator(const char *text, size_t len)
{
	static const char *const operators[] = { "==", "===", "<=", ">=", "<", ">", "!=", "~=" };
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
		if (strlen(operators[i]) == len && strncmp(operators[i], text, len) == 0)
			return true;
	}
	return false;
}

/* "==1.2.3" or "===1.2.3" and nothing else; *ret_known false when it is no list of versions. */
static bool
is_exact(const char *text, bool *ret_known)
{
	size_t parts = 0;
	bool exact = false;
	*ret_known = true;
	text += strspn(text, " \t(");
	while (*text != '\0' && *text != ')') {
		size_t op = strspn(text, "=<>!~");
		const char *version = text + op + strspn(text + op, " \t");
		size_t n = strspn(version, WORD_CHARS "*+!");
		if (!is_operator(text, op) || n == 0) {
			*ret_known = false;
			return false;
		}
		exact = op > 1 && strncmp(text, "===", op) == 0 && memchr(version, '*', n) == NULL;
		parts++;
		text = version + n;
		text += strspn(text, " \t");
		if (*text == ',')
			text += 1 + strspn(text + 1, " \t");
		else if (*text != '\0' && *text != ')')
			*ret_known = false;
		if (!*ret_known)
			return false;
	}
	return exact && parts == 1;
}

static enum assay_status
check_named(struct pip_reader *r, const struct pip_line *l, const char *text, struct options *o)
{
	const char *rest = past_name(text);
	bool known = rest != NULL;
	bool exact = known && is_exact(rest, &known);
	if (CATCH(pip_requirement_form, !known))
		return dep_find(r->w, DEP_PIP_FORM, place_of(l), text, "'%.200s' is written in a way that isn't known", text);
	TRY(check_hashes(r, l, o));
	if (CATCH(pip_not_pinned, !exact && o->strong > 0))
		return dep_find(r->w, DEP_PIP_UNPINNED, place_of(l), text, "'%.200s' isn't one version", text);
	return ASSAY_OK;
}

static bool
is_address(const char *text)
{
	return is_repository(text) || dep_is_url(text) || dep_starts(text, "file:");
}

static bool
is_path(const char *text)
{
	return text[0] == '.' || strchr(text, '/') != NULL || dep_ends(text, ".whl");
}

enum assay_status
pip_requirement(struct pip_reader *r, const struct pip_line *l)
{
	struct options o;
	/* A marker says where it is installed, not what. */
	size_t n = strcspn(l->text, ";");
	while (n > 0 && (l->text[n - 1] == ' ' || l->text[n - 1] == '\t'))
		n--;
	char *text = arena_copy(r->w->arena, (struct assay_span){ (const unsigned char *)l->text, n });
	if (text == NULL)
		return arena_full(r->w->err);
	read_options(r->w->arena, l->options, &o);
	dep_judged(r->w, DEP_LOCKED, "pip packages");
	if (CATCH(pip_option_unknown, o.unknown != NULL || strstr(l->text, "${") != NULL))
		return dep_find(r->w, DEP_PIP_FORM, place_of(l), text, "'%.100s' has an option or variable that isn't known: '%.60s'",
		    text, o.unknown != NULL ? o.unknown : l->text);
	const char *rest = past_name(text);
	if (rest != NULL && *rest == '@')
		return check_address(r, l, rest + 1 + strspn(rest + 1, " \t"), &o);
	if (is_address(text))
		return check_address(r, l, text, &o);
	if (is_path(text))
		return check_local(r, l, text, &o);
	return check_named(r, l, text, &o);
}
