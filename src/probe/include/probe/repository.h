/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A repository on disk, found and described without running git in it and without believing its configuration.
 */
#pragma once

#include <base/arena.h>
#include <base/buf.h>
#include <codec/gitconfig.h>
#include <codec/gitobj.h>
#include <stdbool.h>

/* Most entries of each kind that are read; beyond, ASSAY_E_LIMIT. */
#define REPOSITORY_REFS_MAX 2000000
#define REPOSITORY_OBJECTS_MAX 16000000
#define REPOSITORY_PROBLEMS_MAX 1000

struct repository_ref {
	const char *name;
	struct oid id;
};

/* What could not be read or is not believed: a broken ref, a folder without permission. Paths are relative. */
struct repository_problem {
	const char *what;
	const char *why;
};

struct repository {
	const char *root;       /* what the user named, resolved */
	const char *work_tree;  /* NULL when bare */
	const char *git_dir;    /* of this worktree or submodule */
	const char *common_dir; /* shared part: objects, refs, config */
	enum oid_algo algo;
	bool bare;
	const char *head_ref;   /* NULL when detached */
	struct oid head;        /* valid when has_head */
	bool has_head;          /* false in an empty repository */
	struct repository_ref *refs; /* all of refs/, sorted by name, symbolic ones resolved */
	size_t ref_count;
	struct oid *shallow;    /* sorted; what the shallow file names */
	size_t shallow_count;
	struct gitconfig config;     /* local configuration, read as data */
	struct gitconfig worktree_config; /* config.worktree, when there is one */
	struct repository_problem *problems; /* sorted; refs that are left out, and why */
	size_t problem_count;        /* kept, at most REPOSITORY_PROBLEMS_MAX */
	size_t problem_total;        /* seen */
};

/*
 * Opens path or the repository above it. Errors: ASSAY_E_NOT_FOUND (no repository), ASSAY_E_UNSUPPORTED (a format or ref
 * storage that this version doesn't read), ASSAY_E_LIMIT, ASSAY_E_FORMAT.
 */
ASSAY_MUST_USE enum assay_status repository_open(const char *path, struct arena *arena,
    struct repository **ret_repository, struct assay_error *err);
/* The ref of this full name, or NULL. */
const struct repository_ref *repository_find_ref(const struct repository *r, const char *name);
/* The last value that configuration gives key ("core.bare"), or NULL. */
const char *repository_config(const struct repository *r, const char *key);
/* "refs/heads/main at ID": no path, so that it reads the same everywhere. NULL when the arena is full. */
const char *repository_subject(const struct repository *r, struct arena *arena);
/*
 * A stamp over names, sizes, inodes and change times of all that the probes read: the same stamp means that nothing
 * changed, racy times apart (*ret_settled false: too young to tell). Appends 32 bytes to out.
 */
ASSAY_MUST_USE enum assay_status repository_stamp(const struct repository *r, struct buf *out,
    bool *ret_settled, struct assay_error *err);
/*
 * Reads a file of the policy folder: from the work tree when there is one, else from HEAD's tree, never through links.
 * ASSAY_E_NOT_FOUND when absent. *ret_differs: the work tree's bytes are not those of HEAD, or are gone though HEAD has them.
 */
ASSAY_MUST_USE enum assay_status repository_policy_file(const struct repository *r, const char *path,
    struct buf *out, bool *ret_differs, struct assay_error *err);

/*
 * Every folder that objects are read from, the repository's own first, NULL-terminated: what a sandbox around a check
 * must leave readable.
 */
ASSAY_MUST_USE enum assay_status repository_object_folders(const struct repository *r,
    struct arena *arena, const char *const **ret_folders, struct assay_error *err);

/* An own, empty GIT_DIR with the repository's objects as alternate, in a temporary folder. */
struct object_reader;
ASSAY_MUST_USE enum assay_status object_reader_new(const struct repository *r,
    struct object_reader **ret_reader, struct assay_error *err);
void object_reader_free(struct object_reader **reader);
/* What git complained about while listing, one line each, paths made relative; "" when nothing. */
const char *object_reader_complaints(const struct object_reader *reader);

/* One line of the listing. known false: git names the object but can't say what it is. */
struct object_listed {
	struct oid id;
	bool known;
	enum git_type type;
	uint64_t size;
};
/* Lists every object of the store and its alternates, each once, in the order in which reading is quickest. */
ASSAY_MUST_USE enum assay_status object_reader_list(struct object_reader *reader,
    enum assay_status (*fn)(void *ctx, const struct object_listed *object, struct assay_error *err),
    void *ctx, struct assay_error *err);

/* An object as git gave it, hashed by nobody yet. */
struct object_read {
	struct oid id;           /* as git says; zero when not present */
	bool present;            /* false: git has no such object, or can't read it */
	bool over_cap;           /* larger than the cap: bytes is empty */
	enum git_type type;
	uint64_t size;
	struct assay_span bytes; /* valid during the call alone */
};

/* What to read: name(i) appends a full id or "ID:path", got(i) is handed what came, in order. */
struct object_wanted {
	size_t count;
	size_t cap;
	void (*name)(void *ctx, size_t i, struct buf *out);
	enum assay_status (*got)(void *ctx, size_t i, const struct object_read *object,
	    struct assay_error *err);
	void *ctx;
};
/*
 * Reads all that is wanted. When git dies of an object, that object is not present and a new git goes on
 * with the next; after OBJECT_READER_DEATHS_MAX of these it is ASSAY_E_LIMIT.
 */
#define OBJECT_READER_DEATHS_MAX 1000
ASSAY_MUST_USE enum assay_status object_reader_each(struct object_reader *reader,
    const struct object_wanted *wanted, struct assay_error *err);
