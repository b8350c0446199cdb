/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ci.untrusted-code: no way leads from an outsider's text or code to a job that has the project's rights.
 */
#include "ci.h"
#include "rows.h"

static enum assay_status
judge_way(const struct ci_state *s, const struct ci_way *way)
{
	if (CATCH(ci_way_text, way->kind == CI_WAY_TEXT))
		return ci_gap_way(s, "text-in-command", way);
	if (CATCH(ci_way_code, way->kind == CI_WAY_CODE))
		return ci_gap_way(s, "code-run", way);
	if (CATCH(ci_way_artifact, way->kind == CI_WAY_ARTIFACT))
		return ci_gap_way(s, "artifact-trusted", way);
	if (CATCH(ci_way_environment, way->kind == CI_WAY_ENVIRONMENT))
		return ci_gap_way(s, "environment-written", way);
	return ASSAY_OK;
}

static const struct judge_advice advice[] = {
	{ "text-in-command", "hand the text over in an environment variable and quote it: env: { TITLE: ${{ ... }} }, then \"$TITLE\"" },
	{ "code-run", "build outsiders' code on 'pull_request' alone, without rights, and let the job that has them only read a result that it checks" },
	{ "artifact-trusted", "unpack into a folder of its own, run nothing from there, and check what is read (a number: grep -Ex '[0-9]+')" },
	{ "environment-written", "write no text of others to $GITHUB_ENV or $GITHUB_PATH; hand it over by the env of the one step" },
	{ "actor-guard", "ask for the author of the pull request (github.event.pull_request.user.login), not for who set off the run" },
	{ "text-unfollowed", "print, compare or send outsiders' text alone, quoted ([ ], grep, gh issue comment), and run no command on it in this job" },
	{ "code-brought-unseen", "fetch nothing of outsiders in a job with the project's rights; let a job without them do it" },
	{ NULL, "say in the workflow itself what runs, so that it can be followed" },
};

enum assay_status
judge_ci_untrusted_code(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct ci_state s = ci_begin(c, v, err);
	size_t privileged = 0;
	for (const struct ci_way *way = s.m->ways; way != NULL; way = way->next)
		TRY(judge_way(&s, way));
	for (const struct ci_remark *r = s.m->remarks; r != NULL; r = r->next) {
		if (CATCH(ci_actor_guard, r->kind == CI_REMARK_ACTOR_GUARD))
			TRY(ci_gap(&s, "actor-guard", r->place, r->subject,
			    "a bot's name as the one who set off the run guards this: an outsider's pull request can be what the bot touches last; mend: github.event.pull_request.user.login"));
	}
	for (const struct ci_job *j = ci_next_job(s.m, NULL); j != NULL; j = ci_next_job(s.m, j))
		privileged += j->who == CI_OUTSIDER && j->privileged;
	judge_count(v, "jobs that outsiders set off with the project's rights", privileged);
	judge_count(v, "commands", s.m->command_count);
	return ci_end(&s, CI_UNTRUSTED, "no way was found from an outsider's text or code to a job that has the project's rights", advice);
}
