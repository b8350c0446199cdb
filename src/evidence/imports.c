/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imported reports, read out of their members.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/imports.h>
#include <string.h>

const char *
imports_member(const struct import *x, struct arena *arena)
{
	return arena_printf(arena, IMPORTS_PREFIX "%s.%s", x->name, x->canaries.language);
}

/* One name, one language, one report: else the better of two could be taken. */
static enum assay_status
read_one(const struct evidence *raw, size_t number, struct arena *arena, struct import *x, struct assay_error *err)
{
	const struct evidence_member *m = &raw->members[number];
	TRY(import_read(m->bytes, m->name, arena, x, err));
	const char *name = imports_member(x, arena);
	if (name == NULL)
		return arena_full(err);
	if (CATCH(import_under_another_name, strcmp(name, m->name) != 0))
		return assay_fail(err, ASSAY_E_VERIFY, "evidence '" IMPORTS_KIND "' contradicts itself: '%s' holds what belongs under '%s'", m->name,
		    name);
	for (size_t i = 0; i < number; i++)
		if (strcmp(raw->members[i].name, m->name) == 0)
			return assay_fail(err, ASSAY_E_FORMAT, "evidence '" IMPORTS_KIND "' has '%s' twice", m->name);
	return ASSAY_OK;
}

enum assay_status
imports_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	if (raw->member_count == 0 || raw->member_count > IMPORTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "evidence '" IMPORTS_KIND "' has %zu imports, and not one to %d", raw->member_count, IMPORTS_MAX);
	struct imports *all = arena_alloc(c->arena, sizeof *all);
	struct import *items = arena_array(c->arena, raw->member_count, sizeof *items);
	if (all == NULL || items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < raw->member_count; i++)
		TRY(read_one(raw, i, c->arena, &items[i], err));
	*all = (struct imports){ items, raw->member_count };
	*ret_facts = all;
	return ASSAY_OK;
}
