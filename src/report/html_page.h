/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page's parts; each writes one section.
 */
#pragma once

#include "common.h"
#include "html_writer.h"

#include <sca/demo.h>

/* Findings that the page lists over all controls; beyond it report.json has them. */
#define PAGE_FINDINGS_MAX 6000
/* Findings of a control that are listed whatever the others have. */
#define PAGE_FINDINGS_LEAST 20

struct page {
	struct html h;
	const struct verdicts *v;
	const struct judge_input *input;
	const char *signed_by;
	const struct control_verdict **rows; /* gaps first */
	struct arena *arena;
	size_t share; /* findings that a control may list */
	const char **code_ids; /* identities of findings in code, sorted */
	size_t code_id_count;
	enum standard_severity threshold; /* from which on the plan asks to have findings in code settled */
};

/* A verdict's mark: a shape of its own, hidden from screen readers because its word stands beside it. */
void page_mark(struct html *h, const char *state);
/* Mark and word. */
void page_verdict(struct html *h, const struct control_verdict *c);
/* An object's id: whole in the text and the title, cut by the style sheet where room is short. */
void page_object(struct html *h, const char *object);
/* Of a section. */
void page_heading(struct html *h, const char *id, const char *text);
/* A table that scrolls by itself where it is too wide: opens two elements. */
void page_scroll(struct html *h, const char *label);
void page_column(struct html *h, const char *text);
/* The same with the heads of its columns, ready for rows: opens three. */
void page_table(struct html *h, const char *label, const char *const *columns, size_t count);
/* A row of a definition list. */
void page_term(struct html *h, const char *term, const char *text);

/* A labelled select of a filter, with "all" as its first choice; the other choices; its end. */
void page_select_open(struct html *h, const char *name, const char *label);
void page_option(struct html *h, const char *value, const char *text);
void page_select_close(struct html *h);
/* The field for words. */
void page_find_field(struct html *h, const char *name, const char *hint);
/* Another field, by its label. */
void page_input(struct html *h, const char *name, const char *label, const char *hint);

ASSAY_MUST_USE enum assay_status page_map(struct page *p, struct assay_error *err);
ASSAY_MUST_USE enum assay_status page_controls(struct page *p, struct assay_error *err);
void page_evidence(struct page *p);
/* Root, policy state and expiry in a line; who holds which role. */
void page_authority_words(const struct page *p, struct buf *out);
void page_authority(struct page *p);
void page_roster(struct page *p);
/* A record of HEAD's tree; false when there is none that could be read. */
bool page_record(const struct page *p, const char *path, struct assay_span *ret_bytes);
/* Who may do what, as the register in HEAD's tree says. */
void page_access(struct page *p);
/* Ways from outsiders to what is run, and what jobs may do. */
void page_pipelines(struct page *p);
/* Marked sentences of the documents, and what came of them. */
void page_claims(struct page *p);
/* The register of risks: its map and its list. */
void page_risks(struct page *p);
/* The plan of coding standards in HEAD's tree; false when there is none that could be read. */
bool page_plan(const struct page *p, struct plan *ret_plan);
/* The engines, and the rules that they were shown to enforce. */
void page_demonstration(struct page *p);
/* Before all sections: what page_is_code_finding() looks in. */
ASSAY_MUST_USE enum assay_status page_findings_index(struct page *p, struct assay_error *err);
bool page_is_code_finding(const struct page *p, const char *object);
/* Findings in the code; each stands under "finding-" and its identity. */
ASSAY_MUST_USE enum assay_status page_findings(struct page *p, struct assay_error *err);
/* The rules of the coding standards, and how each is enforced. */
ASSAY_MUST_USE enum assay_status page_standard(struct page *p, struct assay_error *err);
/* Security reviews: what they cover, and their answers. */
void page_reviews(struct page *p);
void page_reading(struct page *p);
