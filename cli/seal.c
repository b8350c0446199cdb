/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assay seal: a release and what people sign of it. All that can be refused is refused before the tree is read and before a key is asked
 * for anything; the seal comes to be as a whole.
 */
#include "seal.h"
#include "roots.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/jsontree.h>
#include <errno.h>
#include <fcntl.h>
#include <probe/source.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define EXPIRES_DAYS 365
#define EXPIRES_DAYS_MAX 3660
#define OUT_MAX ((size_t)4 << 20)

static void
job_done(struct seal_job *job)
{
	seal_state_done(&job->state);
	seal_state_done(&job->back);
	buf_done(&job->manifest);
	seal_inspection_done(&job->inspection);
	trust_folder_done(&job->folder);
	signer_free(&job->signer);
	if (job->has_workspace)
		workspace_done(&job->w);
}

enum assay_status
seal_say(struct seal_job *job, struct assay_error *err, const char *fmt, ...)
{
	char text[2048];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	const char *kept = arena_str(job->arena, text);
	if (kept == NULL)
		return arena_full(err);
	if (job->said.count < CLI_LIST_MAX)
		job->said.items[job->said.count++] = kept;
	return ASSAY_OK;
}

/* ---- where ---- */

static void
free_text(char **text)
{
	free(*text);
}

/* The folder that holds path, which need not be there itself; with links resolved. NULL with errno. */
static char *
real_parent(const char *path, struct arena *arena)
{
	size_t len = strlen(path);
	while (len > 1 && path[len - 1] == '/')
		len--;
	while (len > 0 && path[len - 1] != '/')
		len--;
	const char *parent = len == 0 ? "." : arena_printf(arena, "%.*s", (int)len, path);
	return parent == NULL ? NULL : realpath(parent, NULL);
}

static const char *
last_name(const char *path, struct arena *arena)
{
	size_t len = strlen(path), from;
	while (len > 1 && path[len - 1] == '/')
		len--;
	for (from = len; from > 0 && path[from - 1] != '/';)
		from--;
	return arena_printf(arena, "%.*s", (int)(len - from), path + from);
}

static bool
is_within(const char *parent, const char *tree)
{
	const size_t len = strlen(tree);
	return strncmp(parent, tree, len) == 0 && (parent[len] == '\0' || parent[len] == '/' || len == 1);
}

/* Where files of a seal at the top of its own tree are made: beside the tree. Cuts tree. */
static enum assay_status
make_beside(struct seal_job *job, char *tree, struct assay_error *err)
{
	char *slash = strrchr(tree, '/');
	if (slash == NULL || slash == tree)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' has no folder beside it for a seal to be made in", tree);
	*slash = '\0';
	job->leave_out = SEAL_INSIDE;
	job->beside = arena_str(job->arena, tree);
	return job->beside == NULL ? arena_full(err) : ASSAY_OK;
}

enum assay_status
seal_place(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(free_text) char *tree = realpath(job->tree, NULL);
	CLEANUP(free_text) char *parent = real_parent(job->path, job->arena);
	struct stat st;
	if (tree == NULL || stat(tree, &st) != 0) {
		const enum assay_status status = errno == ENOENT ? ASSAY_E_NOT_FOUND : ASSAY_E_SYSTEM;
		(void)assay_fail(err, status, "what is to be sealed can't be looked at: %s", text_errno(errno));
		return assay_error_at(err, status, job->tree, 0, 0);
	}
	if (parent == NULL || !S_ISDIR(st.st_mode) || !is_within(parent, tree))
		return ASSAY_OK;
	const char *name = last_name(job->path, job->arena);
	if (name == NULL)
		return arena_full(err);
	if (strcmp(parent, tree) == 0 && strcmp(name, SEAL_INSIDE) == 0)
		return make_beside(job, tree, err);
	(void)assay_fail(err, ASSAY_E_USAGE, "the seal would lie in the tree that it seals");
	return assay_error_todo(err, ASSAY_E_USAGE, "put it beside the tree, or at its top as '" SEAL_INSIDE "'");
}

enum assay_status
seal_root(struct seal_job *job, const char *repository, struct assay_error *err)
{
	TRY(roots_pinned(job->cli->root, repository, job->arena, &job->root, err));
	if (job->root != NULL)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "no trust root is known for the repository '%s'", repository == NULL ? "" : repository);
	return assay_error_todo(err, ASSAY_E_USAGE, "give its fingerprint with --root; 'assay trust show' prints it where the root was made");
}

enum assay_status
seal_expect(const struct seal_state *state, const char *path, bool draft, struct assay_error *err)
{
	if (state->complete || (draft && state->draft))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_VERIFY, "the seal doesn't hold: %s: %s", assay_release_code_name(state->code), state->why == NULL ? "" : state->why);
	(void)assay_error_at(err, ASSAY_E_VERIFY, path, 0, 0);
	return assay_error_todo(err, ASSAY_E_VERIFY, "%s", assay_release_code_todo(state->code));
}

/* ---- what is asked for ---- */

static enum assay_status
need(const char *value, const char *option, struct assay_error *err)
{
	return value != NULL ? ASSAY_OK : assay_fail(err, ASSAY_E_USAGE, "'assay seal' wants %s", option);
}

enum assay_status
seal_read_expiry(const struct cli *cli, int64_t now, int64_t *ret, struct assay_error *err)
{
	const int64_t today = when_day(now);
	*ret = today + EXPIRES_DAYS * (int64_t)WHEN_DAY;
	if (cli->expires == NULL)
		return ASSAY_OK;
	if (strlen(cli->expires) != 10 || when_parse(assay_span_str(cli->expires), ret, err) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_USAGE, "'--expires' wants a day like 2030-01-31, not '%s'", cli->expires);
	if (*ret <= today || *ret > today + EXPIRES_DAYS_MAX * (int64_t)WHEN_DAY)
		return assay_fail(err, ASSAY_E_USAGE, "'--expires' lies after today, and within %d days", EXPIRES_DAYS_MAX);
	return ASSAY_OK;
}

static enum assay_status
check_way(const struct seal_job *job, struct assay_error *err)
{
	struct seal *seal = arena_alloc(job->arena, sizeof *seal);
	CLEANUP(seal_state_done) struct seal_state state = { .document = NULL };
	struct stat st;
	if (seal == NULL)
		return arena_full(err);
	if (lstat(job->path, &st) != 0)
		return ASSAY_OK;
	if (!job->cli->replace) {
		(void)assay_fail(err, ASSAY_E_USAGE, "there is something of that name already");
		(void)assay_error_at(err, ASSAY_E_USAGE, job->path, 0, 0);
		return assay_error_todo(err, ASSAY_E_USAGE, "name another folder with --seal; a draft may be replaced with --replace");
	}
	TRY(seal_read(job->path, job->arena, seal, err));
	TRY(seal_look(seal, job->root, false, &state, err));
	if (state.draft)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "only a draft is replaced, and this is none%s", state.complete ? ": enough people have signed it" : "");
	(void)assay_error_at(err, ASSAY_E_USAGE, job->path, 0, 0);
	return assay_error_todo(err, ASSAY_E_USAGE, "%s",
	    state.complete ? "what was released stays as it is: give the next release a seal and a number of its own" : "name another folder with --seal");
}

/* ---- authority ---- */

static enum assay_status
no_authority(const struct seal_job *job, const struct authority *a, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_VERIFY, "the repository's '" TRUST_FOLDER "' doesn't say who may release: %s: %s", authority_fault_name(a->fault),
	    a->why == NULL ? "" : a->why);
	if (a->file != NULL)
		(void)assay_error_at(err, ASSAY_E_VERIFY, a->file, 0, 0);
	return assay_error_todo(err, ASSAY_E_VERIFY, "look at it with: assay trust show --root %s", job->root);
}

static enum assay_status
check_expiry(const struct seal_job *job, const struct assay_tuf_meta *meta, const char *name, struct assay_error *err)
{
	if (meta->expires > job->now)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_VERIFY, "'%s' of '" TRUST_FOLDER "' has expired: nobody could install what is signed under it", name);
	return assay_error_todo(err, ASSAY_E_VERIFY, "sign it anew first: assay trust rotate --role %s", name);
}

enum assay_status
seal_open_authority(struct seal_job *job, struct assay_error *err)
{
	struct assay_tuf_role role;
	const struct authority *a = &job->folder.authority;
	TRY(workspace_open(job->cli, job->cli->repo == NULL ? "." : job->cli->repo, &job->w, err));
	job->arena = job->w.arena;
	job->terms.repository = job->w.policy.repository_id;
	if (job->w.repository->work_tree == NULL)
		return assay_fail(err, ASSAY_E_USAGE, "a bare repository has no work tree with 'assay/trust/': seal from a clone of it");
	if (job->terms.repository == NULL) {
		(void)assay_fail(err, ASSAY_E_USAGE, "'assay/policy.yaml' gives no repository-id to bind the release to");
		return assay_error_todo(err, ASSAY_E_USAGE, "run 'assay init'; it writes one");
	}
	TRY(seal_root(job, job->terms.repository, err));
	TRY(trust_folder_open(job->w.repository->work_tree, job->root, job->arena, &job->folder, err));
	if (a->root.version == 0 || a->targets.version == 0 || a->fault == AUTHORITY_OTHER_ROOT || a->fault == AUTHORITY_BAD_ROOT
	    || a->fault == AUTHORITY_BAD_TARGETS)
		return no_authority(job, a, err);
	if (!authority_role(a, "release", &role)) {
		(void)assay_fail(err, ASSAY_E_USAGE, "nobody holds the role 'release'");
		return assay_error_todo(err, ASSAY_E_USAGE, "enrol those who sign releases: assay trust add-key --role release");
	}
	TRY(check_expiry(job, &a->root, "root", err));
	return check_expiry(job, &a->targets, "targets", err);
}

/* ---- terms ---- */

/* The release before this one, which its own people must have signed. */
static enum assay_status
read_previous(struct seal_job *job, struct assay_error *err)
{
	struct seal *seal = arena_alloc(job->arena, sizeof *seal);
	CLEANUP(seal_state_done) struct seal_state state = { .document = NULL };
	const struct cli *cli = job->cli;
	if (seal == NULL)
		return arena_full(err);
	TRY(seal_read(cli->previous, job->arena, seal, err));
	TRY(seal_look(seal, job->root, true, &state, err));
	TRY(seal_expect(&state, cli->previous, false, err));
	if (strcmp(state.product, job->terms.product) != 0)
		return assay_fail(err, ASSAY_E_USAGE, "'%s' is a release of '%s', and not of '%s'", cli->previous, state.product, job->terms.product);
	if (!cli->has_number)
		job->terms.number = state.number + 1;
	if (!cli->has_counter)
		job->terms.counter = state.counter;
	if (job->terms.number <= state.number)
		return assay_fail(err, ASSAY_E_USAGE, "release number %llu isn't above the previous one's, %llu", (unsigned long long)job->terms.number,
		    (unsigned long long)state.number);
	if (job->terms.counter < state.counter)
		return assay_fail(err, ASSAY_E_USAGE, "the security counter %llu is below the previous release's, %llu", (unsigned long long)job->terms.counter,
		    (unsigned long long)state.counter);
	return ASSAY_OK;
}

static enum assay_status
read_numbers(struct seal_job *job, struct assay_error *err)
{
	const struct cli *cli = job->cli;
	job->terms.number = cli->number;
	job->terms.counter = cli->counter;
	if (cli->previous != NULL)
		return read_previous(job, err);
	if (cli->has_number)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_USAGE, "which release comes before this one isn't known");
	return assay_error_todo(err, ASSAY_E_USAGE, "name its seal with --previous; of the first release give --number 1");
}

static enum assay_status
read_source(struct seal_job *job, struct assay_error *err)
{
	const struct repository *r = job->w.repository;
	const char *name = job->cli->commit == NULL ? "HEAD" : job->cli->commit;
	struct source_digest source;
	struct oid id;
	char commit[2 * OID_MAX + 1], tree[2 * ASSAY_SHA256_SIZE + 1];
	TRY(source_find(r, name, &id, err));
	TRY(source_digest(r, &id, cli_progress, job->cli, &source, err));
	cli_progress_end(job->cli);
	oid_hex(&source.commit, r->algo, commit);
	text_hex((struct assay_span){ source.sha256, sizeof source.sha256 }, tree);
	job->terms.commit = arena_str(job->arena, commit);
	job->terms.tree = arena_str(job->arena, tree);
	return job->terms.commit == NULL || job->terms.tree == NULL ? arena_full(err) : ASSAY_OK;
}

/* ---- files ---- */

static enum assay_status
not_that(const char *path, const char *what, const char *todo, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_FORMAT, "%s", what);
	(void)assay_error_at(err, ASSAY_E_FORMAT, path, 0, 0);
	return assay_error_todo(err, ASSAY_E_FORMAT, "%s", todo);
}

static enum assay_status
check_json(struct seal_job *job, const char *path, struct assay_span bytes, bool sbom, struct assay_error *err)
{
	struct jsontree *root = NULL;
	const enum assay_status status = jsontree_parse(bytes, path, job->arena, &root, err);
	if (status != ASSAY_OK)
		return assay_error_todo(err, status, "%s", sbom ? "give a bill of materials in CycloneDX's JSON" : "give the provenance as JSON");
	if (root->kind != JSONTREE_OBJECT)
		return not_that(path, "it is no JSON object", "give the file that the build wrote", err);
	const char *format = jsontree_str(root, "bomFormat");
	if (sbom && (format == NULL || strcmp(format, "CycloneDX") != 0 || jsontree_str(root, "specVersion") == NULL))
		return not_that(path, "it is no CycloneDX bill of materials: 'bomFormat' and 'specVersion' don't say so", "give one in CycloneDX's JSON", err);
	return ASSAY_OK;
}

enum content { ANY, JSON, SBOM };

static enum assay_status
add_bytes(const struct seal_job *job, const struct seal_stage *stage, json_t *document, size_t part, struct assay_span bytes,
    struct assay_error *err)
{
	unsigned char sha256[ASSAY_SHA256_SIZE];
	if (assay_sha256(bytes, sha256) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	TRY(file_write_atomic(seal_stage_fd(stage), seal_parts[part].name, bytes, 0666, err));
	return seal_release_add(document, seal_parts[part].target, bytes.len, sha256, &job->terms, err);
}

/* A file that the user gives along: read once, checked, written, named by what was written. */
static enum assay_status
add_file(struct seal_job *job, const struct seal_stage *stage, json_t *document, size_t member, const char *path, enum content content,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SEAL_FILE_MAX);
	if (path == NULL)
		return ASSAY_OK;
	const enum assay_status status = file_read(AT_FDCWD, path, &bytes, err);
	if (status != ASSAY_OK)
		return assay_error_at(err, status, path, 0, 0);
	if (bytes.len == 0)
		return not_that(path, "it is empty", "give the file that belongs to the release, or leave the option out", err);
	if (content != ANY)
		TRY(check_json(job, path, buf_span(&bytes), content == SBOM, err));
	if (content == SBOM)
		TRY(seal_compare_bill(job, buf_span(&bytes), path, job->terms.product, job->terms.version, err));
	return add_bytes(job, stage, document, member, buf_span(&bytes), err);
}

/* One that was given, or else the one that the tree makes. */
static enum assay_status
add_bill(struct seal_job *job, const struct seal_stage *stage, json_t *document, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(SEAL_FILE_MAX);
	job->bill = "none";
	if (job->cli->no_sbom)
		return ASSAY_OK;
	if (job->cli->sbom != NULL)
		return add_file(job, stage, document, SEAL_PART_SBOM, job->cli->sbom, SBOM, err);
	TRY(seal_write_bill(job, job->terms.product, job->terms.version, &bytes, err));
	return add_bytes(job, stage, document, SEAL_PART_SBOM, buf_span(&bytes), err);
}

static enum assay_status
add_line(void *ctx, struct assay_span line, struct assay_span path, struct assay_error *err)
{
	struct buf *manifest = ctx;
	(void)path;
	buf_add_span(manifest, line);
	return buf_status(manifest, "the manifest", err);
}

static enum assay_status
add_manifest(struct seal_job *job, const struct seal_stage *stage, json_t *document, struct assay_error *err)
{
	const struct seal_tree tree = { .path = job->tree, .leave_out = job->leave_out, .threads = (unsigned)job->cli->threads, .line = add_line,
		.ctx = &job->manifest, .progress = cli_progress, .progress_ctx = job->cli, .arena = job->arena };
	TRY(seal_manifest(&tree, &job->counts, err));
	cli_progress_end(job->cli);
	if (job->counts.files + job->counts.links == 0)
		return assay_fail(err, ASSAY_E_USAGE, "there is no file in '%s' to seal", job->tree);
	TRY(file_write_atomic(seal_stage_fd(stage), SEAL_MANIFEST, buf_span(&job->manifest), 0666, err));
	return seal_release_add(document, seal_parts[0].target, job->counts.length, job->counts.sha256, &job->terms, err);
}

/* Roots and targets.json as they lie in the repository, byte by byte. */
enum assay_status
seal_copy_authority(const struct seal_job *job, const struct seal_stage *stage, struct assay_error *err)
{
	char path[SEAL_PATH_SIZE];
	const size_t folder = strlen(AUTHORITY_FOLDER);
	for (uint64_t version = 1; version <= job->folder.authority.root.version + 1; version++) {
		const bool last = version > job->folder.authority.root.version;
		text_put(path, sizeof path, AUTHORITY_FOLDER "%llu.root.json", (unsigned long long)version);
		const struct source_file *f = sources_find(&job->folder.files, last ? AUTHORITY_FOLDER SEAL_TARGETS : path);
		if (f == NULL || !f->has_bytes)
			return assay_fail(err, ASSAY_E_INTERNAL, "'%s' was there, and isn't now", last ? SEAL_TARGETS : path);
		if (f->bytes.len > ASSAY_RELEASE_ROOT_MAX || f->bytes.len > ASSAY_RELEASE_TARGETS_MAX) {
			(void)assay_fail(err, ASSAY_E_LIMIT, "it has %zu bytes, and who receives releases reads at most %u", f->bytes.len, ASSAY_RELEASE_ROOT_MAX);
			return assay_error_at(err, ASSAY_E_LIMIT, f->path, 0, 0);
		}
		TRY(file_write_atomic(seal_stage_fd(stage), f->path + folder, f->bytes, 0666, err));
	}
	return ASSAY_OK;
}

static enum assay_status
add_release(struct seal_job *job, const struct seal_stage *stage, json_t *document, const char *id, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ASSAY_RELEASE_FILE_MAX);
	TRY(seal_release_fits(document, err));
	if (id != NULL)
		TRY(trust_sign(document, job->signer, id, err));
	TRY(trust_write(document, &bytes, err));
	return file_write_atomic(seal_stage_fd(stage), SEAL_RELEASE, buf_span(&bytes), 0666, err);
}

/* ---- the seal ---- */

/* Reads what was written as whoever receives it will: what isn't right then doesn't come to be. */
static enum assay_status
check_made(struct seal_job *job, const char *path, struct assay_error *err)
{
	struct seal *seal = arena_alloc(job->arena, sizeof *seal);
	if (seal == NULL)
		return arena_full(err);
	TRY(seal_read(path, job->arena, seal, err));
	TRY(seal_look(seal, job->root, true, &job->state, err));
	return seal_expect(&job->state, job->path, true, err);
}

static enum assay_status
prepare(struct seal_job *job, struct assay_error *err)
{
	const struct cli *cli = job->cli;
	TRY(need(cli->arg_count > 0 ? cli->args[0] : NULL, "the tree or the file that is to be sealed", err));
	TRY(need(cli->product, "--product", err));
	TRY(need(cli->release, "--version", err));
	TRY(seal_check_word("--product", cli->product, false, err));
	TRY(seal_check_word("--version", cli->release, true, err));
	TRY(seal_read_expiry(cli, job->now, &job->terms.expires, err));
	TRY(roots_check(cli->root, err));
	if (cli->no_sbom && cli->sbom != NULL)
		return assay_fail(err, ASSAY_E_USAGE, "'--no-sbom' and '--sbom' contradict each other");
	job->terms.product = cli->product;
	job->terms.version = cli->release;
	job->tree = cli->args[0];
	TRY(seal_open_authority(job, err));
	job->path = cli->seal;
	if (job->path == NULL) {
		size_t len = strlen(job->tree);
		while (len > 1 && job->tree[len - 1] == '/')
			len--;
		job->path = arena_printf(job->arena, "%.*s" SEAL_SUFFIX, (int)len, job->tree);
	}
	if (job->path == NULL)
		return arena_full(err);
	TRY(seal_place(job, err));
	TRY(check_way(job, err));
	return read_numbers(job, err);
}

static enum assay_status
action_seal(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	CLEANUP(seal_stage_free) struct seal_stage *stage = NULL;
	const struct cli *cli = job->cli;
	struct stat st;
	const char *id = NULL;
	TRY(prepare(job, err));
	TRY(workspace_signer(job->cli, SIGNER_METADATA, &job->signer, err));
	if (job->signer != NULL)
		TRY(seal_own_key(job->folder.now[TRUST_TARGETS], NULL, job->signer, &id, &job->signer_is, err));
	TRY(read_source(job, err));
	TRY(seal_release_new(&job->terms, &document, err));
	TRY(seal_stage_new(job->path, job->beside, &stage, err));
	TRY(add_manifest(job, stage, document, err));
	TRY(seal_look_into(job, job->terms.commit, err));
	TRY(add_bill(job, stage, document, err));
	TRY(add_file(job, stage, document, 2, cli->provenance, JSON, err));
	TRY(add_file(job, stage, document, 3, cli->instructions, ANY, err));
	TRY(seal_copy_authority(job, stage, err));
	TRY(add_release(job, stage, document, id, err));
	TRY(check_made(job, seal_stage_path(stage), err));
	return seal_stage_commit(stage, cli->replace && lstat(job->path, &st) == 0, err);
}

typedef enum assay_status (seal_action)(struct seal_job *job, struct assay_error *err);

/* Without a tree there is but one thing that can be signed: that it may be gone back to a release which was compared before. */
static seal_action *
choose(struct seal_job *job)
{
	const struct cli *cli = job->cli;
	if (cli->rollback_to != NULL) {
		job->action = "rollback";
		return seal_authorise;
	}
	if (cli->add_signature == NULL)
		return action_seal;
	job->action = "add-signature";
	return cli->arg_count == 0 ? seal_add_to_rollback : seal_add_signature;
}

static enum assay_status
run(struct seal_job *job, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(OUT_MAX);
	TRY(choose(job)(job, err));
	TRY(seal_report(job, &out, err));
	return cli_print(&out, err);
}

int
verb_seal(struct cli *cli, struct assay_error *err)
{
	CLEANUP(job_done) struct seal_job job = { .cli = cli, .action = "seal", .arena = cli->arena,
		.folder = { .tree = -1 }, .now = (int64_t)time(NULL), .manifest = BUF_INIT(SEAL_INSPECT_MANIFEST_MAX) };
	job.has_workspace = cli->add_signature == NULL || (cli->repo != NULL && cli->arg_count > 0);
	return run(&job, err) == ASSAY_OK ? EXIT_NO_GAP : cli_error(cli, err);
}
