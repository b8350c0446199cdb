/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/review.h>

#include <policy/id.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const points[REVIEW_POINTS] = {
	[REVIEW_REQUIREMENTS] = "security requirements that aren't met",
	[REVIEW_STANDARD] = "the coding standard and deviations from it",
	[REVIEW_ANALYSIS] = "what analysis found",
	[REVIEW_TRACE] = "traceability to security capabilities",
	[REVIEW_THREATS] = "threats at interfaces, boundaries and assets",
};

const char *
review_point_name(enum review_point point)
{
	return points[point];
}

char
review_point_letter(enum review_point point)
{
	return (char)('a' + (int)point);
}

bool
review_is_record(const char *path)
{
	const size_t len = strlen(path), end = strlen(REVIEW_SUFFIX);
	return strncmp(path, REVIEW_FOLDER, strlen(REVIEW_FOLDER)) == 0 && len > end && strcmp(path + len - end, REVIEW_SUFFIX) == 0;
}

/* ---- scalars ---- */

/* What the decoders need beside the place that they fill. */
struct reading {
	struct yaml_context c;
	enum oid_algo algo;
};

/* The context is the first member, so that a decoder finds the rest. */
static const struct reading *
reading_of(const struct yaml_context *c)
{
	return (const struct reading *)(const void *)c;
}

static enum assay_status
decode_id(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char *text;
	TRY(yaml_str(c, node, &text, err));
	if (oid_parse(assay_span_str(text), reading_of(c)->algo, where) == ASSAY_OK)
		return ASSAY_OK;
	(void)yaml_fail(c, node, err, "'%s' is no full object id of this repository", text);
	return assay_error_todo(err, ASSAY_E_FORMAT, "write all hex digits, in lower case");
}

static bool
is_path(const char *path)
{
	if (path[0] == '/' || strlen(path) > REVIEW_PATH_MAX)
		return false;
	for (const char *p = path; *p != '\0'; p += strcspn(p, "/"), p += *p == '/') {
		const size_t len = strcspn(p, "/");
		if (len == 0 || (len == 1 && p[0] == '.') || (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
	}
	return path[strlen(path) - 1] != '/';
}

static enum assay_status
decode_path(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **path = where;
	TRY(yaml_str(c, node, path, err));
	return is_path(*path) ? ASSAY_OK : yaml_fail(c, node, err, "'%s' is no path of a file in the repository", *path);
}

static enum assay_status
decode_blob(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct review_file *f = where;
	f->has_blob = true;
	return decode_id(c, node, &f->blob, err);
}

static enum assay_status
decode_was(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct review_file *f = where;
	f->has_was = true;
	return decode_id(c, node, &f->was, err);
}

static enum assay_status
decode_base(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct review *r = where;
	r->has_base = true;
	return decode_id(c, node, &r->base, err);
}

static enum assay_status
decode_range(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "base", false, 0, decode_base },
		{ "head", true, offsetof(struct review, head), decode_id },
	};
	struct review *r = where;
	r->range_line = node->line;
	return yaml_decode(c, node, fields, COUNT(fields), r, err);
}

static enum assay_status
decode_tree(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct review *r = where;
	r->tree_line = node->line;
	return decode_id(c, node, &r->tree, err);
}

static enum assay_status
decode_point(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const char *const letters[REVIEW_POINTS] = { "a", "b", "c", "d", "e" };
	enum review_point *point = where;
	size_t index;
	TRY(yaml_word(c, node, letters, REVIEW_POINTS, &index, err));
	*point = (enum review_point)index;
	return ASSAY_OK;
}

/* ---- answers ---- */

static enum assay_status
decode_answer(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "none", false, offsetof(struct review_question, none), yaml_str },
		{ "found", false, offsetof(struct review_question, found), policy_ids },
		{ "text", false, offsetof(struct review_question, text), yaml_str },
	};
	struct review_question *q = where;
	if (yaml_is_null(node))
		return ASSAY_OK;
	if (node->kind != YAML_MAPPING) {
		(void)yaml_fail(c, node, err, "an answer says of which kind it is");
		return assay_error_todo(err, ASSAY_E_FORMAT, "write 'none: why', 'found: [ids]' or 'text: ...' below 'answer:'");
	}
	TRY(yaml_decode(c, node, fields, COUNT(fields), q, err));
	q->answered = q->none != NULL || q->found.count > 0 || q->text != NULL;
	if (q->none != NULL && (q->found.count > 0 || q->text != NULL))
		return yaml_fail(c, node, err, "'none' stands alone: an answer that says more isn't none");
	return ASSAY_OK;
}

/* ---- lists ---- */

static enum assay_status
read_files(const struct yaml_context *c, const struct yaml_node *root, struct review *r, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "path", true, offsetof(struct review_file, path), decode_path },
		{ "blob", false, 0, decode_blob },
		{ "was", false, 0, decode_was },
		{ "moved-from", false, offsetof(struct review_file, moved_from), decode_path },
	};
	void *items;
	TRY(policy_list(c, root, "files", REVIEW_FILES_MAX, sizeof *r->files, &items, &r->file_count, err));
	struct review_file *f = r->files = items;
	const struct yaml_node *list = yaml_get(root, "files");
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next, f++) {
		TRY(yaml_decode(c, n, fields, COUNT(fields), f, err));
		f->line = n->line;
		if (!f->has_blob && !f->has_was)
			return yaml_fail(c, n, err, "'%s' has neither 'blob' nor 'was': it says nothing of the file", f->path);
		if (f->moved_from != NULL && (!f->has_blob || !f->has_was))
			return yaml_fail(c, n, err, "'%s' moved: 'was' and 'blob' say what it was and is", f->path);
		if (f->has_was && !r->has_base)
			return yaml_fail(c, n, err, "'%s' has 'was', and the range has no base where it could have been", f->path);
	}
	return ASSAY_OK;
}

static enum assay_status
read_interfaces(const struct yaml_context *c, const struct yaml_node *touches, struct review *r, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "file", true, offsetof(struct review_interface, file), decode_path },
		{ "line", true, offsetof(struct review_interface, at), yaml_u32 },
		{ "function", false, offsetof(struct review_interface, function), yaml_str },
		{ "call", true, offsetof(struct review_interface, call), yaml_str },
		{ "kind", true, offsetof(struct review_interface, kind), yaml_str },
	};
	void *items;
	TRY(policy_list(c, touches, "interfaces", REVIEW_INTERFACES_MAX, sizeof *r->interfaces, &items, &r->interface_count, err));
	struct review_interface *i = r->interfaces = items;
	const struct yaml_node *list = yaml_get(touches, "interfaces");
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next)
		TRY(yaml_decode(c, n, fields, COUNT(fields), i++, err));
	return ASSAY_OK;
}

static enum assay_status
decode_touches(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "owners", false, offsetof(struct review, owners), yaml_str_list },
		{ "interfaces", false, 0, yaml_ignore },
		{ "findings", false, offsetof(struct review, findings), yaml_str_list },
		{ "deviations", false, offsetof(struct review, deviations), yaml_str_list },
	};
	TRY(yaml_decode(c, node, fields, COUNT(fields), where, err));
	return read_interfaces(c, node, where, err);
}

static enum assay_status
read_questions(const struct yaml_context *c, const struct yaml_node *root, struct review *r, struct assay_error *err)
{
	static const struct yaml_field fields[] = {
		{ "point", true, offsetof(struct review_question, point), decode_point },
		{ "about", false, offsetof(struct review_question, about), decode_path },
		{ "ask", true, offsetof(struct review_question, ask), yaml_str },
		{ "answer", true, 0, decode_answer },
	};
	void *items;
	TRY(policy_list(c, root, "questions", REVIEW_QUESTIONS_MAX, sizeof *r->questions, &items, &r->question_count, err));
	struct review_question *q = r->questions = items;
	const struct yaml_node *list = yaml_get(root, "questions");
	for (const struct yaml_node *n = list != NULL ? list->first : NULL; n != NULL; n = n->next, q++) {
		TRY(yaml_decode(c, n, fields, COUNT(fields), q, err));
		q->line = n->line;
	}
	return ASSAY_OK;
}

static int
compare_paths(const void *a, const void *b)
{
	const struct review_file *const *x = a, *const *y = b;
	return strcmp((*x)->path, (*y)->path);
}

static enum assay_status
refuse_twice(const struct yaml_context *c, const struct yaml_node *root, const struct review *r, struct assay_error *err)
{
	const struct review_file **sorted = arena_array(c->arena, r->file_count + 1, sizeof *sorted);
	if (sorted == NULL)
		return arena_full(err);
	for (size_t i = 0; i < r->file_count; i++)
		sorted[i] = &r->files[i];
	qsort(sorted, r->file_count, sizeof *sorted, compare_paths);
	for (size_t i = 1; i < r->file_count; i++) {
		if (strcmp(sorted[i - 1]->path, sorted[i]->path) == 0)
			return yaml_fail(c, yaml_get(root, "files"), err, "'%s' stands twice in files", sorted[i]->path);
	}
	return ASSAY_OK;
}

static const struct yaml_field fields[] = {
	{ "assay-review", true, 0, yaml_ignore },
	{ "subject", true, offsetof(struct review, subject), yaml_str },
	{ "range", true, 0, decode_range },
	{ "tree", true, 0, decode_tree },
	{ "files", true, 0, yaml_ignore },
	{ "touches", false, 0, decode_touches },
	{ "questions", true, 0, yaml_ignore },
};

enum assay_status
review_parse(struct assay_span yaml, const char *name, enum oid_algo algo, struct arena *arena,
    struct review *ret_review, struct assay_error *err)
{
	const struct reading reading = { { name, arena }, algo };
	struct yaml_node *root;
	struct review r = { 0 };
	TRY(yaml_open(yaml, &reading.c, "assay-review", REVIEW_VERSION, &root, err));
	TRY(yaml_decode(&reading.c, root, fields, COUNT(fields), &r, err));
	TRY(read_files(&reading.c, root, &r, err));
	TRY(refuse_twice(&reading.c, root, &r, err));
	TRY(read_questions(&reading.c, root, &r, err));
	*ret_review = r;
	return ASSAY_OK;
}

/* ---- writing ---- */

/* A scalar in double quotes: whatever stands in it. */
static void
add_text(struct buf *out, const char *text)
{
	buf_add_byte(out, '"');
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			buf_addf(out, "\\%c", *p);
		else if (*p < 0x20 || *p == 0x7f)
			buf_addf(out, "\\x%02x", *p);
		else
			buf_add_byte(out, *p);
	}
	buf_add_byte(out, '"');
}

static void
add_id(struct buf *out, const char *key, const struct oid *id, enum oid_algo algo)
{
	char hex[2 * OID_MAX + 1];
	oid_hex(id, algo, hex);
	buf_addf(out, "%s\"%s\"\n", key, hex);
}

static void
add_list(struct buf *out, const char *key, const struct yaml_strings *list)
{
	buf_addf(out, "  %s: [", key);
	for (size_t i = 0; i < list->count; i++) {
		buf_add_str(out, i > 0 ? ", " : "");
		add_text(out, list->items[i]);
	}
	buf_add_str(out, "]\n");
}

static void
add_files(struct buf *out, const struct review *r, enum oid_algo algo)
{
	buf_add_str(out, r->file_count > 0 ? "files:\n" : "files: []\n");
	for (size_t i = 0; i < r->file_count; i++) {
		const struct review_file *f = &r->files[i];
		buf_add_str(out, "  - path: ");
		add_text(out, f->path);
		buf_add_byte(out, '\n');
		if (f->has_blob)
			add_id(out, "    blob: ", &f->blob, algo);
		if (f->has_was)
			add_id(out, "    was: ", &f->was, algo);
		if (f->moved_from == NULL)
			continue;
		buf_add_str(out, "    moved-from: ");
		add_text(out, f->moved_from);
		buf_add_byte(out, '\n');
	}
}

static void
add_touches(struct buf *out, const struct review *r)
{
	buf_add_str(out, "touches:\n");
	add_list(out, "owners", &r->owners);
	buf_add_str(out, r->interface_count > 0 ? "  interfaces:\n" : "  interfaces: []\n");
	for (size_t i = 0; i < r->interface_count; i++) {
		const struct review_interface *f = &r->interfaces[i];
		buf_add_str(out, "    - {file: ");
		add_text(out, f->file);
		buf_addf(out, ", line: %u, ", f->at);
		if (f->function != NULL) {
			buf_add_str(out, "function: ");
			add_text(out, f->function);
			buf_add_str(out, ", ");
		}
		buf_add_str(out, "call: ");
		add_text(out, f->call);
		buf_add_str(out, ", kind: ");
		add_text(out, f->kind);
		buf_add_str(out, "}\n");
	}
	add_list(out, "findings", &r->findings);
	add_list(out, "deviations", &r->deviations);
}

static void
add_answer(struct buf *out, const struct review_question *q)
{
	buf_add_str(out, "    answer:\n");
	if (q->none != NULL) {
		buf_add_str(out, "      none: ");
		add_text(out, q->none);
		buf_add_byte(out, '\n');
	}
	if (q->found.count > 0)
		add_list(out, "    found", &q->found);
	if (q->text != NULL) {
		buf_add_str(out, "      text: ");
		add_text(out, q->text);
		buf_add_byte(out, '\n');
	}
}

enum assay_status
review_write(const struct review *r, enum oid_algo algo, struct buf *out, struct assay_error *err)
{
	buf_add_str(out, "assay-review: 1\nsubject: ");
	add_text(out, r->subject);
	buf_add_str(out, "\nrange:\n");
	if (r->has_base)
		add_id(out, "  base: ", &r->base, algo);
	add_id(out, "  head: ", &r->head, algo);
	add_id(out, "tree: ", &r->tree, algo);
	add_files(out, r, algo);
	add_touches(out, r);
	buf_add_str(out, r->question_count > 0 ? "questions:\n" : "questions: []\n");
	for (size_t i = 0; i < r->question_count; i++) {
		const struct review_question *q = &r->questions[i];
		buf_addf(out, "  - point: %c\n", review_point_letter(q->point));
		if (q->about != NULL) {
			buf_add_str(out, "    about: ");
			add_text(out, q->about);
			buf_add_byte(out, '\n');
		}
		buf_add_str(out, "    ask: ");
		add_text(out, q->ask);
		buf_add_byte(out, '\n');
		add_answer(out, q);
	}
	return buf_status(out, "the review", err);
}
