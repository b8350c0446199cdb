/* SPDX-License-Identifier: Apache-2.0 */
#include <evidence/agree.h>
#include <evidence/clone.h>
#include <evidence/history.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HEX "1111111111111111111111111111111111111111"
#define WHERE "refs/heads/main at " HEX

static struct arena *arena;
static struct history h;
static struct history_commit commit;
static struct clone_facts f;
static struct evidence items[2];
static struct evidence_set set;

static int
setup(void **state)
{
	(void)state;
	h = (struct history){ .algo = OID_SHA1, .head = "refs/heads/main", .has_head = true,
		.commits = &commit, .commit_count = 1 };
	assert_int_equal(oid_parse(assay_span_str(HEX), OID_SHA1, &h.head_id), ASSAY_OK);
	commit = (struct history_commit){ .parent_count = 0 };
	f = (struct clone_facts){ .commits = 1 };
	items[0] = (struct evidence){ .kind = CLONE_KIND, .subject = WHERE, .facts = &f };
	items[1] = (struct evidence){ .kind = HISTORY_KIND, .subject = WHERE, .facts = &h };
	set = (struct evidence_set){ items, 2 };
	return arena_new(16u << 20, &arena) == ASSAY_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static enum assay_status
about(const char *repository_id, const char *subject)
{
	struct assay_error err = { 0 };
	return evidence_check_subject(&set, repository_id, subject, arena, &err);
}

static enum assay_status
agrees(void)
{
	struct assay_error err = { 0 };
	return evidence_check_agreement(&set, &err);
}

static void
subjects(void **state)
{
	(void)state;
	assert_int_equal(about(NULL, WHERE), ASSAY_OK);
	assert_int_equal(about("ab", "repository ab, " WHERE), ASSAY_OK);
	assert_int_equal(about("ab", WHERE), ASSAY_E_VERIFY);
	assert_int_equal(about("ab", "repository ac, " WHERE), ASSAY_E_VERIFY);
	assert_int_equal(about(NULL, "refs/tags/v9 at " HEX), ASSAY_E_VERIFY);
	items[0].subject = "refs/heads/main at 2222222222222222222222222222222222222222";
	assert_int_equal(about(NULL, WHERE), ASSAY_E_VERIFY);
	h.head = NULL;
	items[0].subject = items[1].subject = "detached HEAD at " HEX;
	assert_int_equal(about(NULL, "detached HEAD at " HEX), ASSAY_OK);
	h.has_head = false;
	h.head = "refs/heads/main";
	items[0].subject = items[1].subject = "refs/heads/main, no commit yet";
	assert_int_equal(about(NULL, "refs/heads/main, no commit yet"), ASSAY_OK);
	/* Without a history there is the items' word alone. */
	set.count = 1;
	assert_int_equal(about(NULL, "refs/heads/main, no commit yet"), ASSAY_OK);
	assert_int_equal(about(NULL, WHERE), ASSAY_E_VERIFY);
	set.count = 0;
	assert_int_equal(about(NULL, WHERE), ASSAY_OK);
}

static void
facts_that_agree(void **state)
{
	(void)state;
	const uint32_t none = HISTORY_NONE;
	assert_int_equal(agrees(), ASSAY_OK);
	f.commits = 9;
	assert_int_equal(agrees(), ASSAY_OK);
	commit.parents = &none;
	commit.parent_count = 1;
	f.missing.total = 1;
	assert_int_equal(agrees(), ASSAY_OK);
	f.missing.total = 0;
	f.shallow.total = h.shallow_count = 1;
	assert_int_equal(agrees(), ASSAY_OK);
	f.shallow.total = h.shallow_count = 0;
	f.partial = true;
	assert_int_equal(agrees(), ASSAY_OK);
	set.count = 1;
	f.commits = 0;
	assert_int_equal(agrees(), ASSAY_OK);
}

static void
facts_that_contradict(void **state)
{
	(void)state;
	const uint32_t none = HISTORY_NONE;
	f.shallow.total = 1;
	assert_int_equal(agrees(), ASSAY_E_VERIFY);
	f.shallow.total = 0;
	h.shallow_count = 1;
	assert_int_equal(agrees(), ASSAY_E_VERIFY);
	h.shallow_count = 0;
	h.absent_count = 1;
	assert_int_equal(agrees(), ASSAY_E_VERIFY);
	h.absent_count = 0;
	commit.parents = &none;
	commit.parent_count = 1;
	assert_int_equal(agrees(), ASSAY_E_VERIFY);
	commit.parent_count = 0;
	f.commits = 0;
	assert_int_equal(agrees(), ASSAY_E_VERIFY);
	f.commits = 1;
	h.tag_count = 1;
	assert_int_equal(agrees(), ASSAY_E_VERIFY);
	f.tags = 1;
	assert_int_equal(agrees(), ASSAY_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(subjects, setup, teardown),
		cmocka_unit_test_setup_teardown(facts_that_agree, setup, teardown),
		cmocka_unit_test_setup_teardown(facts_that_contradict, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
