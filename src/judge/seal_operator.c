/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.operator: the release holds its instructions and the verifier; what they say is to be typed asks nobody but the page whom to trust; and
 * it was carried out, as it is written, on this release and on an altered copy of it.
 */
#include "drills.h"
#include "operator.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define INTACT "intact:"
#define NOT_INTACT "NOT intact:"

static const struct judge_advice advice[] = {
	{ "no-instructions", "write the page that operators follow, and seal with it: assay seal --instructions FILE; docs/operator.md is a start" },
	{ "instructions-other", "seal the page that you give out: what lies in the seal isn't what was signed" },
	{ "no-verifier", "put the verifier into the release before it is sealed, or say in release: verifier: of assay/policy.yaml where it lies" },
	{ "page-unread", "write it as Markdown in UTF-8, with what is to be typed in blocks that begin with ```sh" },
	{ "block-unnamed", "begin the block with ```sh when it is to be typed, and with ```text when it is to be seen" },
	{ "command-unread", "write what is to be typed as plain commands, one a line, without variables, pipes and redirections" },
	{ "command-unknown", "leave it out, or say it in words: only programs that change nothing about what is checked belong there" },
	{ "command-outside", "move the command into a block that begins with ```sh" },
	{ "page-hides", "write the page without HTML, and links where they belong" },
	{ "memory-not-kept", "give --state by its full path, in a folder of the machine itself, such as /var/lib/assay-verify" },
	{ "shown-unverified", "show it behind the verifier, or leave it out: what a file holds can write over what the screen showed before" },
	{ "root-missing", "add --root FINGERPRINT, as 'assay trust show' prints it" },
	{ "root-computed", "print the fingerprint on the page: who alters the delivery alters what it says of itself" },
	{ "root-other", "print the fingerprint that 'assay trust show' tells" },
	{ "verifier-unchecked", "let sha256sum show the digest of the very file that is run or copied in an earlier block, and of no other, to be compared with the page" },
	{ "copied-unverified", "copy the folder that was verified, as a whole, with its seal, behind the verifier; and nothing else" },
	{ "verifier-digest-missing", "print the digest on the page, all 64 digits in one piece" },
	{ "digits-of-another", "take them out, or print the right ones" },
	{ "result-ignored", "let the verifier be the last of its block, or join what follows by '&&'" },
	{ "never-verified", "write down how the verifier is run" },
	{ "no-run", "have them carried out: assay drill --operator --root FINGERPRINT --out FILE SEAL TREE" },
	{ "record-unread", "write the record anew: see assay-drill(5)" },
	{ "altered-not-tried", "have them carried out on an altered copy, too: assay drill --operator does" },
	{ "seal-not-valid", "see what seal.signed says, and check again" },
	{ NULL, "mend the page, seal it, and have it carried out again: assay drill --operator" },
};

struct state {
	const struct release_base *b;
	struct operator_page page;
	const char *file; /* of the record at hand */
};

static enum assay_status
say(const struct state *s, bool gap, const char *id, const char *object, const char *words)
{
	return judge_find(s->b->c, s->b->v, gap, id, object, s->file, s->b->err, "%s", words);
}

/* ---- what the release holds ---- */

static enum assay_status
find_verifier(struct state *s)
{
	const char *path = s->b->policy->verifier, *slash = strrchr(path, '/');
	s->page.program = slash == NULL ? path : slash + 1;
	TRY(release_verifier(s->b, &s->page.verifier));
	if (CATCH(operator_no_verifier, s->page.verifier == NULL))
		return say(s, true, "no-verifier", path, "the release doesn't hold the verifier, so that operators take whichever they find");
	return ASSAY_OK;
}

static enum assay_status
judge_page(struct state *s, bool *ret_read)
{
	const struct release_seal *seal = s->b->seal;
	*ret_read = false;
	if (CATCH(operator_no_instructions, !seal->has_target[RELEASE_FILE_INSTRUCTIONS]))
		return say(s, true, "no-instructions", seal->name, "it names no instructions: how to check it is left to who gets it");
	if (CATCH(operator_instructions_other, !seal->is_good[RELEASE_FILE_INSTRUCTIONS]))
		return say(s, true, "instructions-other", OPERATOR_PAGE, "the instructions that lie there aren't those that were signed");
	return operator_page_judge(&s->page, ret_read);
}

/* ---- one run ---- */

/* A line of the screen begins with words. */
static bool
shows(const char *screen, const char *words)
{
	const size_t len = strlen(words);
	for (const char *line = screen;; line++) {
		if (strncmp(line, words, len) == 0)
			return true;
		line = strchr(line, '\n');
		if (line == NULL)
			return false;
	}
}

static bool
same_commands(const struct operator_page *p, const struct operator_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i >= p->count || strcmp(steps[i].commands, p->blocks[i].block->text) != 0)
			return false;
	}
	return true;
}

static enum assay_status
judge_untouched(const struct state *s, const struct operator_run *r)
{
	const struct operator_page *p = &s->page;
	const bool same = r->untouched_count == p->count && same_commands(p, r->untouched, r->untouched_count);
	if (CATCH(operator_other_commands, !same))
		return say(s, true, "run-of-other-commands", "untouched", "other commands were carried out than those of the instructions");
	for (size_t i = 0; same && i < p->count; i++) {
		const struct operator_step *step = &r->untouched[i];
		const char *object = arena_printf(s->b->c->arena, "line %u", p->blocks[i].block->line);
		if (object == NULL)
			return arena_full(s->b->err);
		if (CATCH(operator_step_failed, step->exit != 0))
			TRY(say(s, true, "step-failed", object, "a command failed on the delivery that nothing was done to"));
		if (CATCH(operator_not_intact, p->blocks[i].verifies && (!shows(step->screen, INTACT) || shows(step->screen, NOT_INTACT))))
			TRY(say(s, true, "untouched-not-intact", object, "the delivery that nothing was done to wasn't said to be intact"));
	}
	return ASSAY_OK;
}

static enum assay_status
judge_altered(const struct state *s, const struct operator_run *r)
{
	const struct operator_page *p = &s->page;
	const size_t n = r->altered_count;
	const bool same = same_commands(p, r->altered, n);
	if (CATCH(operator_not_attacked, n == 0 || r->altered_path[0] == '\0'))
		return say(s, false, "altered-not-tried", "altered", "it wasn't carried out on an altered copy");
	if (CATCH(operator_other_attacked, !same))
		return say(s, true, "run-of-other-commands", "altered", "other commands were carried out than those of the instructions");
	/* It must have been told by the first that asks, and nothing may have come after. */
	bool refused = same && n > 0 && p->blocks[n - 1].verifies;
	for (size_t i = 0; refused && i + 1 < n; i++)
		refused = !p->blocks[i].verifies;
	const struct operator_step *last = refused ? &r->altered[n - 1] : NULL;
	refused = refused && last->exit != 0 && shows(last->screen, NOT_INTACT) && !shows(last->screen, INTACT);
	if (CATCH(operator_altered_taken, !refused))
		return say(s, true, "altered-accepted", "altered", "who follows the instructions wasn't told that the copy is altered");
	return ASSAY_OK;
}

static enum assay_status
judge_run(const struct state *s, const struct operator_run *r)
{
	char instructions[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ s->b->seal->targets[RELEASE_FILE_INSTRUCTIONS].sha256, ASSAY_SHA256_SIZE }, instructions);
	if (CATCH(operator_run_page, strcmp(r->instructions, instructions) != 0))
		return say(s, true, "run-of-other-instructions", r->file, "other instructions were carried out than those that were signed");
	if (CATCH(operator_run_verifier, s->page.verifier != NULL && strcmp(r->verifier, s->page.verifier) != 0))
		TRY(say(s, true, "run-of-other-verifier", r->file, "another verifier was run than the one in the release"));
	TRY(judge_untouched(s, r));
	return judge_altered(s, r);
}

/* *ret_own: those of this release; *ret_other: of others. */
static enum assay_status
judge_runs(struct state *s, const struct release_records *records, uint64_t *ret_own, uint64_t *ret_other)
{
	char release[2 * ASSAY_SHA256_SIZE + 1], manifest[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ s->b->seal->release.digest, ASSAY_SHA256_SIZE }, release);
	text_hex((struct assay_span){ s->b->seal->release.manifest.sha256, ASSAY_SHA256_SIZE }, manifest);
	for (size_t i = 0; i < records->run_count; i++) {
		const struct operator_run *r = &records->runs[i];
		if (CATCH(operator_run_of_another, strcmp(r->release, release) != 0 || strcmp(r->manifest, manifest) != 0)) {
			++*ret_other;
			continue;
		}
		++*ret_own;
		s->file = r->file;
		TRY(judge_run(s, r));
	}
	s->file = NULL;
	return ASSAY_OK;
}

enum assay_status
judge_seal_operator(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const struct release_records *records = evidence_facts(c->input->evidence, RELEASE_RECORDS_KIND);
	uint64_t own = 0, other = 0;
	struct release_base b;
	bool given = false, holds = false, is_read = false;
	release_base_of_records(c, v, &b, &given, err);
	if (!given)
		return ASSAY_OK;
	struct state s = { .b = &b, .page = { .b = &b } };
	TRY(release_must_hold(&b, &holds));
	TRY(drills_unread(&b, records));
	if (holds) {
		TRY(find_verifier(&s));
		TRY(judge_page(&s, &is_read));
	}
	if (is_read)
		TRY(judge_runs(&s, records, &own, &other));
	if (is_read && v->finding_count == 0 && own == 0 && other > 0) {
		v->verdict = VERDICT_STALE;
		v->reason = "the runs of instructions that there are were of other releases";
		v->next = "have those of this one carried out: assay drill --operator";
		return ASSAY_OK;
	}
	if (CATCH(operator_no_run, is_read && own == 0))
		TRY(say(&s, false, "no-run", b.seal->name, "there is no record that its instructions were carried out"));
	judge_count(v, "runs", own);
	judge_count(v, "blocks of commands", s.page.count);
	const char *reason = arena_printf(c->arena, "who types what the instructions of %s say is told that it is intact, and that an altered copy isn't",
	    release_title(&b, b.seal));
	return reason == NULL ? arena_full(err) : judge_conclude(c, v, own, reason, advice, err);
}
