/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lexer: one pass, one table of what each byte begins. Bytes are copied once, with NULs behind them, so that looking a few bytes
 * ahead needs no question.
 */
#include "lex_inside.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

/* ---- arrays ---- */

static const size_t sizes[LEX_ARRAYS] = { [LEX_TOKENS] = sizeof(struct code_token),
	[LEX_COMMENTS] = sizeof(struct code_token), [LEX_WORDS] = sizeof(struct code_token),
	[LEX_DIRECTIVES] = sizeof(struct code_directive), [LEX_LINES] = sizeof(uint32_t) };

/* The array, with room for one more behind the next: the mark of its end. */
static void *
grown(struct lexer *l, enum lex_array which, void *old, uint32_t count)
{
	if (count + 2 <= l->room[which])
		return old;
	const uint32_t room = l->room[which] < 64 ? 128 : l->room[which] * 2;
	void *bigger = room > CODE_TOKENS_MAX * 2 ? NULL : arena_array(l->arena, room, sizes[which]);
	if (bigger == NULL) {
		l->full = true;
		l->over = room > CODE_TOKENS_MAX * 2;
		return old;
	}
	if (count > 0)
		memcpy(bigger, old, count * sizes[which]);
	l->room[which] = room;
	return bigger;
}

static void
add(struct lexer *l, enum lex_array which, struct code_token **array, uint32_t *count, const struct code_token *token)
{
	*array = grown(l, which, *array, *count);
	if (!l->full)
		(*array)[(*count)++] = *token;
}

static void
push_line(struct lexer *l, const unsigned char *at)
{
	struct code_tokens *o = &l->out;
	o->lines = grown(l, LEX_LINES, o->lines, o->line_count);
	if (!l->full)
		o->lines[o->line_count++] = (uint32_t)(at - l->base);
}

static void
push_word(struct lexer *l, struct code_token *token)
{
	struct code_tokens *o = &l->out;
	struct code_directive *d = &o->directives[o->directive_count - 1];
	d->len = token->at + token->len - d->at;
	if (l->named) {
		add(l, LEX_WORDS, &o->words, &o->word_count, token);
		d->count = o->word_count - d->first;
		return;
	}
	l->named = true;
	d->name = *token;
	d->kind = CODE_D_OTHER;
	if (token->kind == CODE_NUMBER) {
		d->kind = CODE_D_LINE;
	} else if (token->kind == CODE_IDENTIFIER) {
		char name[32];
		const size_t len = code_spelling(o, token, name, sizeof name);
		d->kind = (uint8_t)(len < sizeof name ? lex_directive_kind((const unsigned char *)name, len) : CODE_D_OTHER);
	}
}

void
lex_push(struct lexer *l, const unsigned char *at, uint32_t line, unsigned kind, unsigned what, unsigned flags)
{
	struct code_tokens *o = &l->out;
	struct code_token token = { (uint32_t)(at - l->base), (uint32_t)(l->p - at), line, (uint8_t)kind, (uint8_t)what,
		(uint8_t)flags };
	if (kind == CODE_COMMENT) {
		token.flags |= l->fresh ? CODE_FIRST : 0;
		add(l, LEX_COMMENTS, &o->comments, &o->comment_count, &token);
		return;
	}
	token.flags |= l->fresh ? CODE_FIRST : 0;
	l->fresh = false;
	o->invalid += kind == CODE_INVALID;
	if (l->in_directive)
		push_word(l, &token);
	else
		add(l, LEX_TOKENS, &o->tokens, &o->count, &token);
}

/* ---- lines ---- */

size_t
lex_splice(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *from = p;
	if (p >= end || *p != '\\')
		return 0;
	/* Compilers forgive blanks between the backslash and the end of the line. */
	for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\v' || *p == '\f');)
		p++;
	if (p >= end || (*p != '\n' && *p != '\r'))
		return 0;
	p += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
	return (size_t)(p - from);
}

const unsigned char *
lex_join(const unsigned char *p, const unsigned char *end)
{
	for (size_t len; (len = lex_splice(p, end)) > 0;)
		p += len;
	return p;
}

void
lex_lines(struct lexer *l, const unsigned char *from, const unsigned char *to)
{
	for (const unsigned char *p = from; p < to && !l->full; p++) {
		if (*p != '\n' && *p != '\r')
			continue;
		if (*p == '\r' && p + 1 < l->end && p[1] == '\n')
			continue;
		l->out.lone_returns += *p == '\r';
		push_line(l, p + 1);
	}
}

static void
read_newline(struct lexer *l)
{
	if (*l->p == '\r' && l->p[1] == '\n' && l->p + 1 < l->end)
		l->p++;
	else
		l->out.lone_returns += *l->p == '\r';
	l->p++;
	push_line(l, l->p);
	l->fresh = true;
	if (l->in_directive) {
		l->in_directive = false;
		l->out.directives[l->out.directive_count - 1].before = l->out.count;
	}
}

/* ---- what bytes begin ---- */

enum begins { B_INVALID, B_BLANK, B_NEWLINE, B_LETTER, B_HIGH, B_DIGIT, B_DOT, B_QUOTE, B_SINGLE, B_PUNCT, B_SLASH, B_HASH, B_BACKSLASH };

#define IS_PART 16 /* may go on in an identifier or number */
#define LETTER B_LETTER | IS_PART
#define DIGIT B_DIGIT | IS_PART
#define HIGH B_HIGH | IS_PART

#define EIGHT(x) x, x, x, x, x, x, x, x
static const uint8_t classes[256] = {
	EIGHT(0), 0, B_BLANK, B_NEWLINE, B_BLANK, B_BLANK, B_NEWLINE, 0, 0, EIGHT(0), EIGHT(0),
	/*   ! " # $ % & ' */ B_BLANK, B_PUNCT, B_QUOTE, B_HASH, LETTER, B_PUNCT, B_PUNCT, B_QUOTE,
	/* ( ) * + , - . / */ B_SINGLE, B_SINGLE, B_PUNCT, B_PUNCT, B_SINGLE, B_PUNCT, B_DOT, B_SLASH,
	/* 0-7, 8 9 : ; < = > ? */ EIGHT(DIGIT), DIGIT, DIGIT, B_PUNCT, B_SINGLE, B_PUNCT, B_PUNCT, B_PUNCT, B_SINGLE,
	/* @ A-Z */ 0, EIGHT(LETTER), EIGHT(LETTER), EIGHT(LETTER), LETTER, LETTER,
	/* [ \ ] ^ _ ` */ B_SINGLE, B_BACKSLASH, B_SINGLE, B_PUNCT, LETTER, 0,
	/* a-z */ EIGHT(LETTER), EIGHT(LETTER), EIGHT(LETTER), LETTER, LETTER,
	/* { | } ~ DEL */ B_SINGLE, B_PUNCT, B_SINGLE, B_SINGLE, 0,
	EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH),
	EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH),
};

/* Bytes of the UTF-8 character at p, 0 for none. */
static size_t
utf8_at(const unsigned char *p, const unsigned char *end)
{
	const size_t len = *p >= 0xF0 ? 4 : *p >= 0xE0 ? 3 : 2;
	return (size_t)(end - p) >= len && text_is_utf8((struct assay_span){ p, len }) ? len : 0;
}

static void
read_invalid(struct lexer *l)
{
	const unsigned char *at = l->p++;
	while (l->p < l->end && (classes[*l->p] == B_INVALID || (*l->p >= 0x80 && utf8_at(l->p, l->end) == 0)))
		l->p++;
	lex_push(l, at, l->out.line_count, CODE_INVALID, 0, 0);
}

/* \u1234 and \U12345678 stand for a letter. */
static size_t
universal_at(const unsigned char *p, const unsigned char *end)
{
	if (end - p < 6 || p[0] != '\\' || (p[1] != 'u' && p[1] != 'U'))
		return 0;
	const size_t digits = p[1] == 'u' ? 4 : 8;
	if ((size_t)(end - p) < digits + 2)
		return 0;
	for (size_t i = 2; i < digits + 2; i++) {
		const unsigned char c = (unsigned char)(p[i] | 0x20);
		if (!((p[i] >= '0' && p[i] <= '9') || (c >= 'a' && c <= 'f')))
			return 0;
	}
	return digits + 2;
}

/* p behind the joined lines that a word goes on after, or p. */
static const unsigned char *
join_word(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *next = lex_join(p, end);
	if (next >= end || ((classes[*next] & IS_PART) == 0 && universal_at(next, end) == 0))
		return p;
	return *next >= 0x80 && utf8_at(next, end) == 0 ? p : next;
}

/* p behind the letters and digits that go on there; joined lines only when more of them follows. */
static const unsigned char *
read_part(const unsigned char *p, const unsigned char *end, unsigned *flags)
{
	for (;;) {
		while ((classes[*p] & IS_PART) != 0 && *p < 0x80)
			p++;
		size_t len = 0;
		if (p < end && *p >= 0x80)
			len = utf8_at(p, end);
		else if (*p == '\\')
			len = universal_at(p, end);
		if (len == 0 && *p == '\\') {
			len = (size_t)(join_word(p, end) - p);
			*flags |= len > 0 ? CODE_SPLICED : 0;
		}
		if (len == 0)
			return p;
		p += len;
	}
}

static const struct {
	const char *text;
	bool raw;
} prefixes[] = { { "L", false }, { "u", false }, { "U", false }, { "u8", false }, { "R", true }, { "LR", true }, { "uR", true },
	{ "UR", true }, { "u8R", true } };

/* A string or character behind its prefix; false when the word is none. */
static bool
read_prefixed(struct lexer *l, const unsigned char *at, const unsigned char *quote, unsigned flags)
{
	char word[4];
	const struct code_token token = { (uint32_t)(at - l->base), (uint32_t)(l->p - at), 1, CODE_IDENTIFIER, 0, (uint8_t)flags };
	const size_t len = code_spelling(&l->out, &token, word, sizeof word);
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0] && len < sizeof word; i++) {
		if (strcmp(prefixes[i].text, word) != 0 || (prefixes[i].raw && *quote != '"'))
			continue;
		flags |= quote != l->p ? CODE_SPLICED | CODE_PREFIXED : CODE_PREFIXED;
		l->p = quote;
		(prefixes[i].raw ? lex_raw : lex_quoted)(l, at, flags);
		return true;
	}
	return false;
}

static void
push_spliced(struct lexer *l, const unsigned char *at, unsigned kind, unsigned what, unsigned flags)
{
	const uint32_t line = l->out.line_count;
	if ((flags & CODE_SPLICED) != 0)
		lex_lines(l, at, l->p);
	lex_push(l, at, line, kind, what, flags);
}

static void
read_word(struct lexer *l)
{
	const unsigned char *at = l->p;
	unsigned flags = 0, what = CODE_KW_NONE;
	bool punct = false;
	l->p = read_part(at, l->end, &flags);
	if (l->p == at) {
		read_invalid(l);
		return;
	}
	const unsigned char *quote = l->p[0] == '\\' ? lex_join(l->p, l->end) : l->p;
	if ((*quote == '"' || *quote == '\'') && quote < l->end && read_prefixed(l, at, quote, flags))
		return;
	if (flags == 0) {
		what = lex_keyword(l, at, (size_t)(l->p - at), &punct);
	} else {
		char word[32];
		const struct code_token token = { (uint32_t)(at - l->base), (uint32_t)(l->p - at), 1, CODE_IDENTIFIER, 0, (uint8_t)flags };
		const size_t len = code_spelling(&l->out, &token, word, sizeof word);
		if (len < sizeof word)
			what = lex_keyword(l, (const unsigned char *)word, len, &punct);
	}
	push_spliced(l, at, punct ? CODE_PUNCT : CODE_IDENTIFIER, what, punct ? flags | CODE_DIGRAPH : flags);
}

/* A pp-number: what goes on as one, whether or not it is a number. */
static void
read_number(struct lexer *l)
{
	const unsigned char *at = l->p, *p = at + 1;
	unsigned flags = 0;
	for (;;) {
		const unsigned char *q = *p == '\\' ? lex_join(p, l->end) : p;
		if (q >= l->end)
			break;
		const bool sign = (*q == '+' || *q == '-') && strchr("eEpP", p[-1]) != NULL && p[-1] != '\0';
		const bool mark = *q == '\'' && l->out.language == CODE_CXX && (classes[q[1]] & IS_PART) != 0;
		if (!sign && !mark && *q != '.' && ((classes[*q] & IS_PART) == 0 || *q >= 0x80))
			break;
		flags |= q != p ? CODE_SPLICED : 0;
		p = q + 1;
	}
	l->p = p;
	push_spliced(l, at, CODE_NUMBER, 0, flags);
}

static void
read_quote(struct lexer *l)
{
	lex_quoted(l, l->p, 0);
}

static void
read_blank(struct lexer *l)
{
	do
		l->p++;
	while (classes[*l->p] == B_BLANK);
}

static void
read_backslash(struct lexer *l)
{
	const size_t splice = lex_splice(l->p, l->end);
	if (splice == 0) {
		read_word(l);
		return;
	}
	const unsigned char *at = l->p;
	l->p += splice;
	lex_lines(l, at, l->p);
}

/* ---- operators ---- */

static const struct {
	char text[5];
	uint8_t len;
	uint8_t what;
	bool digraph;
} operators[] = {
	/* Longer ones first. */
	{ "%:%:", 4, CODE_P_PASTE, true }, { "...", 3, CODE_P_ELLIPSIS, false }, { "<<=", 3, CODE_P_SET_LEFT, false },
	{ ">>=", 3, CODE_P_SET_RIGHT, false }, { "->*", 3, CODE_P_ARROW_STAR, false }, { "<=>", 3, CODE_P_SPACESHIP, false },
	{ "->", 2, CODE_P_ARROW, false }, { "++", 2, CODE_P_INCREMENT, false }, { "--", 2, CODE_P_DECREMENT, false },
	{ "<<", 2, CODE_P_LEFT, false }, { ">>", 2, CODE_P_RIGHT, false }, { "<=", 2, CODE_P_LESS_EQUAL, false },
	{ ">=", 2, CODE_P_GREATER_EQUAL, false }, { "==", 2, CODE_P_EQUAL, false }, { "!=", 2, CODE_P_UNEQUAL, false },
	{ "&&", 2, CODE_P_AND, false }, { "||", 2, CODE_P_OR, false }, { "*=", 2, CODE_P_SET_MULTIPLY, false },
	{ "/=", 2, CODE_P_SET_DIVIDE, false }, { "%=", 2, CODE_P_SET_MODULO, false }, { "+=", 2, CODE_P_SET_ADD, false },
	{ "-=", 2, CODE_P_SET_SUBTRACT, false }, { "&=", 2, CODE_P_SET_AND, false }, { "^=", 2, CODE_P_SET_XOR, false },
	{ "|=", 2, CODE_P_SET_OR, false }, { "##", 2, CODE_P_PASTE, false }, { "::", 2, CODE_P_SCOPE, false },
	{ ".*", 2, CODE_P_DOT_STAR, false }, { "<:", 2, '[', true }, { ":>", 2, ']', true }, { "<%", 2, '{', true },
	{ "%>", 2, '}', true }, { "%:", 2, '#', true },
};
#define OPERATORS (sizeof operators / sizeof operators[0])

/* In C++ "<::" that isn't "<:::" or "<::>" is '<' and "::". */
static bool
not_bracket(const struct lexer *l, const char *ahead)
{
	return l->out.language == CODE_CXX && memcmp(ahead, "<::", 3) == 0 && ahead[3] != ':' && ahead[3] != '>';
}

/* C has no ".*", "->*" or "<=>"; "::" stands in its attributes. */
static bool
known_here(const struct lexer *l, unsigned what)
{
	return l->out.language == CODE_CXX || what < CODE_P_DOT_STAR;
}

static void
begin_directive(struct lexer *l, const unsigned char *at, uint32_t line)
{
	struct code_tokens *o = &l->out;
	o->directives = grown(l, LEX_DIRECTIVES, o->directives, o->directive_count);
	if (l->full)
		return;
	o->directives[o->directive_count++] = (struct code_directive){ .at = (uint32_t)(at - l->base), .len = (uint32_t)(l->p - at),
		.line = line, .first = o->word_count, .before = o->count };
	l->in_directive = true;
	l->named = false;
	l->fresh = false;
}

/* What begins no longer operator, whatever follows. */
static void
read_single(struct lexer *l)
{
	const unsigned char *at = l->p++;
	lex_push(l, at, l->out.line_count, CODE_PUNCT, *at, 0);
}

/* What can be a part of an operator behind another character; a joined line may hide one. */
static const bool goes_on[256] = { ['='] = true, ['+'] = true, ['-'] = true, ['<'] = true, ['>'] = true, ['&'] = true, ['|'] = true,
	['#'] = true, [':'] = true, ['%'] = true, ['.'] = true, ['*'] = true, ['\\'] = true };

/* The row of the operator that the characters ahead begin with, or OPERATORS. */
static size_t
find_operator(const struct lexer *l, const char ahead[5])
{
	for (size_t i = 0; i < OPERATORS; i++) {
		if (operators[i].text[0] != ahead[0] || operators[i].text[1] != ahead[1]
		    || memcmp(operators[i].text, ahead, operators[i].len) != 0)
			continue;
		if (known_here(l, operators[i].what) && !(operators[i].what == '[' && not_bracket(l, ahead)))
			return i;
	}
	return OPERATORS;
}

static void
read_punct(struct lexer *l)
{
	const unsigned char *at = l->p, *q[5];
	if (!goes_on[at[1]] && *at != '#') {
		read_single(l);
		return;
	}
	char ahead[5] = { 0 };
	const uint32_t line = l->out.line_count;
	q[0] = at;
	for (size_t i = 0; i < 4; i++) {
		ahead[i] = (char)(q[i] < l->end ? *q[i] : '\0');
		q[i + 1] = q[i] < l->end && q[i][1] == '\\' ? lex_join(q[i] + 1, l->end) : q[i] + 1;
	}
	const size_t row = find_operator(l, ahead);
	const size_t len = row == OPERATORS ? 1 : operators[row].len;
	const unsigned what = row == OPERATORS ? *at : operators[row].what;
	unsigned flags = row != OPERATORS && operators[row].digraph ? CODE_DIGRAPH : 0;
	l->p = q[len - 1] + 1;
	if ((size_t)(l->p - at) != len) {
		flags |= CODE_SPLICED;
		lex_lines(l, at, l->p);
	}
	if (what == '#' && l->fresh && !l->in_directive)
		begin_directive(l, at, line);
	else
		lex_push(l, at, line, CODE_PUNCT, what, flags);
}

static void
read_slash(struct lexer *l)
{
	const unsigned char *at = l->p;
	const unsigned char *next = at[1] == '\\' ? lex_join(at + 1, l->end) : at + 1;
	if (next >= l->end || (*next != '/' && *next != '*')) {
		read_punct(l);
		return;
	}
	l->p = next + 1;
	(*next == '/' ? lex_line_comment : lex_block_comment)(l, at);
}

static void
read_dot(struct lexer *l)
{
	const unsigned char *next = l->p[1] == '\\' ? lex_join(l->p + 1, l->end) : l->p + 1;
	if (next < l->end && *next >= '0' && *next <= '9')
		read_number(l);
	else
		read_punct(l);
}

/* <stdio.h> of an #include: whatever stands there up to '>'. */
static bool
read_header(struct lexer *l)
{
	const struct code_directive *d = &l->out.directives[l->out.directive_count - 1];
	if (*l->p != '<' || !l->named || d->kind != CODE_D_INCLUDE || d->count > 0)
		return false;
	const unsigned char *at = l->p, *p = at;
	while (p < l->end && *p != '>' && *p != '\n' && *p != '\r')
		p++;
	if (p >= l->end || *p != '>')
		return false;
	l->p = p + 1;
	lex_push(l, at, l->out.line_count, CODE_HEADER, 0, 0);
	return true;
}

static void (*const readers[])(struct lexer *l) = { [B_INVALID] = read_invalid, [B_BLANK] = read_blank,
	[B_NEWLINE] = read_newline, [B_LETTER] = read_word, [B_HIGH] = read_word, [B_DIGIT] = read_number, [B_DOT] = read_dot,
	[B_QUOTE] = read_quote, [B_SINGLE] = read_single, [B_PUNCT] = read_punct, [B_SLASH] = read_slash, [B_HASH] = read_punct,
	[B_BACKSLASH] = read_backslash };

static void
read_all(struct lexer *l)
{
	static const unsigned char bom[] = { 0xEF, 0xBB, 0xBF };
	if (l->end - l->p >= 3 && memcmp(l->p, bom, sizeof bom) == 0)
		l->p += sizeof bom;
	while (l->p < l->end && !l->full) {
		const unsigned begins = classes[*l->p] & (IS_PART - 1);
		if (begins == B_PUNCT && l->in_directive && read_header(l))
			continue;
		readers[begins](l);
	}
	if (l->in_directive)
		l->out.directives[l->out.directive_count - 1].before = l->out.count;
}

static uint32_t
count_trigraphs(struct assay_span s)
{
	uint32_t count = 0;
	const unsigned char *p = s.data, *end = s.data + s.len;
	while (end - p >= 3 && (p = memchr(p, '?', (size_t)(end - p) - 2)) != NULL) {
		count += p[1] == '?' && strchr("=/'()!<>-", p[2]) != NULL && p[2] != '\0';
		p++;
	}
	return count;
}

/* Marks the ends; every array then has one more element than it counts. */
static void
finish(struct lexer *l)
{
	struct code_tokens *o = &l->out;
	const struct code_token last = { (uint32_t)(l->end - l->base), 0, o->line_count, CODE_END, 0, 0 };
	o->tokens = grown(l, LEX_TOKENS, o->tokens, o->count);
	o->comments = grown(l, LEX_COMMENTS, o->comments, o->comment_count);
	o->words = grown(l, LEX_WORDS, o->words, o->word_count);
	o->directives = grown(l, LEX_DIRECTIVES, o->directives, o->directive_count);
	if (l->full)
		return;
	o->tokens[o->count] = last;
	o->comments[o->comment_count] = last;
	o->words[o->word_count] = last;
	o->directives[o->directive_count] = (struct code_directive){ .at = last.at, .line = last.line, .before = o->count };
	o->trigraphs = count_trigraphs(o->bytes);
}

enum assay_status
code_lex(struct assay_span bytes, enum code_language language, struct arena *arena, struct code_tokens *ret_tokens,
    struct assay_error *err)
{
	struct lexer l = { .arena = arena, .fresh = true, .out = { .language = language } };
	if (bytes.len > CODE_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a file of code has more than %u bytes", CODE_SIZE_MAX);
	unsigned char *copy = arena_alloc(arena, bytes.len + LEX_PADDING);
	if (copy == NULL)
		return arena_full(err);
	if (bytes.len > 0)
		memcpy(copy, bytes.data, bytes.len);
	l.base = l.p = copy;
	l.end = copy + bytes.len;
	l.out.bytes = (struct assay_span){ copy, bytes.len };
	/* A first guess that most files stay below: what is too much is never touched. */
	l.room[LEX_TOKENS] = (uint32_t)(bytes.len / 5 + 64);
	l.out.tokens = arena_array(arena, l.room[LEX_TOKENS], sizeof(struct code_token));
	if (l.out.tokens == NULL)
		return arena_full(err);
	lex_keywords_init(&l);
	push_line(&l, l.base);
	read_all(&l);
	finish(&l);
	if (l.over)
		return assay_fail(err, ASSAY_E_LIMIT, "a file of code has more than %u tokens", CODE_TOKENS_MAX);
	if (l.full)
		return arena_full(err);
	*ret_tokens = l.out;
	return ASSAY_OK;
}
