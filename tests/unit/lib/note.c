/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes and checkpoints. */
#include <assay/base64.h>
#include <assay/note.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEXT "example.org/log\n5\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n"
#define DASH "\xe2\x80\x94 "

static unsigned char secret[64], public_key[32];
static char vkey[ASSAY_VKEY_SIZE], text[ASSAY_NOTE_MAX + 100];

static void
make_vkey(const char *name, const unsigned char key[32], char out[ASSAY_VKEY_SIZE])
{
	unsigned char hash[4], data[33] = { 1 };
	char encoded[64];

	memcpy(data + 1, key, 32);
	assert_int_equal(assay_note_key_hash(assay_span_str(name), key, hash), ASSAY_OK);
	assert_int_equal(
	    assay_base64_encode((struct assay_span) { data, 33 }, encoded, sizeof encoded), ASSAY_OK);
	snprintf(out, ASSAY_VKEY_SIZE, "%s+%02x%02x%02x%02x+%s", name, hash[0], hash[1], hash[2],
	    hash[3], encoded);
}

static int
make_key(void **state)
{
	static const unsigned char seed[32] = { 42 };

	(void)state;
	crypto_sign_seed_keypair(public_key, secret, seed);
	make_vkey("example.org/log", public_key, vkey);
	return 0;
}

/* A signature line over body, into out. kind: bytes of signature that are written. */
static void
signature_line(const char *name, const char *body, size_t size, char out[1024])
{
	unsigned char bytes[256] = { 0 }, hash[4];
	char encoded[400];

	assert_int_equal(assay_note_key_hash(assay_span_str(name), public_key, hash), ASSAY_OK);
	memcpy(bytes, hash, 4);
	crypto_sign_detached(bytes + 4, NULL, (const unsigned char *)body, strlen(body), secret);
	assert_int_equal(
	    assay_base64_encode((struct assay_span) { bytes, 4 + size }, encoded, sizeof encoded),
	    ASSAY_OK);
	snprintf(out, 1024, DASH "%s %s\n", name, encoded);
}

static enum assay_status
verify(const char *bytes)
{
	struct assay_note note;
	struct assay_note_key key;
	struct assay_error err;

	assert_int_equal(assay_note_key_parse(assay_span_str(vkey), &key, NULL), ASSAY_OK);
	enum assay_status status = assay_note_parse(assay_span_str(bytes), &note, &err);
	if (status != ASSAY_OK) {
		assert_true(err.what[0] != '\0');
		return status;
	}
	return assay_note_verify(&note, &key, &err);
}

static void
own_note_verifies(void **state)
{
	char line[1024];

	(void)state;
	signature_line("example.org/log", TEXT, 64, line);
	snprintf(text, sizeof text, TEXT "\n%s", line);
	assert_int_equal(verify(text), ASSAY_OK);
	text[0] = 'E';
	assert_int_equal(verify(text), ASSAY_E_VERIFY);
}

/* A tree head that a public log, Go's checksum database, signed and published. */
static void
foreign_note_verifies(void **state)
{
	static const char known[] =
	    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
	static const char tree_head[] = "go.sum database tree\n"
	                                "6476701\n"
	                                "mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n"
	                                "\n" DASH
	                                "sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+"
	                                "1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n";
	struct assay_note_key key;
	struct assay_note note;
	struct assay_checkpoint c;

	(void)state;
	assert_int_equal(assay_note_key_parse(assay_span_str(known), &key, NULL), ASSAY_OK);
	assert_int_equal(assay_note_parse(assay_span_str(tree_head), &note, NULL), ASSAY_OK);
	assert_int_equal(assay_note_verify(&note, &key, NULL), ASSAY_OK);
	assert_int_equal(assay_checkpoint_parse(note.text, &c, NULL), ASSAY_OK);
	assert_int_equal(c.size, 6476701);
}

static void
other_signatures_are_passed_over(void **state)
{
	char own[1024], witness[1024], bad[1024];

	(void)state;
	signature_line("example.org/log", TEXT, 64, own);
	signature_line("witness.example", TEXT, 72, witness);
	snprintf(text, sizeof text, TEXT "\n%s%s", witness, own);
	assert_int_equal(verify(text), ASSAY_OK);
	snprintf(text, sizeof text, TEXT "\n%s", witness);
	assert_int_equal(verify(text), ASSAY_E_NOT_FOUND);
	/* A bad signature in the key's own name beside a good one. */
	signature_line("example.org/log", "other\n", 64, bad);
	snprintf(text, sizeof text, TEXT "\n%s%s", own, bad);
	assert_int_equal(verify(text), ASSAY_E_VERIFY);
	signature_line("example.org/log", TEXT, 72, bad);
	snprintf(text, sizeof text, TEXT "\n%s%s", own, bad);
	assert_int_equal(verify(text), ASSAY_E_VERIFY);
}

static void
malformed_notes_are_refused(void **state)
{
	static const char *const bad[] = { "", "\n", TEXT, TEXT "\n", TEXT "\n\n",
		TEXT "\n" DASH "name\n", TEXT "\n" DASH "name AAAA\n", TEXT "\n" DASH "name AAAAAAA=",
		TEXT "\n" DASH " AAAAAAA=\n", TEXT "\n" DASH "a+b AAAAAAA=\n", TEXT "\n" DASH "a AAAAAAA=\n\n",
		TEXT "\n" DASH "a\xe3\x80\x80" "b AAAAAAA=\n", TEXT "\n- name AAAAAAA=\n",
		TEXT "\n" DASH "a AAAAAAB=\n", TEXT "\n" DASH "a AAAAAAA=\nx\n", "a\rb\n\n" DASH "a AAAAAAA=\n",
		"a\xff\n\n" DASH "a AAAAAAA=\n", "\xc0\x80\n\n" DASH "a AAAAAAA=\n",
		"\xed\xa0\x80\n\n" DASH "a AAAAAAA=\n", "\xe2\x80" };
	struct assay_note note;
	struct assay_error err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (assay_note_parse(assay_span_str(bad[i]), &note, &err) != ASSAY_E_FORMAT)
			fail_msg("note %zu was not refused: %s", i, bad[i]);
	}
	assert_int_equal(
	    assay_note_parse(assay_span_str(TEXT "\n" DASH "a AAAAAAA=\n"), &note, &err), ASSAY_OK);
}

static void
notes_are_capped(void **state)
{
	struct assay_note note;
	size_t len = (size_t)snprintf(text, sizeof text, "t\n\n");

	(void)state;
	for (unsigned i = 0; i < ASSAY_NOTE_SIGNATURES_MAX; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, DASH "n%u AAAAAAA=\n", i);
	assert_int_equal(assay_note_parse(assay_span_str(text), &note, NULL), ASSAY_OK);
	snprintf(text + len, sizeof text - len, DASH "one-more AAAAAAA=\n");
	assert_int_equal(assay_note_parse(assay_span_str(text), &note, NULL), ASSAY_E_LIMIT);
	memset(text, 'a', ASSAY_NOTE_MAX + 1);
	text[ASSAY_NOTE_MAX + 1] = '\0';
	assert_int_equal(assay_note_parse(assay_span_str(text), &note, NULL), ASSAY_E_LIMIT);
}

/* The last empty line counts: text may hold others. */
static void
text_may_hold_empty_lines(void **state)
{
	static const char body[] = "a\n\nb\n";
	char line[1024];

	(void)state;
	signature_line("example.org/log", body, 64, line);
	snprintf(text, sizeof text, "%s\n%s", body, line);
	assert_int_equal(verify(text), ASSAY_OK);
}

static enum assay_status
parse_key(const char *bytes)
{
	struct assay_note_key key;
	struct assay_error err;

	return assay_note_key_parse(assay_span_str(bytes), &key, &err);
}

static void
verifier_keys_are_checked(void **state)
{
	static const unsigned char small_order[32] = { 1 };
	char copy[ASSAY_VKEY_SIZE];

	(void)state;
	assert_int_equal(parse_key(vkey), ASSAY_OK);
	memcpy(copy, vkey, sizeof copy);
	copy[0] = 'E'; /* the hash binds the name */
	assert_int_equal(parse_key(copy), ASSAY_E_FORMAT);
	make_vkey("a b", public_key, copy);
	assert_int_equal(parse_key(copy), ASSAY_E_FORMAT);
	make_vkey("a", small_order, copy);
	assert_int_equal(parse_key(copy), ASSAY_E_FORMAT);
	assert_int_equal(parse_key("a+00000000"), ASSAY_E_FORMAT);
	assert_int_equal(parse_key("a+0000000+AAAA"), ASSAY_E_FORMAT);
	assert_int_equal(parse_key("a+00000000+AQAA"), ASSAY_E_FORMAT);
	assert_int_equal(parse_key("a+00000000+BAAA"), ASSAY_E_UNSUPPORTED);
	memset(text, 'a', 600);
	text[600] = '\0';
	assert_int_equal(parse_key(text), ASSAY_E_LIMIT);
}

static void
checkpoints_are_read(void **state)
{
	static const char *const bad[] = { "", "o\n", "\n5\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n",
		"o\n05\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n",
		"o\n\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n",
		"o\n+5\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n",
		"o\n18446744073709551616\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n",
		"o\n5\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=", "o\n5\nTju7H3tHjc/nH7YxYxUZo7yh\n",
		TEXT "\n", TEXT "x\n\ny\n", TEXT "x" };
	struct assay_checkpoint c;

	(void)state;
	assert_int_equal(assay_checkpoint_parse(assay_span_str(TEXT "more\n"), &c, NULL), ASSAY_OK);
	assert_int_equal(c.size, 5);
	assert_true(assay_span_equal(c.origin, assay_span_str("example.org/log")));
	assert_true(assay_span_equal(c.extension, assay_span_str("more\n")));
	assert_int_equal(c.root.b[0], 0x4e);
	assert_int_equal(
	    assay_checkpoint_parse(assay_span_str("o\n18446744073709551615\nTju7H3tHjc/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNQ=\n"), &c, NULL),
	    ASSAY_OK);
	assert_true(c.size == UINT64_MAX);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (assay_checkpoint_parse(assay_span_str(bad[i]), &c, NULL) != ASSAY_E_FORMAT)
			fail_msg("checkpoint %zu was not refused: %s", i, bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_note_verifies),
		cmocka_unit_test(foreign_note_verifies),
		cmocka_unit_test(other_signatures_are_passed_over),
		cmocka_unit_test(malformed_notes_are_refused),
		cmocka_unit_test(notes_are_capped),
		cmocka_unit_test(text_may_hold_empty_lines),
		cmocka_unit_test(verifier_keys_are_checked),
		cmocka_unit_test(checkpoints_are_read),
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
