/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <evidence/evidence.h>

static enum assay_status
parse_item(struct evidence *e, const struct parse_context *c, struct assay_error *err)
{
	const struct evidence_kind *kind = evidence_kind_find(e->kind);
	if (kind == NULL) {
		(void)assay_fail(err, ASSAY_E_VERSION,
		    "evidence of kind '%s' is not known to this version", e->kind);
		return assay_error_todo(err, ASSAY_E_VERSION,
		    "use the version of assay that gathered it, or a newer one");
	}
	/* The grade is what the verdict's headline says of the evidence: it is not the evidence's to choose. */
	bool other = e->grade.source != kind->grade.source || e->grade.depth != kind->grade.depth;
	if (CATCH(evidence_grade, other)) {
		(void)assay_fail(err, ASSAY_E_VERIFY,
		    "evidence '%s' claims to be %s and %s; evidence of its kind is %s and %s", e->kind,
		    grade_source_name(e->grade.source), grade_depth_name(e->grade.depth),
		    grade_source_name(kind->grade.source), grade_depth_name(kind->grade.depth));
		return assay_error_todo(err, ASSAY_E_VERIFY,
		    "ask whoever made it how it came about");
	}
	if (e->completeness == EVIDENCE_UNREADABLE)
		return ASSAY_OK;
	return kind->parse(e, c, &e->facts, err);
}

enum assay_status
evidence_parse_all(struct evidence_set *set, const struct parse_context *c, struct assay_error *err)
{
	for (size_t i = 0; i < set->count; i++) {
		struct evidence *e = &set->items[i];
		e->facts = NULL;
		if (evidence_find(set, e->kind) != e)
			return assay_fail(err, ASSAY_E_FORMAT, "evidence of kind '%s' stands twice", e->kind);
		TRY(parse_item(e, c, err));
	}
	return ASSAY_OK;
}

const struct evidence *
evidence_find(const struct evidence_set *set, const char *kind)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->items[i].kind, kind) == 0)
			return &set->items[i];
	}
	return NULL;
}

const void *
evidence_facts(const struct evidence_set *set, const char *kind)
{
	const struct evidence *e = evidence_find(set, kind);
	return e == NULL ? NULL : e->facts;
}

struct assay_span
evidence_member(const struct evidence *e, const char *name)
{
	for (size_t i = 0; i < e->member_count; i++) {
		struct assay_span bytes = e->members[i].bytes;
		if (strcmp(e->members[i].name, name) != 0)
			continue;
		return bytes.data != NULL ? bytes : assay_span_str("");
	}
	return (struct assay_span){ NULL, 0 };
}

const char *
completeness_name(enum completeness c)
{
	static const char *const names[] = { "complete", "partial", "unreadable" };
	return c >= 0 && c < sizeof names / sizeof names[0] ? names[c] : "unreadable";
}
