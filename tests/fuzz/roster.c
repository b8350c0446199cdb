/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever roster is read, a key, an email and an id lead to the entry that they stand at. */
#include <policy/roster.h>

#include <base/cleanup.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct roster *r, const struct roster_entry *e)
{
	for (size_t i = 0; i < e->key_count; i++) {
		const struct roster_key *k = &e->keys[i];
		if (k->owner != e || k->until <= k->from
		    || roster_find(r, e->kind, k->key.blob) != k)
			__builtin_trap();
	}
	if (e->kind != ROSTER_PERSON)
		return;
	if (roster_by_principal(r, assay_span_str(e->id)) != e)
		__builtin_trap();
	for (size_t i = 0; i < e->emails.count; i++) {
		if (roster_by_email(r, assay_span_str(e->emails.items[i])) != e)
			__builtin_trap();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct roster r;
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(64u << 20, &arena) != ASSAY_OK)
		return 0;
	if (roster_parse((struct assay_span){ data, size }, "fuzz", arena, &r, &err) != ASSAY_OK)
		return 0;
	for (size_t i = 0; i < r.count; i++)
		check(&r, &r.entries[i]);
	return 0;
}
