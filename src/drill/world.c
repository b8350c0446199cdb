/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same tree, sealed by people who don't exist. What only holders of the maker's keys could do wrong is tried in their world.
 */
#include "inside.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <string.h>
#include <sys/stat.h>
#include <trust/metadata.h>
#include <unistd.h>

#define ID "00000000000000000000000000000d41"
#define ELSEWHERE "00000000000000000000000000000d42"
#define COMMIT "d411d411d411d411d411d411d411d411d411d411"
#define OTHER_COMMIT "d412d412d412d412d412d412d412d412d412d412"
#define SOURCE "d411d411d411d411d411d411d411d411d411d411d411d411d411d411d411d411"
#define NUMBER 7
#define COUNTER 3
#define TARGETS_VERSION 2
/* A release of the maker's with a larger number than this one has got to the end of them. */
#define NUMBER_MAX (UINT64_C(1) << 50)

const struct drill_spec world_foreign = { .by = "ab" };

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for a world of its own");
}

/*
 * The numbers of a spec are those of a maker's seventh release. Whoever tries it may hold on to what the real maker's last one was, so they
 * stand above that one's.
 */
static uint64_t
number_of(const struct drill_work *w, uint64_t number)
{
	return number + (w->drill->number < NUMBER_MAX ? w->drill->number : 0);
}

static uint64_t
counter_of(const struct drill_work *w, uint64_t counter)
{
	return counter + (w->drill->counter < NUMBER_MAX ? w->drill->counter : 0);
}

static const char *
product_of(const struct drill_work *w, const struct drill_spec *spec)
{
	return spec->product != NULL ? spec->product : w->drill->product;
}

static json_t *
payload(const struct drill_work *w, const char *type, json_int_t version, bool old, const char *repository)
{
	char when[WHEN_TEXT_SIZE];
	when_format(w->request->now + INT64_C(86400) * (old ? -2 : 365), when);
	return json_pack("{s:s, s:s, s:I, s:s, s:s}", "_type", type, "spec_version", "1.0.34", "version", version, "expires", when,
	    "x-assay-repository", repository);
}

static json_t *
key_ids(const struct drill_work *w, const char *letters)
{
	json_t *ids = json_array();
	for (const char *c = letters; *c != '\0'; c++)
		(void)json_array_append_new(ids, json_string(drill_key_id(w->keys, *c)));
	return ids;
}

static json_t *
key_objects(const struct drill_work *w, const char *letters)
{
	json_t *objects = json_object();
	for (const char *c = letters; *c != '\0'; c++)
		(void)json_object_set(objects, drill_key_id(w->keys, *c), drill_key_object(w->keys, *c));
	return objects;
}

static json_t *
role(const struct drill_work *w, const char *letters, int threshold)
{
	return json_pack("{s:o, s:i}", "keyids", key_ids(w, letters), "threshold", threshold);
}

static enum assay_status
put(struct drill_work *w, const char *folder, const char *name, json_t *document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *own = document;
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	if (own == NULL)
		return no_memory(err);
	TRY(trust_write(own, &bytes, err));
	return drill_write(w, folder, name, buf_span(&bytes), err);
}

/* anna, bea and carl: two of them. */
static json_t *
root(const struct drill_work *w, json_int_t version, bool old, bool other)
{
	json_t *p = payload(w, "root", version, old, ID);
	if (other)
		(void)json_object_set_new(p, "expires", json_string("2098-01-01T00:00:00Z"));
	json_t *roles = json_pack("{s:o, s:o, s:o, s:o}", "root", role(w, "abc", 2), "targets", role(w, "abc", 2), "snapshot", role(w, "abc", 1),
	    "timestamp", role(w, "abc", 1));
	if (json_object_set_new(p, "roles", roles) != 0 || json_object_set_new(p, "keys", key_objects(w, "abc")) != 0 ||
	    json_object_set_new(p, "consistent_snapshot", json_false()) != 0) {
		json_decref(p);
		return NULL;
	}
	return p;
}

/* anna and bea may release: both. */
static json_t *
targets(const struct drill_work *w, const struct drill_spec *spec)
{
	json_t *p = payload(w, "targets", spec->targets != 0 ? (json_int_t)spec->targets : TARGETS_VERSION, (spec->old & OLD_TARGETS) != 0,
	    spec->authority_elsewhere ? ELSEWHERE : ID);
	json_t *release = role(w, "aAb", 2);
	(void)json_object_set_new(release, "name", json_string("release"));
	(void)json_object_set_new(release, "paths", json_pack("[s]", "release/*"));
	(void)json_object_set_new(release, "terminating", json_true());
	json_t *delegations = json_pack("{s:o, s:[o]}", "keys", key_objects(w, "aAb"), "roles", release);
	json_t *revoked = json_pack("{s:s}", drill_key_id(w->keys, 'r'), "2026-01-01");
	if (json_object_set_new(p, "delegations", delegations) != 0 || json_object_set_new(p, "targets", json_object()) != 0 ||
	    json_object_set_new(p, TRUST_REVOKED, revoked) != 0) {
		json_decref(p);
		return NULL;
	}
	return p;
}

static enum assay_status
describe(struct assay_span bytes, json_t *custom, json_t **ret, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[ASSAY_TUF_HEX_SIZE];
	TRY(assay_sha256(bytes, digest));
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	*ret = json_pack("{s:I, s:{s:s}, s:o}", "length", (json_int_t)bytes.len, "hashes", "sha256", hex, "custom", custom);
	return *ret == NULL ? no_memory(err) : ASSAY_OK;
}

static enum assay_status
release(const struct drill_work *w, const struct drill_spec *spec, struct assay_span manifest, json_t **ret, struct assay_error *err)
{
	json_t *target = NULL;
	const uint64_t counter = counter_of(w, spec->counter != 0 ? spec->counter : COUNTER);
	json_t *custom = json_pack("{s:s, s:s, s:I, s:s, s:s}", "product", product_of(w, spec), "version", w->drill->version, "counter",
	    (json_int_t)counter, "commit", spec->other_commit ? OTHER_COMMIT : COMMIT, "tree", SOURCE);
	TRY(describe(manifest, custom, &target, err));
	const uint64_t number = number_of(w, spec->number != 0 ? spec->number : NUMBER);
	*ret = payload(w, "targets", (json_int_t)number, (spec->old & OLD_RELEASE) != 0, spec->elsewhere ? ELSEWHERE : ID);
	if (json_object_set_new(*ret, "targets", json_pack("{s:o}", "release/manifest", target)) == 0)
		return ASSAY_OK;
	json_decref(*ret);
	return no_memory(err);
}

static enum assay_status
digest_of(const json_t *value, unsigned char ret[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	TRY(trust_canonical(value, &bytes, err));
	return assay_sha256(buf_span(&bytes), ret);
}

static enum assay_status
rollback(struct drill_work *w, const struct drill_spec *spec, const char *folder, const json_t *to, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[ASSAY_TUF_HEX_SIZE];
	json_t *target = NULL;
	if (spec->rollback == NULL)
		return ASSAY_OK;
	TRY(digest_of(to, digest, err));
	if (spec->rollback_other)
		digest[0] ^= 1;
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	const uint64_t from = number_of(w, spec->rollback_from != 0 ? spec->rollback_from : spec->floor);
	json_t *custom = json_pack("{s:s, s:I, s:I, s:s, s:s}", "product", product_of(w, spec), "from", (json_int_t)from, "to",
	    (json_int_t)number_of(w, NUMBER), "to-release", hex, "reason", "a drill");
	TRY(describe((struct assay_span){ (const unsigned char *)"", 0 }, custom, &target, err));
	json_t *p = payload(w, "targets", 1, (spec->old & OLD_ROLLBACK) != 0, ID);
	if (json_object_set_new(p, "targets", json_pack("{s:o}", "release/rollback", target)) != 0)
		return no_memory(err);
	if (spec->rollback_used) {
		TRY(digest_of(p, w->floor.used[0], err));
		w->floor.used_count = 1;
	}
	return put(w, folder, "rollback.json", drill_sign(w->keys, p, spec->rollback), err);
}

static enum assay_status
remember(struct drill_work *w, const struct drill_spec *spec, const char *fingerprint, const json_t *first_root, const json_t *is_signed,
    struct assay_error *err)
{
	struct assay_release_floor *f = &w->floor.floor;
	if (spec->floor == 0)
		return ASSAY_OK;
	*f = (struct assay_release_floor){ .number = number_of(w, spec->floor), .counter = counter_of(w, spec->floor_counter),
		.root_version = spec->fork ? 2 : 1, .targets_version = spec->floor_targets, .seen = w->request->now + spec->seen };
	TRY(digest_of(is_signed, f->digest, err));
	if (!spec->verify_alone)
		f->digest[0] ^= 1;
	text_put(f->product, sizeof f->product, "%s", w->drill->product);
	text_put(w->floor.first_root, sizeof w->floor.first_root, "%s", fingerprint);
	buf_reset(&w->floor.root);
	CLEANUP(canon_unref) json_t *other = spec->fork ? drill_sign(w->keys, root(w, 2, false, true), "ab") : NULL;
	TRY(trust_write(spec->fork ? other : first_root, &w->floor.root, err));
	w->has_floor = true;
	w->floor.has_agreed = true;
	memset(w->floor.agreed, 0x5a, sizeof w->floor.agreed);
	return ASSAY_OK;
}

static enum assay_status
put_roots(struct drill_work *w, const struct drill_spec *spec, const char *folder, json_t **ret_first, struct assay_error *err)
{
	*ret_first = drill_sign(w->keys, root(w, 1, (spec->old & OLD_ROOT) != 0, false), "ab");
	TRY(put(w, folder, "1.root.json", json_incref(*ret_first), err));
	if (spec->next_root == NULL)
		return ASSAY_OK;
	return put(w, folder, spec->gap ? "3.root.json" : "2.root.json",
	    drill_sign(w->keys, root(w, spec->gap ? 3 : 2, false, spec->other_root), spec->next_root), err);
}

/* As many sign as should, but for one of them it is another manifest. */
static json_t *
sign_release(const struct drill_work *w, const struct drill_spec *spec, json_t *is_signed, json_t *before)
{
	if (!spec->again)
		return drill_sign(w->keys, json_incref(is_signed), spec->by);
	CLEANUP(canon_unref) json_t *others = drill_sign(w->keys, json_incref(before), "b");
	json_t *made = drill_sign(w->keys, json_incref(is_signed), "a");
	(void)json_array_extend(json_object_get(made, "signatures"), json_object_get(others, "signatures"));
	return made;
}

enum assay_status
drill_world_seal(struct drill_work *w, const struct drill_spec *spec, const char *folder, char ret_fingerprint[ASSAY_TUF_HEX_SIZE],
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf edited = BUF_INIT((size_t)DRILL_MANIFEST_MAX + 4096);
	CLEANUP(canon_unref) json_t *first = NULL;
	CLEANUP(canon_unref) json_t *is_signed = NULL;
	CLEANUP(canon_unref) json_t *before = NULL;
	unsigned char digest[ASSAY_SHA256_SIZE];
	drill_remove(folder);
	if (mkdir(folder, 0700) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make a seal");
	TRY(put_roots(w, spec, folder, &first, err));
	TRY(digest_of(json_object_get(first, "signed"), digest, err));
	text_hex((struct assay_span){ digest, sizeof digest }, ret_fingerprint);
	TRY(put(w, folder, "targets.json", drill_sign(w->keys, targets(w, spec),
	    spec->authority_by != NULL ? spec->authority_by : "ac"), err));
	if (spec->edit != EDIT_NONE)
		TRY(drill_edit_manifest(buf_span(&w->manifest), spec->edit, &edited, err));
	const struct assay_span manifest = buf_span(spec->edit != EDIT_NONE ? &edited : &w->manifest);
	TRY(drill_write(w, folder, "manifest", manifest, err));
	TRY(release(w, spec, manifest, &is_signed, err));
	TRY(release(w, spec, buf_span(&w->manifest), &before, err));
	TRY(put(w, folder, "release.json", sign_release(w, spec, is_signed, before), err));
	TRY(rollback(w, spec, folder, is_signed, err));
	return remember(w, spec, ret_fingerprint, first, is_signed, err);
}

enum assay_status
world_attack(struct drill_work *w, const struct drill_row *row, struct assay_error *err)
{
	char fingerprint[ASSAY_TUF_HEX_SIZE];
	TRY(drill_world_seal(w, row->spec, w->seal, fingerprint, err));
	w->root = arena_str(w->arena, fingerprint);
	w->install = !row->spec->verify_alone;
	w->product = w->drill->product;
	if (w->root == NULL)
		return arena_full(err);
	return row->spec->edit == EDIT_EMPTY ? drill_show_nothing(w, err) : ASSAY_OK;
}
