/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <base/cleanup.h>
#include <base/file.h>
#include <base/folder.h>
#include <base/text.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#define DEEP_MAX 64
#define DATABASE "compile_commands.json"

struct job {
	struct cage_run run;
	const char *arguments[CAGE_ARGUMENTS_MAX + 1];
	char *texts; /* the arguments' bytes */
};

/* ---- removing ---- */

static void
dir_done(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
}

static void
empty(int parent, const char *name, unsigned depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || depth > DEEP_MAX) {
		if (fd >= 0)
			close(fd);
		return;
	}
	/* A build may have left folders that nobody may write to. */
	fchmod(fd, 0700);
	CLEANUP(dir_done) DIR *d = fdopendir(fd);
	if (d == NULL) {
		close(fd);
		return;
	}
	for (const struct dirent *e; (e = folder_next(d)) != NULL;) {
		if (unlinkat(dirfd(d), e->d_name, 0) == 0)
			continue;
		empty(dirfd(d), e->d_name, depth + 1);
		unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
	}
}

void
worker_remove(const char *folder)
{
	empty(AT_FDCWD, folder, 0);
	rmdir(folder);
}

/* ---- adding a file ---- */

static bool
is_below(const char *path)
{
	if (path[0] == '\0' || path[0] == '/' || strlen(path) >= PATH_MAX / 2)
		return false;
	for (const char *p = path; *p != '\0';) {
		size_t n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n + (p[n] == '/');
	}
	return true;
}

static bool
add(const struct cage *c, struct wire *w)
{
	struct assay_span folder = wire_take_text(w), path = wire_take_text(w), bytes = wire_take_text(w);
	char below[PATH_MAX / 2 + 1], whole[PATH_MAX];
	bool known = assay_span_equal(folder, assay_span_str("src")) || assay_span_equal(folder, assay_span_str("canary"))
	    || assay_span_equal(folder, assay_span_str("demo"));
	if (w->bad || !known || path.len >= sizeof below || memchr(path.data, 0, path.len) != NULL)
		return false;
	memcpy(below, path.data, path.len);
	below[path.len] = '\0';
	if (!is_below(below))
		return false;
	int n = snprintf(whole, sizeof whole, "%s/%.*s/%s", c->work, (int)folder.len, (const char *)folder.data, below);
	if (n < 0 || (size_t)n >= sizeof whole)
		return false;
	char *slash = strrchr(whole, '/');
	*slash = '\0';
	if (file_make_dirs(whole, true, NULL) != ASSAY_OK)
		return false;
	*slash = '/';
	int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good = fd >= 0 && file_write_all(fd, bytes, NULL) == ASSAY_OK;
	if (fd >= 0 && close(fd) != 0)
		good = false;
	return good;
}

/* ---- a run's files ---- */

struct files {
	struct buf *to;
	uint32_t count;
	size_t total;
	bool too_much;
};

static void
put_file(struct files *f, int dir, const char *file, const char *front)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(CAGE_OUTPUT_MAX);
	CLEANUP(buf_done) struct buf name = BUF_INIT(PATH_MAX);
	enum assay_status s = file_read(dir, file, &bytes, NULL);
	if (s == ASSAY_OK && f->count < CAGE_FILES_MAX && f->total + bytes.len <= CAGE_FILES_TOTAL) {
		buf_addf(&name, "%s%s", front, file);
		wire_put_text(f->to, buf_span(&name));
		wire_put_text(f->to, buf_span(&bytes));
		f->count++;
		f->total += bytes.len;
	} else if (s != ASSAY_E_UNSUPPORTED) {
		f->too_much = true;
	}
}

/* Files, and those of one more level. */
static void
put_folder(struct files *f, int parent, const char *folder, const char *front, unsigned depth)
{
	int fd = openat(parent, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	CLEANUP(dir_done) DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	if (d == NULL && fd >= 0)
		close(fd);
	for (const struct dirent *e; d != NULL && !f->too_much && (e = folder_next(d)) != NULL;) {
		struct stat st;
		char below[NAME_MAX + 2];
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		text_put(below, sizeof below, "%s/", e->d_name);
		if (S_ISDIR(st.st_mode) && depth == 0)
			put_folder(f, dirfd(d), e->d_name, below, depth + 1);
		else
			put_file(f, dirfd(d), e->d_name, front);
	}
}

/* ---- a run ---- */

static void
job_free(struct job **j)
{
	if (*j != NULL)
		free((*j)->texts);
	free(*j);
}

/* Arguments as C texts in one block of memory. */
static bool
take_arguments(struct wire *w, struct job *j)
{
	struct assay_span program = wire_take_text(w);
	uint32_t count = wire_take_u32(w);
	if (w->bad || count > CAGE_ARGUMENTS_MAX)
		return false;
	j->texts = malloc(w->bytes.len + CAGE_ARGUMENTS_MAX + 2);
	if (j->texts == NULL)
		return false;
	char *at = j->texts;
	for (uint32_t i = 0; i <= count; i++) {
		struct assay_span text = i == 0 ? program : wire_take_text(w);
		if (w->bad || (text.len > 0 && memchr(text.data, 0, text.len) != NULL))
			return false;
		if (text.len > 0)
			memcpy(at, text.data, text.len);
		at[text.len] = '\0';
		if (i == 0)
			j->run.program = at;
		else
			j->arguments[i - 1] = at;
		at += text.len + 1;
	}
	j->run.arguments = j->arguments;
	j->run.argument_count = count;
	return true;
}

static void
result_done(struct cage_result *r)
{
	buf_done(&r->output);
	buf_done(&r->words);
}

/* Of a build the one file that it is asked for. */
static void
put_results(const struct cage *c, const struct cage_run *r, struct files *files)
{
	char folder[256];
	if ((r->flags & WIRE_BUILD) == 0) {
		put_folder(files, AT_FDCWD, r->out, "", 0);
		return;
	}
	text_put(folder, sizeof folder, "%s/build", c->work);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && faccessat(fd, DATABASE, R_OK, AT_SYMLINK_NOFOLLOW) == 0)
		put_file(files, fd, DATABASE, "");
	if (fd >= 0)
		close(fd);
}

static void
run(const struct cage *c, struct wire *w, const char *out, struct buf *answer)
{
	CLEANUP(job_free) struct job *j = calloc(1, sizeof *j);
	CLEANUP(result_done) struct cage_result r = { .end = WIRE_NOT_STARTED, .output = BUF_INIT(CAGE_OUTPUT_MAX),
		.words = BUF_INIT(1u << 20) };
	CLEANUP(buf_done) struct buf listed = BUF_INIT(CAGE_FILES_TOTAL + (1u << 20));
	struct files files = { .to = &listed };
	if (j != NULL) {
		j->run.flags = wire_take_u32(w);
		j->run.seconds = wire_take_u32(w);
		j->run.out = out;
	}
	if (j != NULL && j->run.seconds > 0 && take_arguments(w, j)) {
		worker_remove(out);
		if (mkdir(out, 0700) == 0)
			cage_start(c, &j->run, &r);
		put_results(c, &j->run, &files);
	}
	wire_put_u32(answer, files.too_much ? WIRE_OVERFLOWED : r.end);
	wire_put_u32(answer, (uint32_t)r.status);
	wire_put_text(answer, buf_span(&r.output));
	wire_put_text(answer, buf_span(&r.words));
	wire_put_u32(answer, files.count);
	buf_add_span(answer, buf_span(&listed));
}

static bool
serve_one(int fd, const struct cage *cage, const char *out)
{
	CLEANUP(buf_done) struct buf message = BUF_INIT(WIRE_MESSAGE_MAX);
	CLEANUP(buf_done) struct buf answer = BUF_INIT(WIRE_MESSAGE_MAX);
	enum wire_kind kind;
	if (!wire_receive(fd, &kind, &message))
		return false;
	struct wire w = { .bytes = buf_span(&message) };
	if (kind == WIRE_ADD)
		wire_put_u32(&answer, add(cage, &w) ? 1 : 0);
	else if (kind == WIRE_RUN)
		run(cage, &w, out, &answer);
	else
		return false;
	return answer.status == ASSAY_OK && wire_send(fd, WIRE_ANSWER, buf_span(&answer));
}

void
worker_serve(int fd, const struct cage *cage, unsigned number)
{
	char out[256];
	struct cage own = *cage;
	own.caller = fd;
	text_put(out, sizeof out, "%s/out-%u", cage->work, number);
	while (serve_one(fd, &own, out))
		continue;
	worker_remove(out);
	if (number == 0)
		worker_remove(cage->work);
	_exit(0);
}
