/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form of metadata, as the specification's section 4 gives it, all of it before anything else is asked: what comes
 * later relies on it. Members that aren't known are left alone, for they are signed with the rest.
 */
#include <string.h>

#include "tuf_inside.h"

#define VERSION_MAX ASSAY_JSON_INTEGER_MAX
/* The canonical form begins where pointers could. */
#define ALIGNMENT 16

static enum assay_status
malformed(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "metadata: %s", what);
}

/* ---- Roles ---- */

/* The names of the keys, which stand sorted. */
struct key_names {
	struct assay_span names[ASSAY_TUF_KEYS_MAX];
	size_t count;
};

static void
read_key_names(struct assay_span keys, struct key_names *n)
{
	struct assay_span object;
	size_t cursor = 0;

	n->count = 0;
	while (n->count < ASSAY_TUF_KEYS_MAX &&
	    cj_next_member(keys, &cursor, &n->names[n->count], &object))
		n->count++;
}

/* The place of a name, or the count. */
static size_t
find_key_name(const struct key_names *n, struct assay_span name)
{
	size_t low = 0, high = n->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = tuf_compare(n->names[middle], name);
		if (order == 0)
			return middle;
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	return n->count;
}

static enum assay_status
read_keyids(struct assay_span keyids, struct assay_span keys, size_t *ret_count,
    struct assay_error *err)
{
	struct assay_span item, text;
	struct key_names n;
	bool named[ASSAY_TUF_KEYS_MAX] = { false };
	size_t cursor = 0, count = 0;

	if (!cj_is(keyids, '['))
		return malformed(err, "a role without 'keyids'");
	read_key_names(keys, &n);
	while (cj_next_item(keyids, &cursor, &item)) {
		size_t at = cj_text(item, &text) ? find_key_name(&n, text) : n.count;
		if (at == n.count)
			return malformed(err, "a role names a key that isn't among 'keys'");
		if (named[at])
			return malformed(err, "a role names one key twice");
		named[at] = true;
		count++;
	}
	*ret_count = count;
	return ASSAY_OK;
}

enum assay_status
tuf_role_read(struct assay_span name, struct assay_span object, struct assay_span keys,
    struct assay_tuf_role *ret_role, struct assay_error *err)
{
	struct assay_tuf_role role = { .name = name, .keys = keys };
	struct assay_span value;
	uint64_t threshold = 0;
	size_t count = 0;

	if (!cj_named(object, "keyids", &role.keyids))
		return malformed(err, "a role without 'keyids'");
	TRY(read_keyids(role.keyids, keys, &count, err));
	if (!cj_named(object, "threshold", &value) ||
	    !cj_integer(value, ASSAY_TUF_KEYS_MAX, &threshold) || threshold == 0)
		return malformed(err, "the 'threshold' of a role is not a number from 1 on");
	if (threshold > count)
		return malformed(err, "a role has fewer keys than its 'threshold' asks for");
	role.threshold = (uint32_t)threshold;
	*ret_role = role;
	return ASSAY_OK;
}

/* ---- Root, section 4.3 ---- */

static enum assay_status
check_root(struct assay_span payload, struct assay_error *err)
{
	static const char *const required[] = { "root", "snapshot", "targets", "timestamp" };
	struct assay_span value, keys, roles, name;
	struct assay_tuf_role role;
	struct tuf_owners owners;
	size_t cursor = 0, known = 0;
	bool consistent;

	if (cj_named(payload, "consistent_snapshot", &value) && !cj_bool(value, &consistent))
		return malformed(err, "'consistent_snapshot' is neither true nor false");
	if (!cj_named(payload, "keys", &keys) || !cj_is(keys, '{') || !cj_named(payload, "roles", &roles) ||
	    !cj_is(roles, '{'))
		return malformed(err, "a root without 'keys' or 'roles'");
	TRY(tuf_owners_read(keys, &owners, err));
	while (cj_next_member(roles, &cursor, &name, &value)) {
		bool is_required = false;
		for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
			is_required = is_required || assay_span_equal(name, assay_span_str(required[i]));
		if (!is_required && !assay_span_equal(name, assay_span_str("mirrors")))
			return malformed(err, "a root with a role that the specification doesn't know");
		TRY(tuf_role_read(name, value, keys, &role, err));
		known += is_required;
	}
	if (known != sizeof required / sizeof required[0])
		return malformed(err, "a root without one of the roles 'root', 'snapshot', 'targets', 'timestamp'");
	return ASSAY_OK;
}

/* ---- Timestamp and snapshot, sections 4.6 and 4.4 ---- */

static enum assay_status
check_files(struct assay_span payload, const char *required, bool alone, struct assay_error *err)
{
	struct assay_span meta, name, value;
	struct assay_tuf_file file;
	size_t cursor = 0;
	bool found = false;

	if (!cj_named(payload, "meta", &meta) || !cj_is(meta, '{'))
		return malformed(err, "no 'meta'");
	while (cj_next_member(meta, &cursor, &name, &value)) {
		bool is_required = assay_span_equal(name, assay_span_str(required));
		if (alone && !is_required)
			return malformed(err, "a timestamp that lists more than 'snapshot.json'");
		TRY(tuf_file_read(name, value, &file, err));
		found = found || is_required;
	}
	if (!found)
		return assay_fail(err, ASSAY_E_FORMAT, "metadata: 'meta' doesn't list '%s'", required);
	return ASSAY_OK;
}

static enum assay_status
check_timestamp(struct assay_span payload, struct assay_error *err)
{
	return check_files(payload, "snapshot.json", true, err);
}

static enum assay_status
check_snapshot(struct assay_span payload, struct assay_error *err)
{
	return check_files(payload, "targets.json", false, err);
}

/* ---- Targets, section 4.5 ---- */

static enum assay_status
check_patterns(struct assay_span paths, struct assay_error *err)
{
	struct assay_span item, text;
	size_t cursor = 0, count = 0;

	if (!cj_is(paths, '['))
		return malformed(err, "the 'paths' of a delegation are not a list");
	while (cj_next_item(paths, &cursor, &item)) {
		if (++count > ASSAY_TUF_PATTERNS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "a delegation has more than %d patterns", ASSAY_TUF_PATTERNS_MAX);
		if (!cj_text(item, &text) || !tuf_path_ok(text))
			return malformed(err, "a pattern of a delegation is not a relative path");
		const char *fault = tuf_pattern_fault(text);
		if (fault != NULL)
			return assay_fail(err, ASSAY_E_UNSUPPORTED, "metadata: the pattern '%.*s' of a delegation has %s",
			    (int)text.len, (const char *)text.data, fault);
	}
	return ASSAY_OK;
}

static enum assay_status
check_prefixes(struct assay_span prefixes, struct assay_error *err)
{
	struct assay_span item, text = { NULL, 0 };
	size_t cursor = 0, count = 0;

	if (!cj_is(prefixes, '['))
		return malformed(err, "the 'path_hash_prefixes' of a delegation are not a list");
	while (cj_next_item(prefixes, &cursor, &item)) {
		if (++count > ASSAY_TUF_PATTERNS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "a delegation has more than %d prefixes", ASSAY_TUF_PATTERNS_MAX);
		if (!cj_text(item, &text) || !tuf_prefix_ok(text))
			return malformed(err, "a hash prefix of a delegation is not lower-case hex of at most 64 digits");
	}
	return ASSAY_OK;
}

/* The names that the specification gives to others. */
static bool
top_level(struct assay_span name)
{
	static const char *const names[] = { "root", "timestamp", "snapshot", "targets", "mirrors" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (assay_span_equal(name, assay_span_str(names[i])))
			return true;
	}
	return false;
}

/* Fills the fields of a delegation; form alone. */
static enum assay_status
read_delegation(struct assay_span object, struct assay_span keys, struct assay_tuf_role *ret_role,
    struct assay_error *err)
{
	struct assay_tuf_role role;
	struct assay_span value, name;

	if (!cj_named(object, "name", &value) || !cj_text(value, &name) || !tuf_name_ok(name) ||
	    top_level(name))
		return malformed(err, "the name of a delegated role is not of 1 to 64 letters, digits, '.', '_', '-', or is taken");
	TRY(tuf_role_read(name, object, keys, &role, err));
	if (cj_named(object, "terminating", &value) && !cj_bool(value, &role.terminating))
		return malformed(err, "'terminating' is neither true nor false");
	bool by_paths = cj_named(object, "paths", &role.paths);
	bool by_prefixes = cj_named(object, "path_hash_prefixes", &role.prefixes);
	if (by_paths == by_prefixes)
		return malformed(err, "a delegation needs either 'paths' or 'path_hash_prefixes'");
	*ret_role = role;
	return ASSAY_OK;
}

static enum assay_status
check_delegations(struct assay_span delegations, struct assay_error *err)
{
	struct assay_span keys, roles, object, value, names[ASSAY_TUF_DELEGATIONS_MAX];
	struct assay_tuf_role role;
	struct tuf_owners owners;
	size_t cursor = 0, count = 0;

	if (!cj_named(delegations, "keys", &keys) || !cj_is(keys, '{') ||
	    !cj_named(delegations, "roles", &roles) || !cj_is(roles, '['))
		return malformed(err, "'delegations' without 'keys' or 'roles'");
	TRY(tuf_owners_read(keys, &owners, err));
	while (cj_next_item(roles, &cursor, &object)) {
		if (count >= ASSAY_TUF_DELEGATIONS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "metadata has more than %d delegations", ASSAY_TUF_DELEGATIONS_MAX);
		TRY(read_delegation(object, keys, &role, err));
		if (cj_named(object, "paths", &value))
			TRY(check_patterns(value, err));
		else
			TRY(check_prefixes(role.prefixes, err));
		for (size_t i = 0; i < count; i++) {
			if (assay_span_equal(names[i], role.name))
				return malformed(err, "two delegations to one role");
		}
		names[count++] = role.name;
	}
	return ASSAY_OK;
}

static enum assay_status
check_targets(struct assay_span payload, struct assay_error *err)
{
	struct assay_span targets, delegations, path, object;
	struct assay_tuf_target target;
	size_t cursor = 0;

	if (!cj_named(payload, "targets", &targets) || !cj_is(targets, '{'))
		return malformed(err, "no 'targets'");
	while (cj_next_member(targets, &cursor, &path, &object))
		TRY(tuf_target_read(path, object, &target, err));
	if (cj_named(payload, "delegations", &delegations))
		return check_delegations(delegations, err);
	return ASSAY_OK;
}

/* ---- All ---- */

static const struct {
	const char *name;
	enum assay_tuf_type type;
	size_t most;
	enum assay_status (*check)(struct assay_span payload, struct assay_error *err);
} types[] = {
	{ "root", ASSAY_TUF_ROOT, ASSAY_TUF_ROOT_MAX, check_root },
	{ "timestamp", ASSAY_TUF_TIMESTAMP, ASSAY_TUF_TIMESTAMP_MAX, check_timestamp },
	{ "snapshot", ASSAY_TUF_SNAPSHOT, ASSAY_TUF_SNAPSHOT_MAX, check_snapshot },
	{ "targets", ASSAY_TUF_TARGETS, ASSAY_TUF_TARGETS_MAX, check_targets },
};

/* "1.0.34", "1.0": a major version of 1, for what comes in it is meant to be read by older clients. */
static enum assay_status
check_version(struct assay_span text, struct assay_error *err)
{
	size_t dots = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool dot = text.data[i] == '.';
		bool digit = text.data[i] >= '0' && text.data[i] <= '9';
		if ((!dot && !digit) || (dot && (i == 0 || i + 1 == text.len || text.data[i - 1] == '.')))
			return malformed(err, "'spec_version' is not of the form '1.0.34'");
		dots += dot;
	}
	if (dots == 0 || dots > 2)
		return malformed(err, "'spec_version' is not of the form '1.0.34'");
	if (text.data[0] != '1' || text.data[1] != '.')
		return assay_fail(err, ASSAY_E_VERSION, "metadata by version %.*s of the specification; version 1 is read",
		    (int)(text.len > 16 ? 16 : text.len), (const char *)text.data);
	return ASSAY_OK;
}

static enum assay_status
read_payload(size_t file_len, struct assay_tuf_meta *meta, struct assay_error *err)
{
	struct assay_span value, type, text;

	if (!cj_named(meta->payload, "_type", &value) || !cj_text(value, &type))
		return malformed(err, "no '_type'");
	if (!cj_named(meta->payload, "spec_version", &value) || !cj_text(value, &text))
		return malformed(err, "no 'spec_version'");
	TRY(check_version(text, err));
	if (!cj_named(meta->payload, "version", &value) ||
	    !cj_integer(value, VERSION_MAX, &meta->version) || meta->version == 0)
		return malformed(err, "'version' is not a number from 1 on");
	if (!cj_named(meta->payload, "expires", &value) || !cj_text(value, &text) ||
	    !tuf_time(text, &meta->expires))
		return malformed(err, "'expires' is not of the form '2030-01-01T00:00:00Z'");
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (!assay_span_equal(type, assay_span_str(types[i].name)))
			continue;
		if (file_len > types[i].most)
			return assay_fail(err, ASSAY_E_LIMIT, "metadata of type '%s' is longer than %zu bytes", types[i].name,
			    types[i].most);
		meta->type = types[i].type;
		return types[i].check(meta->payload, err);
	}
	return malformed(err, "'_type' is none of 'root', 'timestamp', 'snapshot', 'targets'");
}

/* Section 4.2: no keyid twice. An empty "sig" is a place for one that is still to come. */
static enum assay_status
check_signatures(struct assay_span signatures, struct assay_error *err)
{
	struct assay_span item, value, keyids[ASSAY_TUF_SIGNATURES_MAX], sig;
	unsigned char bytes[ASSAY_TUF_SIGNATURE_SIZE / 2];
	size_t cursor = 0, count = 0;

	if (!cj_is(signatures, '['))
		return malformed(err, "'signatures' are not a list");
	while (cj_next_item(signatures, &cursor, &item)) {
		if (count >= ASSAY_TUF_SIGNATURES_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "metadata carries more than %d signatures", ASSAY_TUF_SIGNATURES_MAX);
		if (!cj_named(item, "keyid", &value) || !cj_text(value, &keyids[count]) ||
		    !tuf_unhex(keyids[count], bytes, ASSAY_SHA256_SIZE))
			return malformed(err, "a signature's 'keyid' is not 64 hexadecimal digits in lower case");
		if (!cj_named(item, "sig", &value) || !cj_text(value, &sig) || sig.len / 2 > sizeof bytes ||
		    !tuf_unhex(sig, bytes, sig.len / 2))
			return malformed(err, "a signature's 'sig' is not lower-case hex");
		for (size_t i = 0; i < count; i++) {
			if (assay_span_equal(keyids[i], keyids[count]))
				return malformed(err, "two signatures by one keyid");
		}
		count++;
	}
	return ASSAY_OK;
}

enum assay_status
assay_tuf_parse(struct assay_span file, struct assay_tuf_room *room,
    struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	struct assay_tuf_meta meta = { .version = 0 };
	struct assay_span canonical;

	if (room->data == NULL || room->used > room->size)
		return assay_fail(err, ASSAY_E_USAGE, "metadata: no room to read it into");
	TRY(assay_json_canonical(file, room->data + room->used, room->size - room->used, &canonical, err));
	if (!cj_named(canonical, "signed", &meta.payload) || !cj_is(meta.payload, '{') ||
	    !cj_named(canonical, "signatures", &meta.signatures))
		return malformed(err, "not an object with 'signed' and 'signatures'");
	TRY(check_signatures(meta.signatures, err));
	TRY(read_payload(file.len, &meta, err));
	size_t used = canonical.len + (ALIGNMENT - canonical.len % ALIGNMENT) % ALIGNMENT;
	room->used += used < room->size - room->used ? used : room->size - room->used;
	*ret_meta = meta;
	return ASSAY_OK;
}

struct assay_span
tuf_keys_of(const struct assay_tuf_meta *meta)
{
	struct assay_span keys = { NULL, 0 };
	size_t inside, at;

	if (meta->type == ASSAY_TUF_ROOT)
		(void)cj_named(meta->payload, "keys", &keys);
	else if (meta->type == ASSAY_TUF_TARGETS && cj_value_at(meta->payload, 1, "delegations", &inside) &&
	    cj_value_at(meta->payload, inside + 1, "keys", &at))
		(void)cj_value(meta->payload, at, &keys);
	return keys;
}

enum assay_status
assay_tuf_fingerprint(const struct assay_tuf_meta *meta, char ret_hex[ASSAY_TUF_HEX_SIZE])
{
	unsigned char digest[ASSAY_SHA256_SIZE];

	TRY(assay_sha256(meta->payload, digest));
	tuf_hex(digest, sizeof digest, ret_hex);
	return ASSAY_OK;
}

enum assay_status
assay_tuf_role(const struct assay_tuf_meta *root, const char *name,
    struct assay_tuf_role *ret_role)
{
	struct assay_span roles, object;

	if (root->type != ASSAY_TUF_ROOT || !top_level(assay_span_str(name)) ||
	    !cj_named(root->payload, "roles", &roles) || !cj_named(roles, name, &object))
		return ASSAY_E_NOT_FOUND;
	return tuf_role_read(assay_span_str(name), object, tuf_keys_of(root), ret_role, NULL);
}

/* A cursor is an offset into the payload, so that a step costs what it steps over and not the whole list. */
bool
assay_tuf_next_delegation(const struct assay_tuf_meta *targets, size_t *cursor,
    struct assay_tuf_role *ret_role)
{
	struct assay_span object;
	size_t inside, at = *cursor;

	if (targets->type != ASSAY_TUF_TARGETS)
		return false;
	if (at == 0) {
		if (!cj_value_at(targets->payload, 1, "delegations", &inside) ||
		    !cj_value_at(targets->payload, inside + 1, "roles", &at))
			return false;
		at++;
	}
	if (!cj_value(targets->payload, at, &object) || !cj_is(object, '{') ||
	    read_delegation(object, tuf_keys_of(targets), ret_role, NULL) != ASSAY_OK)
		return false;
	*cursor = at + object.len + 1;
	return true;
}
