/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps in their order, and the questions that can be asked of what came out.
 */
#include "parse_inside.h"

#include <base/cleanup.h>
#include <string.h>

/* Symbols of a function up to which they are looked through one by one. */
#define FEW_SYMBOLS 64

void *
parse_grown(struct parser *p, enum parse_array which, void *old, uint32_t count, size_t size)
{
	if (count < p->room[which])
		return old;
	const uint32_t room = p->room[which] == 0 ? 64 : p->room[which] * 2;
	void *bigger = arena_array(p->arena, room, size);
	if (bigger == NULL) {
		p->full = true;
		return old;
	}
	if (count > 0)
		memcpy(bigger, old, count * size);
	p->room[which] = room;
	return bigger;
}

static uint32_t *
heads(struct parser *p)
{
	uint32_t *list = arena_array(p->arena, p->u.name_count + 1, sizeof list[0]);
	if (list == NULL)
		p->full = true;
	else
		memset(list, 0xFF, (p->u.name_count + 1) * sizeof list[0]);
	return list;
}

static void
link_calls(struct code_unit *u)
{
	for (uint32_t i = u->call_count; i-- > 0;) {
		struct code_call *c = &u->calls[i];
		uint32_t *head = &u->call_of[u->name[c->name]];
		c->next_same = *head;
		*head = i;
	}
}

enum assay_status
code_parse(const struct code_tokens *t, const struct code_words *words, struct arena *arena, struct code_unit *ret_unit,
    struct assay_error *err)
{
	struct parser p = { .arena = arena, .u = { .raw = t }, .scope = "" };
	parse_names_init(&p, words);
	static void (*const steps[])(struct parser *p) = { parse_names, parse_expand, parse_match };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !p.full; i++)
		steps[i](&p);
	if (!p.full) {
		p.u.symbol_of = heads(&p);
		p.u.global_of = heads(&p);
		p.u.call_of = heads(&p);
		p.u.macro_of = heads(&p);
	}
	if (!p.full)
		parse_file(&p);
	if (p.full)
		return arena_full(err);
	link_calls(&p.u);
	for (uint32_t i = 0; i < p.u.macro_count; i++)
		p.u.macro_of[p.u.macros[i].name] = i;
	*ret_unit = p.u;
	return ASSAY_OK;
}

uint32_t
code_function_at(const struct code_unit *u, uint32_t token)
{
	uint32_t low = 0, high = u->function_count;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		if (u->functions[middle].body_close < token)
			low = middle + 1;
		else
			high = middle;
	}
	return low < u->function_count && u->functions[low].first <= token ? low : CODE_NONE;
}

struct assay_span
code_name(const struct code_unit *u, uint32_t name)
{
	return name < u->name_count ? u->names[name] : u->names[0];
}

uint32_t
code_line(const struct code_unit *u, uint32_t token)
{
	return u->raw->tokens[u->origin[token]].line;
}

uint32_t
code_column_of(const struct code_unit *u, uint32_t token)
{
	return code_column(u->raw, &u->raw->tokens[u->origin[token]]);
}

static const char *
macro_at(const struct code_unit *u, uint32_t line, struct arena *arena)
{
	for (uint32_t i = 0; i < u->macro_count; i++) {
		const struct code_directive *d = &u->raw->directives[u->macros[i].directive];
		const uint32_t last = code_line_of(u->raw, d->at + d->len - 1);
		if (d->line <= line && line <= last) {
			const struct assay_span s = u->names[u->macros[i].name];
			return arena_printf(arena, "#%.*s", (int)(s.len < 500 ? s.len : 500), (const char *)s.data);
		}
	}
	return NULL;
}

const char *
code_symbol_at(const struct code_unit *u, uint32_t line, struct arena *arena)
{
	for (uint32_t i = 0; i < u->function_count; i++) {
		const struct code_function *f = &u->functions[i];
		if (code_line(u, f->first) <= line && line <= code_line(u, f->body_close))
			return f->symbol;
	}
	return macro_at(u, line, arena);
}

uint32_t
code_argument_count(const struct code_unit *u, uint32_t open)
{
	const uint32_t close = u->match[open];
	uint32_t count = 1;
	if (close == CODE_NONE || close == open + 1)
		return 0;
	for (uint32_t i = open + 1; i < close; i++) {
		const struct code_token *t = &u->tokens[i];
		count += code_punct(t, ',');
		if ((code_punct(t, '(') || code_punct(t, '[') || code_punct(t, '{')) && u->match[i] != CODE_NONE && u->match[i] > i)
			i = u->match[i];
	}
	return count;
}

bool
code_argument(const struct code_unit *u, uint32_t open, uint32_t n, uint32_t *ret_first, uint32_t *ret_last)
{
	const uint32_t close = u->match[open];
	uint32_t first = open + 1;
	if (close == CODE_NONE || close == open + 1)
		return false;
	for (uint32_t i = open + 1; i <= close; i++) {
		const struct code_token *t = &u->tokens[i];
		if (i == close || code_punct(t, ',')) {
			if (n-- == 0) {
				*ret_first = first;
				*ret_last = i - 1;
				return i > first;
			}
			first = i + 1;
		}
		if ((code_punct(t, '(') || code_punct(t, '[') || code_punct(t, '{')) && u->match[i] != CODE_NONE && u->match[i] > i
		    && u->match[i] < close)
			i = u->match[i];
	}
	return false;
}

const struct code_symbol *
code_symbol_of(const struct code_unit *u, uint32_t function, uint32_t name)
{
	if (name == 0 || name >= u->name_count)
		return NULL;
	const struct code_function *f = function < u->function_count ? &u->functions[function] : NULL;
	if (f != NULL && f->symbol_count <= FEW_SYMBOLS) {
		for (uint32_t i = f->symbol_first + f->symbol_count; i-- > f->symbol_first;) {
			if (u->symbols[i].name == name)
				return &u->symbols[i];
		}
	} else if (f != NULL) {
		for (uint32_t i = u->symbol_of[name]; i != CODE_NONE; i = u->symbols[i].next_same) {
			if (u->symbols[i].function == function)
				return &u->symbols[i];
		}
	}
	const uint32_t global = u->global_of[name];
	return global == CODE_NONE ? NULL : &u->symbols[global];
}
