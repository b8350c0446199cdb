/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Analysers of others, run on code that nobody trusts: each run alone in bubblewrap, without network, home or environment, with the
 * source read-only at /src, and with an end to its time, memory and output. Nothing of the checked tree is run or obeyed.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <base/buf.h>
#include <sca/compile.h>
#include <sca/options.h>
#include <sca/output.h>
#include <sca/snippets.h>

#define ENGINE_RUN_SECONDS 120
#define ENGINE_RUN_MEMORY (UINT64_C(4) << 30)

/*
 * The process that starts sandboxes. It is forked off before its caller gives up files and programs, for what the caller gave up its
 * children would lack, and making a sandbox takes mounts. It starts programs of the table below and no others, on a work folder that
 * it made itself; it ends with its caller.
 */
struct engine_server;

struct engine_server_options {
	const char *temporary;  /* folder in which the work folder is made; absolute */
	unsigned workers;       /* runs at a time; 0: one a core */
	bool trust_repository;  /* without bubblewrap, run anyway; said in the results */
	unsigned seconds;       /* for each run; 0: ENGINE_RUN_SECONDS */
	uint64_t memory;        /* for each process; 0: ENGINE_RUN_MEMORY */
};

/* Call it while the process has one thread. */
ASSAY_MUST_USE enum assay_status engine_server_start(const struct engine_server_options *options,
    struct engine_server **ret_server, struct assay_error *err);
/* Ends all runs and removes the work folder. */
void engine_server_stop(struct engine_server **server);

struct cache;
/* What may be kept of engines themselves from run to run: what they are made of. NULL: nothing. */
void engine_server_keep(struct engine_server *server, struct cache *cache);

/* Appends what tells that other engines are installed than before, or run in another cage: names, sizes and times of their programs. */
void engine_stamp(const struct engine_server *server, struct buf *out);

enum engine_cage {
	ENGINE_CAGE_BWRAP, /* bubblewrap works here */
	ENGINE_CAGE_NONE,  /* it doesn't: no engine is run */
	ENGINE_CAGE_TRUSTED, /* it doesn't, and the caller trusts the repository */
};
enum engine_cage engine_server_cage(const struct engine_server *server);
/* "bubblewrap", "none", "trusted": what was run in one doesn't stand for what would be run in another. */
const char *engine_cage_name(enum engine_cage cage);
/* Why there is no sandbox, for people; "" when there is one. */
const char *engine_server_cage_why(const struct engine_server *server);

/*
 * Puts a file of the checked tree into the source folder ("/src"). path: below it; ".." and the like are refused, and so are control
 * characters (ASSAY_E_UNSUPPORTED: name it as not looked at). In C and C++ files lines that only give another name to the place
 * ("#line 1 \"other.c\"") are blanked: findings stay where the code is.
 */
ASSAY_MUST_USE enum assay_status engine_add_source(struct engine_server *server, const char *path, struct assay_span bytes,
    struct assay_error *err);

/*
 * Other bytes for a file that was added, until it gets others again: for a run that shows what the engine says of them. Not while
 * something runs. ASSAY_E_NOT_FOUND: no such file was added.
 */
ASSAY_MUST_USE enum assay_status engine_change_source(struct engine_server *server, const char *path, struct assay_span bytes,
    struct assay_error *err);

/* An engine of the table, as it was found here. */
struct engine {
	const char *name;      /* "gcc" */
	const char *adds;      /* what it would add, for people: said when it is missing */
	const char *package;   /* of Debian, for people */
	bool in_process;       /* the own one: nothing to find */
	bool found;
	const char *path;      /* of the program, links resolved */
	const char *version;   /* as it says itself, one line */
	char digest[65];       /* SHA-256 over the digests of its parts, hex */
	const struct engine_part *parts; /* program, compiler proper, libraries, data that carry the analysis */
	size_t part_count;
	const char *why;       /* when it is there and can't be used */
};

struct engine_part {
	const char *path;
	char sha256[65];
};

struct engines {
	struct engine *list; /* in the order of the table */
	size_t count;
};

/* Looks in the system's folders alone, never along PATH. One that is missing is in the list all the same. */
ASSAY_MUST_USE enum assay_status engine_discover(struct engine_server *server, struct arena *arena, struct engines *ret_engines,
    struct assay_error *err);
const struct engine *engine_find(const struct engines *engines, const char *name);
/* Whether a program of its row stands in the system's folders; the own one is always there. No server is asked, and nothing started. */
bool engine_is_installed(const char *name);
/*
 * Whether the engine itself knows a check of this name (asked once an engine and kept in the arena). ASSAY_E_NOT_FOUND with the nearest
 * known name in err's todo when not; ASSAY_E_SYSTEM when the engine can't be asked.
 */
ASSAY_MUST_USE enum assay_status engine_knows_check(struct engine_server *server, const struct engine *engine, const char *check,
    struct arena *arena, struct assay_error *err);

struct cache;

struct engine_job {
	const struct engine *engine;
	const struct sca_options *options;
	const struct sca_unit *units;
	size_t unit_count;
	struct cache *cache;     /* or NULL: nothing is kept */
};

/* What running came to, for the counts; the frames in output say it run by run. */
struct engine_tally {
	size_t runs, cached;
	size_t states[SCA_STATES]; /* of units */
};

/*
 * Every unit through every pass of the options, in parallel; appends the frames to output (begun by the caller), in the order of the
 * units, whatever the order in which they ended. A unit that can't be run has a frame that says why. ASSAY_OK also when all of them failed.
 */
ASSAY_MUST_USE enum assay_status engine_run(struct engine_server *server, const struct engine_job *job, struct arena *arena,
    struct buf *output, struct engine_tally *ret_tally, struct assay_error *err);

/* Snippets through an engine with these options, as above: their names become their paths. What is in the cache isn't run again. */
ASSAY_MUST_USE enum assay_status engine_demonstrate(struct engine_server *server, const struct engine *engine,
    const struct sca_options *options, const struct sca_snippets *snippets, struct cache *cache, struct arena *arena,
    struct buf *output, struct engine_tally *ret_tally, struct assay_error *err);

/* Branches of a file of the tree that a compiler read: the lines of their #if, #elif or #else, in order. */
struct engine_seen {
	const char *path;
	const uint32_t *lines;
	size_t count;
};
/* What a compiler sees of a unit: so that what no engine looked at can be counted. */
struct engine_unit_facts {
	enum sca_state state;
	const char *why;
	const char *const *headers; /* below the source root, sorted, each once */
	size_t header_count;
	const struct engine_seen *seen; /* sorted by path; of files of which it read none there is no entry */
	size_t seen_count;
};
/* The unit is preprocessed once by gcc or clang, with a mark in each branch of a copy of the tree that nothing in it can know beforehand. */
ASSAY_MUST_USE enum assay_status engine_unit_facts(struct engine_server *server, const struct engine *compiler, const struct sca_unit *units,
    size_t count, struct cache *cache, struct arena *arena, struct engine_unit_facts **ret_facts, struct assay_error *err);

/* How compile commands are made where there is no database to read: by the project's own build, inside the sandbox, on request. */
enum engine_build { ENGINE_BUILD_CMAKE, ENGINE_BUILD_MESON, ENGINE_BUILD_BEAR };
ASSAY_MUST_USE enum assay_status engine_configure(struct engine_server *server, enum engine_build build, struct arena *arena,
    struct assay_span *ret_database, struct assay_error *err);
/* Each file of paths alone: units, with -I of every folder that one of headers stands in. */
ASSAY_MUST_USE enum assay_status engine_files_units(const char *const *paths, size_t count, const char *const *headers,
    size_t header_count, struct arena *arena, struct sca_unit **ret_units, struct assay_error *err);
