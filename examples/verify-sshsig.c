/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify-sshsig NAMESPACE KEY.pub SIGNATURE FILE: did this key sign this file for this purpose?
 * cc -o verify-sshsig verify-sshsig.c $(pkg-config --cflags --libs assay)
 */
#include <assay/sshsig.h>
#include <stdio.h>

#define FILE_MAX (16U << 20)

static unsigned char message[FILE_MAX], armor[ASSAY_SSHSIG_MAX], binary[ASSAY_SSHSIG_MAX];
static unsigned char line[ASSAY_SSH_BLOB_MAX], blob[ASSAY_SSH_BLOB_MAX];

static enum assay_status
read_file(const char *path, unsigned char *room, size_t size, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	FILE *f = fopen(path, "rb");
	size_t len = f == NULL ? 0 : fread(room, 1, size, f);
	int broken = f == NULL || ferror(f) != 0;

	if (f != NULL)
		fclose(f);
	if (broken || len == size)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't read '%s', or it is too large", path);
	*ret_bytes = (struct assay_span) { room, len };
	return ASSAY_OK;
}

static enum assay_status
verify(char **argv, struct assay_error *err)
{
	struct assay_span key_line, text, bytes;
	struct assay_pubkey trusted;
	struct assay_sshsig sig;
	size_t len;

	if (read_file(argv[2], line, sizeof line, &key_line, err) != ASSAY_OK ||
	    read_file(argv[3], armor, sizeof armor, &text, err) != ASSAY_OK ||
	    read_file(argv[4], message, sizeof message, &bytes, err) != ASSAY_OK ||
	    assay_pubkey_from_text(key_line, blob, sizeof blob, &trusted, err) != ASSAY_OK ||
	    assay_sshsig_dearmor(text, binary, sizeof binary, &len, err) != ASSAY_OK ||
	    assay_sshsig_parse((struct assay_span) { binary, len }, &sig, err) != ASSAY_OK)
		return err->status;
	/* First of all: is it the key that we know? A signature carries whatever key its maker liked. */
	if (!assay_span_equal(sig.key_field, trusted.blob))
		return assay_fail(err, ASSAY_E_VERIFY, "signed by another key");
	return assay_sshsig_verify(&sig, bytes, argv[1], NULL, err);
}

int
main(int argc, char **argv)
{
	struct assay_error err;

	if (argc != 5) {
		fprintf(stderr, "usage: verify-sshsig NAMESPACE KEY.pub SIGNATURE FILE\n");
		return 2;
	}
	if (verify(argv, &err) != ASSAY_OK) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	puts("good signature");
	return 0;
}
