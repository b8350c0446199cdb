/* SPDX-License-Identifier: Apache-2.0 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <verify/state.h>

#define NAME_SIZE 128

static enum assay_status
refuse(struct assay_error *err, const char *path, const char *what)
{
	(void)assay_fail(err, ASSAY_E_SYSTEM, "the state folder '%s' can't be used: %s", path, what);
	return assay_error_todo(err, ASSAY_E_SYSTEM, "see who owns it, and that it can be written to install");
}

/* What others may write, they may lower. */
static enum assay_status
check_owner(const char *what, const struct stat *st, struct assay_error *err)
{
	if (!CATCH(verify_state_owner, (st->st_uid != 0 && st->st_uid != geteuid()) || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0))
		return ASSAY_OK;
	(void)assay_fail(err, ASSAY_E_VERIFY, "%s could have been changed by others than you and the administrator", what);
	return assay_error_todo(err, ASSAY_E_VERIFY, "find out whether it was; then chown it, and chmod go-w");
}

static enum assay_status
open_folder(const char *path, bool will_write, struct verify_state *s, struct assay_error *err)
{
	struct stat st;
	s->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		return refuse(err, path, text_errno(errno));
	if (fstat(s->dir, &st) != 0)
		return refuse(err, path, text_errno(errno));
	TRY(check_owner("the state folder", &st, err));
	if (flock(s->dir, LOCK_EX | LOCK_NB) != 0)
		return refuse(err, path, errno == EWOULDBLOCK ? "another verification is at it just now" : text_errno(errno));
	s->read_only = faccessat(s->dir, ".", W_OK, AT_EACCESS) != 0;
	if (s->read_only && will_write)
		return refuse(err, path, text_errno(errno));
	return ASSAY_OK;
}

static enum assay_status
check_file(int dir, struct assay_error *err)
{
	struct stat st;
	CLEANUP(close_fd) int fd = openat(dir, VERIFY_STATE_FILE, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return ASSAY_E_NOT_FOUND;
	if (fd < 0 || fstat(fd, &st) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't look at '" VERIFY_STATE_FILE "': %s", text_errno(errno));
	/* Reading refuses a link, which is everybody's. */
	return S_ISLNK(st.st_mode) ? ASSAY_OK : check_owner("'" VERIFY_STATE_FILE "' in the state folder", &st, err);
}

enum assay_status
verify_state_open(const char *path, bool will_write, struct verify_state *state, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(VERIFY_STATE_MAX);
	TRY(open_folder(path, will_write, state, err));
	const enum assay_status there = check_file(state->dir, err);
	if (there == ASSAY_E_NOT_FOUND)
		return ASSAY_OK;
	TRY(there);
	TRY(file_read(state->dir, VERIFY_STATE_FILE, &file, err));
	return verify_state_read(buf_span(&file), state, err);
}

void
verify_state_done(struct verify_state *state)
{
	close_fd(&state->dir);
	buf_done(&state->root);
	state->pinned = false;
}

enum assay_status
verify_state_keep(struct verify_state *state, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(VERIFY_STATE_MAX);
	TRY(verify_state_write(state, &file, err));
	TRY(file_write_atomic(state->dir, VERIFY_STATE_FILE, buf_span(&file), 0644, err));
	state->pinned = true;
	return ASSAY_OK;
}

bool
verify_state_used(const struct verify_state *state, const unsigned char rollback[ASSAY_SHA256_SIZE])
{
	for (size_t i = 0; i < state->used_count; i++) {
		if (memcmp(state->used[i], rollback, ASSAY_SHA256_SIZE) == 0)
			return true;
	}
	return false;
}

enum assay_status
verify_state_use(struct verify_state *state, const unsigned char rollback[ASSAY_SHA256_SIZE], struct assay_span authorisation,
    struct assay_error *err)
{
	char hex[ASSAY_TUF_HEX_SIZE], name[NAME_SIZE];
	if (state->used_count == VERIFY_ROLLBACKS_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "this machine was rolled back %d times, and more are not remembered", VERIFY_ROLLBACKS_MAX);
	if (mkdirat(state->dir, VERIFY_ROLLBACKS, 0755) != 0 && errno != EEXIST)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make '" VERIFY_ROLLBACKS "': %s", text_errno(errno));
	text_hex((struct assay_span){ rollback, ASSAY_SHA256_SIZE }, hex);
	text_put(name, sizeof name, VERIFY_ROLLBACKS "/%s.json", hex);
	TRY(file_write_atomic(state->dir, name, authorisation, 0644, err));
	memcpy(state->used[state->used_count++], rollback, ASSAY_SHA256_SIZE);
	return ASSAY_OK;
}
