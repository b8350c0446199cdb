/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay seal: what was found in the tree, in a layout of images and between the tree and its bill of materials, by weight.
 */
#include "seal.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <string.h>

/* Of one code in a text, and of all in JSON; what is more is counted. */
#define SHOWN_OF_ONE 5
#define SHOWN_MAX 1000
#define CODES_MAX ((size_t)SEAL_MATTER_COUNT + (size_t)SEAL_OCI_MATTER_COUNT + (size_t)SEAL_SBOM_MATTER_COUNT)

struct found {
	const struct seal_matter_row *row;
	enum seal_weight weight;
	const char *path, *object; /* either may be NULL */
	uint64_t count;
};

/* Hands out all that was found, in the order of the tree. */
static void
each_found(const struct seal_job *job, void (*take)(void *ctx, const struct found *f), void *ctx)
{
	for (const struct seal_fact *f = job->inspection.coverage.facts; f != NULL; f = f->next)
		take(ctx, &(struct found){ &seal_matters[f->matter], f->weight, f->path, f->object, f->count });
	for (const struct seal_oci_fact *f = job->inspection.oci.facts; f != NULL; f = f->next)
		take(ctx, &(struct found){ &seal_oci_matters[f->matter], seal_oci_matters[f->matter].weight, f->path, f->object, 1 });
	for (const struct seal_sbom_fact *f = job->bill_outcome.facts; f != NULL; f = f->next)
		take(ctx, &(struct found){ &seal_sbom_matters[f->matter], seal_sbom_matters[f->matter].weight, f->object, f->detail, 1 });
}

static uint64_t
beyond(const struct seal_job *job)
{
	uint64_t more = job->inspection.oci.more + job->bill_outcome.more;
	for (unsigned i = 0; i < SEAL_MATTER_COUNT; i++)
		more += job->inspection.coverage.more[i];
	return more;
}

/* ---- for people ---- */

struct told {
	const char *code;
	uint64_t count;
};

struct text {
	struct buf *out;
	enum seal_weight weight;
	struct told told[CODES_MAX];
	size_t told_count;
};

static const char *const names[] = { [SEAL_NOTE] = "note", [SEAL_QUESTION] = "question", [SEAL_GAP] = "gap" };

static struct told *
told_of(struct text *t, const char *code)
{
	for (size_t i = 0; i < t->told_count; i++) {
		if (strcmp(t->told[i].code, code) == 0)
			return &t->told[i];
	}
	t->told[t->told_count] = (struct told){ code, 0 };
	return &t->told[t->told_count++];
}

static void
tell(void *ctx, const struct found *f)
{
	struct text *t = ctx;
	/* The manifest warns of links that lead out already. */
	if (f->weight != t->weight || f->row == &seal_matters[SEAL_MATTER_LINK_ABSOLUTE] || f->row == &seal_matters[SEAL_MATTER_LINK_OUTSIDE])
		return;
	if (told_of(t, f->row->code)->count++ >= SHOWN_OF_ONE)
		return;
	buf_addf(t->out, "%-8s %s: ", names[f->weight], f->row->code);
	if (f->path != NULL && f->path[0] != '\0') {
		buf_add_byte(t->out, '\'');
		text_escape(t->out, assay_span_str(f->path), false);
		buf_add_byte(t->out, '\'');
	} else {
		buf_add_str(t->out, "the bill");
	}
	if (f->count > 1)
		buf_addf(t->out, " and %llu more", (unsigned long long)f->count - 1);
	if (f->object != NULL) {
		buf_add_str(t->out, " (");
		text_escape(t->out, assay_span_str(f->object), false);
		buf_add_str(t->out, ")");
	}
	buf_addf(t->out, ": %s\n", f->row->words);
}

void
seal_found_text(const struct seal_job *job, struct buf *out)
{
	for (int weight = SEAL_GAP; weight >= SEAL_NOTE; weight--) {
		struct text t = { .out = out, .weight = (enum seal_weight)weight };
		each_found(job, tell, &t);
		for (size_t i = 0; i < t.told_count; i++) {
			if (t.told[i].count > SHOWN_OF_ONE)
				buf_addf(out, "%-8s %s: %llu more\n", names[weight], t.told[i].code, (unsigned long long)t.told[i].count - SHOWN_OF_ONE);
		}
	}
	if (beyond(job) > 0)
		buf_addf(out, "%-8s %llu more, which aren't kept\n", "note", (unsigned long long)beyond(job));
}

/* ---- JSON ---- */

struct list {
	json_t *items;
	enum seal_weight weight;
	uint64_t total;
};

static json_t *
text_or_null(const char *text)
{
	return text == NULL ? json_null() : canon_text(assay_span_str(text));
}

static void
add_item(void *ctx, const struct found *f)
{
	struct list *l = ctx;
	if (f->weight != l->weight)
		return;
	l->total++;
	if (json_array_size(l->items) < SHOWN_MAX)
		(void)json_array_append_new(l->items, json_pack("{s:s, s:s, s:o, s:o, s:I, s:s}", "weight", names[f->weight], "code", f->row->code, "path",
		    text_or_null(f->path), "object", text_or_null(f->object), "count", (json_int_t)f->count, "words", f->row->words));
}

json_t *
seal_found_json(const struct seal_job *job, uint64_t *ret_total)
{
	struct list l = { .items = json_array() };
	for (int weight = SEAL_GAP; weight >= SEAL_NOTE; weight--) {
		l.weight = (enum seal_weight)weight;
		each_found(job, add_item, &l);
	}
	*ret_total = l.total + beyond(job);
	return l.items;
}

json_t *
seal_bill_json(const struct seal_job *job)
{
	if (job->bill == NULL)
		return json_null();
	return json_pack("{s:s, s:I, s:I}", "from", job->bill, "packages", (json_int_t)job->inspection.packages.count, "compared",
	    (json_int_t)job->bill_outcome.compared);
}

void
seal_bill_text(const struct seal_job *job, struct buf *out)
{
	if (job->bill == NULL)
		return;
	const unsigned long long packages = job->inspection.packages.count, compared = job->bill_outcome.compared;
	buf_addf(out, "%-8s ", "bill");
	if (strcmp(job->bill, "tree") == 0)
		buf_addf(out, "of materials, as written from the tree, with %llu package%s\n", packages, packages == 1 ? "" : "s");
	else if (strcmp(job->bill, "file") == 0)
		buf_addf(out, "of materials, as it was given: %llu of its packages and digests held against the tree\n", compared);
	else
		buf_add_str(out, "of materials: there is none\n");
}
