/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "work.h"

ASSAY_MUST_USE enum assay_status presets_read(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status wrap_read(struct dep_work *w, const struct source_file *f);
/* .gitmodules, with the tree's submodules that it names. */
ASSAY_MUST_USE enum assay_status modules_read(struct dep_work *w, const struct source_file *f);
/* Submodules that no .gitmodules names. */
ASSAY_MUST_USE enum assay_status modules_check(struct dep_work *w);

/* What a build fetches, as its file says it. Text that can't be told is NULL with unclear set. */
struct fetch {
	const char *name;
	const char *url;      /* of an archive or file */
	const char *hash;     /* "SHA256=..." */
	const char *git;      /* repository */
	const char *tag;      /* commit, tag or branch */
	const char *other;    /* a repository of another kind: "svn", "hg", "cvs", and where it is */
	bool unclear;         /* one of those is a variable that can't be followed */
	struct dep_place place;
};
/* Judges one fetch by its pins, and refers to where it comes from. */
ASSAY_MUST_USE enum assay_status fetch_check(struct dep_work *w, const struct fetch *f);
