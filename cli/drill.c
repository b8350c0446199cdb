/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay drill: a release is attacked in copy, and the record says what each attack came to.
 */
#include "drill.h"
#include "state.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <drill/drill.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <policy/attacks.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define OUT_MAX (64u << 20)
#define THREADS_MAX 1024
#define TARGET_SECONDS 60
#define TARGET_SECONDS_MAX 86400

static volatile sig_atomic_t stopped;

static void
stop_on(int number)
{
	stopped = number;
}

static bool
stop(void *ctx)
{
	(void)ctx;
	return stopped != 0;
}

/* What was copied is removed whoever ends the drill. */
static enum assay_status
listen_to_signals(struct assay_error *err)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = stop_on };
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (sigaction(numbers[i], &action, NULL) != 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't listen to signals: %s", text_errno(errno));
	}
	return ASSAY_OK;
}

static enum assay_status
real(struct cli *cli, const char *path, const char **ret, struct assay_error *err)
{
	char full[PATH_MAX];
	if (realpath(path, full) == NULL) {
		(void)assay_fail(err, errno == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM, "can't open it: %s", text_errno(errno));
		return assay_error_at(err, err->status, path, 0, 0);
	}
	*ret = arena_str(cli->arena, full);
	return *ret == NULL ? arena_full(err) : ASSAY_OK;
}

/* The static program: as named, else the one beside this one, or the one in the release that operators have. */
static enum assay_status
find_verifier(struct cli *cli, const char *tree, const char **ret, struct assay_error *err)
{
	char own[PATH_MAX];
	if (cli->verifier != NULL)
		return real(cli, cli->verifier, ret, err);
	const ssize_t n = cli->by_operator ? 0 : readlink("/proc/self/exe", own, sizeof own - 1);
	if (n < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't tell where this program lies: %s", text_errno(errno));
	own[n] = '\0';
	if (n > 0)
		*strrchr(own, '/') = '\0';
	const char *path = arena_printf(cli->arena, "%s/assay-verify", cli->by_operator ? tree : own);
	if (path == NULL)
		return arena_full(err);
	if (real(cli, path, ret, err) == ASSAY_OK)
		return ASSAY_OK;
	return assay_error_todo(err, err->status, cli->by_operator ? "name the verifier in the release with --verifier" : "name the static verifier with --verifier");
}

/* It is started as it is, without a shell: a file that the kernel takes for a program. What keeps it from being one, or NULL. */
static const char *
no_program(int fd)
{
	unsigned char begin[4] = { 0 };
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "no file that can be read";
	if ((st.st_mode & 0111) == 0)
		return "nobody may run it";
	const bool whole = pread(fd, begin, sizeof begin, 0) == (ssize_t)sizeof begin;
	return whole && (memcmp(begin, "#!", 2) == 0 || memcmp(begin, "\x7f" "ELF", sizeof begin) == 0) ? NULL : "neither '#!' nor ELF";
}

static enum assay_status
check_program(const char *path, struct assay_error *err)
{
	const char *why = "no file that can be read";
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		why = no_program(fd);
		(void)close(fd);
	}
	if (why == NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "it is no program that can be run: %s", why);
	return assay_error_at(err, ASSAY_E_USAGE, path, 0, 0);
}

/* The product's own, under the name of its file. */
static enum assay_status
find_target(struct cli *cli, struct drill_request *q, struct assay_error *err)
{
	if (cli->target == NULL && cli->target_seconds != 0)
		return assay_fail(err, ASSAY_E_USAGE, "--target-seconds is about --target, and there is none");
	if (cli->target == NULL)
		return ASSAY_OK;
	if (cli->by_operator)
		return assay_fail(err, ASSAY_E_USAGE, "operators type what is written and run no --target");
	if (cli->target_seconds > TARGET_SECONDS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "more than %d seconds for one copy are a mistake", TARGET_SECONDS_MAX);
	const char *slash = strrchr(cli->target, '/');
	TRY(real(cli, cli->target, &q->target, err));
	TRY(check_program(q->target, err));
	if (strchr(q->target, '=') != NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "the path of the product's own check has a '=' in it: %s", q->target);
		return assay_error_todo(err, ASSAY_E_USAGE, "move it to a folder without");
	}
	q->target_name = slash == NULL ? cli->target : slash + 1;
	q->target_seconds = cli->target_seconds == 0 ? TARGET_SECONDS : (unsigned)cli->target_seconds;
	return ASSAY_OK;
}

/* A record within the release would be a file that nobody signed. */
static enum assay_status
check_out(struct cli *cli, const struct drill_request *q, struct assay_error *err)
{
	const char *folders[] = { q->tree, q->seal };
	const char *folder = NULL;
	if (cli->out == NULL)
		return ASSAY_OK;
	char *copy = arena_str(cli->arena, cli->out);
	if (copy == NULL)
		return arena_full(err);
	char *slash = strrchr(copy, '/');
	if (slash != NULL)
		slash[slash == copy ? 1 : 0] = '\0';
	TRY(real(cli, slash == NULL ? "." : copy, &folder, err));
	for (size_t i = 0; i < 2; i++) {
		const size_t len = strlen(folders[i]);
		if (strncmp(folder, folders[i], len) == 0 && (folder[len] == '/' || folder[len] == '\0'))
			return assay_fail(err, ASSAY_E_USAGE, "the record can't lie in the release: nobody signed it");
	}
	return ASSAY_OK;
}

static enum assay_status
digest_file(const char *path, char ret[ASSAY_TUF_HEX_SIZE], struct assay_error *err)
{
	CLEANUP(file_view_done) struct file_view view = { .own = NULL };
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(file_view(path, (size_t)256 << 20, &view, err));
	TRY(assay_sha256(view.bytes, digest));
	text_hex((struct assay_span){ digest, sizeof digest }, ret);
	return ASSAY_OK;
}

static enum assay_status
make_request(struct cli *cli, struct drill_request *q, struct assay_error *err)
{
	const char *temporary = state_variable("TMPDIR");
	if (cli->root == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is nobody to trust: who made the release can't be taken from its seal");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --root FINGERPRINT, as 'assay trust show' prints it");
	}
	if (cli->threads > THREADS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "more than %d threads are of no use", THREADS_MAX);
	*q = (struct drill_request){ .root = cli->root, .now = (int64_t)time(NULL), .threads = (unsigned)cli->threads, .arena = cli->arena,
		.progress = cli_progress, .stop = stop, .ctx = cli };
	TRY(real(cli, cli->args[0], &q->seal, err));
	TRY(real(cli, cli->args[1], &q->tree, err));
	TRY(real(cli, temporary != NULL && temporary[0] == '/' ? temporary : "/tmp", &q->temporary, err));
	TRY(find_verifier(cli, q->tree, &q->verifier, err));
	TRY(find_target(cli, q, err));
	return check_out(cli, q, err);
}

static void
add_words(struct buf *out, const char *words)
{
	if (words[0] == '\0')
		return;
	buf_add_str(out, "- ");
	text_escape(out, assay_span_str(words), false);
	buf_add_byte(out, ' ');
}

/* Did what it must: refuse an attack, take a control case. */
static bool
target_good(const struct drill_try *t)
{
	return t->target == (t->kind == DRILL_CONTROL ? DRILL_TARGET_TOOK : DRILL_TARGET_REFUSED);
}

static const char *
target_words(const struct drill_try *t)
{
	if (t->target == DRILL_TARGET_TOOK && t->kind == DRILL_ATTACK)
		return t->target_must ? "took it" : "took it, which it may";
	return t->target == DRILL_TARGET_TOOK ? "took it" : t->target == DRILL_TARGET_REFUSED ? "refused it" :
	    t->target == DRILL_TARGET_FAILED ? "failed" : "not tried";
}

static void
add_attack(const struct drill_try *t, struct buf *out)
{
	const bool done = t->kind == DRILL_CONTROL ? t->outcome == DRILL_ACCEPTED && t->why[0] == '\0' : t->outcome == DRILL_REJECTED;
	const bool target_bad = t->target_must && t->target >= DRILL_TARGET_TOOK && !target_good(t);
	const char *mark = t->outcome == DRILL_NOT_TRIED ? "--" : done && !target_bad ? "ok" : "NO";
	buf_addf(out, "%-3s %-34s %-10s ", mark, t->id, drill_outcome_name(t));
	for (size_t i = 0; i < ASSAY_RELEASE_CODES; i++) {
		if (((t->found | t->child) >> i & 1) != 0)
			buf_addf(out, "%s ", assay_release_code_name((enum assay_release_code)i));
	}
	add_words(out, t->why);
	if (t->target != DRILL_TARGET_NONE) {
		buf_addf(out, "| own check: %s ", target_words(t));
		if (!target_good(t))
			add_words(out, t->target_why);
	}
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_add_byte(out, '\n');
}

/* A line for each kind of attack. */
static void
add_kinds(const struct drill *d, bool target, struct buf *out)
{
	buf_addf(out, "\n%-32s %8s %9s %8s%s\n", "attacks on", "rejected", "not tried", "NOT so", target ? "   own check: refused     took   failed" : "");
	for (int kind = 0; kind < ATTACK_KINDS; kind++) {
		size_t rejected = 0, not_tried = 0, otherwise = 0, by_target[DRILL_TARGET_FAILED + 1] = { 0 };
		for (size_t i = 0; i < d->count; i++) {
			const struct drill_try *t = &d->tries[i];
			const struct attack *attack = t->name == NULL ? NULL : attack_find(t->name);
			if (t->kind == DRILL_CONTROL || (attack == NULL ? ATTACK_ON_PAST : attack->kind) != (enum attack_kind)kind)
				continue;
			rejected += t->outcome == DRILL_REJECTED;
			not_tried += t->outcome == DRILL_NOT_TRIED;
			otherwise += t->outcome == DRILL_ACCEPTED || t->outcome == DRILL_OTHER_CODE;
			by_target[t->target]++;
		}
		buf_addf(out, "%-32s %8zu %9zu %8zu", attack_kind_words((enum attack_kind)kind), rejected, not_tried, otherwise);
		if (target)
			buf_addf(out, "   %19zu %8zu %8zu", by_target[DRILL_TARGET_REFUSED], by_target[DRILL_TARGET_TOOK], by_target[DRILL_TARGET_FAILED]);
		buf_add_byte(out, '\n');
	}
}

/* What it took of what it must refuse, by name and by what that means. */
static void
add_taken(const struct drill *d, struct buf *out)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct drill_try *t = &d->tries[i];
		if (t->kind == DRILL_ATTACK && t->target_must && (t->target == DRILL_TARGET_TOOK || t->target == DRILL_TARGET_FAILED))
			buf_addf(out, "%s '%s': %s\n", t->target == DRILL_TARGET_TOOK ? "it TOOK" : "it FAILED at", t->id, t->says);
	}
}

static void
report_target(const struct drill *d, const struct drill_request *q, struct buf *out)
{
	buf_add_str(out, "the product's own check '");
	text_escape(out, assay_span_str(q->target_name), false);
	if (!d->target_sound) {
		buf_add_str(out, "' didn't take the untouched copy: what it refuses shows nothing\n");
		return;
	}
	buf_addf(out, "': of what it must refuse it refused %zu, TOOK %zu, FAILED at %zu\n", d->target_refused, d->target_took, d->target_failed);
	add_taken(d, out);
	if (!d->target_world)
		buf_add_str(out, "it doesn't take releases of the drill's own maker (ASSAY_DRILL_ROOT): what only holders of keys could do wasn't tried on it\n");
	if (d->target_not_tried > 0)
		buf_addf(out, "%zu of %zu kinds of attacks came to it in no way\n", d->target_not_tried, attack_count);
}

static void
report(const struct drill *d, const struct drill_request *q, struct buf *out)
{
	buf_addf(out, "%s %s, release %llu, attacked in copy\n\n", d->product, d->version, (unsigned long long)d->number);
	for (size_t i = 0; i < d->count; i++)
		add_attack(&d->tries[i], out);
	add_kinds(d, q->target != NULL, out);
	buf_addf(out, "\n%zu attacks: %zu rejected for their own reason, %zu not tried, %zu NOT rejected so\n", d->attacks, d->rejected, d->not_tried,
	    d->attacks - d->rejected - d->not_tried);
	if (!d->sound && (q->target == NULL || d->target_sound))
		buf_add_str(out, "a control case was not accepted: this shows nothing\n");
	if (q->target != NULL)
		report_target(d, q, out);
	else
		buf_add_str(out, "tried with our verifier only, and not with the product's own updater or boot check\n");
}

static enum assay_status
drill(struct cli *cli, struct drill *d, struct buf *out, int *ret_exit, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf record = BUF_INIT(DRILL_RECORD_MAX);
	unsigned char own[ASSAY_SHA256_SIZE];
	struct drill_programs programs = { .target = "" };
	struct drill_request q;
	TRY(make_request(cli, &q, err));
	TRY(listen_to_signals(err));
	if (cli->by_operator)
		return drill_by_operator(cli, &q, out, ret_exit, err);
	TRY(state_program_digest(own, err));
	text_hex((struct assay_span){ own, sizeof own }, programs.assay);
	TRY(digest_file(q.verifier, programs.verifier, err));
	if (q.target != NULL)
		TRY(digest_file(q.target, programs.target, err));
	const enum assay_status status = drill_run(&q, d, err);
	cli_progress_end(cli);
	if (status != ASSAY_OK)
		return status;
	TRY(drill_record(d, &q, &programs, &record, err));
	if (cli->json)
		TRY(drill_report(d, &q, &programs, out, err));
	else
		report(d, &q, out);
	*ret_exit = !d->sound ? EXIT_NOT_EVALUATED : d->all ? EXIT_NO_GAP : EXIT_GAP;
	return cli->out == NULL ? ASSAY_OK : file_write_atomic(AT_FDCWD, cli->out, buf_span(&record), 0666, err);
}

int
verb_drill(struct cli *cli, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	struct drill *d = arena_alloc(cli->arena, sizeof *d);
	int status = EXIT_NOT_EVALUATED;
	if (d == NULL) {
		(void)arena_full(err);
		return cli_error(cli, err);
	}
	if (drill(cli, d, &out, &status, err) != ASSAY_OK || cli_print(&out, err) != ASSAY_OK)
		return cli_error(cli, err);
	return status;
}
