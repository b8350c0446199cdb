/* SPDX-License-Identifier: Apache-2.0 */
#include "object_dir.h"
#include "object_stream.h"

#include <base/text.h>

/* Most requests for which a git is kept: to start one takes longer than their answers do. */
#define FEW 256
/* Most memory, in bytes, that a git which waits may hold here. */
#define KEPT_ROOM_MAX ((size_t)8 << 20)

struct object_reader {
	struct object_dir dir;
	const struct repository *r;
	struct buf words;       /* of the run at hand */
	char *complaints;
	unsigned deaths;
	struct object_stream kept; /* a git that waits for the next few requests */
	bool has_kept;
};

static void
drop_kept(struct object_reader *reader)
{
	if (reader->has_kept)
		object_stream_done(&reader->kept);
	reader->has_kept = false;
}

void
object_reader_free(struct object_reader **reader)
{
	if (*reader == NULL)
		return;
	drop_kept(*reader);
	object_dir_done(&(*reader)->dir);
	buf_done(&(*reader)->words);
	free((*reader)->complaints);
	free(*reader);
	*reader = NULL;
}

enum assay_status
object_reader_new_loose(const struct repository *r, size_t loose,
    struct object_reader **ret_reader, struct assay_error *err)
{
	CLEANUP(object_reader_free) struct object_reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to start git");
	reader->r = r;
	reader->words = (struct buf)BUF_INIT(STREAM_WORDS_MAX);
	TRY(object_dir_make(r, loose, &reader->dir, err));
	*ret_reader = steal(&reader);
	return ASSAY_OK;
}

enum assay_status
object_reader_new(const struct repository *r, struct object_reader **ret_reader,
    struct assay_error *err)
{
	return object_reader_new_loose(r, OBJECT_DIR_ALL, ret_reader, err);
}

const char *
object_reader_complaints(const struct object_reader *reader)
{
	return reader->complaints == NULL ? "" : reader->complaints;
}

static enum assay_status
start(struct object_reader *reader, const char *const *argv, const struct object_wanted *wanted,
    size_t first, struct object_stream *s, struct assay_error *err)
{
	const struct child_options options = {
		.argv = argv,
		.env = (const char *const *)reader->dir.env,
		.readable = (const char *const *)reader->dir.readable,
		.confine = true,
		.need_stdin = wanted != NULL,
		.stderr_cap = STREAM_WORDS_MAX,
		.seconds = STREAM_SECONDS_MAX,
	};
	buf_reset(&reader->words);
	return object_stream_start(s, &options, reader->r->algo, wanted, first, err);
}

static int
compare_lines(const void *a, const void *b)
{
	const struct assay_span *x = a;
	const struct assay_span *y = b;
	int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);
	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

#define COMPLAINTS_MAX 20

static enum assay_status
keep_complaints(struct object_reader *reader, struct assay_error *err)
{
	struct assay_span lines[COMPLAINTS_MAX];
	size_t count = 0;
	CLEANUP(buf_done) struct buf words = BUF_INIT((size_t)4 * STREAM_WORDS_MAX);
	repository_hide_folders(reader->r, buf_span(&reader->words), &words);
	TRY(buf_status(&words, "what git said", err));
	for (size_t at = 0; at < words.len && count < COMPLAINTS_MAX;) {
		const unsigned char *start = words.data + at;
		const unsigned char *end = memchr(start, '\n', words.len - at);
		size_t len = end == NULL ? words.len - at : (size_t)(end - start);
		if (len > 0)
			lines[count++] = (struct assay_span) { start, len };
		at += len + 1;
	}
	if (count > 0)
		qsort(lines, count, sizeof(lines[0]), compare_lines);
	CLEANUP(buf_done) struct buf out = BUF_INIT((size_t)8 * STREAM_WORDS_MAX);
	for (size_t i = 0; i < count; i++) {
		text_escape(&out, lines[i], false);
		buf_add_byte(&out, '\n');
	}
	TRY(buf_status(&out, "what git said", err));
	free(reader->complaints);
	reader->complaints = strdup(buf_str(&out));
	return reader->complaints == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory for git's words")
	                                  : ASSAY_OK;
}

enum assay_status
object_reader_list(struct object_reader *reader,
    enum assay_status (*fn)(void *ctx, const struct object_listed *object, struct assay_error *err),
    void *ctx, struct assay_error *err)
{
	static const char *const argv[] = { "git", "cat-file", "--batch-all-objects", "--unordered",
		"--buffer", "--batch-check", NULL };
	CLEANUP(object_stream_done) struct object_stream s;
	TRY(start(reader, argv, NULL, 0, &s, err));
	for (;;) {
		struct assay_span line;
		enum assay_status status = object_stream_line(&s, &line, err);
		if (status == ASSAY_E_NOT_FOUND)
			break;
		TRY(status);
		struct object_header h;
		if (object_header_parse(line, reader->r->algo, &h) != ASSAY_OK || !h.named)
			return assay_fail(err, ASSAY_E_FORMAT, "git's list of objects is not as expected");
		const struct object_listed object
		    = { .id = h.id, .known = h.known, .type = h.type, .size = h.size };
		TRY(fn(ctx, &object, err));
	}
	TRY(object_stream_wait(&s, &reader->words, err));
	return keep_complaints(reader, err);
}

/* Reads one object's bytes after its header. ASSAY_E_NOT_FOUND: git ended in the middle. */
static enum assay_status
read_content(struct object_stream *s, const struct object_header *h, size_t cap,
    struct object_read *object, struct assay_error *err)
{
	*object = (struct object_read) { .id = h->id, .type = h->type, .size = h->size,
		.present = true };
	if (h->size > cap) {
		object->over_cap = true;
		return object_stream_skip(s, h->size + 1, err);
	}
	TRY(object_stream_bytes(s, (size_t)h->size + 1, &object->bytes, err));
	object->bytes.len--;
	if (object->bytes.data[object->bytes.len] != '\n')
		return assay_fail(err, ASSAY_E_FORMAT, "git's stream of objects is not as expected");
	return ASSAY_OK;
}

/* From request *at on, until all are answered or git ends. */
static enum assay_status
read_some(struct object_stream *s, const struct object_wanted *w, size_t *at,
    struct assay_error *err)
{
	while (*at < w->count) {
		struct assay_span line;
		struct object_header h;
		struct object_read object = { .present = false };
		TRY(object_stream_line(s, &line, err));
		if (object_header_parse(line, s->algo, &h) != ASSAY_OK)
			return assay_fail(err, ASSAY_E_FORMAT, "git's stream of objects is not as expected");
		if (h.known)
			TRY(read_content(s, &h, w->cap, &object, err));
		TRY(w->got(w->ctx, *at, &object, err));
		++*at;
	}
	return ASSAY_OK;
}

static enum assay_status
run_once(struct object_reader *reader, const struct object_wanted *w, size_t *at, bool *ret_died,
    struct assay_error *err)
{
	static const char *const argv[] = { "git", "cat-file", "--batch", "--buffer", NULL };
	CLEANUP(object_stream_done) struct object_stream s;
	TRY(start(reader, argv, w, *at, &s, err));
	enum assay_status status = read_some(&s, w, at, err);
	*ret_died = status == ASSAY_E_NOT_FOUND;
	if (*ret_died)
		return ASSAY_OK;
	TRY(status);
	return object_stream_wait(&s, &reader->words, err);
}

/*
 * From the git that is kept. When it ends before all are answered, *at tells how far it came, and others are started
 * for the rest.
 */
static enum assay_status
read_few(struct object_reader *reader, const struct object_wanted *w, size_t *at, struct assay_error *err)
{
	static const char *const argv[] = { "git", "cat-file", "--batch", NULL };
	if (!reader->has_kept) {
		const enum assay_status started = start(reader, argv, w, 0, &reader->kept, err);
		if (started != ASSAY_OK) {
			object_stream_done(&reader->kept);
			return started;
		}
		reader->has_kept = reader->kept.stays = true;
	}
	object_stream_ask(&reader->kept, w);
	const enum assay_status status = read_some(&reader->kept, w, at, err);
	if (status != ASSAY_OK || reader->kept.in.room > KEPT_ROOM_MAX)
		drop_kept(reader);
	return status == ASSAY_E_NOT_FOUND ? ASSAY_OK : status;
}

enum assay_status
object_reader_each(struct object_reader *reader, const struct object_wanted *wanted,
    struct assay_error *err)
{
	static const struct object_read none = { .present = false };
	size_t at = 0;
	unsigned fruitless = 0;
	if (wanted->count > 0 && wanted->count <= FEW)
		TRY(read_few(reader, wanted, &at, err));
	while (at < wanted->count) {
		const size_t first = at;
		bool died;
		TRY(run_once(reader, wanted, &at, &died, err));
		fruitless = died && at == first ? fruitless + 1 : 0;
		/* Only an object that two runs end with, as their first, is to blame: git may have been killed. */
		if (fruitless < 2)
			continue;
		fruitless = 0;
		if (++reader->deaths > OBJECT_READER_DEATHS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "git ended more than %d times over unreadable objects",
			    OBJECT_READER_DEATHS_MAX);
		TRY(wanted->got(wanted->ctx, at, &none, err));
		at++;
	}
	return ASSAY_OK;
}
