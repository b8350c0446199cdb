/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file of GitLab CI: its header with the inputs that it takes, and its nodes with these filled in.
 */
#include "gitlab.h"

#include <base/buf.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <ctype.h>
#include <string.h>

#define TEXT_MAX (1u << 20)
#define NAME_MAX 128

/* What a file's templates stand for. */
struct inputs {
	const struct gl_node *declared; /* "spec: inputs:", or NULL */
	const struct gl_node *given;    /* by the include, or NULL */
};

struct filling {
	struct gl *g;
	const char *path;
	struct inputs in;
};

/* The value of an input, NULL when whoever starts the pipeline says it. */
static const struct gl_node *
input_value(const struct inputs *in, const char *name)
{
	const struct gl_node *value = gl_get(in->given, name);
	return value != NULL ? value : gl_get(gl_get(in->declared, name), "default");
}

/* ---- templates: "$[[ inputs.NAME | function ]]" ---- */

struct template {
	char name[NAME_MAX];
	const char *functions; /* behind the name */
	size_t len;            /* in all, with its marks */
};

/* False when what begins at text is no template of an input. */
static bool
read_template(const char *text, struct template *t)
{
	static const char start[] = "inputs.";
	const char *end = strstr(text, "]]"), *p = text + 3;
	if (strncmp(text, "$[[", 3) != 0 || end == NULL)
		return false;
	while (*p == ' ')
		p++;
	if (strncmp(p, start, sizeof start - 1) != 0)
		return false;
	p += sizeof start - 1;
	size_t n = 0;
	while ((isalnum((unsigned char)p[n]) || p[n] == '_' || p[n] == '-') && n < NAME_MAX - 1) {
		t->name[n] = p[n];
		n++;
	}
	t->name[n] = '\0';
	t->functions = p + n;
	t->len = (size_t)(end - text) + 2;
	return n > 0;
}

/* "truncate(FROM, LENGTH)"; other functions leave what matters here as it is, or are asked about. */
static struct assay_span
apply_functions(const struct template *t, struct assay_span value, bool *ret_known)
{
	const char *end = strstr(t->functions, "]]"), *p = t->functions;
	*ret_known = true;
	while ((p = strchr(p, '|')) != NULL && p < end) {
		for (p++; *p == ' '; p++)
			;
		if (strncmp(p, "truncate(", 9) == 0) {
			size_t from = 0, len = 0;
			for (p += 9; isdigit((unsigned char)*p) && from < TEXT_MAX; p++)
				from = from * 10 + (size_t)(*p - '0');
			while (*p == ',' || *p == ' ')
				p++;
			for (; isdigit((unsigned char)*p) && len < TEXT_MAX; p++)
				len = len * 10 + (size_t)(*p - '0');
			from = from < value.len ? from : value.len;
			value.data += from;
			value.len = len < value.len - from ? len : value.len - from;
		} else if (strncmp(p, "expand_vars", 11) != 0 && strncmp(p, "posix_escape", 12) != 0) {
			*ret_known = false;
		}
	}
	return value;
}

static enum assay_status
fill_one(const struct filling *f, const struct template *t, struct ci_place at, const char *text, struct buf *out)
{
	const struct gl_node *value = input_value(&f->in, t->name);
	bool known = true;
	if (gl_pair(f->in.declared, t->name) == NULL)
		TRY(ci_ask(f->g->w, CI_ALL, "input-undeclared", at, "the file uses the input '%s' and doesn't declare it", t->name));
	if (value == NULL || value->kind != YAML_SCALAR) {
		buf_add(out, text, t->len);
		return ASSAY_OK;
	}
	buf_add_span(out, apply_functions(t, assay_span_str(value->text), &known));
	if (!known)
		TRY(ci_ask(f->g->w, CI_ALL, "input-function", at, "a function for the input '%s' that isn't known here", t->name));
	return ASSAY_OK;
}

static enum assay_status
fill_text(const struct filling *f, const char *text, struct ci_place at, const char **ret_text)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(TEXT_MAX);
	*ret_text = text;
	if (strstr(text, "$[[") == NULL)
		return ASSAY_OK;
	for (const char *p = text; *p != '\0';) {
		struct template t;
		if (*p == '$' && read_template(p, &t)) {
			TRY(fill_one(f, &t, at, p, &out));
			p += t.len;
		} else {
			buf_add_byte(&out, (unsigned char)*p++);
		}
		if (!gl_work(f->g, 1))
			return ASSAY_OK;
	}
	TRY(buf_status(&out, "text", f->g->w->err));
	*ret_text = arena_copy(f->g->arena, buf_span(&out));
	return *ret_text == NULL ? arena_full(f->g->w->err) : ASSAY_OK;
}

/* A scalar that is one template takes a list or mapping as it is. */
static const struct gl_node *
whole_value(const struct filling *f, const char *text)
{
	struct template t;
	if (!read_template(text, &t) || text[t.len] != '\0')
		return NULL;
	const struct gl_node *value = input_value(&f->in, t.name);
	return value != NULL && value->kind != YAML_SCALAR ? value : NULL;
}

/* ---- nodes ---- */

static enum assay_status
convert(const struct filling *f, const struct yaml_node *y, const struct gl_node **ret_node)
{
	const struct gl_node like = { .kind = y->kind, .plain = y->plain, .block = y->block, 
		.text = "", .place = { f->path, y->line, y->column } };
	struct gl_node *n = NULL;
	struct gl_pair *pairs = NULL;
	size_t i = 0;
	TRY(gl_new(f->g, &like, y->count, &n, &pairs));
	*ret_node = n;
	n->tag = y->tag;
	if (!gl_work(f->g, 1)) {
		n->count = 0;
		return ASSAY_OK;
	}
	if (y->kind == YAML_SCALAR) {
		const struct gl_node *whole = whole_value(f, y->text);
		if (whole != NULL)
			*ret_node = whole;
		return whole != NULL ? ASSAY_OK : fill_text(f, y->text, n->place, &n->text);
	}
	for (const struct yaml_node *c = y->first; c != NULL; c = c->next, i++) {
		pairs[i].key_place = (struct ci_place){ f->path, c->key_line, c->key_column };
		if (c->key != NULL)
			TRY(fill_text(f, c->key, pairs[i].key_place, &pairs[i].key));
		TRY(convert(f, c, &pairs[i].value));
	}
	return ASSAY_OK;
}

/* ---- the header ---- */

static bool
is_header(const struct yaml_node *n)
{
	return n->kind == YAML_MAPPING && yaml_get(n, "spec") != NULL && n->next != NULL;
}

/* What GitLab refuses: inputs that the file doesn't take, and those it needs and isn't given. */
static enum assay_status
check_given(const struct filling *f, bool root)
{
	const struct inputs *in = &f->in;
	for (size_t i = 0; in->given != NULL && in->given->kind == YAML_MAPPING && i < in->given->count; i++) {
		const struct gl_pair *p = &in->given->pairs[i];
		if (CATCH(gl_input_refused, gl_pair(in->declared, p->key) == NULL))
			TRY(ci_ask(f->g->w, CI_ALL, "input-refused", p->key_place,
			    "'%s' takes no input '%s': GitLab refuses the pipeline", f->path, p->key));
	}
	for (size_t i = 0; !root && in->declared != NULL && i < in->declared->count; i++) {
		const struct gl_pair *p = &in->declared->pairs[i];
		if (CATCH(gl_input_missing, input_value(in, p->key) == NULL))
			TRY(ci_ask(f->g->w, CI_ALL, "input-missing", p->key_place,
			    "the input '%s' has no default and isn't given: GitLab refuses the pipeline", p->key));
	}
	return ASSAY_OK;
}

enum assay_status
gl_load(struct gl *g, const struct source_file *source, const struct gl_node *given, bool root,
    const struct gl_node **ret_node)
{
	struct ci_file file = { .work = g->w, .source = source, .path = source->path, .arena = g->arena };
	struct filling f = { .g = g, .path = source->path, .in = { .given = given } };
	struct yaml_node *y = NULL;
	*ret_node = NULL;
	TRY(ci_yaml(&file, &y));
	if (y == NULL)
		return ASSAY_OK;
	if (is_header(y)) {
		const struct gl_node *header;
		const struct filling plain = { .g = g, .path = source->path };
		TRY(convert(&plain, y, &header));
		f.in.declared = gl_get(gl_get(header, "spec"), "inputs");
		if (f.in.declared != NULL && f.in.declared->kind != YAML_MAPPING)
			f.in.declared = NULL;
		y = y->next;
	}
	TRY(check_given(&f, root));
	if (y->next != NULL)
		return ci_ask(g->w, CI_ALL, "documents", (struct ci_place){ source->path, y->next->line, 1 },
		    "a further document in '%s', which GitLab doesn't read", source->path);
	if (y->kind != YAML_MAPPING)
		return ci_ask(g->w, CI_ALL, "not-a-pipeline", (struct ci_place){ source->path, y->line, y->column },
		    "'%s' isn't a mapping of jobs", source->path);
	return convert(&f, y, ret_node);
}
