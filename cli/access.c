/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay access show: the register of who may do what, to print and to sign, and what changed in it since an earlier commit.
 */
#include "confine.h"
#include "workspace.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <evidence/history.h>
#include <policy/access.h>
#include <string.h>

#define OUT_MAX ((size_t)64 << 20)
#define SCHEMA "assay-access-record/1"
#define SIGNED "signed" /* as --since: the last register that a reviewer of it signed */
#define COMMITS_MAX 100000u /* that are looked through for it */

struct show {
	struct cli *cli;
	struct workspace w;
	struct buf now_yaml, then_yaml, out;
	struct access_list now, then;
	const char *since; /* as people are told it; NULL: nothing is compared */
	bool uncommitted, has_then;
};

static void
show_done(struct show *x)
{
	buf_done(&x->now_yaml);
	buf_done(&x->then_yaml);
	buf_done(&x->out);
	workspace_done(&x->w);
}

/* ---- reading ---- */

static enum assay_status
read_now(struct show *x, struct assay_error *err)
{
	const enum assay_status status
	    = repository_policy_file(x->w.repository, ACCESS_PATH, &x->now_yaml, &x->uncommitted, err);
	if (status == ASSAY_E_NOT_FOUND) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no " ACCESS_PATH);
		return assay_error_todo(err, ASSAY_E_USAGE, "'assay init' proposes one");
	}
	TRY(status);
	return access_parse(buf_span(&x->now_yaml), ACCESS_PATH, x->w.arena, &x->now, err);
}

/* A branch or tag, by its short or full name, or a commit's full id. */
static enum assay_status
find_commit(const struct show *x, const char *name, struct oid *ret_id, struct assay_error *err)
{
	static const char *const folders[] = { "", "refs/heads/", "refs/tags/" };
	const struct repository *r = x->w.repository;
	if (oid_parse(assay_span_str(name), r->algo, ret_id) == ASSAY_OK)
		return ASSAY_OK;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const char *full = arena_printf(x->w.arena, "%s%s", folders[i], name);
		const struct repository_ref *ref = full != NULL ? repository_find_ref(r, full) : NULL;
		if (ref == NULL)
			continue;
		*ret_id = ref->id;
		return ASSAY_OK;
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "'--since' wants 'signed', a branch, a tag or a commit's full id, not '%s'", name);
	return assay_error_todo(err, ASSAY_E_USAGE, "'git rev-parse %s' may know the id", name);
}

/* The register as if that commit were HEAD, and there were no work tree. */
static enum assay_status
read_at(struct show *x, const struct oid *commit, bool *ret_found, struct assay_error *err)
{
	struct repository then = *x->w.repository;
	bool differs = false;
	then.head = *commit;
	then.has_head = true;
	then.bare = true;
	then.work_tree = NULL;
	buf_reset(&x->then_yaml);
	const enum assay_status status = repository_policy_file(&then, ACCESS_PATH, &x->then_yaml, &differs, err);
	*ret_found = status == ASSAY_OK;
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

/* Whether one of those who are said to have reviewed these bytes has signed them. */
static bool
is_signed(const struct show *x, const struct judge_signature *signatures, size_t count)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct access_list a = { 0 };
	bool any = false;
	if (assay_sha256(buf_span(&x->then_yaml), digest) != ASSAY_OK)
		return false;
	for (size_t i = 0; i < count; i++)
		any = any || memcmp(signatures[i].record, digest, sizeof digest) == 0;
	if (!any || access_parse(buf_span(&x->then_yaml), ACCESS_PATH " then", x->w.arena, &a, NULL) != ASSAY_OK)
		return false;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < a.review.by.count && memcmp(signatures[i].record, digest, sizeof digest) == 0; k++) {
			if (strcmp(signatures[i].by, a.review.by.items[k]) == 0)
				return true;
		}
	}
	return false;
}

/* From HEAD down its first parents. */
static enum assay_status
walk_back(struct show *x, const struct judge_signature *signatures, size_t count, struct oid *ret_id, struct assay_error *err)
{
	const struct history *h = evidence_facts(&x->w.evidence, HISTORY_KIND);
	uint32_t at = h == NULL || !h->has_head ? HISTORY_NONE : history_find_commit(h, &h->head_id);
	for (uint32_t n = 0; n < COMMITS_MAX && count > 0 && at != HISTORY_NONE; n++) {
		const struct history_commit *c = &h->commits[at];
		bool found = false;
		TRY(read_at(x, &c->id, &found, err));
		if (found && is_signed(x, signatures, count)) {
			*ret_id = c->id;
			return ASSAY_OK;
		}
		at = c->parent_count > 0 ? c->parents[0] : HISTORY_NONE;
	}
	(void)assay_fail(err, ASSAY_E_USAGE, "no " ACCESS_PATH " on the way to HEAD is signed by one of those who reviewed it");
	return assay_error_todo(err, ASSAY_E_USAGE, "have a reviewer sign it: assay signoff " ACCESS_PATH " --act review");
}

/* By the sign-offs in HEAD's tree and the rules in force. Reading goes on afterwards, so the program stays able to read. */
static enum assay_status
find_signed(struct show *x, struct oid *ret_id, struct assay_error *err)
{
	static const char *const require[] = { "access.register" };
	const char *kinds[WORKSPACE_KINDS_MAX];
	struct judge_signature *signatures;
	struct judge_input input = { .catalog = x->w.catalog, .policy = &x->w.policy, .roster = &x->w.roster, .require = require,
		.require_count = 1 };
	bool confined = false, given = false;
	size_t count = 0;
	TRY(workspace_date(x->cli, &input.date, &given, err));
	const size_t kind_count = judge_needs(&input, kinds, WORKSPACE_KINDS_MAX);
	TRY(confine_to_reading(x->cli, &x->w, x->w.repository->work_tree, false, &confined, err));
	TRY(workspace_look(x->cli, &x->w, kinds, kind_count, err));
	TRY(workspace_parse(&x->w, err));
	input.evidence = &x->w.evidence;
	TRY(judge_signed(&input, SIGNOFF_REVIEW, x->w.arena, &signatures, &count, err));
	return walk_back(x, signatures, count, ret_id, err);
}

static enum assay_status
read_then(struct show *x, struct assay_error *err)
{
	struct oid commit;
	char hex[2 * OID_MAX + 1];
	bool found = false;
	x->since = x->cli->since;
	if (x->since == NULL)
		return ASSAY_OK;
	x->has_then = true;
	if (strcmp(x->since, SIGNED) == 0) {
		TRY(find_signed(x, &commit, err));
		oid_hex(&commit, x->w.repository->algo, hex);
		x->since = arena_str(x->w.arena, hex);
		if (x->since == NULL)
			return arena_full(err);
	} else {
		TRY(find_commit(x, x->since, &commit, err));
	}
	const enum assay_status status = read_at(x, &commit, &found, err);
	if (status == ASSAY_E_VERIFY) {
		(void)assay_error_todo(err, status, "for an annotated tag, give the commit's id that it names");
		return status;
	}
	TRY(status);
	/* Else the register began later: all of it is new. */
	return found ? access_parse(buf_span(&x->then_yaml), ACCESS_PATH " then", x->w.arena, &x->then, err) : ASSAY_OK;
}

/* ---- rows: a holder on a system ---- */

static void
add_rights(const struct access_grant *g, struct buf *out)
{
	const char *comma = "";
	for (unsigned bit = 0; bit < ACCESS_RIGHTS; bit++) {
		if ((g->rights >> bit & 1) == 0)
			continue;
		buf_addf(out, "%s%s", comma, access_right_name(bit));
		comma = ", ";
	}
}

static void
add_day(int64_t when, struct buf *out)
{
	char text[WHEN_TEXT_SIZE];
	when_format_date(when, text);
	buf_add_str(out, text);
}

/* "write, since 2024-01-01, until 2025-01-01, for: reason". Two rows of the same words are the same. */
static void
add_terms(const struct access_grant *g, struct buf *out)
{
	add_rights(g, out);
	buf_add_str(out, ", since ");
	add_day(g->since, out);
	if (g->until != WHEN_MAX) {
		buf_add_str(out, ", until ");
		add_day(g->until, out);
	}
	buf_add_str(out, ", for: ");
	text_escape(out, assay_span_str(g->reason), false);
}

static void
add_review(const struct access_list *a, const struct access_grant *g, struct buf *out)
{
	const struct access_review *r = access_last_review(a, g);
	if (r == NULL) {
		buf_add_str(out, "reviewed by nobody");
		return;
	}
	buf_add_str(out, "reviewed ");
	add_day(r->on, out);
	for (size_t i = 0; i < r->by.count; i++)
		buf_addf(out, "%s%s", i == 0 ? " by " : ", ", r->by.items[i]);
}

static void
add_register(const struct access_list *a, struct buf *out)
{
	for (size_t i = 0; i < a->system_count; i++) {
		const struct access_system *s = &a->systems[i];
		buf_addf(out, "%s  %s, owner %s: ", s->id, access_kind_name(s->kind), s->owner);
		text_escape(out, assay_span_str(s->name), false);
		buf_add_byte(out, '\n');
		for (size_t k = 0; k < a->grant_count; k++) {
			for (size_t n = 0; n < a->grants[k].system_count; n++) {
				if (a->grants[k].systems[n] != s)
					continue;
				buf_addf(out, "  %-16s ", a->grants[k].who);
				add_terms(&a->grants[k], out);
				buf_add_str(out, "; ");
				add_review(a, &a->grants[k], out);
				buf_add_byte(out, '\n');
			}
		}
	}
	for (size_t i = 0; i < a->absence_count; i++) {
		buf_addf(out, "no %s: ", access_kind_name(a->absences[i].kind));
		text_escape(out, assay_span_str(a->absences[i].reason), false);
		buf_add_byte(out, '\n');
	}
	for (size_t i = 0; i < a->service_count; i++) {
		buf_addf(out, "service %s, owner %s: ", a->services[i].id, a->services[i].owner);
		text_escape(out, assay_span_str(a->services[i].name), false);
		buf_add_byte(out, '\n');
	}
}

/* ---- what changed ---- */

static enum assay_status
row_text(const struct show *x, const struct access_grant *g, size_t n, const char **ret, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(1u << 20);
	buf_addf(&text, "%s on %s: ", g->who, g->systems[n]->id);
	add_terms(g, &text);
	TRY(buf_status(&text, "a row of the register", err));
	*ret = arena_copy(x->w.arena, buf_span(&text));
	return *ret != NULL ? ASSAY_OK : arena_full(err);
}

struct rows {
	const char **items;
	size_t count;
};

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum assay_status
rows_of(const struct show *x, const struct access_list *a, struct rows *ret, struct assay_error *err)
{
	size_t room = 0;
	for (size_t i = 0; i < a->grant_count; i++)
		room += a->grants[i].system_count;
	ret->items = arena_array(x->w.arena, room + 1, sizeof ret->items[0]);
	if (ret->items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < a->grant_count; i++) {
		for (size_t n = 0; n < a->grants[i].system_count; n++)
			TRY(row_text(x, &a->grants[i], n, &ret->items[ret->count++], err));
	}
	qsort(ret->items, ret->count, sizeof ret->items[0], compare);
	return ASSAY_OK;
}

/* Both sorted: what stands in one of them alone. */
static enum assay_status
compare_rows(struct show *x, json_t *changes, struct assay_error *err)
{
	struct rows then = { 0 }, now = { 0 };
	TRY(rows_of(x, &x->then, &then, err));
	TRY(rows_of(x, &x->now, &now, err));
	for (size_t i = 0, k = 0; i < then.count || k < now.count;) {
		const int order = i == then.count ? 1 : k == now.count ? -1 : strcmp(then.items[i], now.items[k]);
		const char *row = order < 0 ? then.items[i] : now.items[k];
		i += order <= 0;
		k += order >= 0;
		if (order == 0)
			continue;
		const char *what = order < 0 ? "gone" : "new";
		if (json_array_append_new(changes, json_pack("{s:s, s:s}", "change", what, "right", row)) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the changes");
	}
	return ASSAY_OK;
}

static enum assay_status
print_json(struct show *x, json_t *changes, struct assay_error *err)
{
	struct rows now = { 0 };
	CLEANUP(canon_unref) json_t *rights = json_array();
	TRY(rows_of(x, &x->now, &now, err));
	for (size_t i = 0; i < now.count; i++) {
		if (json_array_append_new(rights, json_string(now.items[i])) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for the register");
	}
	CLEANUP(canon_unref) json_t *object = json_pack("{s:O?, s:b, s:O, s:s, s:s?}", "changes",
	    x->has_then ? changes : NULL, "committed", !x->uncommitted, "rights", rights, "schema", SCHEMA, "since",
	    x->since);
	TRY(object == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(object, &x->out, err));
	buf_add_byte(&x->out, '\n');
	return cli_print(&x->out, err);
}

static enum assay_status
print_text(struct show *x, json_t *changes, struct assay_error *err)
{
	size_t i;
	json_t *change;
	if (!x->has_then)
		add_register(&x->now, &x->out);
	json_array_foreach(changes, i, change) {
		const bool gone = strcmp(json_string_value(json_object_get(change, "change")), "gone") == 0;
		buf_addf(&x->out, "%c %s\n", gone ? '-' : '+', json_string_value(json_object_get(change, "right")));
	}
	if (x->has_then && json_array_size(changes) == 0)
		buf_addf(&x->out, "no right has changed since %s\n", x->since);
	if (x->uncommitted && !x->cli->quiet)
		(void)fputs("note: this register is not the committed one\n", stderr);
	return cli_print(&x->out, err);
}

static enum assay_status
show(struct show *x, struct assay_error *err)
{
	const struct cli *cli = x->cli;
	if (cli->arg_count != 1 || strcmp(cli->args[0], "show") != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay access' doesn't know '%s'", cli->args[cli->arg_count - 1]);
		return assay_error_todo(err, ASSAY_E_USAGE, "'assay access show'");
	}
	TRY(workspace_open(cli, cli->path == NULL ? "." : cli->path, &x->w, err));
	TRY(read_now(x, err));
	TRY(read_then(x, err));
	CLEANUP(canon_unref) json_t *changes = json_array();
	if (x->has_then)
		TRY(compare_rows(x, changes, err));
	return cli->json ? print_json(x, changes, err) : print_text(x, changes, err);
}

int
verb_access(struct cli *cli, struct assay_error *err)
{
	CLEANUP(show_done) struct show x = { .cli = cli, .now_yaml = BUF_INIT(YAML_SIZE_MAX), .then_yaml = BUF_INIT(YAML_SIZE_MAX),
		.out = BUF_INIT(OUT_MAX) };
	return show(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
