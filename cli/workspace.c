/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening what a verb works on. Environment and clock are read here and nowhere below.
 */
#include "workspace.h"
#include "pin.h"
#include "state.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/pkcs11uri.h>
#include <errno.h>
#include <evidence/agree.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define ARENA_MAX ((size_t)8 << 30)
#define PASSPHRASE_MAX 1024
#define BLOB_MAX ((size_t)16 << 20)

void
workspace_done(struct workspace *w)
{
	pool_free(&w->pool); /* first: its threads use what follows */
	for (size_t i = 0; i < w->view_count; i++)
		file_view_done(&w->views[i]);
	cache_close(&w->cache);
	cache_close(&w->engine_cache);
	engine_server_stop(&w->engines);
	buf_done(&w->policy_yaml);
	buf_done(&w->roster_yaml);
	buf_done(&w->memo_bytes);
	arena_free(&w->arena);
}

/* ret_present false when the file isn't there. */
static enum assay_status
read_policy_file(struct workspace *w, const char *path, struct buf *out, bool *ret_present,
    struct assay_error *err)
{
	bool differs = false;
	enum assay_status status = repository_policy_file(w->repository, path, out, &differs, err);
	/* A policy that can't be believed is none, as if it weren't there; the clone's own evidence says what is altered. */
	w->unbelievable |= status == ASSAY_E_VERIFY;
	w->uncommitted |= differs;
	if (status == ASSAY_E_NOT_FOUND || status == ASSAY_E_VERIFY)
		return ASSAY_OK;
	if (status != ASSAY_OK)
		return status;
	*ret_present = true;
	return ASSAY_OK;
}

/* A policy that is too large or too deep is as bad as any other. */
static enum assay_status
bad_policy(enum assay_status status, struct assay_error *err)
{
	if (status == ASSAY_E_LIMIT)
		status = err->status = ASSAY_E_FORMAT;
	return status;
}

static enum assay_status
read_policy(struct workspace *w, struct assay_error *err)
{
	bool has_policy = false, has_roster = false;
	policy_defaults(&w->policy);
	TRY(bad_policy(read_policy_file(w, POLICY_PATH, &w->policy_yaml, &has_policy, err), err));
	TRY(bad_policy(read_policy_file(w, ROSTER_PATH, &w->roster_yaml, &has_roster, err), err));
	if (has_policy)
		TRY(bad_policy(policy_parse(buf_span(&w->policy_yaml), POLICY_PATH, w->arena, &w->policy, err), err));
	if (has_roster)
		TRY(bad_policy(roster_parse(buf_span(&w->roster_yaml), ROSTER_PATH, w->arena, &w->roster, err), err));
	return ASSAY_OK;
}

enum assay_status
workspace_open(const struct cli *cli, const char *path, struct workspace *w, struct assay_error *err)
{
	*w = (struct workspace){ .policy_yaml = BUF_INIT(YAML_SIZE_MAX),
		.roster_yaml = BUF_INIT(YAML_SIZE_MAX), .memo_bytes = BUF_INIT(SIZE_MAX / 4) };
	if (arena_new(ARENA_MAX, &w->arena) != ASSAY_OK)
		return arena_full(err);
	if (cli->threads > POOL_THREADS_MAX)
		return assay_fail(err, ASSAY_E_USAGE, "'--threads' is at most %d", POOL_THREADS_MAX);
	TRY(pool_new((unsigned)cli->threads, &w->pool, err));
	TRY(catalog_load(w->arena, &w->catalog, err));
	TRY(repository_open(path, w->arena, &w->repository, err));
	return read_policy(w, err);
}

enum assay_status
workspace_look(struct cli *cli, struct workspace *w, const char *const *kinds, size_t kind_count,
    struct assay_error *err)
{
	unsigned char before[ASSAY_SHA256_SIZE] = { 0 }, after[ASSAY_SHA256_SIZE] = { 0 };
	bool settled = false;
	TRY(state_stamp(w, kinds, kind_count, before, &settled, err));
	/* Minutes may have gone since the refs were read, with a passphrase asked for: what is judged is as young as the stamp. */
	TRY(repository_open(w->repository->root, w->arena, &w->repository, err));
	if (!cli->fresh && settled && state_recall(w, before))
		return ASSAY_OK;
	struct probe_context c = { .repository = w->repository, .arena = w->arena, .pool = w->pool,
		.progress = cli_progress, .progress_ctx = cli,
		.engines = w->engines, .engine_cache = w->engine_cache };
	TRY(probe_run(&c, kinds, kind_count, &w->evidence, err));
	cli_progress_end(cli);
	/* What changed while we looked is not remembered. */
	TRY(state_stamp(w, kinds, kind_count, after, &settled, err));
	if (settled && memcmp(before, after, sizeof before) == 0)
		state_remember(w, before);
	return ASSAY_OK;
}

enum assay_status
workspace_parse(struct workspace *w, struct assay_error *err)
{
	state_load_memo(w);
	struct parse_context c = { .arena = w->arena, .pool = w->pool, .memo = w->memo };
	TRY(evidence_parse_all(&w->evidence, &c, err));
	state_save_memo(w);
	return ASSAY_OK;
}

enum assay_status
workspace_subject(struct workspace *w, const char **ret_subject, struct assay_error *err)
{
	const char *where = repository_subject(w->repository, w->arena);
	const char *subject = where;
	if (w->policy.repository_id != NULL && where != NULL)
		subject = arena_printf(w->arena, "repository %s, %s", w->policy.repository_id, where);
	/* Whoever reads the result must see that nobody else has these rules. */
	if (w->uncommitted && subject != NULL)
		subject = arena_printf(w->arena, "%s%s", subject, SUBJECT_UNCOMMITTED);
	if (subject == NULL)
		return arena_full(err);
	*ret_subject = subject;
	return ASSAY_OK;
}

enum assay_status
workspace_date(const struct cli *cli, int64_t *ret_date, bool *ret_given, struct assay_error *err)
{
	int64_t today = when_day((int64_t)time(NULL));
	if (cli->date == NULL) {
		*ret_date = today;
		*ret_given = false;
		return ASSAY_OK;
	}
	int64_t date;
	if (strlen(cli->date) != 10 || when_parse(assay_span_str(cli->date), &date, err) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_USAGE, "'--date' wants a day like 2024-01-31, not '%s'",
		    cli->date);
	if (date > today)
		return assay_fail(err, ASSAY_E_USAGE, "'--date' %s lies in the future", cli->date);
	*ret_date = date;
	*ret_given = date < today;
	return ASSAY_OK;
}

static enum assay_status
ask_terminal(const char *file, struct buf *out, struct assay_error *err)
{
	char prompt[PATH_MAX + 32];
	unsigned char typed[PASSPHRASE_MAX];
	size_t len = 0;
	text_put(prompt, sizeof prompt, "passphrase of '%s'", file);
	const enum assay_status status = pin_typed(prompt, "--passphrase-file", typed, sizeof typed, &len, err);
	if (status == ASSAY_OK)
		buf_add(out, typed, len);
	explicit_bzero(typed, sizeof typed);
	return status;
}

enum assay_status
workspace_ask(void *ctx, const char *file, struct buf *out, struct assay_error *err)
{
	const struct cli *cli = ctx;
	if (cli->passphrase_file == NULL)
		return ask_terminal(file, out, err);
	TRY(file_read(AT_FDCWD, cli->passphrase_file, out, err));
	while (out->len > 0 && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
		out->data[--out->len] = '\0';
	return ASSAY_OK;
}

enum assay_status
workspace_request(struct cli *cli, enum signer_use use, const char *name, struct signer_request *ret_request,
    struct assay_error *err)
{
	if (pkcs11_uri_is(name))
		TRY(pin_configure(cli, err));
	*ret_request = (struct signer_request){ .use = use, .name = name, .agent_socket = state_variable("SSH_AUTH_SOCK"),
		.ask = workspace_ask, .ask_ctx = cli, .module = cli->module, .ask_pin = pin_ask, .last_try = cli->last_try };
	return ASSAY_OK;
}

enum assay_status
workspace_signer(struct cli *cli, enum signer_use use, struct signer **ret_signer, struct assay_error *err)
{
	struct signer_request request;
	*ret_signer = NULL;
	if (cli->sign == NULL)
		return ASSAY_OK;
	TRY(workspace_request(cli, use, cli->sign, &request, err));
	enum assay_status status = signer_open(&request, ret_signer, err);
	/* Which key to sign with is the caller's choice: one that can't be used is wrong usage, no finding about the repository. */
	if (status == ASSAY_E_UNSUPPORTED || status == ASSAY_E_LIMIT || status == ASSAY_E_VERIFY)
		err->status = ASSAY_E_USAGE;
	return status == ASSAY_OK ? ASSAY_OK : err->status;
}

/* ---- files of any commit ---- */

struct blobs {
	const struct workspace *w;
	const struct oid *ids;
	struct assay_span *bytes;
};

static void
name_blob(void *ctx, size_t i, struct buf *out)
{
	const struct blobs *b = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&b->ids[i], b->w->repository->algo, hex);
	buf_add_str(out, hex);
}

static enum assay_status
got_blob(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct blobs *b = ctx;
	struct oid id;
	if (!got->present || got->over_cap || got->type != GIT_BLOB
	    || git_hash(b->w->repository->algo, GIT_BLOB, got->bytes, &id, NULL) != ASSAY_OK || oid_compare(&id, &b->ids[i]) != 0)
		return ASSAY_OK;
	const char *copy = arena_copy(b->w->arena, got->bytes);
	if (copy == NULL)
		return arena_full(err);
	b->bytes[i] = (struct assay_span){ (const unsigned char *)copy, got->bytes.len };
	return ASSAY_OK;
}

enum assay_status
workspace_blobs(const struct workspace *w, const struct oid *ids, size_t count, struct assay_span *ret_bytes, struct assay_error *err)
{
	CLEANUP(object_reader_free) struct object_reader *reader = NULL;
	struct blobs b = { w, ids, ret_bytes };
	const struct object_wanted wanted = { .count = count, .cap = BLOB_MAX, .name = name_blob, .got = got_blob, .ctx = &b };
	for (size_t i = 0; i < count; i++)
		ret_bytes[i] = (struct assay_span){ NULL, 0 };
	if (count == 0)
		return ASSAY_OK;
	TRY(object_reader_new(w->repository, &reader, err));
	return object_reader_each(reader, &wanted, err);
}
