/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's entry for a check: canonical JSON with digests, no content.
 */
#include "record.h"

#include <base/cleanup.h>
#include <base/when.h>
#include <codec/canon.h>
#include <ledger/log.h>
#include <report/report.h>

#define ENTRY_MAX (1u << 20)

static json_t *
evidence_json(const struct evidence_set *set)
{
	json_t *object = json_object();
	for (size_t i = 0; i < set->count; i++) {
		if (json_object_set_new(object, set->items[i].kind, canon_sha256(set->items[i].digest)) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static enum assay_status
make_entry(const struct judge_input *input, const struct verdicts *v,
    const unsigned char pack_digest[ASSAY_SHA256_SIZE], struct buf *out, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf report = BUF_INIT((size_t)1 << 30);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char date[WHEN_TEXT_SIZE];
	TRY(report_json(v, &report, err));
	TRY(assay_sha256(buf_span(&report), digest));
	when_format_date(input->date, date);
	CLEANUP(canon_unref) json_t *entry = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o}",
	    "assay-entry", 1, "kind", "check", "subject", v->subject, "date", date, "evidence",
	    evidence_json(input->evidence), "verdicts", canon_sha256(digest), "pack",
	    canon_sha256(pack_digest));
	if (entry == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the ledger's entry");
	return canon_write(entry, out, err);
}

static enum assay_status
write_position(struct ledger *ledger, uint64_t index, const struct output *o,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ENTRY_MAX);
	struct assay_node root;
	uint64_t size = 0;
	TRY(ledger_head(ledger, &size, &root, err));
	CLEANUP(canon_unref) json_t *position = json_pack("{s:s, s:I, s:I, s:o}", "schema",
	    "assay-ledger-position/1", "index", (json_int_t)index, "size", (json_int_t)size, "root",
	    canon_sha256(root.b));
	if (position == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the ledger's position");
	TRY(canon_write(position, &bytes, err));
	buf_add_byte(&bytes, '\n');
	TRY(buf_status(&bytes, "the ledger's position", err));
	return output_file(o, "ledger.json", buf_span(&bytes), err);
}

static void
close_ledger(struct ledger **ledger)
{
	ledger_close(ledger);
}

enum assay_status
record_check(const struct workspace *w, const struct judge_input *input, const struct verdicts *v,
    const unsigned char pack_digest[ASSAY_SHA256_SIZE], const struct output *o,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf entry = BUF_INIT(ENTRY_MAX);
	CLEANUP(close_ledger) struct ledger *ledger = NULL;
	uint64_t index = 0;
	if (w->state == NULL)
		return ASSAY_OK;
	TRY(make_entry(input, v, pack_digest, &entry, err));
	TRY(ledger_open(w->state, true, &ledger, err));
	struct assay_span bytes = buf_span(&entry);
	TRY(ledger_append(ledger, &bytes, 1, &index, err));
	return write_position(ledger, index, o, err);
}
