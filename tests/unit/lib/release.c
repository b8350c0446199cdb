/* SPDX-License-Identifier: Apache-2.0 */
/* Releases: from a fingerprint to a manifest's digest, and what refuses them. */
#include <assay/release.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tufworld.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define TREE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static unsigned char storage[ASSAY_RELEASE_ROOM];
static const struct assay_tuf_room room = { storage, sizeof storage, 0 };
static struct assay_release_check check;
static struct assay_release release;

/* ---- what is read ---- */

/* Anna and Bea release, by Anna's two keys and Bea's one. */
static json_t *
authority(int version)
{
	json_t *targets = world_targets(version);
	world_delegate(targets, "release", "aAb", 2, "release/*", true);
	return targets;
}

static json_t *
custom(void)
{
	return json_pack("{s:s, s:s, s:i, s:s, s:s}", "product", "pump", "version", "2.1.0", "counter", 7, "commit", COMMIT, "tree", TREE);
}

static json_t *
payload(int number)
{
	json_t *targets = world_targets(number);
	world_target(targets, "release/manifest", "assay-manifest 1\n");
	world_target(targets, "release/sbom.cdx.json", "{}");
	world_set(targets, "targets", json_copy(json_object_get(targets, "targets")));
	json_object_set_new(json_object_get(json_object_get(targets, "targets"), "release/manifest"), "custom", custom());
	return targets;
}

static void
set_custom(json_t *targets, const char *name, json_t *value)
{
	json_t *c = json_object_get(json_object_get(json_object_get(targets, "targets"), "release/manifest"), "custom");
	if (value == NULL)
		assert_int_equal(json_object_del(c, name), 0);
	else
		assert_int_equal(json_object_set_new(c, name, value), 0);
}

static const char *
fingerprint_of(struct assay_span root)
{
	static char hex[ASSAY_TUF_HEX_SIZE];
	struct assay_tuf_room other = world_room();
	struct assay_tuf_meta meta;
	ACCEPT(assay_tuf_parse(root, &other, &meta, &world_error));
	ACCEPT(assay_tuf_fingerprint(&meta, hex));
	return hex;
}

/* As far as who may release. */
static void
begin(json_t *targets)
{
	struct assay_span root = world_sign(world_root(1), "ab");
	ACCEPT(assay_release_begin(room, root, fingerprint_of(root), &check, &world_error));
	ACCEPT(assay_release_authority(&check, world_sign(targets, "ad"), &world_error));
}

static void
read_ok(json_t *file, const char *letters)
{
	begin(authority(1));
	ACCEPT(assay_release_read(&check, world_sign(file, letters), &release, &world_error));
}

#define REFUSED(call, wanted) refused(__FILE__, __LINE__, #call, (call), wanted)
static void
refused(const char *file, int line, const char *call, enum assay_status status, enum assay_release_code wanted)
{
	if (status == ASSAY_OK || check.code != wanted || world_error.what[0] == '\0' || world_error.todo[0] == '\0') {
		print_error("%s: %s, '%s' (%s)\n", call, assay_status_name(status), assay_release_code_name(check.code), world_error.what);
		_fail(file, line);
	}
}

static void
refuse_payload(json_t *file, const char *letters, enum assay_release_code wanted)
{
	begin(authority(1));
	REFUSED(assay_release_read(&check, world_sign(file, letters), &release, &world_error), wanted);
}

/* ---- the way that is right ---- */

static void
a_release_of_two_people_is_read(void **state)
{
	struct assay_tuf_target target;
	size_t cursor = 0, count = 0;
	(void)state;
	read_ok(payload(12), "ab");
	assert_true(assay_span_equal(release.product, assay_span_str("pump")));
	assert_true(assay_span_equal(release.version, assay_span_str("2.1.0")));
	assert_true(assay_span_equal(release.commit, assay_span_str(COMMIT)));
	assert_true(assay_span_equal(release.tree, assay_span_str(TREE)));
	assert_int_equal(release.number, 12);
	assert_int_equal(release.counter, 7);
	assert_int_equal(release.manifest.length, 17);
	assert_int_equal(release.tally.people, 2);
	assert_int_equal(release.root_version, 1);
	assert_int_equal(release.targets_version, 1);
	assert_int_equal(strlen(release.fingerprint), 64);
	assert_int_equal(check.code, ASSAY_RELEASE_OK);
	while (assay_release_next_target(&check, &cursor, &target))
		count++;
	assert_int_equal(count, 2);
}

static void
roots_lead_from_the_first_to_today(void **state)
{
	struct assay_span root = world_sign(world_root(1), "ab"), second, other;
	json_t *two = world_root(2);
	(void)state;
	world_role(two, "targets", "c", 1);
	second = world_sign(two, "bc");
	ACCEPT(assay_release_begin(room, root, fingerprint_of(root), &check, &world_error));
	ACCEPT(assay_release_root(&check, root, &world_error));
	ACCEPT(assay_release_root(&check, second, &world_error));
	ACCEPT(assay_release_root(&check, second, &world_error));
	ACCEPT(assay_release_authority(&check, world_sign(authority(1), "c"), &world_error));
	ACCEPT(assay_release_read(&check, world_sign(payload(1), "ab"), &release, &world_error));
	assert_int_equal(release.root_version, 2);

	/* from the one that is trusted already */
	ACCEPT(assay_release_begin(room, second, NULL, &check, &world_error));
	ACCEPT(assay_release_root(&check, second, &world_error));
	REFUSED(assay_release_authority(&check, world_sign(authority(1), "ad"), &world_error), ASSAY_RELEASE_NO_AUTHORITY);

	/* two of one version, both signed */
	two = world_root(2);
	world_role(two, "targets", "b", 1);
	other = world_sign(two, "bc");
	ACCEPT(assay_release_begin(room, second, NULL, &check, &world_error));
	REFUSED(assay_release_root(&check, other, &world_error), ASSAY_RELEASE_ROOT_CHAIN);
}

/* ---- the seal ---- */

static void
a_foreign_root_is_refused(void **state)
{
	struct assay_span root = world_sign(world_root(1), "ab");
	json_t *other = world_root(1);
	(void)state;
	world_role(other, "targets", "e", 1);
	REFUSED(assay_release_begin(room, world_sign(other, "ab"), fingerprint_of(root), &check, &world_error), ASSAY_RELEASE_FOREIGN_ROOT);
	REFUSED(assay_release_begin(room, world_sign(world_root(1), "a"), fingerprint_of(root), &check, &world_error),
	    ASSAY_RELEASE_ROOT_CHAIN);
	REFUSED(assay_release_begin(room, world_sign(world_targets(1), "ab"), NULL, &check, &world_error), ASSAY_RELEASE_BAD_METADATA);
	REFUSED(assay_release_begin(room, assay_span_str("{}"), NULL, &check, &world_error), ASSAY_RELEASE_BAD_METADATA);
}

static void
a_root_without_the_one_before_is_refused(void **state)
{
	struct assay_span root = world_sign(world_root(1), "ab");
	(void)state;
	ACCEPT(assay_release_begin(room, root, NULL, &check, &world_error));
	REFUSED(assay_release_root(&check, world_sign(world_root(3), "ab"), &world_error), ASSAY_RELEASE_ROOT_CHAIN);
	REFUSED(assay_release_root(&check, world_sign(world_root(2), "a"), &world_error), ASSAY_RELEASE_ROOT_CHAIN);
	REFUSED(assay_release_root(&check, assay_span_str("[]"), &world_error), ASSAY_RELEASE_BAD_METADATA);
	ACCEPT(assay_release_root(&check, world_sign(world_root(2), "ab"), &world_error));
	REFUSED(assay_release_root(&check, root, &world_error), ASSAY_RELEASE_ROOT_CHAIN);
}

static void
who_may_release_is_settled_by_the_root(void **state)
{
	struct assay_span root = world_sign(world_root(1), "ab");
	json_t *targets;
	(void)state;
	ACCEPT(assay_release_begin(room, root, NULL, &check, &world_error));
	REFUSED(assay_release_authority(&check, world_sign(authority(1), "a"), &world_error), ASSAY_RELEASE_NO_AUTHORITY);
	REFUSED(assay_release_authority(&check, world_sign(authority(1), "aA"), &world_error), ASSAY_RELEASE_NO_AUTHORITY);
	REFUSED(assay_release_authority(&check, world_sign(world_targets(1), "ad"), &world_error), ASSAY_RELEASE_NO_AUTHORITY);
	REFUSED(assay_release_authority(&check, root, &world_error), ASSAY_RELEASE_BAD_METADATA);
	targets = world_targets(1);
	world_delegate(targets, "policy", "ab", 2, "release/*", true);
	REFUSED(assay_release_authority(&check, world_sign(targets, "ad"), &world_error), ASSAY_RELEASE_NO_AUTHORITY);
	targets = authority(1);
	json_object_set_new(targets, "x-assay-repository", json_string("other"));
	REFUSED(assay_release_authority(&check, world_sign(targets, "ad"), &world_error), ASSAY_RELEASE_NO_AUTHORITY);
}

static void
a_release_of_another_repository_is_refused(void **state)
{
	json_t *root = world_root(1), *targets = authority(1), *file = payload(1);
	struct assay_span bytes;
	(void)state;
	json_object_set_new(root, "x-assay-repository", json_string("ours"));
	json_object_set_new(targets, "x-assay-repository", json_string("ours"));
	bytes = world_sign(root, "ab");
	ACCEPT(assay_release_begin(room, bytes, NULL, &check, &world_error));
	ACCEPT(assay_release_authority(&check, world_sign(targets, "ad"), &world_error));
	REFUSED(assay_release_read(&check, world_sign(payload(1), "ab"), &release, &world_error), ASSAY_RELEASE_BAD_METADATA);
	json_object_set_new(file, "x-assay-repository", json_string("ours"));
	ACCEPT(assay_release_read(&check, world_sign(file, "ab"), &release, &world_error));
}

/* ---- who signed ---- */

static void
too_few_are_told_apart(void **state)
{
	json_t *envelope, *targets = authority(1);
	(void)state;
	refuse_payload(payload(1), "", ASSAY_RELEASE_UNSIGNED);
	refuse_payload(payload(1), "a", ASSAY_RELEASE_TOO_FEW_KEYS);
	refuse_payload(payload(1), "aA", ASSAY_RELEASE_SAME_PERSON);
	assert_int_equal(check.tally.keys, 2);
	assert_int_equal(check.tally.people, 1);
	refuse_payload(payload(1), "ae", ASSAY_RELEASE_UNKNOWN_KEY);
	refuse_payload(payload(1), "e", ASSAY_RELEASE_UNKNOWN_KEY);
	/* signed, then changed */
	envelope = world_envelope(payload(1), "ab");
	json_object_set_new(json_object_get(envelope, "signed"), "version", json_integer(2));
	begin(authority(1));
	REFUSED(assay_release_read(&check, world_write(envelope), &release, &world_error), ASSAY_RELEASE_BAD_SIGNATURE);
	/* a place for a signature is none */
	envelope = world_envelope(payload(1), "a");
	json_array_append_new(json_object_get(envelope, "signatures"), json_pack("{s:s, s:s}", "keyid", world_key('b')->keyid, "sig", ""));
	begin(authority(1));
	REFUSED(assay_release_read(&check, world_write(envelope), &release, &world_error), ASSAY_RELEASE_TOO_FEW_KEYS);
	/* a key that was taken away */
	json_object_set_new(targets, "x-assay-revoked", json_pack("{s:s}", world_key('e')->keyid, "2029-01-01"));
	begin(targets);
	REFUSED(assay_release_read(&check, world_sign(payload(1), "ae"), &release, &world_error), ASSAY_RELEASE_REVOKED_KEY);
	/* more than enough, a stranger among them */
	read_ok(payload(1), "abe");
}

/* ---- what it says ---- */

static void
what_a_release_has_to_say(void **state)
{
	static const struct {
		const char *name, *value;
	} bad[] = { { "product", NULL }, { "product", "" }, { "product", "a b" }, { "product", "p\xc3\xa4" }, { "product", "a:b" },
		{ "version", NULL }, { "version", "" }, { "version", "1/2" }, { "counter", NULL }, { "counter", "7" }, { "commit", NULL },
		{ "commit", "0123" }, { "commit", "0123456789ABCDEF0123456789abcdef01234567" }, { "tree", NULL }, { "tree", COMMIT },
		{ "product", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } };
	json_t *file;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		file = payload(1);
		set_custom(file, bad[i].name, bad[i].value == NULL ? NULL : json_string(bad[i].value));
		refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	}
	file = payload(1);
	set_custom(file, "counter", json_integer(-1));
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = payload(1);
	set_custom(file, "version", json_string("1:2.3~rc1+b_4-x"));
	set_custom(file, "more", json_string("is left alone"));
	read_ok(file, "ab");
}

static void
targets_are_those_of_a_release(void **state)
{
	json_t *file = world_targets(1);
	char name[32];
	(void)state;
	world_target(file, "release/other", "x");
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = payload(1);
	world_target(file, "assay/policy.yaml", "x");
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = payload(1);
	world_target(file, "release/deep/er", "x");
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = payload(1);
	for (int i = 0; i < ASSAY_RELEASE_TARGETS_COUNT_MAX; i++) {
		snprintf(name, sizeof name, "release/%d", i);
		world_target(file, name, "x");
	}
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = payload(1);
	json_object_set_new(file, "delegations", json_pack("{s:{}, s:[]}", "keys", "roles"));
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = payload(1);
	json_object_set_new(file, "x-long", json_sprintf("%01500d", 1));
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	refuse_payload(world_root(1), "ab", ASSAY_RELEASE_BAD_METADATA);
}

static void
steps_go_in_their_order(void **state)
{
	struct assay_span root = world_sign(world_root(1), "ab"), targets = world_sign(authority(1), "ad"),
	                  file = world_sign(payload(1), "ab");
	struct assay_release_floor floor = { 0 };
	struct assay_tuf_target target;
	size_t cursor = 0;
	bool expired;
	(void)state;
	ACCEPT(assay_release_begin(room, root, NULL, &check, &world_error));
	REJECT(assay_release_read(&check, file, &release, &world_error), ASSAY_E_USAGE, "order");
	assert_false(assay_release_next_target(&check, &cursor, &target));
	REJECT(assay_release_allows(&check, &release, ASSAY_RELEASE_INSTALL, NULL, &floor, 0, &expired, &world_error), ASSAY_E_USAGE, "");
	REJECT(assay_release_rollback(&check, file, &release, 0, &floor, &world_error), ASSAY_E_USAGE, "order");
	ACCEPT(assay_release_authority(&check, targets, &world_error));
	REJECT(assay_release_authority(&check, targets, &world_error), ASSAY_E_USAGE, "order");
	REJECT(assay_release_root(&check, root, &world_error), ASSAY_E_USAGE, "order");
	ACCEPT(assay_release_read(&check, file, &release, &world_error));
	REJECT(assay_release_read(&check, file, &release, &world_error), ASSAY_E_USAGE, "order");
}

static void
too_large_files_are_refused(void **state)
{
	static unsigned char large[ASSAY_RELEASE_FILE_MAX + 1];
	struct assay_span file = { large, sizeof large }, root = world_sign(world_root(1), "ab");
	(void)state;
	memset(large, ' ', sizeof large);
	REFUSED(assay_release_begin(room, file, NULL, &check, &world_error), ASSAY_RELEASE_BAD_METADATA);
	ACCEPT(assay_release_begin(room, root, NULL, &check, &world_error));
	REFUSED(assay_release_root(&check, file, &world_error), ASSAY_RELEASE_BAD_METADATA);
	REFUSED(assay_release_authority(&check, file, &world_error), ASSAY_RELEASE_BAD_METADATA);
	begin(authority(1));
	REFUSED(assay_release_read(&check, file, &release, &world_error), ASSAY_RELEASE_BAD_METADATA);
}

/* ---- the floor ---- */

static enum assay_status
allows(enum assay_release_use use, const char *product, const struct assay_release_floor *floor, int64_t now, bool *ret_expired)
{
	return assay_release_allows(&check, &release, use, product, floor, now, ret_expired, &world_error);
}

static void
the_floor_refuses_what_is_lower(void **state)
{
	struct assay_release_floor floor = { 0 }, other;
	bool expired = true;
	(void)state;
	read_ok(payload(12), "ab");
	ACCEPT(allows(ASSAY_RELEASE_INSTALL, NULL, &floor, WORLD_NOW, &expired));
	assert_false(expired);
	assay_release_raise(&release, WORLD_NOW, &floor);
	assert_int_equal(floor.number, 12);
	assert_int_equal(floor.counter, 7);
	assert_int_equal(floor.seen, WORLD_NOW);
	assert_string_equal(floor.product, "pump");
	ACCEPT(allows(ASSAY_RELEASE_INSTALL, "pump", &floor, WORLD_NOW, &expired));
	for (enum assay_release_use use = ASSAY_RELEASE_INSTALL; use <= ASSAY_RELEASE_INSTALLED; use++) {
		REFUSED(allows(use, "other", &floor, WORLD_NOW, &expired), ASSAY_RELEASE_WRONG_PRODUCT);
		other = floor;
		memcpy(other.product, "dump", 5);
		REFUSED(allows(use, NULL, &other, WORLD_NOW, &expired), ASSAY_RELEASE_WRONG_PRODUCT);
		other = floor;
		other.number++;
		REFUSED(allows(use, NULL, &other, WORLD_NOW, &expired), ASSAY_RELEASE_LOWER_VERSION);
		other = floor;
		other.counter++;
		REFUSED(allows(use, NULL, &other, WORLD_NOW, &expired), ASSAY_RELEASE_LOWER_COUNTER);
		other = floor;
		other.digest[0] ^= 1;
		REFUSED(allows(use, NULL, &other, WORLD_NOW, &expired), ASSAY_RELEASE_SAME_NUMBER);
		memset(other.digest, 0, sizeof other.digest);
		ACCEPT(allows(use, NULL, &other, WORLD_NOW, &expired));
		other = floor;
		other.targets_version++;
		REFUSED(allows(use, NULL, &other, WORLD_NOW, &expired), ASSAY_RELEASE_AUTHORITY_OLDER);
		other = floor;
		other.root_version++;
		REFUSED(allows(use, NULL, &other, WORLD_NOW, &expired), ASSAY_RELEASE_AUTHORITY_OLDER);
		REFUSED(allows(use, NULL, &floor, WORLD_NOW - ASSAY_RELEASE_CLOCK_SLACK - 1, &expired), ASSAY_RELEASE_CLOCK_SET_BACK);
		ACCEPT(allows(use, NULL, &floor, WORLD_NOW - ASSAY_RELEASE_CLOCK_SLACK, &expired));
	}
	read_ok(payload(13), "ab");
	ACCEPT(allows(ASSAY_RELEASE_INSTALLED, NULL, &floor, WORLD_NOW, &expired));
	assay_release_raise(&release, WORLD_NOW - 5, &floor);
	assert_int_equal(floor.seen, WORLD_NOW);
	assert_int_equal(floor.number, 13);
}

static void
expiry_keeps_from_installing_and_not_from_running(void **state)
{
	struct assay_release_floor floor = { 0 };
	bool expired = false;
	json_t *file = payload(1);
	(void)state;
	json_object_set_new(file, "expires", json_string(WORLD_AT_NOW));
	read_ok(file, "ab");
	assert_string_equal(release.expires_file, "release.json");
	ACCEPT(allows(ASSAY_RELEASE_INSTALL, NULL, &floor, WORLD_NOW - 1, &expired));
	REFUSED(allows(ASSAY_RELEASE_INSTALL, NULL, &floor, WORLD_NOW, &expired), ASSAY_RELEASE_EXPIRED);
	ACCEPT(allows(ASSAY_RELEASE_INSTALLED, NULL, &floor, WORLD_NOW, &expired));
	assert_true(expired);

	json_t *targets = authority(1);
	json_object_set_new(targets, "expires", json_string(WORLD_BEFORE));
	begin(targets);
	ACCEPT(assay_release_read(&check, world_sign(payload(1), "ab"), &release, &world_error));
	assert_string_equal(release.expires_file, "targets.json");
	REFUSED(allows(ASSAY_RELEASE_INSTALL, NULL, &floor, WORLD_NOW, &expired), ASSAY_RELEASE_EXPIRED);
}

/* ---- going back ---- */

static json_t *
rollback(int from, int to, const struct assay_release *r)
{
	char hex[65];
	json_t *file = world_targets(1);
	for (size_t i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", r->digest[i]);
	world_target(file, "release/rollback", "");
	json_object_set_new(json_object_get(json_object_get(file, "targets"), "release/rollback"), "custom",
	    json_pack("{s:s, s:i, s:i, s:s, s:s}", "product", "pump", "from", from, "to", to, "to-release", hex, "reason", "alarms are late"));
	return file;
}

static void
set_rollback(json_t *file, const char *name, json_t *value)
{
	json_t *c = json_object_get(json_object_get(json_object_get(file, "targets"), "release/rollback"), "custom");
	assert_int_equal(json_object_set_new(c, name, value), 0);
}

static struct assay_release_floor
floor_at(uint64_t number)
{
	return (struct assay_release_floor) { .number = number, .counter = 9, .root_version = 1, .targets_version = 1, .seen = WORLD_NOW,
		.digest = { 1 }, .product = "pump" };
}

static void
going_back_takes_an_authorisation(void **state)
{
	struct assay_release_floor floor = floor_at(13);
	bool expired;
	(void)state;
	read_ok(payload(12), "ab");
	REFUSED(allows(ASSAY_RELEASE_INSTALL, NULL, &floor, WORLD_NOW, &expired), ASSAY_RELEASE_LOWER_VERSION);
	ACCEPT(assay_release_rollback(&check, world_sign(rollback(13, 12, &release), "ab"), &release, WORLD_NOW, &floor, &world_error));
	assert_int_equal(floor.number, 12);
	assert_int_equal(floor.counter, 7);
	assert_int_not_equal(check.rollback[0] | check.rollback[1] | check.rollback[2], 0);
	ACCEPT(allows(ASSAY_RELEASE_INSTALL, NULL, &floor, WORLD_NOW, &expired));
}

static void
another_authorisation_does_not_do(void **state)
{
	struct assay_release_floor floor = floor_at(13), before = floor;
	json_t *file;
	(void)state;
	read_ok(payload(12), "ab");
#define BACK(file, letters, code) REFUSED(assay_release_rollback(&check, world_sign(file, letters), &release, WORLD_NOW, &floor, &world_error), code)
	BACK(rollback(13, 12, &release), "", ASSAY_RELEASE_UNSIGNED);
	BACK(rollback(13, 12, &release), "a", ASSAY_RELEASE_TOO_FEW_KEYS);
	BACK(rollback(13, 12, &release), "aA", ASSAY_RELEASE_SAME_PERSON);
	BACK(rollback(12, 12, &release), "ab", ASSAY_RELEASE_ROLLBACK_OTHER);
	BACK(rollback(12, 11, &release), "ab", ASSAY_RELEASE_ROLLBACK_OTHER);
	BACK(rollback(13, 11, &release), "ab", ASSAY_RELEASE_ROLLBACK_OTHER);
	file = rollback(13, 12, &release);
	set_rollback(file, "to-release", json_string(TREE));
	BACK(file, "ab", ASSAY_RELEASE_ROLLBACK_OTHER);
	file = rollback(13, 12, &release);
	set_rollback(file, "product", json_string("dump"));
	BACK(file, "ab", ASSAY_RELEASE_ROLLBACK_OTHER);
	file = rollback(13, 12, &release);
	json_object_set_new(file, "expires", json_string(WORLD_AT_NOW));
	BACK(file, "ab", ASSAY_RELEASE_ROLLBACK_EXPIRED);
	file = rollback(13, 12, &release);
	set_rollback(file, "reason", json_string(""));
	BACK(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = rollback(13, 12, &release);
	world_target(file, "release/manifest", "x");
	BACK(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	file = world_targets(1);
	BACK(file, "ab", ASSAY_RELEASE_BAD_METADATA);
	/* a release is no authorisation, and an authorisation no release */
	BACK(payload(12), "ab", ASSAY_RELEASE_BAD_METADATA);
#undef BACK
	assert_memory_equal(&floor, &before, sizeof floor);
	file = rollback(13, 12, &release);
	refuse_payload(file, "ab", ASSAY_RELEASE_BAD_METADATA);
}

static void
each_code_has_its_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < ASSAY_RELEASE_CODES; i++) {
		const enum assay_release_code code = (enum assay_release_code)i;
		assert_string_not_equal(assay_release_code_name(code), "unknown");
		assert_true(strlen(assay_release_code_text(code)) > 5 && strlen(assay_release_code_todo(code)) > 5);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(assay_release_code_name(code), assay_release_code_name((enum assay_release_code)k));
	}
	assert_string_equal(assay_release_code_name(ASSAY_RELEASE_NOTHING), "nothing-checked");
	assert_string_equal(assay_release_code_name((enum assay_release_code)ASSAY_RELEASE_CODES), "unknown");
	assert_string_equal(assay_release_code_name((enum assay_release_code)-1), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_release_of_two_people_is_read),
		cmocka_unit_test(roots_lead_from_the_first_to_today),
		cmocka_unit_test(a_foreign_root_is_refused),
		cmocka_unit_test(a_root_without_the_one_before_is_refused),
		cmocka_unit_test(who_may_release_is_settled_by_the_root),
		cmocka_unit_test(a_release_of_another_repository_is_refused),
		cmocka_unit_test(too_few_are_told_apart),
		cmocka_unit_test(what_a_release_has_to_say),
		cmocka_unit_test(targets_are_those_of_a_release),
		cmocka_unit_test(steps_go_in_their_order),
		cmocka_unit_test(too_large_files_are_refused),
		cmocka_unit_test(the_floor_refuses_what_is_lower),
		cmocka_unit_test(expiry_keeps_from_installing_and_not_from_running),
		cmocka_unit_test(going_back_takes_an_authorisation),
		cmocka_unit_test(another_authorisation_does_not_do),
		cmocka_unit_test(each_code_has_its_words),
	};
	return cmocka_run_group_tests(tests, world_make, world_done);
}
