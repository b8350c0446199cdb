/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay seal: looks into the tree that is about to be signed, on the machine of each who signs: what must not be delivered is refused, the
 * rest is told. The bill of materials is written from that look, or held against it.
 */
#include "seal.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <fcntl.h>
#include <probe/source.h>
#include <string.h>

#define LOCKFILE_MAX ((size_t)64 << 20)
#define LOCKFILES_MAX 1000
#define TEXT_MAX ((size_t)4 << 20)

/* What was found is the reason of a refusal: people see all of it, and the error has the first. */
static enum assay_status
show_found(const struct seal_job *job, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(TEXT_MAX);
	if (job->cli->json)
		return ASSAY_OK;
	seal_found_text(job, &out);
	TRY(buf_status(&out, "what was found", err));
	return cli_print(&out, err);
}

/* ---- keys ---- */

static bool
is_allowed(const struct seal_job *job, const char *key)
{
	for (size_t i = 0; i < job->cli->allow_keys.count; i++) {
		if (strcmp(job->cli->allow_keys.items[i], key) == 0)
			return true;
	}
	return false;
}

static enum assay_status
check_keys(const struct seal_job *job, struct assay_error *err)
{
	const struct cli_list *allowed = &job->cli->allow_keys;
	const char *first = NULL, *key = NULL;
	unsigned long long count = 0;
	size_t met = 0;
	while ((key = seal_inspection_key(&job->inspection, key)) != NULL) {
		if (is_allowed(job, key)) {
			met++;
			continue;
		}
		first = first == NULL ? key : first;
		count++;
	}
	if (first != NULL) {
		TRY(show_found(job, err));
		(void)assay_fail(err, ASSAY_E_VERIFY, "whoever has the release would have this private key%s", count > 1 ? ", and others" : "");
		(void)assay_error_at(err, ASSAY_E_VERIFY, first, 0, 0);
		return assay_error_todo(err, ASSAY_E_VERIFY, "take it out and replace it; one that protects nothing may stay: --allow-key '%s'", first);
	}
	if (met >= allowed->count)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "'--allow-key' is given %zu times, and %zu private keys are in the tree", allowed->count, met);
	return assay_error_todo(err, ASSAY_E_USAGE, "name each key once, as 'assay seal' names it, and none that isn't there");
}

/* ---- layouts ---- */

static enum assay_status
check_layout(const struct seal_job *job, struct assay_error *err)
{
	const struct seal_oci_fact *first = NULL;
	for (const struct seal_oci_fact *f = job->inspection.oci.facts; f != NULL && first == NULL; f = f->next)
		first = seal_oci_matters[f->matter].weight == SEAL_GAP ? f : NULL;
	if (first == NULL)
		return ASSAY_OK;
	TRY(show_found(job, err));
	(void)assay_fail(err, ASSAY_E_VERIFY, "this layout of images doesn't hold: %s: %s", seal_oci_matters[first->matter].code,
	    seal_oci_matters[first->matter].words);
	(void)assay_error_at(err, ASSAY_E_VERIFY, first->path, 0, 0);
	return assay_error_todo(err, ASSAY_E_VERIFY, "export the image anew, whole, into an empty folder");
}

/* ---- the look ---- */

static enum assay_status
read_lockfiles(struct seal_job *job, const char *commit, struct sources *ret_sources, struct assay_error *err)
{
	static const struct source_wish wish = { seal_is_lockfile, LOCKFILE_MAX, LOCKFILES_MAX };
	const struct repository *r = job->w.repository;
	struct oid id;
	TRY(oid_parse(assay_span_str(commit), r->algo, &id));
	return source_files(r, &id, &wish, job->arena, ret_sources, err);
}

enum assay_status
seal_look_into(struct seal_job *job, const char *commit, struct assay_error *err)
{
	struct sources sources = { .count = 0 };
	struct seal_inspect what = { .path = job->tree, .manifest = buf_span(&job->manifest), .threads = (unsigned)job->cli->threads,
		.progress = cli_progress, .progress_ctx = job->cli };
	if (job->has_workspace) {
		TRY(read_lockfiles(job, commit, &sources, err));
		what.source = &sources;
	}
	TRY(seal_inspect(&what, &job->inspection, err));
	cli_progress_end(job->cli);
	TRY(check_layout(job, err));
	return check_keys(job, err);
}

/* ---- the bill of materials ---- */

static struct seal_product
product_of(const struct seal_job *job, const char *name, const char *version)
{
	struct seal_product p = { .name = name, .version = version };
	memcpy(p.manifest, job->counts.sha256, sizeof p.manifest);
	return p;
}

enum assay_status
seal_write_bill(struct seal_job *job, const char *name, const char *version, struct buf *out, struct assay_error *err)
{
	const struct seal_product product = product_of(job, name, version);
	const struct seal_inspection *in = &job->inspection;
	job->bill = "tree";
	return seal_sbom_write(&product, in->entries, in->count, &in->packages, job->arena, out, err);
}

enum assay_status
seal_compare_bill(struct seal_job *job, struct assay_span bytes, const char *path, const char *name, const char *version,
    struct assay_error *err)
{
	/* Of the job, since what is found names them and is told when the metadata that they come from may have been read anew. */
	const struct seal_product product = product_of(job, arena_str(job->arena, name), arena_str(job->arena, version));
	const struct seal_inspection *in = &job->inspection;
	const struct seal_sbom_fact *first = NULL;
	struct seal_sbom sbom;
	unsigned long long count = 0;
	job->bill = "file";
	if (product.name == NULL || product.version == NULL)
		return arena_full(err);
	TRY(seal_sbom_read(bytes, path, job->arena, &sbom, err));
	TRY(seal_sbom_compare(&sbom, &product, in->entries, in->count, &in->packages, job->arena, &job->bill_outcome, err));
	for (const struct seal_sbom_fact *f = job->bill_outcome.facts; f != NULL; f = f->next) {
		if (seal_sbom_matters[f->matter].weight != SEAL_GAP)
			continue;
		first = first == NULL ? f : first;
		count++;
	}
	if (first == NULL || job->cli->sbom_as_is)
		return ASSAY_OK;
	TRY(show_found(job, err));
	(void)assay_fail(err, ASSAY_E_VERIFY, "the bill of materials contradicts the tree, %llu time%s: %s: '%s': %s", count, count == 1 ? "" : "s",
	    seal_sbom_matters[first->matter].code, first->object == NULL || first->object[0] == '\0' ? name : first->object, seal_sbom_matters[first->matter].words);
	(void)assay_error_at(err, ASSAY_E_VERIFY, path, first->line, 0);
	return assay_error_todo(err, ASSAY_E_VERIFY, "have it made anew from this tree, or leave --sbom out: it is written then; as it is: --sbom-as-is");
}

/* The bytes that were signed, whatever lies there by now. */
static enum assay_status
read_signed_bill(const struct seal_job *job, struct buf *out, bool *ret_is, struct assay_error *err)
{
	const json_t *targets = json_object_get(json_object_get(job->state.document, "signed"), "targets");
	const json_t *target = json_object_get(targets, seal_parts[SEAL_PART_SBOM].target);
	const char *hex = json_string_value(json_object_get(json_object_get(target, "hashes"), "sha256"));
	const char *path = arena_printf(job->arena, "%s/%s", job->path, seal_parts[SEAL_PART_SBOM].name);
	unsigned char digest[ASSAY_SHA256_SIZE];
	char own[2 * ASSAY_SHA256_SIZE + 1];
	*ret_is = hex != NULL;
	if (path == NULL)
		return arena_full(err);
	if (hex == NULL)
		return ASSAY_OK;
	TRY(file_read(AT_FDCWD, path, out, err));
	if (assay_sha256(buf_span(out), digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	text_hex((struct assay_span){ digest, sizeof digest }, own);
	if (strcmp(hex, own) == 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_VERIFY, "it isn't the bill of materials that was signed");
	return assay_error_at(err, ASSAY_E_VERIFY, path, 0, 0);
}

enum assay_status
seal_check_bill(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf given = BUF_INIT(SEAL_FILE_MAX), own = BUF_INIT(SEAL_FILE_MAX);
	const struct seal_state *s = &job->state;
	bool is = false;
	TRY(read_signed_bill(job, &given, &is, err));
	if (!is) {
		job->bill = "none";
		return ASSAY_OK;
	}
	TRY(seal_write_bill(job, s->product, s->version, &own, err));
	if (given.len == own.len && memcmp(given.data, own.data, own.len) == 0)
		return ASSAY_OK;
	return seal_compare_bill(job, buf_span(&given), seal_parts[SEAL_PART_SBOM].name, s->product, s->version, err);
}
