/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a pack's bytes to verdicts of our own.
 */
#include "rejudge.h"

#include <base/cleanup.h>
#include <evidence/agree.h>
#include <string.h>

#define ARENA_MAX ((size_t)8 << 30)

void
rejudge_done(struct rejudge *r)
{
	pool_free(&r->pool);
	arena_free(&r->arena);
	file_view_done(&r->file);
}

enum assay_status
rejudge_open(const struct cli *cli, const char *path, struct rejudge *r, struct assay_error *err)
{
	*r = (struct rejudge){ 0 };
	if (arena_new(ARENA_MAX, &r->arena) != ASSAY_OK)
		return arena_full(err);
	if (cli->threads > POOL_THREADS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--threads' is at most %d", POOL_THREADS_MAX);
	r->threads = (unsigned)cli->threads;
	TRY(catalog_load(r->arena, &r->catalog, err));
	return file_view(path, (size_t)PACK_SIZE_MAX, &r->file, err);
}

static enum assay_status
read_policy(struct rejudge *r, struct assay_error *err)
{
	policy_defaults(&r->policy);
	if (r->pack.policy_yaml.data != NULL)
		TRY(policy_parse(r->pack.policy_yaml, "policy/policy.yaml", r->arena, &r->policy, err));
	if (r->pack.roster_yaml.data != NULL)
		TRY(roster_parse(r->pack.roster_yaml, "policy/roster.yaml", r->arena, &r->roster, err));
	return ASSAY_OK;
}

enum assay_status
rejudge_read(struct rejudge *r, struct assay_error *err)
{
	TRY(pool_new(r->threads, &r->pool, err));
	TRY(pack_read(r->file.bytes, r->arena, &r->pack, err));
	if (r->pack.signature == PACK_SIGNATURE_BAD)
		return assay_fail(err, ASSAY_E_VERIFY, "pack member 'index.dsse': %s",
		    r->pack.signature_fault);
	TRY(read_policy(r, err));
	struct parse_context c = { .arena = r->arena, .pool = r->pool };
	TRY(evidence_parse_all(&r->pack.evidence, &c, err));
	TRY(evidence_check_subject(&r->pack.evidence, r->policy.repository_id, r->pack.subject, r->arena,
	    err));
	TRY(evidence_check_agreement(&r->pack.evidence, err));
	r->input = (struct judge_input){ .catalog = r->catalog, .policy = &r->policy,
		.roster = &r->roster, .evidence = &r->pack.evidence, .subject = r->pack.subject,
		.date = r->pack.date, .date_given = r->pack.date_given, .require = r->pack.require_count == 0 ? NULL : r->pack.require,
		.require_count = r->pack.require_count, .root = r->pack.root };
	return ASSAY_OK;
}

enum assay_status
rejudge_run(struct rejudge *r, struct assay_error *err)
{
	TRY(rejudge_read(r, err));
	return judge_all(&r->input, r->arena, &r->verdicts, err);
}

enum assay_status
rejudge_code(struct rejudge *r, bool findings, const struct verdicts **ret_verdicts, struct assay_error *err)
{
	static const char *const wanted[] = { "find.resolved", "sca.demonstrated" };
	TRY(rejudge_run(r, err));
	*ret_verdicts = NULL;
	if (r->verdicts->findings != NULL) {
		*ret_verdicts = r->verdicts;
		return ASSAY_OK;
	}
	struct judge_input input = r->input;
	const struct verdicts *again;
	input.require = wanted;
	input.require_count = sizeof wanted / sizeof wanted[0];
	TRY(judge_all(&input, r->arena, &again, err));
	if (again->findings != NULL || (again->code != NULL && !findings)) {
		*ret_verdicts = again;
		return ASSAY_OK;
	}
	const char *why = "nothing was judged";
	for (size_t i = 0; i < again->control_count; i++) {
		if (strcmp(again->controls[i].control->id, wanted[0]) == 0 && again->controls[i].reason != NULL)
			why = again->controls[i].reason;
	}
	(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the pack has no findings of code: %s", why);
	return assay_error_todo(err, ASSAY_E_NOT_FOUND, "run 'assay check' on the repository with assay/standard.yaml committed");
}

const char *
rejudge_signer(const struct rejudge *r)
{
	return r->pack.signature == PACK_SIGNED ? r->pack.signer_fingerprint : NULL;
}
