/* SPDX-License-Identifier: Apache-2.0 */
#include "tufworld.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILES_MAX 8192
#define ROOM (48u << 20)

static struct tufmake_key *keys[128];
static void *files[FILES_MAX];
static size_t file_count;
static unsigned char *room;
struct assay_error world_error;

static const struct {
	char letter;
	const char *kind, *person, *title;
} people[] = {
	{ 'a', "ed25519", "anna", "security lead" },
	{ 'A', "p256", "anna", "security lead" },
	{ 'b', "p256", "bea", "quality lead" },
	{ 'c', "p384", "carl", "developer" },
	{ 'd', "rsa2048", "dora", "release engineer" },
	{ 'f', "rsa2048-sha384", "frank", NULL },
	{ 'e', "ed25519", "eve", NULL },
	{ 'r', "ed25519", NULL, NULL },
	{ 's', "ed25519", NULL, NULL },
};

int
world_make(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		keys[(unsigned char)people[i].letter] = tufmake_key(people[i].kind, people[i].person, people[i].title);
	room = malloc(ROOM);
	return room == NULL;
}

int
world_done(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		tufmake_key_free(keys[(unsigned char)people[i].letter]);
	while (file_count > 0)
		free(files[--file_count]);
	free(room);
	return 0;
}

struct tufmake_key *
world_key(char letter)
{
	return keys[(unsigned char)letter];
}

struct assay_tuf_room
world_room(void)
{
	return (struct assay_tuf_room) { room, ROOM, 0 };
}

void
world_set(json_t *payload, const char *path, json_t *value)
{
	char name[256];

	while (strchr(path, '/') != NULL) {
		size_t len = strcspn(path, "/");
		snprintf(name, sizeof name, "%.*s", (int)len, path);
		json_t *inner = json_is_array(payload) ? json_array_get(payload, (size_t)atoi(name)) : json_object_get(payload, name);
		assert_non_null(inner);
		payload = inner;
		path += len + 1;
	}
	if (value == NULL)
		assert_int_equal(json_object_del(payload, path), 0);
	else if (json_is_array(payload))
		assert_int_equal(json_array_set_new(payload, (size_t)atoi(path), value), 0);
	else
		assert_int_equal(json_object_set_new(payload, path, value), 0);
}

static json_t *
keyids(json_t *where, const char *letters)
{
	json_t *ids = json_array();

	for (; *letters != '\0'; letters++) {
		json_array_append_new(ids, json_string(world_key(*letters)->keyid));
		json_object_set(where, world_key(*letters)->keyid, world_key(*letters)->object);
	}
	return ids;
}

void
world_role(json_t *root, const char *role, const char *letters, int threshold)
{
	json_t *ids = keyids(json_object_get(root, "keys"), letters);

	json_object_set_new(json_object_get(root, "roles"), role,
	    json_pack("{s:o, s:i}", "keyids", ids, "threshold", threshold));
}

void
world_delegate(json_t *targets, const char *role, const char *letters, int threshold, const char *pattern,
    bool terminating)
{
	json_t *delegations = json_object_get(targets, "delegations");

	if (delegations == NULL) {
		delegations = json_pack("{s:{}, s:[]}", "keys", "roles");
		json_object_set_new(targets, "delegations", delegations);
	}
	json_t *ids = keyids(json_object_get(delegations, "keys"), letters);
	json_array_append_new(json_object_get(delegations, "roles"),
	    json_pack("{s:s, s:o, s:i, s:b, s:[s]}", "name", role, "keyids", ids, "threshold", threshold, "terminating",
	        terminating, "paths", pattern));
}

void
world_target(json_t *targets, const char *path, const char *content)
{
	char hex[65];

	tufmake_hash("SHA256", content, strlen(content), hex);
	json_object_set_new(json_object_get(targets, "targets"), path,
	    json_pack("{s:i, s:{s:s}}", "length", (int)strlen(content), "hashes", "sha256", hex));
}

static json_t *
payload_of(const char *type, int version)
{
	return json_pack("{s:s, s:s, s:i, s:s}", "_type", type, "spec_version", "1.0.34", "version", version, "expires",
	    WORLD_LATER);
}

json_t *
world_root(int version)
{
	json_t *root = payload_of("root", version);

	json_object_set_new(root, "consistent_snapshot", json_false());
	json_object_set_new(root, "keys", json_object());
	json_object_set_new(root, "roles", json_object());
	world_role(root, "root", "abc", 2);
	world_role(root, "targets", "ad", 2);
	world_role(root, "snapshot", "r", 1);
	world_role(root, "timestamp", "r", 1);
	return root;
}

json_t *
world_targets(int version)
{
	json_t *targets = payload_of("targets", version);

	json_object_set_new(targets, "targets", json_object());
	return targets;
}

static json_t *
promise(int version, struct assay_span file)
{
	char hex[65];

	tufmake_hash("SHA256", file.data, file.len, hex);
	return json_pack("{s:i, s:i, s:{s:s}}", "version", version, "length", (int)file.len, "hashes", "sha256", hex);
}

json_t *
world_snapshot(int version, ...)
{
	json_t *snapshot = payload_of("snapshot", version), *meta = json_object();
	va_list args;

	va_start(args, version);
	for (const char *role = va_arg(args, const char *); role != NULL; role = va_arg(args, const char *)) {
		const struct assay_span *file = va_arg(args, const struct assay_span *);
		char name[128];
		snprintf(name, sizeof name, "%s.json", role);
		json_object_set_new(meta, name, promise(version, *file));
	}
	va_end(args);
	json_object_set_new(snapshot, "meta", meta);
	return snapshot;
}

json_t *
world_timestamp(int version, int snapshot_version, struct assay_span snapshot)
{
	json_t *timestamp = payload_of("timestamp", version);

	json_object_set_new(timestamp, "meta", json_pack("{s:o}", "snapshot.json", promise(snapshot_version, snapshot)));
	return timestamp;
}

json_t *
world_envelope(json_t *payload, const char *letters)
{
	struct tufmake_key *signers[TUFMAKE_SIGNERS_MAX];
	size_t count = 0;

	for (; *letters != '\0'; letters++)
		signers[count++] = world_key(*letters);
	json_t *envelope = tufmake_envelope(payload, signers, count);
	json_decref(payload);
	return envelope;
}

struct assay_span
world_write(json_t *value)
{
	/* Not canonical: with white space, and in no order. */
	char *text = json_dumps(value, JSON_INDENT(1));

	assert_non_null(text);
	assert_true(file_count < FILES_MAX);
	files[file_count++] = text;
	json_decref(value);
	return assay_span_str(text);
}

struct assay_span
world_sign(json_t *payload, const char *letters)
{
	return world_write(world_envelope(payload, letters));
}

struct world_repo
world_repo(void)
{
	struct world_repo repo;
	json_t *targets = world_targets(1), *policy = world_targets(1);

	world_target(targets, "readme", "read me");
	world_delegate(targets, "policy", "bc", 2, "assay/*", false);
	json_array_append_new(json_object_get(json_array_get(json_object_get(json_object_get(targets, "delegations"), "roles"), 0),
	                          "paths"),
	    json_string("assay/*/*"));
	world_target(policy, "assay/policy.yaml", "scope: all\n");
	world_target(policy, "assay/roster.yaml", "people: []\n");
	repo.root = world_sign(world_root(1), "ab");
	repo.targets = world_sign(targets, "ad");
	repo.policy = world_sign(policy, "bc");
	repo.snapshot = world_sign(world_snapshot(1, "targets", &repo.targets, "policy", &repo.policy, NULL), "r");
	repo.timestamp = world_sign(world_timestamp(1, 1, repo.snapshot), "r");
	return repo;
}

struct assay_tuf_state
world_at(const struct world_repo *repo, enum assay_tuf_phase phase)
{
	struct assay_tuf_state state;
	bool is_new = false;

	ACCEPT(assay_tuf_begin(world_room(), WORLD_NOW, repo->root, NULL, &state, &world_error));
	if (phase > ASSAY_TUF_AT_ROOT)
		ACCEPT(assay_tuf_roots_done(&state, &world_error));
	if (phase > ASSAY_TUF_AT_TIMESTAMP)
		ACCEPT(assay_tuf_update_timestamp(&state, repo->timestamp, &is_new, &world_error));
	if (phase > ASSAY_TUF_AT_SNAPSHOT)
		ACCEPT(assay_tuf_update_snapshot(&state, repo->snapshot, &world_error));
	if (phase > ASSAY_TUF_AT_TARGETS)
		ACCEPT(assay_tuf_update_targets(&state, repo->targets, &world_error));
	assert_int_equal(state.phase, phase);
	return state;
}

void
world_check(const char *file, int line, const char *call, enum assay_status status, enum assay_status wanted,
    const char *words)
{
	if (status != wanted) {
		print_error("%s: '%s', and not '%s': %s\n", call, assay_status_name(status), assay_status_name(wanted),
		    status == ASSAY_OK ? "" : world_error.what);
		_fail(file, line);
	}
	if (wanted != ASSAY_OK && words[0] != '\0' && strstr(world_error.what, words) == NULL) {
		print_error("%s: says '%s', and not '%s'\n", call, world_error.what, words);
		_fail(file, line);
	}
}
