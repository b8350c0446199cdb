/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay key compare: assay/keys.yaml against what tokens say and vendors attest.
 */
#include "key.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <string.h>

#define INVENTORY_MAX YAML_SIZE_MAX

struct comparison {
	struct key_job *job;
	struct inventory inventory;
	struct inventory_finding *found;
	size_t count, keys;
	bool gap, unknown;
	int tree;
	json_t *rows, *attestations;
};

static void
comparison_done(struct comparison *x)
{
	if (x->tree >= 0)
		(void)close(x->tree);
	json_decref(x->rows);
	json_decref(x->attestations);
}

static enum assay_status
read_inventory(struct comparison *x, struct buf *yaml, struct assay_error *err)
{
	struct key_job *job = x->job;
	const char *path = job->cli->path == NULL ? "." : job->cli->path;
	TRY(workspace_open(job->cli, path, &job->w, err));
	if (job->w.repository->work_tree == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree with '" INVENTORY_PATH "'");
	x->tree = open(job->w.repository->work_tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->tree < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s'", job->w.repository->work_tree);
	enum assay_status status = file_read_beneath(x->tree, INVENTORY_PATH, yaml, err);
	if (status == ASSAY_E_NOT_FOUND)
		return assay_error_todo(err, status, "list your keys there: assay-keys(5); 'assay key list' prints what there is");
	TRY(status);
	return inventory_parse(buf_span(yaml), INVENTORY_PATH, job->arena, &x->inventory, err);
}

/* ---- what was found ---- */

static const char *
name_of(const struct inventory_finding *f)
{
	return f->key != NULL ? f->key->id : f->seen->label;
}

static enum assay_status
add_finding(struct comparison *x, const struct inventory_finding *f, struct assay_error *err)
{
	struct buf *out = &x->job->out;
	const char *spki = f->key != NULL ? f->key->spki_sha256 : f->seen->spki_sha256;
	x->gap = x->gap || f->gap;
	x->unknown = x->unknown || !f->gap;
	buf_addf(out, "%s  %s: '", f->gap ? "gap    " : "unknown", inventory_difference_name(f->what));
	text_escape(out, assay_span_str(name_of(f)), false);
	buf_addf(out, "' %s\n         next: %s\n", inventory_difference_words(f->what), inventory_difference_next(f->what));
	json_t *row = json_pack("{s:s, s:b, s:s, s:s?, s:s?, s:s, s:s}", "code", inventory_difference_name(f->what), "gap", f->gap, "key",
	    name_of(f), "spki-sha256", spki, "serial", f->token == NULL ? NULL : f->token->serial, "message",
	    inventory_difference_words(f->what), "next", inventory_difference_next(f->what));
	return row != NULL && json_array_append_new(x->rows, row) == 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_MEMORY, "no memory for findings");
}

/* key.hardware rests on the vendor's word; where there is none, it is unknown. */
static enum assay_status
add_attestation(struct comparison *x, const struct inventory_key *k, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf chain = BUF_INIT(ATTESTATION_MAX);
	struct attestation a = { .code = ATTESTATION_UNREADABLE };
	struct buf *out = &x->job->out;
	if (k->place != INVENTORY_TOKEN)
		return ASSAY_OK;
	buf_addf(out, "key '%s'\n", k->id);
	if (k->attestation == NULL) {
		x->unknown = true;
		buf_add_str(out, "  attestation  none listed: unknown, on the token's word\n");
		return ASSAY_OK;
	}
	TRY(file_read_beneath(x->tree, k->attestation, &chain, err));
	TRY(key_attested(x->job, buf_span(&chain), k->spki_sha256, &a, err));
	key_attestation_text(&a, out);
	x->gap = x->gap || a.code != ATTESTATION_HOLDS;
	json_t *row = key_attestation_json(&a);
	if (row == NULL || json_object_set_new(row, "key", json_string(k->id)) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for an attestation");
	return json_array_append_new(x->attestations, row) == 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_MEMORY, "no memory for an attestation");
}

static enum assay_status
conclude(struct comparison *x, struct assay_error *err)
{
	struct key_job *job = x->job;
	/* Nothing looked at shows nothing. */
	if (x->keys == 0)
		x->unknown = true;
	job->exit = x->gap ? EXIT_GAP : x->unknown ? EXIT_NOT_EVALUATED : EXIT_NO_GAP;
	buf_addf(&job->out, "%zu key%s on tokens, %zu in the inventory: %s\n", x->keys, x->keys == 1 ? "" : "s", x->inventory.count,
	    x->gap ? "they differ" : x->unknown ? "not all is known" : "they agree");
	if (!job->cli->json)
		return ASSAY_OK;
	CLEANUP(canon_unref)
	json_t *root = json_pack("{s:s, s:o, s:I, s:I, s:b, s:b, s:O, s:O}", "schema", "assay-key-compare/1", "capture",
	    canon_sha256(job->capture.sha256), "seen", (json_int_t)x->keys, "listed", (json_int_t)x->inventory.count, "gap", x->gap, "unknown",
	    x->unknown, "findings", x->rows, "attestations", x->attestations);
	buf_reset(&job->out);
	TRY(canon_write(root, &job->out, err));
	buf_add_byte(&job->out, '\n');
	return ASSAY_OK;
}

enum assay_status
key_compare(struct key_job *job, struct assay_error *err)
{
	CLEANUP(comparison_done) struct comparison x = { .job = job, .tree = -1, .rows = json_array(), .attestations = json_array() };
	CLEANUP(buf_done) struct buf yaml = BUF_INIT(INVENTORY_MAX);
	int64_t today = 0;
	bool given = false;
	TRY(workspace_date(job->cli, &today, &given, err));
	TRY(read_inventory(&x, &yaml, err));
	TRY(key_look(job, err));
	TRY(inventory_compare(&x.inventory, &job->capture, today, job->arena, &x.found, &x.count, err));
	for (size_t i = 0; i < job->capture.token_count; i++)
		x.keys += job->capture.tokens[i].key_count;
	for (size_t i = 0; i < x.count; i++)
		TRY(add_finding(&x, &x.found[i], err));
	for (size_t i = 0; i < x.inventory.count; i++)
		TRY(add_attestation(&x, &x.inventory.keys[i], err));
	return conclude(&x, err);
}
