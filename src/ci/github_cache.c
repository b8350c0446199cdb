/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Caches: what a job that outsiders set off writes, a release must not read. Caches meet when the same part makes them and their keys
 * begin alike.
 */
#include "github_reach.h"

#include <base/cleanup.h>
#include <string.h>
#include <strings.h>

/* Pairs that are compared. */
#define PAIRS_MAX 1000000u

/* As far as the keys are written out. */
static bool
keys_meet(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return true;
	for (; *a == *b && *a != '\0' && strncmp(a, "${{", 3) != 0; a++, b++)
		continue;
	return *a == *b || strncmp(a, "${{", 3) == 0 || strncmp(b, "${{", 3) == 0;
}

static bool
same_maker(const char *a, const char *b)
{
	static const char plain[] = "actions/cache";
	bool both = strncasecmp(a, plain, sizeof plain - 1) == 0 && strncasecmp(b, plain, sizeof plain - 1) == 0;
	return both || strcasecmp(a, b) == 0;
}

static const struct ci_cache *
find_writer(const struct ci_model *m, const struct ci_cache *read, const struct ci_job **ret_job, size_t *budget)
{
	for (const struct ci_pipeline *p = m->pipelines; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->forge == CI_GITHUB ? p->jobs : NULL; j != NULL; j = j->next) {
			for (const struct ci_cache *c = j->who == CI_OUTSIDER ? j->caches : NULL; c != NULL && *budget > 0; c = c->next) {
				--*budget;
				if ((c->use & CI_CACHE_SAVE) == 0 || !same_maker(c->by, read->by) || !keys_meet(c->key, read->key))
					continue;
				*ret_job = j;
				return c;
			}
		}
	}
	return NULL;
}

static enum assay_status
look_at(struct ci_work *w, const struct ci_job *j, size_t *budget)
{
	for (const struct ci_cache *c = j->caches; c != NULL; c = c->next) {
		const struct ci_job *writer = NULL;
		struct ci_way *way = NULL;
		const struct ci_cache *from = (c->use & CI_CACHE_RESTORE) != 0 ? find_writer(w->model, c, &writer, budget) : NULL;
		if (from == NULL)
			continue;
		TRY(ci_way_new(w, CI_WAY_CACHE, j, c->by, &way));
		TRY(ci_way_hop(w, way, from->place, "written by job '%.200s', which outsiders set off by '%s'", writer->name, writer->by->name));
		TRY(ci_way_hop(w, way, c->place, "read by job '%.200s', which builds a release", j->name));
		way->by = writer->by;
	}
	return ASSAY_OK;
}

enum assay_status
gh_caches(struct ci_work *w)
{
	size_t budget = PAIRS_MAX;
	for (const struct ci_pipeline *p = w->model->pipelines; p != NULL; p = p->next) {
		for (const struct ci_job *j = p->forge == CI_GITHUB ? p->jobs : NULL; j != NULL; j = j->next) {
			if (j->release || (j->duties & CI_DUTY_PUBLISH) != 0)
				TRY(look_at(w, j, &budget));
		}
	}
	if (budget == 0)
		return ci_ask(w, CI_RUNNER, "too-many-caches", (struct ci_place){ 0 }, "there are too many caches to hold each against each");
	return ASSAY_OK;
}
