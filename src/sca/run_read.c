/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run shows. That an engine exited 0 says nothing: each pass has a sign of having come to its units' end, which the engine
 * writes also where it found nothing.
 */
#include <sca/output.h>

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/jsontree.h>

/* Where the source lies for engines; elsewhere only without a sandbox, and then the stream "root" says where. */
#define ROOT "/src/"
/* A file that is given along because its engine says nothing of files in which it finds nothing; the report that it must give. */
#define CANARY_FILE "/canary/canary.c"
#define CANARY_CHECK "FF1014"

struct shown {
	const struct sca_run *run;
	const char *engine;
	struct arena *arena;
	struct sca_reading all;
	enum sca_state state;
	const char *why;
	const char *roots[3]; /* what paths lose: the second is the folder's plain name */
	struct assay_error *err;
};

static void
set(struct shown *s, enum sca_state state, const char *why)
{
	if (s->state != SCA_RAN)
		return;
	s->state = state;
	s->why = why;
}

static const struct sca_stream *
stream_of(const struct sca_run *run, const char *format)
{
	for (size_t i = 0; i < run->stream_count; i++) {
		if (strcmp(run->streams[i].format, format) == 0)
			return &run->streams[i];
	}
	return NULL;
}

/* Output that can't be read makes the run garbage; it isn't an error of whoever reads. */
static enum assay_status
read_stream(struct shown *s, const char *format, sca_reader *reader)
{
	const struct sca_stream *stream = stream_of(s->run, format);
	struct assay_error why = { .status = ASSAY_OK };
	if (stream == NULL) {
		set(s, SCA_NOTHING, "it wrote no report");
		return ASSAY_OK;
	}
	const struct sca_input in = { s->engine, stream->bytes, s->roots, "" };
	enum assay_status status = reader(&in, s->arena, &s->all, &why);
	if (status == ASSAY_E_MEMORY)
		return assay_fail(s->err, status, "%s", why.what);
	if (status != ASSAY_OK) {
		const char *text = arena_str(s->arena, why.what);
		if (text == NULL)
			return arena_full(s->err);
		set(s, stream->bytes.len == 0 ? SCA_NOTHING : SCA_GARBAGE, text);
	} else if (s->all.broken != NULL) {
		set(s, SCA_NOT_COMPILED, s->all.broken);
	}
	return ASSAY_OK;
}

/* ---- a sign for each ---- */

/* A list of diagnostics for each unit, empty or not. */
static enum assay_status
show_gcc(struct shown *s)
{
	TRY(read_stream(s, "gcc-json", sca_read_gcc_json));
	if (s->all.documents < s->run->unit_count)
		set(s, SCA_NOTHING, "it has no list of diagnostics for each of its files");
	return ASSAY_OK;
}

static enum assay_status
show_dia(struct shown *s)
{
	return read_stream(s, "clang-dia", sca_read_clang_dia);
}

/* clang writes none for a file that it can't compile, and exits 1; when it breaks, otherwise. */
static enum assay_status
show_sarif(struct shown *s)
{
	if (stream_of(s->run, "sarif") == NULL && s->run->exit_status == 1) {
		set(s, SCA_NOT_COMPILED, "it couldn't compile the file");
		return ASSAY_OK;
	}
	return read_stream(s, "sarif", sca_read_sarif);
}

static bool
has_unit(const char *const *units, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(units[i], path) == 0)
			return true;
	}
	return false;
}

/* Files that the profiles name: clang-tidy writes one at the end of each. Of its times, the names of what ran are kept: "checks". */
static enum assay_status
show_profiles(struct shown *s)
{
	const char **seen = arena_array(s->arena, s->run->stream_count + 1, sizeof *seen);
	size_t count = 0;
	if (seen == NULL)
		return arena_full(s->err);
	for (size_t i = 0; i < s->run->stream_count; i++) {
		struct jsontree *root = NULL;
		const struct sca_stream *stream = &s->run->streams[i];
		if (strcmp(stream->format, "tidy-profile") != 0
		    || jsontree_parse(stream->bytes, "profile", s->arena, &root, NULL) != ASSAY_OK)
			continue;
		const char *file = jsontree_str(root, "file");
		const struct jsontree *checks = jsontree_get(root, "checks");
		size_t front = strlen(s->roots[1]);
		if (file != NULL && strncmp(file, s->roots[1], front) == 0 && checks != NULL && checks->count > 0)
			seen[count++] = file + front;
	}
	for (size_t i = 0; i < s->run->unit_count; i++) {
		if (!has_unit(seen, count, s->run->units[i]))
			set(s, SCA_NOTHING, "it shows no profile of one of its files");
	}
	s->all.seen = seen;
	s->all.seen_count = count;
	return ASSAY_OK;
}

/* "places": [{"column":, "line":, "offset":, "path":}], made where the files were. */
static uint32_t
number(const struct jsontree *object, const char *key)
{
	const struct jsontree *n = jsontree_get(object, key);
	uint64_t v = 0;
	if (n == NULL || n->kind != JSONTREE_NUMBER || text_to_u64(assay_span_str(n->text), &v) != ASSAY_OK || v > UINT32_MAX)
		return 0;
	return (uint32_t)v;
}

static void
place(struct sca_report *r, const struct jsontree *places)
{
	for (const struct jsontree *p = places->first; p != NULL && r->has_offset && r->line == 0; p = p->next) {
		const char *path = jsontree_str(p, "path");
		if (path == NULL || strcmp(path, r->path) != 0 || number(p, "offset") != r->offset)
			continue;
		r->line = number(p, "line");
		r->column = number(p, "column");
	}
}

static enum assay_status
show_tidy(struct shown *s)
{
	const struct sca_stream *places = stream_of(s->run, "places");
	struct jsontree *root = NULL;
	if (stream_of(s->run, "tidy-yaml") != NULL)
		TRY(read_stream(s, "tidy-yaml", sca_read_tidy));
	else if (s->run->exit_status != 0)
		set(s, SCA_GARBAGE, "it failed and says nothing");
	if (places != NULL && jsontree_parse(places->bytes, "places", s->arena, &root, NULL) == ASSAY_OK) {
		for (size_t i = 0; i < s->all.count; i++)
			place(&s->all.reports[i], root);
	}
	return show_profiles(s);
}

/* "Checking src/a.c ..." on its standard output, for each file that it came to. */
static bool
was_checked(struct shown *s, struct assay_span words, const char *unit)
{
	const char *line = arena_printf(s->arena, "Checking %s%s ...", s->roots[1], unit);
	for (size_t from = 0; line != NULL && from < words.len;) {
		const unsigned char *at = words.data + from;
		const unsigned char *end = memchr(at, '\n', words.len - from);
		size_t n = end == NULL ? words.len - from : (size_t)(end - at);
		if (n == strlen(line) && memcmp(at, line, n) == 0)
			return true;
		from += n + 1;
	}
	return false;
}

static enum assay_status
show_cppcheck(struct shown *s)
{
	const struct sca_stream *words = stream_of(s->run, "stdout");
	TRY(read_stream(s, "cppcheck-xml", sca_read_cppcheck));
	for (size_t i = 0; i < s->run->unit_count; i++) {
		if (words == NULL || !was_checked(s, words->bytes, s->run->units[i]))
			set(s, SCA_NOTHING, "it doesn't say that it checked one of its files");
	}
	return ASSAY_OK;
}

/* A file of that name in the tree isn't outside. */
static bool
is_canary(const struct sca_report *r)
{
	size_t n = strlen(r->path), canary = sizeof CANARY_FILE - 1;
	return r->outside && n >= canary && strcmp(r->path + n - canary, CANARY_FILE) == 0;
}

/* Its own file comes last: it was reached, and the faults in it were seen. */
static enum assay_status
show_flawfinder(struct shown *s)
{
	bool seen = false;
	size_t kept = 0;
	TRY(read_stream(s, "sarif", sca_read_sarif));
	for (size_t i = 0; i < s->all.count; i++) {
		bool own = is_canary(&s->all.reports[i]);
		seen = seen || (own && strcmp(s->all.reports[i].check, CANARY_CHECK) == 0);
		if (!own)
			s->all.reports[kept++] = s->all.reports[i];
	}
	s->all.count = kept;
	if (!seen)
		set(s, SCA_NOTHING, "it doesn't report the fault in the file that was given along");
	return ASSAY_OK;
}

static const struct {
	const char *pass;
	enum assay_status (*show)(struct shown *s);
} passes[] = {
	{ "gcc-warnings", show_gcc },
	{ "gcc-analyzer", show_gcc },
	{ "gcc-taint", show_gcc },
	{ "clang-warnings", show_dia },
	{ "clang-analyzer", show_sarif },
	{ "clang-tidy", show_tidy },
	{ "cppcheck", show_cppcheck },
	{ "flawfinder", show_flawfinder },
};

static enum assay_status
find_root(struct shown *s)
{
	const struct sca_stream *told = stream_of(s->run, "root");
	s->roots[1] = told == NULL ? ROOT : arena_copy(s->arena, told->bytes);
	s->roots[0] = s->roots[1] == NULL ? NULL : arena_printf(s->arena, "file://%s", s->roots[1]);
	return s->roots[0] != NULL ? ASSAY_OK : arena_full(s->err);
}

enum assay_status
sca_run_read(const struct sca_run *run, const char *engine, struct arena *arena, struct sca_reading *ret_reading,
    enum sca_state *ret_state, const char **ret_why, struct assay_error *err)
{
	struct shown s = { .run = run, .engine = engine, .arena = arena, .state = run->state, .why = run->why, .err = err,
		.all = { .tool = "", .version = "" } };
	bool known = false;
	TRY(find_root(&s));
	for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++) {
		if (strcmp(passes[i].pass, run->pass) != 0)
			continue;
		known = true;
		/* Reports of a run that failed otherwise are kept: a fault that was seen is one. */
		if (run->stream_count > 0 || run->state == SCA_RAN)
			TRY(passes[i].show(&s));
	}
	if (!known)
		set(&s, SCA_GARBAGE, "no such way of running an engine is known");
	/* The diagnostics say it of a file; the exit status may say it of something else. */
	if (run->exit_status != 0)
		set(&s, SCA_GARBAGE, "it failed without saying why in its report");
	*ret_reading = s.all;
	*ret_state = s.state;
	*ret_why = s.why;
	return ASSAY_OK;
}
