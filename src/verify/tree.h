/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "work.h"

/* Bytes of the list that are read again, at most, to name what is extra; beyond that it is counted. */
#define RESCAN_MAX (UINT64_C(4) << 30)

/* What a job's note begins with; the path follows. */
struct expected {
	bool counts;        /* asked is how many entries the folder has, not what it is */
	enum walk_type type;
	unsigned mode;
	uint64_t size;      /* of a file; of a link, its target's length */
	uint64_t from;      /* of a folder: where in the manifest its entries begin */
	size_t caps_len;
	unsigned char caps[ASSAY_MANIFEST_CAPS_MAX];
	unsigned char sha256[ASSAY_SHA256_SIZE]; /* of a link: of its target */
	unsigned char verity[ASSAY_SHA256_SIZE];
};

struct walkthrough {
	struct work *w;
	struct hasher *hasher;
	struct walk_path *path;
	bool lone, complete;
	bool broken;    /* the list isn't of the form any more, or can't be read */
	unsigned want;  /* digests of each file */
	uint64_t done;
	uint64_t rescanned;
	/* Where in the manifest the entries of the folders begin that the list is in, by depth. */
	uint64_t from[ASSAY_MANIFEST_DEPTH_MAX + 1];
	/* The folder that was listed last, as long as nothing in it was. */
	struct walk_folder *last_folder; /* that holds it */
	char last_path[ASSAY_MANIFEST_PATH_MAX + 1];
	uint64_t last_from;
	unsigned char note[sizeof(struct expected) + ASSAY_MANIFEST_PATH_MAX];
};

/* The list, from its beginning or from a folder's entries on. */
struct list_reader {
	int fd;
	struct assay_manifest *manifest;
	unsigned char *step;
	struct assay_span left;   /* of step */
	uint64_t at;              /* offset behind the last line that was taken */
	uint64_t next;            /* offset that is read next */
	struct hash_stream *stream; /* takes all that is read, from the beginning on; or NULL */
};

ASSAY_MUST_USE enum assay_status list_reader_begin(struct list_reader *l, struct hash_stream *stream, struct assay_error *err);
/* The entries from offset on, of which the folder of this path is the first to have some. */
ASSAY_MUST_USE enum assay_status list_reader_begin_at(struct list_reader *l, uint64_t offset, struct assay_span folder,
    struct assay_error *err);
/* *ret_is is false at the end. */
ASSAY_MUST_USE enum assay_status list_reader_next(struct list_reader *l, bool *ret_is, struct assay_manifest_entry *ret_entry,
    struct assay_error *err);
/* For CLEANUP(). */
void list_reader_done(struct list_reader **l);

/* How many entries a folder has came back: more than are listed are named, fewer were taken away meanwhile. */
ASSAY_MUST_USE enum assay_status tree_counted(struct walkthrough *t, const struct hash_result *result,
    const struct expected *e, struct assay_span path, struct assay_error *err);
