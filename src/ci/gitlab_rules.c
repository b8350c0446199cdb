/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions of "rules:if" at one event: true, false, or known only when it runs.
 */
#include "gitlab.h"

#include <base/cleanup.h>
#include <ctype.h>
#include <string.h>

#define DEPTH_MAX 32
#define NAME_MAX 128
/* What things are called isn't known, but which are the same: the default branch, this project, the fork of a merge request. */
#define THE_DEFAULT "\001"
#define THIS_PROJECT "\002"
#define THE_FORK "\003"

enum kind { ANY, NOTHING, SET, TEXT }; /* SET: something, not known what */

struct value {
	enum kind kind;
	const char *text;
	size_t len;
	bool pattern;
};

struct expression {
	const char *p;
	enum gl_event event;
	const struct gl_node *job, *global;
	unsigned depth;
	bool failed;
};

/* ---- variables that GitLab sets ---- */

static const char *const sources[GL_EVENTS] = { "push", "push", "push", "merge_request_event", "schedule", "web", "trigger",
	"external_pull_request_event", "parent_pipeline" };

const char *const gl_event_names[GL_EVENTS] = { "push", "push to the default branch", "tag", "merge_request_event", "schedule",
	"web", "trigger", "external_pull_request_event", "parent_pipeline" };

/* Set at these events, unset at those, unknown at all others. */
static const struct {
	const char *name;
	bool prefix;
	unsigned set, unset;
} known[] = {
	{ "CI_COMMIT_TAG", true, GL_BIT(GL_TAG),
	    GL_BIT(GL_BRANCH) | GL_BIT(GL_DEFAULT) | GL_BIT(GL_MERGE_REQUEST) | GL_BIT(GL_EXTERNAL) },
	{ "CI_COMMIT_BRANCH", false, GL_BIT(GL_BRANCH) | GL_BIT(GL_DEFAULT), GL_BIT(GL_TAG) | GL_BIT(GL_MERGE_REQUEST) },
	{ "CI_MERGE_REQUEST_", true, GL_BIT(GL_MERGE_REQUEST),
	    ~(GL_BIT(GL_MERGE_REQUEST) | GL_BIT(GL_CHILD)) },
	{ "CI_EXTERNAL_PULL_REQUEST_", true, GL_BIT(GL_EXTERNAL), ~(GL_BIT(GL_EXTERNAL) | GL_BIT(GL_CHILD)) },
	{ "CI_OPEN_MERGE_REQUESTS", false, 0, GL_BIT(GL_TAG) | GL_BIT(GL_DEFAULT) },
	{ "CI_COMMIT_REF_NAME", false, ~0u, 0 },
	{ "CI_COMMIT_SHA", false, ~0u, 0 },
	{ "CI_PROJECT_", true, ~0u, 0 },
	{ "CI_SERVER_", true, ~0u, 0 },
	{ "GITLAB_USER_", true, ~0u, 0 },
};

/* A merge request is taken to come from a fork: those of the project itself are its members' as pushes are. */
static const struct {
	const char *name, *stands_for;
} projects[] = {
	{ "CI_MERGE_REQUEST_SOURCE_PROJECT_ID", THE_FORK },
	{ "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH", THE_FORK },
	{ "CI_MERGE_REQUEST_PROJECT_ID", THIS_PROJECT },
	{ "CI_MERGE_REQUEST_PROJECT_PATH", THIS_PROJECT },
	{ "CI_PROJECT_ID", THIS_PROJECT },
	{ "CI_PROJECT_PATH", THIS_PROJECT },
};

static struct value
text_value(const char *text)
{
	return (struct value){ TEXT, text, strlen(text), false };
}

static struct value
set_or_not(const char *name, enum gl_event event)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		bool same = known[i].prefix ? strncmp(name, known[i].name, strlen(known[i].name)) == 0
					    : strcmp(name, known[i].name) == 0;
		if (same && (known[i].set & GL_BIT(event)) != 0)
			return (struct value){ .kind = SET };
		if (same && (known[i].unset & GL_BIT(event)) != 0)
			return (struct value){ .kind = NOTHING };
	}
	return (struct value){ .kind = ANY };
}

static struct value
predefined(const char *name, enum gl_event event)
{
	if (strcmp(name, "CI") == 0 || strcmp(name, "GITLAB_CI") == 0)
		return text_value("true");
	if (strcmp(name, "CI_PIPELINE_SOURCE") == 0)
		return text_value(sources[event]);
	if (strcmp(name, "CI_DEFAULT_BRANCH") == 0 || (strcmp(name, "CI_COMMIT_BRANCH") == 0 && event == GL_DEFAULT))
		return text_value(THE_DEFAULT);
	for (size_t i = 0; i < sizeof projects / sizeof projects[0]; i++) {
		if (event == GL_MERGE_REQUEST && strcmp(name, projects[i].name) == 0)
			return text_value(projects[i].stands_for);
	}
	return set_or_not(name, event);
}

/* "variables: NAME: text" or "NAME: {value: text}", when nothing in it is computed. */
static bool
stated(const struct gl_node *variables, const char *name, struct value *ret_value)
{
	const struct gl_node *n = gl_get(variables, name);
	if (n != NULL && n->kind == YAML_MAPPING)
		n = gl_get(n, "value");
	if (n == NULL || n->kind != YAML_SCALAR || strchr(n->text, '$') != NULL)
		return false;
	*ret_value = text_value(n->text);
	return true;
}

/* ---- reading ---- */

static void
skip_blanks(struct expression *x)
{
	while (isspace((unsigned char)*x->p))
		x->p++;
}

static bool
take(struct expression *x, const char *sign)
{
	skip_blanks(x);
	if (strncmp(x->p, sign, strlen(sign)) != 0)
		return false;
	x->p += strlen(sign);
	return true;
}

static struct value
fail(struct expression *x)
{
	x->failed = true;
	return (struct value){ .kind = ANY };
}

static struct value
read_variable(struct expression *x)
{
	char name[NAME_MAX];
	struct value v;
	size_t n = 0;
	x->p++;
	bool braced = *x->p == '{';
	x->p += braced;
	while ((isalnum((unsigned char)x->p[n]) || x->p[n] == '_') && n < sizeof name - 1) {
		name[n] = x->p[n];
		n++;
	}
	name[n] = '\0';
	x->p += n;
	if (n == 0 || (braced && *x->p++ != '}'))
		return fail(x);
	if (stated(x->job, name, &v) || stated(x->global, name, &v))
		return v;
	return predefined(name, x->event);
}

static struct value
read_quoted(struct expression *x)
{
	char quote = *x->p++;
	const char *from = x->p;
	while (*x->p != '\0' && *x->p != quote)
		x->p += x->p[0] == '\\' && x->p[1] != '\0' ? 2 : 1;
	if (*x->p == '\0')
		return fail(x);
	struct value v = { TEXT, from, (size_t)(x->p - from), quote == '/' };
	x->p++;
	while (quote == '/' && isalpha((unsigned char)*x->p))
		x->p++;
	return v;
}

static struct value
read_value(struct expression *x)
{
	skip_blanks(x);
	if (*x->p == '$')
		return read_variable(x);
	if (*x->p == '"' || *x->p == '\'' || *x->p == '/')
		return read_quoted(x);
	if (strncmp(x->p, "null", 4) == 0) {
		x->p += 4;
		return (struct value){ .kind = NOTHING };
	}
	return fail(x);
}

/* ---- comparing ---- */

static bool
is_name(const struct value *v)
{
	return v->kind == TEXT && v->len == 1 && v->text[0] <= THE_FORK[0];
}

/* Something against a text, or against something else of which as little is known. */
static enum gl_truth
equal_unknown(const struct value *other)
{
	return other->kind == TEXT && other->len == 0 ? GL_FALSE : GL_MAYBE;
}

static enum gl_truth
equal(const struct value *a, const struct value *b)
{
	if (a->kind == ANY || b->kind == ANY)
		return GL_MAYBE;
	if (a->kind == NOTHING || b->kind == NOTHING)
		return a->kind == b->kind ? GL_TRUE : GL_FALSE;
	if (a->kind == SET || is_name(a) > is_name(b))
		return equal_unknown(b);
	if (b->kind == SET || is_name(b) > is_name(a))
		return equal_unknown(a);
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0 ? GL_TRUE : GL_FALSE;
}

/* One word of a pattern, perhaps tied to the ends. */
static bool
match_word(const struct value *text, const char *word, size_t n)
{
	bool start = n > 0 && word[0] == '^', end = n > start && word[n - 1] == '$';
	size_t len = n - start - end;
	for (size_t i = 0; i + len <= text->len; i++) {
		if ((!start || i == 0) && (!end || i + len == text->len) && memcmp(text->text + i, word + start, len) == 0)
			return true;
	}
	return false;
}

/* A pattern that is words with "|" between them: "^web|schedule$". Any other may or may not match. */
static enum gl_truth
match_words(const struct value *text, const struct value *pattern)
{
	enum gl_truth t = GL_FALSE;
	for (size_t i = 0; i < pattern->len; i++) {
		char c = pattern->text[i];
		if (!isalnum((unsigned char)c) && strchr("_^$|-", c) == NULL)
			return GL_MAYBE;
	}
	for (size_t at = 0; at <= pattern->len;) {
		size_t n = 0;
		while (at + n < pattern->len && pattern->text[at + n] != '|')
			n++;
		if (match_word(text, pattern->text + at, n))
			t = GL_TRUE;
		at += n + 1;
	}
	return t;
}

static enum gl_truth
match(const struct value *text, const struct value *pattern)
{
	if (text->kind == NOTHING)
		return GL_FALSE;
	if (text->kind != TEXT || pattern->kind != TEXT || is_name(text))
		return GL_MAYBE;
	return match_words(text, pattern);
}

static enum gl_truth
negate(enum gl_truth t)
{
	return (enum gl_truth)(GL_TRUE - t);
}

static enum gl_truth
holds(const struct value *v)
{
	if (v->kind == ANY)
		return GL_MAYBE;
	return v->kind == SET || (v->kind == TEXT && v->len > 0) ? GL_TRUE : GL_FALSE;
}

/* ---- the expression ---- */

static enum gl_truth read_or(struct expression *x);

static enum gl_truth
read_term(struct expression *x)
{
	if (take(x, "(")) {
		if (++x->depth > DEPTH_MAX)
			x->failed = true;
		enum gl_truth inner = x->failed ? GL_MAYBE : read_or(x);
		x->depth--;
		if (!take(x, ")"))
			x->failed = true;
		return inner;
	}
	struct value left = read_value(x), right;
	if (take(x, "==")) {
		right = read_value(x);
		return equal(&left, &right);
	}
	if (take(x, "!=")) {
		right = read_value(x);
		return negate(equal(&left, &right));
	}
	if (take(x, "=~")) {
		right = read_value(x);
		return match(&left, &right);
	}
	if (take(x, "!~")) {
		right = read_value(x);
		return negate(match(&left, &right));
	}
	return holds(&left);
}

static enum gl_truth
read_and(struct expression *x)
{
	enum gl_truth t = read_term(x);
	while (!x->failed && take(x, "&&")) {
		enum gl_truth u = read_term(x);
		t = u < t ? u : t;
	}
	return t;
}

static enum gl_truth
read_or(struct expression *x)
{
	enum gl_truth t = read_and(x);
	while (!x->failed && take(x, "||")) {
		enum gl_truth u = read_and(x);
		t = u > t ? u : t;
	}
	return t;
}

enum gl_truth
gl_expression(const char *text, enum gl_event event, const struct gl_node *job, const struct gl_node *global, bool *ret_read)
{
	struct expression x = { .p = text, .event = event, .job = job, .global = global };
	enum gl_truth t = read_or(&x);
	skip_blanks(&x);
	*ret_read = !x.failed && *x.p == '\0';
	return *ret_read ? t : GL_MAYBE;
}
