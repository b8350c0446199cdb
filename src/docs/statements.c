/* SPDX-License-Identifier: Apache-2.0 */
#include <docs/statements.h>

#include <base/cleanup.h>
#include <base/when.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_LEN_MAX 32

/* What a line may begin with, longest first; ASCII case folded. */
static const struct {
	const char *label;
	enum docs_stated what;
} labels[] = {
	{ "document version", DOCS_STATED_VERSION },
	{ "dokumentversion", DOCS_STATED_VERSION },
	{ "dokumentenversion", DOCS_STATED_VERSION },
	{ "version", DOCS_STATED_VERSION },
	{ "revision", DOCS_STATED_VERSION },
	{ "fassung", DOCS_STATED_VERSION },
	{ "approved on", DOCS_STATED_APPROVED },
	{ "approval date", DOCS_STATED_APPROVED },
	{ "date of approval", DOCS_STATED_APPROVED },
	{ "approved", DOCS_STATED_APPROVED },
	{ "freigegeben am", DOCS_STATED_APPROVED },
	{ "genehmigt am", DOCS_STATED_APPROVED },
	{ "freigabedatum", DOCS_STATED_APPROVED },
	{ "freigabe", DOCS_STATED_APPROVED },
	{ "next review due", DOCS_STATED_REVIEW },
	{ "next review by", DOCS_STATED_REVIEW },
	{ "next review", DOCS_STATED_REVIEW },
	{ "review due", DOCS_STATED_REVIEW },
	{ "review by", DOCS_STATED_REVIEW },
	{ "review-by", DOCS_STATED_REVIEW },
	{ "valid until", DOCS_STATED_REVIEW },
	{ "n\xC3\xA4" "chste \xC3\xBC" "berpr\xC3\xBC" "fung", DOCS_STATED_REVIEW },
	{ "n\xC3\xA4" "chste pr\xC3\xBC" "fung", DOCS_STATED_REVIEW },
	{ "zu pr\xC3\xBC" "fen bis", DOCS_STATED_REVIEW },
	{ "\xC3\xBC" "berpr\xC3\xBC" "fung bis", DOCS_STATED_REVIEW },
	{ "pr\xC3\xBC" "fung bis", DOCS_STATED_REVIEW },
	{ "g\xC3\xBCltig bis", DOCS_STATED_REVIEW },
};

#define LABELS (sizeof labels / sizeof labels[0])

/* ---- days ---- */

static const char *const months[][2] = {
	{ "january", "januar" }, { "february", "februar" }, { "march", "m\xC3\xA4rz" }, { "april", "april" }, { "may", "mai" },
	{ "june", "juni" }, { "july", "juli" }, { "august", "august" }, { "september", "september" }, { "october", "oktober" },
	{ "november", "november" }, { "december", "dezember" },
};

/* Up to most digits; 0 when there is none. */
static size_t
number(const char *p, size_t most, unsigned *ret_value)
{
	size_t n = 0;
	*ret_value = 0;
	for (; n < most && p[n] >= '0' && p[n] <= '9'; n++)
		*ret_value = 10 * *ret_value + (unsigned)(p[n] - '0');
	return n;
}

static size_t
month_name(const char *p, unsigned *ret_month)
{
	for (unsigned m = 0; m < 12; m++) {
		for (size_t l = 0; l < 2; l++) {
			const size_t n = strlen(months[m][l]);
			if (strncasecmp(p, months[m][l], n) == 0) {
				*ret_month = m + 1;
				return n;
			}
		}
	}
	return 0;
}

static size_t
blanks(const char *p)
{
	return strspn(p, " \t");
}

static bool
day_of(unsigned year, unsigned month, unsigned day, int64_t *ret_day)
{
	char text[WHEN_TEXT_SIZE];
	if (year > 9999 || month > 99 || day > 99)
		return false;
	(void)snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
	return when_parse(assay_span_str(text), ret_day, NULL) == ASSAY_OK;
}

/* "2 March 2026", "2. März 2026", "02.03.2026". */
static size_t
day_first(const char *text, int64_t *ret_day)
{
	unsigned day, month, year;
	const char *p = text;
	size_t n = number(p, 2, &day);
	if (n == 0)
		return 0;
	p += n;
	const bool dotted = *p == '.';
	p += dotted;
	p += blanks(p);
	if ((n = month_name(p, &month)) == 0) {
		n = number(p, 2, &month);
		if (n == 0 || !dotted || p[n] != '.')
			return 0;
		n++;
	}
	p += n;
	p += blanks(p);
	n = number(p, 4, &year);
	return n == 4 && day_of(year, month, day, ret_day) ? (size_t)(p - text) + n : 0;
}

/* "March 2, 2026". */
static size_t
month_first(const char *text, int64_t *ret_day)
{
	unsigned day, month, year;
	size_t n = month_name(text, &month);
	const char *p = text + n;
	if (n == 0)
		return 0;
	p += blanks(p);
	p += number(p, 2, &day);
	p += *p == ',';
	p += blanks(p);
	n = number(p, 4, &year);
	return n == 4 && day_of(year, month, day, ret_day) ? (size_t)(p - text) + n : 0;
}

size_t
docs_day(const char *text, int64_t *ret_day)
{
	unsigned year, month, day;
	if (number(text, 4, &year) == 4 && text[4] == '-' && number(text + 5, 2, &month) == 2 && text[7] == '-'
	    && number(text + 8, 2, &day) == 2)
		return day_of(year, month, day, ret_day) ? 10 : 0;
	const size_t n = day_first(text, ret_day);
	return n > 0 ? n : month_first(text, ret_day);
}

/* ---- statements ---- */

struct reading {
	struct arena *arena;
	struct docs_statement *out;
	size_t *count;
	bool no_memory;
};

/* Emphasis is gone; what stands between label and value is. */
static const char *
skip_colon(const char *p)
{
	p += strspn(p, " \t\"'");
	p += *p == ':';
	return p + strspn(p, " \t\"'");
}

/* "1.2", "v3": what follows must be nothing that makes a sentence of it. */
static size_t
version_len(const char *p)
{
	size_t n = p[0] == 'v' || p[0] == 'V';
	if (p[n] < '0' || p[n] > '9')
		return 0;
	n += strcspn(p + n, " \t,;()|\"'");
	const char *rest = p + n + strspn(p + n, " \t\"'");
	const bool ends = *rest == '\0' || strchr(",;(|", *rest) != NULL;
	while (n > 0 && p[n - 1] == '.')
		n--;
	return ends && n <= VERSION_LEN_MAX ? n : 0;
}

static void
state(struct reading *r, enum docs_stated what, const char *value, unsigned line, unsigned column)
{
	struct docs_statement s = { .what = what, .line = line, .column = column };
	const size_t n = what == DOCS_STATED_VERSION ? version_len(value) : docs_day(value, &s.day);
	if (n == 0 || *r->count == DOCS_STATEMENTS_MAX)
		return;
	const size_t skip = what == DOCS_STATED_VERSION && (value[0] == 'v' || value[0] == 'V');
	s.text = arena_copy(r->arena, (struct assay_span){ (const unsigned char *)value + skip, n - skip });
	r->no_memory = r->no_memory || s.text == NULL;
	r->out[(*r->count)++] = s;
}

/* The label that text begins with, or LABELS; umlauts by their small letter alone or with the capital's second byte. */
static size_t
label_of(const char *text)
{
	for (size_t i = 0; i < LABELS; i++) {
		const char *l = labels[i].label, *t = text;
		while (*l != '\0') {
			const bool capital = (unsigned char)*t + 0x20u == (unsigned char)*l
			    && (((unsigned char)*t >= 0x80) || (*t >= 'A' && *t <= 'Z'));
			if (*t != *l && !capital)
				break;
			l++;
			t++;
		}
		if (*l == '\0' && (*t == '\0' || strchr(" \t:\"'", *t) != NULL))
			return i;
	}
	return LABELS;
}

static void
read_line(struct reading *r, const char *text, const struct docs_block *b, size_t offset, const struct docs_block *next)
{
	unsigned line, column;
	const size_t i = label_of(text);
	if (i == LABELS)
		return;
	docs_place(b, offset, &line, &column);
	const char *rest = skip_colon(text + strlen(labels[i].label));
	if (*rest != '\0')
		state(r, labels[i].what, rest, line, column);
	else if (b->kind == DOCS_CELL && next != NULL && next->row == b->row)
		state(r, labels[i].what, next->text + strspn(next->text, " \t\n"), line, column);
}

enum assay_status
docs_statements(const struct docs_document *d, struct arena *arena,
    struct docs_statement ret_statements[DOCS_STATEMENTS_MAX], size_t *ret_count, struct assay_error *err)
{
	struct reading r = { .arena = arena, .out = ret_statements, .count = ret_count };
	*ret_count = 0;
	for (size_t i = 0; i < d->block_count; i++) {
		const struct docs_block *b = &d->blocks[i];
		char *text = arena_copy(arena, (struct assay_span){ (const unsigned char *)b->text, b->len });
		if (text == NULL)
			return arena_full(err);
		for (size_t at = 0; at < b->len;) {
			const size_t n = strcspn(text + at, "\n");
			text[at + n] = '\0';
			at += blanks(text + at);
			read_line(&r, text + at, b, at, i + 1 < d->block_count ? b + 1 : NULL);
			at += strlen(text + at) + 1;
		}
	}
	return r.no_memory ? arena_full(err) : ASSAY_OK;
}
