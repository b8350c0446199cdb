/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registers that 'assay init' proposes: who may do what, and which risks there are. What only people know stays a comment.
 */
#include "survey.h"

#include <base/when.h>
#include <string.h>

const char *const survey_files_written[SURVEY_FILES] = { "policy.yaml", "roster.yaml", "access.yaml", "risks.yaml",
	"standard.yaml" };

/* The first day of the history; "" when no calendar has it. */
static void
first_day(const struct history *h, char out[WHEN_TEXT_SIZE])
{
	int64_t first = h->commit_count > 0 ? WHEN_MAX : 0;
	for (uint32_t i = 0; i < h->commit_count; i++) {
		if (!h->commits[i].malformed && h->commits[i].time < first)
			first = h->commits[i].time;
	}
	when_format_date(first, out);
	if (out[0] < '0' || out[0] > '9')
		when_format_date(0, out);
}

static const struct roster_entry *
first_person(const struct roster *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->entries[i].kind == ROSTER_PERSON)
			return &r->entries[i];
	}
	return NULL;
}

static bool
has_pipeline(const struct survey *s)
{
	for (size_t i = 0; i < s->found_count; i++) {
		if (strncmp(s->found[i].what, "pipeline", strlen("pipeline")) == 0)
			return true;
	}
	return false;
}

static void
write_systems(const struct survey *s, const char *owner, struct buf *out)
{
	buf_addf(out, "systems:\n  - id: source\n    kind: repository\n    name: This repository\n"
		      "    owner: %s   # who answers for it?\n", owner);
	if (has_pipeline(s))
		buf_addf(out, "  - id: pipeline\n    kind: pipeline\n    name: The pipelines of this repository\n"
			      "    owner: %s   # who answers for it?\n", owner);
}

void
survey_access(const struct survey *s, const struct history *h, const struct roster *r, struct buf *out)
{
	const struct roster_entry *first = first_person(r);
	char since[WHEN_TEXT_SIZE];
	first_day(h, since);
	buf_add_str(out, "# Who may do what on which system. See assay-access(5).\n"
			 "#\n"
			 "# Proposed out of the history, which shows who commits and not who may: lay the forge's own list\n"
			 "# beside it, put owners, reasons and days right, and strike out whoever is not needed.\n"
			 "assay-access: 1\n\n"
			 "# The day on which somebody other than the holders went through all of it, and who that was:\n"
			 "# reviewed: {date: 2026-01-31, by: [somebody]}\n\n"
			 "# Kinds: repository, pipeline, build-host, artifact-store, signing-token; and update-server.\n");
	if (first == NULL)
		buf_add_str(out, "systems: []\n");
	else
		write_systems(s, first->id, out);
	buf_add_str(out, "\n# Each of the first five kinds stands above, or here with the reason why there is none:\n"
			 "#   - {kind: signing-token, reason: nothing is signed yet}\n"
			 "absent: []\n\n"
			 "# Robots and deploy automation: id, name, owner, emails.\n"
			 "services: []\n\n"
			 "# Rights: read, write, approve, administer, sign, deploy. One that has ended keeps its line, with until.\n");
	buf_add_str(out, first == NULL ? "grants: []\n" : "grants:\n");
	for (size_t i = 0; i < r->count; i++) {
		if (r->entries[i].kind == ROSTER_PERSON)
			buf_addf(out, "  - who: %s\n    systems: source\n    rights: [read, write]\n"
				      "    reason: commits here   # why is it needed?\n    since: %s\n", r->entries[i].id, since);
	}
}

void
survey_risks(struct buf *out)
{
	buf_add_str(out,
	    "# Which risks were assessed, what stands against them, and who accepted the rest. See assay-risks(5).\n"
	    "#\n"
	    "# A table of eight assets, three threats and five stages: for each square the worst that could happen.\n"
	    "#   assets   repository, pipeline, dependency, build host, workstation, artifact, key, document\n"
	    "#   threats  access, corruption, deletion\n"
	    "#   stages   design, implementation, test, release, update\n"
	    "assay-risks: 1\n\n"
	    "# Criteria to start from: put them right before you rate anything.\n"
	    "criteria:\n"
	    "  levels: [low, medium, high]\n"
	    "  severity: [minor, serious, critical]\n"
	    "  likelihood: [rare, possible, likely]\n"
	    "  matrix:\n"
	    "    minor: [low, low, medium]\n"
	    "    serious: [low, medium, high]\n"
	    "    critical: [medium, high, high]\n"
	    "  acceptable: low   # the highest level that needs nobody's acceptance\n\n"
	    "# The role in roster.yaml that accepts what remains. Whoever assesses a risk doesn't accept it.\n"
	    "accepting-role: risk-owner\n\n"
	    "# Squares that are left out, each with its reason:\n"
	    "#   - {asset: workstation, threat: deletion, reason: nothing is kept on workstations alone}\n"
	    "out-of-scope: []\n\n"
	    "# A risk as it may look; 'assay explain 5.1.2' lists the controls.\n"
	    "#   - id: R1\n"
	    "#     title: a stranger brings code into the repository\n"
	    "#     asset: repository\n"
	    "#     threat: [access, corruption]\n"
	    "#     stage: [implementation, update]\n"
	    "#     assessed: {by: somebody, date: 2026-01-31}\n"
	    "#     before: {severity: critical, likelihood: possible}\n"
	    "#     controls: [repo.signed, repo.protected, access.register]\n"
	    "#     after: {severity: critical, likelihood: rare}\n"
	    "#     residual: a signer with bad intentions\n"
	    "#     accepted: {by: somebody-else, date: 2026-02-01}\n"
	    "risks: []\n");
}
