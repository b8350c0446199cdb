/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay canary plant: writes small faulty and sound programs for an analyser that is run elsewhere, and the record of what they are.
 */
#include "cli.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <probe/repository.h>
#include <sca/canary.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

struct planting {
	struct cli *cli;
	struct arena *arena;
	struct canary_set set;
	const char *folder;
	const char *root;                  /* of the work tree, resolved; NULL: none */
	char commit[2 * OID_MAX + 1];      /* that is checked out there; "" */
	int fd;
};

static void
planting_done(struct planting *x)
{
	arena_free(&x->arena);
	if (x->fd >= 0)
		(void)close(x->fd);
}

/* The commit whose files the analyser will look at. Plants that stand beside no commit are bound to none. */
static enum assay_status
find_commit(struct planting *x, struct assay_error *err)
{
	struct repository *r = NULL;
	struct assay_error why = { 0 };
	const enum assay_status status = repository_open(x->cli->args[1], x->arena, &r, &why);
	if (status == ASSAY_E_NOT_FOUND)
		return ASSAY_OK;
	if (status != ASSAY_OK) {
		*err = why;
		return status;
	}
	if (r->has_head && r->work_tree != NULL)
		oid_hex(&r->head, r->algo, x->commit);
	x->root = r->work_tree;
	return ASSAY_OK;
}

/* The set's folder as paths of the repository have it. */
static enum assay_status
place_folder(struct planting *x, struct assay_error *err)
{
	char root[PATH_MAX], folder[PATH_MAX];
	if (x->root == NULL || realpath(x->root, root) == NULL || realpath(x->folder, folder) == NULL)
		return ASSAY_OK;
	const size_t len = strlen(root);
	if (strncmp(folder, root, len) != 0 || folder[len] != '/')
		return ASSAY_OK;
	x->set.folder = arena_str(x->arena, folder + len + 1);
	return x->set.folder == NULL ? arena_full(err) : ASSAY_OK;
}

/* A folder of its own, that wasn't there before: what is planted is taken out again with it. */
static enum assay_status
make_folder(struct planting *x, struct assay_error *err)
{
	x->folder = arena_printf(x->arena, "%s/" CANARY_FOLDER "%s", x->cli->args[1], x->set.digits);
	if (x->folder == NULL)
		return arena_full(err);
	if (mkdir(x->folder, 0777) != 0)
		return assay_fail(err, ASSAY_E_USAGE, "can't make '%s': %s", x->folder, text_errno(errno));
	x->fd = open(x->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return x->fd >= 0 ? ASSAY_OK : assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", x->folder, text_errno(errno));
}

/* The record comes last: where it stands, all plants do. */
static enum assay_status
write_set(const struct planting *x, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf record = BUF_INIT(CANARY_RECORD_MAX);
	for (size_t i = 0; i < x->set.count; i++)
		TRY(file_write_atomic(x->fd, x->set.plants[i].file, x->set.plants[i].bytes, 0666, err));
	TRY(canary_write(&x->set, &record, err));
	return file_write_atomic(x->fd, CANARY_RECORD, buf_span(&record), 0666, err);
}

static enum assay_status
say(const struct planting *x, struct buf *out, struct assay_error *err)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ x->set.digest, sizeof x->set.digest }, hex);
	if (x->cli->json) {
		CLEANUP(canon_unref) json_t *root = json_pack("{s:s, s:o, s:s, s:s, s:i, s:s}", "schema", "assay-canary/1", "folder",
		    canon_text(assay_span_str(x->folder)), "commit", x->commit, "language", x->set.language, "plants", (int)x->set.count, "digest", hex);
		TRY(root == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for the answer") : canon_write(root, out, err));
		buf_add_byte(out, '\n');
		return buf_status(out, "the answer", err);
	}
	buf_add_str(out, "planted ");
	text_escape(out, assay_span_str(x->folder), false);
	buf_addf(out, ": %zu files, faulty ones and their sound twins\ndigest  %s\ncommit  %s\n\n"
		      "Have the analyser go through your code with this folder in it, in one run. Then:\n\n  assay import REPORT.sarif --canaries ",
	    x->set.count, hex, x->commit[0] != '\0' ? x->commit : "none: what is reported of these plants shows nothing about any commit");
	text_escape(out, assay_span_str(x->folder), false);
	buf_addf(out, "/%s --name ANALYSER\n\nTake the folder out again before anything is built or committed.\n", CANARY_RECORD);
	return buf_status(out, "the answer", err);
}

static enum assay_status
plant(struct planting *x, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1u << 16);
	unsigned char nonce[CANARY_NONCE_SIZE];
	if (strcmp(x->cli->args[0], "plant") != 0) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay canary' doesn't know '%s'", x->cli->args[0]);
		return assay_error_todo(err, ASSAY_E_USAGE, "it is: assay canary plant DIR --lang LANGUAGE");
	}
	if (x->cli->language == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "canaries need a language");
		return assay_error_todo(err, ASSAY_E_USAGE, "add --lang c, cpp, java, csharp, python, js or go");
	}
	if (arena_new((size_t)16 << 20, &x->arena) != ASSAY_OK)
		return arena_full(err);
	if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
		return assay_fail(err, ASSAY_E_SYSTEM, "the system gives no random numbers");
	TRY(find_commit(x, err));
	TRY(canary_make(nonce, x->commit, x->cli->language, x->arena, &x->set, err));
	TRY(make_folder(x, err));
	TRY(place_folder(x, err));
	TRY(write_set(x, err));
	TRY(say(x, &out, err));
	return cli_print(&out, err);
}

int
verb_canary(struct cli *cli, struct assay_error *err)
{
	CLEANUP(planting_done) struct planting x = { .cli = cli, .fd = -1 };
	return plant(&x, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
