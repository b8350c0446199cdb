/* SPDX-License-Identifier: Apache-2.0 */
#include "drills.h"

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <string.h>

#define NOT_INTACT 1u
#define NOT_EVALUATED 3u

enum assay_status
drills_of(const struct release_base *b, struct drills *ret_drills)
{
	struct drills d = { .b = b, .records = evidence_facts(b->c->input->evidence, RELEASE_RECORDS_KIND) };
	char release[2 * ASSAY_SHA256_SIZE + 1], manifest[2 * ASSAY_SHA256_SIZE + 1];
	d.items = arena_array(b->c->arena, d.records->drill_count + 1, sizeof *d.items);
	if (d.items == NULL)
		return arena_full(b->err);
	TRY(release_verifier(b, &d.verifier));
	text_hex((struct assay_span){ b->seal->release.digest, ASSAY_SHA256_SIZE }, release);
	text_hex((struct assay_span){ b->seal->release.manifest.sha256, ASSAY_SHA256_SIZE }, manifest);
	for (size_t i = 0; i < d.records->drill_count; i++) {
		const struct drill *x = &d.records->drills[i];
		if (CATCH(drill_of_another, !b->seal->is_read || strcmp(x->release, release) != 0 || strcmp(x->manifest, manifest) != 0))
			d.elsewhere++;
		else
			d.items[d.count++] = x;
	}
	*ret_drills = d;
	return ASSAY_OK;
}

enum assay_status
drills_unread(const struct release_base *b, const struct release_records *records)
{
	for (size_t i = 0; i < records->bad_count; i++)
		if (CATCH(drill_bad, true))
			TRY(judge_find(b->c, b->v, false, "record-unread", records->bad[i], NULL, b->err, "a record can't be read: %s", records->bad[i]));
	if (CATCH(drill_left, records->left != NULL))
		return judge_find(b->c, b->v, false, "record-unread", "left", NULL, b->err, "files among the records were not taken: %s", records->left);
	return ASSAY_OK;
}

bool
drill_applies(const struct drills *d, const struct attack *attack)
{
	const struct release_counts *n = &d->b->seal->counts;
	const unsigned has = (n->links > 0 ? ATTACK_LINKS : 0) | (n->folders > 0 ? ATTACK_FOLDERS : 0) |
	    (n->executables > 0 ? ATTACK_EXECUTABLES : 0) | (n->files > 1 ? ATTACK_FILES : 0) |
	    (n->files + n->folders + n->links > 1 ? ATTACK_TREE : 0);
	return (attack->need & ~has) == 0;
}

static enum assay_status
say(const struct drills *d, bool gap, const char *id, const struct drill *x, const char *attack, const char *words)
{
	return judge_find(d->b->c, d->b->v, gap, id, attack, x->file, d->b->err, "'%s': %s", attack, words);
}

/* By the product's own updater or boot check, where it must: at least once, and it took none. */
static enum assay_status
judge_target(const struct drills *d, const struct drill *x, const struct attack *attack)
{
	bool took = false, refused = false, tried = false;
	for (size_t i = 0; i < x->attack_count; i++) {
		const struct drill_attack *a = &x->attacks[i];
		if (strcmp(a->attack, attack->name) != 0)
			continue;
		tried = true;
		took = took || strcmp(a->target, "accepted") == 0;
		refused = refused || strcmp(a->target, "rejected") == 0;
	}
	if (d->b->policy->target == NULL || !tried || attack->target == TARGET_MAY)
		return ASSAY_OK;
	if (CATCH(drill_target_accepted, took))
		return say(d, true, "target-accepted", x, attack->name, "the product's own check took the attacked copy");
	if (CATCH(drill_target_not_tried, !took && !refused))
		return say(d, false, "target-not-tried", x, attack->name, "it wasn't tried with the product's own check, which the policy names");
	return ASSAY_OK;
}

static enum assay_status
judge_attack(const struct drills *d, const struct drill *x, const struct attack *attack, const struct drill_attack *a)
{
	const char *intact = assay_release_code_name(ASSAY_RELEASE_OK);
	const bool accepted = strcmp(a->code, intact) == 0 || (a->exit != NOT_INTACT && a->exit != NOT_EVALUATED);
	if (CATCH(drill_accepted, accepted))
		return say(d, true, "attack-accepted", x, a->attack, "the verifier took the attacked copy");
	if (CATCH(drill_otherwise, !accepted && !attack_expects(attack, a->code)))
		return judge_find(d->b->c, d->b->v, true, "attack-rejected-otherwise", a->attack, x->file, d->b->err,
		    "'%s': it was rejected as '%s', and not for what was done to it", a->attack, a->code);
	return ASSAY_OK;
}

/* What was done to nothing must be taken: else whatever is tried is rejected, and nothing is shown. */
static enum assay_status
judge_untouched(const struct drills *d, const struct drill *x)
{
	bool seen = false, taken = true;
	for (size_t i = 0; i < x->attack_count; i++) {
		const struct drill_attack *a = &x->attacks[i];
		if (strcmp(a->attack, "none") != 0)
			continue;
		seen = true;
		taken = taken && a->exit == 0 && strcmp(a->code, assay_release_code_name(ASSAY_RELEASE_OK)) == 0;
		if (CATCH(drill_target_refuses, d->b->policy->target != NULL && strcmp(a->target, "accepted") != 0))
			TRY(say(d, false, "target-refuses-all", x, "none", "the product's own check didn't take the untouched copy"));
	}
	if (CATCH(drill_untouched, !seen || !taken))
		return say(d, false, "untouched-refused", x, "none", "the untouched copy wasn't shown to be taken, so the other rejections show nothing");
	return ASSAY_OK;
}

static enum assay_status
judge_one(struct drills *d, const struct drill *x, const struct attack *attack)
{
	bool tried = false;
	for (size_t i = 0; i < x->attack_count; i++) {
		if (strcmp(x->attacks[i].attack, attack->name) != 0)
			continue;
		tried = true;
		d->tried++;
		TRY(judge_attack(d, x, attack, &x->attacks[i]));
	}
	if (CATCH(drill_not_tried, !tried && drill_applies(d, attack)))
		return say(d, false, "attack-not-tried", x, attack->name, "it wasn't tried");
	return judge_target(d, x, attack);
}

/*
 * Operators have the verifier that the release holds, so that the rejections of another show nothing of theirs. Where it holds none, a
 * digest can't be held against anything but what no file has.
 */
static enum assay_status
judge_program(const struct drills *d, const struct drill *x)
{
	const struct release_base *b = d->b;
	const bool none = strspn(x->program, "0") == strlen(x->program);
	if (CATCH(drill_other_verifier, d->verifier != NULL && strcmp(x->program, d->verifier) != 0))
		return judge_find(b->c, b->v, false, "verifier-other", b->policy->verifier, x->file, b->err,
		    "the verifier that was drilled isn't the one in the release, '%s'", b->policy->verifier);
	if (CATCH(drill_no_verifier, d->verifier == NULL && none))
		return judge_find(b->c, b->v, false, "verifier-other", x->file, x->file, b->err, "the record doesn't say which verifier was drilled");
	return ASSAY_OK;
}

enum assay_status
drills_judge(struct drills *d, bool (*wanted)(const struct attack *attack))
{
	for (size_t i = 0; i < d->count; i++) {
		const struct drill *x = d->items[i];
		TRY(judge_program(d, x));
		TRY(judge_untouched(d, x));
		if (CATCH(drill_other_target, d->b->policy->target != NULL && strcmp(x->target, d->b->policy->target) != 0))
			TRY(say(d, false, "target-not-tried", x, "none", "the policy names another check of the product's own than this drill tried"));
		for (size_t k = 0; k < attack_count; k++)
			if (wanted == NULL || wanted(&attacks[k]))
				TRY(judge_one(d, x, &attacks[k]));
	}
	return ASSAY_OK;
}
