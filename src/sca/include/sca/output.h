/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runs of one engine left behind, as one member: a frame a run, with the raw bytes of all that it wrote. Read again by whoever
 * judges; what isn't of this form is refused as a whole.
 *
 *   assay-output 1 NL { frame }
 *   frame: {"exit":0,"pass":"gcc-warnings","state":"ran","streams":[{"format":"gcc-json","length":3}],"units":["a.c"],"why":""} NL
 *          { stream's bytes NL }
 */
#pragma once

#include <sca/report.h>

#define SCA_RUNS_MAX 200000
#define SCA_STREAMS_MAX 300

/* How a run ended. Only SCA_RAN says that its units were looked at. */
enum sca_state {
	SCA_RAN,
	SCA_NOT_COMPILED, /* the engine says that it couldn't read the code */
	SCA_TIMEOUT,
	SCA_KILLED,       /* by a signal: memory, a crash */
	SCA_GARBAGE,      /* what it wrote can't be read, or its exit status means that it failed */
	SCA_TOO_MUCH,     /* it wrote more than is kept */
	SCA_NOTHING,      /* it ended well and shows no sign of having looked */
	SCA_REFUSED,      /* not run: its compile command isn't passed on */
	SCA_ABSENT,       /* not run: no such engine here */
	SCA_NO_SANDBOX,   /* not run: nothing to run it in */
	SCA_STATES
};

struct sca_stream {
	const char *format; /* "gcc-json", "sarif", "clang-dia", "cppcheck-xml", "tidy-yaml", "tidy-profile", "stdout", "stderr", "places", "root" */
	struct assay_span bytes;
};

struct sca_run {
	const char *pass;          /* of sca_options */
	const char *const *units;  /* paths below the root that it was given */
	size_t unit_count;
	enum sca_state state;
	const char *why;           /* of every state but SCA_RAN; "" else */
	int exit_status;           /* -1 when it didn't exit */
	const struct sca_stream *streams;
	size_t stream_count;
};

struct sca_output {
	const struct sca_run *runs;
	size_t count;
};

/* "ran", "not-compiled", "timeout" ... */
const char *sca_state_name(enum sca_state state);
struct buf;
/* The member's first line; then each run. */
void sca_output_begin(struct buf *out);
ASSAY_MUST_USE enum assay_status sca_output_add(struct buf *out, const struct sca_run *run, struct assay_error *err);
ASSAY_MUST_USE enum assay_status sca_output_read(struct assay_span bytes, const char *name, struct arena *arena,
    struct sca_output *ret_output, struct assay_error *err);
/*
 * All that a run's streams report, and its state judged again by them: a run whose state says SCA_RAN and whose streams don't show it
 * gets the state that they show. engine: "gcc" ...
 */
ASSAY_MUST_USE enum assay_status sca_run_read(const struct sca_run *run, const char *engine, struct arena *arena,
    struct sca_reading *ret_reading, enum sca_state *ret_state, const char **ret_why, struct assay_error *err);
