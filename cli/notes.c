/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checkpoints and proofs of the ledger as notes.
 */
#include "notes.h"

#include <base/cleanup.h>
#include <string.h>

/* A checkpoint of the log when it had size entries. */
static enum assay_status
note_of(struct ledger *ledger, const char *origin, struct signer *signer, uint64_t size,
    struct buf *out, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(ASSAY_NOTE_MAX);
	struct assay_node root;
	TRY(ledger_root_at(ledger, size, &root, err));
	buf_addf(&text, "%s\n%llu\n", origin, (unsigned long long)size);
	note_nodes(&root, 1, &text);
	TRY(buf_status(&text, "the checkpoint", err));
	if (signer != NULL)
		return note_sign(signer, origin, buf_span(&text), out, err);
	buf_add_span(out, buf_span(&text));
	buf_add_byte(out, '\n');
	return ASSAY_OK;
}

enum assay_status
note_checkpoint(struct ledger *ledger, const char *origin, struct signer *signer, struct buf *out,
    struct assay_error *err)
{
	uint64_t size = 0;
	struct assay_node root;
	TRY(ledger_head(ledger, &size, &root, err));
	TRY(note_of(ledger, origin, signer, size, out, err));
	return buf_status(out, "the checkpoint", err);
}

void
note_nodes(const struct assay_node *nodes, size_t count, struct buf *out)
{
	for (size_t i = 0; i < count; i++) {
		buf_add_base64(out, (struct assay_span){ nodes[i].b, ASSAY_SHA256_SIZE });
		buf_add_byte(out, '\n');
	}
}

enum assay_status
note_proof(struct ledger *ledger, const char *origin, struct signer *signer, uint64_t index,
    uint64_t size, const struct assay_node *nodes, size_t count, struct buf *out,
    struct assay_error *err)
{
	buf_addf(out, "c2sp.org/tlog-proof@v1\nindex %llu\n", (unsigned long long)index);
	note_nodes(nodes, count, out);
	buf_add_byte(out, '\n');
	TRY(note_of(ledger, origin, signer, size, out, err));
	return buf_status(out, "the proof", err);
}

/* What a checkpoint says, signed by vkey or, without one, by whomever or nobody. */
static enum assay_status
checkpoint_text(struct assay_span bytes, const char *vkey, struct assay_span *ret_text,
    struct assay_error *err)
{
	struct assay_note note;
	struct assay_note_key key;
	size_t n = bytes.len;
	/* As note_of() ends one without a signer. */
	if (vkey == NULL && n > 2 && memcmp(bytes.data + n - 2, "\n\n", 2) == 0) {
		*ret_text = (struct assay_span){ bytes.data, n - 1 };
		return ASSAY_OK;
	}
	TRY(assay_note_parse(bytes, &note, err));
	*ret_text = note.text;
	if (vkey == NULL)
		return ASSAY_OK;
	TRY(assay_note_key_parse(assay_span_str(vkey), &key, err));
	enum assay_status status = assay_note_verify(&note, &key, err);
	if (status == ASSAY_E_NOT_FOUND)
		return assay_fail(err, ASSAY_E_VERIFY, "the checkpoint carries no signature by the key given");
	return status;
}

enum assay_status
note_hold_against(struct ledger *ledger, const char *origin, struct assay_span bytes,
    const char *vkey, struct assay_error *err)
{
	struct assay_span text;
	struct assay_checkpoint c;
	struct assay_node root;
	uint64_t size = 0;
	TRY(checkpoint_text(bytes, vkey, &text, err));
	TRY(assay_checkpoint_parse(text, &c, err));
	TRY(ledger_head(ledger, &size, &root, err));
	if (!assay_span_equal(c.origin, assay_span_str(origin))) {
		(void)assay_fail(err, ASSAY_E_VERIFY, "the checkpoint is of the log '%.*s', this is '%s'",
		    (int)c.origin.len, (const char *)c.origin.data, origin);
		return assay_error_todo(err, ASSAY_E_VERIFY, "name the log with --origin");
	}
	if (c.size > size)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "the checkpoint saw %llu entries, the ledger has %llu: some were taken away",
		    (unsigned long long)c.size, (unsigned long long)size);
	TRY(ledger_root_at(ledger, c.size, &root, err));
	if (memcmp(root.b, c.root.b, sizeof root.b) != 0)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "the ledger's first %llu entries are not those the checkpoint saw",
		    (unsigned long long)c.size);
	return ASSAY_OK;
}
