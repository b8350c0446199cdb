/* SPDX-License-Identifier: Apache-2.0 */
#include <sca/output.h>

#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/jsontree.h>
#include <jansson.h>

#define FIRST_LINE "assay-output 1\n"
#define HEAD_MAX (8u << 20)

static const char *const state_names[SCA_STATES] = {
	[SCA_RAN] = "ran",
	[SCA_NOT_COMPILED] = "not-compiled",
	[SCA_TIMEOUT] = "timeout",
	[SCA_KILLED] = "killed",
	[SCA_GARBAGE] = "garbage",
	[SCA_TOO_MUCH] = "too-much",
	[SCA_NOTHING] = "nothing",
	[SCA_REFUSED] = "refused",
	[SCA_ABSENT] = "absent",
	[SCA_NO_SANDBOX] = "no-sandbox",
};

const char *
sca_state_name(enum sca_state state)
{
	return state_names[state];
}

/* ---- writing ---- */

void
sca_output_begin(struct buf *out)
{
	buf_add_str(out, FIRST_LINE);
}

static void
json_done(json_t **j)
{
	json_decref(*j);
}

static void
words_done(char **text)
{
	free(*text);
}

/* A file whose name is no UTF-8 isn't given to engines; it is named all the same, escaped. */
static json_t *
name_of(const char *path)
{
	CLEANUP(buf_done) struct buf escaped = BUF_INIT(1u << 20);
	json_t *name = json_string(path);
	if (name != NULL)
		return name;
	text_escape(&escaped, assay_span_str(path), false);
	return json_string(buf_str(&escaped));
}

static json_t *
head_of(const struct sca_run *run)
{
	json_t *units = json_array(), *streams = json_array();
	for (size_t i = 0; i < run->unit_count; i++)
		json_array_append_new(units, name_of(run->units[i]));
	for (size_t i = 0; i < run->stream_count; i++)
		json_array_append_new(streams, json_pack("{s:s, s:I}", "format", run->streams[i].format, "length",
		    (json_int_t)run->streams[i].bytes.len));
	return json_pack("{s:i, s:s, s:s, s:o, s:o, s:s}", "exit", run->exit_status, "pass", run->pass, "state",
	    state_names[run->state], "streams", streams, "units", units, "why", run->why);
}

enum assay_status
sca_output_add(struct buf *out, const struct sca_run *run, struct assay_error *err)
{
	CLEANUP(json_done) json_t *head = head_of(run);
	CLEANUP(words_done) char *text = head != NULL ? json_dumps(head, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	if (text == NULL || json_array_size(json_object_get(head, "units")) != run->unit_count)
		return assay_fail(err, ASSAY_E_FORMAT, "a run's head can't be written");
	buf_add_str(out, text);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < run->stream_count; i++) {
		buf_add_span(out, run->streams[i].bytes);
		buf_add_byte(out, '\n');
	}
	return buf_status(out, "the engines' output", err);
}

/* ---- reading ---- */

struct reader {
	struct assay_span bytes;
	size_t at;
	const char *name;
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
bad(const struct reader *r, const char *why)
{
	return assay_fail(r->err, ASSAY_E_FORMAT, "'%s' is no output of engines: %s", r->name, why);
}

static enum assay_status
read_strings(struct reader *r, const struct jsontree *list, const char *const **ret_list, size_t *ret_count)
{
	if (list == NULL || list->kind != JSONTREE_ARRAY)
		return bad(r, "a run without units");
	const char **texts = arena_array(r->arena, list->count + 1, sizeof *texts);
	size_t n = 0;
	if (texts == NULL)
		return arena_full(r->err);
	for (const struct jsontree *x = list->first; x != NULL; x = x->next) {
		if (x->kind != JSONTREE_STRING)
			return bad(r, "a unit without a name");
		texts[n++] = x->text;
	}
	*ret_list = texts;
	*ret_count = n;
	return ASSAY_OK;
}

static enum assay_status
read_stream(struct reader *r, const struct jsontree *from, struct sca_stream *to)
{
	const struct jsontree *length = jsontree_get(from, "length");
	uint64_t len = 0;
	to->format = jsontree_str(from, "format");
	if (to->format == NULL || length == NULL || length->kind != JSONTREE_NUMBER
	    || text_to_u64(assay_span_str(length->text), &len) != ASSAY_OK)
		return bad(r, "a stream without a format or a length");
	if (len >= r->bytes.len - r->at || r->bytes.data[r->at + len] != '\n')
		return bad(r, "a stream that isn't whole");
	to->bytes = (struct assay_span) { r->bytes.data + r->at, (size_t)len };
	r->at += (size_t)len + 1;
	return ASSAY_OK;
}

static enum assay_status
read_streams(struct reader *r, const struct jsontree *list, struct sca_run *run)
{
	if (list == NULL || list->kind != JSONTREE_ARRAY || list->count > SCA_STREAMS_MAX)
		return bad(r, "a run without streams");
	struct sca_stream *streams = arena_array(r->arena, list->count + 1, sizeof *streams);
	if (streams == NULL)
		return arena_full(r->err);
	for (const struct jsontree *x = list->first; x != NULL; x = x->next)
		TRY(read_stream(r, x, &streams[run->stream_count++]));
	run->streams = streams;
	return ASSAY_OK;
}

static bool
read_state(const char *name, enum sca_state *ret_state)
{
	for (int i = 0; name != NULL && i < SCA_STATES; i++) {
		if (strcmp(name, state_names[i]) == 0) {
			*ret_state = (enum sca_state)i;
			return true;
		}
	}
	return false;
}

static enum assay_status
read_run(struct reader *r, struct sca_run *ret_run)
{
	struct sca_run run = { .exit_status = -1 };
	struct jsontree *head = NULL;
	const unsigned char *from = r->bytes.data + r->at;
	const unsigned char *end = memchr(from, '\n', r->bytes.len - r->at);
	uint64_t status = 0;
	if (end == NULL || (size_t)(end - from) > HEAD_MAX)
		return bad(r, "a run's head has no end");
	TRY(jsontree_parse((struct assay_span) { from, (size_t)(end - from) }, r->name, r->arena, &head, r->err));
	r->at += (size_t)(end - from) + 1;
	run.pass = jsontree_str(head, "pass");
	run.why = jsontree_str(head, "why");
	if (run.pass == NULL || run.why == NULL || !read_state(jsontree_str(head, "state"), &run.state))
		return bad(r, "a run without a state");
	const struct jsontree *code = jsontree_get(head, "exit");
	if (code != NULL && code->kind == JSONTREE_NUMBER && text_to_u64(assay_span_str(code->text), &status) == ASSAY_OK
	    && status < 256)
		run.exit_status = (int)status;
	TRY(read_strings(r, jsontree_get(head, "units"), &run.units, &run.unit_count));
	TRY(read_streams(r, jsontree_get(head, "streams"), &run));
	*ret_run = run;
	return ASSAY_OK;
}

enum assay_status
sca_output_read(struct assay_span bytes, const char *name, struct arena *arena, struct sca_output *ret_output,
    struct assay_error *err)
{
	static const size_t first = sizeof FIRST_LINE - 1;
	struct reader r = { bytes, first, name, arena, err };
	struct sca_run *runs = NULL;
	size_t count = 0, room = 0;
	if (bytes.len < first || memcmp(bytes.data, FIRST_LINE, first) != 0)
		return bad(&r, "it doesn't begin like one");
	while (r.at < bytes.len) {
		if (count == room) {
			room = room == 0 ? 64 : 2 * room;
			struct sca_run *more = arena_array(arena, room, sizeof *more);
			if (more == NULL || count >= SCA_RUNS_MAX)
				return more == NULL ? arena_full(err) : bad(&r, "it has too many runs");
			if (count > 0)
				memcpy(more, runs, count * sizeof *more);
			runs = more;
		}
		TRY(read_run(&r, &runs[count++]));
	}
	*ret_output = (struct sca_output) { runs, count };
	return ASSAY_OK;
}
