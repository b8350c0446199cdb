/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto library fails at each call in turn: nothing is good that it should have said to be so, and nothing bad becomes good. */
#include <assay/base64.h>
#include <assay/fsverity.h>
#include <assay/merkle.h>
#include <assay/note.h>
#include <assay/release.h>
#include <assay/sshsig.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faulty_backend.h"
#include "sshmake.h"
#include "tufworld.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define TREE COMMIT "0123456789abcdef01234567"

static struct blob blob, other;
static struct test_key ca;
static unsigned char storage[ASSAY_RELEASE_ROOM];
static const struct assay_tuf_room room = { storage, sizeof storage, 0 };

typedef enum assay_status scenario(void);

/*
 * Runs it with one call failing, until none is left to fail, when it comes to wanted. spare: more keys than are needed, so that
 * one that can't be read may not matter.
 */
static void
with_faults(scenario *run, enum assay_status wanted, bool spare)
{
	long at = 0;

	for (;; at++) {
		faulty_failed = false;
		faulty_left = at;
		enum assay_status status = run();
		faulty_left = -1;
		if (!faulty_failed) {
			assert_int_equal(status, wanted);
			break;
		}
		if (status == ASSAY_OK && !spare)
			fail_msg("call %ld failed, and all was well", at);
	}
	assert_true(at > 0);
}

static void
never_good(scenario *run)
{
	with_faults(run, ASSAY_OK, false);
}

static enum assay_status
sshsig(void)
{
	struct assay_sshsig sig;
	enum assay_status status = assay_sshsig_parse(blob_span(&blob), &sig, NULL);

	return status == ASSAY_OK ? assay_sshsig_verify(&sig, assay_span_str("m"), "git", NULL, NULL) : status;
}

static void
signatures_of_ssh(void **state)
{
	static const enum assay_key_type types[] = { ASSAY_KEY_ED25519, ASSAY_KEY_ECDSA_P256, ASSAY_KEY_RSA, ASSAY_KEY_SK_ED25519,
		ASSAY_KEY_SK_ECDSA_P256 };

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct test_key key = test_key_make(types[i], 2048);
		struct test_sig how = { .key = &key, .name_space = "git", .hash = i % 2 == 0 ? "sha512" : "sha256", .reserved = "",
			.version = 1, .style = { .flags = 1 }, .message = assay_span_str("m") };
		test_sshsig(&how, &blob);
		never_good(sshsig);
		test_cert_blob(&key, &ca, &test_cert_sound, &other);
		how.key_field = &other;
		test_sshsig(&how, &blob);
		never_good(sshsig);
		test_key_done(&key);
	}
}

static enum assay_status
digests(void)
{
	static const unsigned char file[129 * 4096];
	unsigned char digest[ASSAY_HASH_SIZE_MAX], row[128 * 32] = { 0 };
	struct assay_fsverity v;
	enum assay_status status = assay_fsverity_digest((struct assay_span) { file, sizeof file }, digest);

	if (status == ASSAY_OK)
		status = assay_fsverity_init(&v);
	if (status == ASSAY_OK)
		status = assay_fsverity_update_blocks(&v, (struct assay_span) { row, sizeof row }, sizeof file - 4096);
	if (status == ASSAY_OK)
		status = assay_fsverity_final(&v, digest);
	if (status == ASSAY_OK)
		status = assay_fsverity_level(row, 128, row);
	if (status == ASSAY_OK)
		status = assay_fsverity_file_digest(row, 1, digest);
	return status == ASSAY_OK ? assay_sha384(assay_span_str("a"), digest) : status;
}

static enum assay_status
proofs(void)
{
	struct assay_node leaf[3], two, three, proof[2];
	enum assay_status status = ASSAY_OK;

	for (size_t i = 0; status == ASSAY_OK && i < 3; i++)
		status = assay_merkle_leaf(assay_span_str("entry"), &leaf[i]);
	if (status == ASSAY_OK)
		status = assay_merkle_inner(&leaf[0], &leaf[1], &two);
	if (status == ASSAY_OK)
		status = assay_merkle_inner(&two, &leaf[2], &three);
	if (status != ASSAY_OK)
		return status;
	proof[0] = leaf[1];
	proof[1] = leaf[2];
	status = assay_merkle_verify_inclusion(0, 3, &leaf[0], proof, 2, &three);
	if (status == ASSAY_OK)
		status = assay_merkle_verify_consistency(2, 3, &leaf[2], 1, &two, &three);
	proof[0] = leaf[2];
	proof[1] = two;
	return status == ASSAY_OK ? assay_merkle_verify_inclusion(2, 3, &leaf[2], &two, 1, &three) : status;
}

static void
digests_and_proofs(void **state)
{
	(void)state;
	never_good(digests);
	never_good(proofs);
}

static char vkey[ASSAY_VKEY_SIZE], text[1024];

static enum assay_status
note(void)
{
	struct assay_note parsed;
	struct assay_note_key key;
	enum assay_status status = assay_note_key_parse(assay_span_str(vkey), &key, NULL);

	if (status == ASSAY_OK)
		status = assay_note_parse(assay_span_str(text), &parsed, NULL);
	return status == ASSAY_OK ? assay_note_verify(&parsed, &key, NULL) : status;
}

static void
notes(void **state)
{
	static const char body[] = "a note\n";
	unsigned char public_key[33] = { 1 }, secret[64], bytes[4 + 64];
	const unsigned char seed[32] = { 7 };
	char encoded[128], name[] = "example.org";

	(void)state;
	assert_int_equal(crypto_sign_seed_keypair(public_key + 1, secret, seed), 0);
	assert_int_equal(assay_note_key_hash(assay_span_str(name), public_key + 1, bytes), ASSAY_OK);
	assert_int_equal(crypto_sign_detached(bytes + 4, NULL, (const unsigned char *)body, strlen(body), secret), 0);
	assert_int_equal(assay_base64_encode((struct assay_span) { public_key, 33 }, encoded, sizeof encoded), ASSAY_OK);
	snprintf(vkey, sizeof vkey, "%s+%02x%02x%02x%02x+%s", name, bytes[0], bytes[1], bytes[2], bytes[3], encoded);
	assert_int_equal(assay_base64_encode((struct assay_span) { bytes, sizeof bytes }, encoded, sizeof encoded), ASSAY_OK);
	snprintf(text, sizeof text, "%s\n\xe2\x80\x94 %s %s\n", body, name, encoded);
	never_good(note);
}

static struct world_repo repo;

static enum assay_status
update(void)
{
	struct assay_tuf_state st;
	struct assay_tuf_meta meta;
	bool is_new;
	enum assay_status status = assay_tuf_begin(room, WORLD_NOW, repo.root, NULL, &st, NULL);

	if (status == ASSAY_OK)
		status = assay_tuf_roots_done(&st, NULL);
	if (status == ASSAY_OK)
		status = assay_tuf_update_timestamp(&st, repo.timestamp, &is_new, NULL);
	if (status == ASSAY_OK)
		status = assay_tuf_update_snapshot(&st, repo.snapshot, NULL);
	if (status == ASSAY_OK)
		status = assay_tuf_update_targets(&st, repo.targets, NULL);
	return status == ASSAY_OK ? assay_tuf_update_delegated(&st, &st.targets, "policy", repo.policy, &meta, NULL) : status;
}

/* Targets metadata by itself, held against the root. */
static enum assay_status
targets_alone(void)
{
	struct assay_tuf_room where = room;
	struct assay_tuf_meta root, targets;
	struct assay_tuf_role role;
	enum assay_status status = assay_tuf_parse(repo.root, &where, &root, NULL);

	if (status == ASSAY_OK)
		status = assay_tuf_parse(repo.targets, &where, &targets, NULL);
	if (status == ASSAY_OK)
		status = assay_tuf_role(&root, "targets", &role);
	return status == ASSAY_OK ? assay_tuf_tally(&targets, &role, NULL, NULL) : status;
}

static struct assay_span root_file, authority_file, release_file;
static char fingerprint[ASSAY_TUF_HEX_SIZE];

static enum assay_status
release(void)
{
	static struct assay_release_check check;
	struct assay_release out;
	enum assay_status status = assay_release_begin(room, root_file, fingerprint, &check, NULL);

	if (status == ASSAY_OK)
		status = assay_release_authority(&check, authority_file, NULL);
	return status == ASSAY_OK ? assay_release_read(&check, release_file, &out, NULL) : status;
}

static void
metadata(void **state)
{
	(void)state;
	repo = world_repo();
	with_faults(update, ASSAY_OK, true);
	/* By one of two people, which is too few whatever fails. */
	repo.targets = world_sign(world_targets(1), "a");
	with_faults(targets_alone, ASSAY_E_VERIFY, false);
}

static void
releases(void **state)
{
	struct assay_tuf_room where = world_room();
	struct assay_tuf_meta meta;
	json_t *targets = world_targets(1), *file = world_targets(1);

	(void)state;
	root_file = world_sign(world_root(1), "ab");
	ACCEPT(assay_tuf_parse(root_file, &where, &meta, &world_error));
	ACCEPT(assay_tuf_fingerprint(&meta, fingerprint));
	world_delegate(targets, "release", "aAb", 2, "release/*", true);
	authority_file = world_sign(targets, "ad");
	world_target(file, "release/manifest", "assay-manifest 1\n");
	json_object_set_new(json_object_get(json_object_get(file, "targets"), "release/manifest"), "custom",
	    json_pack("{s:s, s:s, s:i, s:s, s:s}", "product", "pump", "version", "2.1.0", "counter", 7, "commit", COMMIT, "tree", TREE));
	release_file = world_sign(json_incref(file), "ab");
	with_faults(release, ASSAY_OK, true);
	/* By two keys of one person. */
	release_file = world_sign(file, "aA");
	with_faults(release, ASSAY_E_VERIFY, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_of_ssh),
		cmocka_unit_test(digests_and_proofs),
		cmocka_unit_test(notes),
		cmocka_unit_test_setup_teardown(metadata, world_make, world_done),
		cmocka_unit_test_setup_teardown(releases, world_make, world_done),
	};

	ca = test_key_make(ASSAY_KEY_ED25519, 0);
	int failures = cmocka_run_group_tests(tests, NULL, NULL);
	test_key_done(&ca);
	return failures;
}
