/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of input and output: lines, positions, links, descriptors, what goes over a network.
 */
#include "checks.h"

/* The first loop or function end: all of a function behind a call. */
static uint32_t
end_of(unit *u, const struct code_call *c)
{
	return u->functions[c->function].body_close;
}

/* Whether a condition between two tokens asks for a name: its length, its first character, or itself. */
static bool
is_asked(unit *u, uint32_t function, uint32_t from, uint32_t to, uint32_t name)
{
	for (uint32_t i = ask_use(u, from, to, name); i != CODE_NONE && i < to; i = ask_use(u, i + 1, to, name)) {
		if (ask_in_condition(u, ask_statement(u, function, i), i))
			return true;
	}
	return false;
}

/* Whether the use of a line at token i is line[strlen(line) - 1], or line[n - 1]; says n, 0 for strlen. */
static bool
is_last_index(unit *u, uint32_t i, uint32_t *ret_length)
{
	const uint32_t close = code_punct(&u->tokens[i + 1], '[') ? u->match[i + 1] : CODE_NONE;
	if (close == CODE_NONE || close < i + 5 || !code_punct(&u->tokens[close - 2], '-') || !code_is(u->raw, &u->tokens[close - 1], "1"))
		return false;
	const bool direct = u->name[i + 2] == W_strlen || u->name[i + 2] == W_wcslen;
	*ret_length = !direct && close == i + 5 ? u->name[i + 2] : 0;
	return direct || *ret_length != 0;
}

static void
look_at_line(struct judging *j, const struct code_call *c, uint32_t name)
{
	unit *u = j->u;
	for (uint32_t i = ask_use(u, c->close, end_of(u, c), name); i != CODE_NONE; i = ask_use(u, i + 1, end_of(u, c), name)) {
		uint32_t length;
		if (!is_last_index(u, i, &length) || is_asked(u, c->function, c->close + 1, i, name))
			continue;
		if (length == 0 || !is_asked(u, c->function, c->close, i, length))
			judging_report(j, i, name);
	}
}

/* FIO37-C: buf[strlen(buf) - 1] of a line that may be empty. */
void
check_last_of_line(struct judging *j)
{
	bool address;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(j->u, c, j->rule->name_ids[k]) {
			const uint32_t name = ask_argument_name(j->u, c, 0, &address);
			if (name != 0)
				look_at_line(j, c, name);
		}
	}
}

static bool
leaves(unit *u, uint32_t s)
{
	for (uint32_t i = s; i < u->statements[s].end; i++) {
		const uint8_t kind = u->statements[i].kind;
		if (kind == CODE_S_RETURN || kind == CODE_S_BREAK || kind == CODE_S_CONTINUE || kind == CODE_S_GOTO)
			return true;
		for (uint32_t k = u->statements[i].first; k <= u->statements[i].last; k++) {
			if (u->name[k] == W_exit || u->name[k] == W__Exit || u->name[k] == W_abort || u->name[k] == W__exit)
				return true;
		}
	}
	return false;
}

/* Whether a statement writes to a variable, or hands it to somebody. */
static bool
resets(unit *u, uint32_t statement, uint32_t name)
{
	const struct code_statement *s = &u->statements[statement];
	for (uint32_t i = ask_use(u, s->first, s->last, name); i != CODE_NONE; i = ask_use(u, i + 1, s->last, name)) {
		if (ask_written_through(u, i) || ask_written(u, i) || code_punct(&u->tokens[i - 1], '('))
			return true;
	}
	return false;
}

/* The if whose condition asks whether a call has failed, and which has no else; CODE_NONE for none. */
static uint32_t
failure_branch(unit *u, const struct code_call *c)
{
	const uint32_t s = ask_statement(u, c->function, c->name);
	if (s == CODE_NONE || u->statements[s].kind != CODE_S_IF || !ask_in_condition(u, s, c->name))
		return CODE_NONE;
	const bool negated = code_punct(&u->tokens[c->name - 1], '!')
	    || (code_punct(&u->tokens[c->close + 1], CODE_P_EQUAL) && u->name[c->close + 2] == W_NULL);
	const uint32_t then = s + 1;
	return negated && then < u->statements[s].end && u->statements[then].end == u->statements[s].end ? s : CODE_NONE;
}

/* FIO40-C: the failure branch of fgets leaves the buffer as it is, and it is used behind. */
void
check_buffer_after_failure(struct judging *j)
{
	unit *u = j->u;
	bool address;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			const uint32_t name = ask_argument_name(u, c, 0, &address), s = failure_branch(u, c);
			if (name == 0 || s == CODE_NONE || leaves(u, s + 1) || resets(u, s + 1, name))
				continue;
			if (ask_use(u, u->statements[s].last + 1, end_of(u, c), name) != CODE_NONE)
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

/* FIO41-C: the stream of what may be a macro has side effects. */
void
check_stream_side_effect(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		const uint32_t name = j->rule->name_ids[k];
		FOR_CALLS(u, c, name) {
			uint32_t first, last;
			const uint32_t n = name == W_putc || name == W_putwc ? 1 : 0;
			bool effect = false;
			if (!code_argument(u, c->open, n, &first, &last))
				continue;
			for (uint32_t i = first; i <= last; i++)
				effect |= code_assigns(&u->tokens[i]) || code_punct(&u->tokens[i], CODE_P_INCREMENT)
				    || code_punct(&u->tokens[i], CODE_P_DECREMENT) || (u->name[i] != 0 && u->tokens[i].what == 0 && code_punct(&u->tokens[i + 1], '('));
			if (effect)
				judging_report(j, c->name, name);
		}
	}
}

/* FIO44-C: a position that fgetpos didn't give. */
void
check_position_origin(struct judging *j)
{
	unit *u = j->u;
	bool address;
	FOR_CALLS(u, c, W_fsetpos) {
		const uint32_t name = ask_argument_name(u, c, 1, &address);
		const struct code_symbol *s = name == 0 ? NULL : code_symbol_of(u, c->function, name);
		if (!address || s == NULL || s->function == CODE_NONE || (s->flags & CODE_Y_PARAMETER) != 0)
			continue;
		bool given = false;
		for (const struct code_call *g = ask_call_in(u, c->function, W_fgetpos, 0); g != NULL && g->name < c->name; g = ask_call_in(u, c->function, W_fgetpos, g->close)) {
			bool other;
			given |= ask_argument_name(u, g, 1, &other) == name;
		}
		if (!given)
			judging_report(j, c->name, W_fsetpos);
	}
}

/* Whether an end is put behind what readlink wrote: buf[n] = 0, or all of it was cleared and a byte kept back. */
static bool
gets_end(unit *u, const struct code_call *c, uint32_t name, bool kept_back)
{
	for (uint32_t i = ask_use(u, c->close, end_of(u, c), name); i != CODE_NONE; i = ask_use(u, i + 1, end_of(u, c), name)) {
		if (code_punct(&u->tokens[i + 1], '[') && ask_written_through(u, i))
			return true;
	}
	const struct code_symbol *s = code_symbol_of(u, c->function, name);
	return kept_back && (ask_call_in(u, c->function, W_memset, 0) != NULL || (s != NULL && code_punct(&u->tokens[s->last], '}')));
}

/* POS30-C: readlink into the whole buffer, or without an end put behind. */
void
check_readlink_end(struct judging *j)
{
	unit *u = j->u;
	bool address;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			const uint32_t n = u->name[c->name] == W_readlinkat ? 2 : 1;
			const uint32_t name = ask_argument_name(u, c, n, &address);
			uint32_t first, last;
			if (name == 0 || !code_argument(u, c->open, n + 1, &first, &last))
				continue;
			bool whole = false, less = false;
			for (uint32_t i = first; i <= last; i++) {
				whole |= code_keyword(&u->tokens[i], CODE_KW_SIZEOF);
				less |= code_punct(&u->tokens[i], '-');
			}
			const struct code_symbol *s = code_symbol_of(u, c->function, name);
			const bool fills = whole && !less && (s == NULL || s->arrays > 0);
			if (fills || !gets_end(u, c, name, less))
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

/* POS38-C: both sides of a fork read or write by one descriptor. */
void
check_descriptor_after_fork(struct judging *j)
{
	unit *u = j->u;
	FOR_CALLS(u, c, W_fork) {
		for (const struct code_call *o = ask_call_in(u, c->function, W_open, 0); o != NULL && o->name < c->name; o = ask_call_in(u, c->function, W_open, o->close)) {
			const uint32_t name = ask_assigned(u, o);
			uint32_t used = 0;
			const struct code_call *second = NULL;
			bool closed = false, address;
			for (size_t k = 0; k < j->rule->names.count && name != 0; k++) {
				const uint32_t word = j->rule->name_ids[k];
				for (const struct code_call *r = ask_call_in(u, c->function, word, c->close); r != NULL; r = ask_call_in(u, c->function, word, r->close)) {
					if (ask_argument_name(u, r, 0, &address) != name)
						continue;
					used++;
					second = r;
				}
			}
			const struct code_call *first_close = ask_call_in(u, c->function, W_close, c->close);
			for (; first_close != NULL; first_close = ask_call_in(u, c->function, W_close, first_close->close))
				closed |= second != NULL && first_close->name < second->name && ask_argument_name(u, first_close, 0, &address) == name;
			if (used > 1 && !closed)
				judging_report(j, second->name, u->name[second->name]);
		}
	}
}

static bool
is_converted(unit *u, uint32_t function, uint32_t name, uint32_t from, uint32_t to)
{
	static const uint32_t converters[] = { W_htonl, W_htons, W_ntohl, W_ntohs, W_htobe16, W_htobe32, W_htobe64, W_be16toh, W_be32toh,
		W_be64toh, W_htole32, W_le32toh, W_htole16, W_le16toh, W_htole64, W_le64toh };
	for (size_t k = 0; k < sizeof converters / sizeof converters[0]; k++) {
		for (const struct code_call *c = ask_call_in(u, function, converters[k], from); c != NULL && c->name < to; c = ask_call_in(u, function, converters[k], c->close)) {
			if (ask_assigned(u, c) == name || ask_use(u, c->open, c->close, name) != CODE_NONE)
				return true;
		}
	}
	return false;
}

static bool
is_wide_integer(unit *u, const struct code_symbol *s)
{
	static const char *const types[] = { "int16_t", "int32_t", "int64_t", "uint16_t", "uint32_t", "uint64_t", "size_t", "ssize_t", "time_t" };
	if (s == NULL || s->pointers + s->arrays > 0)
		return false;
	const struct assay_span t = code_name(u, s->type_name);
	bool wide = s->type == CODE_T_INT;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		wide |= assay_span_equal(t, assay_span_str(types[i]));
	return wide;
}

/* One byte of it at a time has no order. */
static bool
is_one_byte(unit *u, const struct code_call *c)
{
	uint32_t first, last;
	return code_argument(u, c->open, 2, &first, &last) && first == last && code_is(u->raw, &u->tokens[first], "1");
}

/* POS39-C: an integer goes over a socket in the order of this machine. */
void
check_byte_order(struct judging *j)
{
	unit *u = j->u;
	bool address;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			const uint32_t name = ask_argument_name(u, c, 1, &address);
			const struct code_symbol *s = name == 0 ? NULL : code_symbol_of(u, c->function, name);
			if (!address || !is_wide_integer(u, s) || is_one_byte(u, c))
				continue;
			const struct code_function *f = &u->functions[c->function];
			const bool sends = u->name[c->name] == W_send || u->name[c->name] == W_sendto;
			const uint32_t from = sends ? f->body : c->close, to = sends ? c->name : f->body_close;
			if (!is_converted(u, c->function, name, from, to) && (sends || ask_use(u, c->close, f->body_close, name) != CODE_NONE))
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}

static bool
is_any(unit *u, uint32_t i, const char *const *types, size_t count)
{
	const struct assay_span t = code_raw(u->raw, &u->tokens[i]);
	for (size_t k = 0; k < count; k++) {
		if (assay_span_equal(t, assay_span_str(types[k])))
			return true;
	}
	return false;
}

#define IS_ANY(u, i, types) is_any((u), (i), (types), sizeof(types) / sizeof(types)[0])

/* Members of different sizes: there is room between them, unless the record is packed. */
static bool
is_padded(unit *u, const struct code_record *r)
{
	static const char *const small[] = { "char", "short", "uint8_t", "int8_t", "uint16_t", "int16_t", "bool", "_Bool" };
	static const char *const large[] = { "int", "long", "double", "uint32_t", "int32_t", "uint64_t", "int64_t", "size_t" };
	bool has_small = false, has_large = false;
	for (uint32_t i = r->open; i < r->close; i++) {
		has_small |= IS_ANY(u, i, small);
		has_large |= IS_ANY(u, i, large);
	}
	const uint32_t before = r->open - 1 - (r->tag != 0);
	const bool packed = code_keyword(&u->tokens[r->close + 1], CODE_KW_ATTRIBUTE) || code_keyword(&u->tokens[before], CODE_KW_ATTRIBUTE)
	    || code_punct(&u->tokens[before], ')');
	return has_small && has_large && !packed;
}

static bool
has_padding(unit *u, uint32_t tag)
{
	for (uint32_t k = 0; k < u->record_count && tag != 0; k++) {
		const struct code_record *r = &u->records[k];
		if (r->close != CODE_NONE && r->open > 1 && (r->tag == tag || u->name[r->close + 1] == tag))
			return is_padded(u, r);
	}
	return false;
}

/* DCL39-C: a record leaves with what was in the memory between its members. */
void
check_padding_leaves(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			bool address, cleared = false;
			for (uint32_t n = 0; n < 2; n++) {
				const uint32_t name = ask_argument_name(u, c, n, &address);
				const struct code_symbol *s = name == 0 || !address ? NULL : code_symbol_of(u, c->function, name);
				if (s == NULL || s->function == CODE_NONE || s->pointers + s->arrays > 0 || !has_padding(u, s->type_name))
					continue;
				for (const struct code_call *m = ask_call_in(u, c->function, W_memset, 0); m != NULL && m->name < c->name; m = ask_call_in(u, c->function, W_memset, m->close)) {
					bool other;
					cleared |= ask_argument_name(u, m, 0, &other) == name;
				}
				if (!cleared)
					judging_report(j, c->name, u->name[c->name]);
			}
		}
	}
}

/* ---- modes of files ---- */

/* An octal number, or a name for rights of others, by which everybody may write. */
static bool
lets_all_write(unit *u, uint32_t i)
{
	if (u->name[i] == W_S_IWOTH || u->name[i] == W_S_IRWXO)
		return true;
	const struct assay_span s = code_raw(u->raw, &u->tokens[i]);
	if (u->tokens[i].kind != CODE_NUMBER || s.len < 3 || s.data[0] != '0')
		return false;
	for (size_t k = 0; k < s.len; k++) {
		if (s.data[k] < '0' || s.data[k] > '7')
			return false;
	}
	return ((unsigned)(s.data[s.len - 1] - '0') & 2u) != 0;
}

/* A file or folder is made, or changed, so that everybody may write to it. */
void
check_mode_for_all(struct judging *j)
{
	unit *u = j->u;
	for (size_t k = 0; k < j->rule->names.count; k++) {
		FOR_CALLS(u, c, j->rule->name_ids[k]) {
			bool bad = false, sticky = false;
			for (uint32_t i = c->open; i < c->close; i++) {
				const struct assay_span s = code_raw(u->raw, &u->tokens[i]);
				bad |= lets_all_write(u, i);
				/* A folder such as /tmp. */
				sticky |= u->name[i] == W_S_ISVTX || (u->tokens[i].kind == CODE_NUMBER && s.len == 5 && s.data[1] == '1');
			}
			if (bad && !sticky)
				judging_report(j, c->name, u->name[c->name]);
		}
	}
}
