/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pipelines: each way on which an outsider's text or code comes to be run, hop by hop, and what each job may do and who can have it run.
 */
#include "html_page.h"

#include <evidence/tree.h>

/* Beyond these the findings and the files have them. */
#define WAYS_MAX 200
#define JOBS_MAX 500
#define SCOPES_MAX 8

static void
place(struct html *h, const struct ci_place *p)
{
	html_begin(h, "code", NULL);
	html_text(h, p->file);
	if (p->line > 0)
		html_textf(h, ":%u", p->line);
	html_end(h);
}

static void
way_item(struct html *h, const struct ci_way *way)
{
	html_begin(h, "li", NULL);
	html_text(h, "Job ");
	html_leaf(h, "bdi", NULL, way->job->name);
	html_text(h, ", set off by ");
	html_leaf(h, "bdi", NULL, way->by != NULL ? way->by->name : "whoever calls it");
	html_begin(h, "ol", "way");
	for (const struct ci_hop *hop = way->first; hop != NULL; hop = hop->next) {
		html_begin(h, "li", NULL);
		html_leaf(h, "bdi", NULL, hop->what);
		html_text(h, " ");
		place(h, &hop->place);
		html_end(h);
	}
	html_end(h);
	html_end(h);
}

static void
ways(struct html *h, const struct ci_model *m)
{
	size_t shown = 0;
	if (m->ways == NULL) {
		html_leaf(h, "p", NULL, "No way was found from an outsider's text or code to a job with the project's rights.");
		return;
	}
	html_begin(h, "ul", "ways");
	for (const struct ci_way *way = m->ways; way != NULL && shown < WAYS_MAX; way = way->next, shown++)
		way_item(h, way);
	html_end(h);
}

static void
rights_cell(struct html *h, const struct ci_permissions *p)
{
	static const char *const rights[] = { "none", "read", "write" };
	size_t shown = 0;
	html_begin(h, "td", NULL);
	if (!p->stated)
		html_text(h, "as the forge is set");
	else if (p->for_all)
		html_textf(h, "everything: %s", rights[p->all]);
	for (const struct ci_permission *x = p->first; p->stated && !p->for_all && x != NULL; x = x->next) {
		if (++shown > SCOPES_MAX)
			break;
		html_text(h, shown == 1 ? "" : ", ");
		html_leaf(h, "bdi", NULL, x->scope);
		html_textf(h, ": %s", rights[x->right]);
	}
	if (p->stated && !p->for_all && p->first == NULL)
		html_text(h, "none");
	html_end(h);
}

static void
job_row(struct html *h, const struct ci_job *j)
{
	static const char *const who[] = { "nobody", "members", "outsiders" };
	html_begin(h, "tr", NULL);
	html_begin(h, "td", NULL);
	place(h, &(struct ci_place){ j->pipeline->file, j->place.line, 0 });
	html_end(h);
	html_begin(h, "td", NULL);
	html_leaf(h, "bdi", NULL, j->name);
	html_end(h);
	html_begin(h, "td", NULL);
	html_text(h, who[j->who]);
	if (j->by != NULL) {
		html_text(h, ", by ");
		html_leaf(h, "bdi", NULL, j->by->name);
	}
	html_end(h);
	html_leaf(h, "td", NULL, j->privileged ? "yes" : "no");
	rights_cell(h, &j->permissions);
	html_begin(h, "td", NULL);
	for (const struct ci_runner *r = j->runners; r != NULL; r = r->next) {
		html_text(h, r == j->runners ? "" : ", ");
		html_leaf(h, "bdi", NULL, r->label != NULL ? r->label : "not said");
	}
	html_end(h);
	html_leaf(h, "td", NULL, j->release ? "yes" : "no");
	html_end(h);
}

static void
jobs(struct html *h, const struct ci_model *m)
{
	static const char *const columns[] = { "Where", "Job", "Who can have it run", "With the project's rights", "Its token",
		"Runner", "Releases" };
	size_t shown = 0;
	page_table(h, "Jobs of the pipelines", columns, sizeof columns / sizeof columns[0]);
	for (const struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->jobs; j != NULL && shown < JOBS_MAX; j = j->next, shown++)
			job_row(h, j);
	}
	html_end(h);
	html_end(h);
	html_end(h);
}

void
page_pipelines(struct page *p)
{
	const struct tree *t = p->input->evidence != NULL ? evidence_facts(p->input->evidence, TREE_KIND) : NULL;
	struct html *h = &p->h;
	if (t == NULL || t->ci == NULL || t->ci->jobs == 0)
		return;
	html_begin(h, "section", "papers");
	html_attr(h, "aria-labelledby", "pipelines");
	page_heading(h, "pipelines", "What pipelines let in");
	html_leaf(h, "p", "lead", "Ways from what outsiders write to what is run, as far as the files tell, and what each job may do. Judged under "
	    "ci.pinned to ci.gates.");
	ways(h, t->ci);
	jobs(h, t->ci);
	html_end(h);
}
