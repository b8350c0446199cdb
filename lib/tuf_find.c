/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for who speaks for a path: 5.6.7, 5.7.1 and 5.7.2 of the specification; and the names of files.
 */
#include <stdio.h>
#include <string.h>

#include "tuf_inside.h"

/* What the search is inside of. */
struct frame {
	struct assay_tuf_meta meta;
	size_t cursor;    /* among its delegations */
	bool terminating; /* it was delegated to so */
};

struct search {
	struct assay_tuf_state *state;
	assay_tuf_fetch fetch;
	void *ctx;
	struct assay_span path;
	struct frame frames[ASSAY_TUF_CHAIN_MAX + 1];
	size_t depth;
	struct assay_span visited[ASSAY_TUF_ROLES_MAX]; /* names, in the room */
	size_t visited_count;
};

/* Takes a delegated role's file, or leaves the room as it was. */
static enum assay_status
take_delegated(struct assay_tuf_state *state, const struct assay_tuf_meta *from,
    const struct assay_tuf_role *role, struct assay_span file, struct assay_tuf_meta *ret_meta,
    struct assay_error *err)
{
	size_t used = state->room.used;
	struct assay_tuf_meta meta;

	TRY(tuf_take_targets(state, role, file, &meta, err));
	enum assay_status status = assay_tuf_same_people(&state->targets, &meta, err);
	if (status == ASSAY_OK)
		status = assay_tuf_same_people(from, &meta, err);
	if (status != ASSAY_OK) {
		state->room.used = used;
		return status;
	}
	*ret_meta = meta;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_update_delegated(struct assay_tuf_state *state, const struct assay_tuf_meta *from,
    const char *role, struct assay_span file, struct assay_tuf_meta *ret_meta,
    struct assay_error *err)
{
	struct assay_tuf_role each;
	size_t cursor = 0;

	if (state->phase != ASSAY_TUF_AT_SEARCH)
		return assay_fail(err, ASSAY_E_USAGE, "TUF: the steps of an update are out of order");
	while (assay_tuf_next_delegation(from, &cursor, &each)) {
		if (assay_span_equal(each.name, assay_span_str(role)))
			return take_delegated(state, from, &each, file, ret_meta, err);
	}
	return assay_fail(err, ASSAY_E_NOT_FOUND, "TUF: nothing is delegated to a role of this name");
}

static bool
was_visited(const struct search *s, struct assay_span name)
{
	for (size_t i = 0; i < s->visited_count; i++) {
		if (assay_span_equal(s->visited[i], name))
			return true;
	}
	return false;
}

/* Fetches a role's metadata and makes it the innermost frame. */
static enum assay_status
enter(struct search *s, const struct assay_tuf_role *role, struct assay_error *err)
{
	struct assay_tuf_state *state = s->state;
	struct assay_tuf_file promise;
	struct assay_tuf_meta meta;
	struct assay_span file;
	char role_name[ASSAY_TUF_NAME_MAX + 1], name[ASSAY_TUF_FILE_NAME_SIZE];

	/* 5.6.7.1: a search has an end, however many roles there are. */
	if (s->visited_count >= ASSAY_TUF_ROLES_MAX || s->depth >= ASSAY_TUF_CHAIN_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "TUF: the search for a target ended after %d roles, or %d levels of delegation",
		    ASSAY_TUF_ROLES_MAX, ASSAY_TUF_CHAIN_MAX);
	if (!tuf_file_of(&state->snapshot, role->name, &promise))
		return assay_fail(err, ASSAY_E_NOT_FOUND, "TUF: the snapshot doesn't list '%.*s.json'", (int)role->name.len,
		    (const char *)role->name.data);
	memcpy(role_name, role->name.data, role->name.len);
	role_name[role->name.len] = '\0';
	TRY(assay_tuf_file_name(state, role_name, promise.version, name));
	size_t limit = promise.has_length && promise.length < ASSAY_TUF_TARGETS_MAX ? (size_t)promise.length
	                                                                          : ASSAY_TUF_TARGETS_MAX;
	TRY(s->fetch(s->ctx, name, limit, &file, err));
	TRY(take_delegated(state, &s->frames[s->depth].meta, role, file, &meta, err));
	s->visited[s->visited_count++] = role->name;
	s->frames[++s->depth] = (struct frame) { meta, 0, role->terminating };
	return ASSAY_OK;
}

/* 5.7.2: nobody speaks for it. */
static enum assay_status
nobody(const struct search *s, struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_NOT_FOUND, "TUF: nobody who may speaks for the target '%.*s'",
	    (int)(s->path.len > 128 ? 128 : s->path.len), (const char *)s->path.data);
}

/* 5.6.7.2: on to the next role in preorder. */
static enum assay_status
advance(struct search *s, struct assay_error *err)
{
	struct assay_tuf_role role;

	for (;;) {
		struct frame *inner = &s->frames[s->depth];
		if (!assay_tuf_next_delegation(&inner->meta, &inner->cursor, &role)) {
			/* 5.6.7.2.1: behind a terminating delegation the search ends. 5.6.7.2.2: else the next one is asked. */
			if (s->depth == 0 || inner->terminating)
				return nobody(s, err);
			s->depth--;
			continue;
		}
		if (!assay_tuf_covers(&role, s->path))
			continue;
		/* 5.6.7.1: a role that was visited is skipped, so circles end. */
		if (!was_visited(s, role.name))
			return enter(s, &role, err);
		if (role.terminating)
			return nobody(s, err);
	}
}

enum assay_status
assay_tuf_find(struct assay_tuf_state *state, struct assay_span path, assay_tuf_fetch fetch,
    void *ctx, struct assay_tuf_target *ret_target, struct assay_error *err)
{
	struct search s = { .state = state, .fetch = fetch, .ctx = ctx, .path = path };
	size_t used = state->room.used;
	struct assay_tuf_target target;

	if (state->phase != ASSAY_TUF_AT_SEARCH)
		return assay_fail(err, ASSAY_E_USAGE, "TUF: the steps of an update are out of order");
	/* 5.6.7: the top-level targets role comes first. */
	s.visited[s.visited_count++] = assay_span_str("targets");
	s.frames[0].meta = state->targets;
	/* 5.6.7.1, 5.7.1: the first that lists the path is who speaks for it. */
	while (!tuf_target_of(&s.frames[s.depth].meta, path, &target)) {
		enum assay_status status = advance(&s, err);
		if (status != ASSAY_OK) {
			state->room.used = used;
			return status;
		}
	}
	target.role = s.visited[s.visited_count - 1];
	*ret_target = target;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_file_name(const struct assay_tuf_state *state, const char *role, uint64_t version,
    char ret_name[ASSAY_TUF_FILE_NAME_SIZE])
{
	/* 5.3.3: a root always with its version. 5.4.1: a timestamp never. 5.5.1, 5.6.1: others by consistent snapshots. */
	bool with_version = strcmp(role, "root") == 0 || (state->consistent && strcmp(role, "timestamp") != 0);

	if (!tuf_name_ok(assay_span_str(role)) || version == 0 || version > ASSAY_JSON_INTEGER_MAX)
		return ASSAY_E_USAGE;
	if (with_version)
		(void)snprintf(ret_name, ASSAY_TUF_FILE_NAME_SIZE, "%llu.%s.json", (unsigned long long)version, role);
	else
		(void)snprintf(ret_name, ASSAY_TUF_FILE_NAME_SIZE, "%s.json", role);
	return ASSAY_OK;
}

enum assay_status
assay_tuf_target_name(const struct assay_tuf_state *state, const struct assay_tuf_target *target,
    char *out, size_t room)
{
	char hex[2 * ASSAY_SHA512_SIZE + 1];
	size_t folder = target->path.len, hex_len;

	if (!state->consistent) {
		folder = 0;
		hex_len = 0;
	} else {
		/* 5.7.3: one of the digests stands in front of the file's own name. */
		tuf_hex(target->has_sha256 ? target->sha256 : target->sha512,
		    target->has_sha256 ? ASSAY_SHA256_SIZE : ASSAY_SHA512_SIZE, hex);
		hex_len = strlen(hex);
		hex[hex_len++] = '.';
		while (folder > 0 && target->path.data[folder - 1] != '/')
			folder--;
	}
	if (target->path.len + hex_len >= room)
		return ASSAY_E_LIMIT;
	memcpy(out, target->path.data, folder);
	memcpy(out + folder, hex, hex_len);
	memcpy(out + folder + hex_len, target->path.data + folder, target->path.len - folder);
	out[target->path.len + hex_len] = '\0';
	return ASSAY_OK;
}
