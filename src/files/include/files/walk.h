/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree of files, looked at without races. Whoever can write in the tree may swap what lies there at any moment. So each folder is
 * opened once, from its parent's descriptor, by one name, as a folder and not through a link; what lies in it is reached from that
 * descriptor alone, by one name. No link is ever followed, and no name leads up or out. A regular file is opened so that no FIFO makes
 * anybody wait and no terminal becomes the controlling one.
 *
 * Two ways through a tree:
 *   walk_tree()   everything that is there, sorted: for who seals. Keeps the names of the folders that lead to where it is.
 *   walk_path     to where a sorted list leads, one path after the other: for who verifies. Keeps one descriptor a level and no names,
 *                 and says which folders the list has left, so that what lies in them can be counted (hasher_count() in files/hash.h)
 *                 and, when it is more than the list has, named (walk_extras()).
 */
#pragma once

#include <assay/status.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Components of a path below the root, and bytes of a path and of a component (as assay-manifest(5)). */
#define WALK_DEPTH_MAX 256
#define WALK_PATH_MAX 4096
#define WALK_NAME_MAX 255
#define WALK_TARGET_MAX 4095
/* Entries of one folder that walk_tree() sorts, and of a whole tree. */
#define WALK_FOLDER_MAX 16777216u
#define WALK_ENTRIES_MAX 4294967296u
/* Bytes of names that walk_extras() keeps at a time. */
#define WALK_EXTRAS_ROOM (1u << 20)
/* Bytes of the extended attribute security.capability; the kernel knows 20 and 24. */
#define WALK_CAPABILITIES_MAX 64

enum walk_type {
	WALK_UNKNOWN, /* couldn't be looked at */
	WALK_FILE,
	WALK_FOLDER,
	WALK_LINK,
	WALK_FIFO,
	WALK_SOCKET,
	WALK_CHARACTER_DEVICE,
	WALK_BLOCK_DEVICE,
};

/* What is known of something without reading it. */
struct walk_facts {
	enum walk_type type;
	uint32_t mode; /* 07777 */
	uint64_t size;
	uint64_t device, inode, links;
	struct timespec modified, changed; /* content; content or attributes */
	uint64_t allocated;                /* bytes on the medium: fewer than size when there are holes */
	size_t capabilities_len;           /* of a file that was opened; 0: none, or not asked */
	unsigned char capabilities[WALK_CAPABILITIES_MAX];
};

/* "file", "folder", "link", "FIFO", "socket", "character device", "block device", "unknown". */
const char *walk_type_name(enum walk_type type);
/* True when nothing shows that a file changed between two looks: device, inode, type, mode, size and both times. */
bool walk_same(const struct walk_facts *a, const struct walk_facts *b);

/* An open folder. Counted: shared by threads, closed when nobody keeps it. */
struct walk_folder {
	int fd;
	struct walk_facts facts; /* when it was opened */
	atomic_uint keepers;
	/*
	 * A verifier's tally, of its thread alone: entries that the list has here, and those of them that weren't there. hasher_file() and
	 * hasher_look() count the first, the delivery of their results the second.
	 */
	uint64_t expected, missing;
};

/* A root: the folder at path (relative to dirfd), which may be a link, for the user named it. */
ASSAY_MUST_USE enum assay_status walk_root(int dirfd, const char *path,
    struct walk_folder **ret_root, struct assay_error *err);
struct walk_folder *walk_keep(struct walk_folder *folder);
/* For CLEANUP(); NULL there is fine. */
void walk_drop(struct walk_folder **folder);
/* Opens name (one component) below folder. 0, or an errno: ENOENT, ENOTDIR, ELOOP (a link), EACCES, EXDEV (another device, when one_device). */
int walk_open_folder(struct walk_folder *folder, const char *name, bool one_device,
    struct walk_folder **ret_folder);
/* Looks at name (one component) below folder without opening it. 0 or an errno. */
int walk_look(const struct walk_folder *folder, const char *name, struct walk_facts *ret_facts);
/* The target of a link; ret_target has room for WALK_TARGET_MAX + 1 bytes, ret_len doesn't count its NUL. 0 or an errno. */
int walk_read_link(const struct walk_folder *folder, const char *name, char *ret_target,
    size_t *ret_len);
/* Opens a regular file below folder for reading. 0 or an errno; ENXIO, ELOOP for what is no regular file. The caller closes it. */
int walk_open_file(const struct walk_folder *folder, const char *name, int *ret_fd);
/* What an open file is, with its capabilities. 0 or an errno. */
int walk_facts_of(int fd, struct walk_facts *ret_facts);

/* -------- everything that is there, sorted -------- */

struct walk_options {
	bool one_device; /* what lies on another file system is reported (EXDEV) and not entered */
};

struct walk_entry {
	struct assay_span path;     /* relative to the root, no NUL in it; a NUL follows */
	const char *name;           /* its last component */
	struct walk_folder *folder; /* that holds it: walk_keep() it to use it later */
	size_t depth;               /* components of path */
	struct walk_facts facts;    /* type WALK_UNKNOWN when error tells why not even that is known */
	struct assay_span target;   /* of a link */
	/* Why it, or what lies in a folder, can't be read: an errno; else 0. ENAMETOOLONG: deeper or longer than the caps above. */
	int error;
};

/* Anything but ASSAY_OK ends the walk. entry is gone after the call, entry->folder unless it is kept. */
typedef enum assay_status walk_visit(void *ctx, const struct walk_entry *entry,
    struct assay_error *err);

/*
 * Visits all that lies below root, a folder before what lies in it, sorted as assay-manifest(5) asks: component by component, byte by
 * byte. A folder that can't be read is visited with its error. ASSAY_E_LIMIT over the caps for counts; ASSAY_E_SYSTEM when the root itself
 * can't be listed; else what visit returns.
 */
ASSAY_MUST_USE enum assay_status walk_tree(struct walk_folder *root,
    const struct walk_options *options, walk_visit *visit, void *ctx, struct assay_error *err);

/* -------- where a sorted list leads -------- */

struct walk_path;

/*
 * The list has left a folder: no path below it comes any more. path (NUL-terminated, "" for the root) is where it lies. Called from the
 * innermost outwards. Not called for folders that could not be opened.
 */
typedef enum assay_status walk_left(void *ctx, struct walk_folder *folder, const char *path,
    struct assay_error *err);

ASSAY_MUST_USE enum assay_status walk_path_new(struct walk_folder *root,
    const struct walk_options *options, walk_left *left, void *ctx, struct walk_path **ret_path,
    struct assay_error *err);
void walk_path_free(struct walk_path **path);
/*
 * Goes to the folder that holds path (relative, its components neither empty nor "." nor ".."; sorted after the last one). On the way
 * left() is called for what is left. ret_error 0: ret_folder and ret_name are where to look, until the next call (walk_keep() the
 * folder). Else an errno says why the folder can't be entered: ENOENT, ENOTDIR, ELOOP, EACCES, EXDEV...; the same is said of all that lies in
 * it. ASSAY_E_USAGE for a path that breaks the rules, ASSAY_E_LIMIT over the caps, else what left() returns.
 */
ASSAY_MUST_USE enum assay_status walk_path_to(struct walk_path *w, struct assay_span path,
    struct walk_folder **ret_folder, const char **ret_name, int *ret_error,
    struct assay_error *err);
/* The list is at its end: all folders are left, the root last. */
ASSAY_MUST_USE enum assay_status walk_path_end(struct walk_path *w, struct assay_error *err);

/* -------- what lies in one folder, in no order, in little memory -------- */

/* How many entries it has ("." and ".." don't count). 0 or an errno. Starts from the beginning; not for two threads at once. */
int walk_count(const struct walk_folder *folder, uint64_t *ret_entries);
/*
 * Names what a folder has and a list hasn't. The list is gone through as often as it takes: once for each WALK_EXTRAS_ROOM bytes of names.
 * rewind goes to its beginning, next gives its next name in the folder, sorted (one component; data NULL at the end). extra is called for each
 * name that isn't in it, sorted within a pass; a status that isn't ASSAY_OK ends it. ASSAY_E_SYSTEM when the folder can't be read.
 */
struct walk_list {
	void *ctx;
	enum assay_status (*rewind)(void *ctx, struct assay_error *err);
	enum assay_status (*next)(void *ctx, struct assay_span *ret_name, struct assay_error *err);
	enum assay_status (*extra)(void *ctx, const char *name, struct assay_error *err);
};
ASSAY_MUST_USE enum assay_status walk_extras(const struct walk_folder *folder,
    const struct walk_list *list, struct assay_error *err);
