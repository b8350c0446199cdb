/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings and what follows from them.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <judge/judge.h>
#include <stdarg.h>

#define MESSAGE_MAX 1024
#define REASON_MAX 1024
#define FINGERPRINT_MAX (1u << 20)

static struct finding_kind *
kind_of(struct control_verdict *v, bool gap, const char *id)
{
	for (size_t i = 0; i < v->kind_count; i++) {
		struct finding_kind *k = &v->kinds[i];
		if (k->gap == gap && (k->id == id || strcmp(k->id, id) == 0))
			return k;
	}
	if (v->kind_count == FINDING_KINDS_MAX)
		return &v->kinds[FINDING_KINDS_MAX - 1];
	struct finding_kind *k = &v->kinds[v->kind_count++];
	*k = (struct finding_kind){ .id = id, .gap = gap };
	return k;
}

void
judge_find_more(struct control_verdict *v, bool gap, const char *id, uint64_t count)
{
	if (count == 0)
		return;
	kind_of(v, gap, id)->total += (size_t)count;
	v->finding_total += (size_t)count;
	if (gap)
		v->gap_total += (size_t)count;
}

static void
add_field(struct buf *b, const char *text)
{
	buf_add_ssh_string(b, assay_span_str(text != NULL ? text : ""));
}

/* Lengths stand before the fields, so that no two sets of fields give the same bytes. */
static enum assay_status
fingerprint(const struct control *control, const char *id, const struct judge_place *place,
    unsigned char ret_digest[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(FINGERPRINT_MAX);
	add_field(&b, "assay-finding-1");
	add_field(&b, control->id);
	add_field(&b, id);
	add_field(&b, place->object);
	add_field(&b, place->file);
	add_field(&b, place->discriminator);
	TRY(buf_status(&b, "a finding's fingerprint", err));
	return assay_sha256(buf_span(&b), ret_digest);
}

/* A sum doesn't depend on the order, and tells two sets apart where lists are cut. */
static void
add_to_digest(struct control_verdict *v, const unsigned char digest[ASSAY_SHA256_SIZE])
{
	unsigned carry = 0;
	for (size_t i = 0; i < FINDINGS_DIGEST; i++) {
		carry += (unsigned)v->findings_digest[i] + digest[i];
		v->findings_digest[i] = (unsigned char)(carry & 0xff);
		carry >>= 8;
	}
}

static enum assay_status
keep_text(struct arena *arena, const char *text, const char **ret_text, struct assay_error *err)
{
	*ret_text = text != NULL ? arena_str(arena, text) : NULL;
	return text == NULL || *ret_text != NULL ? ASSAY_OK : arena_full(err);
}

static enum assay_status
keep(const struct judge_context *c, struct control_verdict *v, bool gap, const char *id,
    const struct judge_place *place, const char *message,
    const unsigned char digest[ASSAY_SHA256_SIZE], struct assay_error *err)
{
	if (v->findings == NULL)
		v->findings = arena_array(c->arena, FINDINGS_MAX, sizeof *v->findings);
	if (v->findings == NULL)
		return arena_full(err);
	struct finding *f = &v->findings[v->finding_count];
	*f = (struct finding){ .id = id, .gap = gap, .line = place->line, .column = place->column };
	TRY(keep_text(c->arena, message, &f->message, err));
	TRY(keep_text(c->arena, place->object, &f->object, err));
	TRY(keep_text(c->arena, place->file, &f->file, err));
	text_hex((struct assay_span){ digest, ASSAY_SHA256_SIZE }, f->fingerprint);
	v->finding_count++;
	return ASSAY_OK;
}

static enum assay_status
find(const struct judge_context *c, struct control_verdict *v, bool gap, const char *id,
    const struct judge_place *place, struct assay_error *err, const char *fmt, va_list args)
    __attribute__((format(printf, 7, 0)));

/* Counts the finding, and keeps it while there is room. */
static enum assay_status
find(const struct judge_context *c, struct control_verdict *v, bool gap, const char *id,
    const struct judge_place *place, struct assay_error *err, const char *fmt, va_list args)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char message[MESSAGE_MAX];
	TRY(fingerprint(v->control, id, place, digest, err));
	add_to_digest(v, digest);
	judge_find_more(v, gap, id, 1);
	if (v->finding_count == FINDINGS_MAX || kind_of(v, gap, id)->total > FINDINGS_OF_KIND_MAX)
		return ASSAY_OK;
	(void)vsnprintf(message, sizeof message, fmt, args);
	return keep(c, v, gap, id, place, message, digest, err);
}

enum assay_status
judge_find(const struct judge_context *c, struct control_verdict *v, bool gap, const char *id,
    const char *object, const char *discriminator, struct assay_error *err, const char *fmt, ...)
{
	struct judge_place place = { .object = object, .discriminator = discriminator };
	va_list args;
	va_start(args, fmt);
	enum assay_status status = find(c, v, gap, id, &place, err, fmt, args);
	va_end(args);
	return status;
}

enum assay_status
judge_find_at(const struct judge_context *c, struct control_verdict *v, bool gap, const char *id,
    const struct judge_place *place, struct assay_error *err, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	enum assay_status status = find(c, v, gap, id, place, err, fmt, args);
	va_end(args);
	return status;
}

void
judge_count(struct control_verdict *v, const char *name, uint64_t value)
{
	if (v->count_count < COUNTS_MAX)
		v->counts[v->count_count++] = (struct count){ name, value };
}

/* ---- conclusions ---- */

static const char *
advice_for(const struct judge_advice *advice, const char *id)
{
	while (advice->id != NULL && strcmp(advice->id, id) != 0)
		advice++;
	return advice->next;
}

/* "3 gaps: 2 unsigned commit, 1 key expired". */
static enum assay_status
say_gaps(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(REASON_MAX);
	buf_addf(&text, "%zu gap%s:", v->gap_total, v->gap_total == 1 ? "" : "s");
	const char *comma = "";
	for (size_t i = 0; i < v->kind_count; i++) {
		if (!v->kinds[i].gap)
			continue;
		buf_addf(&text, "%s %zu %s", comma, v->kinds[i].total, v->kinds[i].id);
		comma = ",";
	}
	TRY(buf_status(&text, "a verdict's reason", err));
	return keep_text(c->arena, buf_str(&text), &v->reason, err);
}

/* The first open question, and how many more there are. */
static enum assay_status
say_open(const struct judge_context *c, struct control_verdict *v, struct assay_error *err)
{
	const char *first = "what was found could not be judged";
	for (size_t i = v->finding_count; i > 0; i--) {
		if (!v->findings[i - 1].gap)
			first = v->findings[i - 1].message;
	}
	v->reason = v->finding_total > 1
	    ? arena_printf(c->arena, "%s; and %zu more", first, v->finding_total - 1)
	    : arena_str(c->arena, first);
	return v->reason != NULL ? ASSAY_OK : arena_full(err);
}

static const char *
next_step(const struct control_verdict *v, bool gap, const struct judge_advice *advice)
{
	for (size_t i = 0; i < v->kind_count; i++) {
		if (v->kinds[i].gap == gap)
			return advice_for(advice, v->kinds[i].id);
	}
	return advice_for(advice, "");
}

enum assay_status
judge_conclude(const struct judge_context *c, struct control_verdict *v, uint64_t judged,
    const char *reason, const struct judge_advice *advice, struct assay_error *err)
{
	v->verdict = VERDICT_UNKNOWN;
	v->next = next_step(v, v->gap_total > 0, advice);
	if (CATCH(gap_fails, v->gap_total > 0)) {
		v->verdict = VERDICT_FAIL;
		return say_gaps(c, v, err);
	}
	if (CATCH(question_opens, v->finding_total > 0))
		return say_open(c, v, err);
	if (CATCH(nothing_judged, judged == 0)) {
		v->reason = "nothing in scope: nothing was judged";
		return ASSAY_OK;
	}
	v->verdict = VERDICT_PASS;
	v->next = NULL;
	return keep_text(c->arena, reason, &v->reason, err);
}
