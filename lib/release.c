/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Releases, assay-release(5): from what the operator was told of the maker's first root to the digest of a manifest.
 *
 * Times are asked at the end and by themselves (assay_release_allows()): what was good when it was installed stays so.
 */
#include <assay/release.h>

#include <string.h>

#include "catch.h"
#include "release_inside.h"

enum step { AT_ROOT = 1, AT_RELEASE, AT_DONE };

static const char manifest_path[] = "release/manifest";

enum assay_status
release_fail(struct assay_release_check *check, enum assay_release_code code, struct assay_error *err)
{
	check->code = code;
	(void)assay_fail(err, ASSAY_E_VERIFY, "%s", assay_release_code_text(code));
	return assay_error_todo(err, ASSAY_E_VERIFY, "%s", assay_release_code_todo(code));
}

/* Keeps the words of what failed. Want of memory, and a crypto library that fails, are no fault of the release. */
static enum assay_status
release_fault(struct assay_release_check *check, enum assay_status status, enum assay_release_code code,
    struct assay_error *err)
{
	check->code = code;
	return assay_error_todo(err, status, "%s", assay_release_code_todo(code));
}

static enum assay_status
out_of_order(struct assay_release_check *check, struct assay_error *err)
{
	check->code = ASSAY_RELEASE_BAD_METADATA;
	return assay_fail(err, ASSAY_E_USAGE, "the steps of reading a release are out of order");
}

/* Reads a file behind what the room holds; *room goes on only when it could be read. */
enum assay_status
release_parse(struct assay_release_check *check, struct assay_span file, size_t most, enum assay_tuf_type type,
    struct assay_tuf_meta *ret_meta, struct assay_error *err)
{
	struct assay_tuf_room room = check->state.room;
	struct assay_tuf_meta meta;
	enum assay_status status = ASSAY_OK;
	if (file.len > most)
		status = assay_fail(err, ASSAY_E_LIMIT, "metadata: longer than %zu bytes", most);
	if (status == ASSAY_OK)
		status = assay_tuf_parse(file, &room, &meta, err);
	if (status == ASSAY_OK && meta.type != type)
		status = assay_fail(err, ASSAY_E_FORMAT, "metadata: of another '_type' than its name says");
	if (status != ASSAY_OK)
		return release_fault(check, status, ASSAY_RELEASE_BAD_METADATA, err);
	check->state.room = room;
	*ret_meta = meta;
	return ASSAY_OK;
}

/* ---- roots ---- */

static enum assay_status
check_first(struct assay_release_check *check, struct assay_span root, const char *fingerprint, struct assay_error *err)
{
	struct assay_tuf_meta meta;
	char hex[ASSAY_TUF_HEX_SIZE];
	TRY(release_parse(check, root, ASSAY_RELEASE_ROOT_MAX, ASSAY_TUF_ROOT, &meta, err));
	TRY(assay_tuf_fingerprint(&meta, hex));
	if (fingerprint == NULL)
		return ASSAY_OK;
	if (CATCH(release_foreign_root, strcmp(hex, fingerprint) != 0))
		return release_fail(check, ASSAY_RELEASE_FOREIGN_ROOT, err);
	memcpy(check->fingerprint, hex, sizeof hex);
	return ASSAY_OK;
}

enum assay_status
assay_release_begin(struct assay_tuf_room room, struct assay_span root, const char *fingerprint,
    struct assay_release_check *check, struct assay_error *err)
{
	room.used = 0;
	memset(check, 0, sizeof *check);
	check->state.room = room;
	TRY(check_first(check, root, fingerprint, err));
	enum assay_status status = assay_tuf_begin(room, INT64_MIN, root, NULL, &check->state, err);
	if (status != ASSAY_OK)
		return release_fault(check, status, ASSAY_RELEASE_ROOT_CHAIN, err);
	check->step = AT_ROOT;
	return ASSAY_OK;
}

/* Two roots of one version would be two truths. */
static enum assay_status
check_same(struct assay_release_check *check, struct assay_span file, struct assay_error *err)
{
	const struct assay_tuf_room room = check->state.room;
	struct assay_tuf_meta meta;
	TRY(release_parse(check, file, ASSAY_RELEASE_ROOT_MAX, ASSAY_TUF_ROOT, &meta, err));
	check->state.room = room;
	if (CATCH(release_root_fork, !assay_span_equal(meta.payload, check->state.root.payload)))
		return release_fail(check, ASSAY_RELEASE_ROOT_CHAIN, err);
	return ASSAY_OK;
}

enum assay_status
assay_release_root(struct assay_release_check *check, struct assay_span file, struct assay_error *err)
{
	bool is_new = false;
	if (check->step != AT_ROOT)
		return out_of_order(check, err);
	if (file.len > ASSAY_RELEASE_ROOT_MAX) {
		(void)assay_fail(err, ASSAY_E_LIMIT, "metadata: a root longer than %u bytes", ASSAY_RELEASE_ROOT_MAX);
		return release_fault(check, ASSAY_E_LIMIT, ASSAY_RELEASE_BAD_METADATA, err);
	}
	enum assay_status status = assay_tuf_update_root(&check->state, file, &is_new, err);
	if (status == ASSAY_E_FORMAT || status == ASSAY_E_VERSION)
		return release_fault(check, status, ASSAY_RELEASE_BAD_METADATA, err);
	if (status != ASSAY_OK)
		return release_fault(check, status, ASSAY_RELEASE_ROOT_CHAIN, err);
	return is_new ? ASSAY_OK : check_same(check, file, err);
}

/* ---- who may release ---- */

static struct assay_span
repository_of(const struct assay_tuf_meta *meta)
{
	struct assay_span value = { NULL, 0 };
	return cj_named(meta->payload, "x-assay-repository", &value) ? value : (struct assay_span) { NULL, 0 };
}

/* The same people may sign for several repositories: what they signed for one counts for no other. */
static bool
is_for_another(const struct assay_release_check *check, const struct assay_tuf_meta *meta)
{
	return !assay_span_equal(repository_of(&check->state.root), repository_of(meta));
}

static bool
find_role(struct assay_release_check *check)
{
	size_t cursor = 0;
	while (assay_tuf_next_delegation(&check->targets, &cursor, &check->role)) {
		if (assay_span_equal(check->role.name, assay_span_str("release")))
			return true;
	}
	return false;
}

enum assay_status
assay_release_authority(struct assay_release_check *check, struct assay_span file, struct assay_error *err)
{
	struct assay_tuf_role targets;
	if (check->step != AT_ROOT)
		return out_of_order(check, err);
	TRY(release_parse(check, file, ASSAY_RELEASE_TARGETS_MAX, ASSAY_TUF_TARGETS, &check->targets, err));
	enum assay_status status = assay_tuf_role(&check->state.root, "targets", &targets);
	if (status != ASSAY_OK)
		return release_fault(check, status, ASSAY_RELEASE_NO_AUTHORITY, err);
	status = assay_tuf_tally(&check->targets, &targets, NULL, err);
	if (CATCH(release_authority_signed, status == ASSAY_E_VERIFY) || (status != ASSAY_OK && status != ASSAY_E_VERIFY))
		return release_fault(check, status, ASSAY_RELEASE_NO_AUTHORITY, err);
	status = assay_tuf_same_people(&check->state.root, &check->targets, err);
	if (status != ASSAY_OK)
		return release_fault(check, status, ASSAY_RELEASE_NO_AUTHORITY, err);
	if (CATCH(release_authority_repository, is_for_another(check, &check->targets)))
		return release_fail(check, ASSAY_RELEASE_NO_AUTHORITY, err);
	if (!find_role(check))
		return release_fail(check, ASSAY_RELEASE_NO_AUTHORITY, err);
	check->step = AT_RELEASE;
	return ASSAY_OK;
}

/* ---- who signed ---- */

static bool
next_signature(const struct assay_tuf_meta *meta, size_t *cursor, struct assay_span *ret_keyid)
{
	struct assay_span item, value, sig;
	while (cj_next_item(meta->signatures, cursor, &item)) {
		if (cj_named(item, "sig", &value) && cj_text(value, &sig) && sig.len > 0 && cj_named(item, "keyid", &value) &&
		    cj_text(value, ret_keyid))
			return true;
	}
	return false;
}

static bool
holds_role(const struct assay_release_check *check, struct assay_span keyid)
{
	struct assay_span item, text;
	size_t cursor = 0;
	while (cj_next_item(check->role.keyids, &cursor, &item)) {
		if (cj_text(item, &text) && assay_span_equal(text, keyid))
			return true;
	}
	return false;
}

/* Why the people are too few: the reason that tells most of what was tried. */
static enum assay_release_code
why_too_few(const struct assay_release_check *check, const struct assay_tuf_meta *meta)
{
	struct assay_span keyid, revoked, value;
	const bool has_revoked = cj_named(check->targets.payload, "x-assay-revoked", &revoked);
	size_t cursor = 0, count = 0;
	bool is_unknown = false, is_revoked = false;
	while (next_signature(meta, &cursor, &keyid)) {
		count++;
		if (holds_role(check, keyid))
			continue;
		const bool known = has_revoked && cj_member(revoked, keyid, &value);
		is_revoked |= known;
		is_unknown |= !known;
	}
	if (count == 0)
		return ASSAY_RELEASE_UNSIGNED;
	if (check->tally.bad > 0)
		return ASSAY_RELEASE_BAD_SIGNATURE;
	if (is_revoked)
		return ASSAY_RELEASE_REVOKED_KEY;
	if (is_unknown)
		return ASSAY_RELEASE_UNKNOWN_KEY;
	return check->tally.keys >= check->tally.threshold ? ASSAY_RELEASE_SAME_PERSON : ASSAY_RELEASE_TOO_FEW_KEYS;
}

static enum assay_status
check_signed(struct assay_release_check *check, const struct assay_tuf_meta *meta, struct assay_error *err)
{
	if (meta->payload.len > ASSAY_RELEASE_SIGNED_MAX) {
		(void)assay_fail(err, ASSAY_E_LIMIT, "what is signed has %zu bytes, and %d are the most", meta->payload.len,
		    ASSAY_RELEASE_SIGNED_MAX);
		return release_fault(check, ASSAY_E_LIMIT, ASSAY_RELEASE_BAD_METADATA, err);
	}
	if (CATCH(release_repository, is_for_another(check, meta)))
		return release_fail(check, ASSAY_RELEASE_BAD_METADATA, err);
	enum assay_status status = assay_tuf_tally(meta, &check->role, &check->tally, err);
	if (CATCH(release_signed, status == ASSAY_E_VERIFY))
		return release_fail(check, why_too_few(check, meta), err);
	if (status != ASSAY_OK && status != ASSAY_E_VERIFY)
		return release_fault(check, status, ASSAY_RELEASE_BAD_METADATA, err);
	return ASSAY_OK;
}

/* ---- what it says ---- */

static bool
is_word(struct assay_span s, const char *more)
{
	if (s.len == 0 || s.len > ASSAY_RELEASE_WORD_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = s.data[i];
		const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!plain && (c == '\0' || strchr(more, c) == NULL))
			return false;
	}
	return true;
}

static bool
is_hex(struct assay_span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!((s.data[i] >= '0' && s.data[i] <= '9') || (s.data[i] >= 'a' && s.data[i] <= 'f')))
			return false;
	}
	return true;
}

bool
release_text(struct assay_span custom, const char *name, struct assay_span *ret_text)
{
	struct assay_span value;
	return cj_named(custom, name, &value) && cj_text(value, ret_text);
}

bool
release_product_ok(struct assay_span text)
{
	return is_word(text, "._+~-");
}

static const char *
read_custom(struct assay_span custom, struct assay_release *r)
{
	struct assay_span value;
	if (!release_text(custom, "product", &r->product) || !release_product_ok(r->product))
		return "'product' is not a word of letters, digits and '._+~-'";
	if (!release_text(custom, "version", &r->version) || !is_word(r->version, "._+~-:"))
		return "'version' is not a word of letters, digits and '._+~-:'";
	if (!cj_named(custom, "counter", &value) || !cj_integer(value, ASSAY_JSON_INTEGER_MAX, &r->counter))
		return "'counter' is not a whole number";
	if (!release_text(custom, "commit", &r->commit) || !is_hex(r->commit) || (r->commit.len != 40 && r->commit.len != 64))
		return "'commit' is not the id of a commit in hexadecimal";
	if (!release_text(custom, "tree", &r->tree) || !is_hex(r->tree) || r->tree.len != 64)
		return "'tree' is not a SHA-256 in hexadecimal";
	return NULL;
}

/* "release/NAME", nothing deeper. */
static bool
is_plain(struct assay_span path)
{
	const size_t prefix = sizeof "release/" - 1;
	return path.len > prefix && memcmp(path.data, "release/", prefix) == 0 &&
	    memchr(path.data + prefix, '/', path.len - prefix) == NULL;
}

static const char *
read_targets(const struct assay_release_check *check, const struct assay_tuf_meta *meta, struct assay_release *r)
{
	struct assay_tuf_target target;
	size_t cursor = 0, count = 0;
	bool found = false;
	while (assay_tuf_next_target(meta, &cursor, &target)) {
		if (++count > ASSAY_RELEASE_TARGETS_COUNT_MAX)
			return "it has more than 8 targets";
		if (!is_plain(target.path) || !assay_tuf_covers(&check->role, target.path))
			return "the role 'release' may not speak of one of its targets";
		if (!target.has_sha256)
			return "a target without SHA-256";
		if (assay_span_equal(target.path, assay_span_str(manifest_path))) {
			r->manifest = target;
			found = true;
		}
	}
	return found ? read_custom(r->manifest.custom, r) : "it names no manifest";
}

static void
note_expiry(struct assay_release *r, const struct assay_tuf_meta *meta, const char *file)
{
	if (r->expires_file != NULL && r->expires <= meta->expires)
		return;
	r->expires = meta->expires;
	r->expires_file = file;
}

static enum assay_status
check_content(struct assay_release_check *check, const struct assay_tuf_meta *meta, struct assay_release *r,
    struct assay_error *err)
{
	struct assay_span value;
	const char *fault = cj_named(meta->payload, "delegations", &value) ? "it delegates to others" :
	                                                                     read_targets(check, meta, r);
	if (fault == NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_FORMAT, "release.json: %s", fault);
	return release_fault(check, ASSAY_E_FORMAT, ASSAY_RELEASE_BAD_METADATA, err);
}

enum assay_status
assay_release_read(struct assay_release_check *check, struct assay_span file, struct assay_release *ret_release,
    struct assay_error *err)
{
	struct assay_release r = { .number = 0 };
	struct assay_tuf_meta meta;
	if (check->step != AT_RELEASE)
		return out_of_order(check, err);
	memset(&check->tally, 0, sizeof check->tally);
	TRY(release_parse(check, file, ASSAY_RELEASE_FILE_MAX, ASSAY_TUF_TARGETS, &meta, err));
	TRY(check_signed(check, &meta, err));
	TRY(check_content(check, &meta, &r, err));
	TRY(assay_sha256(meta.payload, r.digest));
	r.number = meta.version;
	r.tally = check->tally;
	r.root_version = check->state.root.version;
	r.targets_version = check->targets.version;
	memcpy(r.fingerprint, check->fingerprint, sizeof r.fingerprint);
	note_expiry(&r, &check->state.root, "root.json");
	note_expiry(&r, &check->targets, "targets.json");
	note_expiry(&r, &meta, "release.json");
	check->meta = meta;
	check->step = AT_DONE;
	check->code = ASSAY_RELEASE_OK;
	*ret_release = r;
	return ASSAY_OK;
}

bool
assay_release_next_target(const struct assay_release_check *check, size_t *cursor, struct assay_tuf_target *ret_target)
{
	return check->step == AT_DONE && assay_tuf_next_target(&check->meta, cursor, ret_target);
}

bool
release_is_read(const struct assay_release_check *check)
{
	return check->step == AT_DONE;
}

enum assay_status
release_read_signed(struct assay_release_check *check, struct assay_span file, struct assay_tuf_meta *ret_meta,
    struct assay_error *err)
{
	if (check->step != AT_DONE)
		return out_of_order(check, err);
	TRY(release_parse(check, file, ASSAY_RELEASE_FILE_MAX, ASSAY_TUF_TARGETS, ret_meta, err));
	return check_signed(check, ret_meta, err);
}
