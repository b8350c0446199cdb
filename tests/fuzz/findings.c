/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of findings: 'f' and a register, or 'c' and a closure. What is read is written so that it reads back, and a register to which
 * nothing comes stays as it is.
 */
#include <base/cleanup.h>
#include <sca/records.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
registered(struct assay_span bytes, struct arena *arena)
{
	struct sca_register r, again;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(16u << 20);
	if (sca_register_parse(bytes, "fuzz", arena, &r, &err) != ASSAY_OK)
		return;
	if (sca_register_write(&r, &out, &err) != ASSAY_OK || sca_register_parse(buf_span(&out), "fuzz", arena, &again, &err) != ASSAY_OK
	    || r.count != again.count)
		__builtin_trap();
	for (size_t i = 0; i < r.count; i++) {
		if (strcmp(r.entries[i].rule, again.entries[i].rule) != 0 || strcmp(r.entries[i].path, again.entries[i].path) != 0
		    || sca_register_find(&r, again.entries[i].identity) != &r.entries[i])
			__builtin_trap();
	}
}

/* Every text that can be lacking comes to it, and one entry more. */
static void
extended(struct assay_span bytes, struct arena *arena)
{
	struct sca_register r;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf same = BUF_INIT(YAML_SIZE_MAX), more = BUF_INIT(YAML_SIZE_MAX);
	if (sca_register_parse(bytes, "fuzz", arena, &r, &err) != ASSAY_OK)
		return;
	if (sca_register_extend(bytes, &r, arena, &same, &err) != ASSAY_OK || !assay_span_equal(bytes, buf_span(&same)))
		__builtin_trap();
	struct sca_entry *entries = arena_array(arena, r.count + 1, sizeof *entries);
	if (entries == NULL)
		return;
	for (size_t i = 0; i < r.count; i++) {
		entries[i] = r.entries[i];
		entries[i].reach = entries[i].reach != NULL ? entries[i].reach : "a: # \"b\"";
		entries[i].problem = entries[i].problem != NULL ? entries[i].problem : "-";
	}
	struct sca_register wanted = { entries, r.count + 1 };
	entries[r.count] = (struct sca_entry){ .rule = "r", .path = "p", .symbol = "" };
	memset(entries[r.count].identity, 'f', SCA_IDENTITY_SIZE - 1);
	if (sca_register_sort(&wanted, NULL) != ASSAY_OK)
		return;
	const enum assay_status status = sca_register_extend(bytes, &wanted, arena, &more, &err);
	if (status != ASSAY_OK && status != ASSAY_E_UNSUPPORTED && status != ASSAY_E_LIMIT)
		__builtin_trap();
}

static void
closed(struct assay_span bytes, struct arena *arena)
{
	struct sca_closure c, again;
	struct assay_error err = { 0 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(16u << 20);
	if (sca_closure_parse(bytes, "fuzz", arena, &c, &err) != ASSAY_OK)
		return;
	if (sca_closure_write(&c, &out, &err) != ASSAY_OK || sca_closure_parse(buf_span(&out), "fuzz", arena, &again, &err) != ASSAY_OK
	    || strcmp(c.reason, again.reason) != 0 || c.state != again.state)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (size == 0 || size > 60000 || arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	const struct assay_span bytes = { data + 1, size - 1 };
	if (data[0] == 'f') {
		registered(bytes, arena);
		extended(bytes, arena);
	} else if (data[0] == 'c') {
		closed(bytes, arena);
	}
	return 0;
}
