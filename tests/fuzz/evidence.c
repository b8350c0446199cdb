/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence.json of any bytes: what is read comes out the same when it is described and read again.
 */
#include <base/buf.h>
#include <base/cleanup.h>
#include <evidence/evidence.h>
#include <evidence/memo.h>
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
read_again(const struct evidence_set *set, struct arena *arena)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(64u << 20);
	struct evidence_set again = { 0 };
	expect(evidence_describe(set, &text, NULL) == ASSAY_OK);
	if (evidence_read(buf_span(&text), arena, &again, NULL) != ASSAY_OK)
		return; /* the arena may be full */
	expect(again.count == set->count);
	for (size_t i = 0; i < set->count; i++) {
		expect(again.items[i].member_count == set->items[i].member_count);
		expect(memcmp(again.items[i].digest, set->items[i].digest, ASSAY_SHA256_SIZE) == 0);
	}
}

static void
try_memo(struct assay_span bytes, struct arena *arena)
{
	struct memo *m = NULL;
	struct memo_entry e;
	struct oid id = { { 0 } };
	if (memo_load(bytes, arena, &m, NULL) != ASSAY_OK)
		return;
	if (bytes.len >= OID_MAX)
		memcpy(id.b, bytes.data + bytes.len - OID_MAX, OID_MAX);
	(void)memo_find(m, &id, &e);
	CLEANUP(buf_done) struct buf out = BUF_INIT(64u << 20);
	expect(memo_dump(m, &out, NULL) == ASSAY_OK);
	expect(bytes.len == 0 || assay_span_equal(buf_span(&out), bytes));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = NULL;
	struct evidence_set set = { 0 };
	struct assay_error err = { 0 };
	if (arena_new(ARENA_CAP, &arena) != ASSAY_OK)
		return 0;
	if (evidence_read((struct assay_span){ data, size }, arena, &set, &err) == ASSAY_OK)
		read_again(&set, arena);
	else
		expect(set.items == NULL && err.what[0] != '\0');
	try_memo((struct assay_span){ data, size }, arena);
	arena_free(&arena);
	return 0;
}
