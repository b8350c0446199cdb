/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "work.h"

#include <codec/jsontree.h>

/* Longer keys are refused by name. */
#define NPM_KEY_MAX 4096

/* A lockfile that was read; root NULL when it can't be. */
struct npm_lock {
	const char *path;
	const char *folder;
	const struct jsontree *root;
	const struct jsontree *packages; /* lockfileVersion 2 and 3 */
	const struct jsontree *tree;     /* "dependencies", 1 and 2 */
	const char **by_url;             /* names that are asked for by address, sorted */
	size_t by_url_count;
};

/* One installed package, out of either half. */
struct npm_entry {
	const struct npm_lock *lock;
	const struct jsontree *node;
	const char *name;
	const char *key;      /* place among the packages: "node_modules/a/node_modules/b" */
	const char *version;  /* may be NULL */
	const char *resolved; /* may be NULL */
	bool by_url;          /* somebody asks for it by address */
};

ASSAY_MUST_USE enum assay_status npm_read_lock(struct dep_work *w, const struct source_file *f);
ASSAY_MUST_USE enum assay_status npm_read_manifest(struct dep_work *w, const struct source_file *f);
/* Parses; a version that isn't known or a form that isn't a lockfile's gives no packages and no tree. */
ASSAY_MUST_USE enum assay_status npm_open_lock(struct dep_work *w, const struct source_file *f,
    struct npm_lock *ret_lock);
/* Integrity and address of one entry. */
ASSAY_MUST_USE enum assay_status npm_check_entry(struct dep_work *w, const struct npm_entry *e);
ASSAY_MUST_USE enum assay_status npm_check_hash(struct dep_work *w, const struct npm_entry *e,
    struct dep_place place);
/*
 * The entry that node finds for name from the package at key: its key, or NULL. "" is the root; ret_node may be NULL.
 */
const char *npm_resolve(const struct npm_lock *lock, const char *key, const char *name,
    const struct jsontree **ret_node);
/* Asked for by an address, a path or a repository, and not by a version, range or tag. */
bool npm_by_address(const char *spec);
/* Frees the lockfile that was kept. */
void npm_forget(struct dep_work *w);
