/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What engines report, in one form: one reader a format. What an engine printed is as hostile as the code that it looked at. What
 * can't be read in full is ASSAY_E_FORMAT or ASSAY_E_LIMIT, never a shorter list.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <stdbool.h>
#include <stdint.h>

/* Most of one run's output that is read, and most reports in it. */
#define SCA_OUTPUT_MAX (16u << 20)
#define SCA_REPORTS_MAX 100000

enum sca_level { SCA_NOTE, SCA_WARNING, SCA_ERROR };

/* A step on the way to a fault, or a note beside it. */
struct sca_step {
	const char *path; /* as in a report; "" when not told */
	bool outside;
	uint32_t line, column; /* from 1, 0 when not told */
	const char *message;
};

struct sca_pair {
	const char *key, *value;
};

struct sca_report {
	const char *engine;  /* "gcc" */
	const char *check;   /* without the engine: "-Wanalyzer-use-after-free", "unix.Malloc"; "" when not named */
	const char *message; /* UTF-8 */
	const char *path;    /* below the root when !outside; else as told. "" when not told */
	bool outside;        /* not below the root: a system header, or a place that isn't there */
	uint32_t line, column, end_line, end_column; /* from 1, 0 when not told; columns in the engine's own units */
	uint32_t offset;     /* bytes from the file's begin, when line is 0 and has_offset */
	bool has_offset;
	enum sca_level level;
	bool is_broken;      /* not a fault in the code's meaning: the engine couldn't read the code */
	bool suppressed;     /* SARIF: the producer says so */
	const char *suppression; /* its kind and reason, "" for none */
	uint32_t cwe;        /* 0 when not told */
	const struct sca_step *steps;
	size_t step_count;
	const struct sca_pair *fingerprints; /* SARIF: partialFingerprints and fingerprints */
	size_t fingerprint_count;
};

/* What one reading came to. */
struct sca_reading {
	const char *tool;    /* as it names itself, "" when it doesn't */
	const char *version;
	struct sca_report *reports;
	size_t count;
	size_t errors;       /* those with is_broken */
	const char *broken;  /* why the unit wasn't read in full by the engine's own word; NULL when it was */
	size_t documents;    /* how often the engine said that it is done with a file: arrays of gcc, runs of SARIF */
	const char *const *seen; /* files that the engine says it looked at, when the format tells; below the root */
	size_t seen_count;
};

struct sca_input {
	const char *engine;       /* name for the reports */
	struct assay_span bytes;
	const char *const *roots; /* prefixes that paths lose: "/src/", "file:///src/"; NULL-terminated */
	const char *folder;       /* where relative paths begin, below the root: "" or "lib/" */
};

typedef enum assay_status sca_reader(const struct sca_input *in, struct arena *arena,
    struct sca_reading *ret_reading, struct assay_error *err);

/* gcc -fdiagnostics-format=json: one array a compilation, and "compilation terminated." after a fatal error. */
sca_reader sca_read_gcc_json;
/* SARIF 2.1.0 of any producer; see sca/sarif.h for all that it says. */
sca_reader sca_read_sarif;
/* clang --serialize-diagnostics: LLVM's bit stream. */
sca_reader sca_read_clang_dia;
/* cppcheck --xml, version 2. */
sca_reader sca_read_cppcheck;
/* clang-tidy --export-fixes: places are offsets in bytes. */
sca_reader sca_read_tidy;

/* Line and column of each report that has an offset alone, from the bytes of its file. find may return false: it stays as it is. */
void sca_reading_locate(struct sca_reading *r, bool (*find)(void *context, const char *path, struct assay_span *ret_bytes),
    void *context);
/*
 * Whether a report of this check is one that the plan asks for: "-Wformat=2" of a plan is told as "-Wformat=".
 */
bool sca_check_is(const char *planned, const char *reported);
