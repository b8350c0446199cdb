/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shell's grammar: lists, pipelines, commands.
 */
#include "shell_words.h"

#include <base/cleanup.h>
#include <ctype.h>
#include <string.h>

static enum assay_status read_command(struct shell_reader *r, struct shell_command **ret_command);

/* ---- reserved words ---- */

static bool
word_ahead(const struct shell_reader *r, const char *word)
{
	return shell_starts(r, word) && shell_ends_word(shell_peek(r, strlen(word)));
}

/* Whether what lies ahead, where a command may begin, ends the list that is being read. */
static bool
list_ends(const struct shell_reader *r)
{
	static const char *const words[] = { "then", "do", "done", "fi", "else", "elif", "esac", "}", ";;", ";&" };
	if (r->pos == r->len || shell_peek(r, 0) == ')')
		return true;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		bool sign = words[i][0] == ';';
		if (sign ? shell_starts(r, words[i]) : word_ahead(r, words[i]))
			return true;
	}
	return false;
}

static enum assay_status
expect(struct shell_reader *r, const char *word)
{
	TRY(shell_skip_lines(r));
	if (!word_ahead(r, word))
		return shell_fail(r, "'%s' is missing here", word);
	shell_step(r, strlen(word));
	return ASSAY_OK;
}

/* ---- redirections ---- */

/* How many bytes of a redirection's operator lie ahead, its number included; 0 when there is none. */
static size_t
redirect_length(const struct shell_reader *r, size_t *ret_number)
{
	static const char *const ops[] = { "&>>", "&>", "<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">" };
	size_t digits = 0;
	while (isdigit((unsigned char)shell_peek(r, digits)))
		digits++;
	const char first = shell_peek(r, digits);
	if (first != '<' && first != '>' && first != '&')
		return 0;
	struct shell_reader at = *r;
	at.pos += digits;
	if (shell_starts(&at, "<(") || shell_starts(&at, ">("))
		return 0;
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
		if (shell_starts(&at, ops[i]) && (digits == 0 || ops[i][0] != '&')) {
			*ret_number = digits;
			return digits + strlen(ops[i]);
		}
	}
	return 0;
}

static enum assay_status
read_redirect(struct shell_reader *r, size_t len, size_t digits, struct shell_redirect ***end)
{
	struct shell_redirect *redirect = NULL;
	struct shell_word *target = NULL;
	TRY(shell_take(r, sizeof *redirect, &redirect));
	TRY(shell_copy(r, r->pos + digits, r->pos + len, &redirect->op));
	shell_step(r, len);
	shell_skip_blanks(r);
	TRY(shell_read_word(r, &target));
	redirect->target = target;
	**end = redirect;
	*end = &redirect->next;
	bool strip = strcmp(redirect->op, "<<-") == 0;
	if (!strip && strcmp(redirect->op, "<<") != 0)
		return ASSAY_OK;
	redirect->op = "<<";
	return shell_expect_document(r, target, strip, redirect);
}

static enum assay_status
read_redirects(struct shell_reader *r, struct shell_redirect **end)
{
	while (*end != NULL)
		end = &(*end)->next;
	for (;;) {
		size_t digits, len;
		shell_skip_blanks(r);
		len = redirect_length(r, &digits);
		if (len == 0)
			return ASSAY_OK;
		TRY(read_redirect(r, len, digits, &end));
	}
}

/* ---- simple commands ---- */

/* The length of "NAME", "NAME[...]" ahead of "=" or "+=", or 0. */
static size_t
assign_length(const struct shell_reader *r)
{
	size_t n = 0;
	if (isdigit((unsigned char)shell_peek(r, 0)))
		return 0;
	while (isalnum((unsigned char)shell_peek(r, n)) || shell_peek(r, n) == '_')
		n++;
	size_t name = n;
	if (n > 0 && shell_peek(r, n) == '[') {
		while (!shell_ends_word(shell_peek(r, n)) && shell_peek(r, n) != ']')
			n++;
		n += shell_peek(r, n) == ']';
	}
	bool append = shell_peek(r, n) == '+';
	return n > 0 && shell_peek(r, n + append) == '=' ? name : 0;
}

/* Words up to ")": the values of an array. Their parts become one word's. */
static enum assay_status
read_array(struct shell_reader *r, struct shell_word **ret_word)
{
	struct shell_word *all = NULL, *w = NULL;
	TRY(shell_take(r, sizeof *all, &all));
	all->line = r->line;
	all->column = shell_column(r);
	all->raw = "(...)";
	struct shell_part **end = &all->first;
	shell_step(r, 1);
	for (;;) {
		TRY(shell_skip_lines(r));
		if (shell_peek(r, 0) == ')')
			break;
		TRY(shell_read_word(r, &w));
		*end = w->first;
		while (*end != NULL)
			end = &(*end)->next;
	}
	shell_step(r, 1);
	*ret_word = all;
	return ASSAY_OK;
}

static enum assay_status
read_assign(struct shell_reader *r, size_t name, struct shell_assign ***end)
{
	struct shell_assign *a = NULL;
	struct shell_word *value = NULL;
	TRY(shell_take(r, sizeof *a, &a));
	a->line = r->line;
	a->column = shell_column(r);
	TRY(shell_copy(r, r->pos, r->pos + name, &a->name));
	while (shell_peek(r, 0) != '=') {
		a->append = shell_peek(r, 0) == '+';
		shell_step(r, 1);
	}
	shell_step(r, 1);
	if (shell_peek(r, 0) == '(') {
		TRY(read_array(r, &value));
	} else if (shell_ends_word(shell_peek(r, 0)) && !shell_starts(r, "<(")) {
		TRY(shell_take(r, sizeof *value, &value));
		*value = (struct shell_word){ NULL, "", "", r->line, shell_column(r), NULL };
	} else {
		TRY(shell_read_word(r, &value));
	}
	a->value = value;
	**end = a;
	*end = &a->next;
	return ASSAY_OK;
}

static bool
declares(const char *name)
{
	static const char *const names[] = { "export", "local", "readonly", "declare", "typeset" };
	for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* "name ()": the parentheses lie ahead. */
static enum assay_status
read_function(struct shell_reader *r, struct shell_command *c, const char *name)
{
	struct shell_command *body = NULL;
	struct shell_pipeline *p = NULL;
	shell_skip_blanks(r);
	if (shell_peek(r, 0) == '(') {
		shell_step(r, 1);
		shell_skip_blanks(r);
		if (shell_peek(r, 0) != ')')
			return shell_fail(r, "a '(' in the middle of a command");
		shell_step(r, 1);
	}
	TRY(shell_skip_lines(r));
	TRY(read_command(r, &body));
	TRY(shell_take(r, sizeof *c->body, &c->body));
	TRY(shell_take(r, sizeof *p, &p));
	p->first = body;
	c->body->first = c->body->last = p;
	c->kind = SHELL_FUNCTION;
	c->name = name;
	c->words = NULL;
	return ASSAY_OK;
}

static enum assay_status
read_simple(struct shell_reader *r, struct shell_command *c)
{
	struct shell_assign **assigns = &c->assigns;
	struct shell_word **words = &c->words;
	for (;;) {
		TRY(read_redirects(r, &c->redirects));
		char next = shell_peek(r, 0);
		if (next == '(' && c->words != NULL && c->words->next == NULL && c->words->text != NULL)
			return read_function(r, c, c->words->text);
		if (shell_ends_word(next) && !shell_starts(r, "<(") && !shell_starts(r, ">("))
			break;
		bool may_assign = c->words == NULL || declares(c->words->text);
		size_t name = may_assign ? assign_length(r) : 0;
		if (name > 0) {
			TRY(read_assign(r, name, &assigns));
			continue;
		}
		TRY(shell_read_word(r, words));
		words = &(*words)->next;
	}
	if (c->words == NULL && c->assigns == NULL && c->redirects == NULL)
		return shell_fail(r, "a command is missing here");
	return ASSAY_OK;
}

/* "[[ ... ]]": operators inside are no operators of the shell. */
static enum assay_status
read_condition(struct shell_reader *r, struct shell_command *c)
{
	struct shell_word **words = &c->words;
	for (;;) {
		TRY(shell_skip_lines(r));
		if (r->pos == r->len)
			return shell_fail(r, "a '[[' that isn't closed");
		bool last = word_ahead(r, "]]");
		while (!last && r->pos < r->len && strchr("()<>&|;", shell_peek(r, 0)) != NULL)
			shell_step(r, 1);
		if (shell_ends_word(shell_peek(r, 0)) && !last)
			continue;
		TRY(shell_read_word(r, words));
		words = &(*words)->next;
		if (last)
			return ASSAY_OK;
	}
}

/* ---- compound commands ---- */

static enum assay_status
append_list(struct shell_reader *r, struct shell_command *c, bool condition)
{
	struct shell_script *list = NULL;
	TRY(shell_read_list(r, &list));
	for (struct shell_pipeline *p = list->first; p != NULL; p = p->next) {
		p->condition = condition;
		p->part = c->parts;
	}
	c->parts++;
	if (c->body == NULL) {
		c->body = list;
		return ASSAY_OK;
	}
	if (list->first == NULL)
		return ASSAY_OK;
	*(c->body->last == NULL ? &c->body->first : &c->body->last->next) = list->first;
	c->body->last = list->last;
	return ASSAY_OK;
}

static enum assay_status
read_if(struct shell_reader *r, struct shell_command *c)
{
	c->kind = SHELL_IF;
	for (bool more = true; more;) {
		TRY(append_list(r, c, true));
		TRY(expect(r, "then"));
		TRY(append_list(r, c, false));
		more = word_ahead(r, "elif");
		if (more)
			shell_step(r, 4);
	}
	if (word_ahead(r, "else")) {
		shell_step(r, 4);
		TRY(append_list(r, c, false));
	}
	return expect(r, "fi");
}

static enum assay_status
read_while(struct shell_reader *r, struct shell_command *c)
{
	c->kind = SHELL_LOOP;
	TRY(append_list(r, c, true));
	TRY(expect(r, "do"));
	TRY(append_list(r, c, false));
	return expect(r, "done");
}

/* "((...))", unread. */
static enum assay_status
skip_double_parentheses(struct shell_reader *r, const char **ret_text)
{
	unsigned open = 0;
	size_t from = r->pos;
	do {
		if (r->pos == r->len)
			return shell_fail(r, "a '((' that isn't closed");
		open += shell_peek(r, 0) == '(';
		open -= shell_peek(r, 0) == ')';
		shell_step(r, 1);
	} while (open > 0);
	return shell_copy(r, from, r->pos, ret_text);
}

static enum assay_status
read_for(struct shell_reader *r, struct shell_command *c)
{
	struct shell_word *name = NULL, **words = &c->words;
	c->kind = SHELL_LOOP;
	shell_skip_blanks(r);
	if (shell_starts(r, "((")) {
		TRY(skip_double_parentheses(r, &c->arithmetic));
	} else {
		TRY(shell_read_word(r, &name));
		c->name = name->raw;
		TRY(shell_skip_lines(r));
		if (word_ahead(r, "in")) {
			shell_step(r, 2);
			for (shell_skip_blanks(r); !shell_ends_word(shell_peek(r, 0)); shell_skip_blanks(r)) {
				TRY(shell_read_word(r, words));
				words = &(*words)->next;
			}
		}
	}
	shell_skip_blanks(r);
	if (shell_peek(r, 0) == ';')
		shell_step(r, 1);
	TRY(expect(r, "do"));
	TRY(append_list(r, c, false));
	return expect(r, "done");
}

/* One branch: its patterns and its list. */
static enum assay_status
read_branch(struct shell_reader *r, struct shell_command *c)
{
	struct shell_word *pattern = NULL;
	if (shell_peek(r, 0) == '(')
		shell_step(r, 1);
	for (;;) {
		shell_skip_blanks(r);
		TRY(shell_read_word(r, &pattern));
		shell_skip_blanks(r);
		if (shell_peek(r, 0) != '|')
			break;
		shell_step(r, 1);
	}
	if (shell_peek(r, 0) != ')')
		return shell_fail(r, "')' is missing after a pattern");
	shell_step(r, 1);
	TRY(append_list(r, c, false));
	if (shell_starts(r, ";;&"))
		shell_step(r, 3);
	else if (shell_starts(r, ";;") || shell_starts(r, ";&"))
		shell_step(r, 2);
	return shell_skip_lines(r);
}

static enum assay_status
read_case(struct shell_reader *r, struct shell_command *c)
{
	c->kind = SHELL_CASE;
	shell_skip_blanks(r);
	TRY(shell_read_word(r, &c->words));
	TRY(expect(r, "in"));
	TRY(shell_skip_lines(r));
	while (!word_ahead(r, "esac")) {
		if (r->pos == r->len)
			return shell_fail(r, "a 'case' without its 'esac'");
		TRY(read_branch(r, c));
	}
	return expect(r, "esac");
}

static enum assay_status
read_group(struct shell_reader *r, struct shell_command *c)
{
	c->kind = SHELL_GROUP;
	TRY(append_list(r, c, false));
	return expect(r, "}");
}

static enum assay_status
read_subshell(struct shell_reader *r, struct shell_command *c)
{
	c->kind = SHELL_GROUP;
	if (shell_starts(r, "((")) {
		struct shell_reader at = *r;
		const char *text = NULL;
		if (skip_double_parentheses(&at, &text) == ASSAY_OK && at.pos >= 2 && at.s[at.pos - 2] == ')') {
			*r = at;
			c->arithmetic = text;
			return shell_take(r, sizeof *c->body, &c->body);
		}
	}
	shell_step(r, 1);
	c->subshell = true;
	TRY(append_list(r, c, false));
	if (shell_peek(r, 0) != ')')
		return shell_fail(r, "a '(' that isn't closed");
	shell_step(r, 1);
	return ASSAY_OK;
}

static enum assay_status
read_named_function(struct shell_reader *r, struct shell_command *c)
{
	struct shell_word *name = NULL;
	shell_skip_blanks(r);
	TRY(shell_read_word(r, &name));
	return read_function(r, c, name->raw);
}

static const struct {
	const char *word;
	enum assay_status (*read)(struct shell_reader *r, struct shell_command *c);
} compounds[] = {
	{ "if", read_if },
	{ "while", read_while },
	{ "until", read_while },
	{ "for", read_for },
	{ "select", read_for },
	{ "case", read_case },
	{ "{", read_group },
	{ "function", read_named_function },
};

static enum assay_status
read_command(struct shell_reader *r, struct shell_command **ret_command)
{
	struct shell_command *c = NULL;
	TRY(shell_take(r, sizeof *c, &c));
	TRY(shell_deeper(r));
	c->line = r->line;
	c->column = shell_column(r);
	*ret_command = c;
	bool compound = shell_peek(r, 0) == '(';
	if (compound)
		TRY(read_subshell(r, c));
	for (size_t i = 0; !compound && i < sizeof compounds / sizeof compounds[0]; i++) {
		if (!word_ahead(r, compounds[i].word))
			continue;
		compound = true;
		shell_step(r, strlen(compounds[i].word));
		TRY(compounds[i].read(r, c));
	}
	if (!compound)
		TRY(word_ahead(r, "[[") ? read_condition(r, c) : read_simple(r, c));
	r->depth--;
	return read_redirects(r, &c->redirects);
}

/* ---- pipelines and lists ---- */

static enum assay_status
read_pipeline(struct shell_reader *r, struct shell_pipeline *p)
{
	struct shell_command **end = &p->first;
	while (word_ahead(r, "!") || word_ahead(r, "time")) {
		p->negated ^= shell_peek(r, 0) == '!';
		shell_step(r, shell_peek(r, 0) == '!' ? 1 : 4);
		shell_skip_blanks(r);
	}
	for (;;) {
		TRY(read_command(r, end));
		end = &(*end)->next;
		if (shell_peek(r, 0) != '|' || shell_peek(r, 1) == '|')
			return ASSAY_OK;
		shell_step(r, shell_peek(r, 1) == '&' ? 2 : 1);
		TRY(shell_skip_lines(r));
	}
}

/* What joins a pipeline with the next; false when the list can't go on after it. */
static bool
read_join(struct shell_reader *r, enum shell_join *ret_join)
{
	*ret_join = SHELL_THEN;
	if (shell_starts(r, "&&") || shell_starts(r, "||")) {
		*ret_join = shell_peek(r, 0) == '&' ? SHELL_AND : SHELL_OR;
		shell_step(r, 2);
		return true;
	}
	if (shell_starts(r, ";;") || shell_starts(r, ";&"))
		return false;
	if (shell_peek(r, 0) == '&' || shell_peek(r, 0) == ';') {
		*ret_join = shell_peek(r, 0) == '&' ? SHELL_BACKGROUND : SHELL_THEN;
		shell_step(r, 1);
		return true;
	}
	return shell_peek(r, 0) == '\n';
}

enum assay_status
shell_read_list(struct shell_reader *r, struct shell_script **ret_script)
{
	struct shell_script *s = NULL;
	TRY(shell_take(r, sizeof *s, &s));
	TRY(shell_deeper(r));
	for (bool more = true; more;) {
		struct shell_pipeline *p;
		TRY(shell_skip_lines(r));
		if (list_ends(r))
			break;
		TRY(shell_take(r, sizeof *p, &p));
		TRY(read_pipeline(r, p));
		more = read_join(r, &p->join);
		*(s->last == NULL ? &s->first : &s->last->next) = p;
		s->last = p;
	}
	TRY(shell_skip_lines(r));
	r->depth--;
	*ret_script = s;
	return ASSAY_OK;
}

enum assay_status
shell_parse(struct assay_span text, struct arena *arena, const struct shell_script **ret_script,
    struct assay_error *err)
{
	size_t budget = SHELL_PARTS_MAX;
	struct shell_script *s = NULL;
	if (text.len > SHELL_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "a script larger than %u bytes", SHELL_SIZE_MAX);
	struct shell_reader r = { .s = (const char *)text.data, .len = text.len, .line = 1,
		.budget = &budget, .arena = arena, .err = err };
	if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "a script with a NUL byte");
	TRY(shell_read_list(&r, &s));
	if (r.pos < r.len)
		return shell_fail(&r, "this closes nothing that is open");
	*ret_script = s;
	return ASSAY_OK;
}
