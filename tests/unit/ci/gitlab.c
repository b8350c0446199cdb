/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of tests/ci/gitlab is a tree: what stands before the first "#== PATH" is its .gitlab-ci.yml, and each such line begins
 * another file. A line that ends in "#! CONTROL" is where a fault of that control must be found, and one that ends in "#? CODE"
 * where a question of that code must be asked; a question that no line expects may be asked where it belongs to all of GitLab's
 * pipelines. Nothing else may be found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <ci/model.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX (256u << 20)
#define FILES_MAX 32
#define EXPECTED_MAX 64
#define FILE_MAX (1u << 20)

struct expected {
	const char *file, *what;
	unsigned line;
	bool question, met;
};

struct tree {
	struct source_file files[FILES_MAX];
	size_t count;
	struct expected expected[EXPECTED_MAX];
	size_t expected_count;
	const char *name;
	unsigned failed;
};

/* ---- cases ---- */

static void
read_marks(struct tree *t, const char *path, char *text)
{
	unsigned line = 0;
	for (char *p = text; p != NULL && *p != '\0'; p = strchr(p, '\n') == NULL ? NULL : strchr(p, '\n') + 1) {
		size_t len = strcspn(p, "\n");
		line++;
		for (size_t i = 0; i + 3 < len; i++) {
			if (p[i] != '#' || (p[i + 1] != '!' && p[i + 1] != '?') || p[i + 2] != ' ')
				continue;
			/* The gates are the judge's: suites/ci-gitlab. */
			if (strncmp(p + i + 3, "ci.gates", 8) == 0)
				continue;
			struct expected *e = &t->expected[t->expected_count++];
			assert_true(t->expected_count <= EXPECTED_MAX);
			*e = (struct expected){ path, strndup(p + i + 3, strcspn(p + i + 3, " \n")), line, p[i + 1] == '?', false };
		}
	}
}

static int
by_path(const void *a, const void *b)
{
	const struct source_file *x = a, *y = b;
	return strcmp(x->path, y->path);
}

static void
add_file(struct tree *t, const char *path, char *text)
{
	assert_true(t->count < FILES_MAX);
	t->files[t->count++] = (struct source_file){ .path = path, .mode = 0100644, .has_bytes = true,
		.bytes = { (const unsigned char *)text, strlen(text) } };
	read_marks(t, path, text);
}

static void
split(struct tree *t, char *text)
{
	const char *path = ".gitlab-ci.yml";
	for (;;) {
		char *mark = strstr(text, "#== ");
		if (mark != NULL)
			mark[-(mark > text)] = '\0';
		add_file(t, path, text);
		if (mark == NULL)
			break;
		char *end = strchr(mark, '\n');
		assert_non_null(end);
		*end = '\0';
		path = mark + 4;
		text = end + 1;
	}
	qsort(t->files, t->count, sizeof t->files[0], by_path);
}

static char *
read_case(const char *name)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", CI_CASES, name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	char *text = calloc(1, FILE_MAX);
	assert_non_null(text);
	assert_true(fread(text, 1, FILE_MAX - 1, f) > 0);
	fclose(f);
	return text;
}

/* ---- comparing ---- */

static void
meet(struct tree *t, struct ci_place at, const char *what, bool question)
{
	for (size_t i = 0; i < t->expected_count; i++) {
		struct expected *e = &t->expected[i];
		if (e->question == question && e->line == at.line && strcmp(e->file, at.file) == 0 && strcmp(e->what, what) == 0) {
			e->met = true;
			return;
		}
	}
	printf("%s: %s:%u: %s is found and not expected\n", t->name, at.file, at.line, what);
	t->failed++;
}

static void
meet_ways(struct tree *t, const struct ci_model *m)
{
	for (const struct ci_way *w = m->ways; w != NULL; w = w->next)
		meet(t, w->last->place, w->kind == CI_WAY_CACHE ? "ci.runner" : "ci.untrusted-code", false);
	for (const struct ci_remark *r = m->remarks; r != NULL; r = r->next)
		meet(t, r->place, r->kind == CI_REMARK_SHARED_RUNNER ? "ci.runner" : "ci.least-privilege", false);
}

static void
meet_all(struct tree *t, const struct ci_model *m)
{
	for (const struct ci_ref *r = m->refs; r != NULL; r = r->next_all) {
		if (r->pin == CI_PIN_UNSEEN)
			meet(t, r->place, "reference-unseen", true);
		else if (r->pin != CI_PIN_DIGEST && r->pin != CI_PIN_OWN)
			meet(t, r->place, "ci.pinned", false);
	}
	meet_ways(t, m);
	for (const struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->jobs; j != NULL; j = j->next) {
			for (const struct ci_secret *s = j->secrets; s != NULL; s = s->next) {
				if (!s->everywhere)
					meet(t, s->place, "ci.least-privilege", false);
			}
		}
	}
	for (const struct ci_question *q = m->questions; q != NULL; q = q->next) {
		if (strcmp(q->code, "runner-unseen") != 0 && strcmp(q->code, "settings-unseen") != 0)
			meet(t, q->place, q->code, true);
	}
	for (size_t i = 0; i < t->expected_count; i++) {
		const struct expected *e = &t->expected[i];
		if (e->met)
			continue;
		printf("%s: %s:%u: %s is expected and not found\n", t->name, e->file, e->line, e->what);
		t->failed++;
	}
}

static unsigned
run_case(const char *name)
{
	struct assay_error err = { 0 };
	struct tree t = { .name = name };
	const struct ci_model *m = NULL;
	CLEANUP(arena_free) struct arena *arena = NULL;
	char *text = read_case(name);
	split(&t, text);
	const struct sources s = { .files = t.files, .count = t.count };
	assert_int_equal(arena_new(ARENA_MAX, &arena), ASSAY_OK);
	if (ci_parse(&s, arena, &m, &err) != ASSAY_OK)
		fail_msg("%s: %s", name, err.what);
	meet_all(&t, m);
	for (size_t i = 0; i < t.expected_count; i++)
		free((void *)(uintptr_t)t.expected[i].what);
	free(text);
	return t.failed;
}

/* What commands take is the room dep's to tell: suite ci-gitlab holds these against the program. */
static bool
is_told_elsewhere(const char *name)
{
	const size_t n = strlen(name), end = strlen("-commands.yml");
	return n > end && strcmp(name + n - end, "-commands.yml") == 0;
}

static void
test_cases(void **state)
{
	(void)state;
	struct dirent **entries;
	int count = scandir(CI_CASES, &entries, NULL, alphasort);
	unsigned failed = 0, ran = 0;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' && !is_told_elsewhere(entries[i]->d_name)) {
			failed += run_case(entries[i]->d_name);
			ran++;
		}
		free(entries[i]);
	}
	free(entries);
	assert_true(ran > 0);
	assert_int_equal(failed, 0);
}

/* ---- what takes too much ---- */

static void
expect_too_large(const struct buf *text)
{
	struct assay_error err = { 0 };
	const struct ci_model *m = NULL;
	const struct source_file file = { .path = ".gitlab-ci.yml", .mode = 0100644, .has_bytes = true, .bytes = buf_span(text) };
	const struct sources s = { .files = &file, .count = 1 };
	CLEANUP(arena_free) struct arena *arena = NULL;
	bool asked = false;
	assert_int_equal(text->status, ASSAY_OK);
	assert_int_equal(arena_new(ARENA_MAX * (size_t)4, &arena), ASSAY_OK);
	assert_int_equal(ci_parse(&s, arena, &m, &err), ASSAY_OK);
	for (const struct ci_question *q = m->questions; q != NULL; q = q->next)
		asked |= strcmp(q->code, "too-large") == 0 && q->controls == CI_ALL;
	assert_true(asked);
}

/* Each refers fifty times to the one before, and a job to the last. */
static void
test_references_without_end(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf text = BUF_INIT(FILE_MAX);
	buf_add_str(&text, ".a0:\n  script: [make]\n");
	for (unsigned i = 1; i < 10; i++) {
		buf_addf(&text, ".a%u:\n  script:\n", i);
		for (unsigned k = 0; k < 50; k++)
			buf_addf(&text, "    - !reference [.a%u, script]\n", i - 1);
	}
	buf_add_str(&text, "job:\n  script: !reference [.a9, script]\n");
	expect_too_large(&text);
}

static void
test_jobs_without_end(void **state)
{
	(void)state;
	CLEANUP(buf_done) struct buf text = BUF_INIT(FILE_MAX);
	for (unsigned i = 0; i < 4900; i++)
		buf_addf(&text, "job%u:\n  stage: %s\n  image: i%u:1\n  script: [make]\n", i, i % 2 == 0 ? "build" : "deploy", i);
	expect_too_large(&text);
	for (unsigned i = 4900; i < 5100; i++)
		buf_addf(&text, "job%u:\n  script: [make]\n", i);
	expect_too_large(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_references_without_end),
		cmocka_unit_test(test_jobs_without_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
