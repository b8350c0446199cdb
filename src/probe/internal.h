/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this room share about a repository and nobody else needs.
 */
#pragma once

#include <base/cleanup.h>
#include <base/file.h>
#include <probe/repository.h>
#include <sys/types.h>

/* Most links a symbolic ref may go through, as git has it. */
#define SYMREF_DEPTH_MAX 5
#define REF_FOLDER_DEPTH_MAX 64
#define REF_FILE_MAX 8192
#define PACKED_REFS_MAX (512u << 20)
#define PATH_TEXT_MAX 8192

/* For CLEANUP(). */
void free_text(char **text);

/* Notes a problem of r; text is escaped for people. */
void repository_problem(struct repository *r, struct arena *arena, struct assay_span what,
    const char *why);
/* Reads DIR/name of at most cap bytes; absent is ASSAY_OK with *ret_found false. */
enum assay_status repository_read(const char *dir, const char *name, struct buf *out,
    bool *ret_found, struct assay_error *err);

/* hide.c: appends text, with the folders of r and of its alternates by what they are instead of where they lie. */
void repository_hide_folders(const struct repository *r, struct assay_span text, struct buf *out);
/* object_dir.c: where the temporary folder may be, NULL-terminated, and how its name begins. */
extern const char *const object_dir_places[];
#define OBJECT_DIR_NAME "assay-git-"

/* refs.c */
enum assay_status refs_read(struct repository *r, struct arena *arena, struct assay_error *err);
/* refs_name.c: what a ref file or HEAD holds. */
struct ref_value {
	bool symbolic;
	struct assay_span target; /* symbolic: into the bytes given */
	struct oid id;
};
enum assay_status ref_value_parse(struct assay_span bytes, enum oid_algo algo,
    struct ref_value *ret_value);
/* refs_packed.c: one line of packed-refs a call; ASSAY_E_NOT_FOUND at the end. *line counts from 0. */
struct packed_ref {
	struct assay_span name;
	struct oid id;
};
enum assay_status packed_refs_next(struct assay_span bytes, enum oid_algo algo, size_t *cursor,
    unsigned *line, struct packed_ref *ret_ref, struct assay_error *err);

/* alternates.c: folders that objects/info/alternates of r leads to, as written, in order of finding. */
struct alternates {
	char **folders;     /* resolved paths of folders that exist, r's own objects folder first */
	size_t count;
	char **written;     /* as they stand in the files, of all depths */
	size_t written_count;
	bool too_deep;      /* a loop, or deeper than git goes */
};
#define ALTERNATES_DEPTH_MAX 5
#define ALTERNATES_MAX 100
enum assay_status alternates_read(const struct repository *r, struct alternates *ret_alternates,
    struct assay_error *err);
void alternates_done(struct alternates *a);
