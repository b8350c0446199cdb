/* SPDX-License-Identifier: Apache-2.0 */
/* A file of rules, a line of "====", and code that they judge; without that line the code is judged by the shipped rules. */
#include <code/rules.h>

#include <base/cleanup.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
judge(const struct code_rules *r, struct assay_span code)
{
	static const char *const paths[] = { "a.c", "a.cpp" };
	for (size_t i = 0; i < 2; i++) {
		struct assay_error err = { 0 };
		struct code_reports o;
		CLEANUP(arena_free) struct arena *arena = NULL;
		if (arena_new(512u << 20, &arena) != ASSAY_OK || code_check(r, code, paths[i], arena, &o, &err) != ASSAY_OK)
			return;
		for (size_t k = 0; k < o.count; k++) {
			const struct code_report *p = &o.items[k];
			if (p->line == 0 || p->line > o.lines || p->column == 0 || p->message == NULL || p->rule->fault != NULL)
				__builtin_trap();
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_error err = { 0 };
	struct code_rules r;
	const uint8_t *mark = memmem(data, size, "\n====\n", 6);
	CLEANUP(arena_free) struct arena *arena = NULL;
	if (arena_new(256u << 20, &arena) != ASSAY_OK)
		return 0;
	code_rules_init(&r, arena);
	if (mark == NULL) {
		if (code_rules_add_shipped(&r, &err) != ASSAY_OK)
			__builtin_trap();
		judge(&r, (struct assay_span){ data, size });
		return 0;
	}
	const size_t len = (size_t)(mark + 1 - data);
	if (code_rules_add(&r, (struct assay_span){ data, len }, "fuzz.yaml", &err) != ASSAY_OK) {
		if (r.count != 0 || err.what[0] == '\0')
			__builtin_trap();
		return 0;
	}
	if (code_rules_prove(&r, &err) == ASSAY_OK)
		judge(&r, (struct assay_span){ mark + 6, size - len - 5 });
	return 0;
}
