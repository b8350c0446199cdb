/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether "$(MAKE)" is make. What a Makefile may do to it is looked for in all of its text: rules and recipes may hold
 * assignments, too, and what can't be told is taken for one.
 */
#include "install.h"
#include "make_lines.h"

/* No file of a tree is larger. */
#define MAKEFILE_MAX (64u << 20)

static const char *const names[] = { "MAKE", "MAKE_COMMAND" };

/* What is written of a name whose rest is computed may be a part of this one. */
static bool
may_become(const char *name, size_t len, const char *word)
{
	const char *end = name + len;
	while (name < end) {
		const size_t n = make_token(name);
		if (*name == '$' && name[1] != '$') {
			name += n;
			continue;
		}
		word = strchr(word, *name);
		if (word == NULL || *name == '$')
			return false;
		word++;
		name += n;
	}
	return true;
}

static bool
names_make(const struct make_assign *a)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (a->name_len == strlen(names[i]) && strncmp(a->name, names[i], a->name_len) == 0)
			return true;
	}
	return false;
}

/* Whether some of the name is written and some is computed; of all computed names those count that are surely assigned to. */
static bool
computes_make(const struct make_assign *a, bool surely)
{
	bool computed = false, written = false;
	for (const char *at = a->name, *end = at + a->name_len; at < end; at += make_token(at)) {
		computed |= *at == '$';
		written |= *at != '$';
	}
	return computed && (written || surely) && may_become(a->name, a->name_len, names[1]);
}

/* Functions whose first word is the name of a function that is called, or of a variable that is given values. */
static const struct {
	const char *function, *names;
} naming[] = { { "call", "eval" }, { "foreach", "MAKE_COMMAND" }, { "let", "MAKE_COMMAND" } };

/* "$(eval ...)" and those that do the same by another function. */
static bool
evaluates(const char *line)
{
	for (const char *at = line; (at = strpbrk(at, "({")) != NULL; at++) {
		const char *word = at + 1;
		if (at == line || at[-1] != '$')
			continue;
		if (strncmp(word, "eval", 4) == 0 && strchr(" \t", word[4]) != NULL)
			return true;
		for (size_t i = 0; i < sizeof naming / sizeof naming[0]; i++) {
			size_t len = strlen(naming[i].function), n = 0;
			if (strncmp(word, naming[i].function, len) != 0 || (word[len] != ' ' && word[len] != '\t'))
				continue;
			const char *name = word + len + strspn(word + len, " \t");
			while (name[n] != '\0' && strchr(" \t,)}", name[n]) == NULL)
				n += make_token(name + n);
			if (n > 0 && may_become(name, n, naming[i].names))
				return true;
		}
	}
	return false;
}

/* Words that are assigned to at the beginning, or behind a rule's ':'. */
static bool
computes_surely(const char *line)
{
	struct make_assign a;
	const char *behind = make_behind_colon(line);
	return (make_assignment(line, &a) && computes_make(&a, true)) || (behind != NULL && make_assignment(behind, &a) && computes_make(&a, true));
}

static bool
has_own_meaning(const char *line)
{
	struct make_assign a;
	if (CATCH(make_own_eval, evaluates(line)) || CATCH(make_own_computed, computes_surely(line)))
		return true;
	for (const char *at = line, *next; *at != '\0'; at = next) {
		next = at + make_token(at);
		if ((*at != '$' && !make_is_name(at, 1)) || (at > line && make_is_name(at - 1, 1)))
			continue;
		const bool assigns = make_assignment(at, &a);
		next = a.name > next ? a.name : next;
		if (CATCH(make_own, assigns && names_make(&a)) || CATCH(make_own_in_part, assigns && computes_make(&a, false)))
			return true;
	}
	return false;
}

static enum assay_status
look_in(struct dep_work *w, const struct source_file *f, struct make_line *l)
{
	CLEANUP(arena_free) struct arena *own = NULL;
	unsigned number = 1;
	if (arena_new(MAKEFILE_MAX, &own) != ASSAY_OK)
		return arena_full(w->err);
	const char *at = arena_copy(own, f->bytes);
	if (at == NULL)
		return arena_full(w->err);
	for (bool more = true; more && !w->make_own;) {
		enum assay_status status = make_next_line(&at, &number, l, &more, w->err);
		/* Who reads the file says so. */
		if (status != ASSAY_OK) {
			assay_error_clear(w->err);
			return status == ASSAY_E_MEMORY ? status : ASSAY_OK;
		}
		w->make_own = more && has_own_meaning(make_text(l));
	}
	return ASSAY_OK;
}

/* Any of them: one Makefile reads another, and what one exports holds in those that it runs. */
enum assay_status
make_look_for_own(struct dep_work *w)
{
	CLEANUP(make_line_done) struct make_line l = { .text = BUF_INIT(MAKE_LINE_MAX) };
	if (w->make_known)
		return ASSAY_OK;
	w->make_known = true;
	for (size_t i = 0; i < w->sources->count && !w->make_own; i++) {
		const struct source_file *f = &w->sources->files[i];
		bool reads = false;
		for (size_t k = 0; k < dep_kind_count && !reads; k++)
			reads = dep_kinds[k].read == install_read_make && dep_fits_kind(&dep_kinds[k], f->path);
		if (reads && f->has_bytes)
			TRY(look_in(w, f, &l));
	}
	return ASSAY_OK;
}
