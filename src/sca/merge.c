/* SPDX-License-Identifier: Apache-2.0 */
#include "merge.h"

#include <base/buf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <base/unconst.h>
#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX
#define IDENTITY_MAX (1u << 20)
/* How many faults behind one are looked at for its other half. */
#define LOOK_AHEAD 64

/* Reports of one rule in one statement, or of several that were found to tell of one fault. */
struct fault {
	size_t first, last; /* of its reports, chained by next */
	size_t lead;        /* the report that gives it its place */
	unsigned number;    /* which one of its statement's, from 0 */
	bool merged;        /* into another one */
};

struct merging {
	const struct sca_seen **seen; /* sorted */
	size_t *next;
	size_t count;
	struct fault *faults;
	size_t fault_count;
	struct arena *arena;
	struct assay_error *err;
};

static void
merging_done(struct merging *m)
{
	free(m->seen);
	free(m->next);
	free(m->faults);
}

/* ---- order ---- */

static const char *
symbol_of(const struct sca_seen *s)
{
	return s->placed && s->place.symbol != NULL ? s->place.symbol : "";
}

static int
order_u(unsigned a, unsigned b)
{
	return a < b ? -1 : a > b;
}

static int
by_group(const struct sca_seen *a, const struct sca_seen *b)
{
	int order = strcmp(a->rule, b->rule);
	order = order != 0 ? order : strcmp(a->path, b->path);
	order = order != 0 ? order : strcmp(symbol_of(a), symbol_of(b));
	return order != 0 ? order : (int)a->placed - (int)b->placed;
}

/* What isn't placed is told by its line. */
static int
by_statement(const struct sca_seen *a, const struct sca_seen *b)
{
	const int order = order_u(a->placed ? a->place.line : a->line, b->placed ? b->place.line : b->line);
	return order != 0 || !a->placed ? order : order_u(a->place.column, b->place.column);
}

static int
by_position(const struct sca_seen *a, const struct sca_seen *b)
{
	const int order = order_u(a->line, b->line);
	return order != 0 ? order : order_u(a->column, b->column);
}

static int
by_all(const void *x, const void *y)
{
	const struct sca_seen *a = *(const struct sca_seen *const *)x, *b = *(const struct sca_seen *const *)y;
	int order = by_group(a, b);
	order = order != 0 ? order : by_statement(a, b);
	order = order != 0 ? order : strcmp(a->check, b->check);
	order = order != 0 ? order : by_position(a, b);
	return order != 0 ? order : strcmp(a->message, b->message);
}

/* ---- one statement ---- */

static void
add_report(struct merging *m, struct fault *f, size_t report)
{
	m->next[report] = NONE;
	if (f->first == NONE)
		f->first = report;
	else
		m->next[f->last] = report;
	f->last = report;
}

/* Places of the check whose reports begin at i, in [i, end); *ret_end is one behind its last report. */
static size_t
places_of_check(const struct merging *m, size_t i, size_t end, size_t *ret_end)
{
	size_t places = 1, k = i + 1;
	for (; k < end && strcmp(m->seen[k]->check, m->seen[i]->check) == 0; k++)
		places += by_position(m->seen[k - 1], m->seen[k]) != 0;
	*ret_end = k;
	return places;
}

static unsigned
distance(const struct sca_seen *a, const struct sca_seen *b)
{
	const unsigned lines = a->line > b->line ? a->line - b->line : b->line - a->line;
	const unsigned columns = a->column > b->column ? a->column - b->column : b->column - a->column;
	return (lines < 1000 ? lines : 1000) * 1000 + (columns < 1000 ? columns : 999);
}

static size_t
nearest_fault(const struct merging *m, size_t first, size_t end, const struct sca_seen *s)
{
	size_t best = first;
	for (size_t i = first + 1; i < end; i++) {
		if (distance(m->seen[m->faults[i].lead], s) < distance(m->seen[m->faults[best].lead], s))
			best = i;
	}
	return best;
}

/* Where the reports of the check with the most places begin. */
static size_t
widest_of(const struct merging *m, size_t begin, size_t end, size_t *ret_most)
{
	size_t widest = begin, behind;
	*ret_most = 0;
	for (size_t i = begin; i < end; i = behind) {
		const size_t places = places_of_check(m, i, end, &behind);
		if (places > *ret_most) {
			*ret_most = places;
			widest = i;
		}
	}
	return widest;
}

/* As many faults as the check with the most places there reports; what others report belongs to the nearest. */
static void
split_statement(struct merging *m, size_t begin, size_t end)
{
	size_t most, behind;
	const size_t widest = widest_of(m, begin, end, &most), first = m->fault_count;
	most = most < SCA_STATEMENT_FAULTS_MAX ? most : SCA_STATEMENT_FAULTS_MAX;
	for (size_t i = widest; m->fault_count - first < most && i < end; i++) {
		if (i > widest && by_position(m->seen[i - 1], m->seen[i]) == 0)
			continue;
		m->faults[m->fault_count] = (struct fault){ NONE, NONE, i, (unsigned)(m->fault_count - first), false };
		m->fault_count++;
	}
	for (size_t i = begin; i < end; i = behind) {
		const bool one_each = places_of_check(m, i, end, &behind) >= most;
		size_t fault = first;
		for (size_t k = i; k < behind; k++) {
			const bool same = k > i && by_position(m->seen[k - 1], m->seen[k]) == 0;
			/* A header is analysed once for each unit. */
			if (same && strcmp(m->seen[k - 1]->message, m->seen[k]->message) == 0)
				continue;
			fault += k > i && !same && fault + 1 < m->fault_count;
			add_report(m, &m->faults[one_each ? fault : nearest_fault(m, first, m->fault_count, m->seen[k])], k);
		}
	}
}

/* ---- near statements ---- */

/* Two names for one engine agree with themselves: clang-tidy runs clang's own analyser under this prefix. */
const char *
sca_engine_family(const struct sca_seen *s)
{
	static const char shared[] = "clang-tidy/clang-analyzer-";
	return strncmp(s->check, shared, strlen(shared)) == 0 ? "clang" : s->engine;
}

static bool
share_an_engine(const struct merging *m, const struct fault *a, const struct fault *b)
{
	for (size_t i = a->first; i != NONE; i = m->next[i]) {
		for (size_t k = b->first; k != NONE; k = m->next[k]) {
			if (strcmp(sca_engine_family(m->seen[i]), sca_engine_family(m->seen[k])) == 0)
				return true;
		}
	}
	return false;
}

static bool
share_a_subject(const struct merging *m, const struct fault *a, const struct fault *b)
{
	for (size_t i = a->first; i != NONE; i = m->next[i]) {
		for (size_t k = b->first; k != NONE; k = m->next[k]) {
			if (sca_same_subject(m->seen[i]->message, m->seen[k]->message))
				return true;
		}
	}
	return false;
}

static bool
tells_the_same(const struct merging *m, const struct fault *a, const struct fault *b)
{
	const struct sca_seen *x = m->seen[a->lead], *y = m->seen[b->lead];
	if (!x->placed || !y->placed || y->place.line > x->place.last_line + SCA_NEAR_LINES)
		return false;
	if (!x->place.leaves && !y->place.leaves)
		return false;
	return !share_an_engine(m, a, b) && share_a_subject(m, a, b);
}

/* Faults [begin, end) are of one rule and symbol, by their lines. */
static void
join_near(struct merging *m, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		struct fault *a = &m->faults[i];
		for (size_t k = i + 1; k < end && k < i + LOOK_AHEAD && !a->merged; k++) {
			struct fault *b = &m->faults[k];
			if (b->merged || !tells_the_same(m, a, b))
				continue;
			m->next[a->last] = b->first;
			a->last = b->last;
			b->merged = true;
		}
	}
}

static void
split_group(struct merging *m, size_t begin, size_t end)
{
	const size_t first = m->fault_count;
	for (size_t i = begin, k; i < end; i = k) {
		for (k = i + 1; k < end && by_statement(m->seen[i], m->seen[k]) == 0;)
			k++;
		split_statement(m, i, k);
	}
	join_near(m, first, m->fault_count);
}

/* ---- identities ---- */

static void
add_field(struct buf *b, const char *text)
{
	buf_add_ssh_string(b, assay_span_str(text));
}

static enum assay_status
hex_digest(const struct buf *b, char ret_identity[SCA_IDENTITY_SIZE], struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	TRY(buf_status(b, "a finding's identity", err));
	TRY(assay_sha256(buf_span(b), digest));
	text_hex((struct assay_span){ digest, sizeof digest }, ret_identity);
	return ASSAY_OK;
}

static enum assay_status
identify(const struct sca_seen *s, unsigned number, char ret_identity[SCA_IDENTITY_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(IDENTITY_MAX);
	add_field(&b, s->placed ? "assay-identity-1" : "assay-identity-1-unplaced");
	add_field(&b, s->rule);
	if (s->placed) {
		add_field(&b, symbol_of(s));
		buf_add_ssh_string(&b, (struct assay_span){ s->place.window, sizeof s->place.window });
		buf_add_u32be(&b, s->place.occurrence);
	} else {
		add_field(&b, s->path);
		buf_add_u32be(&b, s->line);
		add_field(&b, s->message);
	}
	buf_add_u32be(&b, number);
	return hex_digest(&b, ret_identity, err);
}

enum assay_status
sca_identity_in(const char *identity, const char *path, char ret_identity[SCA_IDENTITY_SIZE], struct assay_error *err)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(IDENTITY_MAX);
	add_field(&b, "assay-identity-1-in");
	add_field(&b, identity);
	add_field(&b, path);
	return hex_digest(&b, ret_identity, err);
}

/* ---- findings ---- */

static bool
engine_before(const struct merging *m, const struct fault *f, size_t report)
{
	for (size_t i = f->first; i != report; i = m->next[i]) {
		if (strcmp(sca_engine_family(m->seen[i]), sca_engine_family(m->seen[report])) == 0)
			return true;
	}
	return false;
}

static enum assay_status
add_also(const struct merging *m, struct sca_finding *f, const struct sca_seen *s)
{
	char identity[SCA_IDENTITY_SIZE];
	char(*room)[SCA_IDENTITY_SIZE] = unconst(f->also);
	TRY(identify(s, 0, identity, m->err));
	if (strcmp(identity, f->identity) == 0)
		return ASSAY_OK;
	for (size_t i = 0; i < f->also_count; i++) {
		if (strcmp(room[i], identity) == 0)
			return ASSAY_OK;
	}
	memcpy(room[f->also_count++], identity, sizeof identity);
	return ASSAY_OK;
}

static enum assay_status
fill(const struct merging *m, const struct fault *fault, struct sca_finding *f)
{
	const struct sca_seen *lead = m->seen[fault->lead];
	size_t count = 0;
	for (size_t i = fault->first; i != NONE; i = m->next[i])
		count++;
	const struct sca_seen **reports = arena_array(m->arena, count + 1, sizeof(const struct sca_seen *));
	f->also = arena_array(m->arena, count, SCA_IDENTITY_SIZE);
	if (reports == NULL || f->also == NULL)
		return arena_full(m->err);
	TRY(identify(lead, fault->number, f->identity, m->err));
	f->rule = lead->rule;
	f->path = lead->path;
	f->symbol = symbol_of(lead);
	f->line = lead->line;
	f->column = lead->column;
	f->message = lead->message;
	f->excerpt = lead->excerpt;
	f->reports = reports;
	for (size_t i = fault->first; i != NONE; i = m->next[i]) {
		const struct sca_seen *s = m->seen[i];
		reports[f->report_count++] = s;
		f->engines += !engine_before(m, fault, i);
		f->severity = s->severity > f->severity ? s->severity : f->severity;
		if (by_statement(s, lead) != 0)
			TRY(add_also(m, f, s));
	}
	return ASSAY_OK;
}

static int
by_place(const void *x, const void *y)
{
	const struct sca_finding *a = x, *b = y;
	int order = strcmp(a->path, b->path);
	order = order != 0 ? order : order_u(a->line, b->line);
	order = order != 0 ? order : order_u(a->column, b->column);
	order = order != 0 ? order : strcmp(a->rule, b->rule);
	return order != 0 ? order : strcmp(a->identity, b->identity);
}

static int
by_identity(const void *x, const void *y)
{
	const struct sca_finding *a = *(struct sca_finding *const *)x, *b = *(struct sca_finding *const *)y;
	const int order = strcmp(a->identity, b->identity);
	return order != 0 ? order : strcmp(a->path, b->path);
}

static void
free_sorted(struct sca_finding ***sorted)
{
	free(*sorted);
}

/* The same statement in functions of the same name, in several files: all but the first by path are told by their path too. */
static enum assay_status
part_files(struct sca_findings *found, struct assay_error *err)
{
	CLEANUP(free_sorted) struct sca_finding **sorted = calloc(found->count + 1, sizeof(struct sca_finding *));
	if (sorted == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for %zu findings", found->count);
	for (size_t i = 0; i < found->count; i++)
		sorted[i] = &found->items[i];
	qsort(sorted, found->count, sizeof(struct sca_finding *), by_identity);
	for (size_t i = 0, k; i < found->count; i = k) {
		memcpy(sorted[i]->common, sorted[i]->identity, SCA_IDENTITY_SIZE);
		for (k = i + 1; k < found->count && strcmp(sorted[k]->identity, sorted[i]->identity) == 0; k++) {
			memcpy(sorted[k]->common, sorted[i]->identity, SCA_IDENTITY_SIZE);
			sorted[k]->shared = sorted[i]->shared = true;
		}
		for (size_t j = i + 1; j < k; j++)
			TRY(sca_identity_in(sorted[j]->common, sorted[j]->path, sorted[j]->identity, err));
	}
	return ASSAY_OK;
}

static enum assay_status
sort(struct merging *m, const struct sca_seen *seen, size_t count)
{
	m->count = count;
	m->seen = calloc(count + 1, sizeof(const struct sca_seen *));
	m->next = calloc(count + 1, sizeof *m->next);
	m->faults = calloc(count + 1, sizeof *m->faults);
	if (m->seen == NULL || m->next == NULL || m->faults == NULL)
		return assay_fail(m->err, ASSAY_E_MEMORY, "no memory for %zu reports", count);
	for (size_t i = 0; i < count; i++)
		m->seen[i] = &seen[i];
	qsort(m->seen, count, sizeof(const struct sca_seen *), by_all);
	return ASSAY_OK;
}

enum assay_status
sca_merge(const struct sca_seen *seen, size_t count, struct arena *arena, struct sca_findings *ret_findings,
    struct assay_error *err)
{
	CLEANUP(merging_done) struct merging m = { .arena = arena, .err = err };
	if (count > SCA_SEEN_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "%zu reports of engines, %u are merged at most", count, SCA_SEEN_MAX);
	TRY(sort(&m, seen, count));
	for (size_t i = 0, k; i < count; i = k) {
		for (k = i + 1; k < count && by_group(m.seen[i], m.seen[k]) == 0;)
			k++;
		split_group(&m, i, k);
	}
	struct sca_findings found = { arena_array(arena, m.fault_count + 1, sizeof *found.items), 0 };
	if (found.items == NULL)
		return arena_full(err);
	for (size_t i = 0; i < m.fault_count; i++) {
		if (!m.faults[i].merged)
			TRY(fill(&m, &m.faults[i], &found.items[found.count++]));
	}
	TRY(part_files(&found, err));
	qsort(found.items, found.count, sizeof *found.items, by_place);
	*ret_findings = found;
	return ASSAY_OK;
}
