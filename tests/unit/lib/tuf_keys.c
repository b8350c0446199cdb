/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of TUF metadata: what they are, which are refused, and what counts as signed by one. */
#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "sshmake.h"
#include "tufworld.h"

static struct assay_tuf_room room;

/* A key as it stands in metadata, in another spelling of JSON. */
static enum assay_status
parse(const json_t *object, struct assay_tuf_key *ret_key)
{
	char *text = json_dumps(object, JSON_INDENT(2) | JSON_ENSURE_ASCII);

	room = world_room();
	enum assay_status status = assay_tuf_key_parse(assay_span_str(text), &room, ret_key, &world_error);
	free(text);
	return status;
}

static enum assay_status
verify(const struct assay_tuf_key *key, const char *hex, const char *message)
{
	unsigned char bytes[2048];

	return assay_tuf_key_verify(key, from_hex(hex, bytes, sizeof bytes), assay_span_str(message));
}

static void
every_scheme_signs(void **state)
{
	static const char letters[] = "abcdf";
	static const enum assay_tuf_scheme schemes[] = { ASSAY_TUF_ED25519, ASSAY_TUF_ECDSA_P256, ASSAY_TUF_ECDSA_P384,
		ASSAY_TUF_RSA_PSS_SHA256, ASSAY_TUF_RSA_PSS_SHA384 };
	struct assay_tuf_key key;

	(void)state;
	for (size_t i = 0; i < sizeof letters - 1; i++) {
		ACCEPT(parse(world_key(letters[i])->object, &key));
		assert_int_equal(key.scheme, schemes[i]);
		assert_string_equal(key.keyid, world_key(letters[i])->keyid);
		char *hex = tufmake_sign(world_key(letters[i]), "message", 7, -1);
		assert_int_equal(verify(&key, hex, "message"), ASSAY_OK);
		assert_int_equal(verify(&key, hex, "messag"), ASSAY_E_VERIFY);
		assert_int_equal(verify(&key, hex, ""), ASSAY_E_VERIFY);
		assert_int_equal(verify(&key, "", "message"), ASSAY_E_VERIFY);
		hex[9] = hex[9] == '0' ? '1' : '0';
		assert_int_equal(verify(&key, hex, "message"), ASSAY_E_VERIFY);
		free(hex);
	}
}

/* Section 6 of the rules: the algorithm comes from the trusted key. */
static void
algorithm_is_the_keys(void **state)
{
	struct tufmake_key rsa = *world_key('d');
	struct assay_tuf_key key;

	(void)state;
	ACCEPT(parse(rsa.object, &key));
	rsa.hash = "SHA384";
	char *hex = tufmake_sign(&rsa, "message", 7, -1);
	assert_int_equal(verify(&key, hex, "message"), ASSAY_E_VERIFY);
	free(hex);
	rsa.hash = "SHA256";
	/* A salt of another length than the digest's. */
	static const int salts[] = { 0, 20, 31, 33, 222 };
	for (size_t i = 0; i < sizeof salts / sizeof salts[0]; i++) {
		hex = tufmake_sign(&rsa, "message", 7, salts[i]);
		assert_int_equal(verify(&key, hex, "message"), ASSAY_E_VERIFY);
		free(hex);
	}
	/* PKCS#1 v1.5 with the same key and hash. */
	unsigned char signature[256];
	size_t len = sizeof signature;
	char text[513];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, rsa.pkey), 1);
	assert_int_equal(EVP_DigestSign(ctx, signature, &len, (const unsigned char *)"message", 7), 1);
	EVP_MD_CTX_free(ctx);
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", signature[i]);
	assert_int_equal(verify(&key, text, "message"), ASSAY_E_VERIFY);
	/* P-256's curve under P-384's name, and the other way round. */
	json_t *object = json_deep_copy(world_key('b')->object);
	world_set(object, "scheme", json_string("ecdsa-sha2-nistp384"));
	REJECT(parse(object, &key), ASSAY_E_FORMAT, "not a key of its kind");
	json_decref(object);
}

static void
ecdsa_signatures_have_one_form(void **state)
{
	struct assay_tuf_key key;
	char longer[300];

	(void)state;
	ACCEPT(parse(world_key('b')->object, &key));
	char *hex = tufmake_sign(world_key('b'), "m", 1, -1);
	assert_int_equal(verify(&key, hex, "m"), ASSAY_OK);
	snprintf(longer, sizeof longer, "%s00", hex);
	assert_int_equal(verify(&key, longer, "m"), ASSAY_E_VERIFY);
	/* A length in two bytes where one does. */
	snprintf(longer, sizeof longer, "3081%s", hex + 2);
	assert_int_equal(verify(&key, longer, "m"), ASSAY_E_VERIFY);
	assert_int_equal(verify(&key, "3006020101020101", "m"), ASSAY_E_VERIFY);
	assert_int_equal(verify(&key, "3006020100020100", "m"), ASSAY_E_VERIFY);
	assert_int_equal(verify(&key, "3000", "m"), ASSAY_E_VERIFY);
	assert_int_equal(verify(&key, "30", "m"), ASSAY_E_VERIFY);
	free(hex);
}

static void
old_spellings_are_read(void **state)
{
	struct assay_tuf_key key, same;
	json_t *object = json_deep_copy(world_key('b')->object);

	(void)state;
	ACCEPT(parse(object, &same));
	world_set(object, "keytype", json_string("ecdsa-sha2-nistp256"));
	ACCEPT(parse(object, &key));
	assert_int_equal(key.scheme, ASSAY_TUF_ECDSA_P256);
	/* One key, whatever it is called. */
	assert_memory_equal(key.spki_sha256, same.spki_sha256, sizeof key.spki_sha256);
	assert_string_not_equal(key.keyid, same.keyid);
	json_decref(object);
}

/* Each with one member other than it should be. */
static void
malformed_keys(void **state)
{
	static const struct {
		char letter;
		const char *path, *json;
		enum assay_status status;
	} rows[] = {
		{ 'a', "keytype", NULL, ASSAY_E_FORMAT },
		{ 'a', "scheme", NULL, ASSAY_E_FORMAT },
		{ 'a', "scheme", "1", ASSAY_E_FORMAT },
		{ 'a', "keyval", NULL, ASSAY_E_FORMAT },
		{ 'a', "keyval", "\"00\"", ASSAY_E_FORMAT },
		{ 'a', "keyval/public", NULL, ASSAY_E_FORMAT },
		{ 'a', "keyval/public", "\"\"", ASSAY_E_FORMAT },
		{ 'a', "keyval/public", "\"00\"", ASSAY_E_FORMAT },
		{ 'a', "keytype", "\"dilithium\"", ASSAY_E_UNSUPPORTED },
		{ 'a', "scheme", "\"ed25519ph\"", ASSAY_E_UNSUPPORTED },
		{ 'd', "scheme", "\"rsa-pkcs1v15-sha256\"", ASSAY_E_UNSUPPORTED },
		{ 'd', "scheme", "\"ed25519\"", ASSAY_E_UNSUPPORTED },
		{ 'd', "scheme", "\"rsassa-pss-sha384\"", ASSAY_OK },
		{ 'd', "keyval/public", "\"-----BEGIN PUBLIC KEY-----\\n-----END PUBLIC KEY-----\"", ASSAY_E_FORMAT },
		{ 'd', "keyval/public", "\"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\"", ASSAY_E_FORMAT },
		{ 'd', "keyval/public", "\"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\"", ASSAY_E_FORMAT },
		{ 'a', "x-assay-person", "\"\"", ASSAY_E_FORMAT },
		{ 'a', "x-assay-person", "\"two words\"", ASSAY_E_FORMAT },
		{ 'a', "x-assay-person", "\"\\u0430nna\"", ASSAY_E_FORMAT },
		{ 'a', "x-assay-person", "[]", ASSAY_E_FORMAT },
		{ 'a', "x-assay-person", "\"anna.b_c@example.org+x-1\"", ASSAY_OK },
		{ 'a', "x-assay-role", "\"a\\nb\"", ASSAY_E_FORMAT },
		{ 'a', "x-assay-role", "1", ASSAY_E_FORMAT },
		{ 'a', "x-assay-role", "\"Leiterin Qualit\\u00e4t\"", ASSAY_OK },
		{ 'a', "keyid_hash_algorithms", "[\"sha256\",\"sha512\"]", ASSAY_OK },
	};
	struct assay_tuf_key key;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *object = json_deep_copy(world_key(rows[i].letter)->object);
		world_set(object, rows[i].path, rows[i].json == NULL ? NULL : json_loads(rows[i].json, JSON_DECODE_ANY, NULL));
		enum assay_status status = parse(object, &key);
		if (status != rows[i].status)
			fail_msg("%s = %s: '%s'", rows[i].path, rows[i].json, assay_status_name(status));
		json_decref(object);
	}
}

static void
pem_is_read_strictly(void **state)
{
	struct assay_tuf_key key;
	char text[4096];
	const char *pem = json_string_value(json_object_get(json_object_get(world_key('b')->object, "keyval"), "public"));
	static const struct {
		const char *before, *after;
		enum assay_status status;
	} rows[] = { { "", "", ASSAY_OK }, { "\n", "", ASSAY_E_FORMAT }, { "", "\n", ASSAY_E_FORMAT }, { " ", "", ASSAY_E_FORMAT },
		{ "", "x", ASSAY_E_FORMAT }, { "x", "", ASSAY_E_FORMAT } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *object = json_deep_copy(world_key('b')->object);
		snprintf(text, sizeof text, "%s%s%s", rows[i].before, pem, rows[i].after);
		world_set(object, "keyval/public", json_string(text));
		assert_int_equal(parse(object, &key), rows[i].status);
		json_decref(object);
	}
	/* On one line it is the same key. */
	json_t *object = json_deep_copy(world_key('b')->object);
	snprintf(text, sizeof text, "%s", pem);
	char *first = strchr(text, '\n'), *second = strchr(first + 1, '\n');
	memmove(second, second + 1, strlen(second));
	world_set(object, "keyval/public", json_string(text));
	ACCEPT(parse(object, &key));
	json_decref(object);
}

static struct assay_tuf_meta meta;

static enum assay_status
parse_file(json_t *payload)
{
	room = world_room();
	return assay_tuf_parse(world_sign(payload, ""), &room, &meta, &world_error);
}

/* Puts a key into a root, under its keyid or another. */
static json_t *
root_with(const struct tufmake_key *key, const char *keyid)
{
	json_t *root = world_root(1);

	json_object_set(json_object_get(root, "keys"), keyid == NULL ? key->keyid : keyid, key->object);
	return root;
}

static void
weak_keys_are_refused(void **state)
{
	struct tufmake_key *rsa = tufmake_key("rsa1024", "gus", NULL);
	struct tufmake_key *point = tufmake_key_again(world_key('a'), "gus", NULL);
	static const char *const small[] = { "0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" };

	(void)state;
	REJECT(parse_file(root_with(rsa, NULL)), ASSAY_E_VERIFY, "fewer than 2048 bits");
	for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
		world_set(point->object, "keyval/public", json_string(small[i]));
		tufmake_rename(point);
		REJECT(parse_file(root_with(point, NULL)), ASSAY_E_VERIFY, "weak");
	}
	tufmake_key_free(rsa);
	tufmake_key_free(point);
	/* Exponent 3. */
	unsigned exponent = 3;
	OSSL_PARAM params[] = { OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent), OSSL_PARAM_construct_end() };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048), 1);
	assert_int_equal(EVP_PKEY_CTX_set_params(ctx, params), 1);
	assert_int_equal(EVP_PKEY_generate(ctx, &pkey), 1);
	EVP_PKEY_CTX_free(ctx);
	struct tufmake_key three = *world_key('d');
	three.pkey = pkey;
	rsa = tufmake_key_again(&three, "gus", NULL);
	EVP_PKEY_free(pkey);
	REJECT(parse_file(root_with(rsa, NULL)), ASSAY_E_VERIFY, "below 65537");
	tufmake_key_free(rsa);
}

static void
point_off_its_curve(void **state)
{
	struct tufmake_key *key = tufmake_key_again(world_key('b'), "gus", NULL);
	char text[1024];

	(void)state;
	snprintf(text, sizeof text, "%s", json_string_value(json_object_get(json_object_get(key->object, "keyval"), "public")));
	/* A character in the middle of the point. */
	char *second = strchr(strchr(text, '\n') + 1, '\n') + 10;
	*second = *second == 'A' ? 'B' : 'A';
	world_set(key->object, "keyval/public", json_string(text));
	tufmake_rename(key);
	REJECT(parse_file(root_with(key, NULL)), ASSAY_E_VERIFY, "curve");
	tufmake_key_free(key);
}

static void
keyid_has_to_be_the_keys(void **state)
{
	static const char other[] = "00000000000000000000000000000000000000000000000000000000000000ff";

	(void)state;
	ACCEPT(parse_file(root_with(world_key('e'), NULL)));
	REJECT(parse_file(root_with(world_key('e'), other)), ASSAY_E_VERIFY, "keyid");
	REJECT(parse_file(root_with(world_key('e'), "e")), ASSAY_E_VERIFY, "keyid");
	REJECT(parse_file(root_with(world_key('e'), world_key('f')->keyid)), ASSAY_E_VERIFY, "keyid");
	json_t *targets = world_targets(1);
	world_delegate(targets, "policy", "b", 1, "assay/*", false);
	json_object_set(json_object_get(json_object_get(targets, "delegations"), "keys"), other, world_key('e')->object);
	REJECT(parse_file(targets), ASSAY_E_VERIFY, "keyid");
}

static void
one_key_under_two_names(void **state)
{
	struct tufmake_key *again = tufmake_key_again(world_key('a'), "eve", NULL);
	struct tufmake_key *titled = tufmake_key_again(world_key('a'), "anna", "director");
	struct tufmake_key *nobody = tufmake_key_again(world_key('a'), NULL, NULL);
	const struct tufmake_key *all[] = { again, titled, nobody };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		REJECT(parse_file(root_with(all[i], NULL)), ASSAY_E_VERIFY, "stands twice");
	for (size_t i = 0; i < 3; i++) {
		json_t *targets = world_targets(1);
		world_delegate(targets, "policy", "a", 1, "assay/*", false);
		json_object_set(json_object_get(json_object_get(targets, "delegations"), "keys"), all[i]->keyid, all[i]->object);
		REJECT(parse_file(targets), ASSAY_E_VERIFY, "stands twice");
	}
	tufmake_key_free(again);
	tufmake_key_free(titled);
	tufmake_key_free(nobody);
}

/* Between files, in both directions, whoever reads them. */
static void
keys_of_two_files(void **state)
{
	struct tufmake_key *again = tufmake_key_again(world_key('b'), "eve", NULL);
	struct assay_tuf_meta root;

	(void)state;
	ACCEPT(parse_file(world_root(1)));
	root = meta;
	room.used = 1u << 20;
	for (int taken = 0; taken < 2; taken++) {
		struct assay_tuf_room after = room;
		json_t *targets = world_targets(1);
		world_delegate(targets, "policy", taken ? "c" : "bc", 1, "assay/*", false);
		if (taken)
			json_object_set(json_object_get(json_object_get(targets, "delegations"), "keys"), again->keyid, again->object);
		ACCEPT(assay_tuf_parse(world_sign(targets, ""), &after, &meta, &world_error));
		if (taken) {
			REJECT(assay_tuf_same_people(&root, &meta, &world_error), ASSAY_E_VERIFY, "one key under two people");
			REJECT(assay_tuf_same_people(&meta, &root, &world_error), ASSAY_E_VERIFY, "one key under two people");
		} else {
			ACCEPT(assay_tuf_same_people(&root, &meta, &world_error));
			ACCEPT(assay_tuf_same_people(&meta, &root, &world_error));
		}
	}
	/* Files without keys agree with all. */
	struct assay_tuf_room after = room;
	ACCEPT(assay_tuf_parse(world_sign(world_targets(1), ""), &after, &meta, &world_error));
	ACCEPT(assay_tuf_same_people(&root, &meta, &world_error));
	tufmake_key_free(again);
}

/* A key of a kind that isn't known is left in place, and never counts. */
static void
unknown_kinds_never_count(void **state)
{
	struct tufmake_key *strange = tufmake_key_again(world_key('e'), "eve", NULL);
	struct assay_tuf_tally tally;
	struct assay_tuf_role role;

	(void)state;
	world_set(strange->object, "keytype", json_string("ml-dsa-65"));
	tufmake_rename(strange);
	json_t *root = root_with(strange, NULL);
	world_set(root, "roles/root/keyids", json_pack("[s, s, s]", world_key('a')->keyid, strange->keyid, world_key('b')->keyid));
	struct tufmake_key *signers[] = { world_key('a'), strange, world_key('b') };
	for (size_t count = 2; count <= 3; count++) {
		room = world_room();
		ACCEPT(assay_tuf_parse(world_write(tufmake_envelope(root, signers, count)), &room, &meta, &world_error));
		ACCEPT(assay_tuf_role(&meta, "root", &role));
		enum assay_status status = assay_tuf_tally(&meta, &role, &tally, &world_error);
		assert_int_equal(status, count == 2 ? ASSAY_E_VERIFY : ASSAY_OK);
		assert_int_equal(tally.people, count - 1);
		assert_int_equal(tally.threshold, 2);
	}
	json_decref(root);
	tufmake_key_free(strange);
}

static void
who_signed_is_told(void **state)
{
	struct assay_tuf_tally tally;
	struct assay_tuf_role role;
	struct assay_tuf_key key;

	(void)state;
	json_t *envelope = world_envelope(world_root(1), "abe");
	world_set(envelope, "signatures/1/sig", json_string("3000"));
	room = world_room();
	ACCEPT(assay_tuf_parse(world_write(envelope), &room, &meta, &world_error));
	ACCEPT(assay_tuf_role(&meta, "root", &role));
	REJECT(assay_tuf_tally(&meta, &role, &tally, &world_error), ASSAY_E_VERIFY, "by 1 of 2 people, with 1 keys; 1 signatures");
	assert_int_equal(tally.keys, 1);
	assert_int_equal(tally.bad, 1);
	static const enum assay_status wanted[] = { ASSAY_OK, ASSAY_E_VERIFY, ASSAY_E_NOT_FOUND };
	size_t cursor = 0;
	for (size_t i = 0; i < 3; i++) {
		assert_true(assay_tuf_next_key(&role, &cursor, &key));
		assert_int_equal(assay_tuf_signed_by(&meta, &key), wanted[i]);
	}
	assert_int_equal(assay_tuf_tally(&meta, &role, NULL, NULL), ASSAY_E_VERIFY);
	/* A place without a signature is none, and not a bad one. */
	envelope = world_envelope(world_root(1), "ab");
	world_set(envelope, "signatures/1/sig", json_string(""));
	room = world_room();
	ACCEPT(assay_tuf_parse(world_write(envelope), &room, &meta, &world_error));
	ACCEPT(assay_tuf_role(&meta, "root", &role));
	assert_int_equal(assay_tuf_tally(&meta, &role, &tally, NULL), ASSAY_E_VERIFY);
	assert_int_equal(tally.bad, 0);
}

/* ---- From SSH ---- */

static struct blob key_blob, signature;

static void
ssh_keys_sign(void **state)
{
	static const struct {
		enum assay_key_type type;
		enum assay_tuf_scheme scheme;
	} rows[] = { { ASSAY_KEY_ED25519, ASSAY_TUF_ED25519 }, { ASSAY_KEY_ECDSA_P256, ASSAY_TUF_ECDSA_P256 },
		{ ASSAY_KEY_ECDSA_P384, ASSAY_TUF_ECDSA_P384 } };
	struct assay_tuf_key key, read, other;
	struct assay_pubkey ssh;
	char json[ASSAY_TUF_KEY_JSON_SIZE], hex[ASSAY_TUF_SIGNATURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct test_key made = test_key_make(rows[i].type, 0);
		test_key_blob(&made, NULL, &key_blob);
		ACCEPT(assay_pubkey_parse(blob_span(&key_blob), &ssh, &world_error));
		ACCEPT(assay_tuf_key_from_ssh(&ssh, assay_span_str("anna"), assay_span_str("security lead"), &key, &world_error));
		assert_int_equal(key.scheme, rows[i].scheme);
		ACCEPT(assay_tuf_key_json(&key, json));
		/* Another hand computes the same keyid. */
		struct tufmake_key theirs = { .object = json_loads(json, 0, NULL) };
		assert_non_null(theirs.object);
		tufmake_rename(&theirs);
		assert_string_equal(theirs.keyid, key.keyid);
		ACCEPT(parse(theirs.object, &read));
		json_decref(theirs.object);
		assert_string_equal(read.keyid, key.keyid);
		assert_memory_equal(read.spki_sha256, key.spki_sha256, sizeof key.spki_sha256);
		assert_true(assay_span_equal(read.person, assay_span_str("anna")));
		/* Many, so that r and s come short and with their first bit set. */
		for (int round = 0; round < 50; round++) {
			struct test_style style = { 0 };
			char message[16];
			snprintf(message, sizeof message, "m%d", round);
			test_signature(&made, &style, assay_span_str(message), &signature);
			ACCEPT(assay_tuf_signature_from_ssh(&key, blob_span(&signature), hex, &world_error));
			assert_int_equal(verify(&read, hex, message), ASSAY_OK);
			assert_int_equal(verify(&read, hex, "other"), ASSAY_E_VERIFY);
		}
		struct assay_span cut = { signature.data, signature.len - 1 };
		REJECT(assay_tuf_signature_from_ssh(&key, cut, hex, &world_error), ASSAY_E_FORMAT, "");
		other = key;
		other.scheme = ASSAY_TUF_RSA_PSS_SHA256;
		REJECT(assay_tuf_signature_from_ssh(&other, blob_span(&signature), hex, &world_error), ASSAY_E_FORMAT, "algorithm");
		test_key_done(&made);
	}
}

static void
ssh_keys_of_other_kinds(void **state)
{
	static const enum assay_key_type types[] = { ASSAY_KEY_RSA, ASSAY_KEY_ECDSA_P521, ASSAY_KEY_SK_ED25519,
		ASSAY_KEY_SK_ECDSA_P256 };
	struct assay_tuf_key key;
	struct assay_pubkey ssh;

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct test_key made = test_key_make(types[i], 2048);
		made.application = "ssh:";
		test_key_blob(&made, NULL, &key_blob);
		ACCEPT(assay_pubkey_parse(blob_span(&key_blob), &ssh, &world_error));
		REJECT(assay_tuf_key_from_ssh(&ssh, assay_span_str("anna"), assay_span_str(""), &key, &world_error),
		    ASSAY_E_UNSUPPORTED, "can't sign metadata");
		test_key_done(&made);
	}
	struct test_key made = test_key_make(ASSAY_KEY_ED25519, 0);
	test_key_blob(&made, NULL, &key_blob);
	ACCEPT(assay_pubkey_parse(blob_span(&key_blob), &ssh, &world_error));
	ACCEPT(assay_tuf_key_from_ssh(&ssh, assay_span_str("anna"), assay_span_str(""), &key, &world_error));
	static const char *const names[] = { "", "anna b", "anna\"", "\xc3\xa4nna" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		REJECT(assay_tuf_key_from_ssh(&ssh, assay_span_str(names[i]), assay_span_str(""), &key, &world_error), ASSAY_E_FORMAT,
		    "person");
	REJECT(assay_tuf_key_from_ssh(&ssh, assay_span_str("anna"), assay_span_str("a\"b"), &key, &world_error), ASSAY_E_FORMAT, "");
	unsigned char zero[32] = { 0 };
	ssh.ed25519.data = zero;
	REJECT(assay_tuf_key_from_ssh(&ssh, assay_span_str("anna"), assay_span_str(""), &key, &world_error), ASSAY_E_VERIFY, "weak");
	test_key_done(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scheme_signs),
		cmocka_unit_test(algorithm_is_the_keys),
		cmocka_unit_test(ecdsa_signatures_have_one_form),
		cmocka_unit_test(old_spellings_are_read),
		cmocka_unit_test(malformed_keys),
		cmocka_unit_test(pem_is_read_strictly),
		cmocka_unit_test(weak_keys_are_refused),
		cmocka_unit_test(point_off_its_curve),
		cmocka_unit_test(keyid_has_to_be_the_keys),
		cmocka_unit_test(one_key_under_two_names),
		cmocka_unit_test(keys_of_two_files),
		cmocka_unit_test(unknown_kinds_never_count),
		cmocka_unit_test(who_signed_is_told),
		cmocka_unit_test(ssh_keys_sign),
		cmocka_unit_test(ssh_keys_of_other_kinds),
	};

	return cmocka_run_group_tests(tests, world_make, world_done);
}
