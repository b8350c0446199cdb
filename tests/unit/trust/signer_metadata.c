/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "place.h"

#include <base/text.h>

/* What a key signs as metadata must hold there, and raw bytes it gives to nobody unless it is Ed25519. */
static void
check_metadata(struct signer *s, enum assay_key_type type)
{
	struct assay_error err;
	struct assay_pubkey ssh;
	struct assay_tuf_key key;
	char hex[ASSAY_TUF_SIGNATURE_SIZE];
	unsigned char raw[ASSAY_TUF_SIGNATURE_SIZE / 2];
	const struct assay_span message = assay_span_str("some metadata");

	assert_int_equal(assay_pubkey_parse(signer_blob(s), &ssh, &err), ASSAY_OK);
	assert_int_equal(ssh.type, type);
	assert_int_equal(assay_tuf_key_from_ssh(&ssh, assay_span_str("ada"), assay_span_str(""), &key, &err), ASSAY_OK);
	/* Half of all r and s have their first bit set, one in 256 a byte less: enough of both to see each form. */
	for (unsigned i = 0; i < 64; i++) {
		if (signer_sign_metadata(s, message, hex, &err) != ASSAY_OK)
			fail_msg("%s", err.what);
		const size_t len = strlen(hex) / 2;
		assert_int_equal(text_unhex(assay_span_str(hex), raw, len), ASSAY_OK);
		assert_int_equal(assay_tuf_key_verify(&key, (struct assay_span){raw, len}, message), ASSAY_OK);
		raw[len - 1] ^= 1;
		assert_int_not_equal(assay_tuf_key_verify(&key, (struct assay_span){raw, len}, message), ASSAY_OK);
	}
	enum assay_status wanted = type == ASSAY_KEY_ED25519 ? ASSAY_OK : ASSAY_E_UNSUPPORTED;
	assert_int_equal(signer_public(s, raw, &err), wanted);
	assert_int_equal(signer_sign(s, message, raw, &err), wanted);
}

static void
test_metadata_agents(void **state)
{
	static const struct {
		const char *kind;
		enum assay_key_type type;
	} rows[] = {{"ed25519", ASSAY_KEY_ED25519}, {"ecdsa -b 256", ASSAY_KEY_ECDSA_P256},
	    {"ecdsa -b 384", ASSAY_KEY_ECDSA_P384}};
	struct place *p = *state;
	struct assay_error err;
	char command[200];
	char print[ASSAY_FINGERPRINT_SIZE + 1];

	start_ssh_agent(p);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signer *s = NULL;
		(void)snprintf(command, sizeof command,
		    "rm -f k k.pub && ssh-keygen -q -t %s -N '' -f k && ssh-add -D && ssh-add k"
		    " && ssh-keygen -l -f k.pub | cut -d' ' -f2 > print", rows[i].kind);
		sh(p, command);
		if (open_for(SIGNER_METADATA, "agent", p->socket, NULL, NULL, &s, &err) != ASSAY_OK)
			fail_msg("%s: %s", rows[i].kind, err.what);
		read_line(p, "print", print, sizeof print);
		assert_string_equal(signer_fingerprint(s), print);
		check_metadata(s, rows[i].type);
		signer_free(&s);
		enum assay_status note = open_for(SIGNER_NOTE, "agent", p->socket, NULL, NULL, &s, &err);
		assert_int_equal(note, rows[i].type == ASSAY_KEY_ED25519 ? ASSAY_OK : ASSAY_E_NOT_FOUND);
		signer_free(&s);
	}
}

static void
test_metadata_files(void **state)
{
	static const struct {
		const char *options;
		enum assay_key_type type;
		enum assay_status status;
	} rows[] = {
	    {"ed25519", ASSAY_KEY_ED25519, ASSAY_OK},
	    {"EC -pkeyopt ec_paramgen_curve:P-256", ASSAY_KEY_ECDSA_P256, ASSAY_OK},
	    {"EC -pkeyopt ec_paramgen_curve:P-384", ASSAY_KEY_ECDSA_P384, ASSAY_OK},
	    /* A key that says its curve's numbers is the same key when they are those of the curve. */
	    {"EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", ASSAY_KEY_ECDSA_P256, ASSAY_OK},
	    {"EC -pkeyopt ec_paramgen_curve:P-521", ASSAY_KEY_ECDSA_P521, ASSAY_E_UNSUPPORTED},
	    {"EC -pkeyopt ec_paramgen_curve:secp256k1", ASSAY_KEY_ECDSA_P256, ASSAY_E_UNSUPPORTED},
	    {"X25519", ASSAY_KEY_ED25519, ASSAY_E_UNSUPPORTED},
	    {"ed448", ASSAY_KEY_ED25519, ASSAY_E_UNSUPPORTED},
	};
	struct place *p = *state;
	struct assay_error err;
	char command[300];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signer *s = NULL;
		(void)snprintf(command, sizeof command,
		    "openssl genpkey -algorithm %s | openssl pkcs8 -topk8 -v2 aes256 -iter 1000 -passout 'pass:%s' -out k.pem",
		    rows[i].options, right);
		sh(p, command);
		enum assay_status status = open_for(SIGNER_METADATA, path_in(p, "k.pem"), NULL, say, right, &s, &err);
		if (status != rows[i].status)
			fail_msg("%s: status %d, %s", rows[i].options, (int)status, err.what);
		if (status == ASSAY_OK)
			check_metadata(s, rows[i].type);
		signer_free(&s);
	}
}

/* The P-256 key of RFC 6979 appendix A.2.5, and its signature with SHA-256 over "sample". */
#define EC_POINT                                                                                   \
	"\x04\x60\xfe\xd4\xba\x25\x5a\x9d\x31\xc9\x61\xeb\x74\xc6\x35\x6d\x68\xc0\x49\xb8\x92\x3b" \
	"\x61\xfa\x6c\xe6\x69\x62\x2e\x60\xf2\x9f\xb6\x79\x03\xfe\x10\x08\xb8\xbc\x99\xa4\x1a\xe9" \
	"\xe9\x56\x28\xbc\x64\xf2\xf1\xb2\x0c\x2d\x7e\x9f\x51\x77\xa3\xc2\x94\xd4\x46\x22\x99"
#define EC_R                                                                                       \
	"\xef\xd4\x8b\x2a\xac\xb6\xa8\xfd\x11\x40\xdd\x9c\xd4\x5e\x81\xd6\x9d\x2c\x87\x7b\x56\xaa" \
	"\xf9\x91\xc3\x4d\x0e\xa8\x4e\xaf\x37\x16"
#define EC_S                                                                                       \
	"\xf7\xcb\x1c\x94\x2d\x65\x7c\x41\xd4\x36\xc7\xa1\xb6\xe2\x9f\x65\xf3\xe9\x00\xdb\xb9\xaf" \
	"\xf4\x06\x4d\xc4\xab\x2f\x84\x3a\xcd\xa8"
#define EC_NAME "\0\0\0\x13" "ecdsa-sha2-nistp256"
#define EC_LISTED                                                                                  \
	"\0\0\0\x75\x0c\0\0\0\1\0\0\0\x68" EC_NAME "\0\0\0\x08nistp256\0\0\0\x41" EC_POINT "\0\0\0\0"

/* What an agent makes of an ECDSA signature: only the one form of RFC 5656 with numbers that verify is handed on. */
static void
test_hostile_ecdsa(void **state)
{
	static const struct {
		const char *what;
		struct assay_span answer;
		enum assay_status status;
	} rows[] = {
	    {"sound", BYTES("\0\0\0\x6a\x0e\0\0\0\x65" EC_NAME "\0\0\0\x4a\0\0\0\x21\0" EC_R "\0\0\0\x21\0" EC_S), ASSAY_OK},
	    {"negative numbers", BYTES("\0\0\0\x68\x0e\0\0\0\x63" EC_NAME "\0\0\0\x48\0\0\0\x20" EC_R "\0\0\0\x20" EC_S), ASSAY_E_VERIFY},
	    {"a zero too many", BYTES("\0\0\0\x6b\x0e\0\0\0\x66" EC_NAME "\0\0\0\x4b\0\0\0\x22\0\0" EC_R "\0\0\0\x21\0" EC_S), ASSAY_E_VERIFY},
	    {"r and s swapped", BYTES("\0\0\0\x6a\x0e\0\0\0\x65" EC_NAME "\0\0\0\x4a\0\0\0\x21\0" EC_S "\0\0\0\x21\0" EC_R), ASSAY_E_VERIFY},
	    {"r alone", BYTES("\0\0\0\x45\x0e\0\0\0\x40" EC_NAME "\0\0\0\x25\0\0\0\x21\0" EC_R), ASSAY_E_VERIFY},
	    {"empty numbers", BYTES("\0\0\0\x28\x0e\0\0\0\x23" EC_NAME "\0\0\0\x08\0\0\0\0\0\0\0\0"), ASSAY_E_VERIFY},
	    {"a byte behind", BYTES("\0\0\0\x6b\x0e\0\0\0\x66" EC_NAME "\0\0\0\x4a\0\0\0\x21\0" EC_R "\0\0\0\x21\0" EC_S "x"), ASSAY_E_VERIFY},
	    {"another algorithm", BYTES("\0\0\0\x58\x0e\0\0\0\x53\0\0\0\x0bssh-ed25519\0\0\0\x40" ZEROS32 ZEROS32), ASSAY_E_VERIFY},
	    {"declined", BYTES("\0\0\0\1\x05"), ASSAY_E_SYSTEM},
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct assay_span answers[2] = {BYTES(EC_LISTED), rows[i].answer};
		struct signer *s = NULL;
		struct assay_error err;
		char hex[ASSAY_TUF_SIGNATURE_SIZE] = "as it was";
		start_fake(p, answers, 2);
		if (open_for(SIGNER_METADATA, "agent", p->socket, NULL, NULL, &s, &err) != ASSAY_OK)
			fail_msg("%s", err.what);
		enum assay_status status = signer_sign_metadata(s, assay_span_str("sample"), hex, &err);
		if (status != rows[i].status)
			fail_msg("%s: status %d, %s", rows[i].what, (int)status, err.what);
		if (status != ASSAY_OK)
			assert_string_equal(hex, "as it was");
		signer_free(&s);
		stop(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ROW(test_metadata_agents),
	    ROW(test_metadata_files),
	    ROW(test_hostile_ecdsa),
	};

	return cmocka_run_group_tests_name("signer_metadata", tests, NULL, NULL);
}
