/* SPDX-License-Identifier: Apache-2.0 */
#include <code/branches.h>

#include <base/cleanup.h>
#include <string.h>

struct chain {
	uint32_t branch; /* that is open; index into the list */
	bool any;        /* one is */
	bool sure;       /* a plain 1 was among its conditions */
};

struct branching {
	const struct code_tokens *t;
	struct code_branch *list;
	uint32_t count;
	uint32_t comment;     /* the first that ends behind the last branch's line */
	struct chain *chains; /* one inside the other */
	uint32_t depth;
};

static bool
opens_chain(const struct code_directive *d)
{
	return d->kind >= CODE_D_IF && d->kind <= CODE_D_IFNDEF;
}

static bool
is_branch(const struct code_directive *d)
{
	return d->kind >= CODE_D_IF && d->kind <= CODE_D_ELSE;
}

/* ---- what a branch holds ---- */

/* Whatever changes what a compiler reads, a macro's value as well. Lines that stop it, or speak to people alone, do not. */
static bool
is_content(const struct code_directive *d)
{
	return d->kind == CODE_D_DEFINE || d->kind == CODE_D_UNDEF || d->kind == CODE_D_INCLUDE || d->kind == CODE_D_PRAGMA
	    || d->kind == CODE_D_OTHER;
}

/* ---- conditions ---- */

static bool
is_plain(const struct code_tokens *t, const struct code_directive *d, const char *text)
{
	return d->count == 1 && code_is(t, &t->words[d->first], text);
}

/* __has_include and its like are names as well: what they say differs from machine to machine. */
static bool
names_macro(const struct code_tokens *t, const struct code_token *word)
{
	return word->kind == CODE_IDENTIFIER && !code_is(t, word, "defined");
}

/* Of the line that opens a branch: its end that stands in no comment. NULL: it has none. */
static const unsigned char *
line_end(struct branching *b, const struct code_directive *d)
{
	const struct code_tokens *t = b->t;
	size_t from = (size_t)d->at + d->len;
	for (;;) {
		const unsigned char *stop = from < t->bytes.len ? memchr(t->bytes.data + from, '\n', t->bytes.len - from) : NULL;
		if (stop == NULL)
			return NULL;
		const size_t at = (size_t)(stop - t->bytes.data);
		const struct code_token *c = t->comments;
		while (b->comment < t->comment_count && (size_t)c[b->comment].at + c[b->comment].len <= at)
			b->comment++;
		if (b->comment == t->comment_count || c[b->comment].at > at)
			return stop;
		from = (size_t)c[b->comment].at + c[b->comment].len;
	}
}

static void
open_branch(struct branching *b, uint32_t directive)
{
	struct chain *c = &b->chains[b->depth - 1];
	const struct code_directive *d = &b->t->directives[directive];
	const unsigned char *stop = line_end(b, d);
	b->list[b->count] = (struct code_branch){ .line = d->line, .directive = directive, .before = c->any ? c->branch : b->count,
		.end = stop != NULL ? (size_t)(stop - b->t->bytes.data) + 1 : b->t->bytes.len, .closed = stop != NULL, .holds = false,
		.never = d->kind == CODE_D_ELSE ? c->sure : is_plain(b->t, d, "0") };
	*c = (struct chain){ .branch = b->count++, .any = true, .sure = c->sure || is_plain(b->t, d, "1") };
}

/* What stands behind directive i, up to the next one. */
static void
note_content(const struct branching *b, uint32_t i)
{
	const struct code_tokens *t = b->t;
	const uint32_t next = i + 1 < t->directive_count ? t->directives[i + 1].before : t->count;
	if (b->depth == 0 || !b->chains[b->depth - 1].any)
		return;
	if (next > t->directives[i].before || is_content(&t->directives[i]))
		b->list[b->chains[b->depth - 1].branch].holds = true;
}

enum assay_status
code_branches(const struct code_tokens *t, struct arena *arena, struct code_branch **ret_branches, uint32_t *ret_count,
    struct assay_error *err)
{
	struct branching b = { .t = t };
	uint32_t deepest = 0, depth = 0;
	for (uint32_t i = 0; i < t->directive_count; i++) {
		depth += opens_chain(&t->directives[i]);
		depth -= t->directives[i].kind == CODE_D_ENDIF && depth > 0;
		deepest = depth > deepest ? depth : deepest;
	}
	b.list = arena_array(arena, t->directive_count + 1, sizeof b.list[0]);
	b.chains = arena_array(arena, deepest + 1, sizeof b.chains[0]);
	if (b.list == NULL || b.chains == NULL)
		return arena_full(err);
	for (uint32_t i = 0; i < t->directive_count; i++) {
		const struct code_directive *d = &t->directives[i];
		if (opens_chain(d))
			b.chains[b.depth++] = (struct chain){ .any = false };
		if (is_branch(d) && b.depth > 0)
			open_branch(&b, i);
		if (d->kind == CODE_D_ENDIF && b.depth > 0)
			b.depth--;
		note_content(&b, i);
	}
	*ret_branches = b.list;
	*ret_count = b.count;
	return ASSAY_OK;
}

struct asking {
	const struct code_tokens *t;
	bool (*known)(const void *context, const char *macro);
	const void *context;
	bool named; /* a macro */
};

/* What stands behind an #else is no condition, whatever it is. */
static bool
condition_known(struct asking *a, const struct code_directive *d)
{
	char name[CODE_BRANCH_NAME_MAX];
	for (uint32_t i = 0; i < d->count && d->kind != CODE_D_ELSE; i++) {
		const struct code_token *word = &a->t->words[d->first + i];
		if (!names_macro(a->t, word))
			continue;
		a->named = true;
		if (code_spelling(a->t, word, name, sizeof name) >= sizeof name || !a->known(a->context, name))
			return false;
	}
	return true;
}

bool
code_branch_known(const struct code_tokens *t, const struct code_branch *list, uint32_t index,
    bool (*known)(const void *context, const char *macro), const void *context)
{
	struct asking a = { .t = t, .known = known, .context = context };
	for (unsigned n = 0; n < CODE_BRANCH_CONDITIONS_MAX && condition_known(&a, &t->directives[list[index].directive]); n++) {
		if (list[index].before == index)
			return a.named;
		index = list[index].before;
	}
	return false;
}
