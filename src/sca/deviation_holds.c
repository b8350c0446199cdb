/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.approved: whether a deviation still holds: its reason, its scope, its time, and the lines that it takes for granted.
 */
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <sca/deviation.h>
#include <sca/reason.h>
#include <string.h>

#define WILD "*?"

/* ---- lines ---- */

/* The bytes of lines first to last, line ends included; false when there are fewer. */
static bool
find_lines(struct assay_span bytes, unsigned first, unsigned last, struct assay_span *ret_lines)
{
	size_t at = 0, begin = 0;
	for (unsigned line = 1; at < bytes.len; line++) {
		const unsigned char *lf = memchr(bytes.data + at, '\n', bytes.len - at);
		if (line == first)
			begin = at;
		at = lf == NULL ? bytes.len : (size_t)(lf - bytes.data) + 1;
		if (line == last) {
			*ret_lines = (struct assay_span){ bytes.data + begin, at - begin };
			return true;
		}
	}
	return false;
}

static bool
says_something(struct assay_span lines)
{
	for (size_t i = 0; i < lines.len; i++) {
		const unsigned char c = lines.data[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80)
			return true;
	}
	return false;
}

enum assay_status
sca_premise_digest(struct assay_span bytes, unsigned first, unsigned last, unsigned char ret_digest[ASSAY_SHA256_SIZE],
    bool *ret_there)
{
	struct assay_span lines = { NULL, 0 };
	*ret_there = find_lines(bytes, first, last, &lines) && says_something(lines);
	return *ret_there ? assay_sha256(lines, ret_digest) : ASSAY_OK;
}

/* ---- scope ---- */

bool
sca_deviation_covers(const struct sca_deviation *d, const struct sca_subject *subject)
{
	bool named = subject->rule != NULL && strcmp(subject->rule, d->rule) == 0;
	for (size_t i = 0; i < d->checks.count && !named; i++)
		named = subject->check != NULL && strcmp(subject->check, d->checks.items[i]) == 0;
	for (size_t i = 0; i < d->scope_count && named; i++) {
		const struct sca_deviation_place *p = &d->scope[i];
		if (d->permit ? !text_match(assay_span_str(p->path), assay_span_str(subject->path)) : strcmp(p->path, subject->path) != 0)
			continue;
		if (p->symbol != NULL && (subject->symbol == NULL || strcmp(p->symbol, subject->symbol) != 0))
			continue;
		if (p->finding == NULL || (subject->identity != NULL && strcmp(p->finding, subject->identity) == 0))
			return true;
	}
	return false;
}

bool
sca_deviation_ends_soon(const struct sca_deviation *d, int64_t date)
{
	return d->until > date && d->until - date <= (int64_t)SCA_DEVIATION_WARN_DAYS * WHEN_DAY;
}

/* ---- faults ---- */

struct looking {
	const struct sca_deviation *d;
	const struct sources *s;
	struct arena *arena;
	struct sca_fault **end;
	struct assay_error *err;
};

static enum assay_status
add(struct looking *l, struct sca_fault fault)
{
	struct sca_fault *f = arena_alloc(l->arena, sizeof *f);
	if (f == NULL || fault.why == NULL)
		return arena_full(l->err);
	*f = fault;
	*l->end = f;
	l->end = &f->next;
	return ASSAY_OK;
}

static enum assay_status
look_at_reason(struct looking *l)
{
	static const struct {
		const char *code, *why;
		bool gap;
	} rows[] = {
		[SCA_REASON_PERFORMANCE] = { "deviation-reason-refused", "performance is no reason to break a rule", true },
		[SCA_REASON_CONVENIENCE] = { "deviation-reason-refused", "convenience is no reason to break a rule", true },
		[SCA_REASON_NOTHING] = { "deviation-reason-refused", "its reason gives none", true },
		[SCA_REASON_UNREAD] = { "deviation-reason-unread", "its reason holds signs that can't be told from letters, or is too long", false },
	};
	struct sca_reason r;
	TRY(sca_reason_judge(l->d->reason, l->arena, &r, l->err));
	if (!CATCH(deviation_reason, r.kind != SCA_REASON_ALLOWED))
		return ASSAY_OK;
	return add(l, (struct sca_fault){ rows[r.kind].code, rows[r.kind].gap, false,
	    r.word == NULL ? rows[r.kind].why : arena_printf(l->arena, "%s ('%s')", rows[r.kind].why, r.word), l->d->reason_line, NULL });
}

static enum assay_status
look_at_time(struct looking *l, int64_t date, uint32_t days)
{
	const struct sca_deviation *d = l->d;
	char day[WHEN_TEXT_SIZE];
	when_format_date(d->until, day);
	if (CATCH(deviation_expired, d->until <= date))
		return add(l, (struct sca_fault){ "deviation-expired", true, true, arena_printf(l->arena, "it ran out on %s", day),
		    d->until_line, NULL });
	if (CATCH(deviation_too_long, d->until > date && d->until - date > (int64_t)days * WHEN_DAY))
		return add(l, (struct sca_fault){ "deviation-too-long", true, false,
		    arena_printf(l->arena, "it runs until %s, longer than policy.yaml allows", day), d->until_line, NULL });
	return ASSAY_OK;
}

/* A permit's pattern begins with a folder that it names: what is permitted everywhere is no rule. */
static bool
is_too_wide(const struct sca_deviation *d, const char *path)
{
	const size_t plain = strcspn(path, WILD);
	if (!d->permit)
		return path[plain] != '\0';
	return path[plain] != '\0' && memchr(path, '/', plain) == NULL;
}

static bool
matches_any(const struct sources *s, const char *pattern)
{
	for (size_t i = 0; i < s->count; i++) {
		if (text_match(assay_span_str(pattern), assay_span_str(s->files[i].path)))
			return true;
	}
	return false;
}

static bool
is_name_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
}

/* Whether the last part of a name ("parse" of "reader::parse") stands in the file as a word. */
static bool
has_word(struct assay_span bytes, const char *symbol)
{
	const char *colon = strrchr(symbol, ':'), *word = colon == NULL ? symbol : colon + 1;
	const size_t n = strlen(word);
	for (size_t i = 0; n > 0 && i + n <= bytes.len; i++) {
		if (memcmp(bytes.data + i, word, n) == 0 && (i == 0 || !is_name_char(bytes.data[i - 1]))
		    && (i + n == bytes.len || !is_name_char(bytes.data[i + n])))
			return true;
	}
	return false;
}

static enum assay_status
look_at_place(struct looking *l, const struct sca_deviation_place *p)
{
	const struct source_file *f = sources_find(l->s, p->path);
	if (CATCH(deviation_wide, is_too_wide(l->d, p->path)))
		return add(l, (struct sca_fault){ "deviation-too-wide", true, false,
		    arena_printf(l->arena, l->d->permit ? "'%s' names no folder: a permit for everything is none" :
		    "'%s' is a pattern, and only a permit may cover more than the files it names", p->path), p->line, NULL });
	if (CATCH(deviation_file_gone, l->d->permit ? !matches_any(l->s, p->path) : f == NULL))
		return add(l, (struct sca_fault){ "deviation-stale", true, false,
		    arena_printf(l->arena, "there is no '%s' any more: remove the record", p->path), p->line, NULL });
	if (l->d->permit || p->symbol == NULL || f == NULL)
		return ASSAY_OK;
	if (!f->has_bytes)
		return add(l, (struct sca_fault){ "deviation-unread", false, false,
		    arena_printf(l->arena, "'%s' could not be looked into for '%s': %s", p->path, p->symbol,
		    f->why != NULL ? f->why : "its bytes are not part of the evidence"), p->line, NULL });
	if (CATCH(deviation_symbol_gone, !has_word(f->bytes, p->symbol)))
		return add(l, (struct sca_fault){ "deviation-stale", true, false,
		    arena_printf(l->arena, "there is no '%s' in '%s' any more: remove the record", p->symbol, p->path), p->line, NULL });
	return ASSAY_OK;
}

/* The line where the premise's bytes stand now, when they stand in the file exactly once; 0: not, or more often. */
static unsigned
find_moved(const struct sca_premise *p, struct assay_span bytes)
{
	const unsigned count = p->last - p->first + 1;
	unsigned found = 0, line = 1;
	for (size_t at = 0; at < bytes.len; line++) {
		unsigned char digest[ASSAY_SHA256_SIZE];
		struct assay_span lines, rest = { bytes.data + at, bytes.len - at };
		if (!find_lines(rest, 1, count, &lines))
			break;
		if (assay_sha256(lines, digest) == ASSAY_OK && memcmp(digest, p->sha256, sizeof digest) == 0) {
			if (found != 0)
				return 0;
			found = line;
		}
		const unsigned char *lf = memchr(rest.data, '\n', rest.len);
		at = lf == NULL ? bytes.len : (size_t)(lf - bytes.data) + 1;
	}
	return found;
}

/* Where a file is longer than this, moved lines aren't searched for: they have changed. */
#define SEARCH_MAX ((size_t)1 << 20)

static enum assay_status
say_changed(struct looking *l, const struct sca_premise *p, struct assay_span bytes)
{
	const unsigned moved = bytes.len <= SEARCH_MAX && p->last - p->first < 100 ? find_moved(p, bytes) : 0;
	if (moved == 0)
		return add(l, (struct sca_fault){ "deviation-premise-changed", true, true,
		    arena_printf(l->arena, "lines %u to %u of '%s' changed since, and it rests on them", p->first, p->last, p->path), p->line, NULL });
	return add(l, (struct sca_fault){ "deviation-premise-moved", true, true,
	    arena_printf(l->arena, "the lines that it rests on stand at %u of '%s' now, no longer at %u: look whether all is as it was, and "
	    "have it signed anew", moved, p->path, p->first), p->line, NULL });
}

static enum assay_status
look_at_premise(struct looking *l, const struct sca_premise *p)
{
	const struct source_file *f = sources_find(l->s, p->path);
	unsigned char digest[ASSAY_SHA256_SIZE];
	bool there = false;
	if (CATCH(deviation_premise_gone, f == NULL))
		return add(l, (struct sca_fault){ "deviation-premise-changed", true, true,
		    arena_printf(l->arena, "it rests on '%s', and there is no such file", p->path), p->line, NULL });
	if (f == NULL)
		return ASSAY_OK;
	if (!f->has_bytes || !sources_is_file(f))
		return add(l, (struct sca_fault){ "deviation-unread", false, false,
		    arena_printf(l->arena, "it rests on '%s', which could not be read: %s", p->path, f->why != NULL ? f->why
		    : f->has_bytes ? "it is no plain file" : "its bytes are not part of the evidence"), p->line, NULL });
	TRY(sca_premise_digest(f->bytes, p->first, p->last, digest, &there));
	if (CATCH(deviation_premise_nothing, !there))
		return add(l, (struct sca_fault){ "deviation-premise-nothing", true, true,
		    arena_printf(l->arena, "lines %u to %u of '%s' aren't there, or say nothing", p->first, p->last, p->path), p->line, NULL });
	if (CATCH(deviation_premise_changed, there && memcmp(digest, p->sha256, sizeof digest) != 0))
		return say_changed(l, p, f->bytes);
	return ASSAY_OK;
}

enum assay_status
sca_deviation_faults(const struct sca_deviation *d, const struct sources *s, int64_t date, uint32_t days, struct arena *arena,
    struct sca_fault **ret_first, struct assay_error *err)
{
	struct sca_fault *first = NULL;
	struct looking l = { d, s, arena, &first, err };
	TRY(look_at_reason(&l));
	TRY(look_at_time(&l, date, days));
	for (size_t i = 0; i < d->scope_count; i++)
		TRY(look_at_place(&l, &d->scope[i]));
	for (size_t i = 0; i < d->premise_count; i++)
		TRY(look_at_premise(&l, &d->premises[i]));
	*ret_first = first;
	return ASSAY_OK;
}
