/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay digest: digests of files and of all files of folders, and lists of them checked.
 */
#include "cli.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <files/hash.h>
#include <files/sums.h>
#include <string.h>
#include <sys/stat.h>

/* Text that waits to be printed. */
#define OUT_ROOM ((size_t)1 << 16)
#define OUT_MAX ((size_t)256 << 20)
#define PATH_TEXT_MAX ((size_t)16 << 10)

struct algorithm {
	const char *name;
	unsigned want;
	size_t len;
	size_t offset; /* in a result */
};

static const struct algorithm algorithms[] = {
	{ "sha256", HASH_SHA256, 32, offsetof(struct hash_result, sha256) },
	{ "sha384", HASH_SHA384, 48, offsetof(struct hash_result, sha384) },
	{ "sha512", HASH_SHA512, 64, offsetof(struct hash_result, sha512) },
	{ "fsverity", HASH_VERITY, 32, offsetof(struct hash_result, verity) },
};

/* What a file's note holds: the digest that a list gives, and its name. */
struct expected {
	unsigned char digest[SUMS_DIGEST_MAX];
};

struct digests {
	struct cli *cli;
	const struct algorithm *algorithm;
	struct hasher *hasher;
	bool checking;
	const char *folder;    /* that is walked */
	struct buf out;        /* lines, or the members of a list in JSON */
	struct buf path;       /* of the entry at hand */
	uint64_t files, wrong, unread, passed_over;
};

static void
digests_done(struct digests *d)
{
	hasher_free(&d->hasher);
	buf_done(&d->out);
	buf_done(&d->path);
}

/* Text goes out as it comes; JSON is one object, and whole or not there. */
static enum assay_status
flush(struct digests *d, size_t room, struct assay_error *err)
{
	if (d->cli->json || d->out.len <= room)
		return ASSAY_OK;
	TRY(cli_print(&d->out, err));
	buf_reset(&d->out);
	return ASSAY_OK;
}

/* -------- what is said of a file -------- */

static enum assay_status
say_json(struct digests *d, struct assay_span name, const unsigned char *digest, const char *state, const char *why,
    struct assay_error *err)
{
	char hex[2 * SUMS_DIGEST_MAX + 1] = "";
	if (digest != NULL)
		text_hex((struct assay_span) { digest, d->algorithm->len }, hex);
	CLEANUP(canon_unref) json_t *entry = json_pack("{s:o, s:s, s:s*, s:s*}", "path", canon_text(name), "state", state, "digest",
	    digest == NULL ? NULL : hex, "why", why);
	if (entry == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer");
	if (d->out.len > 0)
		buf_add_byte(&d->out, ',');
	return canon_write(entry, &d->out, err);
}

/* A name for people: on standard error, and beside OK and FAILED. */
static void
add_name(struct buf *out, struct assay_span name)
{
	text_escape(out, name, false);
}

static enum assay_status
say_digest(struct digests *d, struct assay_span name, const unsigned char *digest, struct assay_error *err)
{
	if (d->cli->json)
		return say_json(d, name, digest, "digest", NULL, err);
	if (!d->cli->terminal) {
		sums_add(&d->out, (struct assay_span) { digest, d->algorithm->len }, d->algorithm->want == HASH_VERITY, name);
		return flush(d, OUT_ROOM, err);
	}
	/* No name shall steer a terminal. */
	CLEANUP(buf_done) struct buf line = BUF_INIT(PATH_TEXT_MAX);
	sums_add(&line, (struct assay_span) { digest, d->algorithm->len }, d->algorithm->want == HASH_VERITY, name);
	struct assay_span text = buf_span(&line);
	if (text.len > 0)
		text_escape(&d->out, (struct assay_span) { text.data, text.len - 1 }, false);
	buf_add_byte(&d->out, '\n');
	return flush(d, OUT_ROOM, err);
}

static enum assay_status
say_checked(struct digests *d, struct assay_span name, bool right, const char *why, struct assay_error *err)
{
	if (d->cli->json)
		return say_json(d, name, NULL, right ? "ok" : "failed", why, err);
	if (right && d->cli->quiet)
		return ASSAY_OK;
	add_name(&d->out, name);
	buf_add_str(&d->out, right ? ": OK\n" : ": FAILED");
	if (!right)
		buf_addf(&d->out, "%s%s\n", why == NULL ? "" : ": ", why == NULL ? "" : why);
	return flush(d, OUT_ROOM, err);
}

static enum assay_status
say_unread(struct digests *d, struct assay_span name, const char *why, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(PATH_TEXT_MAX);
	d->unread++;
	if (d->cli->json)
		return say_json(d, name, NULL, "unread", why, err);
	TRY(flush(d, 0, err));
	buf_add_str(&line, "assay: can't hash '");
	add_name(&line, name);
	buf_addf(&line, "': %s\n", why);
	(void)fputs(buf_str(&line), stderr);
	return ASSAY_OK;
}

static const char *
why_not(const struct hash_result *r)
{
	switch (r->outcome) {
	case HASH_CHANGED:
		return "it changed while it was read";
	case HASH_MISSING:
		return "there is no such file";
	case HASH_OTHER_TYPE:
		return r->facts.type == WALK_FOLDER ? "it is a folder" : "it is no regular file";
	case HASH_UNREADABLE:
		return text_errno(r->error);
	case HASH_TOO_LONG: /* nobody asked for that */
	case HASH_FAILED:
	case HASH_DONE:
		break;
	}
	return "it was not reached";
}

static enum assay_status
done(void *ctx, const struct hash_result *r, struct assay_error *err)
{
	struct digests *d = ctx;
	const unsigned char *digest = (const unsigned char *)r + d->algorithm->offset;
	struct assay_span name = r->note;
	if (d->checking)
		name = (struct assay_span) { r->note.data + sizeof(struct expected), r->note.len - sizeof(struct expected) };
	if (r->outcome != HASH_DONE)
		return say_unread(d, name, why_not(r), err);
	d->files++;
	if (!d->checking)
		return say_digest(d, name, digest, err);
	const bool right = memcmp(r->note.data, digest, d->algorithm->len) == 0;
	d->wrong += right ? 0 : 1;
	return say_checked(d, name, right, NULL, err);
}

/* -------- what is looked at -------- */

static enum assay_status
hash_named(struct digests *d, const char *name, struct assay_span note, struct assay_error *err)
{
	const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0)
		return hasher_open_file(d->hasher, fd, note, err);
	const int error = errno;
	/* What was submitted before is told before. */
	TRY(hasher_finish(d->hasher, err));
	if (!d->checking || error != ENOENT)
		return say_unread(d, assay_span_str(name), error == ENOENT ? "there is no such file" : text_errno(error), err);
	d->files++;
	d->wrong++;
	return say_checked(d, assay_span_str(name), false, "there is no such file", err);
}

static enum assay_status
entry(void *ctx, const struct walk_entry *e, struct assay_error *err)
{
	struct digests *d = ctx;
	buf_reset(&d->path);
	buf_addf(&d->path, "%s%s", d->folder, d->folder[strlen(d->folder) - 1] == '/' ? "" : "/");
	buf_add_span(&d->path, e->path);
	TRY(buf_status(&d->path, "a path", err));
	if (e->error == 0 && e->facts.type == WALK_FILE)
		return hasher_file(d->hasher, e->folder, e->name, e->facts.size, buf_span(&d->path), err);
	if (e->error == 0 && e->facts.type == WALK_FOLDER)
		return ASSAY_OK;
	if (e->error == 0 && e->facts.type == WALK_LINK) {
		d->passed_over++;
		return ASSAY_OK;
	}
	TRY(hasher_finish(d->hasher, err));
	return say_unread(d, buf_span(&d->path), e->error != 0 ? text_errno(e->error) : "it is no regular file", err);
}

static enum assay_status
hash_folder(struct digests *d, const char *name, struct assay_error *err)
{
	static const struct walk_options anywhere = { .one_device = false };
	CLEANUP(walk_drop) struct walk_folder *root = NULL;
	TRY(walk_root(AT_FDCWD, name, &root, err));
	d->folder = name;
	TRY(walk_tree(root, &anywhere, entry, d, err));
	return hasher_finish(d->hasher, err);
}

static enum assay_status
hash_arguments(struct digests *d, struct assay_error *err)
{
	for (size_t i = 0; i < d->cli->arg_count; i++) {
		const char *name = d->cli->args[i];
		struct stat st;
		if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
			TRY(hash_folder(d, name, err));
		else
			TRY(hash_named(d, name, assay_span_str(name), err));
	}
	return hasher_finish(d->hasher, err);
}

static enum assay_status
check_list(struct digests *d, struct assay_error *err)
{
	CLEANUP(file_view_done) struct file_view list = { { NULL, 0 }, NULL };
	CLEANUP(buf_done) struct buf note = BUF_INIT(HASH_NOTE_MAX);
	struct sums_entry line;
	bool end = false;
	TRY(file_view(d->cli->sums, SUMS_MAX, &list, err));
	struct sums_reader r = { .rest = list.bytes, .file = d->cli->sums, .digest_len = d->algorithm->len,
		.verity = d->algorithm->want == HASH_VERITY };
	/* All of it is read before anything is said of a file: half a list is no list. */
	while (!end)
		TRY(sums_next(&r, &line, &end, err));
	r.rest = list.bytes;
	r.line = 0;
	for (;;) {
		TRY(sums_next(&r, &line, &end, err));
		if (end)
			break;
		buf_reset(&note);
		buf_add(&note, line.digest, sizeof(struct expected));
		buf_add_str(&note, line.name);
		TRY(buf_status(&note, "a name", err));
		TRY(hash_named(d, line.name, buf_span(&note), err));
	}
	return hasher_finish(d->hasher, err);
}

/* -------- the end -------- */

static enum assay_status
print_json(struct digests *d, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(OUT_MAX);
	buf_addf(&all, "{\"algorithm\":\"%s\",\"engine\":\"%s\",\"failed\":%" PRIu64 ",\"files\":%" PRIu64 ",\"links\":%" PRIu64
		       ",\"results\":[",
	    d->algorithm->name, hasher_engine(d->hasher), d->wrong, d->files, d->passed_over);
	buf_add_span(&all, buf_span(&d->out));
	buf_addf(&all, "],\"schema\":\"assay-digest/1\",\"unread\":%" PRIu64 "}\n", d->unread);
	TRY(buf_status(&d->out, "the answer", err));
	return cli_print(&all, err);
}

static void
print_summary(const struct digests *d)
{
	if (d->passed_over > 0 && !d->cli->quiet)
		(void)fprintf(stderr, "assay: %" PRIu64 " links were not followed\n", d->passed_over);
	if (d->wrong > 0)
		(void)fprintf(stderr, "assay: %" PRIu64 " of %" PRIu64 " files are not what the list says\n", d->wrong, d->files);
	if (d->unread > 0)
		(void)fprintf(stderr, "assay: %" PRIu64 " files couldn't be hashed\n", d->unread);
	if (d->files == 0)
		(void)fputs("assay: no file was hashed\n", stderr);
}

static int
exit_of(const struct digests *d)
{
	if (d->wrong > 0)
		return EXIT_GAP;
	return d->unread > 0 || d->files == 0 ? EXIT_NOT_EVALUATED : EXIT_NO_GAP;
}

static enum assay_status
choose(struct digests *d, struct assay_error *err)
{
	const char *name = d->cli->algorithm == NULL ? "sha256" : d->cli->algorithm;
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (strcmp(algorithms[i].name, name) == 0)
			d->algorithm = &algorithms[i];
	}
	if (d->algorithm == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is no algorithm '%s'", name);
		return assay_error_todo(err, ASSAY_E_USAGE, "it is one of sha256, sha384, sha512 and fsverity");
	}
	if ((d->cli->arg_count == 0) == (d->cli->sums == NULL))
		return assay_fail(err, ASSAY_E_USAGE, "'assay digest' takes either files and folders or --check FILE");
	return ASSAY_OK;
}

static enum assay_status
start(struct digests *d, struct assay_error *err)
{
	if (d->cli->threads > HASH_THREADS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "at most %d threads hash", HASH_THREADS_MAX);
	const struct hash_options options = { .want = d->algorithm->want, .threads = (unsigned)d->cli->threads,
		.engine = d->cli->engine, .fips = d->cli->fips };
	return hasher_new(&options, done, d, &d->hasher, err);
}

int
verb_digest(struct cli *cli, struct assay_error *err)
{
	CLEANUP(digests_done) struct digests d = { .cli = cli, .out = BUF_INIT(OUT_MAX), .path = BUF_INIT(PATH_TEXT_MAX),
		.checking = cli->sums != NULL };
	if (choose(&d, err) != ASSAY_OK || start(&d, err) != ASSAY_OK ||
	    (d.checking ? check_list(&d, err) : hash_arguments(&d, err)) != ASSAY_OK)
		return cli_error(cli, err);
	const enum assay_status s = cli->json ? print_json(&d, err) : flush(&d, 0, err);
	if (s != ASSAY_OK)
		return cli_error(cli, err);
	if (!cli->json)
		print_summary(&d);
	return exit_of(&d);
}
