/* SPDX-License-Identifier: Apache-2.0 */
/* TUF 1.0.34, section 4: the form of metadata, and what breaks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tufworld.h"

static struct assay_tuf_meta meta;

static enum assay_status
parse(struct assay_span file)
{
	struct assay_tuf_room room = world_room();

	return assay_tuf_parse(file, &room, &meta, &world_error);
}

/* The payload with one member set by JSON text (NULL: left out), unsigned: form is asked before signatures. */
static enum assay_status
parse_with(json_t *payload, const char *path, const char *json)
{
	json_t *value = json == NULL ? NULL : json_loads(json, JSON_DECODE_ANY, NULL);

	assert_true(json == NULL || value != NULL);
	world_set(payload, path, value);
	return parse(world_sign(payload, ""));
}

/* Rows of one payload, each with one member other than it should be. */
struct row {
	const char *path, *json;
	enum assay_status status;
	const char *words;
};

static void
refuse(json_t *(*make)(void), const struct row *rows, size_t count)
{
	ACCEPT(parse(world_sign(make(), "")));
	for (size_t i = 0; i < count; i++) {
		enum assay_status status = parse_with(make(), rows[i].path, rows[i].json);
		if (status != rows[i].status || (status != ASSAY_OK && strstr(world_error.what, rows[i].words) == NULL))
			fail_msg("%s = %s: '%s': %s", rows[i].path, rows[i].json == NULL ? "nothing" : rows[i].json,
			    assay_status_name(status), world_error.what);
	}
}
#define REFUSE(make, rows) refuse(make, rows, sizeof(rows) / sizeof(rows)[0])

static json_t *
root(void)
{
	return world_root(1);
}

static json_t *
targets(void)
{
	json_t *payload = world_targets(1);

	world_target(payload, "file", "content");
	world_delegate(payload, "policy", "bc", 2, "assay/*", false);
	world_delegate(payload, "releases", "d", 1, "releases/*", true);
	return payload;
}

static json_t *
snapshot(void)
{
	struct assay_span some = assay_span_str("some");

	return world_snapshot(1, "targets", &some, "policy", &some, NULL);
}

static json_t *
timestamp(void)
{
	return world_timestamp(1, 1, assay_span_str("some"));
}

static void
s4_2_common_members(void **state)
{
	static const struct row rows[] = {
		{ "_type", NULL, ASSAY_E_FORMAT, "_type" },
		{ "_type", "\"Root\"", ASSAY_E_FORMAT, "_type" },
		{ "_type", "\"mirrors\"", ASSAY_E_FORMAT, "_type" },
		{ "_type", "\"targets\"", ASSAY_E_FORMAT, "targets" },
		{ "_type", "1", ASSAY_E_FORMAT, "_type" },
		{ "version", NULL, ASSAY_E_FORMAT, "'version'" },
		{ "version", "0", ASSAY_E_FORMAT, "'version'" },
		{ "version", "-1", ASSAY_E_FORMAT, "'version'" },
		{ "version", "\"1\"", ASSAY_E_FORMAT, "'version'" },
		{ "version", "9007199254740991", ASSAY_OK, "" },
		{ "version", "9007199254740992", ASSAY_E_FORMAT, "integer" },
		{ "spec_version", NULL, ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\"1\"", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\"1.\"", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\".1\"", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\"1.0.0.0\"", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\"1..0\"", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\"1.0-rc1\"", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "1", ASSAY_E_FORMAT, "spec_version" },
		{ "spec_version", "\"1.0\"", ASSAY_OK, "" },
		{ "spec_version", "\"1.1.0\"", ASSAY_OK, "" },
		{ "spec_version", "\"2.0.0\"", ASSAY_E_VERSION, "version 2.0.0" },
		{ "spec_version", "\"10.0\"", ASSAY_E_VERSION, "version 10.0" },
		{ "spec_version", "\"0.9\"", ASSAY_E_VERSION, "version 0.9" },
		{ "more", "{\"of\":[1,\"any\",null]}", ASSAY_OK, "" },
	};

	(void)state;
	REFUSE(root, rows);
}

static void
s4_2_expires(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = { { "1970-01-01T00:00:00Z", 0 }, { "1985-10-21T01:21:00Z", 498705660 }, { "2000-02-29T23:59:59Z", 951868799 },
		{ "2030-03-17T17:46:40Z", 1900000000 }, { "1969-12-31T23:59:59Z", -1 }, { "9999-12-31T23:59:59Z", 253402300799 },
		{ "2100-03-01T00:00:00Z", 4107542400 } };
	static const char *const bad[] = { "", "2030-01-01", "2030-01-01T00:00:00", "2030-01-01T00:00:00z", "2030-01-01 00:00:00Z",
		"2030-1-01T00:00:00Z", "2030-13-01T00:00:00Z", "2030-00-01T00:00:00Z", "2030-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2030-04-31T00:00:00Z", "2030-01-00T00:00:00Z", "2030-01-01T24:00:00Z", "2030-01-01T00:60:00Z", "2030-01-01T00:00:60Z",
		"0000-01-01T00:00:00Z", "2030-01-01T00:00:00Z ", "2030-01-01T00:00:00.0Z", "2030-01-01T00:00:00+00:00",
		"+030-01-01T00:00:00Z", "20x0-01-01T00:00:00Z" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		json_t *payload = root();
		world_set(payload, "expires", json_string(good[i].text));
		ACCEPT(parse(world_sign(payload, "")));
		assert_int_equal(meta.expires, good[i].seconds);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		json_t *payload = root();
		world_set(payload, "expires", json_string(bad[i]));
		REJECT(parse(world_sign(payload, "")), ASSAY_E_FORMAT, "'expires'");
	}
}

static void
s4_3_root(void **state)
{
	static const struct row rows[] = {
		{ "keys", NULL, ASSAY_E_FORMAT, "'keys'" },
		{ "keys", "[]", ASSAY_E_FORMAT, "'keys'" },
		{ "keys", "{}", ASSAY_E_FORMAT, "isn't among 'keys'" },
		{ "roles", NULL, ASSAY_E_FORMAT, "'roles'" },
		{ "roles", "{}", ASSAY_E_FORMAT, "without one of the roles" },
		{ "roles/timestamp", NULL, ASSAY_E_FORMAT, "without one of the roles" },
		{ "roles/root", NULL, ASSAY_E_FORMAT, "without one of the roles" },
		{ "roles/mirrors", "{\"keyids\":[],\"threshold\":1}", ASSAY_E_FORMAT, "fewer keys" },
		{ "roles/wizard", "{\"keyids\":[],\"threshold\":1}", ASSAY_E_FORMAT, "doesn't know" },
		{ "roles/root", "[]", ASSAY_E_FORMAT, "keyids" },
		{ "roles/root/keyids", NULL, ASSAY_E_FORMAT, "keyids" },
		{ "roles/root/keyids", "{}", ASSAY_E_FORMAT, "keyids" },
		{ "roles/root/keyids", "[]", ASSAY_E_FORMAT, "fewer keys" },
		{ "roles/root/keyids", "[1,2]", ASSAY_E_FORMAT, "isn't among" },
		{ "roles/root/keyids", "[\"00\",\"11\"]", ASSAY_E_FORMAT, "isn't among" },
		{ "roles/root/threshold", NULL, ASSAY_E_FORMAT, "'threshold'" },
		{ "roles/root/threshold", "0", ASSAY_E_FORMAT, "'threshold'" },
		{ "roles/root/threshold", "-1", ASSAY_E_FORMAT, "'threshold'" },
		{ "roles/root/threshold", "\"2\"", ASSAY_E_FORMAT, "'threshold'" },
		{ "roles/root/threshold", "4", ASSAY_E_FORMAT, "fewer keys" },
		{ "roles/root/threshold", "3", ASSAY_OK, "" },
		{ "roles/root/threshold", "4294967297", ASSAY_E_FORMAT, "'threshold'" },
		{ "consistent_snapshot", "1", ASSAY_E_FORMAT, "consistent_snapshot" },
		{ "consistent_snapshot", "true", ASSAY_OK, "" },
	};

	(void)state;
	REFUSE(root, rows);
	json_t *payload = root();
	world_role(payload, "mirrors", "r", 1);
	ACCEPT(parse(world_sign(payload, "")));
	payload = root();
	world_set(payload, "roles/root/keyids", json_pack("[s, s]", world_key('a')->keyid, world_key('a')->keyid));
	REJECT(parse(world_sign(payload, "")), ASSAY_E_FORMAT, "one key twice");
}

static void
s4_4_and_4_6_files(void **state)
{
	static const struct row rows[] = {
		{ "meta", NULL, ASSAY_E_FORMAT, "'meta'" },
		{ "meta", "[]", ASSAY_E_FORMAT, "'meta'" },
		{ "meta", "{}", ASSAY_E_FORMAT, "doesn't list" },
		{ "meta/snapshot.json", "1", ASSAY_E_FORMAT, "'version'" },
		{ "meta/snapshot.json/version", NULL, ASSAY_E_FORMAT, "'version'" },
		{ "meta/snapshot.json/version", "0", ASSAY_E_FORMAT, "'version'" },
		{ "meta/snapshot.json/version", "true", ASSAY_E_FORMAT, "'version'" },
		{ "meta/snapshot.json/length", "-1", ASSAY_E_FORMAT, "'length'" },
		{ "meta/snapshot.json/length", "null", ASSAY_E_FORMAT, "'length'" },
		{ "meta/snapshot.json/length", NULL, ASSAY_OK, "" },
		{ "meta/snapshot.json/hashes", "{}", ASSAY_E_FORMAT, "'hashes'" },
		{ "meta/snapshot.json/hashes", "[]", ASSAY_E_FORMAT, "'hashes'" },
		{ "meta/snapshot.json/hashes", "{\"md5\":\"d41d8cd98f00b204e9800998ecf8427e\"}", ASSAY_E_FORMAT, "'hashes'" },
		{ "meta/snapshot.json/hashes/sha256", "\"00\"", ASSAY_E_FORMAT, "'hashes'" },
		{ "meta/snapshot.json/hashes/sha256", "1", ASSAY_E_FORMAT, "'hashes'" },
		{ "meta/snapshot.json/hashes/sha512", "\"\"", ASSAY_E_FORMAT, "'hashes'" },
		{ "meta/snapshot.json/hashes", NULL, ASSAY_OK, "" },
		{ "meta/targets.json", "{\"version\":1}", ASSAY_E_FORMAT, "more than 'snapshot.json'" },
	};
	static const struct row more[] = {
		{ "meta/targets.json", NULL, ASSAY_E_FORMAT, "doesn't list 'targets.json'" },
		{ "meta/x", "{\"version\":1}", ASSAY_E_FORMAT, "ROLE.json" },
		{ "meta/.json", "{\"version\":1}", ASSAY_E_FORMAT, "ROLE.json" },
		{ "meta/a b.json", "{\"version\":1}", ASSAY_E_FORMAT, "isn't plain" },
		{ "meta/.a.json", "{\"version\":1}", ASSAY_E_FORMAT, "isn't plain" },
		{ "meta/a\\b.json", "{\"version\":1}", ASSAY_E_FORMAT, "isn't plain" },
		{ "meta/..json", "{\"version\":1}", ASSAY_E_FORMAT, "isn't plain" },
		{ "meta/other.json", "{\"version\":1,\"length\":3}", ASSAY_OK, "" },
	};

	(void)state;
	REFUSE(timestamp, rows);
	REFUSE(snapshot, more);
	json_t *payload = snapshot();
	json_object_set_new(json_object_get(payload, "meta"), "a/b.json", json_pack("{s:i}", "version", 1));
	REJECT(parse(world_sign(payload, "")), ASSAY_E_FORMAT, "isn't plain");
}

static void
s4_5_targets(void **state)
{
	static const struct row rows[] = {
		{ "targets", NULL, ASSAY_E_FORMAT, "'targets'" },
		{ "targets", "[]", ASSAY_E_FORMAT, "'targets'" },
		{ "targets", "{}", ASSAY_OK, "" },
		{ "targets/file", "{}", ASSAY_E_FORMAT, "'file' has no 'length'" },
		{ "targets/file/length", NULL, ASSAY_E_FORMAT, "'length'" },
		{ "targets/file/length", "-1", ASSAY_E_FORMAT, "'length'" },
		{ "targets/file/length", "\"7\"", ASSAY_E_FORMAT, "'length'" },
		{ "targets/file/length", "0", ASSAY_OK, "" },
		{ "targets/file/hashes", NULL, ASSAY_E_FORMAT, "'hashes'" },
		{ "targets/file/hashes", "{}", ASSAY_E_FORMAT, "'hashes'" },
		{ "targets/file/hashes", "{\"sha1\":\"00\"}", ASSAY_E_FORMAT, "'hashes'" },
		{ "targets/file/hashes/sha256", "\"XX\"", ASSAY_E_FORMAT, "'hashes'" },
		{ "targets/file/custom", "{\"a\":1}", ASSAY_OK, "" },
		{ "targets/file/custom", "1", ASSAY_E_FORMAT, "'custom'" },
		{ "delegations", NULL, ASSAY_OK, "" },
		{ "delegations", "{}", ASSAY_E_FORMAT, "'delegations'" },
		{ "delegations", "[]", ASSAY_E_FORMAT, "'delegations'" },
		{ "delegations/keys", NULL, ASSAY_E_FORMAT, "'delegations'" },
		{ "delegations/roles", "{}", ASSAY_E_FORMAT, "'delegations'" },
		{ "delegations/roles", "[]", ASSAY_OK, "" },
		{ "delegations/roles", "[1]", ASSAY_E_FORMAT, "name of a delegated role" },
	};
	static const char *const paths[] = { "/abs", "a//b", "a/", "./a", "a/../b", "..", ".", "a\nb", "a\"b", "a\\b", "", "a\x7f" };

	(void)state;
	REFUSE(targets, rows);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		json_t *payload = targets();
		world_target(payload, paths[i], "content");
		REJECT(parse(world_sign(payload, "")), ASSAY_E_FORMAT, "path of a target");
	}
	char path[ASSAY_TUF_PATH_MAX + 2] = "";
	memset(path, 'p', ASSAY_TUF_PATH_MAX);
	json_t *payload = targets();
	world_target(payload, path, "content");
	ACCEPT(parse(world_sign(json_incref(payload), "")));
	path[ASSAY_TUF_PATH_MAX] = 'p';
	world_target(payload, path, "content");
	REJECT(parse(world_sign(payload, "")), ASSAY_E_FORMAT, "path of a target");
}

static void
s4_5_delegations(void **state)
{
	static const struct row rows[] = {
		{ "delegations/roles/0/name", NULL, ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"\"", ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"a/b\"", ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"..\"", ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"root\"", ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"targets\"", ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"snapshot\"", ASSAY_E_FORMAT, "name of a delegated role" },
		{ "delegations/roles/0/name", "\"releases\"", ASSAY_E_FORMAT, "two delegations to one role" },
		{ "delegations/roles/0/threshold", "0", ASSAY_E_FORMAT, "'threshold'" },
		{ "delegations/roles/0/threshold", "3", ASSAY_E_FORMAT, "fewer keys" },
		{ "delegations/roles/0/terminating", "1", ASSAY_E_FORMAT, "'terminating'" },
		{ "delegations/roles/0/terminating", NULL, ASSAY_OK, "" },
		{ "delegations/roles/0/paths", NULL, ASSAY_E_FORMAT, "either 'paths' or" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"0\"]", ASSAY_E_FORMAT, "either 'paths' or" },
		{ "delegations/roles/0/paths", "\"assay/*\"", ASSAY_E_FORMAT, "not a list" },
		{ "delegations/roles/0/paths", "[]", ASSAY_OK, "" },
		{ "delegations/roles/0/paths", "[1]", ASSAY_E_FORMAT, "relative path" },
		{ "delegations/roles/0/paths", "[\"/etc/*\"]", ASSAY_E_FORMAT, "relative path" },
		{ "delegations/roles/0/paths", "[\"a/../*\"]", ASSAY_E_FORMAT, "relative path" },
		{ "delegations/roles/0/paths", "[\"assay/**\"]", ASSAY_E_UNSUPPORTED, "'**'" },
		{ "delegations/roles/0/paths", "[\"assay/[a-z]*\"]", ASSAY_E_UNSUPPORTED, "brackets" },
	};
	static const struct row prefixes[] = {
		{ "delegations/roles/0/path_hash_prefixes", "[]", ASSAY_OK, "" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"0\",\"ff\"]", ASSAY_OK, "" },
		{ "delegations/roles/0/path_hash_prefixes", "\"0\"", ASSAY_E_FORMAT, "not a list" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"\"]", ASSAY_E_FORMAT, "hash prefix" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"F\"]", ASSAY_E_FORMAT, "hash prefix" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"0x\"]", ASSAY_E_FORMAT, "hash prefix" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"0000000000000000000000000000000000000000000000000000000000000000\"]",
		    ASSAY_OK, "" },
		{ "delegations/roles/0/path_hash_prefixes", "[\"00000000000000000000000000000000000000000000000000000000000000000\"]",
		    ASSAY_E_FORMAT, "hash prefix" },
	};

	(void)state;
	REFUSE(targets, rows);
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		json_t *payload = targets();
		world_set(payload, "delegations/roles/0/paths", NULL);
		enum assay_status status = parse_with(payload, prefixes[i].path, prefixes[i].json);
		assert_int_equal(status, prefixes[i].status);
	}
}

static void
s4_2_signatures(void **state)
{
	static const struct row rows[] = {
		{ "signatures", NULL, ASSAY_E_FORMAT, "'signatures'" },
		{ "signatures", "{}", ASSAY_E_FORMAT, "not a list" },
		{ "signatures", "[]", ASSAY_OK, "" },
		{ "signatures", "[1]", ASSAY_E_FORMAT, "'keyid'" },
		{ "signatures/0/keyid", NULL, ASSAY_E_FORMAT, "'keyid'" },
		{ "signatures/0/keyid", "\"abc\"", ASSAY_E_FORMAT, "'keyid'" },
		{ "signatures/0/sig", NULL, ASSAY_E_FORMAT, "'sig'" },
		{ "signatures/0/sig", "\"abc\"", ASSAY_E_FORMAT, "'sig'" },
		{ "signatures/0/sig", "\"AB\"", ASSAY_E_FORMAT, "'sig'" },
		{ "signatures/0/sig", "\"\"", ASSAY_OK, "" },
		{ "signatures/0/more", "1", ASSAY_OK, "" },
		{ "signed", NULL, ASSAY_E_FORMAT, "'signed'" },
		{ "signed", "[]", ASSAY_E_FORMAT, "'signed'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *envelope = world_envelope(root(), "ab");
		world_set(envelope, rows[i].path, rows[i].json == NULL ? NULL : json_loads(rows[i].json, JSON_DECODE_ANY, NULL));
		enum assay_status status = parse(world_write(envelope));
		if (status != rows[i].status || (status != ASSAY_OK && strstr(world_error.what, rows[i].words) == NULL))
			fail_msg("%s: '%s': %s", rows[i].path, assay_status_name(status), world_error.what);
	}
	/* As long as a signature by RSA of 16384 bits, and no longer. */
	char sig[ASSAY_TUF_SIGNATURE_SIZE + 2];
	for (size_t len = ASSAY_TUF_SIGNATURE_SIZE - 1; len <= ASSAY_TUF_SIGNATURE_SIZE + 1; len++) {
		json_t *envelope = world_envelope(root(), "ab");
		memset(sig, '0', len);
		sig[len] = '\0';
		world_set(envelope, "signatures/0/sig", json_string(sig));
		assert_int_equal(parse(world_write(envelope)), len == ASSAY_TUF_SIGNATURE_SIZE - 1 ? ASSAY_OK : ASSAY_E_FORMAT);
	}
	/* Section 4.2: no keyid twice. */
	REJECT(parse(world_sign(root(), "aba")), ASSAY_E_FORMAT, "two signatures by one keyid");
}

static void
counts_are_capped(void **state)
{
	char text[160];

	(void)state;
	json_t *envelope = world_envelope(root(), "");
	for (int i = 0; i <= ASSAY_TUF_SIGNATURES_MAX; i++) {
		if (i == ASSAY_TUF_SIGNATURES_MAX)
			ACCEPT(parse(world_write(json_deep_copy(envelope))));
		snprintf(text, sizeof text, "%064x", i);
		json_array_append_new(json_object_get(envelope, "signatures"), json_pack("{s:s, s:s}", "keyid", text, "sig", ""));
	}
	REJECT(parse(world_write(envelope)), ASSAY_E_LIMIT, "signatures");
	json_t *payload = targets();
	for (int i = 2; i <= ASSAY_TUF_DELEGATIONS_MAX; i++) {
		if (i == ASSAY_TUF_DELEGATIONS_MAX)
			ACCEPT(parse(world_sign(json_incref(payload), "")));
		snprintf(text, sizeof text, "role%d", i);
		world_delegate(payload, text, "b", 1, "x", false);
	}
	REJECT(parse(world_sign(payload, "")), ASSAY_E_LIMIT, "delegations");
	payload = targets();
	json_t *patterns = json_array();
	world_set(payload, "delegations/roles/0/paths", patterns);
	for (int i = 0; i <= ASSAY_TUF_PATTERNS_MAX; i++) {
		if (i == ASSAY_TUF_PATTERNS_MAX)
			ACCEPT(parse(world_sign(json_incref(payload), "")));
		json_array_append_new(patterns, json_string("a/*"));
	}
	REJECT(parse(world_sign(payload, "")), ASSAY_E_LIMIT, "patterns");
	payload = targets();
	json_t *prefixes = json_array();
	world_set(payload, "delegations/roles/0/paths", NULL);
	world_set(payload, "delegations/roles/0/path_hash_prefixes", prefixes);
	for (int i = 0; i <= ASSAY_TUF_PATTERNS_MAX; i++) {
		if (i == ASSAY_TUF_PATTERNS_MAX)
			ACCEPT(parse(world_sign(json_incref(payload), "")));
		json_array_append_new(prefixes, json_string("00"));
	}
	REJECT(parse(world_sign(payload, "")), ASSAY_E_LIMIT, "prefixes");
}

static void
what_is_not_metadata(void **state)
{
	static const char *const bad[] = { "", "null", "[]", "\"signed\"", "{\"signed\":{},\"signed\":{},\"signatures\":[]}",
		"{\"signed\":{\"_type\":\"root\",\"_type\":\"targets\"},\"signatures\":[]}", "{\"signed\":{},\"signatures\":[]} x",
		"{\"signed\":{\"version\":1.5},\"signatures\":[]}" };
	struct assay_tuf_room none = { NULL, 0, 0 }, small = world_room();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		REJECT(parse(assay_span_str(bad[i])), ASSAY_E_FORMAT, "");
	struct assay_span good = world_sign(root(), "ab");
	REJECT(assay_tuf_parse(good, &none, &meta, &world_error), ASSAY_E_USAGE, "room");
	small.size = good.len;
	REJECT(assay_tuf_parse(good, &small, &meta, &world_error), ASSAY_E_LIMIT, "room");
	assert_int_equal(small.used, 0);
	small.size = ASSAY_JSON_ROOM(good.len);
	ACCEPT(assay_tuf_parse(good, &small, &meta, &world_error));
	assert_true(small.used > 0 && small.used <= good.len + 16);
}

/* Cut anywhere, it is refused, and nothing is read behind its end. */
static void
truncated_anywhere(void **state)
{
	struct assay_span good = world_sign(targets(), "ad");

	(void)state;
	for (size_t len = 0; len < good.len; len += len < 200 || good.len - len < 200 ? 1 : 37) {
		unsigned char *exact = malloc(len + (len == 0));
		memcpy(exact, good.data, len);
		assert_int_equal(parse((struct assay_span) { exact, len }), ASSAY_E_FORMAT);
		free(exact);
	}
}

static void
lists_are_stepped_through(void **state)
{
	struct assay_tuf_target target;
	struct assay_tuf_role role;
	struct assay_tuf_file file;
	struct assay_tuf_key key;
	size_t cursor = 0;

	(void)state;
	json_t *payload = targets();
	world_target(payload, "another", "x");
	world_target(payload, "z/last", "y");
	ACCEPT(parse(world_sign(payload, "")));
	assert_true(assay_tuf_next_target(&meta, &cursor, &target));
	assert_true(assay_span_equal(target.path, assay_span_str("another")));
	assert_true(assay_tuf_next_target(&meta, &cursor, &target));
	assert_true(assay_tuf_next_target(&meta, &cursor, &target));
	assert_true(assay_span_equal(target.path, assay_span_str("z/last")));
	assert_false(assay_tuf_next_target(&meta, &cursor, &target));
	assert_false(assay_tuf_next_target(&meta, &cursor, &target));
	cursor = 0;
	assert_true(assay_tuf_next_delegation(&meta, &cursor, &role));
	assert_true(assay_span_equal(role.name, assay_span_str("policy")));
	size_t at = 0;
	assert_true(assay_tuf_next_key(&role, &at, &key));
	assert_true(assay_span_equal(key.person, assay_span_str("bea")));
	assert_true(assay_span_equal(key.role, assay_span_str("quality lead")));
	assert_string_equal(key.keyid, world_key('b')->keyid);
	assert_true(assay_tuf_next_key(&role, &at, &key));
	assert_false(assay_tuf_next_key(&role, &at, &key));
	assert_true(assay_tuf_next_delegation(&meta, &cursor, &role));
	assert_true(role.terminating);
	assert_false(assay_tuf_next_delegation(&meta, &cursor, &role));
	cursor = 0;
	assert_false(assay_tuf_next_file(&meta, &cursor, &file));
	ACCEPT(parse(world_sign(snapshot(), "")));
	assert_true(assay_tuf_next_file(&meta, &cursor, &file));
	assert_true(assay_span_equal(file.name, assay_span_str("policy.json")));
	assert_true(assay_tuf_next_file(&meta, &cursor, &file));
	assert_false(assay_tuf_next_file(&meta, &cursor, &file));
	cursor = 0;
	assert_false(assay_tuf_next_target(&meta, &cursor, &target));
	assert_false(assay_tuf_next_delegation(&meta, &cursor, &role));
	assert_int_equal(assay_tuf_role(&meta, "root", &role), ASSAY_E_NOT_FOUND);
	ACCEPT(parse(world_sign(root(), "")));
	assert_int_equal(assay_tuf_role(&meta, "policy", &role), ASSAY_E_NOT_FOUND);
	assert_int_equal(assay_tuf_role(&meta, "timestamp", &role), ASSAY_OK);
	/* Nothing to list is nothing listed. */
	ACCEPT(parse(world_sign(world_targets(1), "")));
	cursor = 0;
	assert_false(assay_tuf_next_target(&meta, &cursor, &target));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s4_2_common_members),
		cmocka_unit_test(s4_2_expires),
		cmocka_unit_test(s4_2_signatures),
		cmocka_unit_test(s4_3_root),
		cmocka_unit_test(s4_4_and_4_6_files),
		cmocka_unit_test(s4_5_targets),
		cmocka_unit_test(s4_5_delegations),
		cmocka_unit_test(counts_are_capped),
		cmocka_unit_test(what_is_not_metadata),
		cmocka_unit_test(truncated_anywhere),
		cmocka_unit_test(lists_are_stepped_through),
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
