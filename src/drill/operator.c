/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.operator: the instructions are carried out block by block, by a shell, on a machine of the system's programs without a network, on which
 * the delivery can only be read and nothing of the caller's is to be seen.
 */
#include "inside.h"

#include <base/child.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <base/when.h>
#include <drill/operator.h>
#include <errno.h>
#include <fcntl.h>
#include <seal/instructions.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INSTRUCTIONS "instructions.md"
#define INSTRUCTIONS_SIZE_MAX ((size_t)16 << 20)
#define WORDS_MAX 96
#define BLOCK_SECONDS 3600
#define TRY_SECONDS 20
#define HEARD_MAX ((size_t)1 << 20)
#define SHELL_NOT_STARTED 126u

/* What is written to on that machine, anew for each copy, and where it lies there. */
static const struct {
	const char *name, *place;
} rooms[] = { { "bin", "/usr/local/bin" }, { "lib", "/var/lib" }, { "opt", "/opt" }, { "root", "/root" } };

#define ROOMS (sizeof rooms / sizeof rooms[0])

struct operator_work {
	struct drill_work w;
	struct drill_operator *run;
	const char *stick, *program; /* the folder; the verifier's name */
	struct seal_instructions page;
};

/* ---- the machine ---- */

struct line {
	const char *words[WORDS_MAX];
	size_t count;
	struct arena *arena;
	bool full;
};

static void
put(struct line *l, const char *word)
{
	if (word == NULL || l->count + 1 >= WORDS_MAX)
		l->full = true;
	else
		l->words[l->count++] = word;
}

static void
put_all(struct line *l, const char *const *words)
{
	for (; *words != NULL; words++)
		put(l, *words);
}

/* Where /bin is a link to usr/bin it is one there, too. */
static void
put_system(struct line *l)
{
	static const char *const folders[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };
	put_all(l, (const char *const[]){ "--ro-bind", "/usr", "/usr", NULL });
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		char target[64] = { 0 };
		struct stat st;
		if (lstat(folders[i], &st) != 0)
			continue;
		if (S_ISLNK(st.st_mode) && readlink(folders[i], target, sizeof target - 1) > 0)
			put_all(l, (const char *const[]){ "--symlink", arena_str(l->arena, target), folders[i], NULL });
		else
			put_all(l, (const char *const[]){ "--ro-bind", folders[i], folders[i], NULL });
	}
}

/* A verifier that happens to be installed here must not run in the place of the release's. */
static void
put_blinds(struct line *l, const char *program)
{
	static const char *const folders[] = { "/usr/bin", "/usr/sbin", "/usr/local/sbin" };
	struct stat st;
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		const char *path = arena_printf(l->arena, "%s/%s", folders[i], program);
		if (path != NULL && stat(path, &st) == 0)
			put_all(l, (const char *const[]){ "--ro-bind", "/dev/null", path, NULL });
	}
}

static void
put_walls(struct line *l)
{
	put_all(l, (const char *const[]){ "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", "0", "--gid", "0",
	    "--clearenv", "--setenv", "LC_ALL", "C", "--setenv", "HOME", "/root", "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", NULL });
	put_system(l);
	put_all(l, (const char *const[]){ "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", NULL });
}

static enum assay_status
line_status(const struct line *l, struct assay_error *err)
{
	return l->full ? assay_fail(err, ASSAY_E_LIMIT, "too many words for one machine") : ASSAY_OK;
}

static const char *const environment[] = { "LC_ALL=C", NULL };

static enum assay_status
try_machine(struct operator_work *o, struct assay_error *err)
{
	CLEANUP(child_done) struct child child = CHILD_NONE;
	struct line l = { .arena = o->w.arena };
	struct assay_error why = { 0 };
	put_walls(&l);
	put(&l, "true");
	TRY(line_status(&l, err));
	const struct child_options options = { .argv = l.words, .env = environment, .stderr_cap = 4096, .seconds = TRY_SECONDS };
	if (child_start(&options, &child, &why) == ASSAY_OK && child_wait(&child, &why) == ASSAY_OK)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_UNSUPPORTED, "no machine can be made here to carry them out on: %s", why.what);
	return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "install bubblewrap, and allow it user namespaces");
}

/* ---- one block ---- */

static enum assay_status
keep_screen(struct operator_work *o, const struct buf *heard, struct drill_step *step, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf shown = BUF_INIT(8 * HEARD_MAX);
	text_escape(&shown, buf_span(heard), true);
	TRY(buf_status(&shown, "the screen", err));
	struct assay_span all = buf_span(&shown);
	if (all.len > DRILL_SCREEN_MAX)
		all.len = DRILL_SCREEN_MAX;
	while (all.len > 0 && all.len < shown.len && (all.data[all.len] & 0xc0u) == 0x80u)
		all.len--;
	step->screen = arena_copy(o->w.arena, all);
	return step->screen == NULL ? arena_full(err) : ASSAY_OK;
}

static enum assay_status
carry_out(struct operator_work *o, const struct seal_block *block, struct drill_step *step, struct assay_error *err)
{
	CLEANUP(child_done) struct child child = CHILD_NONE;
	CLEANUP(buf_done) struct buf screen = BUF_INIT(HEARD_MAX);
	struct assay_error ended = { 0 };
	struct line l = { .arena = o->w.arena };
	put_walls(&l);
	put_blinds(&l, o->program);
	for (size_t i = 0; i < ROOMS; i++)
		put_all(&l, (const char *const[]){ "--bind", drill_path(&o->w, o->w.top, rooms[i].name), rooms[i].place, NULL });
	put_all(&l, (const char *const[]){ "--ro-bind", o->stick, DRILL_STICK, "--chdir", DRILL_STICK, "sh", "-e", "-c", block->text, NULL });
	TRY(line_status(&l, err));
	const struct child_options options = { .argv = l.words, .env = environment, .join_stderr = true, .stderr_cap = 256, .seconds = BLOCK_SECONDS };
	TRY(child_start(&options, &child, err));
	TRY(drill_hear(child.out, HEARD_MAX, &screen, err));
	const enum assay_status status = child_wait(&child, &ended);
	if (child.late)
		return assay_fail(err, ASSAY_E_SYSTEM, "the block at line %u took longer than an hour", block->line);
	*step = (struct drill_step){ .commands = block->text, .line = block->line,
		.exit = status == ASSAY_OK ? 0 : child.ended > 0 ? (unsigned)child.ended : SHELL_NOT_STARTED };
	return keep_screen(o, &screen, step, err);
}

/* ---- one copy ---- */

static enum assay_status
carry_out_all(struct operator_work *o, struct drill_steps *steps, struct assay_error *err)
{
	const struct drill_request *q = o->w.request;
	for (size_t i = 0; i < ROOMS; i++) {
		const char *room = drill_path(&o->w, o->w.top, rooms[i].name);
		if (room == NULL)
			return arena_full(err);
		drill_remove(room);
		if (mkdir(room, 0755) != 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't make a folder in '%s': %s", o->w.top, text_errno(errno));
	}
	for (size_t i = 0; i < o->page.block_count; i++) {
		if (o->page.blocks[i].kind != SEAL_BLOCK_COMMANDS)
			continue;
		if (q->stop != NULL && q->stop(q->ctx))
			return assay_fail(err, ASSAY_E_SYSTEM, "stopped before the end");
		if (q->progress != NULL)
			q->progress(q->ctx, "blocks", steps->count, 0);
		struct drill_step *step = &steps->items[steps->count];
		TRY(carry_out(o, &o->page.blocks[i], step, err));
		steps->count++;
		if (step->exit != 0)
			return ASSAY_OK;
	}
	return ASSAY_OK;
}

/* Turns one bit in the middle; its mode stays. */
static bool
turn_bit(const char *path, int in)
{
	struct stat st;
	unsigned char byte = 0;
	if (fstat(in, &st) != 0 || pread(in, &byte, 1, st.st_size / 2) != 1 || fchmod(in, 0600) != 0)
		return false;
	const int out = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0)
		return false;
	byte ^= 1u;
	const bool done = pwrite(out, &byte, 1, st.st_size / 2) == 1 && fchmod(out, st.st_mode & 07777) == 0;
	return close(out) == 0 && done;
}

/* One file, which isn't the verifier. */
static enum assay_status
alter(struct operator_work *o, struct assay_error *err)
{
	struct drill_work *w = &o->w;
	const char *own = w->request->verifier + strlen(w->request->tree) + 1;
	const char *path = w->file != NULL && strcmp(w->file, own) == 0 ? w->other : w->file;
	if (path == NULL)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "the release holds nothing but its verifier, so that nothing can be altered");
	const char *full = drill_path(w, w->base, path);
	if (full == NULL)
		return arena_full(err);
	const int in = open(full, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (in < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't alter the copy: %s", text_errno(errno));
	const bool done = turn_bit(full, in);
	if (close(in) != 0 || !done)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't alter the copy");
	o->run->altered_path = path;
	return ASSAY_OK;
}

/* ---- the delivery ---- */

static enum assay_status
make_delivery(struct operator_work *o, struct assay_error *err)
{
	struct drill_work *w = &o->w;
	const char *name = strrchr(w->request->tree, '/') + 1;
	const size_t len = strlen(w->request->tree);
	if (strncmp(w->request->verifier, w->request->tree, len) != 0 || w->request->verifier[len] != '/') {
		(void)assay_fail(err, ASSAY_E_USAGE, "the verifier doesn't lie in the release");
		return assay_error_todo(err, ASSAY_E_USAGE, "put it in before the release is sealed, and name it: --verifier FILE");
	}
	w->top = arena_printf(w->arena, "%s/assay-drill-XXXXXX", w->request->temporary);
	if (w->top == NULL)
		return arena_full(err);
	if (mkdtemp(w->top) == NULL) {
		w->top = NULL;
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make a folder in '%s': %s", w->request->temporary, text_errno(errno));
	}
	o->stick = drill_path(w, w->top, "stick");
	o->program = strrchr(w->request->verifier, '/') + 1;
	if (o->stick == NULL)
		return arena_full(err);
	w->tree = drill_path(w, o->stick, name);
	w->seal = arena_printf(w->arena, "%s/%s.seal", o->stick, name);
	const char *program = drill_path(w, o->stick, o->program);
	if (w->tree == NULL || w->seal == NULL || program == NULL)
		return arena_full(err);
	if (mkdir(o->stick, 0755) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make a folder in '%s': %s", w->top, text_errno(errno));
	TRY(drill_copy(w, err));
	TRY(drill_copy_seal(w, err));
	return drill_copy_file(w->request->verifier, program, err);
}

static enum assay_status
digest_of(const char *path, size_t most, struct buf *bytes, char ret[ASSAY_TUF_HEX_SIZE], struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct file_view view = { .own = NULL };
	TRY(file_view(path, most, &view, err));
	const enum assay_status status = assay_sha256(view.bytes, digest);
	if (bytes != NULL)
		buf_add_span(bytes, view.bytes);
	file_view_done(&view);
	TRY(status);
	text_hex((struct assay_span){ digest, sizeof digest }, ret);
	return ASSAY_OK;
}

static enum assay_status
read_page(struct operator_work *o, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(INSTRUCTIONS_SIZE_MAX);
	const char *path = drill_path(&o->w, o->w.request->seal, INSTRUCTIONS);
	struct stat st;
	if (path == NULL)
		return arena_full(err);
	if (lstat(path, &st) != 0) {
		(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the release has no instructions for operators");
		return assay_error_todo(err, ASSAY_E_NOT_FOUND, "seal it with them: assay seal --instructions FILE");
	}
	TRY(digest_of(path, INSTRUCTIONS_SIZE_MAX, &bytes, o->run->instructions, err));
	TRY(buf_status(&bytes, INSTRUCTIONS, err));
	const char *text = arena_copy(o->w.arena, buf_span(&bytes));
	if (text == NULL)
		return arena_full(err);
	TRY(seal_instructions_read((struct assay_span){ (const unsigned char *)text, bytes.len }, INSTRUCTIONS, o->w.arena, &o->page, err));
	for (size_t i = 0; i < o->page.block_count; i++)
		o->run->blocks += o->page.blocks[i].kind == SEAL_BLOCK_COMMANDS;
	if (o->run->blocks > 0)
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_NOT_FOUND, "the instructions have no block of commands");
	return assay_error_todo(err, ASSAY_E_NOT_FOUND, "begin what is to be typed with a line ```sh, and end it with ```");
}

static void
operator_done(struct operator_work *o)
{
	if (o->w.top != NULL)
		drill_remove(o->w.top);
	buf_done(&o->w.manifest);
	buf_done(&o->w.floor.root);
}

enum assay_status
drill_operator_run(const struct drill_request *request, struct drill_operator *ret_run, struct assay_error *err)
{
	struct drill *d = arena_alloc(request->arena, sizeof *d);
	CLEANUP(operator_done) struct operator_work o = { .run = ret_run, .w = { .request = request, .arena = request->arena, .drill = d,
		.manifest = BUF_INIT(DRILL_MANIFEST_MAX), .floor = VERIFY_STATE_INIT } };
	*ret_run = (struct drill_operator){ .altered_path = "" };
	if (d == NULL)
		return arena_full(err);
	*d = (struct drill){ .sound = false };
	TRY(drill_read_release(&o.w, err));
	text_put(ret_run->product, sizeof ret_run->product, "%s", d->product);
	text_put(ret_run->version, sizeof ret_run->version, "%s", d->version);
	text_put(ret_run->release, sizeof ret_run->release, "%s", d->release);
	text_put(ret_run->manifest, sizeof ret_run->manifest, "%s", d->manifest);
	TRY(read_page(&o, err));
	TRY(try_machine(&o, err));
	TRY(make_delivery(&o, err));
	TRY(digest_of(request->verifier, (size_t)256 << 20, NULL, ret_run->verifier, err));
	TRY(carry_out_all(&o, &ret_run->untouched, err));
	TRY(alter(&o, err));
	TRY(carry_out_all(&o, &ret_run->altered, err));
	const struct drill_steps *u = &ret_run->untouched, *a = &ret_run->altered;
	ret_run->good = u->count == ret_run->blocks && u->items[u->count - 1].exit == 0 && a->items[a->count - 1].exit != 0;
	return ASSAY_OK;
}

/* ---- the record ---- */

static json_t *
steps_of(const struct drill_steps *steps)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < steps->count; i++) {
		const struct drill_step *s = &steps->items[i];
		if (json_array_append_new(list, json_pack("{s:s, s:i, s:s}", "commands", s->commands, "exit", (int)s->exit, "screen", s->screen)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

enum assay_status
drill_operator_record(const struct drill_operator *run, int64_t now, struct buf *out, struct assay_error *err)
{
	char at[WHEN_TEXT_SIZE];
	when_format(now, at);
	CLEANUP(canon_unref) json_t *record = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "assay-operator-run", 1, "at", at, "release",
	    run->release, "manifest", run->manifest, "instructions", run->instructions, "verifier", run->verifier, "altered-path", run->altered_path,
	    "untouched", steps_of(&run->untouched), "altered", steps_of(&run->altered));
	if (record == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record");
	TRY(canon_write(record, out, err));
	buf_add_byte(out, '\n');
	return buf_status(out, "the record", err);
}
