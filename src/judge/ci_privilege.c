/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.least-privilege: tokens and secrets are given to whoever needs them and to nobody else, and no credential stays behind.
 */
#include "ci.h"
#include "rows.h"

/* ---- the job's token ---- */

/* Whether something in the job may use what the token may do: what others' actions do can't be seen, so they may. */
static bool
may_use_token(const struct ci_job *j)
{
	if (j->calls_ref != NULL)
		return true;
	for (const struct ci_secret *x = j->secrets; x != NULL; x = x->next) {
		if (x->token)
			return true;
	}
	for (const struct ci_step *x = j->steps; x != NULL; x = x->next) {
		if (x->unread || x->talks || x->pushes)
			return true;
		if (x->uses != NULL && !x->checkout && strncmp(x->uses->name, "actions/cache", 13) != 0
		    && strncmp(x->uses->name, "actions/setup-", 14) != 0 && strncmp(x->uses->name, "actions/upload-artifact", 23) != 0)
			return true;
	}
	return false;
}

static bool
is_pipelines(const struct ci_job *j)
{
	const struct ci_place a = j->permissions.place, b = j->pipeline->permissions.place;
	return j->pipeline->permissions.stated && a.line == b.line && a.column == b.column;
}

static enum assay_status
judge_scopes(const struct ci_state *s, const struct ci_job *j)
{
	const struct ci_permissions *p = &j->permissions;
	if (CATCH(ci_write_all, p->for_all && p->all == CI_ACCESS_WRITE))
		return ci_gap(s, "token-write-all", p->place, "write-all",
		    "the token of job '%.64s' may write everything; mend: permissions: { contents: read }, and what the job writes", j->name);
	for (const struct ci_permission *x = p->first; x != NULL; x = x->next) {
		bool write = x->right == CI_ACCESS_WRITE;
		if (CATCH(ci_write_everywhere, write && is_pipelines(j) && j->pipeline->job_count > 1))
			TRY(ci_gap(s, "token-write-wide", x->place, x->scope,
			    "each of %zu jobs may write '%.64s'; mend: permissions: {} here, and '%.64s: write' in the job that needs it",
			    j->pipeline->job_count, x->scope, x->scope));
		else if (CATCH(ci_write_unused, write && !may_use_token(j)))
			TRY(ci_gap(s, "token-write-unused", x->place, x->scope,
			    "job '%.64s' may write '%.64s', and nothing in it does; mend: %.64s: read", j->name, x->scope, x->scope));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_token(const struct ci_state *s, const struct ci_job *j)
{
	if (j->permissions.stated)
		return judge_scopes(s, j);
	if (j->by == NULL || j->pipeline->forge != CI_GITHUB || j->pipeline->action)
		return ASSAY_OK;
	bool outsider = j->who == CI_OUTSIDER && j->privileged;
	if (CATCH(ci_token_default, outsider))
		return ci_gap(s, "token-default", j->by->place, j->by->name,
		    "outsiders set this off by '%s', with the token that the forge's settings give; mend: permissions: {} at the top, and what each job needs in it",
		    j->by->name);
	if (CATCH(ci_token_unstated, !outsider))
		return ci_open(s, "token-unstated", j->by->place, j->by->name,
		    "'%.200s' states no permissions: what its token may do is in the forge's settings; mend: permissions: {} at the top, and what each job needs in it",
		    j->pipeline->file);
	return ASSAY_OK;
}

/* ---- what a checkout leaves behind ---- */

static bool
pushes_later(const struct ci_step *s)
{
	for (; s != NULL; s = s->next) {
		if (s->pushes)
			return true;
	}
	return false;
}

static enum assay_status
judge_checkouts(const struct ci_state *s, const struct ci_job *j)
{
	bool no_rights = j->permissions.stated && !j->permissions.for_all && j->permissions.first == NULL;
	for (const struct ci_step *x = j->steps; x != NULL; x = x->next) {
		bool kept = x->checkout && x->keeps_credentials && !no_rights;
		if (CATCH(ci_credentials_kept, kept && x->next != NULL && !pushes_later(x->next)))
			TRY(ci_gap(s, "credentials-kept", x->place, x->uses != NULL ? x->uses->text : "checkout",
			    "the checkout leaves its credential on disk for the %s after it; mend: with: { persist-credentials: false }",
			    x->next->next != NULL ? "steps" : "step"));
	}
	return ASSAY_OK;
}

/* ---- secrets ---- */

/* Many at once, or where the text of one is shown. */
static enum assay_status
judge_handling(const struct ci_state *s, const struct ci_secret *x, bool *ret_found)
{
	*ret_found = true;
	if (CATCH(ci_secrets_inherited, x->all && x->at == CI_SECRET_CALL))
		return ci_gap(s, "secrets-inherited", x->place, x->name,
		    "all secrets are handed to the called pipeline; mend: secrets: { NAME: ${{ secrets.NAME }} } for those that it needs");
	if (CATCH(ci_secrets_all, x->all && x->at != CI_SECRET_CALL))
		return ci_gap(s, "secrets-all", x->place, x->name, "all secrets there are go to one place; mend: name the one that is needed");
	if (CATCH(ci_secret_computed, x->computed))
		return ci_gap(s, "secret-computed", x->place, x->name,
		    "a secret is chosen by a computed name, so that the runner is handed all of them; mend: name it, or use environments");
	if (CATCH(ci_secret_in_command, x->at == CI_SECRET_COMMAND))
		return ci_gap(s, "secret-in-command", x->place, x->name,
		    "secret '%.64s' is pasted into a command, where its text is part of the script; mend: env: { SECRET: ${{ ... }} } and \"$SECRET\"",
		    x->name);
	if (CATCH(ci_secret_in_condition, x->at == CI_SECRET_CONDITION && !x->token))
		return ci_gap(s, "secret-in-condition", x->place, x->name,
		    "secret '%.64s' stands in a condition, where GitHub knows none: it decides nothing; mend: use a variable (vars) instead",
		    x->name);
	*ret_found = false;
	return ASSAY_OK;
}

/* Given to more than use it. */
static enum assay_status
judge_secret(const struct ci_state *s, const struct ci_secret *x, size_t steps)
{
	const char *variable = x->variable != NULL ? x->variable : "";
	bool found = false;
	TRY(judge_handling(s, x, &found));
	if (found)
		return ASSAY_OK;
	if (CATCH(ci_secret_everywhere, x->at == CI_SECRET_PIPELINE_ENV))
		return ci_gap(s, "secret-everywhere", x->place, x->name,
		    "secret '%.64s' is in '%.64s' of every job and step; mend: move it to the env of the one step that needs it", x->name, variable);
	if (CATCH(ci_secret_job_wide, x->at == CI_SECRET_JOB_ENV && steps > 1 && !x->everywhere))
		return ci_gap(s, "secret-job-wide", x->place, x->name,
		    "secret '%.64s' is in '%.64s' of all %zu steps of the job; mend: move it to the env of the one that needs it", x->name,
		    variable, steps);
	if (CATCH(ci_secret_by_default, x->at == CI_SECRET_DEFAULT))
		return ci_gap(s, "secret-by-default", x->place, x->name,
		    "secret '%.64s' is given to every job by 'default', also to those that don't name it; mend: move it to the jobs that do",
		    x->name);
	if (CATCH(ci_secret_unused, x->at == CI_SECRET_JOB_ENV && steps == 1 && !x->everywhere))
		return ci_gap(s, "secret-unused", x->place, x->name,
		    "secret '%.64s' is in '%.64s' of a job whose step doesn't name it; mend: take it out", x->name, variable);
	return ASSAY_OK;
}

static enum assay_status
judge_secrets(const struct ci_state *s, const struct ci_secret *first, size_t steps)
{
	for (const struct ci_secret *x = first; x != NULL; x = x->next)
		TRY(judge_secret(s, x, steps));
	return ASSAY_OK;
}

static enum assay_status
judge_remarks(const struct ci_state *s)
{
	for (const struct ci_remark *r = s->m->remarks; r != NULL; r = r->next) {
		if (CATCH(ci_debug_log, r->kind == CI_REMARK_DEBUG))
			TRY(ci_gap(s, "debug-log", r->place, r->subject,
			    "'%.64s' is switched on: what steps are given, and what comes near secrets, stands in the log; mend: remove the line",
			    r->subject));
		if (CATCH(ci_unsecure_commands, r->kind == CI_REMARK_UNSAFE_COMMANDS))
			TRY(ci_gap(s, "unsecure-commands", r->place, r->subject,
			    "'%.64s' lets whatever is printed set variables of later steps; mend: remove the line, and write to $GITHUB_ENV",
			    r->subject));
		if (CATCH(ci_secret_kept, r->kind == CI_REMARK_KEPT_SECRET))
			TRY(ci_gap(s, "secret-kept", r->place, r->subject,
			    "'%.64s' is written into a file that is kept as an artifact or in a cache; mend: write it outside of the work folder, or list the file under artifacts: exclude",
			    r->subject));
	}
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "token-default", "put 'permissions: {}' at the top of the workflow, and in each job what it needs" },
	{ "token-unstated", "put 'permissions: {}' at the top of the workflow, and in each job what it needs" },
	{ "credentials-kept", "put 'with: { persist-credentials: false }' at the checkout" },
	{ NULL, "give each token and secret to the one step that needs it" },
};

enum assay_status
judge_ci_least_privilege(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct ci_state s = ci_begin(c, v, err);
	for (const struct ci_pipeline *p = s.m->pipelines; p != NULL; p = p->next)
		TRY(judge_secrets(&s, p->secrets, 0));
	for (const struct ci_job *j = ci_next_job(s.m, NULL); j != NULL; j = ci_next_job(s.m, j)) {
		TRY(judge_token(&s, j));
		TRY(judge_checkouts(&s, j));
		TRY(judge_secrets(&s, j->secrets, j->step_count));
	}
	TRY(judge_remarks(&s));
	return ci_end(&s, CI_PRIVILEGE, "each token and secret goes to whoever needs it, and no checkout leaves a credential behind", advice);
}
