/* SPDX-License-Identifier: Apache-2.0 */
#include "sample_findings.h"

#include <assay/hash.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <stdio.h>
#include <string.h>

#define ARENA_MAX (256u << 20)
#define DAY_JUDGED ((int64_t)20000 * WHEN_DAY) /* 2024-10-04 */

static const struct {
	const char *id;
	const char *title;
} clause_rows[] = {
	{ "5.1.2", "Development environment security" },
	{ "5.5.2", "Security implementation review" },
	{ "5.8.3", "File integrity" },
	{ "5.8.4", "Private keys" },
};
#define CLAUSES (sizeof(clause_rows) / sizeof(clause_rows[0]))

struct control_row {
	const char *id;
	unsigned clause;
	const char *title;
	enum weight weight;
	enum verdict verdict;
	bool judged;
	const char *reason;
	const char *next;
	const char *asset;
	const char *threat;
	const char *stage;
};

static const struct control_row control_rows[] = {
	{ "repo.signed", 0, "Every commit and tag is signed by a person on the roster", WEIGHT_MODERATE, VERDICT_FAIL, true,
	    "417 of 5000 commits in scope are not signed by a known person",
	    "sign commits with `git config --global commit.gpgsign true`, and name the last unsigned commit as cut-over in assay/policy.yaml",
	    "repository", "corruption", "implementation" },
	{ "repo.honest-time", 0, "Times of commits and signatures agree with the history", WEIGHT_MAJOR, VERDICT_FAIL, true,
	    "1 commit was signed by a key that was retired before the commit reached a branch",
	    "ask the key's owner about commit 7c1a90; review what it changed", "repository", "corruption", "release" },
	{ "repo.trusted-clone", 0, "Nothing in the clone colours what is read from it", WEIGHT_MAJOR, VERDICT_PASS, true,
	    "5214 objects hashed again; no replace refs, grafts, shallow boundary or foreign alternates", NULL, "repository",
	    "deletion", "implementation" },
	{ "repo.protected", 0, "Release branches are protected in effect", WEIGHT_MAJOR, VERDICT_UNKNOWN, true,
	    "no trust root yet", "run `assay trust init`, then `assay trust sign`", "repository", "access", "release" },
	{ "repo.backup", 0, "A backup was restored within the policy's age", WEIGHT_MODERATE, VERDICT_STALE, true,
	    "the restore was made for another revision", "restore the backup again and record it", "repository", "deletion", "test" },
	{ "repo.binaries", 0, "No unreviewable executables in the tree", WEIGHT_MINOR, VERDICT_DEVIATED, true,
	    "firmware/boot.bin is accepted until the deviation's expiry", "remove the file before the deviation expires", "dependency",
	    "corruption", "implementation" },
	{ "ci.pinned", 0, "Third-party steps are pinned by digest", WEIGHT_MODERATE, VERDICT_UNKNOWN, false,
	    "not judged by this version", NULL, "pipeline", "corruption", "test" },
	{ "ci.gates", 0, "The release pipeline runs the checks and blocks on them", WEIGHT_MAJOR, VERDICT_UNKNOWN, false,
	    "not judged by this version", NULL, "pipeline", "access", "release" },
	{ "host.build", 0, "Build hosts are kept", WEIGHT_MODERATE, VERDICT_UNKNOWN, false, "not judged by this version", NULL,
	    "build host", "access", "release" },
	{ "find.resolved", 1, "No open finding above the policy's threshold", WEIGHT_MAJOR, VERDICT_PASS, true,
	    "3 findings, all below the threshold", NULL, "document", "corruption", "test" },
	{ "rule.custom", 1, "The maker's own rules hold", WEIGHT_MINOR, VERDICT_NOT_APPLICABLE, true,
	    "signed off by the quality lead: the maker has no rules of its own", NULL, "document", "access", "design" },
	{ "seal.signed", 2, "Releases carry the signatures that the policy names", WEIGHT_MAJOR, VERDICT_UNKNOWN, true,
	    "3 tags are signed in OpenPGP, which this version does not verify", "sign tags in SSH format, or wait for a version that verifies OpenPGP",
	    "artifact", "corruption", "update" },
	{ "seal.drill", 2, "The release's seal rejects attacks", WEIGHT_MAJOR, VERDICT_UNKNOWN, false, "not judged by this version",
	    NULL, "artifact", "corruption", "release" },
	{ "key.inventory", 3, "Every signing key is on the inventory", WEIGHT_MODERATE, VERDICT_PASS, true,
	    "4 keys are listed with purpose, custodian and period", NULL, "key", "access", "release" },
	{ "key.hardware", 3, "Signing keys never left their token", WEIGHT_MAJOR, VERDICT_UNKNOWN, false,
	    "not judged by this version", NULL, "key", "access", "release" },
};
#define CONTROLS (sizeof(control_rows) / sizeof(control_rows[0]))

/* Copies of what a hostile repository might call its things. */
static const char *const hostile_names[] = {
	"<script>document.title='owned'</script>",
	"</style><script>alert(1)</script><img src=x onerror=alert(2)>",
	"\" onmouseover=\"alert(3)\" x='",
	"=HYPERLINK(\"http://192.0.2.1/\",\"click\")",
	"abc\u202ecba\u2066 turned",
	"\x1b[2J\x1b]0;title\x07 clears the screen",
	"not utf-8: \xff\xfe\x80",
	"javascript:alert(4)",
	"]]>--><!-- &amp;lt;b&gt; {{7*7}} ${7*7}",
	"a name with `an open backquote, a\nnewline and a\ttab",
};
#define HOSTILE (sizeof(hostile_names) / sizeof(hostile_names[0]))
_Static_assert(HOSTILE == SAMPLE_HOSTILE, "findings in code take all hostile names");

struct maker {
	struct sample *s;
	bool hostile;
	bool large;
	bool sound;
	bool built_in;
	size_t in_code; /* findings */
	bool failed;
};

static void *
array(struct maker *m, size_t n, size_t size)
{
	void *p = arena_array(m->s->arena, n + 1, size);
	m->failed = m->failed || p == NULL;
	return p;
}

static const char *
hex_id(struct maker *m, const char *seed, size_t number)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	char *text = arena_printf(m->s->arena, "%s %zu", seed, number);
	if (text == NULL || assay_sha256(assay_span_str(text), digest) != ASSAY_OK) {
		m->failed = true;
		return "";
	}
	text_hex((struct assay_span){ digest, 20 }, hex);
	return arena_str(m->s->arena, hex);
}

static void
fingerprint(struct maker *m, struct finding *f, size_t number)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char *text = arena_printf(m->s->arena, "%s %s %zu", f->id, f->object == NULL ? "" : f->object, number);
	if (text == NULL || assay_sha256(assay_span_str(text), digest) != ASSAY_OK)
		m->failed = true;
	else
		text_hex((struct assay_span){ digest, sizeof(digest) }, f->fingerprint);
}

static struct yaml_strings
one(struct maker *m, const char *text)
{
	const char **items = array(m, 1, sizeof(char *));
	if (items != NULL)
		items[0] = text;
	return (struct yaml_strings){ items, items == NULL ? 0 : 1 };
}

static struct crosswalk
crosswalk(struct maker *m)
{
	return (struct crosswalk){ .iec62304 = one(m, "8.1.1"), .iec62443_4_1 = one(m, "SM-7"), .ssdf = one(m, "PS.1.1") };
}

static void
make_catalog(struct maker *m)
{
	struct catalog *c = &m->s->catalog;
	c->clauses = array(m, CLAUSES, sizeof(struct clause));
	c->controls = array(m, CONTROLS, sizeof(struct control));
	if (m->failed)
		return;
	c->clause_count = CLAUSES;
	c->control_count = CONTROLS;
	for (size_t i = 0; i < CLAUSES; i++) {
		c->clauses[i] = (struct clause){ .id = clause_rows[i].id, .title = clause_rows[i].title,
			.asks = "Protect what the software is made and delivered with.",
			.why = "Whoever owns the build machine owns the device, however well the product was tested.",
			.audit_gap = "Settings are shown instead of their effect.",
			.show_me = one(m, "who can push, approve, build and publish"), .crosswalk = crosswalk(m) };
	}
	for (size_t i = 0; i < CONTROLS; i++) {
		const struct control_row *r = &control_rows[i];
		c->controls[i] = (struct control){ .id = r->id, .clause = &c->clauses[r->clause], .title = r->title,
			.asks = "What is in scope is as the title says, checked here and not taken from another tool.",
			.why = "Anyone who can push can write any name into a commit.",
			.evidence = "Raw objects of all refs in scope.",
			.judged = "Outcomes are kept apart: person, platform, unknown key, outside the window, bad, unsigned.",
			.mend = "Set it up once per machine: `git config --global gpg.format ssh`. Enter the key in assay/roster.yaml.",
			.audit_gap = "Asked for in a procedure and switched on nowhere.", .weight = r->weight,
			.least = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .may_be_not_applicable = r->clause == 1,
			.assets = one(m, r->asset), .threats = one(m, r->threat), .stages = one(m, r->stage),
			.crosswalk = crosswalk(m), .index = (unsigned)i };
	}
}

static void
make_evidence(struct maker *m)
{
	struct evidence_set *set = array(m, 1, sizeof(struct evidence_set));
	struct evidence *items = array(m, 2, sizeof(struct evidence));
	struct evidence_member *members = array(m, 3, sizeof(struct evidence_member));
	if (m->failed)
		return;
	static const char bytes[] = "refs and objects";
	const char *const names[] = { "git/objects", "git/refs", "git/clone.json" };
	for (size_t i = 0; i < 3; i++) {
		members[i] = (struct evidence_member){ .name = names[i], .bytes = assay_span_str(bytes) };
		m->failed |= assay_sha256(assay_span_str(names[i]), members[i].sha256) != ASSAY_OK;
	}
	items[0] = (struct evidence){ .kind = "git-history",
		.subject = m->hostile ? hostile_names[0] : "refs/heads/main 7c1a90d2c4e6a8b0",
		.grade = { GRADE_RECOMPUTED, GRADE_OBSERVED }, .completeness = EVIDENCE_COMPLETE, .members = members,
		.member_count = 2 };
	items[1] = (struct evidence){ .kind = "git-clone", .subject = "clone of refs/heads/main",
		.grade = { GRADE_ASSERTED, GRADE_CONFIGURED }, .completeness = EVIDENCE_PARTIAL,
		.why = m->hostile ? hostile_names[1] : "the clone's worktrees could not be read", .members = &members[2],
		.member_count = 1 };
	m->failed |= assay_sha256(assay_span_str("history"), items[0].digest) != ASSAY_OK;
	m->failed |= assay_sha256(assay_span_str("clone"), items[1].digest) != ASSAY_OK;
	*set = (struct evidence_set){ items, 2 };
	m->s->input.evidence = set;
}

static void
add_findings(struct maker *m, struct control_verdict *v, size_t n, const char *id, bool gap,
    const char *message)
{
	for (size_t i = 0; i < n && v->finding_count < FINDINGS_MAX; i++) {
		struct finding *f = &v->findings[v->finding_count++];
		*f = (struct finding){ .id = id, .message = message, .gap = gap };
		f->object = m->hostile ? hostile_names[(i + 4) % HOSTILE] : hex_id(m, id, i);
		if (m->hostile)
			f->message = hostile_names[i % HOSTILE];
		if (i % 7 == 3) {
			f->file = m->hostile ? hostile_names[i % HOSTILE] : "assay/roster.yaml";
			f->line = (unsigned)(i + 1);
			f->column = i % 2 == 0 ? 5 : 0;
		}
		fingerprint(m, f, i);
	}
	v->finding_total += n;
	v->gap_total += gap ? n : 0;
	v->kinds[v->kind_count++] = (struct finding_kind){ .id = id, .gap = gap, .total = n };
}

static void
fill_findings(struct maker *m, struct control_verdict *v)
{
	v->findings = array(m, FINDINGS_MAX, sizeof(struct finding));
	if (m->failed)
		return;
	if (m->large) {
		add_findings(m, v, 990, "bad-signature", v->verdict == VERDICT_FAIL, "the signature does not verify");
		add_findings(m, v, 500, "unsigned-commit", v->verdict == VERDICT_FAIL, "the commit carries no signature");
	} else if (v->verdict == VERDICT_FAIL && v->control->index == 0) {
		add_findings(m, v, 412, "unsigned-commit", true, "the commit carries no signature");
		add_findings(m, v, 4, "unknown-key", true, "signed by a key that is not on the roster");
		add_findings(m, v, 1, "bad-signature", true, "the signature does not verify over the commit's bytes");
	} else if (v->verdict == VERDICT_FAIL) {
		add_findings(m, v, 12, "retired-key", true, "signed by a retired key on a branch that was merged later");
		add_findings(m, v, 2, "not-witnessed", false, "nobody else saw when it was made");
	} else if (v->verdict == VERDICT_UNKNOWN && v->judged) {
		add_findings(m, v, 3, "not-verified", false, "OpenPGP signature, not verified by this version");
	}
}

static void
fill_control(struct maker *m, struct control_verdict *v, const struct control *control,
    const struct control_row *row)
{
	*v = (struct control_verdict){ .control = control, .verdict = row->verdict, .judged = row->judged || m->large,
		.reason = row->reason, .next = row->next, .grade = { GRADE_RECOMPUTED, GRADE_OBSERVED } };
	if (m->sound && v->verdict == VERDICT_FAIL) {
		v->verdict = VERDICT_PASS;
		v->reason = "5000 commits and 12 tags, each signed by a person on the roster";
		v->next = NULL;
	}
	if (v->control->index % 4 == 3)
		v->grade = (struct grade){ GRADE_ASSERTED, GRADE_CONFIGURED };
	if (m->hostile && v->judged) {
		v->reason = hostile_names[control->index % HOSTILE];
		v->next = hostile_names[(control->index + 1) % HOSTILE];
	}
	fill_findings(m, v);
	if (!v->judged || m->failed)
		return;
	v->counts[v->count_count++] = (struct count){ "commits in scope", 5000 };
	v->counts[v->count_count++] = (struct count){ "signed by a person", 4583 };
	for (size_t i = 0; i < m->s->input.evidence->count; i++)
		v->evidence[v->evidence_count++] = &m->s->input.evidence->items[i];
}

static const struct control_row *
row_of(const char *id)
{
	static const struct control_row silent = { .verdict = VERDICT_UNKNOWN, .reason = "not judged by this version" };
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(control_rows[i].id, id) == 0)
			return &control_rows[i];
	}
	return &silent;
}

static void
fill_clause(struct maker *m, struct clause_verdict *c, const struct clause *clause)
{
	const struct verdicts *v = &m->s->verdicts;
	*c = (struct clause_verdict){ .clause = clause, .verdict = VERDICT_NOT_APPLICABLE };
	size_t n = 0;
	for (size_t i = 0; i < v->control_count; i++) {
		const struct control_verdict *one_of = &v->controls[i];
		if (one_of->control->clause != clause)
			continue;
		n++;
		c->by_verdict[one_of->verdict]++;
		c->not_judged += !one_of->judged;
		c->recomputed += one_of->verdict == VERDICT_PASS;
		c->verdict = one_of->verdict > c->verdict ? one_of->verdict : c->verdict;
	}
	c->headline = c->by_verdict[VERDICT_FAIL] > 0 ?
	    arena_printf(m->s->arena, "gaps in %zu of %zu controls; %zu unknown", c->by_verdict[VERDICT_FAIL], n,
		c->by_verdict[VERDICT_UNKNOWN]) :
	    arena_printf(m->s->arena, "no gap found in %zu controls (%zu recomputed, 0 attested, 0 on the maker's word; "
				      "0 exceptions); %zu unknown",
		n, c->recomputed, c->by_verdict[VERDICT_UNKNOWN]);
	m->failed |= c->headline == NULL;
}

static void
make_verdicts(struct maker *m)
{
	struct verdicts *v = &m->s->verdicts;
	v->subject = m->hostile ? hostile_names[1] : "refs/heads/main at 7c1a90d2c4e6a8b0c1d2e3f405162738495a6b7c";
	v->date = DAY_JUDGED;
	const struct catalog *c = &m->s->catalog;
	v->controls = array(m, c->control_count, sizeof(struct control_verdict));
	v->clauses = array(m, c->clause_count, sizeof(struct clause_verdict));
	if (m->failed)
		return;
	v->control_count = c->control_count;
	for (size_t i = 0; i < c->control_count; i++)
		fill_control(m, &v->controls[i], &c->controls[i],
		    m->built_in ? row_of(c->controls[i].id) : &control_rows[i]);
	v->clause_count = c->clause_count;
	for (size_t i = 0; i < c->clause_count; i++)
		fill_clause(m, &v->clauses[i], &c->clauses[i]);
}

static void
make_input(struct maker *m)
{
	struct judge_input *in = &m->s->input;
	struct roster *roster = array(m, 1, sizeof(struct roster));
	struct roster_entry *entries = array(m, 2, sizeof(struct roster_entry));
	struct roster_key *keys = array(m, 2, sizeof(struct roster_key));
	struct policy *policy = array(m, 1, sizeof(struct policy));
	if (m->failed)
		return;
	entries[0] = (struct roster_entry){ .kind = ROSTER_PERSON, .id = "ada",
		.name = m->hostile ? hostile_names[0] : "Ada Example", .keys = &keys[0], .key_count = 1 };
	entries[1] = (struct roster_entry){ .kind = ROSTER_PLATFORM, .id = "forge", .name = "The forge", .keys = &keys[1],
		.key_count = 1 };
	for (size_t i = 0; i < 2; i++) {
		keys[i] = (struct roster_key){ .owner = &entries[i], .from = DAY_JUDGED - 900 * WHEN_DAY, .until = WHEN_MAX,
			.retired = WHEN_MAX, .compromised_since = WHEN_MAX, .pending = i == 1 };
		snprintf(keys[i].fingerprint, sizeof(keys[i].fingerprint),
		    "SHA256:%zuAbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/abcd", i);
	}
	*roster = (struct roster){ .entries = entries, .count = 2, .present = true };
	policy->present = true;
	in->catalog = &m->s->catalog;
	in->policy = policy;
	in->roster = roster;
	in->date = DAY_JUDGED;
}

static void
make_code(struct maker *m)
{
	if (m->in_code == 0 || m->failed)
		return;
	m->failed |= !sample_findings_make(m->s, m->in_code, m->hostile ? hostile_names : NULL);
	if (!m->hostile)
		m->failed |= !sample_code_make(m->s);
}

enum assay_status
sample_make(const char *scenario, struct sample *ret_sample, struct assay_error *err)
{
	static const char *const known[] = { "gaps", "sound", "hostile", "empty", "large", "catalogue", "code", "much-code" };
	size_t at = 0;
	while (at < sizeof(known) / sizeof(known[0]) && strcmp(known[at], scenario) != 0)
		at++;
	if (at == sizeof(known) / sizeof(known[0]))
		return assay_fail(err, ASSAY_E_USAGE, "no scenario is called '%s'", scenario);
	struct maker m = { .s = ret_sample, .hostile = at == 2, .large = at == 4, .sound = at == 1,
		.built_in = at == 5, .in_code = at == 2 ? 3 * HOSTILE : at == 6 ? 60 : at == 7 ? 20000 : 0 };
	*ret_sample = (struct sample){ .arena = NULL };
	TRY(arena_new(ARENA_MAX, &ret_sample->arena));
	if (m.built_in) {
		const struct catalog *c = NULL;
		TRY(catalog_load(ret_sample->arena, &c, err));
		ret_sample->catalog = *c;
	} else {
		make_catalog(&m);
	}
	make_evidence(&m);
	make_input(&m);
	if (!m.failed && at != 3)
		make_verdicts(&m);
	if (at == 3)
		ret_sample->verdicts = (struct verdicts){ .subject = "an empty repository", .date = DAY_JUDGED };
	make_code(&m);
	ret_sample->input.subject = ret_sample->verdicts.subject;
	return m.failed ? arena_full(err) : ASSAY_OK;
}

void
sample_done(struct sample *s)
{
	arena_free(&s->arena);
}
