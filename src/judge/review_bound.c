/* SPDX-License-Identifier: Apache-2.0 */
/*
 * review.bound: a review is of the bytes that it names, those were there, and what changed since is open again.
 */
#include "reviews.h"
#include "rows.h"

#include <base/catch.h>
#include <base/cleanup.h>

static const struct judge_advice advice[] = {
	{ "review-reopened", "'assay review start' asks about what changed since; 'assay review status' lists it" },
	{ "reviewed-file-gone", "review the change that took it away or moved it: its record names the file without 'blob', or 'moved-from'" },
	{ "review-of-another-tree", "have 'assay review start' write the record again, and look at that tree" },
	{ "review-of-another-blob", "have 'assay review start' write the record again, and look at those files" },
	{ "review-of-no-range", "name a base that the head descends from" },
	{ "review-of-nothing", "delete the record, or start it again with a range" },
	{ "review-of-no-file", "review what the link or submodule leads to" },
	{ "review-before-code", "review the code once it is there, and sign then" },
	{ "review-head-unseen", "keep the commits that were reviewed: merge them instead of squashing" },
	{ "review-head-elsewhere", "review what was merged, and not a branch that wasn't" },
	{ "reviewed-tree-unseen", "see repo.trusted-clone: trees are missing" },
	{ NULL, "see assay-review(5)" },
};

enum assay_status
judge_review_bound(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	struct reviews s;
	uint64_t files = 0, reopened = 0;
	TRY(reviews_read(c, v, REVIEW_PART_BOUND, &s, err));
	for (size_t i = 0; i < s.path_count; i++) {
		const struct review_path *p = &s.paths[i];
		struct judge_place place = { p->file->path, p->file->path, 0, 0, NULL };
		if (CATCH(review_reopened, p->cover == COVER_CHANGED)) {
			reopened++;
			TRY(judge_find_at(c, v, true, "review-reopened", &place, err, "'%s' changed since it was reviewed in '%s'",
			    p->file->path, p->by->file->path));
		}
	}
	for (size_t i = 0; i < s.gone_count; i++) {
		struct judge_place place = { s.gone[i].path, s.gone[i].by->file->path, 0, 0, NULL };
		TRY(judge_find_at(c, v, true, "reviewed-file-gone", &place, err,
		    "'%s', which '%s' is of, is gone or moved, and no review saw that", s.gone[i].path, s.gone[i].by->file->path));
	}
	for (size_t i = 0; i < s.count; i++)
		files += s.items[i].r.file_count;
	judge_count(v, "reviews", s.count);
	judge_count(v, "files that they name", files);
	judge_count(v, "files that changed since", reopened);
	judge_count(v, "files that are gone since", s.gone_count);
	return judge_conclude(c, v, s.count, "each review is of what it names, and nothing has changed since", advice, err);
}
