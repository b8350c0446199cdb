/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status, error and span: the three types that every function of assay shares.
 */
#pragma once

#include <stddef.h>

#define ASSAY_API __attribute__((visibility("default")))
#define ASSAY_MUST_USE __attribute__((warn_unused_result))
#define ASSAY_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* What came of a call. Anything but ASSAY_OK leaves the outputs untouched. */
enum assay_status {
	ASSAY_OK = 0,
	ASSAY_E_USAGE,       /* arguments that make no sense */
	ASSAY_E_FORMAT,      /* input is not what its format asks */
	ASSAY_E_VERSION,     /* a format version newer than this build knows */
	ASSAY_E_LIMIT,       /* a stated cap was reached */
	ASSAY_E_UNSUPPORTED, /* well formed, of a kind this build does not handle */
	ASSAY_E_VERIFY,      /* a signature, digest or proof does not hold */
	ASSAY_E_NOT_FOUND,   /* nothing there */
	ASSAY_E_SYSTEM,      /* the operating system refused */
	ASSAY_E_MEMORY,      /* no memory */
	ASSAY_E_INTERNAL,    /* a bug in assay */
};

/*
 * What went wrong, for the person who reads it: what, where, what to do next.
 * line and column count from 1; 0 means "not known". file may be empty.
 */
struct assay_error {
	enum assay_status status;
	unsigned line;
	unsigned column;
	char file[256];
	char what[512];
	char todo[256];
};

/* Borrowed bytes. data may be NULL only when len is 0. */
struct assay_span {
	const unsigned char *data;
	size_t len;
};

/* The status' name in lower case ("format", "verify"), never NULL. */
ASSAY_API const char *assay_status_name(enum assay_status status);

/* Empties an error. */
ASSAY_API void assay_error_clear(struct assay_error *err);

/*
 * Fills err (which may be NULL) and returns status, so that a caller can write
 * "return assay_fail(err, ASSAY_E_FORMAT, "...")". Text that does not fit is cut.
 */
ASSAY_API enum assay_status assay_fail(struct assay_error *err, enum assay_status status,
    const char *fmt, ...) ASSAY_PRINTF(3, 4);

/* So that compilers and analysers, too, know which status comes back. */
#define assay_fail(err, status, ...)                                                               \
	__extension__({                                                                            \
		const enum assay_status assay_failed_ = (status);                                  \
		(void)assay_fail((err), assay_failed_, __VA_ARGS__);                               \
		assay_failed_;                                                                     \
	})

/*
 * Say where, and what to do next; file may be NULL to leave it as it is. Both hand back the status that they are given,
 * whether or not anybody asked for words (err may be NULL), and leave err->status alone.
 */
ASSAY_API enum assay_status assay_error_at(struct assay_error *err, enum assay_status status,
    const char *file, unsigned line, unsigned column);
ASSAY_API enum assay_status assay_error_todo(struct assay_error *err, enum assay_status status,
    const char *fmt, ...) ASSAY_PRINTF(3, 4);

/* As above. */
#define assay_error_at(err, status, ...)                                                           \
	__extension__({                                                                            \
		const enum assay_status assay_failed_ = (status);                                  \
		(void)assay_error_at((err), assay_failed_, __VA_ARGS__);                           \
		assay_failed_;                                                                     \
	})
#define assay_error_todo(err, status, ...)                                                         \
	__extension__({                                                                            \
		const enum assay_status assay_failed_ = (status);                                  \
		(void)assay_error_todo((err), assay_failed_, __VA_ARGS__);                         \
		assay_failed_;                                                                     \
	})

/* A span over a C string, without its terminating NUL. */
ASSAY_API struct assay_span assay_span_str(const char *text);

/* True when both hold the same bytes. Not constant-time: for public data only. */
ASSAY_API _Bool assay_span_equal(struct assay_span a, struct assay_span b);
