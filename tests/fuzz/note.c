/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes, verifier keys, checkpoints, base64. */
#include <assay/base64.h>
#include <assay/note.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char known_key[] = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

static void
try_note(struct assay_span all)
{
	struct assay_note note;
	struct assay_note_key key;
	struct assay_note_signature sig;
	struct assay_checkpoint checkpoint;
	size_t cursor = 0, count = 0;

	if (assay_note_parse(all, &note, NULL) != ASSAY_OK)
		return;
	while (assay_note_next_signature(&note, &cursor, &sig))
		count++;
	if (count == 0 || cursor != note.signatures.len ||
	    note.text.len + 1 + note.signatures.len != all.len)
		abort();
	if (assay_note_key_parse(assay_span_str(known_key), &key, NULL) != ASSAY_OK)
		abort();
	(void)!assay_note_verify(&note, &key, NULL);
	(void)!assay_checkpoint_parse(note.text, &checkpoint, NULL);
}

/* What decodes is the one spelling of its bytes. */
static void
try_base64(struct assay_span all)
{
	static unsigned char bytes[65536];
	static char text[ASSAY_BASE64_ENCODED_SIZE(sizeof bytes)];
	size_t len;

	if (assay_base64_decode(all, bytes, sizeof bytes, &len) != ASSAY_OK)
		return;
	if (assay_base64_encode((struct assay_span) { bytes, len }, text, sizeof text) != ASSAY_OK ||
	    !assay_span_equal(assay_span_str(text), all))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_span all = { data, size };
	struct assay_note_key key;
	struct assay_checkpoint checkpoint;

	try_note(all);
	try_base64(all);
	(void)!assay_note_key_parse(all, &key, NULL);
	(void)!assay_checkpoint_parse(all, &checkpoint, NULL);
	return 0;
}
