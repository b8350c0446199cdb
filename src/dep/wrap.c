/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dep.c-sources: Meson's wraps.
 */
#include "fetch.h"

#define KEYS_MAX 64

struct wrap {
	const char *section; /* "wrap-file" */
	unsigned line;
	struct {
		const char *key, *value;
		unsigned line;
	} keys[KEYS_MAX];
	size_t count;
};

static const char *
get(const struct wrap *p, const char *key)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->keys[i].key, key) == 0)
			return p->keys[i].value;
	}
	return NULL;
}

static char *
trim(char *text)
{
	text += strspn(text, " \t\r");
	for (size_t n = strlen(text); n > 0 && strchr(" \t\r", text[n - 1]) != NULL; n--)
		text[n - 1] = '\0';
	return text;
}

/* "key = value" of the section that says where the source is; [provide] doesn't. */
static enum assay_status
read_key(struct dep_work *w, struct wrap *p, char *line, unsigned number)
{
	size_t n = strcspn(line, "=:");
	if (line[n] == '\0')
		return assay_fail(w->err, ASSAY_E_FORMAT, "line %u is no 'key = value'", number);
	line[n] = '\0';
	const char *key = trim(line), *value = trim(line + n + 1);
	if (p->count == KEYS_MAX || get(p, key) != NULL)
		return assay_fail(w->err, ASSAY_E_FORMAT, "the key '%.60s' stands twice, or there are too many", key);
	p->keys[p->count].key = key;
	p->keys[p->count].value = value;
	p->keys[p->count++].line = number;
	return ASSAY_OK;
}

static enum assay_status
read_lines(struct dep_work *w, char *text, struct wrap *p)
{
	bool inside = false;
	unsigned number = 0;
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		bool last = text[n] == '\0';
		text[n] = '\0';
		char *line = trim(text);
		bool indented = *text == ' ' || *text == '\t';
		number++;
		if (*line == '[') {
			inside = dep_starts(line, "[wrap-") && dep_ends(line, "]");
			if (inside && p->section != NULL)
				return assay_fail(w->err, ASSAY_E_FORMAT, "it has two sections that say where the source is");
			if (inside) {
				line[strlen(line) - 1] = '\0';
				p->section = line + 1;
				p->line = number;
			}
		} else if (inside && *line != '\0' && *line != '#' && *line != ';') {
			if (indented)
				return assay_fail(w->err, ASSAY_E_FORMAT, "line %u continues another, which isn't read", number);
			TRY(read_key(w, p, line, number));
		}
		text += n + !last;
	}
	return ASSAY_OK;
}

/* Meson names the hash without its algorithm: it is SHA-256. */
static enum assay_status
check_file(struct dep_work *w, const struct wrap *p, struct fetch *f, const char *what)
{
	const char *url = get(p, what[0] == 's' ? "source_url" : "patch_url");
	const char *hash = get(p, what[0] == 's' ? "source_hash" : "patch_hash");
	if (url == NULL)
		return ASSAY_OK;
	f->url = url;
	f->hash = hash != NULL ? arena_printf(w->arena, "SHA256=%s", hash) : NULL;
	return fetch_check(w, f);
}

enum assay_status
wrap_read(struct dep_work *w, const struct source_file *f)
{
	struct wrap *p = arena_alloc(w->arena, sizeof *p);
	char *text = arena_copy(w->arena, f->bytes), *name = arena_str(w->arena, dep_base(f->path));
	if (p == NULL || text == NULL || name == NULL)
		return arena_full(w->err);
	if (!text_is_utf8(f->bytes))
		return assay_fail(w->err, ASSAY_E_FORMAT, "not UTF-8, or a NUL in it");
	TRY(read_lines(w, text, p));
	name[strlen(name) - 5] = '\0';
	struct fetch fetch = { .name = name, .place = { f->path, p->line, 1 } };
	const char *section = p->section != NULL ? p->section : "";
	if (strcmp(section, "wrap-redirect") == 0)
		return ASSAY_OK;
	if (strcmp(section, "wrap-file") == 0) {
		/* Without an address the archive lies in the tree. */
		TRY(check_file(w, p, &fetch, "source"));
		dep_judged(w, DEP_SOURCES, "wraps");
		return check_file(w, p, &fetch, "patch");
	}
	if (strcmp(section, "wrap-git") == 0) {
		fetch.git = get(p, "url");
		fetch.tag = get(p, "revision");
		fetch.unclear = fetch.git == NULL;
		TRY(fetch_check(w, &fetch));
		fetch.git = NULL;
		return check_file(w, p, &fetch, "patch");
	}
	if (strcmp(section, "wrap-svn") == 0 || strcmp(section, "wrap-hg") == 0) {
		fetch.other = arena_printf(w->arena, "%s at '%s'", section + 5, get(p, "url") != NULL ? get(p, "url") : "");
		return fetch_check(w, &fetch);
	}
	return assay_fail(w->err, ASSAY_E_FORMAT, "it has no section that says where the source is");
}
