/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing the register of findings: anew, or into what people have written there by hand.
 */
#include "words.h"

#include <base/cleanup.h>
#include <sca/records.h>
#include <string.h>

#define ENTRY_INDENT 2

static void
add_field(struct buf *out, unsigned indent, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(out, "%*s", (int)indent, "");
	words_add(out, key, value);
}

/* indent: of the dash. */
static void
add_entry(struct buf *out, unsigned indent, const struct sca_entry *e)
{
	const unsigned in = indent + 2;
	buf_addf(out, "%*s- id: %s\n", (int)indent, "", e->identity);
	add_field(out, in, "rule", e->rule);
	add_field(out, in, "path", e->path);
	add_field(out, in, "symbol", e->symbol[0] == '\0' ? NULL : e->symbol);
	if (e->checks.count > 0)
		buf_addf(out, "%*s", (int)in, "");
	words_add_list(out, "checks", &e->checks);
	add_field(out, in, "severity", e->severity == SEVERITY_NOT_GIVEN ? NULL : standard_severity_name(e->severity));
	add_field(out, in, "first-seen", e->first_seen);
	add_field(out, in, "problem", e->problem);
	add_field(out, in, "reach", e->reach);
	add_field(out, in, "safety-effect", e->safety);
	add_field(out, in, "exploitability", e->exploitability);
}

enum assay_status
sca_register_write(const struct sca_register *r, struct buf *out, struct assay_error *err)
{
	buf_addf(out, "assay-findings: %d\nfindings:%s\n", REGISTER_VERSION, r->count == 0 ? " []" : "");
	for (size_t i = 0; i < r->count; i++)
		add_entry(out, ENTRY_INDENT, &r->entries[i]);
	return buf_status(out, "the register of findings", err);
}

/* ---- into what is there ---- */

struct extending {
	const char *text;      /* with NUL */
	size_t len;
	size_t *lines;         /* where each begins; one more for the end */
	size_t line_count;
	const struct sca_register *before, *wanted;
	const struct yaml_node *list;
	struct buf *out;
	size_t copied;         /* of the text, into out */
	bool ended;            /* the text's last line has got its end */
	struct arena *arena;
};

static enum assay_status
find_lines(struct extending *x, struct assay_error *err)
{
	size_t count = 1;
	for (size_t i = 0; i < x->len; i++)
		count += x->text[i] == '\n';
	x->lines = arena_array(x->arena, count + 2, sizeof *x->lines);
	if (x->lines == NULL)
		return arena_full(err);
	x->lines[x->line_count++] = 0;
	for (size_t i = 0; i < x->len; i++) {
		if (x->text[i] == '\n' && i + 1 < x->len)
			x->lines[x->line_count++] = i + 1;
	}
	x->lines[x->line_count] = x->len;
	return ASSAY_OK;
}

/* The character at a node's place: '[' and '{' where it is written in one line. */
static char
char_at(const struct extending *x, unsigned line, unsigned column)
{
	const size_t at = line == 0 || line > x->line_count || column == 0 ? x->len : x->lines[line - 1] + column - 1;
	return (char)(at < x->len ? x->text[at] : '\0');
}

/* A line, from 1, with nothing in it but a comment at most. */
static bool
is_idle(const struct extending *x, size_t line)
{
	const char *p = x->text + x->lines[line - 1];
	p += strspn(p, " \t\r");
	return *p == '#' || *p == '\n' || *p == '\0';
}

/* Where an entry ends: comments ahead of the next one are the next one's. */
static size_t
end_of(const struct extending *x, const struct yaml_node *n)
{
	size_t line = n->next != NULL ? n->next->line : x->line_count + 1;
	while (line - 1 > n->line && is_idle(x, line - 1))
		line--;
	return x->lines[line - 1];
}

static void
copy_up_to(struct extending *x, size_t at)
{
	if (at > x->copied)
		buf_add(x->out, x->text + x->copied, at - x->copied);
	x->copied = at > x->copied ? at : x->copied;
}

/* The last line may have no end. */
static void
begin_line(struct extending *x, size_t at)
{
	copy_up_to(x, at);
	if (x->copied == x->len && x->text[x->len - 1] != '\n' && !x->ended)
		buf_add_byte(x->out, '\n');
	x->ended = x->copied == x->len;
}

static enum assay_status
cannot(const char *what, unsigned line, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "%s is written so that nothing can be put between", what);
	(void)assay_error_at(err, ASSAY_E_UNSUPPORTED, REGISTER_PATH, line, 1);
	return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "write it as in assay-findings(5), a line a key, or fill it by hand");
}

static enum assay_status
fill_entry(struct extending *x, const struct yaml_node *n, struct assay_error *err)
{
	const struct yaml_node *id = yaml_get(n, "id");
	const struct sca_entry *now = sca_register_find(x->before, id->text), *then = sca_register_find(x->wanted, id->text);
	if (now == NULL || then == NULL)
		return ASSAY_OK;
	const struct {
		const char *key, *now, *then;
	} fields[] = { { "problem", now->problem, then->problem }, { "reach", now->reach, then->reach },
		{ "safety-effect", now->safety, then->safety }, { "exploitability", now->exploitability, then->exploitability } };
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (fields[i].now != NULL || fields[i].then == NULL)
			continue;
		if (char_at(x, n->line, n->column) == '{' || n->first->key_column == 0)
			return cannot("the finding's entry", n->line, err);
		begin_line(x, end_of(x, n));
		add_field(x->out, n->first->key_column - 1, fields[i].key, fields[i].then);
	}
	return ASSAY_OK;
}

/* "findings: []" becomes "findings:". */
static enum assay_status
open_empty(struct extending *x, struct assay_error *err)
{
	if (char_at(x, x->list->line, x->list->column) != '[')
		return cannot("its list", x->list->line, err);
	const size_t at = x->lines[x->list->line - 1] + x->list->column - 1;
	const size_t blanks = strspn(x->text + at + 1, " \t");
	if (x->text[at + 1 + blanks] != ']')
		return cannot("its list", x->list->line, err);
	size_t before = at;
	while (before > 0 && x->text[before - 1] == ' ')
		before--;
	copy_up_to(x, before);
	x->copied = at + 2 + blanks;
	return ASSAY_OK;
}

static enum assay_status
append_new(struct extending *x, struct assay_error *err)
{
	const struct yaml_node *first = x->list->first, *last = first;
	unsigned indent = ENTRY_INDENT;
	bool begun = false;
	for (const struct yaml_node *n = first; n != NULL; n = n->next)
		last = n;
	if (first != NULL && char_at(x, x->list->line, x->list->column) == '[')
		return x->wanted->count > x->before->count ? cannot("its list", x->list->line, err) : ASSAY_OK;
	if (first != NULL)
		indent = (unsigned)strspn(x->text + x->lines[first->line - 1], " ");
	for (size_t i = 0; i < x->wanted->count; i++) {
		const struct sca_entry *e = &x->wanted->entries[i];
		if (sca_register_find(x->before, e->identity) != NULL)
			continue;
		if (!begun && first == NULL)
			TRY(open_empty(x, err));
		if (!begun)
			begin_line(x, first == NULL ? x->lines[x->list->line] : end_of(x, last));
		begun = true;
		add_entry(x->out, indent, e);
	}
	return ASSAY_OK;
}

/* ---- what came out ---- */

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_entry(const struct sca_entry *a, const struct sca_entry *b)
{
	bool same = strcmp(a->identity, b->identity) == 0 && same_text(a->rule, b->rule) && same_text(a->path, b->path)
	    && same_text(a->symbol, b->symbol) && a->severity == b->severity && same_text(a->first_seen, b->first_seen)
	    && same_text(a->problem, b->problem) && same_text(a->reach, b->reach) && same_text(a->safety, b->safety)
	    && same_text(a->exploitability, b->exploitability) && a->checks.count == b->checks.count;
	for (size_t i = 0; same && i < a->checks.count; i++)
		same = strcmp(a->checks.items[i], b->checks.items[i]) == 0;
	return same;
}

/* Lines that look like comments may be text, and the like: only what reads back as wanted is handed out. */
static enum assay_status
check(const struct extending *x, struct assay_error *err)
{
	struct sca_register got;
	TRY(buf_status(x->out, "the register of findings", err));
	bool same = sca_register_parse(buf_span(x->out), REGISTER_PATH, x->arena, &got, NULL) == ASSAY_OK && got.count == x->wanted->count;
	for (size_t i = 0; same && i < got.count; i++)
		same = same_entry(&got.entries[i], &x->wanted->entries[i]);
	return same ? ASSAY_OK : cannot("the register", 1, err);
}

enum assay_status
sca_register_extend(struct assay_span yaml, const struct sca_register *wanted, struct arena *arena, struct buf *out,
    struct assay_error *err)
{
	const struct yaml_context c = { REGISTER_PATH, arena };
	struct extending x = { .wanted = wanted, .out = out, .arena = arena, .len = yaml.len };
	struct sca_register before;
	struct yaml_node *root;
	if (yaml.len == 0)
		return sca_register_write(wanted, out, err);
	TRY(sca_register_parse(yaml, REGISTER_PATH, arena, &before, err));
	TRY(yaml_open(yaml, &c, "assay-findings", REGISTER_VERSION, &root, err));
	x.before = &before;
	x.list = yaml_get(root, "findings");
	x.text = arena_copy(arena, yaml);
	if (x.text == NULL)
		return arena_full(err);
	TRY(find_lines(&x, err));
	for (const struct yaml_node *n = x.list->first; n != NULL; n = n->next)
		TRY(fill_entry(&x, n, err));
	TRY(append_new(&x, err));
	copy_up_to(&x, x.len);
	return check(&x, err);
}
