/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git/clone.json of any bytes, parsed and judged.
 */
#include <base/cleanup.h>
#include <evidence/clone.h>
#include <judge/judge.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_CAP (64u << 20)

static void
expect(bool good)
{
	if (!good)
		abort();
}

static void
judge_facts(struct evidence *e, const struct clone_facts *f, struct arena *arena)
{
	static struct clause clause = { .id = "5.1.2" };
	struct control control = { .id = "repo.trusted-clone", .clause = &clause };
	struct catalog catalog = { &clause, 1, &control, 1 };
	struct evidence_set set = { e, 1 };
	struct judge_input input = { .catalog = &catalog, .evidence = &set, .subject = "fuzz" };
	const struct verdicts *verdicts = NULL;
	if (judge_all(&input, arena, &verdicts, NULL) != ASSAY_OK)
		return;
	size_t damage = f->altered.total + f->collisions.total + f->replace.total + f->grafts.total +
	    f->alternates.total + f->config.total + f->copies.total + f->indexes.total + f->state_tracked.total;
	size_t unseen = f->shallow.total + f->promisors.total + f->over_cap.total + f->unread.total;
	if (damage > 0)
		expect(verdicts_exit(verdicts) == 1);
	if (unseen > 0 || f->partial)
		expect(verdicts_exit(verdicts) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct evidence_member m = { "git/clone.json", { data, size }, { 0 } };
	struct evidence e = { .kind = CLONE_KIND, .subject = "fuzz",
		.grade = { GRADE_ASSERTED, GRADE_OBSERVED }, .members = &m, .member_count = 1 };
	struct arena *arena = NULL;
	struct assay_error err = { 0 };
	const void *facts = NULL;
	if (arena_new(ARENA_CAP, &arena) != ASSAY_OK)
		return 0;
	struct parse_context c = { arena, NULL, NULL };
	if (clone_parse(&e, &c, &facts, &err) == ASSAY_OK) {
		e.facts = facts;
		judge_facts(&e, facts, arena);
	} else {
		expect(facts == NULL && err.what[0] != '\0');
	}
	arena_free(&arena);
	return 0;
}
