/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte says how much of the file is given and how it is named; the rest is the file. Whatever it holds, each answer is one of
 * those defined, every entry is something, and nothing is seen twice in different ways.
 */
#include <base/cleanup.h>
#include <seal/archive.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "a", "etc/sudoers.d/a.b", "x.ko", "x.json", "x.yaml", "x.png", "lib/firmware/x", "x.tar.gz" };

static void
check(const struct seal_looked *l)
{
	bool any = false;
	for (unsigned i = 0; i < SEAL_KIND_COUNT; i++) {
		any = any || l->kinds[i] != SEAL_NOT;
		if (l->kinds[i] > SEAL_LYING)
			__builtin_trap();
	}
	if (!any || (l->elf != NULL && l->elf->needed_count > SEAL_NEEDED_MAX))
		__builtin_trap();
	if (l->script != NULL && (l->kinds[SEAL_SCRIPT] == SEAL_NOT || strlen(l->script->interpreter) > 4096))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct seal_looked looked, again;
	struct seal_inside in = { .members = NULL };
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size < 1 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct seal_file file = { .path = names[data[0] % 8], .type = SEAL_TYPE_FILE, .mode = (data[0] & 8) != 0 ? 0755 : 0644,
		.size = size - 1 + ((data[0] & 16) != 0 ? 4096u : 0u), .bytes = { data + 1, size - 1 } };
	if (seal_classify(&file, arena, &looked, &err) != ASSAY_OK || seal_classify(&file, arena, &again, &err) != ASSAY_OK)
		return 0;
	check(&looked);
	if (memcmp(looked.kinds, again.kinds, sizeof looked.kinds) != 0)
		__builtin_trap();
	if (seal_inside(&file, &looked, arena, &in, &err) != ASSAY_OK)
		return 0;
	size_t count = 0;
	for (const struct seal_member *m = in.members; m != NULL; m = m->next, count++)
		check(&m->looked);
	if (count != in.count || count > SEAL_INSIDE_MEMBERS_MAX)
		__builtin_trap();
	return 0;
}
