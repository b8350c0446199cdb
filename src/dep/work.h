/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the readers of all kinds share: the model that grows, and the words of the tree.
 */
#pragma once

#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <dep/dep.h>

struct dep_seen; /* references already listed */
struct dep_images;

struct dep_work {
	const struct sources *sources;
	struct arena *arena; /* of the file being read: gone after it */
	struct arena *keep;  /* the model's */
	struct dep_model *model;
	const struct dep_finding **last_finding;
	const struct dep_ref **last_ref;
	size_t ref_count;
	struct dep_seen *seen;
	const struct ci_model *ci;
	const struct ci_job *job;  /* whose commands are read, or NULL */
	struct dep_images *images; /* of all commands, or NULL */
	struct npm_cache *npm; /* the lockfile that was read last */
	bool make_known;       /* make_own was looked for */
	bool make_own;         /* some Makefile may give "MAKE" a meaning of its own */
	unsigned makefiles_named; /* by commands, so far */
	struct dep_scripts *scripts; /* those that a build starts and that were read */
	struct assay_error *err;
};

/* Where something stands. */
struct dep_place {
	const char *file;
	unsigned line, column;
};

/* One row a kind of file. */
struct dep_kind {
	const char *pattern; /* of the last component, or of the last two when it has a '/'; one '*' at most */
	const char *name;    /* "an npm lockfile" */
	enum dep_area area;
	enum assay_status (*read)(struct dep_work *w, const struct source_file *f); /* NULL: unknown by name */
	bool any_case;       /* the pattern is in lower case, the name in any */
};
extern const struct dep_kind dep_kinds[];
extern const size_t dep_kind_count;

/* Adds a finding; object may be NULL. */
ASSAY_MUST_USE enum assay_status dep_find(struct dep_work *w, enum dep_matter matter,
    struct dep_place place, const char *object, const char *fmt, ...) ASSAY_PRINTF(5, 6);
ASSAY_MUST_USE enum assay_status dep_refer(struct dep_work *w, enum dep_ref_kind kind,
    const char *name, struct dep_place place);
/* The host of a URL as a supplier, or the repository that a git URL names, in their normal forms. */
ASSAY_MUST_USE enum assay_status dep_refer_url(struct dep_work *w, enum dep_ref_kind kind,
    const char *url, struct dep_place place);
/* A place that packages are taken from: for the policy's list, and a gap without https. */
ASSAY_MUST_USE enum assay_status dep_source(struct dep_work *w, const char *url, struct dep_place place);
/* One more thing was looked at. */
void dep_judged(struct dep_work *w, enum dep_area area, const char *count);
/*
 * A reader's status: what is wrong with the file becomes the finding unread and ASSAY_OK; want of memory stays what it is.
 * w->err is emptied.
 */
ASSAY_MUST_USE enum assay_status dep_unread(struct dep_work *w, enum dep_matter unread,
    const char *file, enum assay_status status);
/* Whether a pattern of the table of kinds fits the path. */
bool dep_fits(const char *pattern, const char *path);
bool dep_fits_kind(const struct dep_kind *k, const char *path);

/* ---- text ---- */

/* True for 40 or 64 hex digits of either case. */
bool dep_full_id(const char *text);
bool dep_is_hex(const char *text, size_t len);
bool dep_starts(const char *text, const char *prefix);
bool dep_ends(const char *text, const char *suffix);
const char *dep_base(const char *path); /* behind the last '/' */
/* The folder of path with its '/', "" for the tree's own; NULL without memory. */
char *dep_folder(struct arena *arena, const char *path);
/*
 * base (a folder, "" or with '/') and relative joined, "." and ".." resolved; NULL when it leaves the tree, is absolute, or
 * memory is used up.
 */
char *dep_join(struct arena *arena, const char *base, const char *relative);
/* A URL with a scheme and "//". */
bool dep_is_url(const char *text);
