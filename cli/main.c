/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay: finds the verb in the table and runs it.
 */
#include "cli.h"
#include "state.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <errno.h>
#include <git2.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/ioctl.h>

#define CLI_ARENA_MAX (64u << 20)

enum assay_status
cli_print(const struct buf *out, struct assay_error *err)
{
	enum assay_status status = buf_status(out, "output", err);
	if (status != ASSAY_OK)
		return status;
	struct assay_span bytes = buf_span(out);
	if (fwrite(bytes.data, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_E_SYSTEM, "can't write to standard output: %s", text_errno(errno));
}

static int
exit_for(enum assay_status status)
{
	switch (status) {
	case ASSAY_OK:
		return EXIT_NO_GAP;
	case ASSAY_E_VERIFY:
		return EXIT_GAP;
	case ASSAY_E_USAGE:
	case ASSAY_E_FORMAT:
	case ASSAY_E_VERSION:
	case ASSAY_E_NOT_FOUND:
		return EXIT_USAGE;
	case ASSAY_E_SYSTEM:
	case ASSAY_E_LIMIT:
	case ASSAY_E_UNSUPPORTED:
		return EXIT_NOT_EVALUATED;
	case ASSAY_E_MEMORY:
	case ASSAY_E_INTERNAL:
		break;
	}
	return EXIT_INTERNAL;
}

/* "what", "file", "line", "column", "todo" as one object on standard output. */
static void
error_json(const struct assay_error *err)
{
	json_t *object = json_pack("{s:s, s:{s:s, s:s, s:s, s:i, s:i, s:s}}", "schema", "assay-error/1",
	    "error", "status", assay_status_name(err->status), "what", err->what, "file", err->file,
	    "line", (int)err->line, "column", (int)err->column, "todo", err->todo);
	if (object == NULL) /* bytes that aren't UTF-8 */
		object = json_pack("{s:s, s:{s:s}}", "schema", "assay-error/1", "error", "status",
		    assay_status_name(err->status));
	if (object != NULL) {
		(void)json_dumpf(object, stdout, JSON_COMPACT | JSON_SORT_KEYS);
		(void)fputc('\n', stdout);
		(void)fflush(stdout);
	}
	json_decref(object);
}

int
cli_error(const struct cli *cli, const struct assay_error *err)
{
	struct buf line = BUF_INIT(1u << 16);
	cli_progress_end(cli);
	buf_add_str(&line, "assay: ");
	if (err->file[0] != '\0') {
		text_escape(&line, assay_span_str(err->file), false);
		if (err->line != 0)
			buf_addf(&line, ":%u", err->line);
		if (err->line != 0 && err->column != 0)
			buf_addf(&line, ":%u", err->column);
		buf_add_str(&line, ": ");
	}
	text_escape(&line, assay_span_str(err->what), false);
	if (err->todo[0] != '\0') {
		buf_add_str(&line, "\n       ");
		text_escape(&line, assay_span_str(err->todo), false);
	}
	(void)fprintf(stderr, "%s\n", buf_str(&line));
	buf_done(&line);
	if (cli->json)
		error_json(err);
	return exit_for(err->status);
}

void
cli_progress(void *ctx, const char *what, uint64_t done, uint64_t total)
{
	const struct cli *cli = ctx;
	if (cli->quiet || cli->json || isatty(STDERR_FILENO) == 0)
		return;
	if (total != 0)
		(void)fprintf(stderr, "\r\033[K%s: %" PRIu64 " of %" PRIu64, what, done, total);
	else
		(void)fprintf(stderr, "\r\033[K%s: %" PRIu64, what, done);
	(void)fflush(stderr);
}

void
cli_progress_end(const struct cli *cli)
{
	if (!cli->quiet && !cli->json && isatty(STDERR_FILENO) != 0)
		(void)fputs("\r\033[K", stderr);
}

static void
look_at_terminal(struct cli *cli)
{
	struct winsize size;
	cli->terminal = isatty(STDOUT_FILENO) != 0;
	cli->width = 80;
	if (cli->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		cli->width = size.ws_col;
	const char *no_colour = state_variable("NO_COLOR");
	const char *term = state_variable("TERM");
	if (!cli->terminal || (no_colour != NULL && no_colour[0] != '\0') ||
	    (term != NULL && strcmp(term, "dumb") == 0))
		cli->no_colour = true;
}

static int
unknown_verb(const struct cli *cli, const char *given)
{
	const char *names[32];
	size_t count = 0;
	for (size_t i = 0; i < cli_verb_count && count < 32; i++)
		names[count++] = cli_verbs[i].name;
	struct assay_error err = { 0 };
	(void)assay_fail(&err, ASSAY_E_USAGE, "there is no verb '%s'", given);
	const char *near = text_nearest(given, names, count);
	if (near != NULL)
		(void)assay_error_todo(&err, ASSAY_E_USAGE, "did you mean 'assay %s'?", near);
	else
		(void)assay_error_todo(&err, ASSAY_E_USAGE, "see 'assay --help'");
	return cli_error(cli, &err);
}

/* An option that can't be read ends the reading; how to say so may be asked for by a later one. */
static bool
asks_for_json(int argc, char *const *argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "-j") == 0)
			return true;
	}
	return false;
}

static int
run_verb(const struct cli_verb *verb, struct cli *cli, int argc, char **argv)
{
	struct assay_error err = { 0 };
	if (cli_parse(verb, argc, argv, cli, &err) != ASSAY_OK) {
		cli->json |= asks_for_json(argc, argv);
		return cli_error(cli, &err);
	}
	if (!cli->help)
		return verb->run(cli, &err);
	struct buf out = BUF_INIT(1u << 20);
	cli_help(verb, &out);
	enum assay_status status = cli_print(&out, &err);
	buf_done(&out);
	return status == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, &err);
}

/* "assay", "assay --help", "assay help", "assay --version". */
static int
run_without_verb(const struct cli *cli, const char *word)
{
	struct assay_error err = { 0 };
	struct buf out = BUF_INIT(1u << 20);
	if (word != NULL && strcmp(word, "--version") == 0)
		buf_add_str(&out, "assay " ASSAY_VERSION "\n");
	else
		cli_overview(&out);
	enum assay_status status = cli_print(&out, &err);
	buf_done(&out);
	if (status != ASSAY_OK)
		return cli_error(cli, &err);
	return word == NULL ? EXIT_USAGE : EXIT_NO_GAP;
}

/*
 * libgit2 reads all certificates of the system when it starts, for connections that assay never makes. What has nothing to do with
 * repositories is spared that.
 */
static bool
needs_libgit2(const char *word)
{
	static const char *const without[] = { "verify", "digest", "completion", "help", "--help", "-h", "--version" };
	for (size_t i = 0; word != NULL && i < sizeof without / sizeof without[0]; i++) {
		if (strcmp(word, without[i]) == 0)
			return false;
	}
	return word != NULL;
}

static bool
start_libraries(bool with_libgit2)
{
	/* A reader that goes away is an error of write(2), said in words, not a silent end. */
	(void)signal(SIGPIPE, SIG_IGN);
	/* And so is a file that may not grow further. */
	(void)signal(SIGXFSZ, SIG_IGN);
	return sodium_init() >= 0 && (!with_libgit2 || git_libgit2_init() >= 0) &&
	    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1;
}

int
main(int argc, char **argv)
{
	static struct cli cli;
	const char *word = argc > 1 ? argv[1] : NULL;
	const bool with_libgit2 = needs_libgit2(word);
	look_at_terminal(&cli);
	if (!start_libraries(with_libgit2) || arena_new(CLI_ARENA_MAX, &cli.arena) != ASSAY_OK) {
		(void)fputs("assay: the libraries it stands on don't start\n", stderr);
		return EXIT_INTERNAL;
	}
	int status;
	if (word == NULL || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
	    strcmp(word, "help") == 0 || strcmp(word, "--version") == 0) {
		status = run_without_verb(&cli, word);
	} else {
		const struct cli_verb *verb = NULL;
		for (size_t i = 0; i < cli_verb_count && verb == NULL; i++) {
			if (strcmp(cli_verbs[i].name, word) == 0)
				verb = &cli_verbs[i];
		}
		status = verb == NULL ? unknown_verb(&cli, word)
				      : run_verb(verb, &cli, argc - 1, argv + 1);
	}
	arena_free(&cli.arena);
	if (with_libgit2)
		(void)git_libgit2_shutdown();
	return status;
}
