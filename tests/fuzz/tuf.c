/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole update. The input is the payloads of its files, one line each, of which the first letter says what it is: R a root
 * (the first is the trusted one), t and s a timestamp and snapshot from before, T, S, G new ones and the top-level
 * targets, D delegated targets in the order in which they are fetched.
 */
#include "tuf_common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1900000000

static unsigned char room[8u << 20];
static struct assay_span delegated; /* what is left of the input to fetch from */

/* All that can be asked of one file by itself. */
static void
look_at(struct assay_span file)
{
	struct assay_tuf_room own = { room, sizeof room, 0 };
	struct assay_tuf_meta meta;
	struct assay_tuf_role role;
	struct assay_tuf_target target;
	struct assay_tuf_file listed;
	struct assay_tuf_tally tally;
	struct assay_tuf_policy_file policy = { .path = assay_span_str("assay/policy.yaml") };
	struct assay_tuf_policy_cursor at = { 0, 0 };
	enum assay_tuf_difference what;
	struct assay_span path;
	size_t cursor = 0, steps = 0;

	if (assay_tuf_parse(file, &own, &meta, NULL) != ASSAY_OK)
		return;
	check(own.used <= sizeof room && meta.version > 0 && meta.payload.len <= file.len);
	while (assay_tuf_next_target(&meta, &cursor, &target))
		check(++steps <= file.len);
	for (cursor = 0; assay_tuf_next_file(&meta, &cursor, &listed);)
		check(++steps <= 2 * file.len);
	for (cursor = 0; assay_tuf_next_delegation(&meta, &cursor, &role);) {
		(void)!assay_tuf_tally(&meta, &role, &tally, NULL);
		check(tally.people <= tally.keys && role.threshold > 0);
		(void)assay_tuf_covers(&role, policy.path);
		at = (struct assay_tuf_policy_cursor) { 0, 0 };
		steps = 0;
		while (assay_tuf_next_difference(&meta, &role, &policy, 1, &at, &what, &path))
			check(++steps <= file.len);
	}
}

static enum assay_status
fetch(void *ctx, const char *name, size_t limit, struct assay_span *ret_file, struct assay_error *err)
{
	static unsigned char out[FILE_MAX];
	struct assay_span payload;
	char kind;

	(void)ctx;
	check(strstr(name, ".json") != NULL && limit <= ASSAY_TUF_TARGETS_MAX);
	while (next_line(&delegated, &kind, &payload)) {
		if (kind != 'D')
			continue;
		*ret_file = file_of(kind, payload, out);
		return ASSAY_OK;
	}
	return assay_fail(err, ASSAY_E_NOT_FOUND, "no more");
}

/* One file of the update, by its letter. */
static enum assay_status
take(struct assay_tuf_state *st, char kind, struct assay_span file, bool *ret_new)
{
	switch (kind) {
	case 'R':
		return assay_tuf_update_root(st, file, ret_new, NULL);
	case 't':
		return assay_tuf_load_timestamp(st, file, NULL);
	case 'T':
		return assay_tuf_update_timestamp(st, file, ret_new, NULL);
	case 's':
		return assay_tuf_load_snapshot(st, file, NULL);
	case 'S':
		return assay_tuf_update_snapshot(st, file, NULL);
	case 'G':
		return assay_tuf_update_targets(st, file, NULL);
	default:
		return ASSAY_E_USAGE;
	}
}

/* In whatever place it comes: what fails changes nothing, and no version falls. */
static void
feed(struct assay_tuf_state *st, char kind, struct assay_span file)
{
	bool is_new = false;

	if (kind != 'R' && st->phase == ASSAY_TUF_AT_ROOT)
		(void)!assay_tuf_roots_done(st, NULL);
	struct assay_tuf_state before = *st;
	if (take(st, kind, file, &is_new) != ASSAY_OK) {
		check(memcmp(&before, st, sizeof before) == 0);
		return;
	}
	check(st->root.version == before.root.version + (kind == 'R' && is_new));
	if (kind == 'T')
		check(st->timestamp.expires > NOW && (!before.has_timestamp || st->timestamp.version >= before.timestamp.version));
	check(kind != 'S' || st->snapshot.expires > NOW);
	check(kind != 'G' || st->targets.expires > NOW);
}

static void
run(struct assay_span input)
{
	static unsigned char out[FILE_MAX];
	struct assay_tuf_state st;
	struct assay_tuf_target target;
	struct assay_span payload;
	bool begun = false;
	char kind;

	memset(&st, 0, sizeof st);
	delegated = input;
	while (next_line(&input, &kind, &payload)) {
		struct assay_span file = file_of(kind, payload, out);
		if (!begun)
			begun = assay_tuf_begin((struct assay_tuf_room) { room, sizeof room, 0 }, NOW, file, NULL, &st, NULL) == ASSAY_OK;
		else
			feed(&st, kind, file);
	}
	if (!begun || st.phase != ASSAY_TUF_AT_SEARCH)
		return;
	struct assay_tuf_state before = st;
	struct assay_span path = assay_span_str("assay/policy.yaml");
	if (assay_tuf_find(&st, path, fetch, NULL, &target, NULL) != ASSAY_OK)
		check(memcmp(&before, &st, sizeof st) == 0);
	else
		check(assay_span_equal(target.path, path) && (target.has_sha256 || target.has_sha512));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char out[FILE_MAX];
	struct assay_span all = { data, size }, rest = all, payload;
	char kind;

	if (size > INPUT_MAX)
		return 0;
	if (keys[0] == NULL)
		make_keys();
	look_at(all);
	while (next_line(&rest, &kind, &payload))
		look_at(file_of(kind, payload, out));
	run(all);
	return 0;
}
