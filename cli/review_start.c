/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay review start: finds what a change touches, and writes the record with its questions. Nothing is answered here.
 */
#include "review_start.h"
#include "state.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCHEMA "assay-review-start/1"
#define MODE_FORMAT 0170000u
#define MODE_FILE 0100000u
#define SUBJECT_MAX 200

struct starting {
	struct review_job *x;
	const struct tree *before, *after; /* at base and head; before NULL: none */
	uint32_t base, head;
	struct review r;
	size_t tests, skipped, hints;
	const char *path; /* of the record, in the repository */
	struct assay_error *err;
};

static bool
is_file(const struct source_file *f)
{
	return (f->mode & MODE_FORMAT) == MODE_FILE;
}

/* ---- files ---- */

static enum assay_status
add_file(struct starting *s, const struct review_file *file)
{
	if (s->r.file_count == REVIEW_FILES_MAX) {
		(void)assay_fail(s->err, ASSAY_E_LIMIT, "the review would be of more than %d files", REVIEW_FILES_MAX);
		return assay_error_todo(s->err, ASSAY_E_LIMIT, "review fewer commits at once");
	}
	/* What YAML can't write nobody could sign either. */
	if (!text_is_utf8(assay_span_str(file->path))) {
		s->skipped++;
		return ASSAY_OK;
	}
	s->r.files[s->r.file_count++] = *file;
	return ASSAY_OK;
}

/* The file of these bytes that is there before and isn't after: it moved. */
static const struct source_file *
moved_from(const struct starting *s, const struct source_file *now)
{
	for (size_t i = 0; s->before != NULL && i < s->before->sources.count; i++) {
		const struct source_file *f = &s->before->sources.files[i];
		if (oid_compare(&f->id, &now->id) == 0 && is_file(f) && sources_find(&s->after->sources, f->path) == NULL
		    && text_is_utf8(assay_span_str(f->path)))
			return f;
	}
	return NULL;
}

static enum assay_status
add_changed(struct starting *s, const struct source_file *now)
{
	const struct source_file *was = s->before != NULL ? sources_find(&s->before->sources, now->path) : NULL;
	struct review_file file = { .path = now->path, .has_blob = true, .blob = now->id };
	if (was != NULL && oid_compare(&was->id, &now->id) == 0)
		return ASSAY_OK;
	if (!is_file(now)) {
		s->skipped++;
		return ASSAY_OK;
	}
	const struct source_file *old = was != NULL ? was : moved_from(s, now);
	if (old != NULL && is_file(old) && !s->x->cli->whole) {
		file.has_was = true;
		file.was = old->id;
		file.moved_from = old == was ? NULL : old->path;
	}
	return add_file(s, &file);
}

/* What the change takes away, and doesn't put elsewhere as it is. */
static enum assay_status
list_gone(struct starting *s)
{
	for (size_t i = 0; s->before != NULL && !s->x->cli->whole && i < s->before->sources.count; i++) {
		const struct source_file *f = &s->before->sources.files[i];
		const struct review_file gone = { .path = f->path, .has_was = true, .was = f->id };
		bool moved = false;
		if (!judge_reviews_wants(&s->x->state, f->path) || !is_file(f) || sources_find(&s->after->sources, f->path) != NULL)
			continue;
		for (size_t k = 0; k < s->r.file_count && !moved; k++)
			moved = s->r.files[k].moved_from != NULL && strcmp(s->r.files[k].moved_from, f->path) == 0;
		if (!moved)
			TRY(add_file(s, &gone));
	}
	return ASSAY_OK;
}

static enum assay_status
list_changes(struct starting *s)
{
	const struct judge_reviews *state = &s->x->state;
	for (size_t i = 0; i < s->after->sources.count; i++) {
		const struct source_file *f = &s->after->sources.files[i];
		if (judge_reviews_wants(state, f->path))
			TRY(add_changed(s, f));
	}
	return list_gone(s);
}

/* Files of tests: those that changed too, and all of them where whole files are looked at. */
static void
count_tests(struct starting *s)
{
	const bool changed = s->base != HISTORY_NONE && s->before != NULL;
	for (size_t i = 0; i < s->after->sources.count; i++) {
		const struct source_file *f = &s->after->sources.files[i];
		const struct source_file *was = changed ? sources_find(&s->before->sources, f->path) : NULL;
		s->tests += strstr(f->path, "test") != NULL && (was == NULL || oid_compare(&was->id, &f->id) != 0);
	}
}

/* Whole files of HEAD: those that no review covers as they are. */
static enum assay_status
list_open(struct starting *s)
{
	for (size_t i = 0; i < s->x->state.path_count; i++) {
		const struct judge_review_path *p = &s->x->state.paths[i];
		const struct source_file *f = sources_find(&s->after->sources, p->path);
		if (!p->open || f == NULL)
			continue;
		if (!is_file(f))
			s->skipped++;
		else
			TRY(add_file(s, &(struct review_file){ .path = f->path, .has_blob = true, .blob = f->id }));
	}
	return ASSAY_OK;
}

static enum assay_status
list_files(struct starting *s)
{
	const bool open = s->x->cli->whole && s->x->cli->arg_count == 1;
	s->r.files = arena_array(s->x->w.arena, REVIEW_FILES_MAX, sizeof s->r.files[0]);
	if (s->r.files == NULL)
		return arena_full(s->err);
	count_tests(s);
	TRY(open || s->base == HISTORY_NONE ? list_open(s) : list_changes(s));
	if (s->r.file_count > 0)
		return ASSAY_OK;
	(void)assay_fail(s->err, ASSAY_E_USAGE, "nothing in it needs a review");
	return assay_error_todo(s->err, ASSAY_E_USAGE, "'assay review status' lists what does");
}

/* ---- the record ---- */

static enum assay_status
find_subject(struct starting *s)
{
	const struct history_commit *c = &s->x->h->commits[s->head];
	const unsigned char *lf = c->message.len > 0 ? memchr(c->message.data, '\n', c->message.len) : NULL;
	struct assay_span line = { c->message.data, lf != NULL ? (size_t)(lf - c->message.data) : c->message.len };
	CLEANUP(buf_done) struct buf text = BUF_INIT((size_t)8 * SUBJECT_MAX);
	if (s->x->cli->title != NULL && text_is_utf8(assay_span_str(s->x->cli->title)) && s->x->cli->title[0] != '\0') {
		s->r.subject = s->x->cli->title;
		return ASSAY_OK;
	}
	line.len = line.len > SUBJECT_MAX ? SUBJECT_MAX : line.len;
	text_escape(&text, line, false);
	TRY(buf_status(&text, "the subject", s->err));
	s->r.subject = text.len > 0 ? arena_copy(s->x->w.arena, buf_span(&text)) : "a change without a message";
	return s->r.subject == NULL ? arena_full(s->err) : ASSAY_OK;
}

static enum assay_status
find_blobs(struct starting *s, struct ask_file *files)
{
	struct oid *ids = arena_array(s->x->w.arena, 2 * s->r.file_count + 1, sizeof *ids);
	struct assay_span *bytes = arena_array(s->x->w.arena, 2 * s->r.file_count + 1, sizeof *bytes);
	size_t count = 0;
	if (ids == NULL || bytes == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < s->r.file_count; i++) {
		const struct review_file *f = &s->r.files[i];
		ids[count++] = f->has_blob ? f->blob : f->was;
		ids[count++] = f->has_was ? f->was : f->blob;
	}
	TRY(workspace_blobs(&s->x->w, ids, count, bytes, s->err));
	for (size_t i = 0; i < s->r.file_count; i++) {
		const struct review_file *f = &s->r.files[i];
		files[i] = (struct ask_file){ f, f->has_blob && bytes[2 * i].data != NULL, f->has_was && bytes[2 * i + 1].data != NULL,
			bytes[2 * i], bytes[2 * i + 1] };
	}
	return ASSAY_OK;
}

static enum assay_status
compose(struct starting *s)
{
	struct review_job *x = s->x;
	const struct history_commit *head = &x->h->commits[s->head];
	struct ask_file *files = arena_array(x->w.arena, s->r.file_count + 1, sizeof *files);
	if (files == NULL)
		return arena_full(s->err);
	s->r.head = head->id;
	s->r.tree = head->tree;
	s->r.has_base = s->base != HISTORY_NONE;
	if (s->r.has_base)
		s->r.base = x->h->commits[s->base].id;
	TRY(find_subject(s));
	TRY(review_owners(x, s->after, &s->r, s->err));
	TRY(review_deviations(x, s->after, &s->r, s->err));
	TRY(find_blobs(s, files));
	const struct ask ask = { x->state.plan, files, s->r.file_count, s->tests };
	TRY(ask_questions(&ask, x->w.arena, &s->r, s->err));
	return review_write(&s->r, x->w.repository->algo, &x->text, s->err);
}

static enum assay_status
choose_range(struct starting *s)
{
	struct review_job *x = s->x;
	TRY(review_find_range(x, x->cli->arg_count > 1 ? x->cli->args[1] : NULL, &s->base, &s->head, s->err));
	if (x->cli->whole && x->cli->arg_count == 1)
		s->base = HISTORY_NONE;
	TRY(review_tree(x, &x->h->commits[s->head].id, &s->after, s->err));
	if (s->base != HISTORY_NONE)
		TRY(review_tree(x, &x->h->commits[s->base].id, &s->before, s->err));
	return review_count_hints(x, s->base, s->head, &s->hints, s->err);
}

/* ---- writing ---- */

static bool
is_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	return name[0] != '\0' && name[0] != '.' && strlen(name) <= 100 && name[strspn(name, allowed)] == '\0';
}

static enum assay_status
choose_name(struct starting *s)
{
	char day[WHEN_TEXT_SIZE], hex[2 * OID_MAX + 1];
	const char *name = s->x->cli->name;
	if (name != NULL && !is_name(name))
		return assay_fail(s->err, ASSAY_E_USAGE, "'%s' is no name of a record: letters, digits, '.', '_' and '-'", name);
	when_format_date(s->x->input.date, day);
	oid_hex(&s->r.head, s->x->w.repository->algo, hex);
	s->path = name != NULL ? arena_printf(s->x->w.arena, REVIEW_FOLDER "%s" REVIEW_SUFFIX, name)
	    : arena_printf(s->x->w.arena, REVIEW_FOLDER "%s-%.8s" REVIEW_SUFFIX, day, hex);
	return s->path == NULL ? arena_full(s->err) : ASSAY_OK;
}

static enum assay_status
write_record(struct starting *s)
{
	struct review_job *x = s->x;
	const char *tree = x->w.repository->work_tree;
	TRY(choose_name(s));
	if (tree == NULL)
		return assay_fail(s->err, ASSAY_E_USAGE, "a bare repository has no work tree to write a review to");
	x->tree = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->tree < 0)
		return assay_fail(s->err, ASSAY_E_SYSTEM, "can't open '%s': %s", tree, text_errno(errno));
	if ((mkdirat(x->tree, "assay", 0777) != 0 && errno != EEXIST)
	    || (mkdirat(x->tree, "assay/reviews", 0777) != 0 && errno != EEXIST))
		return assay_fail(s->err, ASSAY_E_SYSTEM, "can't make '" REVIEW_FOLDER "': %s", text_errno(errno));
	const int folder = openat(x->tree, "assay/reviews", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return assay_fail(s->err, ASSAY_E_SYSTEM, "can't open '" REVIEW_FOLDER "': %s", text_errno(errno));
	enum assay_status status = ASSAY_OK;
	if (faccessat(folder, s->path + strlen(REVIEW_FOLDER), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		(void)assay_fail(s->err, ASSAY_E_USAGE, "'%s' is there already", s->path);
		status = assay_error_todo(s->err, ASSAY_E_USAGE, "name another one with --name, or delete it");
	}
	if (status == ASSAY_OK)
		status = file_write_atomic(folder, s->path + strlen(REVIEW_FOLDER), buf_span(&x->text), 0666, s->err);
	(void)close(folder);
	return status;
}

/* The user's own editor, on a terminal, because they asked for it. */
static void
edit(const struct starting *s)
{
	const char *editor = state_variable("VISUAL") != NULL ? state_variable("VISUAL") : state_variable("EDITOR");
	if (!s->x->cli->edit || editor == NULL || isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0)
		return;
	const pid_t pid = fork();
	if (pid == 0) {
		if (fchdir(s->x->tree) == 0)
			(void)execl("/bin/sh", "sh", "-c", "exec $0 \"$1\"", editor, s->path, (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
}

static enum assay_status
answer_json(struct starting *s)
{
	struct buf *out = &s->x->out;
	char head[2 * OID_MAX + 1], base[2 * OID_MAX + 1] = "";
	oid_hex(&s->r.head, s->x->w.repository->algo, head);
	if (s->r.has_base)
		oid_hex(&s->r.base, s->x->w.repository->algo, base);
	CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:s, s:s?, s:s, s:i, s:i, s:i, s:i, s:i}", "schema", SCHEMA, "record", s->path,
	    "base", s->r.has_base ? base : NULL, "head", head, "files", (int)s->r.file_count, "interfaces", (int)s->r.interface_count,
	    "questions", (int)s->r.question_count, "not-files", (int)s->skipped, "hints", (int)s->hints);
	TRY(root == NULL ? assay_fail(s->err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, out, s->err));
	buf_add_byte(out, '\n');
	return ASSAY_OK;
}

static enum assay_status
answer(struct starting *s)
{
	struct buf *out = &s->x->out;
	const char *role = s->x->state.role != NULL ? s->x->state.role : "ROLE";
	if (s->x->cli->json)
		return answer_json(s);
	buf_addf(out, "wrote %s: %zu questions about %zu files, %zu calls of interfaces\n", s->path, s->r.question_count, s->r.file_count,
	    s->r.interface_count);
	if (s->skipped > 0)
		buf_addf(out, "left out: %zu links, submodules or names that can't be written\n", s->skipped);
	if (s->hints > 0)
		buf_addf(out, "hint: %zu commits name a reviewer in their message; that is no review\n", s->hints);
	if (!s->x->cli->quiet)
		buf_addf(out, "\nnext: answer each question, then: assay review check %s\n      then: assay signoff %s --act review --role %s\n"
			      "      then: commit the record and its sign-off, before the change is merged\n", s->path, s->path, role);
	return ASSAY_OK;
}

static enum assay_status
start(struct starting *s)
{
	TRY(review_look(s->x, s->err));
	TRY(choose_range(s));
	TRY(list_files(s));
	TRY(compose(s));
	TRY(write_record(s));
	edit(s);
	TRY(answer(s));
	return cli_print(&s->x->out, s->err);
}

int
review_start(struct review_job *x, struct assay_error *err)
{
	struct starting s = { .x = x, .base = HISTORY_NONE, .head = HISTORY_NONE, .err = err };
	return start(&s) == ASSAY_OK ? EXIT_NO_GAP : cli_error(x->cli, err);
}
