/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay trust: the root of authority. People sign at different times and places, so each action leaves files that the next
 * person finds in the repository.
 */
#include "roots.h"
#include "trust.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <stdarg.h>
#include <string.h>

#define EXPIRES_DAYS 365
#define EXPIRES_DAYS_MAX 3660
#define OUT_MAX ((size_t)16 << 20)

static void
job_done(struct trust_job *job)
{
	trust_folder_done(&job->folder);
	signer_free(&job->signer);
	workspace_done(&job->w);
}

enum assay_status
trust_say(struct trust_job *job, struct assay_error *err, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	const char *kept = arena_str(job->w.arena, text);
	if (kept == NULL)
		return arena_full(err);
	if (job->said.count < CLI_LIST_MAX)
		job->said.items[job->said.count++] = kept;
	return ASSAY_OK;
}

bool
trust_is_expired(const struct trust_job *job, const struct authority *a)
{
	return a->expires_file != NULL && a->expires <= job->today;
}

/* ---- options ---- */

static enum assay_status
read_expiry(struct trust_job *job, struct assay_error *err)
{
	const char *text = job->cli->expires;
	job->today = when_day((int64_t)time(NULL));
	job->expires = job->today + EXPIRES_DAYS * (int64_t)WHEN_DAY;
	if (text == NULL)
		return ASSAY_OK;
	if (strlen(text) != 10 || when_parse(assay_span_str(text), &job->expires, err) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_USAGE, "'--expires' wants a day like 2030-01-31, not '%s'", text);
	if (job->expires <= job->today || job->expires > job->today + EXPIRES_DAYS_MAX * (int64_t)WHEN_DAY)
		return assay_fail(err, ASSAY_E_USAGE, "'--expires' lies after today, and within %d days", EXPIRES_DAYS_MAX);
	return ASSAY_OK;
}

static enum assay_status
role_named(const char *name, const struct trust_role **ret_role, struct assay_error *err)
{
	const char *names[8];
	for (size_t i = 0; i < trust_role_count; i++)
		names[i] = trust_roles[i].name;
	*ret_role = trust_role_find(name);
	if (*ret_role != NULL)
		return ASSAY_OK;
	const char *near = text_nearest(name, names, trust_role_count);
	(void)assay_fail(err, ASSAY_E_USAGE, "there is no role '%s'", name);
	if (near != NULL)
		return assay_error_todo(err, ASSAY_E_USAGE, "did you mean '%s'?", near);
	return assay_error_todo(err, ASSAY_E_USAGE, "take root, targets, policy, release or pack");
}

static enum assay_status
need(const struct trust_job *job, const char *value, const char *option, struct assay_error *err)
{
	if (value != NULL)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_USAGE, "'assay trust %s' wants %s", job->action, option);
}

/* ---- editing ---- */

static enum assay_status
edit(struct trust_job *job, enum trust_part part, struct assay_error *err)
{
	const json_t *draft = job->folder.draft[part];
	const bool had = draft != NULL && json_array_size(json_object_get(draft, "signatures")) > 0;
	TRY(trust_folder_edit(&job->folder, part, job->w.policy.repository_id, job->expires, err));
	if (had)
		TRY(trust_say(job, err, "the draft of '%s' was signed already: those signatures are gone", trust_part_name(part)));
	return ASSAY_OK;
}

static enum assay_status
keep_drafts(struct trust_job *job, struct assay_error *err)
{
	for (enum trust_part part = TRUST_ROOT; part < TRUST_PARTS; part++) {
		if (job->folder.draft[part] != NULL)
			TRY(trust_folder_keep(&job->folder, part, err));
	}
	return ASSAY_OK;
}

static enum assay_status
set_thresholds(struct trust_job *job, struct assay_error *err)
{
	for (size_t i = 0; i < job->cli->thresholds.count; i++) {
		const char *text = job->cli->thresholds.items[i], *equals = strchr(text, '=');
		const struct trust_role *role;
		uint64_t n = 0;
		if (equals == NULL || text_to_u64(assay_span_str(equals + 1), &n) != ASSAY_OK || n > TRUST_THRESHOLD_MAX)
			return assay_fail(err, ASSAY_E_USAGE, "'--threshold' wants ROLE=N, not '%s'", text);
		const char *name = arena_copy(job->w.arena,
		    (struct assay_span){ (const unsigned char *)text, (size_t)(equals - text) });
		if (name == NULL)
			return arena_full(err);
		TRY(role_named(name, &role, err));
		TRY(edit(job, role->home, err));
		TRY(trust_set_threshold(job->folder.draft[role->home], role, (int64_t)n, err));
	}
	return ASSAY_OK;
}

/*
 * Whoever may delegate may give themselves every delegated role: unless the caller says otherwise, that takes as many people as the
 * strictest role does.
 */
static enum assay_status
raise_targets(struct trust_job *job, struct assay_error *err)
{
	const struct trust_role *targets = trust_role_find("targets");
	json_int_t most = 0;
	for (size_t i = 0; i < job->cli->thresholds.count; i++) {
		if (strncmp(job->cli->thresholds.items[i], "targets=", strlen("targets=")) == 0)
			return ASSAY_OK;
	}
	for (size_t i = 0; i < trust_role_count; i++) {
		const json_t *held = trust_role_of(job->folder.draft[trust_roles[i].home], &trust_roles[i]);
		json_int_t n = json_integer_value(json_object_get(held, "threshold"));
		most = n > most ? n : most;
	}
	return most <= 1 ? ASSAY_OK : trust_set_threshold(job->folder.draft[targets->home], targets, (int64_t)most, err);
}

/* Their name as the roster has it, so that nobody types it twice. */
static const char *
name_of(const struct trust_job *job)
{
	if (job->cli->name != NULL)
		return job->cli->name;
	for (size_t i = 0; i < job->w.roster.count; i++) {
		const struct roster_entry *e = &job->w.roster.entries[i];
		if (e->kind == ROSTER_PERSON && strcmp(e->id, job->cli->person) == 0)
			return e->name;
	}
	return job->cli->person;
}

/* A role whose holder couldn't sign would stand there for nothing. */
static enum assay_status
can_hold(const struct trust_job *job, const struct trust_role *role, struct assay_error *err)
{
	struct assay_pubkey key;
	TRY(assay_pubkey_parse(signer_blob(job->signer), &key, err));
	if (signer_use_takes(role->use, key.type))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "a key of type %s can't hold '%s': what that role signs takes %s",
	    assay_key_type_name(key.type), role->name, signer_use_keys(role->use));
	return assay_error_todo(err, ASSAY_E_USAGE, "enrol another key for it: ssh-keygen -t ed25519");
}

static enum assay_status
grant(struct trust_job *job, const char *const *roles, size_t count, struct assay_error *err)
{
	CLEANUP(trust_enrolment_done) struct trust_enrolment e = { .key = NULL };
	TRY(need(job, job->cli->person, "--person", err));
	TRY(need(job, job->cli->sign, "--sign: the key to enrol signs its own enrolment", err));
	const struct trust_person person = { job->cli->person, name_of(job),
		job->cli->title == NULL ? "" : job->cli->title, job->w.policy.repository_id };
	TRY(trust_enrol(job->signer, &person, &e, err));
	for (size_t i = 0; i < count; i++) {
		const struct trust_role *role;
		TRY(role_named(roles[i], &role, err));
		TRY(can_hold(job, role, err));
		TRY(edit(job, role->home, err));
		const enum trust_part other = role->home == TRUST_ROOT ? TRUST_TARGETS : TRUST_ROOT;
		const json_t *beside = job->folder.draft[other] != NULL ? job->folder.draft[other] : job->folder.now[other];
		TRY(trust_grant(job->folder.draft[role->home], beside, role, &e, err));
		TRY(trust_say(job, err, "%s (%s) is enrolled for '%s' with key %s", person.id, person.name, role->name,
		    signer_fingerprint(job->signer)));
	}
	return ASSAY_OK;
}

/* ---- actions ---- */

static enum assay_status
action_init(struct trust_job *job, struct assay_error *err)
{
	static const char *const usual[] = { "root", "targets", "policy" };
	const struct cli_list *roles = &job->cli->roles;
	if (job->folder.now[TRUST_ROOT] != NULL || job->folder.draft[TRUST_ROOT] != NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is a trust root already%s",
		    job->folder.now[TRUST_ROOT] == NULL ? ", as a draft" : "");
		return assay_error_todo(err, ASSAY_E_USAGE, "enrol with 'assay trust add-key', change it with 'assay trust rotate'");
	}
	TRY(edit(job, TRUST_ROOT, err));
	TRY(edit(job, TRUST_TARGETS, err));
	TRY(grant(job, roles->count == 0 ? usual : roles->items, roles->count == 0 ? 3 : roles->count, err));
	TRY(set_thresholds(job, err));
	TRY(raise_targets(job, err));
	TRY(keep_drafts(job, err));
	return trust_say(job, err, "next: others enrol (assay trust add-key), then everybody signs (assay trust sign)");
}

static enum assay_status
action_add_key(struct trust_job *job, struct assay_error *err)
{
	if (job->cli->roles.count == 0)
		return need(job, NULL, "--role", err);
	if (job->folder.now[TRUST_ROOT] == NULL && job->folder.draft[TRUST_ROOT] == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no trust root to enrol in");
		return assay_error_todo(err, ASSAY_E_USAGE, "make one: assay trust init");
	}
	TRY(grant(job, job->cli->roles.items, job->cli->roles.count, err));
	TRY(set_thresholds(job, err));
	return keep_drafts(job, err);
}

static enum assay_status
take_away(struct trust_job *job, const char *who, struct assay_error *err)
{
	char day[WHEN_TEXT_SIZE];
	size_t all = 0;
	when_format_date(job->today, day);
	for (enum trust_part part = TRUST_ROOT; part <= TRUST_TARGETS; part++) {
		const json_t *there = job->folder.draft[part] != NULL ? job->folder.draft[part] : job->folder.now[part];
		for (size_t i = 0; there != NULL && i < trust_role_count; i++) {
			const struct trust_role *role = &trust_roles[i];
			bool asked = job->cli->roles.count == 0;
			size_t taken = 0;
			for (size_t k = 0; k < job->cli->roles.count; k++)
				asked |= strcmp(job->cli->roles.items[k], role->name) == 0;
			if (role->home != part || !asked)
				continue;
			TRY(edit(job, part, err));
			TRY(trust_revoke(job->folder.draft[part], role, who, day, &taken, err));
			all += taken;
		}
	}
	if (all == 0)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' holds no such role", who);
	return trust_say(job, err, "'%s' loses %zu role%s", who, all, all == 1 ? "" : "s");
}

static enum assay_status
action_rotate(struct trust_job *job, struct assay_error *err)
{
	const struct cli *cli = job->cli;
	const struct trust_role *role;
	if (cli->roles.count == 0 && cli->thresholds.count == 0 && cli->remove.count == 0)
		return need(job, NULL, "--role, --threshold or --remove", err);
	if (job->folder.now[TRUST_ROOT] == NULL && job->folder.draft[TRUST_ROOT] == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "there is no trust root to change: make one with 'assay trust init'");
	for (size_t i = 0; i < cli->roles.count; i++)
		TRY(role_named(cli->roles.items[i], &role, err));
	for (size_t i = 0; i < cli->remove.count; i++)
		TRY(take_away(job, cli->remove.items[i], err));
	TRY(set_thresholds(job, err));
	/* A role named alone: its own document, signed anew for longer. */
	for (size_t i = 0; i < cli->roles.count && cli->remove.count == 0; i++) {
		TRY(role_named(cli->roles.items[i], &role, err));
		enum trust_part part = strcmp(role->name, "policy") == 0 ? TRUST_POLICY
		    : strcmp(role->name, "root") == 0			 ? TRUST_ROOT
									 : TRUST_TARGETS;
		TRY(edit(job, part, err));
		TRY(trust_set_expires(job->folder.draft[part], job->expires, err));
	}
	return keep_drafts(job, err);
}

static enum assay_status
action_show(struct trust_job *job, struct assay_error *err)
{
	(void)job;
	(void)err;
	return ASSAY_OK;
}

static const struct {
	const char *name;
	bool with_roles;
	enum assay_status (*run)(struct trust_job *job, struct assay_error *err);
} actions[] = {
	{ "init", false, action_init },
	{ "add-key", false, action_add_key },
	{ "sign", false, trust_action_sign },
	{ "rotate", false, action_rotate },
	{ "show", true, action_show },
	{ "verify", false, action_show },
};
#define ACTION_COUNT (sizeof actions / sizeof actions[0])

static enum assay_status
find_action(const char *name, size_t *ret_at, struct assay_error *err)
{
	const char *names[ACTION_COUNT];
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		names[i] = actions[i].name;
		if (strcmp(name, names[i]) != 0)
			continue;
		*ret_at = i;
		return ASSAY_OK;
	}
	const char *near = text_nearest(name, names, ACTION_COUNT);
	(void)assay_fail(err, ASSAY_E_USAGE, "'assay trust' can't '%s'", name);
	if (near != NULL)
		return assay_error_todo(err, ASSAY_E_USAGE, "did you mean '%s'?", near);
	return assay_error_todo(err, ASSAY_E_USAGE, "take init, add-key, sign, rotate, show or verify");
}

/* An enrolment counts in one repository: without an id there is nothing to bind it to. */
static enum assay_status
open_job(struct trust_job *job, struct assay_error *err)
{
	const struct cli *cli = job->cli;
	TRY(roots_check(cli->root, err));
	TRY(read_expiry(job, err));
	TRY(workspace_open(cli, cli->path == NULL ? "." : cli->path, &job->w, err));
	if (job->w.repository->work_tree == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree for 'assay/trust/': work in a clone of it");
	if (job->w.policy.repository_id == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay/policy.yaml' gives no repository-id to bind authority to");
		return assay_error_todo(err, ASSAY_E_USAGE, "run 'assay init'; it writes one");
	}
	TRY(trust_folder_open(job->w.repository->work_tree, cli->root, job->w.arena, &job->folder, err));
	return workspace_signer(job->cli, SIGNER_METADATA, &job->signer, err);
}

/* 'verify' says how it stands by its exit status; elsewhere what was asked for is done. */
static int
exit_of(const struct trust_job *job)
{
	const struct authority *a = &job->folder.authority;
	if (strcmp(job->action, "verify") != 0)
		return EXIT_NO_GAP;
	if (a->fault == AUTHORITY_NO_ROOT || a->fault == AUTHORITY_NO_POLICY || a->fault == AUTHORITY_UNREAD)
		return EXIT_NOT_EVALUATED;
	if (a->fault != AUTHORITY_HOLDS || trust_is_expired(job, a))
		return EXIT_GAP;
	/* No trust on first use: that a chain agrees with itself says nothing of who began it. */
	return job->cli->root == NULL ? EXIT_NOT_EVALUATED : EXIT_NO_GAP;
}

static enum assay_status
run(struct trust_job *job, int *ret_exit, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	size_t at = 0;
	TRY(find_action(job->action, &at, err));
	TRY(open_job(job, err));
	TRY(actions[at].run(job, err));
	TRY(trust_report(job, actions[at].with_roles, &out, err));
	*ret_exit = exit_of(job);
	return cli_print(&out, err);
}

int
verb_trust(struct cli *cli, struct assay_error *err)
{
	CLEANUP(job_done) struct trust_job job = { .cli = cli, .action = cli->args[0], .folder = { .tree = -1 } };
	int exit_status = EXIT_INTERNAL;
	return run(&job, &exit_status, err) == ASSAY_OK ? exit_status : cli_error(cli, err);
}
