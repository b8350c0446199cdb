/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report of an analyser that isn't run here, with what was planted for it: one file, kept as evidence by its digest.
 *
 *   assay-import 1 NL
 *   JSON object of one line, canonical: canaries (their record), name, sarif-sha256, sarif-size NL
 *   the SARIF, byte for byte
 *
 * It is of the commit that its plants were made for: their names follow from that. It counts as demonstrated for the checks that report each faulty plant of a weakness at its line and leave the sound ones alone, and
 * for no other. Whoever has the nonce could still write such a report by hand: this is the maker's word.
 */
#pragma once

#include <sca/canary.h>
#include <sca/sarif.h>

#define IMPORT_VERSION 1
#define IMPORT_SIZE_MAX (SCA_OUTPUT_MAX + (1u << 20))
#define IMPORT_NAME_MAX 60
#define IMPORT_SHOWN_MAX 20000

/* A result that stands in a plant. */
struct import_shown {
	const struct canary_plant *plant;
	const char *check; /* the producer's rule */
	uint32_t line;
	size_t run;
};

/* What one run of the SARIF shows. */
struct import_run {
	const struct sarif_run *run;
	const char *code; /* why nothing of it counts: "no-plants"; NULL: it counts */
	const char *why;
	size_t plants;    /* results in plants */
	size_t others;    /* results elsewhere */
};

struct import {
	const char *name;      /* "codeql": plans name its checks "import:codeql/..." */
	struct canary_set canaries;
	struct assay_span sarif;
	struct sarif_log log;
	const struct import_run *runs;
	size_t run_count;
	const struct import_shown *shown; /* of runs that count, by plant and check */
	size_t shown_count;
	bool placed;       /* its plants tell how its paths lead into the repository: */
	const char *strip; /* what they lose at their begin: "/build/src/" */
	const char *add;   /* what they get then: "src/" */
};

/* A weakness, and what was shown of it by some checks. */
struct import_weakness {
	uint32_t cwe;
	size_t bad, caught;   /* faulty plants; of them, reported at their line */
	size_t good, flagged; /* sound ones; of them, reported at all */
};

/* ASSAY_E_USAGE for a name that isn't small letters, digits and '-'. */
ASSAY_MUST_USE enum assay_status import_write(const char *name, const struct canary_set *canaries, struct assay_span sarif,
    struct buf *out, struct assay_error *err);
/* Exactly what import_write() writes, with a SARIF that can be read whole; where names it in errors. */
ASSAY_MUST_USE enum assay_status import_read(struct assay_span bytes, const char *where, struct arena *arena,
    struct import *ret_import, struct assay_error *err);
/* Weaknesses of the set, in ascending order, as these checks (all of them: check_count 0) show them. Returns how many. */
size_t import_weaknesses(const struct import *x, const char *const *checks, size_t check_count,
    struct import_weakness ret_weaknesses[CANARY_PLANTS_MAX]);
/* All faulty plants of it are caught, and no sound one is flagged. */
bool import_is_shown(const struct import_weakness *w);
/*
 * Whether these checks together are demonstrated for a rule of these weaknesses: of one of them (cwe_count 0: of any) all faulty
 * plants are caught, and no sound one is flagged.
 */
bool import_demonstrates(const struct import *x, const char *const *checks, size_t check_count, const uint32_t *cwes, size_t cwe_count);
/* Whether this check reports some faulty plant at its line. */
bool import_fires(const struct import *x, const char *check);
/* import_place.c: fills placed, strip and add. */
ASSAY_MUST_USE enum assay_status import_place(struct import *x, struct arena *arena, struct assay_error *err);
/*
 * A path of the report as the repository has it, with the set's own plants below the folder in which they were planted; *ret_path NULL for
 * one that lies outside, or where that can't be told.
 */
ASSAY_MUST_USE enum assay_status import_path(const struct import *x, const struct sarif_run *run, const char *uri, const char *base,
    struct arena *arena, const char **ret_path, struct assay_error *err);
/* Whether a result says that something is wrong: neither passed nor absent. One that the report calls suppressed does. */
bool import_is_fault(const struct sarif_result *r);
