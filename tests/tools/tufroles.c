/* SPDX-License-Identifier: Apache-2.0 */
#include "tufroles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct roles_role roles_all[ROLES_MAX];
static size_t roles_count;
struct assay_tuf_state roles_state;
struct assay_tuf_target roles_found;
char roles_last_name[ASSAY_TUF_FILE_NAME_SIZE];
size_t roles_last_limit;
bool roles_consistent;
const char *roles_not_listed, *roles_without_length, *roles_gone;

json_t *
roles_add(const char *name, const char *letters)
{
	snprintf(roles_all[roles_count].name, sizeof roles_all[0].name, "%s", name);
	roles_all[roles_count].letters = letters;
	roles_all[roles_count].fetched = 0;
	roles_all[roles_count].payload = world_targets(1);
	return roles_all[roles_count++].payload;
}

void
roles_fresh(void)
{
	roles_count = 0;
	roles_consistent = false;
	roles_not_listed = roles_without_length = roles_gone = "";
	(void)roles_add("targets", "ad");
}

json_t *
roles_payload(const char *name)
{
	for (size_t i = 0; i < roles_count; i++) {
		if (strcmp(roles_all[i].name, name) == 0)
			return roles_all[i].payload;
	}
	fail_msg("no role '%s'", name);
	return NULL;
}

/* Delegates from one role to another new one, which Bea signs. */
json_t *
roles_delegate(const char *from, const char *to, const char *pattern, bool terminating)
{
	world_delegate(roles_payload(from), to, "b", 1, pattern, terminating);
	return roles_add(to, "b");
}

unsigned
roles_fetched(const char *name)
{
	for (size_t i = 0; i < roles_count; i++) {
		if (strcmp(roles_all[i].name, name) == 0)
			return roles_all[i].fetched;
	}
	return 0;
}

static enum assay_status
fetch(void *ctx, const char *name, size_t limit, struct assay_span *ret_file, struct assay_error *err)
{
	const char *plain = roles_consistent ? strchr(name, '.') + 1 : name;

	assert_ptr_equal(ctx, roles_all);
	snprintf(roles_last_name, sizeof roles_last_name, "%s", name);
	roles_last_limit = limit;
	for (size_t i = 0; i < roles_count; i++) {
		size_t len = strlen(roles_all[i].name);
		if (strncmp(plain, roles_all[i].name, len) != 0 || strcmp(plain + len, ".json") != 0)
			continue;
		if (strcmp(roles_all[i].name, roles_gone) == 0)
			break;
		roles_all[i].fetched++;
		*ret_file = roles_all[i].file;
		return ASSAY_OK;
	}
	return assay_fail(err, ASSAY_E_SYSTEM, "'%s' can't be fetched", name);
}

/* Signs all and runs the update as far as the search. */
void
roles_publish(void)
{
	struct world_repo repo;
	json_t *root = world_root(1), *snapshot = world_snapshot(1, NULL), *meta = json_object_get(snapshot, "meta");

	world_set(root, "consistent_snapshot", json_boolean(roles_consistent));
	for (size_t i = 0; i < roles_count; i++) {
		char name[128], hex[65];
		roles_all[i].file = world_sign(roles_all[i].payload, roles_all[i].letters);
		snprintf(name, sizeof name, "%.64s.json", roles_all[i].name);
		tufmake_hash("SHA256", roles_all[i].file.data, roles_all[i].file.len, hex);
		json_t *promise = json_pack("{s:i, s:{s:s}}", "version", 1, "hashes", "sha256", hex);
		if (strcmp(roles_all[i].name, roles_without_length) != 0)
			json_object_set_new(promise, "length", json_integer((json_int_t)roles_all[i].file.len));
		if (strcmp(roles_all[i].name, roles_not_listed) != 0)
			json_object_set(meta, name, promise);
		json_decref(promise);
	}
	repo.root = world_sign(root, "ab");
	repo.targets = roles_all[0].file;
	repo.snapshot = world_sign(snapshot, "r");
	repo.timestamp = world_sign(world_timestamp(1, 1, repo.snapshot), "r");
	roles_state = world_at(&repo, ASSAY_TUF_AT_SEARCH);
}

enum assay_status
roles_find(const char *path)
{
	return assay_tuf_find(&roles_state, assay_span_str(path), fetch, roles_all, &roles_found, &world_error);
}

void
roles_speaks(const char *path, const char *name)
{
	ACCEPT(roles_find(path));
	if (!assay_span_equal(roles_found.role, assay_span_str(name)))
		fail_msg("'%.*s' speaks for '%s', and not '%s'", (int)roles_found.role.len, (const char *)roles_found.role.data, path, name);
	assert_true(assay_span_equal(roles_found.path, assay_span_str(path)));
}
