/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attack, as both verifiers see it: the one of this program, and the static one that operators have.
 */
#include "inside.h"

#include <base/child.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <verify/verify.h>

#define ANSWER_MAX ((size_t)1 << 20)
#define ANSWER_SECONDS 3600
#define ARGUMENTS_MAX 24
#define GROWTH_MAX (1u << 20)
#define GROWTH_PAUSE 100000 /* ns */

/* ---- somebody who writes meanwhile ---- */

struct grower {
	int fd;
	atomic_bool stop, began;
	pthread_t thread;
	bool runs;
};

static void *
grow(void *ctx)
{
	struct grower *g = ctx;
	for (unsigned i = 0; i < GROWTH_MAX && !atomic_load(&g->stop); i++) {
		if (write(g->fd, "x", 1) != 1)
			break;
		atomic_store(&g->began, true);
		(void)nanosleep(&(struct timespec){ .tv_nsec = GROWTH_PAUSE }, NULL);
	}
	return NULL;
}

static enum assay_status
grower_start(const struct drill_work *w, struct grower *g, struct assay_error *err)
{
	char path[PATH_SIZE];
	if (!w->grow)
		return ASSAY_OK;
	text_put(path, sizeof path, "%s/%s", w->base, w->file);
	struct stat st;
	if (lstat(path, &st) != 0 || chmod(path, 0600) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't write to the copy: %s", text_errno(errno));
	g->fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (g->fd < 0 || fchmod(g->fd, st.st_mode & 07777) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't write to the copy: %s", text_errno(errno));
	g->runs = pthread_create(&g->thread, NULL, grow, g) == 0;
	while (g->runs && !atomic_load(&g->began))
		(void)nanosleep(&(struct timespec){ .tv_nsec = GROWTH_PAUSE }, NULL);
	return g->runs ? ASSAY_OK : assay_fail(err, ASSAY_E_SYSTEM, "no thread to write to the copy");
}

static void
grower_done(struct grower *g)
{
	atomic_store(&g->stop, true);
	if (g->runs)
		(void)pthread_join(g->thread, NULL);
	if (g->fd >= 0)
		(void)close(g->fd);
}

/* ---- the state, anew for each of the two ---- */

static enum assay_status
make_state(struct drill_work *w, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(VERIFY_STATE_MAX);
	drill_remove(w->state);
	if (mkdir(w->state, 0700) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't make a state folder: %s", text_errno(errno));
	if (!w->has_floor)
		return ASSAY_OK;
	TRY(verify_state_write(&w->floor, &bytes, err));
	TRY(drill_write(w, w->state, VERIFY_STATE_FILE, buf_span(&bytes), err));
	const char *path = drill_path(w, w->state, VERIFY_STATE_FILE);
	if (path == NULL)
		return arena_full(err);
	if (w->open_state && chmod(path, 0666) != 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open the state to everybody: %s", text_errno(errno));
	return ASSAY_OK;
}

/* What a verifier said. */
struct answer {
	bool intact;
	bool refused; /* to work at all: there are no codes */
	uint64_t codes;
};

/* ---- here ---- */

static enum assay_status
here(struct drill_work *w, struct answer *ret, struct assay_error *err)
{
	CLEANUP(verify_result_free) struct verify_result *result = NULL;
	const struct verify_request request = { .tree = w->shown, .seal = w->seal, .state = w->has_floor || w->install ? w->state : NULL, .root = w->root,
		.product = w->product, .install = w->install, .now = w->request->now, .threads = w->request->threads };
	TRY(make_state(w, err));
	TRY(verify_result_new(&result, err));
	const enum assay_status status = verify_run(&request, result, err);
	ret->refused = status == ASSAY_E_VERIFY || status == ASSAY_E_USAGE;
	if (status != ASSAY_OK)
		return ret->refused && w->row->kind == DRILL_REFUSED ? ASSAY_OK : status;
	ret->intact = result->outcome == VERIFY_INTACT;
	for (size_t i = 0; i < ASSAY_RELEASE_CODES; i++)
		ret->codes |= result->counts[i] > 0 ? UINT64_C(1) << i : 0;
	return ASSAY_OK;
}

/* ---- there ---- */

enum assay_status
drill_hear(int fd, size_t most, struct buf *out, struct assay_error *err)
{
	unsigned char piece[4096];
	for (;;) {
		const ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return assay_fail(err, ASSAY_E_SYSTEM, "can't hear what was started: %s", text_errno(errno));
		if (n == 0)
			return ASSAY_OK;
		const size_t room = most - out->len;
		buf_add(out, piece, (size_t)n < room ? (size_t)n : room);
	}
}

static enum assay_status
understand(struct assay_span said, struct answer *ret, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *answer = NULL;
	TRY(canon_read(said, "what the verifier said", &answer, err));
	const json_t *outcome = json_array_get(answer, 0);
	const json_t *codes = json_object_get(outcome, "codes");
	const char *word = json_string_value(json_object_get(outcome, "code"));
	if (word == NULL || !json_is_object(codes))
		return assay_fail(err, ASSAY_E_FORMAT, "the verifier gave no outcome");
	ret->intact = strcmp(word, "intact") == 0;
	for (size_t i = 0; i < ASSAY_RELEASE_CODES; i++) {
		if (json_object_get(codes, assay_release_code_name((enum assay_release_code)i)) != NULL)
			ret->codes |= UINT64_C(1) << i;
	}
	return ASSAY_OK;
}

static void
arguments(const struct drill_work *w, const char *argv[ARGUMENTS_MAX])
{
	const char *const begin[] = { "nice", "-n", "0", w->request->verifier, "--json", "--seal", w->seal };
	size_t n = sizeof begin / sizeof begin[0];
	memcpy(argv, begin, sizeof begin);
	if (w->root != NULL) {
		argv[n++] = "--root";
		argv[n++] = w->root;
	}
	if (w->has_floor || w->install) {
		argv[n++] = "--state";
		argv[n++] = w->state;
	}
	if (w->product != NULL) {
		argv[n++] = "--product";
		argv[n++] = w->product;
	}
	if (w->install)
		argv[n++] = "--install";
	argv[n++] = "--";
	argv[n++] = w->shown;
	argv[n] = NULL;
}

static enum assay_status
there(struct drill_work *w, struct answer *ret, struct assay_error *err)
{
	CLEANUP(child_done) struct child child = CHILD_NONE;
	CLEANUP(buf_done) struct buf said = BUF_INIT(ANSWER_MAX);
	struct assay_error unsaid = { 0 };
	const char *argv[ARGUMENTS_MAX];
	static const char *const env[] = { NULL };
	TRY(make_state(w, err));
	arguments(w, argv);
	const struct child_options options = { .argv = argv, .env = env, .seconds = ANSWER_SECONDS, .stderr_cap = 4096 };
	TRY(child_start(&options, &child, err));
	TRY(drill_hear(child.out, SIZE_MAX, &said, err));
	TRY(buf_status(&said, "what the verifier said", err));
	if (child_wait(&child, &unsaid) != ASSAY_OK && (child.late || child.ended < 0))
		return assay_fail(err, ASSAY_E_SYSTEM, "the verifier was killed");
	if (w->row->kind == DRILL_REFUSED && child.ended != 0 && understand(buf_span(&said), ret, &unsaid) != ASSAY_OK) {
		*ret = (struct answer){ .refused = true };
		return ASSAY_OK;
	}
	*ret = (struct answer){ .refused = false };
	TRY(understand(buf_span(&said), ret, err));
	/* Both ways in which a program says it must say the same. */
	if (ret->intact != (child.ended == 0))
		return assay_fail(err, ASSAY_E_VERIFY, "the verifier's exit status and its words contradict each other");
	return ASSAY_OK;
}

static void
spell(const struct answer *a, char *out, size_t size)
{
	size_t used = 0;
	out[0] = '\0';
	if (a->refused)
		text_put(out, size, "refused to look");
	for (size_t i = 0; i < ASSAY_RELEASE_CODES && used + 32 < size; i++) {
		if ((a->codes >> i & 1) == 0)
			continue;
		text_put(out + used, size - used, "%s%s", used == 0 ? "" : " ", assay_release_code_name((enum assay_release_code)i));
		used = strlen(out);
	}
}

/* For what was done, and for nothing besides. */
static bool
for_its_own_reason(const struct drill_try *t, const struct answer *a, const struct answer *b, bool racing)
{
	/* Of two swapped files, or of one that is written to just now, one of several things is seen. */
	const uint64_t any = t->must != 0 ? t->must : t->may;
	if (t->kind == DRILL_REFUSED)
		return a->refused && b->refused;
	return t->kind == DRILL_ATTACK && (a->codes & any) != 0 && (b->codes & any) != 0 &&
	    (racing || ((a->codes & t->must) == t->must && a->codes == b->codes)) &&
	    ((a->codes | b->codes) & ~(t->must | t->may)) == 0;
}

static void
judge(struct drill_try *t, const struct answer *a, const struct answer *b, bool racing)
{
	char mine[96], its[96];
	/* An attack is rejected by both; a control case is accepted by both. */
	const bool taken = t->kind == DRILL_CONTROL ? a->intact && b->intact : a->intact || b->intact;
	t->found = a->codes;
	t->child = b->codes;
	if (taken) {
		t->outcome = DRILL_ACCEPTED;
		if (a->intact != b->intact)
			text_put(t->why, sizeof t->why, "accepted by %s alone", a->intact ? "assay verify" : "assay-verify");
		return;
	}
	if (for_its_own_reason(t, a, b, racing)) {
		t->outcome = DRILL_REJECTED;
		return;
	}
	t->outcome = t->kind == DRILL_CONTROL ? DRILL_REJECTED : DRILL_OTHER_CODE;
	spell(a, mine, sizeof mine);
	spell(b, its, sizeof its);
	text_put(t->why, sizeof t->why, "assay verify: %s; assay-verify: %s", mine, its);
}

enum assay_status
drill_verify(struct drill_work *w, struct drill_try *t, struct assay_error *err)
{
	CLEANUP(grower_done) struct grower grower = { .fd = -1 };
	struct answer a = { .intact = false }, b;
	TRY(grower_start(w, &grower, err));
	TRY(here(w, &a, err));
	b = a;
	if (w->request->verifier != NULL) {
		b = (struct answer){ .intact = false };
		TRY(there(w, &b, err));
	}
	judge(t, &a, &b, w->grow);
	return drill_target(w, t, err);
}
