/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys, as blobs and as text, and certificates. */
#include <assay/base64.h>
#include <assay/sshkey.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned char room[ASSAY_SSH_BLOB_MAX + 64];

static void
try_cert(struct assay_span blob)
{
	struct assay_sshcert cert;
	struct assay_pubkey plain;
	struct assay_span name;
	size_t cursor = 0, len = 0, names = 0;

	if (assay_sshcert_parse(blob, &cert, NULL) != ASSAY_OK)
		return;
	while (assay_sshcert_next_principal(&cert, &cursor, &name))
		names++;
	if (cursor != cert.principals.len || names > cert.principals.len)
		abort();
	(void)!assay_sshcert_verify(&cert, NULL);
	(void)assay_pubkey_weakness(&cert.key);
	/* The certified key is a key of its own. */
	if (assay_sshcert_plain_blob(&cert, room, sizeof room, &len) != ASSAY_OK ||
	    assay_pubkey_parse((struct assay_span) { room, len }, &plain, NULL) != ASSAY_OK ||
	    plain.type != cert.key.type)
		abort();
}

static void
try_key(struct assay_span blob)
{
	struct assay_pubkey key;
	char fingerprint[ASSAY_FINGERPRINT_SIZE];

	if (assay_pubkey_parse(blob, &key, NULL) != ASSAY_OK)
		return;
	(void)assay_pubkey_weakness(&key);
	if (assay_fingerprint(blob, fingerprint) != ASSAY_OK ||
	    strlen(fingerprint) != ASSAY_FINGERPRINT_SIZE - 1)
		abort();
	/* The key's own bytes in the place of a signature: never good. */
	if (assay_pubkey_verify(&key, blob, blob, NULL, NULL) == ASSAY_OK)
		abort();
}

/* The first two bytes say where a key ends and a signature and message begin. */
static void
try_signature(struct assay_span all)
{
	struct assay_pubkey key;

	if (all.len < 4)
		return;
	size_t cut = (size_t)all.data[0] << 8 | all.data[1];
	size_t rest = all.len - 2;
	if (cut > rest)
		return;
	struct assay_span blob = { all.data + 2, cut }, signature = { all.data + 2 + cut, rest - cut };
	if (assay_pubkey_parse(blob, &key, NULL) == ASSAY_OK)
		(void)!assay_pubkey_verify(&key, signature, assay_span_str("m"), NULL, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span all = { data, size };
	struct assay_pubkey key;
	struct assay_error err;

	try_key(all);
	try_cert(all);
	try_signature(all);
	(void)!assay_pubkey_from_text(all, room, sizeof room, &key, &err);
	return 0;
}
