/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of git for its verdict on a file.
 */
#include "object_dir.h"
#include "object_stream.h"

#include <base/text.h>
#include <errno.h>

#define ENVIRONMENT_MAX 64

/* What it writes to standard output is of no interest, but must have somewhere to go. */
static void
drain(int fd)
{
	char chunk[4096];
	ssize_t n;
	do
		n = read(fd, chunk, sizeof(chunk));
	while (n > 0 || (n < 0 && errno == EINTR));
}

/* The first line, without folders. */
static enum assay_status
first_line(const struct repository *r, struct assay_span words, struct arena *arena,
    const char **ret_line, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf plain = BUF_INIT((size_t)4 * STREAM_WORDS_MAX);
	CLEANUP(buf_done) struct buf shown = BUF_INIT((size_t)16 * STREAM_WORDS_MAX);
	const unsigned char *end = memchr(words.data, '\n', words.len);
	if (end != NULL)
		words.len = (size_t)(end - words.data);
	repository_hide_folders(r, words, &plain);
	text_escape(&shown, buf_span(&plain), false);
	TRY(buf_status(&plain, "what git said", err));
	TRY(buf_status(&shown, "what git said", err));
	*ret_line = arena_copy(arena, buf_span(&shown));
	return *ret_line == NULL ? arena_full(err) : ASSAY_OK;
}

enum assay_status
object_dir_run(const struct git_run *run, struct arena *arena, const char **ret_words,
    bool *ret_sound, struct assay_error *err)
{
	const char *env[ENVIRONMENT_MAX + 1] = { NULL };
	for (size_t i = 0; i < ENVIRONMENT_MAX && run->dir->env[i] != NULL; i++)
		env[i] = run->alone && strncmp(run->dir->env[i], "GIT_DIR=", 8) == 0 ? "GIT_DIR=/nonexistent"
		                                                                      : run->dir->env[i];
	const struct child_options options = {
		.argv = run->argv,
		.env = env,
		.readable = (const char *const *)run->dir->readable,
		.confine = true,
		.stderr_cap = STREAM_WORDS_MAX,
		.seconds = STREAM_SECONDS_MAX,
	};
	CLEANUP(child_done) struct child c = CHILD_NONE;
	CLEANUP(buf_done) struct buf words = BUF_INIT(STREAM_WORDS_MAX);
	TRY(child_start(&options, &c, err));
	drain(c.out);
	const enum assay_status status = child_wait_heard(&c, &words, err);
	*ret_sound = status == ASSAY_OK;
	if (status == ASSAY_OK)
		return ASSAY_OK;
	if (c.ended < 0 || words.len == 0 || memmem(words.data, words.len, "ut of memory", 12) != NULL)
		return status;
	if (err != NULL)
		assay_error_clear(err);
	return first_line(run->r, buf_span(&words), arena, ret_words, err);
}
