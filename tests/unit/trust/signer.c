/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "place.h"

#include <assay/note.h>
#include <trust/note.h>

static char wrong[] = "wrong horse";

static void
check_signs(struct signer *s)
{
	struct assay_error err;
	unsigned char key[32];
	unsigned char signature[64];
	unsigned char blob_room[64];
	struct buf wire = BUF_INIT(256);
	struct assay_pubkey parsed;
	char fingerprint[ASSAY_FINGERPRINT_SIZE];

	assert_int_equal(signer_public(s, key, &err), ASSAY_OK);
	if (signer_sign(s, assay_span_str("some message"), signature, &err) != ASSAY_OK)
		fail_msg("%s", err.what);
	memcpy(blob_room, "\0\0\0\x0bssh-ed25519\0\0\0\x20", 19);
	memcpy(blob_room + 19, key, 32);
	struct assay_span blob = {blob_room, 51};
	assert_int_equal(assay_pubkey_parse(blob, &parsed, &err), ASSAY_OK);
	assert_int_equal(assay_fingerprint(blob, fingerprint), ASSAY_OK);
	assert_string_equal(fingerprint, signer_fingerprint(s));
	buf_add_ssh_string(&wire, assay_span_str("ssh-ed25519"));
	buf_add_ssh_string(&wire, (struct assay_span){signature, 64});
	assert_int_equal(assay_pubkey_verify(
			     &parsed, buf_span(&wire), assay_span_str("some message"), NULL, &err),
	    ASSAY_OK);
	assert_int_equal(signer_sign(s, assay_span_str(""), signature, &err), ASSAY_OK);
	buf_done(&wire);
}

static void
test_agent(void **state)
{
	struct place *p = *state;
	CLEANUP(signer_free) struct signer *s = NULL;
	struct assay_error err;
	char name[128];
	char first[ASSAY_FINGERPRINT_SIZE + 1];

	start_ssh_agent(p);
	assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_E_NOT_FOUND);
	assert_non_null(strstr(err.what, "no key that this is signed with (Ed25519 alone)"));
	sh(p, "ssh-keygen -q -t rsa -b 2048 -N '' -f rsa && ssh-add rsa"
	      " && ssh-keygen -l -f rsa.pub | cut -d' ' -f2 > rsa.print");
	assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_E_NOT_FOUND);
	assert_non_null(strstr(err.what, "only ssh-rsa"));
	sh(p, "ssh-keygen -q -t ed25519 -N '' -f one && ssh-add one"
	      " && ssh-keygen -l -f one.pub | cut -d' ' -f2 > one.print");
	assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_OK);
	read_line(p, "one.print", first, sizeof first);
	assert_string_equal(signer_fingerprint(s), first);
	check_signs(s);
	signer_free(&s);
	/* A certificate of the same key is listed beside it and is no second key. */
	sh(p, "ssh-keygen -q -t ed25519 -N '' -f two && ssh-add -D && ssh-keygen -q -s two -I x "
	      "one.pub"
	      " && ssh-add one");
	assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_OK);
	signer_free(&s);
	sh(p, "ssh-add two && ssh-add rsa");
	assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_E_USAGE);
	assert_non_null(strstr(err.what, first));
	(void)snprintf(name, sizeof name, "agent:%s", first);
	assert_int_equal(open_for(SIGNER_NOTE, name, p->socket, NULL, NULL, &s, &err), ASSAY_OK);
	check_signs(s);
	sh(p, "ssh-add -d one");
	unsigned char signature[64];
	assert_int_equal(signer_sign(s, assay_span_str("x"), signature, &err), ASSAY_E_SYSTEM);
	signer_free(&s);
	assert_int_equal(open_for(SIGNER_NOTE, name, p->socket, NULL, NULL, &s, &err), ASSAY_E_NOT_FOUND);
	read_line(p, "rsa.print", first, sizeof first);
	(void)snprintf(name, sizeof name, "agent:%s", first);
	assert_int_equal(open_for(SIGNER_NOTE, name, p->socket, NULL, NULL, &s, &err), ASSAY_E_UNSUPPORTED);
	assert_non_null(strstr(err.what, "ssh-rsa"));
}

static void
test_no_agent(void **state)
{
	struct place *p = *state;
	struct signer *s = NULL;
	struct assay_error err;
	char longer[200];

	memset(longer, 'x', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(open_for(SIGNER_NOTE, "agent", NULL, NULL, NULL, &s, &err), ASSAY_E_USAGE);
	assert_int_equal(open_for(SIGNER_NOTE, "agent", "", NULL, NULL, &s, &err), ASSAY_E_USAGE);
	assert_int_equal(open_for(SIGNER_NOTE, "agent", longer, NULL, NULL, &s, &err), ASSAY_E_LIMIT);
	assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_E_SYSTEM);
	assert_int_equal(
	    open_for(SIGNER_NOTE, "agent:MD5:00", p->socket, NULL, NULL, &s, &err), ASSAY_E_USAGE);
	assert_int_equal(open_for(SIGNER_NOTE, "", p->socket, NULL, NULL, &s, &err), ASSAY_E_USAGE);
	assert_int_equal(open_for(SIGNER_NOTE, "agents", p->socket, NULL, NULL, &s, &err), ASSAY_E_NOT_FOUND);
	assert_null(s);
}

/* The public key of RFC 8032 section 7.1, test 1, listed alone. */
#define KEY                                                                                        \
	"\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a\x0e\xe1\x72\xf3\xda\xa6" \
	"\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a"
#define LISTED(key) "\0\0\0\x40\x0c\0\0\0\1\0\0\0\x33\0\0\0\x0bssh-ed25519\0\0\0\x20" key "\0\0\0\0"

static void
test_hostile_lists(void **state)
{
	static const struct {
		struct assay_span answer;
		enum assay_status status;
	} rows[] = {
	    {BYTES(""), ASSAY_E_SYSTEM},
	    {BYTES("\0\0"), ASSAY_E_SYSTEM},
	    {BYTES("\xff\xff\xff\xff"), ASSAY_E_LIMIT},
	    {BYTES("\0\4\0\1"), ASSAY_E_LIMIT},
	    {BYTES("\0\0\0\0"), ASSAY_E_FORMAT},
	    {BYTES("\0\0\0\7\x0c\0\0"), ASSAY_E_SYSTEM},
	    {BYTES("\0\0\0\1\x05"), ASSAY_E_SYSTEM},
	    {BYTES("\0\0\0\5\x0c\0\0\0\1"), ASSAY_E_FORMAT},
	    {BYTES(LISTED(ZEROS32)), ASSAY_E_VERIFY}, /* small order */
	    {BYTES(LISTED(KEY)), ASSAY_OK},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signer *s = NULL;
		struct assay_error err;
		start_fake(p, &rows[i].answer, 1);
		enum assay_status status = open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err);
		if (status != rows[i].status)
			fail_msg("row %zu: status %d, %s", i, (int)status, err.what);
		signer_free(&s);
		stop(p);
	}
}

static void
test_hostile_signatures(void **state)
{
	static const struct {
		struct assay_span answer;
		enum assay_status status;
	} rows[] = {
	    {BYTES("\0\0\0\1\x05"), ASSAY_E_SYSTEM},
	    {BYTES("\0\0\0\6\x0e\0\0\0\1x"), ASSAY_E_VERIFY},
	    /* Of the right shape, and no signature. */
	    {BYTES("\0\0\0\x58\x0e\0\0\0\x53\0\0\0\x0bssh-ed25519\0\0\0\x40" ZEROS32 ZEROS32),
		ASSAY_E_VERIFY},
	    {BYTES("\0\0\0\x58\x0e\0\0\0\x53\0\0\0\x0bssh-ed25518\0\0\0\x40" ZEROS32 ZEROS32),
		ASSAY_E_VERIFY},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct assay_span answers[2] = {BYTES(LISTED(KEY)), rows[i].answer};
		struct signer *s = NULL;
		struct assay_error err;
		unsigned char signature[64] = {7};
		start_fake(p, answers, 2);
		assert_int_equal(open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err), ASSAY_OK);
		enum assay_status status = signer_sign(s, assay_span_str("x"), signature, &err);
		if (status != rows[i].status)
			fail_msg("row %zu: status %d, %s", i, (int)status, err.what);
		assert_int_equal(signature[0], 7);
		signer_free(&s);
		stop(p);
	}
}

static void
test_key_files(void **state)
{
	static const char *const made[] = {
	    "openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -scrypt",
	    "openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 10000",
	    "openssl genpkey -algorithm ed25519 -aes256",
	};
	struct place *p = *state;
	struct assay_error err;
	char command[400];
	char path[160];

	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
		struct signer *s = NULL;
		const char *option = strstr(made[i], "pkcs8") != NULL ? "-passout" : "-pass";
		(void)snprintf(
		    command, sizeof command, "%s %s 'pass:%s' -out k.pem", made[i], option, right);
		sh(p, command);
		(void)snprintf(path, sizeof path, "%s", path_in(p, "k.pem"));
		assert_int_equal(open_for(SIGNER_NOTE, path, NULL, say, wrong, &s, &err), ASSAY_E_USAGE);
		assert_int_equal(open_for(SIGNER_NOTE, path, NULL, say, NULL, &s, &err), ASSAY_E_USAGE);
		assert_int_equal(open_for(SIGNER_NOTE, path, NULL, NULL, NULL, &s, &err), ASSAY_E_USAGE);
		assert_null(s);
		if (open_for(SIGNER_NOTE, path, NULL, say, right, &s, &err) != ASSAY_OK)
			fail_msg("%s: %s", made[i], err.what);
		check_signs(s);
		signer_free(&s);
	}
}

static void
test_refused_files(void **state)
{
	static const struct {
		const char *command;
		enum assay_status status;
		const char *todo;
	} rows[] = {
	    {"openssl genpkey -algorithm ed25519 -out k.pem", ASSAY_E_UNSUPPORTED,
		"-topk8 -scrypt"},
	    {"ssh-keygen -q -t ed25519 -N '' -f k.pem", ASSAY_E_UNSUPPORTED, "ssh-add"},
	    {"ssh-keygen -q -t ed25519 -N '' -f k && mv k.pub k.pem", ASSAY_E_UNSUPPORTED,
		"agent:"},
	    {"openssl genrsa -traditional -out k.pem 2048", ASSAY_E_UNSUPPORTED, "Ed25519"},
	    {"openssl ecparam -name prime256v1 -genkey -noout -out k.pem", ASSAY_E_UNSUPPORTED,
		"-topk8 -scrypt"},
	    {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl pkcs8 -topk8 -scrypt -passout"
	     " 'pass:right horse' -out k.pem",
		ASSAY_E_UNSUPPORTED, "ed25519"},
	    {"openssl genpkey -algorithm ed25519 | openssl pkey -pubout -out k.pem",
		ASSAY_E_UNSUPPORTED, "private key"},
	    {"openssl genrsa 2048 | openssl pkcs8 -topk8 -scrypt -passout 'pass:right horse' -out "
	     "k.pem",
		ASSAY_E_UNSUPPORTED, "ed25519"},
	    {"openssl genpkey -algorithm ed25519 | openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout"
	     " 'pass:right horse' -out k.pem",
		ASSAY_E_UNSUPPORTED, "-topk8 -scrypt"},
	    {"openssl genpkey -algorithm ed25519 -aes256 -pass 'pass:right horse' | head -n 2 > "
	     "k.pem",
		ASSAY_E_FORMAT, ""},
	    {"echo hello > k.pem", ASSAY_E_FORMAT, "openssl genpkey"},
	    {": > k.pem", ASSAY_E_FORMAT, "openssl genpkey"},
	    {"head -c 70000 /dev/zero > k.pem", ASSAY_E_LIMIT, ""},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signer *s = NULL;
		struct assay_error err;
		sh(p, rows[i].command);
		enum assay_status status =
		    open_for(SIGNER_NOTE, path_in(p, "k.pem"), NULL, say, right, &s, &err);
		if (status != rows[i].status || strstr(err.todo, rows[i].todo) == NULL)
			fail_msg("%s: status %d, %s; %s", rows[i].command, (int)status, err.what,
			    err.todo);
		sh(p, "rm -f k.pem k k.pem.pub");
	}
	struct signer *s = NULL;
	struct assay_error err;
	assert_int_equal(
	    open_for(SIGNER_NOTE, path_in(p, "k.pem"), NULL, say, right, &s, &err), ASSAY_E_NOT_FOUND);
}

static void
test_notes(void **state)
{
	struct place *p = *state;
	CLEANUP(signer_free) struct signer *s = NULL;
	CLEANUP(buf_done) struct buf note = BUF_INIT(10000);
	CLEANUP(buf_done) struct buf vkey = BUF_INIT(ASSAY_VKEY_SIZE);
	struct assay_note parsed;
	struct assay_note_key key;
	struct assay_error err;

	sh(p, "openssl genpkey -algorithm ed25519 -aes256 -pass 'pass:right horse' -out k.pem");
	assert_int_equal(open_for(SIGNER_NOTE, path_in(p, "k.pem"), NULL, say, right, &s, &err), ASSAY_OK);
	assert_int_equal(
	    note_sign(s, "example.org/log", assay_span_str("one\ntwo\n"), &note, &err), ASSAY_OK);
	assert_int_equal(note_verifier_key(s, "example.org/log", &vkey, &err), ASSAY_OK);
	assert_int_equal(assay_note_parse(buf_span(&note), &parsed, &err), ASSAY_OK);
	assert_int_equal(assay_note_key_parse(buf_span(&vkey), &key, &err), ASSAY_OK);
	assert_int_equal(assay_note_verify(&parsed, &key, &err), ASSAY_OK);
	note.data[0] ^= 1;
	assert_int_not_equal(assay_note_verify(&parsed, &key, &err), ASSAY_OK);

	static const char *const bad[] = {"", "no line end", "a\n\n\xe2\x80\x94 x AAAA\n\nb"};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_reset(&note);
		assert_int_not_equal(
		    note_sign(s, "n", assay_span_str(bad[i]), &note, &err), ASSAY_OK);
	}
	assert_int_equal(note_sign(s, "a b", assay_span_str("x\n"), &note, &err), ASSAY_E_USAGE);
	assert_int_equal(note_sign(s, "", assay_span_str("x\n"), &note, &err), ASSAY_E_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ROW(test_agent),
	    ROW(test_no_agent),
	    ROW(test_hostile_lists),
	    ROW(test_hostile_signatures),
	    ROW(test_key_files),
	    ROW(test_refused_files),
	    ROW(test_notes),
	};

	return cmocka_run_group_tests_name("signer", tests, NULL, NULL);
}
