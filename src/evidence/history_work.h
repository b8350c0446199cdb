/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a history is read: the stream is cut into objects, chunks of objects are hashed, parsed and verified on any
 * thread, and what they found is joined in the order of the stream, so that neither threads nor memo show in the facts.
 */
#pragma once

#include <evidence/history.h>
#include <evidence/memo.h>

#define WORK_CHUNK 256        /* objects that one thread takes at once */
#define WORK_NOTE_SIZE 160    /* longest text that says why an object is malformed */
#define WORK_NOTES_MAX 4      /* such texts kept of a chunk */

/* One object of the stream. */
struct work_object {
	struct assay_span bytes;
	struct assay_span parents; /* its "parent" lines, once parsed */
	uint32_t place;            /* among commits or tags */
	bool is_tag;
};

/* A key field seen in a chunk; signature.key is its place there until all are joined. */
struct work_key {
	struct assay_span field;   /* own memory */
	unsigned char digest[ASSAY_SHA256_SIZE];
	bool by_certificate;
};

struct work_note {
	size_t object;
	char text[WORK_NOTE_SIZE];
};

struct work_chunk {
	size_t first, count;       /* of the objects */
	struct work_key *keys;     /* own memory, grows */
	uint32_t key_count, key_room;
	struct work_note notes[WORK_NOTES_MAX];
	size_t note_count;
	uint32_t verified;
	struct assay_error err;    /* status ASSAY_OK unless the chunk failed */
};

struct work {
	const struct parse_context *context;
	struct history *h;
	struct work_object *objects; /* own memory */
	size_t object_count;
	struct work_chunk *chunks;   /* own memory */
	size_t chunk_count;
	const unsigned char *digest; /* of the stream */
	bool hashed;                 /* its objects were all hashed before: see memo_hashed */
};

void work_done(struct work *w);
/* Reads the whole of a small list of ids, LF each, and sorts it. */
ASSAY_MUST_USE enum assay_status history_read_ids(const struct evidence *raw, const char *member,
    const struct parse_context *c, enum oid_algo algo, struct oid **ret_ids, uint32_t *ret_count,
    struct assay_error *err);
ASSAY_MUST_USE enum assay_status history_read_head(const struct evidence *raw,
    const struct parse_context *c, struct history *h, struct assay_error *err);
ASSAY_MUST_USE enum assay_status history_read_refs(const struct evidence *raw,
    const struct parse_context *c, struct history *h, struct assay_error *err);
/* Cuts the stream: fills objects, and the ids of h's commits and tags. */
ASSAY_MUST_USE enum assay_status work_cut(struct work *w, struct assay_span stream,
    struct assay_error *err);
/* Joins keys and notes of all chunks. */
ASSAY_MUST_USE enum assay_status work_join(struct work *w, struct assay_error *err);

/* Buffers of one chunk, and where its signatures' keys go. */
struct sign_scratch {
	const struct memo *memo;
	struct work_chunk *chunk;
	struct buf message, text, binary;
};

#define SIGN_SCRATCH_INIT(m, c)                                                                    \
	{ .memo = (m), .chunk = (c), .message = BUF_INIT(GIT_COMMIT_MAX),                          \
		.text = BUF_INIT(ASSAY_SSHSIG_MAX), .binary = BUF_INIT(ASSAY_SSHSIG_MAX) }

void sign_scratch_done(struct sign_scratch *s);
/* The arithmetic of one signature. folded: continuation lines begin with a space, as in a commit's header. */
ASSAY_MUST_USE enum assay_status sign_verify(struct sign_scratch *s, const struct oid *id,
    const struct git_signature_field *field, bool folded, struct history_signature *ret_signature);
/* True for results that come from arithmetic, and that a memo may therefore hold. */
bool sign_is_arithmetic(const struct history_signature *s);
