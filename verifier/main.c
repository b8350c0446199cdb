/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay-verify: one static file that an operator copies to a machine and runs there. Options, clock and exit status; all else is
 * src/verify. It opens no socket and starts no program.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <verify/job.h>

#define EXIT_USAGE 2
#define EXIT_INTERNAL 4
#define OUT_MAX (16u << 20)
#define LINE_MAX_BYTES (64u << 10)

struct words {
	const char *root, *state, *seal, *rollback, *receipt, *site, *product, *threads;
	bool install, json, quiet, help, version;
	const char *tree;
};

static const struct option_row {
	const char *name;
	char letter;
	const char *argument; /* NULL: a flag */
	size_t offset;
	const char *help;
} rows[] = {
	{ "root", 0, "FINGERPRINT", offsetof(struct words, root), "the maker's trust root, as the instructions for use print it" },
	{ "state", 0, "DIR", offsetof(struct words, state), "what this machine remembers of what was installed" },
	{ "seal", 0, "DIR", offsetof(struct words, seal), "the seal (default: TREE/assay-seal, or else TREE.seal)" },
	{ "install", 0, NULL, offsetof(struct words, install), "before it is installed: refuse what expired, and remember it" },
	{ "rollback", 0, "FILE", offsetof(struct words, rollback), "an authorisation to go back (default: the seal's)" },
	{ "product", 0, "NAME", offsetof(struct words, product), "refuse what is of another product" },
	{ "receipt", 0, "FILE", offsetof(struct words, receipt), "write what was seen, to be signed and kept" },
	{ "site", 0, "TEXT", offsetof(struct words, site), "the name of this machine or place, in the receipt" },
	{ "threads", 0, "N", offsetof(struct words, threads), "use N threads (default: one a core)" },
	{ "json", 'j', NULL, offsetof(struct words, json), "print one JSON array instead of text" },
	{ "quiet", 'q', NULL, offsetof(struct words, quiet), "no progress" },
	{ "help", 'h', NULL, offsetof(struct words, help), "say how this program is used" },
	{ "version", 0, NULL, offsetof(struct words, version), "print the version" },
};
#define ROWS (sizeof rows / sizeof rows[0])

/* ---- options ---- */

static enum assay_status
usage(struct assay_error *err, const char *word, const char *what)
{
	(void)assay_fail(err, ASSAY_E_USAGE, "'%s' %s", word, what);
	return assay_error_todo(err, ASSAY_E_USAGE, "see 'assay-verify --help'");
}

/* The row of "--name", "--name=value" or "-n"; *ret_value what stands behind '='. */
static const struct option_row *
find_row(const char *word, const char **ret_value)
{
	*ret_value = NULL;
	for (size_t i = 0; i < ROWS; i++) {
		const size_t len = strlen(rows[i].name);
		if (word[1] != '-' && rows[i].letter != 0 && word[1] == rows[i].letter && word[2] == '\0')
			return &rows[i];
		if (word[1] != '-' || strncmp(word + 2, rows[i].name, len) != 0 || (word[2 + len] != '\0' && word[2 + len] != '='))
			continue;
		*ret_value = word[2 + len] == '=' ? word + 3 + len : NULL;
		return &rows[i];
	}
	return NULL;
}

static enum assay_status
take(char *const *argv, int argc, int *at, struct words *w, struct assay_error *err)
{
	const char *value = NULL;
	const struct option_row *row = find_row(argv[*at], &value);
	if (row == NULL)
		return usage(err, argv[*at], "is no option here");
	void *where = (char *)w + row->offset;
	if (row->argument == NULL) {
		const bool on = true;
		if (value != NULL)
			return usage(err, row->name, "takes no value");
		memcpy(where, &on, sizeof on);
		return ASSAY_OK;
	}
	if (value == NULL && *at + 1 < argc)
		value = argv[++*at];
	if (value == NULL || value[0] == '\0')
		return usage(err, row->name, "wants a value");
	memcpy(where, &value, sizeof value);
	return ASSAY_OK;
}

static enum assay_status
read_words(int argc, char *const *argv, struct words *w, struct assay_error *err)
{
	bool options = true;
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			const enum assay_status status = take(argv, argc, &i, w, err);
			if (status != ASSAY_OK)
				return status;
		} else if (w->tree != NULL) {
			return usage(err, argv[i], "is one too many: one folder or file is verified");
		} else {
			w->tree = argv[i];
		}
	}
	if (w->tree == NULL && !w->help && !w->version)
		return usage(err, "TREE", "is missing: name the folder or file to verify");
	return ASSAY_OK;
}

static void
help(struct buf *out)
{
	buf_add_str(out, "usage: assay-verify [options] TREE\n\n"
			 "hold a release, delivered or installed, against its seal\n\n");
	for (size_t i = 0; i < ROWS; i++) {
		char left[64];
		text_put(left, sizeof left, "%c%c%s --%s%s%s", rows[i].letter != 0 ? '-' : ' ', rows[i].letter != 0 ? rows[i].letter : ' ',
		    rows[i].letter != 0 ? "," : " ", rows[i].name, rows[i].argument != NULL ? " " : "",
		    rows[i].argument != NULL ? rows[i].argument : "");
		buf_addf(out, "  %-28s  %s\n", left, rows[i].help);
	}
	buf_add_str(out, "\nexit status: 0 intact, 1 not intact, 2 usage or a damaged state folder, 3 could not be evaluated, 4 internal error\n"
			 "more: man assay-verify\n");
}

/* ---- what is said ---- */

static int
exit_for(enum assay_status status)
{
	switch (status) {
	case ASSAY_OK:
		return VERIFY_EXIT_INTACT;
	case ASSAY_E_VERIFY:
		return VERIFY_EXIT_NOT_INTACT;
	case ASSAY_E_USAGE:
	case ASSAY_E_FORMAT:
	case ASSAY_E_VERSION:
	case ASSAY_E_NOT_FOUND:
		return EXIT_USAGE;
	case ASSAY_E_SYSTEM:
	case ASSAY_E_LIMIT:
	case ASSAY_E_UNSUPPORTED:
		return VERIFY_EXIT_NOT_EVALUATED;
	case ASSAY_E_MEMORY:
	case ASSAY_E_INTERNAL:
		break;
	}
	return EXIT_INTERNAL;
}

static void
json_error(const struct assay_error *err)
{
	struct buf out = BUF_INIT(LINE_MAX_BYTES);
	buf_addf(&out, "{\"error\":{\"column\":%u,\"file\":", err->column);
	verify_json_string(&out, err->file);
	buf_addf(&out, ",\"line\":%u,\"status\":\"%s\",\"todo\":", err->line, assay_status_name(err->status));
	verify_json_string(&out, err->todo);
	buf_add_str(&out, ",\"what\":");
	verify_json_string(&out, err->what);
	buf_add_str(&out, "},\"schema\":\"assay-error/1\"}\n");
	(void)fputs(buf_str(&out), stdout);
	(void)fflush(stdout);
	buf_done(&out);
}

static int
complain(const struct assay_error *err, bool json)
{
	struct buf line = BUF_INIT(LINE_MAX_BYTES);
	buf_add_str(&line, "assay-verify: ");
	if (err->file[0] != '\0') {
		text_escape(&line, assay_span_str(err->file), false);
		buf_add_str(&line, ": ");
	}
	text_escape(&line, assay_span_str(err->what), false);
	if (err->todo[0] != '\0') {
		buf_add_str(&line, "\n              ");
		text_escape(&line, assay_span_str(err->todo), false);
	}
	(void)fprintf(stderr, "%s\n", buf_str(&line));
	buf_done(&line);
	if (json)
		json_error(err);
	return exit_for(err->status);
}

static enum assay_status
print(const struct buf *out, struct assay_error *err)
{
	const enum assay_status status = buf_status(out, "output", err);
	if (status != ASSAY_OK)
		return status;
	const struct assay_span bytes = buf_span(out);
	if (fwrite(bytes.data, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_SYSTEM, "can't write to standard output: %s", text_errno(errno));
}

static void
progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	(void)fprintf(stderr, "\r\033[K%" PRIu64 " of %" PRIu64, done, total);
	(void)fflush(stderr);
}

/* ---- in order ---- */

static enum assay_status
make_job(const struct words *w, struct verify_job *job, struct assay_error *err)
{
	uint64_t threads = 0;
	if (w->threads != NULL && (text_to_u64(assay_span_str(w->threads), &threads) != ASSAY_OK || threads > 1024))
		return usage(err, w->threads, "is no number of threads");
	*job = (struct verify_job){ .receipt = w->receipt, .site = w->site, .json = w->json };
	job->request = (struct verify_request){ .tree = w->tree, .seal = w->seal, .state = w->state, .root = w->root,
		.rollback = w->rollback, .product = w->product, .install = w->install, .now = (int64_t)time(NULL),
		.threads = (unsigned)threads };
	if (!w->quiet && !w->json && isatty(STDERR_FILENO) != 0)
		job->request.progress = progress;
	return ASSAY_OK;
}

static int
verify(const struct words *w, struct buf *out)
{
	struct assay_error err = { 0 };
	struct verify_job job;
	bool told = false;
	int result = EXIT_INTERNAL;
	enum assay_status status = make_job(w, &job, &err);
	if (status == ASSAY_OK)
		status = verify_job_run(&job, out, &told, &result, &err);
	if (job.request.progress != NULL)
		(void)fputs("\r\033[K", stderr);
	if (!told)
		return complain(&err, w->json);
	struct assay_error unsaid = { 0 };
	const bool said = print(out, &unsaid) == ASSAY_OK;
	if (said && status == ASSAY_OK)
		return result;
	/* That it isn't intact matters more than that this could not be said or put on record. */
	const int failed = complain(said ? &err : &unsaid, false);
	return result == VERIFY_EXIT_NOT_INTACT ? result : failed;
}

int
main(int argc, char **argv)
{
	struct words w = { 0 };
	struct assay_error err = { 0 };
	struct buf out = BUF_INIT(OUT_MAX);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	int result;
	if (read_words(argc, argv, &w, &err) != ASSAY_OK) {
		result = complain(&err, w.json);
	} else if (w.help || w.version) {
		if (w.help)
			help(&out);
		else
			buf_add_str(&out, "assay-verify " ASSAY_VERSION "\n");
		result = print(&out, &err) == ASSAY_OK ? VERIFY_EXIT_INTACT : complain(&err, false);
	} else {
		result = verify(&w, &out);
	}
	buf_done(&out);
	return result;
}
