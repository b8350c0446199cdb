/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay audit: the auditor's side. Reads, verifies, parses and judges a pack again; believes nothing it says of itself.
 */
#include "confine.h"
#include "output.h"
#include "rejudge.h"
#include "roots.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <fcntl.h>
#include <policy/authority.h>
#include <report/report.h>
#include <string.h>

#define PROFILE_MAX YAML_SIZE_MAX

enum audit_state { AUDIT_ALTERED, AUDIT_AUTHOR_UNKNOWN };

struct audit {
	struct cli *cli;
	struct rejudge r;
	struct output output;
	struct buf profile_yaml;
	struct policy profile;
	int64_t today;
	enum audit_state state;
	const char *root;                  /* the auditor's pin in lower case, or NULL */
	const struct verdicts *as_of_pack; /* by that pin; the maker's own doesn't count here */
	const struct verdicts *as_of_today;
	const struct verdicts *by_profile; /* NULL without --profile */
};

static void
audit_done(struct audit *a)
{
	buf_done(&a->profile_yaml);
	output_done(&a->output);
	rejudge_done(&a->r);
}

static enum assay_status
open_all(struct audit *a, struct assay_error *err)
{
	struct cli *cli = a->cli;
	TRY(roots_check(cli->root, err));
	TRY(rejudge_open(cli, cli->args[0], &a->r, err));
	TRY(roots_pinned(cli->root, NULL, a->r.arena, &a->root, err));
	a->today = when_day((int64_t)time(NULL));
	if (cli->profile != NULL) {
		TRY(file_read(AT_FDCWD, cli->profile, &a->profile_yaml, err));
		TRY(policy_parse(buf_span(&a->profile_yaml), cli->profile, a->r.arena, &a->profile, err));
	}
	return cli->out == NULL ? ASSAY_OK : output_open(cli->out, true, &a->output, err);
}

static const json_t *
control_named(const json_t *controls, const char *id)
{
	for (size_t i = 0; i < json_array_size(controls); i++) {
		const json_t *control = json_array_get(controls, i);
		const char *other = json_string_value(json_object_get(control, "id"));
		if (other != NULL && strcmp(other, id) == 0)
			return control;
	}
	return NULL;
}

/* Up to five digits with end behind them, which is gone past. */
static bool
take_number(const char **at, char end, uint64_t *ret_number)
{
	const size_t n = strspn(*at, "0123456789");
	if (n > 5 || (*at)[n] != end || text_to_u64((struct assay_span){ (const unsigned char *)*at, n }, ret_number) != ASSAY_OK)
		return false;
	*at += n + 1;
	return true;
}

/* "1.2.3" as one number; 0, which is older than none, for what isn't one. */
static uint64_t
version_number(const char *text)
{
	uint64_t major, minor, patch;
	if (!take_number(&text, '.', &major) || !take_number(&text, '.', &minor) || !take_number(&text, '\0', &patch))
		return 0;
	return (major << 40) + (minor << 20) + patch + 1;
}

/* An older version may not have judged what this one judges; nobody else may leave a control out. */
static bool
may_be_silent(const struct audit *a)
{
	uint64_t theirs = version_number(a->r.pack.program);
	return theirs != 0 && theirs < version_number(ASSAY_VERSION);
}

/* Names the first control whose verdict isn't what its evidence gives. */
static enum assay_status
compare_controls(const struct audit *a, const json_t *theirs, struct assay_error *err)
{
	const json_t *controls = json_object_get(theirs, "controls");
	for (size_t i = 0; i < a->r.verdicts->control_count; i++) {
		const struct control_verdict *v = &a->r.verdicts->controls[i];
		const json_t *other = control_named(controls, v->control->id);
		const char *said = json_string_value(json_object_get(other, "verdict"));
		bool judged = json_is_true(json_object_get(other, "judged"));
		bool unknown = said == NULL || strcmp(said, verdict_name(VERDICT_UNKNOWN)) == 0;
		if (!v->judged || (!judged && unknown && may_be_silent(a)))
			continue;
		if (said == NULL || !judged || strcmp(said, verdict_name(v->verdict)) != 0)
			return assay_fail(err, ASSAY_E_VERIFY,
			    "'verdicts.json' says %s for %s; its evidence says %s: %s",
			    said == NULL || !judged ? "nothing" : said, v->control->id,
			    verdict_name(v->verdict), v->reason);
	}
	return ASSAY_OK;
}

/*
 * The maker's verdicts must be, byte for byte, what we find. Another version may have other words: of its pack
 * the verdicts alone are compared; what is shown is ours in any case.
 */
static enum assay_status
compare_verdicts(const struct audit *a, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf ours = BUF_INIT((size_t)1 << 30);
	CLEANUP(canon_unref) json_t *theirs = NULL;
	TRY(report_json(a->r.verdicts, &ours, err));
	if (assay_span_equal(buf_span(&ours), a->r.pack.verdicts_json))
		return ASSAY_OK;
	bool same_version = strcmp(a->r.pack.program, ASSAY_VERSION) == 0;
	TRY(canon_read(a->r.pack.verdicts_json, "verdicts.json", &theirs, err));
	TRY(compare_controls(a, theirs, err));
	if (!same_version)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_VERIFY,
	    "'verdicts.json' is not what its evidence gives when it is judged again");
}

static enum assay_status
judge_otherwise(struct audit *a, struct assay_error *err)
{
	struct judge_input input = a->r.input;
	input.root = a->root;
	TRY(judge_all(&input, a->r.arena, &a->as_of_pack, err));
	input.date = a->today;
	TRY(judge_all(&input, a->r.arena, &a->as_of_today, err));
	if (a->cli->profile == NULL)
		return ASSAY_OK;
	input.profile = &a->profile;
	return judge_all(&input, a->r.arena, &a->by_profile, err);
}

/* ---- who vouches ---- */

/* Whether the pack's signer holds the role 'pack'; *ret_delegated: there is such a role. */
static bool
signed_by_role(const struct audit *a, bool *ret_delegated)
{
	struct assay_tuf_role role;
	struct assay_tuf_key key;
	size_t cursor = 0;
	const struct authority *authority = a->as_of_pack->authority;
	*ret_delegated = authority != NULL && authority_role(authority, "pack", &role);
	while (*ret_delegated && a->r.pack.signature == PACK_SIGNED && assay_tuf_next_key(&role, &cursor, &key)) {
		/* An Ed25519 key ends its SubjectPublicKeyInfo (RFC 8410). */
		if (key.scheme == ASSAY_TUF_ED25519 && key.spki_len >= 32 &&
		    memcmp(key.spki + key.spki_len - 32, a->r.pack.signer_key, 32) == 0)
			return true;
	}
	return false;
}

/* The root was given, rules that lead to it were in force, and where a role signs packs it signed this one. */
static bool
is_vouched_for(const struct audit *a)
{
	bool delegated = false;
	bool own = signed_by_role(a, &delegated);
	return a->root != NULL && a->as_of_pack->authority != NULL && (own || !delegated);
}

static const char *
state_word(const struct audit *a)
{
	bool delegated = false;
	bool own = signed_by_role(a, &delegated);
	if (!is_vouched_for(a))
		return "author-unknown";
	return own ? "author-authorised" : "rules-authorised";
}

static const char *
state_line(const struct audit *a)
{
	bool delegated = false;
	bool own = signed_by_role(a, &delegated);
	if (a->root == NULL || a->as_of_pack->authority == NULL)
		return "consistent; author unknown";
	if (own)
		return "consistent; signed by the role that signs packs, under the root you gave";
	return delegated ? "consistent; author unknown: it is not signed by the role that signs packs"
			 : "consistent; judged by rules under the root you gave, which name nobody to sign packs";
}

static void
root_line(const struct audit *a, struct buf *out)
{
	if (a->root == NULL)
		buf_add_str(out, "\nno trust root was given: nothing here says who made this pack\n");
	else if (a->as_of_pack->authority == NULL)
		buf_add_str(out, "\nno trust root yet: no rules in this pack lead to the root that you gave\n");
}

static void
signature_line(const struct audit *a, struct buf *out)
{
	if (a->r.pack.signature == PACK_SIGNED)
		buf_addf(out, "signed   by %s\n", a->r.pack.signer_fingerprint);
	else
		buf_add_str(out, "signed   by nobody\n");
	if (strcmp(a->r.pack.program, ASSAY_VERSION) == 0)
		return;
	buf_add_str(out, "made     by assay ");
	text_escape(out, assay_span_str(a->r.pack.program), false);
	buf_add_str(out, ", this is " ASSAY_VERSION ": verdicts were compared, words were not\n");
}

static void
changes(const struct verdicts *then, const struct verdicts *now, const char *title, struct buf *out)
{
	size_t changed = 0;
	for (size_t i = 0; i < then->control_count && i < now->control_count; i++) {
		const struct control_verdict *a = &then->controls[i], *b = &now->controls[i];
		if (a->verdict == b->verdict)
			continue;
		buf_addf(out, "%s %s: %s, was %s: %s\n", title, a->control->id,
		    verdict_name(b->verdict), verdict_name(a->verdict), b->reason);
		changed++;
	}
	if (changed == 0)
		buf_addf(out, "%s the same verdicts\n", title);
}

static enum assay_status
print_text(const struct audit *a, struct buf *out, struct assay_error *err)
{
	struct report_style style = { .colour = !a->cli->no_colour, .width = a->cli->width,
		.verbose = a->cli->verbose };
	char date[WHEN_TEXT_SIZE], today[WHEN_TEXT_SIZE], title[64];
	when_format_date(a->r.pack.date, date);
	when_format_date(a->as_of_today->date, today);
	TRY(report_terminal(a->by_profile == NULL ? a->as_of_pack : a->by_profile, &style, out, err));
	buf_addf(out, "\npack     %s\n", state_line(a));
	signature_line(a, out);
	buf_addf(out, "judged   as of %s: as the pack says, every verdict recomputed here\n", date);
	(void)snprintf(title, sizeof title, "today    as of %s:", today);
	changes(a->as_of_pack, a->as_of_today, title, out);
	if (a->by_profile != NULL)
		changes(a->as_of_today, a->by_profile, "profile  by your policy:", out);
	root_line(a, out);
	return buf_status(out, "the audit", err);
}

static enum assay_status
verdicts_json(const struct verdicts *v, json_t **ret_value, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT((size_t)1 << 30);
	TRY(report_json(v, &bytes, err));
	return canon_read(buf_span(&bytes), "verdicts", ret_value, err);
}

static enum assay_status
print_json(const struct audit *a, struct buf *out, struct assay_error *err)
{
	json_t *pack_date = NULL, *today = NULL, *profile = NULL;
	TRY(verdicts_json(a->as_of_pack, &pack_date, err));
	CLEANUP(canon_unref) json_t *object = json_pack("{s:s, s:s, s:o}", "schema", "assay-audit/1",
	    "state", state_word(a), "as-of-pack", pack_date);
	TRY(verdicts_json(a->as_of_today, &today, err));
	if (a->by_profile != NULL)
		TRY(verdicts_json(a->by_profile, &profile, err));
	if (object == NULL || json_object_set_new(object, "as-of-today", today) != 0 ||
	    json_object_set_new(object, "by-profile", profile == NULL ? json_null() : profile) != 0 ||
	    json_object_set_new(object, "signer",
		a->r.pack.signature == PACK_SIGNED ? json_string(a->r.pack.signer_fingerprint)
						   : json_null()) != 0)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the audit");
	TRY(canon_write(object, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the audit", err);
}

static enum assay_status
audit(struct audit *a, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)1 << 30);
	TRY(open_all(a, err));
	confine_to_pack(a->output.path == NULL ? NULL : &a->output);
	a->state = AUDIT_ALTERED;
	TRY(rejudge_run(&a->r, err));
	if (a->r.pack.date > a->today + WHEN_DAY)
		return assay_fail(err, ASSAY_E_VERIFY, "the pack says that it was made after today: what it calls past "
		    "may not have been");
	TRY(compare_verdicts(a, err));
	TRY(judge_otherwise(a, err));
	a->state = AUDIT_AUTHOR_UNKNOWN;
	if (a->output.path != NULL)
		TRY(output_reports(&a->output, &a->r.input, a->as_of_pack, rejudge_signer(&a->r), err));
	TRY(a->cli->json ? print_json(a, &out, err) : print_text(a, &out, err));
	return cli_print(&out, err);
}

/*
 * Whatever is wrong with a pack's content is a gap: exit 1. A newer format is the auditor's to update for; a file that
 * can't be read, or the auditor's own arguments, are errors like elsewhere.
 */
static int
failed(const struct audit *a, const struct assay_error *err)
{
	bool about_pack = a->state == AUDIT_ALTERED;
	int status = cli_error(a->cli, err);
	if (about_pack && (err->status == ASSAY_E_FORMAT || err->status == ASSAY_E_VERIFY ||
			      err->status == ASSAY_E_LIMIT || err->status == ASSAY_E_NOT_FOUND))
		return EXIT_GAP;
	return status;
}

/* A gap on either day is a gap; nobody's pack is at best unknown. */
static int
exit_of(const struct audit *a)
{
	if (!is_vouched_for(a))
		return EXIT_NOT_EVALUATED;
	int then = verdicts_exit(a->as_of_pack), now = verdicts_exit(a->by_profile != NULL ? a->by_profile : a->as_of_today);
	if (then == EXIT_GAP || now == EXIT_GAP)
		return EXIT_GAP;
	return then != EXIT_NO_GAP ? then : now;
}

int
verb_audit(struct cli *cli, struct assay_error *err)
{
	CLEANUP(audit_done) struct audit a = { .cli = cli, .profile_yaml = BUF_INIT(PROFILE_MAX),
		.state = AUDIT_AUTHOR_UNKNOWN };
	if (audit(&a, err) != ASSAY_OK)
		return failed(&a, err);
	return exit_of(&a);
}
