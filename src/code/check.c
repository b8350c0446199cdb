/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file judged by all rules, and the rules judged by their own code.
 */
#include "check_inside.h"

#include <base/cleanup.h>
#include <stdlib.h>

#define MARK "/* fault */"
/* Memory of one proof: rules carry small examples. */
#define PROOF_MEMORY ((size_t)64 << 20)

/* ---- reports ---- */

static const char *
message_of(struct judging *j, uint32_t name)
{
	const char *hole = strstr(j->rule->message, "{name}");
	if (hole == NULL)
		return j->rule->message;
	const struct assay_span s = code_name(j->u, name);
	return arena_printf(j->arena, "%.*s%.*s%s", (int)(hole - j->rule->message), j->rule->message, (int)(s.len < 200 ? s.len : 200),
	    (const char *)s.data, hole + 6);
}

static void
add_report(struct judging *j, uint32_t line, uint32_t column, uint32_t name, const char *symbol)
{
	struct code_reports *o = j->out;
	if (o->count == CODE_REPORTS_MAX) {
		o->overflow++;
		return;
	}
	if (o->count == o->room) {
		const size_t room = o->room == 0 ? 32 : o->room * 2;
		struct code_report *bigger = arena_array(j->arena, room, sizeof bigger[0]);
		if (bigger == NULL) {
			j->full = true;
			return;
		}
		if (o->count > 0)
			memcpy(bigger, o->items, o->count * sizeof bigger[0]);
		o->items = bigger;
		o->room = room;
	}
	const char *message = message_of(j, name);
	j->full |= message == NULL;
	o->items[o->count++] = (struct code_report){ j->rule, line, column, message, symbol };
}

void
judging_report(struct judging *j, uint32_t token, uint32_t name)
{
	const uint32_t function = code_function_at(j->u, token);
	add_report(j, code_line(j->u, token), code_column_of(j->u, token), name,
	    function == CODE_NONE ? NULL : j->u->functions[function].symbol);
}

void
judging_report_raw(struct judging *j, const struct code_token *token, uint32_t name)
{
	add_report(j, token->line, code_column(j->u->raw, token), name, code_symbol_at(j->u, token->line, j->arena));
}

static int
by_place(const void *a, const void *b)
{
	const struct code_report *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->rule->id, y->rule->id);
}

/* One report a rule and place: a macro's use may hold the same fault more than once. */
static void
sort_reports(struct code_reports *o)
{
	if (o->count == 0)
		return;
	qsort(o->items, o->count, sizeof o->items[0], by_place);
	size_t kept = 1;
	for (size_t i = 1; i < o->count; i++) {
		if (by_place(&o->items[kept - 1], &o->items[i]) != 0)
			o->items[kept++] = o->items[i];
	}
	o->count = kept;
}

/* ---- one file ---- */

static bool
link_words(struct judging *j)
{
	const uint32_t words = j->rules->word_count;
	j->first_use = arena_array(j->arena, words + 1, sizeof j->first_use[0]);
	j->next_use = arena_array(j->arena, j->u->count + 1, sizeof j->next_use[0]);
	if (j->first_use == NULL || j->next_use == NULL)
		return false;
	memset(j->first_use, 0xFF, (words + 1) * sizeof j->first_use[0]);
	for (uint32_t i = j->u->count; i-- > 0;) {
		const uint32_t name = j->u->name[i];
		if (name == 0 || name > words)
			continue;
		j->next_use[i] = j->first_use[name];
		j->first_use[name] = i;
	}
	return true;
}

static bool
concerns(const struct code_rule *rule, unit *u)
{
	for (size_t i = 0; i < rule->with.count; i++) {
		if (u->call_of[rule->with_ids[i]] != CODE_NONE)
			return true;
	}
	return rule->with.count == 0;
}

static enum assay_status
judge_unit(const struct code_rules *r, const struct code_rule *only, unit *u, struct arena *arena, struct code_reports *out,
    struct assay_error *err)
{
	struct judging j = { .u = u, .rules = r, .out = out, .arena = arena };
	if (!link_words(&j) || !ask_roles(&j))
		return arena_full(err);
	for (size_t i = 0; i < r->count && !j.full; i++) {
		const struct code_rule *rule = &r->items[i];
		if ((only != NULL ? rule != only : rule->fault != NULL) || !concerns(rule, u))
			continue;
		j.rule = rule;
		if (rule->uses != NULL)
			rule->uses->run(&j);
		else
			judging_patterns(&j);
	}
	if (j.full)
		return arena_full(err);
	sort_reports(out);
	return ASSAY_OK;
}

/* #include "list.txt": what it holds is compiled, and its name keeps everybody from reading it as code. */
static bool
find_foreign(const struct code_tokens *t, struct arena *arena, struct code_reports *out)
{
	for (uint32_t i = 0; i < t->directive_count; i++) {
		const struct code_directive *d = &t->directives[i];
		const struct code_token *w = &t->words[d->first];
		enum code_language language;
		if (d->kind != CODE_D_INCLUDE || d->count == 0 || w->kind != CODE_STRING || w->len < 3)
			continue;
		char *name = arena_alloc(arena, w->len);
		if (name == NULL)
			return false;
		size_t len = code_spelling(t, w, name, w->len);
		len = len < w->len ? len : w->len - 1;
		memmove(name, name + 1, len);
		name[strcspn(name, "\"")] = '\0';
		if (code_language_of(name, &language) || out->foreign != NULL)
			continue;
		out->foreign = name;
		out->foreign_line = d->line;
	}
	return true;
}

static enum assay_status
check_bytes(const struct code_rules *r, const struct code_rule *only, struct assay_span bytes, enum code_language language,
    struct arena *arena, struct code_reports *ret_reports, struct assay_error *err)
{
	struct code_tokens t;
	struct code_unit u;
	struct code_reports out = { 0 };
	const struct code_words words = { r->words, r->word_count };
	TRY(code_lex(bytes, language, arena, &t, err));
	TRY(code_parse(&t, &words, arena, &u, err));
	TRY(judge_unit(r, only, &u, arena, &out, err));
	if (!find_foreign(&t, arena, &out))
		return arena_full(err);
	out.unread = u.unread;
	out.unexpanded = u.unexpanded;
	out.branches = u.branches;
	out.unclear = t.invalid + t.unterminated + t.trigraphs + t.lone_returns + u.unmatched;
	out.functions = u.function_count;
	out.lines = t.line_count;
	*ret_reports = out;
	return ASSAY_OK;
}

enum assay_status
code_check(const struct code_rules *r, struct assay_span bytes, const char *path, struct arena *arena, struct code_reports *ret_reports,
    struct assay_error *err)
{
	enum code_language language = CODE_C;
	(void)code_language_of(path, &language);
	return check_bytes(r, NULL, bytes, language, arena, ret_reports, err);
}

uint64_t
code_unseen(const struct code_reports *o)
{
	return (uint64_t)o->unread + o->unexpanded + o->unclear + o->overflow;
}

/* ---- rules that judge themselves ---- */

static bool
is_marked(const char *line, size_t len)
{
	return len >= sizeof MARK - 1 && memcmp(line + len - (sizeof MARK - 1), MARK, sizeof MARK - 1) == 0;
}

/* Each marked line has a report, and there is one. */
static const char *
fault_of_bad(const char *code, const struct code_reports *o)
{
	uint32_t line = 1, marked = 0;
	for (const char *p = code; *p != '\0'; line++) {
		const size_t len = strcspn(p, "\n");
		if (is_marked(p, len)) {
			bool reported = false;
			for (size_t i = 0; i < o->count; i++)
				reported |= o->items[i].line == line;
			if (!reported)
				return "it doesn't report a line of its bad code that is marked as at fault";
			marked++;
		}
		p += len + (p[len] == '\n');
	}
	return marked > 0 ? NULL : "its bad code marks no line as at fault";
}

static enum assay_status
prove_one(const struct code_rules *r, struct code_rule *rule, struct assay_error *err)
{
	for (size_t i = 0; i < rule->bad.count + rule->good.count && rule->fault == NULL; i++) {
		const bool bad = i < rule->bad.count;
		const char *code = bad ? rule->bad.items[i] : rule->good.items[i - rule->bad.count];
		struct code_reports o;
		CLEANUP(arena_free) struct arena *arena = NULL;
		TRY(arena_new(PROOF_MEMORY, &arena));
		TRY(check_bytes(r, rule, assay_span_str(code), CODE_C, arena, &o, err));
		if (bad)
			rule->fault = fault_of_bad(code, &o);
		else if (o.count > 0)
			rule->fault = "it reports its good code";
	}
	return ASSAY_OK;
}

enum assay_status
code_rules_prove(struct code_rules *r, struct assay_error *err)
{
	r->sealed = true;
	for (size_t i = 0; i < r->count; i++)
		TRY(prove_one(r, &r->items[i], err));
	return ASSAY_OK;
}
