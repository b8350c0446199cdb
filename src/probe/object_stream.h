/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of git cat-file: requests go in while objects come out, in one thread, without a deadlock.
 */
#pragma once

#include "mapping.h"

#include <base/buf.h>
#include <base/child.h>
#include <probe/repository.h>

#define STREAM_HEADER_MAX (PATH_MAX_TEXT + 128)
#define PATH_MAX_TEXT 8192
/* Bytes of standard error that are kept. */
#define STREAM_WORDS_MAX 8192
/* Longest that one git may run, in seconds: a store of hundreds of gigabytes can be read in it. */
#define STREAM_SECONDS_MAX 43200

struct object_stream {
	struct child child;
	enum oid_algo algo;
	struct mapping in;     /* what came: [at, in.len) is not used up yet */
	size_t at;
	bool ended;            /* git closed its output */
	struct buf feed;       /* requests on their way */
	size_t fed;
	const struct object_wanted *wanted; /* NULL: git asks for nothing */
	size_t next;           /* request to be written next */
	bool stays;            /* set once started: git waits for more after the last request */
};

/* argv of the child; wanted NULL: nothing is fed. first: the request to begin with. */
enum assay_status object_stream_start(struct object_stream *s, const struct child_options *options,
    enum oid_algo algo, const struct object_wanted *wanted, size_t first,
    struct assay_error *err);
/* Asks a git that stays for more; all that it was asked before has been read. */
void object_stream_ask(struct object_stream *s, const struct object_wanted *wanted);
/* A header line of cat-file: "ID TYPE SIZE", or "NAME missing" (known false, id zero or the name's). */
struct object_header {
	bool known;
	bool named;   /* NAME is a full id: then id holds it */
	struct oid id;
	enum git_type type;
	uint64_t size;
};
enum assay_status object_header_parse(struct assay_span line, enum oid_algo algo,
    struct object_header *ret_header);
/* The next line, without its end. ASSAY_E_NOT_FOUND: git's output ended. Valid until the next call. */
enum assay_status object_stream_line(struct object_stream *s, struct assay_span *ret_line,
    struct assay_error *err);
/* Exactly len bytes; ASSAY_E_NOT_FOUND when the output ends before. Valid until the next call. */
enum assay_status object_stream_bytes(struct object_stream *s, size_t len,
    struct assay_span *ret_bytes, struct assay_error *err);
/* Drops len bytes. */
enum assay_status object_stream_skip(struct object_stream *s, uint64_t len,
    struct assay_error *err);
/* Waits for the child to end; how it did is ASSAY_OK or ASSAY_E_SYSTEM. Appends what it said on standard error. */
enum assay_status object_stream_wait(struct object_stream *s, struct buf *words,
    struct assay_error *err);
/* Ends it whatever it does. */
void object_stream_done(struct object_stream *s);
