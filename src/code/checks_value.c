/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of values within a function: what a result is used for, and what reaches an argument.
 */
#include "checks.h"

/* ---- results ---- */

/* Whether a variable that took a result is looked at afterwards: tested, returned, or given away. */
static bool
is_looked_at(unit *u, const struct code_call *c, uint32_t name)
{
	const struct code_function *f = &u->functions[c->function];
	for (uint32_t i = ask_use(u, c->close + 1, f->body_close, name); i != CODE_NONE; i = ask_use(u, i + 1, f->body_close, name)) {
		if (ask_tested(u, c->function, i))
			return true;
	}
	return false;
}

/* ERR33-C, POS54-C: the result of a function that can fail is dropped, or used without being tested. */
void
check_unchecked_result(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		const uint32_t name = j->rule->name_ids[k];
		if (ask_function(u, name) != CODE_NONE)
			continue;
		FOR_CALLS(u, c, name) {
			const uint32_t variable = ask_assigned(u, c);
			const struct code_symbol *s = variable == 0 ? NULL : code_symbol_of(u, c->function, variable);
			const bool own = s != NULL && s->function != CODE_NONE && (s->flags & CODE_Y_STATIC) == 0;
			const bool in_condition = ask_in_condition(u, ask_statement(u, c->function, c->name), c->name);
			if (ask_ignored(u, c) || (own && !in_condition && !is_looked_at(u, c, variable)))
				judging_report(j, c->name, name);
		}
	}
}

/* ---- ctype ---- */

static bool
is_plain_char(const struct code_symbol *s, unsigned depth)
{
	return s != NULL && s->type == CODE_T_CHAR && (s->flags & CODE_Y_UNSIGNED) == 0 && (unsigned)s->pointers + s->arrays == depth;
}

/* STR37-C: a char that may be negative is given to a function of ctype.h. */
void
check_ctype_argument(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			uint32_t first, last;
			if (!code_argument(u, c->open, 0, &first, &last))
				continue;
			unsigned depth = 0;
			while (first < last && code_punct(&u->tokens[first], '*')) {
				depth++;
				first++;
			}
			const uint32_t name = u->name[first];
			uint32_t i = first + 1;
			while (i < last && code_punct(&u->tokens[i], '[') && u->match[i] != CODE_NONE && u->match[i] <= last) {
				depth++;
				i = u->match[i] + 1;
			}
			i += i <= last && (code_punct(&u->tokens[i], CODE_P_INCREMENT) || code_punct(&u->tokens[i], CODE_P_DECREMENT));
			if (i > last && is_plain_char(code_symbol_of(u, c->function, name), depth))
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

/* ---- what the library owns ---- */

/* Whether the use of a name at token i hands it to a function that writes there: the first argument of one of these. */
static bool
is_overwritten(unit *u, uint32_t i)
{
	static const uint32_t writers[] = { W_strtok, W_strtok_r, W_strsep, W_strcat, W_strncat, W_strcpy, W_strncpy, W_memset, W_memcpy,
		W_memmove, W_sprintf, W_snprintf, W_free, W_realloc };
	if (i < 2 || !code_punct(&u->tokens[i - 1], '('))
		return false;
	for (size_t k = 0; k < sizeof writers / sizeof writers[0]; k++) {
		if (u->name[i - 2] == writers[k])
			return true;
	}
	return false;
}

/* ENV30-C: what getenv and the like return is written to. */
void
check_library_text_written(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			const struct code_function *f = &u->functions[c->function];
			const uint32_t name = ask_assigned(u, c);
			if (is_overwritten(u, c->name) || (code_punct(&u->tokens[c->close + 1], CODE_P_ARROW) && code_assigns(&u->tokens[c->close + 3])))
				judging_report(j, c->name, u->name[c->name]);
			if (name == 0)
				continue;
			for (uint32_t i = ask_use(u, c->close, f->body_close, name); i != CODE_NONE; i = ask_use(u, i + 1, f->body_close, name)) {
				/* From where it points elsewhere, it may be written to. */
				const bool declared = ask_declares(u, c->function, i);
				if (declared || code_punct(&u->tokens[i - 1], '&') || (code_punct(&u->tokens[i + 1], '=') && !code_punct(&u->tokens[i - 1], '*')))
					break;
				if (ask_written_through(u, i) || is_overwritten(u, i))
					judging_report(j, i, u->name[c->name]);
			}
		}
	}
}

/* MEM36-C: realloc of what was allocated with an alignment. */
void
check_realloc_of_aligned(struct judging *j)
{
	unit *u = j->u;
	bool address;
	FOR_CALLS(u, c, W_realloc) {
		const uint32_t name = ask_argument_name(u, c, 0, &address);
		for (size_t k = 0; k < j->rule->names.count && name != 0; k++) {
			const uint32_t made = j->rule->name_ids[k];
			for (const struct code_call *a = ask_call_in(u, c->function, made, 0); a != NULL && a->name < c->name; a = ask_call_in(u, c->function, made, a->close)) {
				if (ask_assigned(u, a) == name || ask_argument_name(u, a, 0, &address) == name)
					judging_report(j, c->name, W_realloc);
			}
		}
	}
}

/* ---- records ---- */

/* The last member of a record: its name's token, and the brackets behind it; false when it is no array. */
static bool
last_array(unit *u, const struct code_record *r, uint32_t *ret_name, uint32_t *ret_open)
{
	if (r->close == CODE_NONE || r->close < r->open + 4 || !code_punct(&u->tokens[r->close - 1], ';') || !code_punct(&u->tokens[r->close - 2], ']'))
		return false;
	const uint32_t open = u->match[r->close - 2];
	if (open == CODE_NONE || open <= r->open || u->name[open - 1] == 0)
		return false;
	*ret_name = open - 1;
	*ret_open = open;
	return true;
}

/* "sizeof(struct x) +": memory for more than the record. */
static bool
is_allocated_longer(const struct judging *j)
{
	unit *u = j->u;
	for (uint32_t i = 0; i + 1 < u->count; i++) {
		if (!code_keyword(&u->tokens[i], CODE_KW_SIZEOF) || !code_punct(&u->tokens[i + 1], '(') || u->match[i + 1] == CODE_NONE)
			continue;
		if (code_punct(&u->tokens[u->match[i + 1] + 1], '+'))
			return true;
	}
	return false;
}

/* DCL38-C: an array of 0 or 1 at the end of a record that stands for a longer one. */
void
check_fake_flexible_array(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t k = 0; k < u->record_count; k++) {
		uint32_t name, open;
		if (!last_array(u, &u->records[k], &name, &open) || u->match[open] != open + 2)
			continue;
		const bool none = code_is(u->raw, &u->tokens[open + 1], "0"), one = code_is(u->raw, &u->tokens[open + 1], "1");
		if (none || (one && is_allocated_longer(j)))
			judging_report(j, name, u->name[name]);
	}
}

/* Whether a type is a record that ends in a flexible array. */
static bool
is_flexible(unit *u, const struct code_symbol *s)
{
	const uint32_t tag = s->type_name;
	uint32_t name, open;
	for (uint32_t k = 0; k < u->record_count && tag != 0; k++) {
		const struct code_record *r = &u->records[k];
		if (!last_array(u, r, &name, &open) || u->match[open] != open + 1)
			continue;
		/* struct tag, or the name behind its body in a typedef. */
		if (r->tag == tag || u->name[r->close + 1] == tag)
			return true;
	}
	return false;
}

/* "*a = *b;" at the name a. */
static bool
is_copied_whole(unit *u, uint32_t i)
{
	return u->name[i] != 0 && code_punct(&u->tokens[i - 1], '*') && code_punct(&u->tokens[i + 1], '=') && code_punct(&u->tokens[i + 2], '*')
	    && code_punct(&u->tokens[i + 4], ';');
}

/* MEM33-C: a record with a flexible array that lies on the stack, is passed by value, or is assigned. */
void
check_flexible_array_copied(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t k = 0; k < u->symbol_count && u->record_count > 0; k++) {
		const struct code_symbol *s = &u->symbols[k];
		const bool lies_here = s->function != CODE_NONE && s->pointers + s->arrays == 0;
		if (lies_here && (s->flags & (CODE_Y_FUNCTION | CODE_Y_TYPEDEF | CODE_Y_STATIC)) == 0 && is_flexible(u, s))
			judging_report(j, s->token, s->name);
	}
	for (uint32_t i = 1; i + 4 < u->count && u->record_count > 0; i++) {
		if (!is_copied_whole(u, i))
			continue;
		const struct code_symbol *s = code_symbol_of(u, code_function_at(u, i), u->name[i]);
		if (s != NULL && s->pointers == 1 && s->token != i && is_flexible(u, s))
			judging_report(j, i, u->name[i]);
	}
}

/* Whether a member of that name is an array in any record of the file. */
static bool
is_array_member(unit *u, uint32_t member)
{
	for (uint32_t k = 0; k < u->record_count; k++) {
		const struct code_record *r = &u->records[k];
		for (uint32_t i = r->open; r->close != CODE_NONE && i < r->close; i++) {
			if (u->name[i] == member && code_punct(&u->tokens[i + 1], '['))
				return true;
		}
	}
	return false;
}

/* EXP35-C: an array within a record that a function has just returned. */
void
check_array_of_result(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t k = 0; k < u->call_count; k++) {
		const struct code_call *c = &u->calls[k];
		if (!code_punct(&u->tokens[c->close + 1], '.') || u->name[c->close + 2] == 0)
			continue;
		const struct code_symbol *s = code_symbol_of(u, CODE_NONE, u->name[c->name]);
		if (s != NULL && (s->flags & CODE_Y_FUNCTION) != 0 && is_array_member(u, u->name[c->close + 2]))
			judging_report(j, c->name, u->name[c->name]);
	}
}

/* ---- secrets ---- */

/* A text that is longer holds more than the first line of a key. */
#define KEY_MARK_MAX 60

static bool
has_part(struct assay_span s, const char *part)
{
	const size_t len = strlen(part);
	for (size_t i = 0; i + len <= s.len; i++) {
		size_t k = 0;
		while (k < len && (s.data[i + k] | 0x20) == part[k])
			k++;
		if (k == len)
			return true;
	}
	return false;
}

static bool
names_secret(struct assay_span name)
{
	static const char *const parts[] = { "password", "passwd", "passphrase", "secret", "apikey", "api_key", "private_key", "auth_token", "access_token" };
	static const char *const other[] = { "prompt", "label", "file", "path", "env", "name", "msg", "hint", "help", "field", "format", "fmt", "hash", "url", "type", "kind", "title", "text", "error", "len", "size", "max", "min", "option", "opt", "arg", "param", "attr", "header", "id", "schema", "role", "mode", "state", "flag" };
	bool secret = false;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		secret |= has_part(name, parts[i]);
	for (size_t i = 0; i < sizeof other / sizeof other[0] && secret; i++)
		secret &= !has_part(name, other[i]);
	return secret;
}

/* A text that may be a secret: no prompt, no format, no path, no name of something. */
static bool
is_secret_text(unit *u, const struct code_token *t)
{
	const struct assay_span s = code_raw(u->raw, t);
	if (t->kind != CODE_STRING || s.len < 5)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (strchr(" %:/<>\n", s.data[i]) != NULL)
			return false;
	}
	return true;
}

/* x = "...", x[] = { "..." }, .x = "..." with x by the name of a secret. */
static bool
is_set_to(unit *u, uint32_t i)
{
	uint32_t k = i - 1;
	while (k > 1 && (u->tokens[k].kind == CODE_NUMBER || (u->tokens[k].kind == CODE_PUNCT && u->tokens[k].what < 128
	    && strchr("{=[]", u->tokens[k].what) != NULL)))
		k--;
	return k < i - 1 && names_secret(code_name(u, u->name[k]));
}

/* strcmp(password, "..."), and the other way round */
static bool
is_compared_with(unit *u, uint32_t i)
{
	static const uint32_t comparers[] = { W_strcmp, W_strncmp, W_memcmp, W_strcasecmp };
	const bool second = code_punct(&u->tokens[i - 1], ',') && i > 3 && code_punct(&u->tokens[i - 3], '(');
	const bool first = code_punct(&u->tokens[i - 1], '(') && code_punct(&u->tokens[i + 1], ',');
	if (!first && !second)
		return false;
	const uint32_t callee = u->name[second ? i - 4 : i - 2], other = u->name[second ? i - 2 : i + 2];
	for (size_t k = 0; k < sizeof comparers / sizeof comparers[0]; k++) {
		if (callee == comparers[k])
			return names_secret(code_name(u, other));
	}
	return false;
}

static bool
is_private_key(unit *u, uint32_t i)
{
	const struct assay_span text = code_raw(u->raw, &u->tokens[i]);
	const bool more = u->tokens[i + 1].kind == CODE_STRING || text.len > KEY_MARK_MAX;
	return more && has_part(text, "-----begin ") && has_part(text, "private key-----");
}

/* MSC41-C: a password or key that stands in the code. */
void
check_secret_in_code(struct judging *j)
{
	unit *u = j->u;
	for (uint32_t i = 2; i < u->count; i++) {
		if (u->tokens[i].kind != CODE_STRING)
			continue;
		if (is_private_key(u, i) || (is_secret_text(u, &u->tokens[i]) && (is_set_to(u, i) || is_compared_with(u, i))))
			judging_report(j, i, 0);
	}
}
