/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: verbs and options as tables; help, completion and the synopsis come out of them.
 */
#pragma once

#include <assay/status.h>
#include <base/arena.h>
#include <base/buf.h>
#include <stdbool.h>
#include <stdint.h>

/* Exit status of every verb. */
enum cli_exit {
	EXIT_NO_GAP = 0,
	EXIT_GAP = 1,
	EXIT_USAGE = 2,
	EXIT_NOT_EVALUATED = 3,
	EXIT_INTERNAL = 4,
};

#define CLI_LIST_MAX 256

struct cli_list {
	const char *items[CLI_LIST_MAX];
	size_t count;
};

/* All that options set, and what the process was given. */
struct cli {
	bool help, version, json, quiet, verbose, no_colour, fresh, no_output, whole, edit, trust_repository;
	const char *out, *date, *baseline, *sign, *passphrase_file, *state, *root, *profile, *format,
	    *since, *origin, *checkpoint, *key, *path, *person, *name, *title, *expires,
	    *act, *role, *language, *canaries;
	const char *release_records; /* check */
	const char *rule, *finding, *file, *symbol, *reason, *risk, *until; /* deviate */
	const char *fix, *verifier, *test, *reach, *safety, *exploitability; /* close */
	bool false_positive;
	struct cli_list imports, releases, scans, require, roles, thresholds, remove, checks, premises;
	const char *show, *severity, *engine, *in, *problems; /* findings */
	const char *algorithm, *sums; /* digest */
	bool fips;
	const char *target; /* drill */
	uint64_t target_seconds;
	struct cli_list states;
	bool record;
	const char *product, *release, *seal, *repo, *commit, *previous, *sbom, *provenance, *instructions; /* seal */
	const char *add_signature, *rollback_to, *from_seal;
	struct cli_list allow_keys;
	bool no_sbom, sbom_as_is;
	bool replace, yes, has_number, has_counter;
	uint64_t number, counter;
	const char *rollback, *receipt, *site; /* verify, with product and seal */
	bool install;
	bool by_operator; /* drill */
	bool list, permit;
	const char *module, *pin_file, *pin_program; /* keys in tokens */
	bool last_try;
	const char *capture, *attestation, *attestation_root; /* key */
	bool login;
	uint64_t threads, size, from;
	bool has_size, has_from;
	const char *const *args; /* what is not an option */
	size_t arg_count;
	struct arena *arena;
	bool terminal;           /* standard output is one */
	unsigned width;
};

enum cli_kind { CLI_FLAG, CLI_TEXT, CLI_LIST, CLI_NUMBER };

struct cli_option {
	const char *name;
	char letter;           /* 0 for none */
	enum cli_kind kind;
	const char *argument;  /* "DIR"; NULL for a flag */
	const char *help;
	size_t offset;         /* in struct cli */
	size_t seen_offset;    /* CLI_NUMBER: a bool that says it was given; 0 for none */
	const char *complete;  /* "file", "dir", or words separated by spaces; NULL for nothing */
};

struct cli_verb {
	const char *name;
	const char *synopsis;  /* after the options: "[PATH]" */
	const char *summary;
	const struct cli_option *options;
	size_t option_count;
	size_t least, most;    /* of arguments */
	const char *words;     /* subcommands or formats that complete the first argument; NULL */
	/* Returns an exit status; on an error fills err and returns its exit status through cli_error. */
	int (*run)(struct cli *cli, struct assay_error *err);
};

extern const struct cli_verb cli_verbs[];
extern const size_t cli_verb_count;
extern const struct cli_option cli_common[];
extern const size_t cli_common_count;

/* Reads argv (argv[0] the verb) into cli. */
ASSAY_MUST_USE enum assay_status cli_parse(const struct cli_verb *verb, int argc, char **argv,
    struct cli *cli, struct assay_error *err);
void cli_help(const struct cli_verb *verb, struct buf *out);
void cli_overview(struct buf *out);
/* bash, zsh or fish; ASSAY_E_USAGE for another shell. */
ASSAY_MUST_USE enum assay_status cli_completion(const char *shell, struct buf *out,
    struct assay_error *err);

/* Prints the error for people or, with --json, as an object; returns the exit status that fits it. */
int cli_error(const struct cli *cli, const struct assay_error *err);
/* Writes to standard output; a failure is an error like any other. */
ASSAY_MUST_USE enum assay_status cli_print(const struct buf *out, struct assay_error *err);
/* A progress line on a terminal: ctx is the struct cli; see struct probe_context. */
void cli_progress(void *ctx, const char *what, uint64_t done, uint64_t total);
void cli_progress_end(const struct cli *cli);

/* One file a verb. */
int verb_init(struct cli *cli, struct assay_error *err);
int verb_check(struct cli *cli, struct assay_error *err);
int verb_explain(struct cli *cli, struct assay_error *err);
int verb_audit(struct cli *cli, struct assay_error *err);
int verb_log(struct cli *cli, struct assay_error *err);
int verb_trust(struct cli *cli, struct assay_error *err);
int verb_report(struct cli *cli, struct assay_error *err);
int verb_signoff(struct cli *cli, struct assay_error *err);
int verb_close(struct cli *cli, struct assay_error *err);
int verb_deviate(struct cli *cli, struct assay_error *err);
int verb_access(struct cli *cli, struct assay_error *err);
int verb_roster(struct cli *cli, struct assay_error *err);
int verb_standard(struct cli *cli, struct assay_error *err);
int verb_qualify(struct cli *cli, struct assay_error *err);
int verb_docs(struct cli *cli, struct assay_error *err);
int verb_review(struct cli *cli, struct assay_error *err);
int verb_findings(struct cli *cli, struct assay_error *err);
int verb_digest(struct cli *cli, struct assay_error *err);
int verb_canary(struct cli *cli, struct assay_error *err);
int verb_import(struct cli *cli, struct assay_error *err);
int verb_seal(struct cli *cli, struct assay_error *err);
int verb_drill(struct cli *cli, struct assay_error *err);
int verb_verify(struct cli *cli, struct assay_error *err);
int verb_key(struct cli *cli, struct assay_error *err);
int verb_completion(struct cli *cli, struct assay_error *err);
