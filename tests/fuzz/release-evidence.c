/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte: as a record of a drill; as what looking at a release found; as a seal's file. What is read is whole; reading ends. */
#include <base/cleanup.h>
#include <evidence/records.h>
#include <evidence/reltree.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_run(const struct operator_run *x)
{
	if (!record_is_digest(x->release) || x->altered_path == NULL || x->untouched_count > OPERATOR_STEPS_MAX)
		__builtin_trap();
	for (size_t k = 0; k < x->altered_count; k++)
		if (x->altered[k].commands == NULL || x->altered[k].screen == NULL)
			__builtin_trap();
}

static void
parse_records(struct assay_span bytes, const struct parse_context *c)
{
	struct evidence_member members[] = { { .name = RECORDS_PREFIX "a.json", .bytes = bytes }, { .name = RECORDS_PREFIX "left" } };
	const struct evidence e = { .kind = RELEASE_RECORDS_KIND, .members = members, .member_count = COUNT(members) };
	struct assay_error err = { 0 };
	const void *facts = NULL;
	if (release_records_parse(&e, c, &facts, &err) != ASSAY_OK)
		return;
	const struct release_records *r = facts;
	for (size_t i = 0; i < r->receipt_count; i++)
		if (r->receipts[i].site == NULL || r->receipts[i].is_signed)
			__builtin_trap();
	for (size_t i = 0; i < r->run_count; i++)
		check_run(&r->runs[i]);
	for (size_t i = 0; i < r->drill_count; i++) {
		const struct drill *d = &r->drills[i];
		for (size_t k = 0; k < d->attack_count; k++)
			if (d->attacks[k].attack == NULL || d->attacks[k].code == NULL || d->attacks[k].target == NULL)
				__builtin_trap();
	}
}

static void
parse_look(struct assay_span bytes, const struct parse_context *c)
{
	static const char listing[] = ASSAY_MANIFEST_FIRST_LINE, none[] = "0 \n";
	struct evidence_member members[] = { { .name = "release/0/source", .bytes = bytes }, { .name = "release/0/matters", .bytes = bytes },
		{ .name = "release/0/relevant", .bytes = bytes }, { .name = "release/0/why" }, { .name = "release/0/packages", .bytes = assay_span_str(none) },
		{ .name = "release/0/listing", .bytes = assay_span_str(listing) } };
	const struct evidence e = { .kind = RELEASE_TREE_KIND, .members = members, .member_count = COUNT(members) };
	const struct evidence_member source = { .name = "release/0/source" };
	struct assay_error err = { 0 };
	const void *facts = NULL;
	(void)!release_tree_parse(&e, c, &facts, &err);
	/* Its lists, one after the other, whatever the rest would make of it. */
	struct evidence_member packages[] = { source, { .name = "release/0/matters" }, { .name = "release/0/relevant" }, { .name = "release/0/why" },
		{ .name = "release/0/packages", .bytes = bytes }, { .name = "release/0/listing", .bytes = assay_span_str(listing) } };
	const struct evidence other = { .kind = RELEASE_TREE_KIND, .members = packages, .member_count = COUNT(packages) };
	if (release_tree_parse(&other, c, &facts, &err) == ASSAY_OK) {
		const struct release_look *look = &((const struct release_looks *)facts)->items[0];
		for (size_t i = 0; i < look->package_count; i++)
			if (look->packages[i].type == NULL || look->packages[i].file == NULL)
				__builtin_trap();
	}
	members[0] = source;
	if (release_tree_parse(&e, c, &facts, &err) != ASSAY_OK)
		return;
	const struct release_looks *all = facts;
	(void)release_kind_of(&all->items[0], assay_span_str("bin/a"));
	if (!all->items[0].has_tree || all->items[0].matters == NULL)
		__builtin_trap();
}

static void
parse_seal(struct assay_span bytes, const struct parse_context *c)
{
	struct evidence_member members[] = { { .name = "release/0/1.root.json", .bytes = bytes }, { .name = "release/0/targets.json", .bytes = bytes },
		{ .name = "release/0/release.json", .bytes = bytes }, { .name = "release/0/left" }, { .name = "release/0/others", .bytes = bytes } };
	const struct evidence e = { .kind = RELEASE_SEAL_KIND, .members = members, .member_count = COUNT(members) };
	struct assay_error err = { 0 };
	const void *facts = NULL;
	/* Nobody has signed any of this. */
	if (release_seal_parse(&e, c, &facts, &err) == ASSAY_OK && ((const struct release_seals *)facts)->items[0].is_read)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(struct assay_span bytes, const struct parse_context *c) = { parse_records, parse_look, parse_seal };
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size == 0 || arena_new((size_t)64 << 20, &arena) != ASSAY_OK)
		return 0;
	const struct parse_context c = { .arena = arena };
	parsers[data[0] % COUNT(parsers)]((struct assay_span){ data + 1, size - 1 }, &c);
	return 0;
}
