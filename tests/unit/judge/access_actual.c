/* SPDX-License-Identifier: Apache-2.0 */
/* access.actual */
#include "shelf.h"

#include <policy/access.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The judge's day is 2023-11-15. */
#define HEAD                                                                                       \
	"assay-access: 1\n"                                                                        \
	"reviewed: {date: 2023-11-01, by: [alice, bob]}\n"                                           \
	"systems:\n"                                                                               \
	"  - {id: source, kind: repository, name: The source, owner: alice}\n"                     \
	"  - {id: ci, kind: pipeline, name: The pipeline, owner: bob}\n"
#define ALICE "  - {who: alice, systems: source, rights: [write], reason: r, since: 2023-01-01}\n"
#define BOB "  - {who: bob, systems: source, rights: [approve], reason: r, since: 2023-01-01}\n"
#define MAY ((int64_t)1682899200)  /* 2023-05-01 */
#define ARCH ((int64_t)1646092800) /* 2022-03-01 */

static struct shelf *s;
static uint32_t alice, bob, first;

static int
setup(void **state)
{
	(void)state;
	s = shelf_new();
	shelf_control(s, "access.actual");
	alice = shelf_person(s, "alice");
	bob = shelf_person(s, "bob");
	first = world_commit(s->w, MAY, alice, HISTORY_NONE);
	world_ref(s->w, "refs/heads/main", first);
	s->w->h.has_head = true;
	s->w->h.head_id = s->w->commits[first].id;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	shelf_free(s);
	return 0;
}

static const struct control_verdict *
judge(const char *text)
{
	shelf_file(s, ACCESS_PATH, text);
	return shelf_judge(s, "access.actual");
}

static void
head(uint32_t commit)
{
	s->w->refs[0].commit = commit;
	s->w->h.head_id = s->w->commits[commit].id;
}

static void
a_clone_alone_never_passes(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(HEAD "grants:\n" ALICE BOB);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_false(v->unauthorised);
	assert_int_equal(v->finding_total, 2);
	assert_int_equal(world_count(v, "not-captured", "ci"), 1);
}

static void
no_register(void **state)
{
	(void)state;
	assert_int_equal(world_count(judge(NULL), "no-register", NULL), 1);
	assert_int_equal(judge(NULL)->verdict, VERDICT_UNKNOWN);
}

static void
who_acts_and_is_not_listed(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(HEAD "grants:\n" BOB);
	assert_int_equal(v->verdict, VERDICT_FAIL);
	/* By address and by key. */
	assert_int_equal(world_count(v, "acts-unlisted", "alice@example.com"), 1);
	assert_int_equal(v->gap_total, 2);
}

static void
a_stranger(void **state)
{
	(void)state;
	head(world_commit(s->w, MAY, world_stranger(s->w), first, HISTORY_NONE));
	assert_int_equal(world_count(judge(HEAD "grants:\n" ALICE BOB), "acts-unlisted", "nobody@example.org"), 1);
	assert_int_equal(world_count(judge(HEAD "grants:\n" ALICE BOB), "acts-unlisted", "SHA256:key-2"), 1);
}

static void
a_right_on_the_pipeline_is_none_on_the_repository(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(HEAD "grants:\n  - {who: alice, systems: ci, rights: [write], reason: r, since: "
						     "2023-01-01}\n");
	assert_int_equal(world_count(v, "acts-unlisted", NULL), 2);
}

static void
outside_of_the_grant(void **state)
{
	(void)state;
	const struct control_verdict *v = judge(HEAD "grants:\n  - {who: alice, systems: source, rights: [write], reason: r, "
						     "since: 2023-05-02}\n");
	assert_int_equal(v->verdict, VERDICT_FAIL);
	assert_int_equal(world_count(v, "acted-outside-grant", "alice@example.com"), 1);
	/* The cut-over commit exempts what lies before the register. */
	world_cut_over(s->w, world_commit_hex(s->w, first));
	head(world_commit(s->w, MAY + 2 * WHEN_DAY, alice, first, HISTORY_NONE));
	v = judge(HEAD "grants:\n  - {who: alice, systems: source, rights: [write], reason: r, since: 2023-05-02}\n");
	assert_int_equal(v->gap_total, 0);
}

static void
beyond_the_right(void **state)
{
	(void)state;
	uint32_t side = world_commit(s->w, MAY, alice, first, HISTORY_NONE);
	uint32_t merge = world_commit(s->w, MAY, bob, first, side, HISTORY_NONE);
	s->w->commits[merge].author_email = s->w->commits[merge].email;
	head(merge);
	assert_int_equal(judge(HEAD "grants:\n" ALICE BOB)->gap_total, 0);
	head(world_commit(s->w, MAY, bob, merge, HISTORY_NONE));
	const struct control_verdict *v = judge(HEAD "grants:\n" ALICE BOB);
	assert_int_equal(world_count(v, "acted-beyond-right", "bob@example.com"), 1);
	/* A merge of one commit with itself merges nothing. */
	head(world_commit(s->w, MAY, bob, merge, merge, HISTORY_NONE));
	v = judge(HEAD "grants:\n" ALICE BOB);
	assert_int_equal(world_count(v, "acted-beyond-right", "bob@example.com"), 1);
}

static void
a_service_acts_under_its_address(void **state)
{
	(void)state;
	uint32_t bot = world_commit(s->w, MAY, UNSIGNED, first, HISTORY_NONE);
	s->w->commits[bot].email = assay_span_str("Bot@example.com");
	head(bot);
	static const char services[] = HEAD "services: [{id: bot, name: Bot, owner: alice, emails: [bot@example.com]}]\n"
					    "grants:\n" ALICE BOB;
	assert_int_equal(world_count(judge(services), "acts-unlisted", "Bot@example.com"), 1);
	static const char granted[] = HEAD "services: [{id: bot, name: Bot, owner: alice, emails: [bot@example.com]}]\n"
					   "grants:\n" ALICE BOB
					   "  - {who: bot, systems: source, rights: [write], reason: r, since: 2023-01-01}\n";
	assert_int_equal(judge(granted)->gap_total, 0);
}

static void
the_author_of_a_merge_behind_a_forge(void **state)
{
	(void)state;
	uint32_t forge = world_owner(s->w, ROSTER_PLATFORM, "forge", "noreply@forge.example");
	uint32_t side = world_commit(s->w, MAY, alice, first, HISTORY_NONE);
	uint32_t merge = world_commit(s->w, MAY, forge, first, side, HISTORY_NONE);
	head(merge);
	s->w->commits[merge].author_email = assay_span_str("eve@example.com");
	const struct control_verdict *v = judge(HEAD "grants:\n" ALICE BOB);
	assert_int_equal(world_count(v, "acts-unlisted", "eve@example.com"), 1);
	assert_int_equal(v->gap_total, 1);
}

static void
listed_and_left(void **state)
{
	(void)state;
	s->w->roster_keys[bob].retired = ARCH;
	const struct control_verdict *v = judge(HEAD "grants:\n" ALICE BOB);
	assert_int_equal(v->verdict, VERDICT_UNKNOWN);
	assert_int_equal(world_count(v, "listed-and-left", "bob"), 1);
	/* Whose right has ended is fine. */
	v = judge(HEAD "grants:\n" ALICE "  - {who: bob, systems: source, rights: [write], reason: r, since: 2020-01-01, until: "
				   "2023-01-01}\n");
	assert_int_equal(world_count(v, "listed-and-left", NULL), 0);
}

static void
owners_hold_a_right(void **state)
{
	(void)state;
	shelf_file(s, "CODEOWNERS", "* @alice bob@example.com\n");
	assert_int_equal(judge(HEAD "grants:\n" ALICE BOB)->gap_total, 0);
	const struct control_verdict *v = judge(HEAD "grants:\n" ALICE);
	assert_int_equal(v->gap_total, 1);
	assert_int_equal(world_count(v, "owner-unlisted", "bob@example.com"), 1);
}

static void
what_deploys_is_a_service_with_the_right(void **state)
{
	(void)state;
	struct ci_job job = { .name = "ship", .environment = "production", .place = { ".github/workflows/ship.yml", 4, 3 } };
	struct ci_pipeline pipeline = { .jobs = &job };
	struct ci_model model = { .pipelines = &pipeline };
	s->tree.ci = &model;
	const struct control_verdict *v = judge(HEAD "grants:\n" ALICE BOB);
	assert_int_equal(world_count(v, "deploys-unlisted", "ship"), 1);
	assert_int_equal(v->gap_total, 1);
	static const char listed[] = HEAD "services: [{id: bot, name: Bot, owner: alice}]\ngrants:\n" ALICE BOB
					  "  - {who: bot, systems: ci, rights: [deploy], reason: r, since: 2023-01-01}\n";
	assert_int_equal(judge(listed)->gap_total, 0);
	/* Without an environment nothing is deployed. */
	job.environment = NULL;
	assert_int_equal(judge(HEAD "grants:\n" ALICE BOB)->gap_total, 0);
}

static void
review_overdue(void **state)
{
	(void)state;
	s->w->policy.access_review_days = 10;
	assert_int_equal(world_count(judge(HEAD "grants:\n" ALICE BOB), "review-overdue", NULL), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_clone_alone_never_passes, setup, teardown),
		cmocka_unit_test_setup_teardown(no_register, setup, teardown),
		cmocka_unit_test_setup_teardown(who_acts_and_is_not_listed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stranger, setup, teardown),
		cmocka_unit_test_setup_teardown(a_right_on_the_pipeline_is_none_on_the_repository, setup, teardown),
		cmocka_unit_test_setup_teardown(outside_of_the_grant, setup, teardown),
		cmocka_unit_test_setup_teardown(beyond_the_right, setup, teardown),
		cmocka_unit_test_setup_teardown(a_service_acts_under_its_address, setup, teardown),
		cmocka_unit_test_setup_teardown(the_author_of_a_merge_behind_a_forge, setup, teardown),
		cmocka_unit_test_setup_teardown(listed_and_left, setup, teardown),
		cmocka_unit_test_setup_teardown(owners_hold_a_right, setup, teardown),
		cmocka_unit_test_setup_teardown(what_deploys_is_a_service_with_the_right, setup, teardown),
		cmocka_unit_test_setup_teardown(review_overdue, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
