/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <base/cleanup.h>
#include <limits.h>
#include <signal.h>

#define ARENA_MAX ((size_t)1 << 30)
#define FRAME_MAX ((size_t)128 << 20)
#define WORDS_KEPT 4096
#define DEMO_SECONDS 120

/* ---- the command ---- */

struct words {
	const char *list[CAGE_ARGUMENTS_MAX + 1];
	size_t count;
	char *paths; /* of the units */
	bool full;
};

static void
words_free(struct words **w)
{
	if (*w != NULL)
		free((*w)->paths);
	free(*w);
}

static void
put(struct words *w, const char *word)
{
	if (w->count == CAGE_ARGUMENTS_MAX)
		w->full = true;
	else
		w->list[w->count++] = word;
}

/* Several files have no one file for the assembler's text; it goes to the scratch folder then. */
static void
put_pass(struct words *w, const struct run *r)
{
	for (size_t i = 0; i < r->pass->count; i++) {
		if (r->unit_count > 1 && strcmp(r->pass->args[i], "-o") == 0) {
			i++;
			continue;
		}
		put(w, r->pass->args[i]);
	}
}

static void
put_options(struct words *w, const struct run *r)
{
	for (size_t i = 0; !r->how->no_options && i < r->units[0]->arg_count; i++) {
		const char *option = r->units[0]->args[i];
		if (r->how->defines != NULL && (option[0] != '-' || option[1] == '\0' || strchr(r->how->defines, option[1]) == NULL))
			continue;
		put(w, option);
	}
}

static bool
put_units(struct words *w, const struct run *r)
{
	size_t total = 1;
	for (size_t i = 0; i < r->unit_count; i++)
		total += strlen(r->units[i]->path) + sizeof "/src/";
	char *at = w->paths = malloc(total);
	for (size_t i = 0; at != NULL && i < r->unit_count; i++) {
		int n = snprintf(at, total - (size_t)(at - w->paths), "/src/%s", r->units[i]->path);
		put(w, at);
		at += n + 1;
	}
	return at != NULL;
}

static struct words *
make_command(const struct run *r)
{
	CLEANUP(words_free) struct words *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	put_pass(w, r);
	if (r->how->behind == NULL)
		put_options(w, r);
	if (!put_units(w, r))
		return NULL;
	if (r->how->extra != NULL)
		put(w, r->how->extra);
	if (r->how->behind != NULL) {
		put(w, r->how->behind);
		put_options(w, r);
	}
	return steal(&w);
}

/* ---- what is kept ---- */

struct kept {
	struct sca_stream list[CAGE_FILES_MAX + 4];
	size_t count;
	char *made[CAGE_FILES_MAX + 4]; /* of the heap */
	size_t made_count;
};

static void
kept_free(struct kept **k)
{
	for (size_t i = 0; *k != NULL && i < (*k)->made_count; i++)
		free((*k)->made[i]);
	free(*k);
}

static void
keep(struct kept *k, const char *format, struct assay_span bytes)
{
	if (k->count < CAGE_FILES_MAX + 4)
		k->list[k->count++] = (struct sca_stream) { format, bytes };
}

static void
keep_made(struct kept *k, const char *format, char *text, size_t len)
{
	if (text == NULL || k->made_count == CAGE_FILES_MAX + 4) {
		free(text);
		return;
	}
	k->made[k->made_count++] = text;
	keep(k, format, (struct assay_span) { (const unsigned char *)text, len });
}

static void
keep_file(const struct run_context *c, const struct run *r, struct kept *k, const struct server_file *f)
{
	const char *format = table_file_format(f->name);
	size_t len = 0;
	if (format == NULL)
		return;
	if (strcmp(format, "tidy-profile") == 0) {
		char *text = run_profile(f->bytes, &len);
		keep_made(k, format, text, len);
		return;
	}
	keep(k, format, f->bytes);
	if (strcmp(format, "tidy-yaml") == 0) {
		char *text = run_places(c->server, r->demo, f->bytes, &len);
		keep_made(k, "places", text, len);
	}
}

static int
by_format(const void *a, const void *b)
{
	const struct sca_stream *x = a, *y = b;
	int order = strcmp(x->format, y->format);
	if (order != 0)
		return order;
	size_t least = x->bytes.len < y->bytes.len ? x->bytes.len : y->bytes.len;
	order = least == 0 ? 0 : memcmp(x->bytes.data, y->bytes.data, least);
	return order != 0 ? order : (x->bytes.len > y->bytes.len) - (x->bytes.len < y->bytes.len);
}

/* Without a cage the source isn't at /src. */
static void
keep_root(const struct run_context *c, const struct run *r, struct kept *k)
{
	char root[SERVER_ROOT_MAX];
	server_root(c->server, r->demo, root);
	keep_made(k, "root", strdup(root), strlen(root));
}

/* In one order, whatever the folder's was. */
static void
keep_all(const struct run_context *c, const struct run *r, const struct server_answer *a, struct kept *k)
{
	if (r->how->output != NULL)
		keep(k, r->how->output, a->output);
	for (size_t i = 0; i < a->file_count; i++)
		keep_file(c, r, k, &a->files[i]);
	if (c->server->cage.kind == CAGE_TRUSTED)
		keep_root(c, r, k);
	if (k->count > 1)
		qsort(k->list, k->count, sizeof k->list[0], by_format);
}

static void
keep_words(const struct server_answer *a, struct kept *k)
{
	struct assay_span words = a->words;
	if (words.len > WORDS_KEPT)
		words = (struct assay_span) { words.data + words.len - WORDS_KEPT, WORDS_KEPT };
	if (words.len > 0)
		keep(k, "stderr", words);
}

/* ---- frames ---- */

static void
make_frame(struct run *r, const struct sca_stream *streams, size_t count, int status, const char *why)
{
	CLEANUP(buf_done) struct buf frame = BUF_INIT(FRAME_MAX);
	const char **units = calloc(r->unit_count + 1, sizeof *units);
	struct sca_run run = { .pass = r->pass->name, .units = units, .unit_count = r->unit_count, .state = r->state, .why = why,
		.exit_status = status, .streams = streams, .stream_count = count };
	for (size_t i = 0; units != NULL && i < r->unit_count; i++)
		units[i] = r->units[i]->path;
	if (units != NULL && sca_output_add(&frame, &run, &r->why) == ASSAY_OK) {
		r->frame = malloc(frame.len);
		r->frame_len = frame.len;
		if (r->frame != NULL)
			memcpy(r->frame, frame.data, frame.len);
	}
	if (r->frame == NULL && r->why.status == ASSAY_OK)
		assay_fail(&r->why, ASSAY_E_MEMORY, "no memory for what an engine wrote");
	free(units);
}

void
run_skip(struct run *r, enum sca_state state, const char *why)
{
	r->state = state;
	make_frame(r, NULL, 0, -1, why);
}

/* How it ended by itself; what it wrote is judged after. */
static enum sca_state
state_of(const struct server_answer *a, const char **ret_why)
{
	static const struct {
		enum sca_state state;
		const char *why;
	} ends[] = {
		[WIRE_EXITED] = { SCA_RAN, "" },
		[WIRE_SIGNALLED] = { SCA_KILLED, "it was ended by a signal" },
		[WIRE_LATE] = { SCA_TIMEOUT, "its time was up" },
		[WIRE_OVERFLOWED] = { SCA_TOO_MUCH, "it wrote more than is kept" },
		[WIRE_NOT_STARTED] = { SCA_NO_SANDBOX, "it couldn't be started" },
	};
	*ret_why = ends[a->end].why;
	return ends[a->end].state;
}

/* Whoever reads the member later comes to the same: it is the same function over the same bytes. */
static const char *
judge(const struct run_context *c, struct run *r, const struct kept *k, int status, const char *why, struct arena *arena)
{
	const char **units = arena_array(arena, r->unit_count + 1, sizeof *units);
	struct sca_reading reading;
	struct sca_run run = { .pass = r->pass->name, .units = units, .unit_count = r->unit_count, .state = r->state, .why = why,
		.exit_status = status, .streams = k->list, .stream_count = k->count };
	if (units == NULL) {
		assay_fail(&r->why, ASSAY_E_MEMORY, "no memory for what an engine wrote");
		return why;
	}
	for (size_t i = 0; i < r->unit_count; i++)
		units[i] = r->units[i]->path;
	if (sca_run_read(&run, c->engine->name, arena, &reading, &r->state, &why, &r->why) != ASSAY_OK)
		return "";
	return why;
}

void
run_one(const struct run_context *c, struct run *r)
{
	CLEANUP(words_free) struct words *w = make_command(r);
	CLEANUP(kept_free) struct kept *k = calloc(1, sizeof *k);
	CLEANUP(server_answer_done) struct server_answer a = { .names = NULL };
	CLEANUP(arena_free) struct arena *arena = NULL;
	const unsigned flags = (r->how->joined ? (unsigned)WIRE_JOINED : 0) | (r->demo ? (unsigned)WIRE_DEMO : 0);
	const char *why = "";
	if (w == NULL || k == NULL || w->full || arena_new(ARENA_MAX, &arena) != ASSAY_OK) {
		assay_fail(&r->why, ASSAY_E_MEMORY, "no memory to run an engine");
		return;
	}
	if (server_ask(c->server, c->program, w->list, w->count, flags, 0, &a, &r->why) != ASSAY_OK)
		return;
	r->state = state_of(&a, &why);
	int status = a.end == WIRE_EXITED ? a.status : -1;
	if (a.end == WIRE_EXITED) {
		keep_all(c, r, &a, k);
		why = judge(c, r, k, status, why, arena);
	}
	if (r->state != SCA_RAN)
		keep_words(&a, k);
	if (r->why.status == ASSAY_OK)
		make_frame(r, k->list, k->count, status, why);
}
