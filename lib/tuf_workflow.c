/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client workflow, section 5 of the specification 1.0.34. Each step stands by its number, in our own words, above
 * the code that does it. Fetching and keeping are the caller's (5.3.8, 5.4.5, 5.5.7, 5.6.6): a file is to be kept when
 * the function that took it said ASSAY_OK.
 */
#include <string.h>

#include "tuf_inside.h"

static enum assay_status
out_of_order(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_USAGE, "TUF: the steps of an update are out of order");
}

static enum assay_status
rollback(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_VERIFY, "TUF: a rollback: %s", what);
}

/* Reads a file of this type above what the room holds. The room's use is left at *ret_mark on failure. */
static enum assay_status
read_file(struct assay_tuf_room *room, enum assay_tuf_type type, struct assay_span file,
    struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	struct assay_tuf_room after = *room;
	struct assay_tuf_meta meta;

	TRY(assay_tuf_parse(file, &after, &meta, err));
	if (meta.type != type)
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: of another '_type' than its role");
	*ret_meta = meta;
	*room = after;
	return ASSAY_OK;
}

/* Moves what was read last down to mark, over what it replaces. */
static void
settle_at(struct assay_tuf_room *room, size_t mark, size_t start, struct assay_tuf_meta *meta)
{
	size_t down = start - mark;

	memmove(room->data + mark, room->data + start, room->used - start);
	room->used -= down;
	meta->payload.data -= down;
	meta->signatures.data -= down;
}

/* The signatures that a role of the trusted root asks for. */
static enum assay_status
signed_for(const struct assay_tuf_meta *root, const char *name, const struct assay_tuf_meta *meta,
    struct assay_error *err)
{
	struct assay_tuf_role role;

	if (assay_tuf_role(root, name, &role) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "TUF: a root without the role '%s'", name);
	return assay_tuf_tally(meta, &role, NULL, err);
}

/* 5.3.10, 5.4.4, 5.5.6, 5.6.5: an expiry that is not above the start of the update may be a freeze. */
static enum assay_status
not_expired(const struct assay_tuf_state *state, const struct assay_tuf_meta *meta,
    const char *what, struct assay_error *err)
{
	if (meta->expires > state->now)
		return ASSAY_OK;
	assay_fail(err, ASSAY_E_VERIFY, "TUF: the %s has expired: old metadata may be served on purpose", what);
	return assay_error_todo(err, ASSAY_E_VERIFY, "have its role sign it anew, with a later 'expires'");
}

enum assay_status
assay_tuf_begin(struct assay_tuf_room room, int64_t now, struct assay_span root,
    const char *fingerprint, struct assay_tuf_state *ret_state, struct assay_error *err)
{
	/* 5.1: the time of the update is fixed here, for all of its steps. */
	struct assay_tuf_state state = { .room = room, .now = now, .phase = ASSAY_TUF_AT_ROOT };
	char hex[ASSAY_TUF_HEX_SIZE];

	/* 5.2: the trusted root. Whether it has expired is asked once there is no newer one (5.3.10). */
	TRY(read_file(&state.room, ASSAY_TUF_ROOT, root, &state.root, err));
	TRY(assay_tuf_fingerprint(&state.root, hex));
	if (fingerprint != NULL && strcmp(fingerprint, hex) != 0) {
		assay_fail(err, ASSAY_E_VERIFY, "TUF: the first root's fingerprint is %s and not the one given", hex);
		return assay_error_todo(err, ASSAY_E_VERIFY, "compare it with the one that was handed over by another way");
	}
	TRY(signed_for(&state.root, "root", &state.root, err));
	state.base = room.used;
	*ret_state = state;
	return ASSAY_OK;
}

/* 5.3.11: the keys of a role were rotated when they are not the same set any more. */
static bool
rotated(const struct assay_tuf_meta *before, const struct assay_tuf_meta *after, const char *name)
{
	struct assay_tuf_role roles[2];
	struct assay_tuf_key key, other;

	if (assay_tuf_role(before, name, &roles[0]) != ASSAY_OK ||
	    assay_tuf_role(after, name, &roles[1]) != ASSAY_OK)
		return true;
	for (size_t side = 0; side < 2; side++) {
		size_t cursor = 0;
		while (assay_tuf_next_key(&roles[side], &cursor, &key)) {
			bool found = false;
			size_t at = 0;
			while (!found && assay_tuf_next_key(&roles[1 - side], &at, &other))
				found = memcmp(key.spki_sha256, other.spki_sha256, ASSAY_SHA256_SIZE) == 0;
			if (!found)
				return true;
		}
	}
	return false;
}

/* 5.3.4 and 5.3.5 for a new root. *ret_new is false when it is to be set aside. */
static enum assay_status
check_new_root(const struct assay_tuf_state *state, const struct assay_tuf_meta *root,
    bool *ret_new, struct assay_error *err)
{
	/* 5.3.4: signed by a threshold of the trusted root's keys, and by a threshold of its own. */
	TRY(signed_for(&state->root, "root", root, err));
	TRY(signed_for(root, "root", root, err));
	/* 5.3.5: exactly the next version. A lower one is a rollback, the same one is nothing new. */
	if (root->version < state->root.version)
		return rollback(err, "the new root is older than the trusted one");
	*ret_new = root->version > state->root.version;
	if (*ret_new && root->version != state->root.version + 1)
		return assay_fail(err, ASSAY_E_VERIFY, "TUF: a root was left out: version %llu follows on %llu",
		    (unsigned long long)root->version, (unsigned long long)state->root.version);
	return *ret_new ? assay_tuf_same_people(&state->root, root, err) : ASSAY_OK;
}

enum assay_status
assay_tuf_update_root(struct assay_tuf_state *state, struct assay_span file, bool *ret_new,
    struct assay_error *err)
{
	struct assay_tuf_room room = state->room;
	struct assay_tuf_meta root;
	bool is_new;

	/* 5.3.1, 5.3.2: one root after the other, each checked by the one before it; the trusted one is version N. */
	if (state->phase != ASSAY_TUF_AT_ROOT)
		return out_of_order(err);
	/* 5.3.3: version N+1, of at most W bytes, and at most Y of them in one update. */
	if (state->roots >= ASSAY_TUF_ROOTS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "TUF: more than %d new roots in one update", ASSAY_TUF_ROOTS_MAX);
	TRY(read_file(&room, ASSAY_TUF_ROOT, file, &root, err));
	TRY(check_new_root(state, &root, &is_new, err));
	/* 5.3.6: that it has expired does not matter here: it may be one on the way. */
	if (is_new) {
		state->forget = state->forget || rotated(&state->root, &root, "timestamp") ||
		    rotated(&state->root, &root, "snapshot");
		/* 5.3.7: from here on it is the trusted one; 5.3.8: the caller keeps it; 5.3.9: and comes back with the next. */
		settle_at(&room, state->base, state->room.used, &root);
		state->room = room;
		state->root = root;
		state->roots++;
	}
	*ret_new = is_new;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_roots_done(struct assay_tuf_state *state, struct assay_error *err)
{
	struct assay_span value;
	bool consistent = false;

	if (state->phase != ASSAY_TUF_AT_ROOT)
		return out_of_order(err);
	/* 5.3.10: the root that is trusted now must not have expired. */
	TRY(not_expired(state, &state->root, "root", err));
	/* 5.3.11: what signed the old timestamp and snapshot is gone, and so are they. state->forget tells the caller. */
	state->has_timestamp = state->has_snapshot = false;
	/* 5.3.12: whether consistent snapshots are used is the trusted root's to say. */
	if (cj_named(state->root.payload, "consistent_snapshot", &value))
		(void)cj_bool(value, &consistent);
	state->consistent = consistent;
	state->phase = ASSAY_TUF_AT_TIMESTAMP;
	return ASSAY_OK;
}

/* A file from an earlier update: signed by today's keys, or it isn't there. */
static enum assay_status
load(struct assay_tuf_state *state, enum assay_tuf_type type, const char *role,
    struct assay_span file, struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	struct assay_tuf_room room = state->room;
	struct assay_tuf_meta meta;

	if (state->forget)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "TUF: the keys were rotated: the earlier %s no longer counts", role);
	TRY(read_file(&room, type, file, &meta, err));
	TRY(signed_for(&state->root, role, &meta, err));
	*ret_meta = meta;
	state->mark = state->room.used;
	state->room = room;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_load_timestamp(struct assay_tuf_state *state, struct assay_span file,
    struct assay_error *err)
{
	if (state->phase != ASSAY_TUF_AT_TIMESTAMP || state->has_timestamp)
		return out_of_order(err);
	TRY(load(state, ASSAY_TUF_TIMESTAMP, "timestamp", file, &state->timestamp, err));
	state->has_timestamp = true;
	return ASSAY_OK;
}

/* 5.4.3 against the trusted timestamp. *ret_new is false when the new one is to be set aside. */
static enum assay_status
check_timestamp(const struct assay_tuf_state *state, const struct assay_tuf_meta *timestamp,
    bool *ret_new, struct assay_error *err)
{
	static const struct assay_span snapshot = { (const unsigned char *)"snapshot", 8 };
	struct assay_tuf_file before, after;

	*ret_new = true;
	if (!state->has_timestamp)
		return ASSAY_OK;
	/* 5.4.3.1: a lower version is a rollback; the same one is nothing new, whatever is in it. */
	if (timestamp->version < state->timestamp.version)
		return rollback(err, "the new timestamp is older than the trusted one");
	*ret_new = timestamp->version > state->timestamp.version;
	if (!*ret_new)
		return ASSAY_OK;
	/* 5.4.3.2: nor may the snapshot that it names be older than the one named before. */
	if (!tuf_file_of(&state->timestamp, snapshot, &before) || !tuf_file_of(timestamp, snapshot, &after))
		return assay_fail(err, ASSAY_E_INTERNAL, "TUF: a timestamp without a snapshot");
	if (after.version < before.version)
		return rollback(err, "the new timestamp names an older snapshot than the trusted one");
	return ASSAY_OK;
}

enum assay_status
assay_tuf_update_timestamp(struct assay_tuf_state *state, struct assay_span file, bool *ret_new,
    struct assay_error *err)
{
	struct assay_tuf_room room = state->room;
	struct assay_tuf_meta timestamp;
	bool is_new;

	if (state->phase != ASSAY_TUF_AT_TIMESTAMP)
		return out_of_order(err);
	/* 5.4.1: of at most X bytes. */
	TRY(read_file(&room, ASSAY_TUF_TIMESTAMP, file, &timestamp, err));
	/* 5.4.2: signed by a threshold of the keys that the trusted root gives to the role. */
	TRY(signed_for(&state->root, "timestamp", &timestamp, err));
	TRY(check_timestamp(state, &timestamp, &is_new, err));
	/* 5.4.4: not expired; when it is set aside, the one that stays must not be either. */
	TRY(not_expired(state, is_new ? &timestamp : &state->timestamp, "timestamp", err));
	if (is_new) {
		settle_at(&room, state->has_timestamp ? state->mark : state->room.used, state->room.used, &timestamp);
		/* 5.4.5: it is the trusted one, and the caller keeps it. */
		state->timestamp = timestamp;
		state->has_timestamp = true;
		state->room = room;
	}
	state->phase = ASSAY_TUF_AT_SNAPSHOT;
	*ret_new = is_new;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_load_snapshot(struct assay_tuf_state *state, struct assay_span file,
    struct assay_error *err)
{
	if (state->phase != ASSAY_TUF_AT_SNAPSHOT || state->has_snapshot)
		return out_of_order(err);
	TRY(load(state, ASSAY_TUF_SNAPSHOT, "snapshot", file, &state->snapshot, err));
	state->has_snapshot = true;
	return ASSAY_OK;
}

/* 5.5.5 against the trusted snapshot; both lists are sorted. */
static enum assay_status
check_listed(const struct assay_tuf_meta *before, const struct assay_tuf_meta *after,
    struct assay_error *err)
{
	struct assay_tuf_file old, new = { .version = 0 };
	size_t at_old = 0, at_new = 0;

	while (assay_tuf_next_file(before, &at_old, &old)) {
		while (tuf_compare(new.name, old.name) < 0) {
			if (!assay_tuf_next_file(after, &at_new, &new))
				break;
		}
		if (!assay_span_equal(new.name, old.name))
			return assay_fail(err, ASSAY_E_VERIFY, "TUF: a rollback: the new snapshot no longer lists '%.*s'",
			    (int)old.name.len, (const char *)old.name.data);
		if (new.version < old.version)
			return assay_fail(err, ASSAY_E_VERIFY, "TUF: a rollback: the new snapshot lists an older '%.*s'",
			    (int)old.name.len, (const char *)old.name.data);
	}
	return ASSAY_OK;
}

/* The version that was promised, or another one. */
static enum assay_status
promised_version(const struct assay_tuf_file *file, const struct assay_tuf_meta *meta,
    struct assay_error *err)
{
	if (meta->version == file->version)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_VERIFY, "TUF: '%.*s' has version %llu, and version %llu is promised",
	    (int)file->name.len, (const char *)file->name.data, (unsigned long long)meta->version,
	    (unsigned long long)file->version);
}

enum assay_status
assay_tuf_update_snapshot(struct assay_tuf_state *state, struct assay_span file,
    struct assay_error *err)
{
	struct assay_tuf_room room = state->room;
	struct assay_tuf_meta snapshot;
	struct assay_tuf_file promise;

	if (state->phase != ASSAY_TUF_AT_SNAPSHOT)
		return out_of_order(err);
	if (!tuf_file_of(&state->timestamp, assay_span_str("snapshot"), &promise))
		return assay_fail(err, ASSAY_E_INTERNAL, "TUF: a timestamp without a snapshot");
	/* 5.5.1: of the length that the timestamp names, or at most Y bytes. 5.5.2: and with its digests, if it names any. */
	TRY(tuf_file_check(&promise, file, err));
	TRY(read_file(&room, ASSAY_TUF_SNAPSHOT, file, &snapshot, err));
	/* 5.5.3: signed by a threshold of the keys that the trusted root gives to the role. */
	TRY(signed_for(&state->root, "snapshot", &snapshot, err));
	/* 5.5.4: of the version that the timestamp names. */
	TRY(promised_version(&promise, &snapshot, err));
	/* 5.5.5: no targets metadata older than before, and none gone. */
	if (state->has_snapshot)
		TRY(check_listed(&state->snapshot, &snapshot, err));
	/* 5.5.6: not expired. */
	TRY(not_expired(state, &snapshot, "snapshot", err));
	settle_at(&room, state->has_snapshot ? state->mark : state->room.used, state->room.used, &snapshot);
	/* 5.5.7: it is the trusted one, and the caller keeps it. */
	state->snapshot = snapshot;
	state->has_snapshot = true;
	state->room = room;
	state->phase = ASSAY_TUF_AT_TARGETS;
	return ASSAY_OK;
}

enum assay_status
tuf_take_targets(struct assay_tuf_state *state, const struct assay_tuf_role *role,
    struct assay_span file, struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	struct assay_tuf_room room = state->room;
	struct assay_tuf_meta meta;
	struct assay_tuf_file promise;

	if (!tuf_file_of(&state->snapshot, role->name, &promise))
		return assay_fail(err, ASSAY_E_NOT_FOUND, "TUF: the snapshot doesn't list '%.*s.json'", (int)role->name.len,
		    (const char *)role->name.data);
	/* 5.6.1: of the length that the snapshot names, or at most Z bytes. 5.6.2: and with its digests, if it names any. */
	TRY(tuf_file_check(&promise, file, err));
	TRY(read_file(&room, ASSAY_TUF_TARGETS, file, &meta, err));
	/* 5.6.3: signed by a threshold of the role's keys. */
	TRY(assay_tuf_tally(&meta, role, NULL, err));
	/* 5.6.4: of the version that the snapshot names. */
	TRY(promised_version(&promise, &meta, err));
	/* 5.6.5: not expired. */
	TRY(not_expired(state, &meta, "targets metadata", err));
	TRY(assay_tuf_same_people(&state->root, &meta, err));
	state->room = room;
	/* 5.6.6: it is trusted, and the caller keeps it. */
	*ret_meta = meta;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_update_targets(struct assay_tuf_state *state, struct assay_span file,
    struct assay_error *err)
{
	struct assay_tuf_role role;

	if (state->phase != ASSAY_TUF_AT_TARGETS)
		return out_of_order(err);
	TRY(assay_tuf_role(&state->root, "targets", &role));
	TRY(tuf_take_targets(state, &role, file, &state->targets, err));
	state->phase = ASSAY_TUF_AT_SEARCH;
	return ASSAY_OK;
}
