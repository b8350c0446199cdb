/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "static-verify KEY SIGNATURE FILE": whether the SSH signature over FILE, in the namespace "file", is by the public key, and the
 * file's fs-verity digest. It is here to be linked statically with each backend of libassay: what works there, and how large it gets.
 */
#include <assay/fsverity.h>
#include <assay/sshsig.h>
#include <stdio.h>

#define FILE_MAX (1u << 20)

static bool
read_file(const char *path, unsigned char *out, struct assay_span *ret_bytes)
{
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		return false;
	size_t len = fread(out, 1, FILE_MAX, f);
	bool whole = ferror(f) == 0 && feof(f) != 0;
	(void)fclose(f);
	*ret_bytes = (struct assay_span) { out, len };
	return whole;
}

static enum assay_status
verify(struct assay_span key_text, struct assay_span sig_text, struct assay_span file, struct assay_error *err)
{
	static unsigned char key_room[16384], sig_room[ASSAY_SSHSIG_MAX];
	struct assay_pubkey key;
	struct assay_sshsig sig;
	size_t len = 0;
	enum assay_status status = assay_pubkey_from_text(key_text, key_room, sizeof key_room, &key, err);

	if (status == ASSAY_OK)
		status = assay_sshsig_dearmor(sig_text, sig_room, sizeof sig_room, &len, err);
	if (status == ASSAY_OK)
		status = assay_sshsig_parse((struct assay_span) { sig_room, len }, &sig, err);
	if (status == ASSAY_OK && !assay_span_equal(sig.key.blob, key.blob))
		status = assay_fail(err, ASSAY_E_VERIFY, "another key's signature");
	if (status == ASSAY_OK)
		status = assay_sshsig_verify(&sig, file, "file", NULL, err);
	return status;
}

int
main(int argc, char **argv)
{
	static unsigned char rooms[3][FILE_MAX];
	struct assay_span texts[3];
	struct assay_error err = { 0 };
	unsigned char digest[ASSAY_SHA256_SIZE];

	for (int i = 0; i < 3; i++) {
		if (argc != 4 || !read_file(argv[i + 1], rooms[i], &texts[i])) {
			fprintf(stderr, "usage: static-verify KEY SIGNATURE FILE\n");
			return 2;
		}
	}
	while (texts[0].len > 0 && texts[0].data[texts[0].len - 1] == '\n')
		texts[0].len--;
	if (verify(texts[0], texts[1], texts[2], &err) != ASSAY_OK || assay_fsverity_digest(texts[2], digest) != ASSAY_OK) {
		printf("%s\n", err.what);
		return 1;
	}
	for (size_t i = 0; i < sizeof digest; i++)
		printf("%02x", digest[i]);
	printf("\n");
	return 0;
}
