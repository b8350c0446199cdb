/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How it stands with a seal: the answer is that of assay/release.h, to which whoever receives the seal comes as well. Beside it, what the
 * seal says of itself, for people who are still to sign it.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <seal/release.h>
#include <string.h>

void
seal_state_done(struct seal_state *state)
{
	canon_unref(&state->document);
	canon_unref(&state->authority);
}

/* ---- what it says ---- */

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text == NULL ? "" : text;
}

static void
read_terms(struct seal_state *s)
{
	const json_t *body = json_object_get(s->document, "signed");
	const json_t *target = json_object_get(json_object_get(body, "targets"), seal_parts[0].target);
	const json_t *custom = json_object_get(target, "custom");
	const json_int_t counter = json_integer_value(json_object_get(custom, "counter"));
	const char *sha256 = text_of(json_object_get(target, "hashes"), "sha256");
	const json_int_t length = json_integer_value(json_object_get(target, "length"));
	s->product = text_of(custom, "product");
	s->version = text_of(custom, "version");
	s->commit = text_of(custom, "commit");
	s->tree = text_of(custom, "tree");
	s->repository = text_of(body, "x-assay-repository");
	s->number = (uint64_t)trust_version(s->document);
	s->counter = counter < 0 ? 0 : (uint64_t)counter;
	if (when_parse(assay_span_str(trust_expires(s->document)), &s->expires, NULL) != ASSAY_OK)
		s->expires = 0;
	s->has_manifest = length > 0 && text_unhex(assay_span_str(sha256), s->manifest.sha256, sizeof s->manifest.sha256) == ASSAY_OK;
	s->manifest.length = length > 0 ? (uint64_t)length : 0;
}

static bool
listed(const char *const *list, size_t count, const char *who)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], who) == 0)
			return true;
	}
	return false;
}

/* Who of the role has signed meta, and who hasn't yet. */
static enum assay_status
read_people(const struct seal *seal, struct seal_state *s, const struct assay_tuf_meta *meta, struct assay_error *err)
{
	struct assay_tuf_tally tally = { 0 };
	struct assay_tuf_key key;
	/* That there are too few is no error: it is what this tells. */
	const enum assay_status status = assay_tuf_tally(meta, &s->check.role, &tally, err);
	if (status != ASSAY_OK && status != ASSAY_E_VERIFY)
		return status;
	s->people = tally.people;
	s->threshold = s->check.role.threshold;
	for (int signed_ones = 1; signed_ones >= 0; signed_ones--) {
		for (size_t cursor = 0; assay_tuf_next_key(&s->check.role, &cursor, &key);) {
			const bool has = assay_tuf_signed_by(meta, &key) == ASSAY_OK;
			const char *who = arena_copy(seal->arena, key.person);
			if (who == NULL)
				return arena_full(err);
			if (has != (signed_ones == 1) || listed(s->signed_by, s->signed_count, who) || listed(s->waiting, s->waiting_count, who))
				continue;
			if (has && s->signed_count < TRUST_KEYS_MAX)
				s->signed_by[s->signed_count++] = who;
			else if (!has && s->waiting_count < TRUST_KEYS_MAX)
				s->waiting[s->waiting_count++] = who;
		}
	}
	return ASSAY_OK;
}

static enum assay_status
count_people(const struct seal *seal, struct seal_state *s, struct assay_span file, struct assay_error *err)
{
	struct assay_tuf_room room = { .size = file.len + ASSAY_JSON_ROOM(file.len) + 4096 };
	struct assay_tuf_meta meta;
	room.data = arena_alloc(seal->arena, room.size);
	if (room.data == NULL)
		return arena_full(err);
	if (assay_tuf_parse(file, &room, &meta, err) != ASSAY_OK)
		return ASSAY_OK;
	return read_people(seal, s, &meta, err);
}

/* ---- how it stands ---- */

/* Errors that are nobody's fault but the machine's. */
static bool
is_ours(enum assay_status status)
{
	return status == ASSAY_E_MEMORY || status == ASSAY_E_INTERNAL || status == ASSAY_E_SYSTEM;
}

/* Takes what is wrong out of an error. */
static enum assay_status
take_fault(const struct seal *seal, struct seal_state *s, enum assay_status status, enum assay_release_code code,
    const struct assay_error *why, struct assay_error *err)
{
	if (is_ours(status)) {
		if (err != NULL)
			*err = *why;
		return status;
	}
	s->code = code;
	s->why = arena_str(seal->arena, why->what);
	return s->why == NULL ? arena_full(err) : ASSAY_OK;
}

/* Up to who may release; *ret_held false with the reason. */
static enum assay_status
check_authority(const struct seal *seal, const char *fingerprint, struct seal_state *s, bool *ret_held, struct assay_error *err)
{
	struct assay_error why = { 0 };
	struct assay_tuf_room room = { .size = ASSAY_RELEASE_ROOM };
	*ret_held = false;
	s->code = ASSAY_RELEASE_NO_SEAL;
	s->why = seal->root_count == 0 ? "it has no first root" : "it doesn't say who may release";
	if (seal->root_count == 0 || seal->targets.data == NULL)
		return ASSAY_OK;
	room.data = arena_alloc(seal->arena, room.size);
	if (room.data == NULL)
		return arena_full(err);
	enum assay_status status = assay_release_begin(room, seal->roots[0], fingerprint, &s->check, &why);
	for (size_t i = 1; i < seal->root_count && status == ASSAY_OK; i++)
		status = assay_release_root(&s->check, seal->roots[i], &why);
	if (status == ASSAY_OK)
		status = assay_release_authority(&s->check, seal->targets, &why);
	if (status != ASSAY_OK)
		return take_fault(seal, s, status, s->check.code, &why, err);
	*ret_held = true;
	return trust_read(seal->targets, SEAL_TARGETS, TRUST_TARGETS, &s->authority, err);
}

static const struct seal_part *
member_of(struct assay_span target)
{
	for (size_t i = 0; i < seal_part_count; i++) {
		if (assay_span_equal(target, assay_span_str(seal_parts[i].target)))
			return &seal_parts[i];
	}
	return NULL;
}

static enum assay_status
check_member(const struct seal *seal, const struct assay_tuf_target *target, struct seal_state *s, struct assay_error *err)
{
	struct assay_error why = { 0 };
	const struct seal_part *m = member_of(target->path);
	unsigned char sha256[ASSAY_SHA256_SIZE];
	uint64_t length = 0;
	const enum assay_release_code code = m == &seal_parts[0] ? ASSAY_RELEASE_MANIFEST_CHANGED : ASSAY_RELEASE_TARGET_CHANGED;
	if (m == NULL) {
		s->code = ASSAY_RELEASE_BAD_METADATA;
		s->why = "it names a file that has no place in a seal";
		return ASSAY_OK;
	}
	const enum assay_status status = seal_measure(seal->path, m->name, &length, sha256, &why);
	if (status == ASSAY_E_NOT_FOUND) {
		s->code = ASSAY_RELEASE_NO_SEAL;
		s->why = arena_printf(seal->arena, "'%s' is missing", m->name);
		return s->why == NULL ? arena_full(err) : ASSAY_OK;
	}
	if (status != ASSAY_OK)
		return take_fault(seal, s, status, code, &why, err);
	if (length == target->length && memcmp(sha256, target->sha256, sizeof sha256) == 0)
		return ASSAY_OK;
	s->code = code;
	s->why = arena_printf(seal->arena, "'%s' isn't the file that was signed", m->name);
	return s->why == NULL ? arena_full(err) : ASSAY_OK;
}

/* Every file that is named is there as it was signed, and none that isn't named. */
static enum assay_status
check_members(const struct seal *seal, const json_t *document, struct seal_state *s, struct assay_error *err)
{
	const json_t *targets = json_object_get(json_object_get(document, "signed"), "targets");
	for (size_t i = 0; i < seal_part_count && s->code == ASSAY_RELEASE_OK; i++) {
		const json_t *one = json_object_get(targets, seal_parts[i].target);
		struct assay_tuf_target target = { .path = assay_span_str(seal_parts[i].target),
			.length = (uint64_t)json_integer_value(json_object_get(one, "length")) };
		uint64_t length;
		unsigned char sha256[ASSAY_SHA256_SIZE];
		if (one == NULL) {
			const enum assay_status status = seal_measure(seal->path, seal_parts[i].name, &length, sha256, NULL);
			if (status == ASSAY_E_NOT_FOUND)
				continue;
			s->code = ASSAY_RELEASE_SEAL_EXTRA;
			s->why = arena_printf(seal->arena, "'%s' is there, and nobody signed it", seal_parts[i].name);
			return s->why == NULL ? arena_full(err) : ASSAY_OK;
		}
		/* Metadata without this digest was refused when it was read: nothing matches zeros. */
		if (text_unhex(assay_span_str(text_of(json_object_get(one, "hashes"), "sha256")), target.sha256, sizeof target.sha256) != ASSAY_OK)
			memset(target.sha256, 0, sizeof target.sha256);
		TRY(check_member(seal, &target, s, err));
	}
	if (s->code != ASSAY_RELEASE_OK || seal->extra == NULL)
		return ASSAY_OK;
	s->code = ASSAY_RELEASE_SEAL_EXTRA;
	s->why = arena_printf(seal->arena, "'%s' is there, and nobody signed it", seal->extra);
	return s->why == NULL ? arena_full(err) : ASSAY_OK;
}

enum assay_status
seal_look(const struct seal *seal, const char *fingerprint, bool members, struct seal_state *ret_state, struct assay_error *err)
{
	struct assay_error why = { 0 };
	bool held = false;
	struct seal_state *s = ret_state;
	*s = (struct seal_state){ .code = ASSAY_RELEASE_NO_SEAL, .why = "it has no release.json", .product = "", .version = "", .commit = "",
		.tree = "", .repository = "", .reason = "" };
	TRY(check_authority(seal, fingerprint, s, &held, err));
	if (!held || seal->release.data == NULL)
		return ASSAY_OK;
	const enum assay_status status = assay_release_read(&s->check, seal->release, &s->release, &why);
	const enum assay_release_code code = s->check.code;
	if (status != ASSAY_OK)
		TRY(take_fault(seal, s, status, code, &why, err));
	if (trust_read(seal->release, SEAL_RELEASE, TRUST_POLICY, &s->document, err) != ASSAY_OK) {
		s->code = s->code == ASSAY_RELEASE_OK ? ASSAY_RELEASE_BAD_METADATA : s->code;
		return ASSAY_OK;
	}
	read_terms(s);
	TRY(count_people(seal, s, seal->release, err));
	const bool few = status != ASSAY_OK && (code == ASSAY_RELEASE_UNSIGNED || code == ASSAY_RELEASE_TOO_FEW_KEYS);
	if (status != ASSAY_OK && !few)
		return ASSAY_OK;
	const char *words = s->why;
	s->code = ASSAY_RELEASE_OK;
	if (members)
		TRY(check_members(seal, s->document, s, err));
	if (s->code != ASSAY_RELEASE_OK)
		return ASSAY_OK;
	s->draft = few;
	s->complete = status == ASSAY_OK;
	s->code = few ? code : ASSAY_RELEASE_OK;
	s->why = few ? words : NULL;
	return ASSAY_OK;
}

/* ---- going back ---- */

static void
read_rollback(struct seal_state *s)
{
	const json_t *body = json_object_get(s->document, "signed");
	const json_t *custom = json_object_get(json_object_get(json_object_get(body, "targets"), "release/rollback"), "custom");
	const json_int_t from = json_integer_value(json_object_get(custom, "from")), to = json_integer_value(json_object_get(custom, "to"));
	s->from = from < 0 ? 0 : (uint64_t)from;
	s->to = to < 0 ? 0 : (uint64_t)to;
	s->reason = text_of(custom, "reason");
	if (when_parse(assay_span_str(trust_expires(s->document)), &s->expires, NULL) != ASSAY_OK)
		s->expires = 0;
}

enum assay_status
seal_look_rollback(const struct seal *seal, const struct seal_state *of, int64_t now, struct seal_state *ret_state, struct assay_error *err)
{
	struct assay_error why = { 0 };
	struct assay_release_floor floor = { .number = 0 };
	struct seal_state *s = ret_state;
	*s = *of;
	s->document = NULL;
	s->authority = NULL;
	s->complete = s->draft = false;
	s->code = ASSAY_RELEASE_NO_SEAL;
	s->why = "it has no rollback.json";
	s->signed_count = s->waiting_count = 0;
	s->reason = "";
	if (seal->rollback.data == NULL)
		return ASSAY_OK;
	if (trust_read(seal->rollback, SEAL_ROLLBACK, TRUST_POLICY, &s->document, &why) != ASSAY_OK)
		return take_fault(seal, s, ASSAY_E_FORMAT, ASSAY_RELEASE_BAD_METADATA, &why, err);
	read_rollback(s);
	TRY(count_people(seal, s, seal->rollback, err));
	floor.number = s->from;
	const enum assay_status status = assay_release_rollback(&s->check, seal->rollback, &of->release, now, &floor, &why);
	s->complete = status == ASSAY_OK;
	s->draft = !s->complete && (s->check.code == ASSAY_RELEASE_UNSIGNED || s->check.code == ASSAY_RELEASE_TOO_FEW_KEYS);
	if (status != ASSAY_OK)
		return take_fault(seal, s, status, s->check.code, &why, err);
	s->code = ASSAY_RELEASE_OK;
	s->why = NULL;
	return ASSAY_OK;
}

/* ---- who may sign ---- */

static bool
in_role(const json_t *authority, const char *id)
{
	const json_t *ids = json_object_get(trust_role_of(authority, trust_role_find("release")), "keyids");
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *other = json_string_value(json_array_get(ids, i));
		if (other != NULL && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

enum assay_status
seal_own_key(const json_t *authority, const struct seal_state *state, const struct signer *signer, const char **ret_id,
    const char **ret_person, struct assay_error *err)
{
	const char *id = NULL;
	const enum assay_status status = trust_own_key(authority, signer, &id, err);
	if (status != ASSAY_OK && status != ASSAY_E_NOT_FOUND)
		return status;
	if (status == ASSAY_E_NOT_FOUND || !in_role(authority, id)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the key %s may not sign releases%s", signer_fingerprint(signer),
		    status == ASSAY_OK ? ": it holds another role" : "");
		return assay_error_todo(err, ASSAY_E_USAGE, "sign with a key of the role 'release'; 'assay trust show' lists them");
	}
	const char *person = trust_key_person(authority, id);
	/* By signatures that hold: one that somebody forged in a person's name doesn't keep them from signing. */
	if (state != NULL && listed(state->signed_by, state->signed_count, person)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' has signed already", person);
		return assay_error_todo(err, ASSAY_E_USAGE, "another person signs next: nobody counts twice");
	}
	*ret_id = id;
	*ret_person = person;
	return ASSAY_OK;
}
