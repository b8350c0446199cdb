/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: marks in files of other languages, line by line. What begins a comment is known for each; strings aren't told from
 * code there, so that a mark behind such a sign in a string is taken for one.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define LINE_LEN_MAX 65536u

#define JVM " .java .kt .kts .scala .groovy "
#define SCRIPT " .js .mjs .cjs .jsx .ts .mts .cts .tsx "
#define PY " .py .pyw .pyx "
#define CS " .cs "
#define GO " .go "
#define C_LIKE JVM SCRIPT CS GO " .swift .rs .dart .php .m .mm .zig .cu .cuh "
#define HASH PY " .rb .sh .bash .ksh .zsh .pl .pm .php "
#define DASH " .adb .ads .ada .lua .sql "
#define ALL C_LIKE HASH DASH
#define A WHERE_START
#define F WHERE_FOLD
#define W WHERE_WORD
#define C WHERE_CODE

static const struct suppress_mark marks[] = {
	{ ALL, "nosonar", "sonarqube", F | W, COVERS_LINE, LIST_NONE },
	{ ALL, "nosemgrep", "semgrep", F | W, COVERS_LINE, LIST_REST },
	{ ALL, "nosem", "semgrep", F | W, COVERS_LINE, LIST_REST },
	{ ALL, "codeql[", "codeql", A, COVERS_NEXT, LIST_BRACKET },
	{ ALL, "lgtm[", "codeql", F, COVERS_LINE, LIST_BRACKET },
	{ ALL, "coverity[", "coverity", A | F, COVERS_NEXT, LIST_BRACKET },
	{ ALL, "deepsource ignore", "deepsource", F, COVERS_LINE, LIST_NONE },
	{ JVM, "nopmd", "pmd", F | W, COVERS_LINE, LIST_NONE },
	{ JVM, "checkstyle:off", "checkstyle", F, COVERS_BEGIN, LIST_NONE },
	{ JVM, "checkstyle:on", "checkstyle", F, COVERS_END, LIST_NONE },
	{ JVM, "noinspection", "intellij", W, COVERS_NEXT, LIST_REST },
	{ JVM, "@SuppressWarnings", "javac", C, COVERS_FUNCTION, LIST_QUOTED },
	{ JVM, "@SuppressFBWarnings", "spotbugs", C, COVERS_FUNCTION, LIST_QUOTED },
	{ JVM, "@SuppressLint", "android-lint", C, COVERS_FUNCTION, LIST_QUOTED },
	{ JVM, "@Suppress(", "kotlin", C, COVERS_FUNCTION, LIST_QUOTED },
	{ JVM, "@file:Suppress", "kotlin", C, COVERS_FILE, LIST_QUOTED },
	{ PY, "flake8: noqa", "flake8", F, COVERS_FILE, LIST_REST },
	{ PY, "ruff: noqa", "ruff", F, COVERS_FILE, LIST_REST },
	{ PY, "noqa", "flake8", F | W, COVERS_LINE, LIST_REST },
	{ PY, "nosec", "bandit", F | W, COVERS_LINE, LIST_REST },
	{ PY, "pylint: disable-next", "pylint", 0, COVERS_NEXT, LIST_REST },
	{ PY, "pylint: disable", "pylint", 0, COVERS_BEGIN, LIST_REST },
	{ PY, "pylint:disable", "pylint", 0, COVERS_BEGIN, LIST_REST },
	{ PY, "pylint: enable", "pylint", 0, COVERS_END, LIST_REST },
	{ PY, "pylint: skip-file", "pylint", 0, COVERS_FILE, LIST_NONE },
	{ PY, "type: ignore", "mypy", 0, COVERS_LINE, LIST_BRACKET },
	{ PY, "mypy: ignore-errors", "mypy", 0, COVERS_FILE, LIST_NONE },
	{ PY, "pyright: ignore", "pyright", 0, COVERS_LINE, LIST_BRACKET },
	{ SCRIPT, "eslint-disable-next-line", "eslint", 0, COVERS_NEXT, LIST_REST },
	{ SCRIPT, "eslint-disable-line", "eslint", 0, COVERS_LINE, LIST_REST },
	{ SCRIPT, "eslint-disable", "eslint", 0, COVERS_BEGIN, LIST_REST },
	{ SCRIPT, "eslint-enable", "eslint", 0, COVERS_END, LIST_REST },
	{ SCRIPT, "tslint:disable-next-line", "tslint", 0, COVERS_NEXT, LIST_REST },
	{ SCRIPT, "tslint:disable-line", "tslint", 0, COVERS_LINE, LIST_REST },
	{ SCRIPT, "tslint:disable", "tslint", 0, COVERS_BEGIN, LIST_REST },
	{ SCRIPT, "tslint:enable", "tslint", 0, COVERS_END, LIST_REST },
	{ SCRIPT, "@ts-nocheck", "typescript", 0, COVERS_FILE, LIST_NONE },
	{ SCRIPT, "@ts-ignore", "typescript", 0, COVERS_NEXT, LIST_NONE },
	{ SCRIPT, "@ts-expect-error", "typescript", 0, COVERS_NEXT, LIST_NONE },
	{ SCRIPT, "biome-ignore", "biome", 0, COVERS_NEXT, LIST_REST },
	{ SCRIPT, "jshint ignore:line", "jshint", 0, COVERS_LINE, LIST_NONE },
	{ SCRIPT, "jshint ignore:start", "jshint", 0, COVERS_BEGIN, LIST_NONE },
	{ SCRIPT, "jshint ignore:end", "jshint", 0, COVERS_END, LIST_NONE },
	{ CS, "#pragma warning disable", "roslyn", C, COVERS_BEGIN, LIST_REST },
	{ CS, "#pragma warning restore", "roslyn", C, COVERS_END, LIST_REST },
	{ CS, "SuppressMessage(", "roslyn", C, COVERS_FUNCTION, LIST_QUOTED },
	{ CS, "#nullable disable", "roslyn", C, COVERS_FILE, LIST_NONE },
	{ CS, "ReSharper disable once", "resharper", 0, COVERS_NEXT, LIST_REST },
	{ CS, "ReSharper disable", "resharper", 0, COVERS_FILE, LIST_REST },
	{ GO, "#nosec", "gosec", 0, COVERS_LINE, LIST_REST },
	{ GO, "nolint", "golangci-lint", A | W, COVERS_LINE, LIST_REST },
	{ GO, "lint:ignore", "staticcheck", A, COVERS_NEXT, LIST_REST },
	{ GO, "lint:file-ignore", "staticcheck", A, COVERS_FILE, LIST_REST },
	{ " .rb ", "rubocop:disable", "rubocop", 0, COVERS_BEGIN, LIST_REST },
	{ " .rb ", "rubocop:enable", "rubocop", 0, COVERS_END, LIST_REST },
	{ " .rs ", "#![allow(", "rustc", C, COVERS_FILE, LIST_NONE },
	{ " .rs ", "#[allow(", "rustc", C, COVERS_FUNCTION, LIST_NONE },
	{ " .sh .bash .ksh .zsh ", "shellcheck disable", "shellcheck", 0, COVERS_NEXT, LIST_REST },
	{ " .pl .pm ", "no critic", "perlcritic", 0, COVERS_BEGIN, LIST_NONE },
	{ " .pl .pm ", "use critic", "perlcritic", 0, COVERS_END, LIST_NONE },
	{ " .swift ", "swiftlint:disable", "swiftlint", 0, COVERS_BEGIN, LIST_REST },
	{ " .swift ", "swiftlint:enable", "swiftlint", 0, COVERS_END, LIST_REST },
	{ " .dart ", "ignore_for_file:", "dart", A, COVERS_FILE, LIST_REST },
	{ " .dart ", "ignore:", "dart", A, COVERS_LINE, LIST_REST },
	{ " .php ", "phpcs:ignore", "phpcs", 0, COVERS_LINE, LIST_REST },
	{ " .php ", "phpcs:disable", "phpcs", 0, COVERS_BEGIN, LIST_REST },
	{ " .php ", "phpcs:enable", "phpcs", 0, COVERS_END, LIST_REST },
	{ " .php ", "@phpstan-ignore", "phpstan", 0, COVERS_NEXT, LIST_REST },
	{ " .php ", "@psalm-suppress", "psalm", 0, COVERS_NEXT, LIST_REST },
	{ " .adb .ads .ada ", "pragma Warnings (Off", "gnat", C, COVERS_BEGIN, LIST_NONE },
	{ " .adb .ads .ada ", "pragma Warnings (On", "gnat", C, COVERS_END, LIST_NONE },
	{ " .adb .ads .ada ", "pragma Suppress", "gnat", C, COVERS_FILE, LIST_PAREN },
};

/* ---- languages ---- */

static const char *
suffix_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1, *dot = strrchr(name, '.');
	return dot == NULL || dot == name ? "" : dot;
}

bool
suppress_is_other_language(const char *path)
{
	return suppress_among(ALL, suffix_of(path));
}

/* ---- lines ---- */

struct reading {
	struct suppress_work *w;
	const char *suffix;
	bool slashes, hash, dashes; /* what begins a comment: "//" and a block, '#', "--" */
	bool block;                 /* a block comment is open */
	unsigned line;
	size_t at;                  /* of the line's first byte */
	size_t len;
};

/* Where the comment of a line begins; its length when there is none. */
static size_t
comment_of(struct reading *r, const char *line)
{
	const size_t n = strlen(line);
	if (r->block) {
		r->block = strstr(line, "*/") == NULL;
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (r->slashes && line[i] == '/' && line[i + 1] == '*') {
			r->block = strstr(line + i + 2, "*/") == NULL;
			return i;
		}
		if ((r->slashes && line[i] == '/' && line[i + 1] == '/') || (r->hash && line[i] == '#')
		    || (r->dashes && line[i] == '-' && line[i + 1] == '-'))
			return i;
	}
	return n;
}

static void
cover(const struct reading *r, const struct suppress_mark *m, struct suppression *one)
{
	one->first = one->last = r->line + (m->covers == COVERS_NEXT);
	if (m->covers == COVERS_FILE) {
		one->reach = SUPPRESS_FILE;
		one->first = 1;
	}
	if (m->covers == COVERS_FUNCTION)
		one->reach = SUPPRESS_FUNCTION;
	one->open = m->covers == COVERS_BEGIN;
	if (one->open)
		one->reach = SUPPRESS_REGION;
}

static enum assay_status
add_mark(const struct reading *r, const struct suppress_mark *m, const char *text, size_t at, size_t before)
{
	struct suppression one = { .line = r->line, .column = (unsigned)(before + at + 1), .at = r->at + before + at,
		.len = (m->where & WHERE_CODE) != 0 ? 0 : r->len - before - at, .engine = m->engine, .mark = m->word,
		.form = (m->where & WHERE_CODE) != 0 ? SUPPRESS_ATTRIBUTE : SUPPRESS_COMMENT };
	const size_t n = strlen(m->word);
	TRY(suppress_names(r->w, text, at + n - (m->word[n - 1] == '['), (enum suppress_list)m->list, &one));
	if (m->covers == COVERS_END) {
		suppress_end(r->w, m->engine, NULL, r->line);
		return ASSAY_OK;
	}
	cover(r, m, &one);
	return suppress_add(r->w, &one);
}

/* before: of the line, what stands before text. */
static enum assay_status
look_at_part(const struct reading *r, const char *text, bool code, size_t before)
{
	const struct suppress_mark *m;
	size_t from = 0, at;
	while ((m = suppress_next_mark(marks, COUNT(marks), r->suffix, text, &from, &at)) != NULL) {
		if (((m->where & WHERE_CODE) != 0) == code)
			TRY(add_mark(r, m, text, at, before));
	}
	return ASSAY_OK;
}

static enum assay_status
look_at_line(struct reading *r, char *line)
{
	const size_t comment = comment_of(r, line);
	TRY(look_at_part(r, line + comment, false, comment));
	line[comment] = '\0';
	return look_at_part(r, line, true, 0);
}

enum assay_status
suppress_other_language(struct suppress_work *w)
{
	const char *suffix = suffix_of(w->path);
	struct reading r = { .w = w, .suffix = suffix, .slashes = suppress_among(C_LIKE, suffix), .hash = suppress_among(HASH, suffix),
		.dashes = suppress_among(DASH, suffix), .line = 1 };
	char *line = arena_alloc(w->scratch, LINE_LEN_MAX + 1);
	if (line == NULL)
		return arena_full(w->err);
	while (r.at < w->bytes.len) {
		const unsigned char *p = w->bytes.data + r.at, *lf = memchr(p, '\n', w->bytes.len - r.at);
		r.len = lf == NULL ? w->bytes.len - r.at : (size_t)(lf - p);
		if (r.len > LINE_LEN_MAX)
			return assay_fail(w->err, ASSAY_E_LIMIT, "line %u has more than %u bytes", r.line, LINE_LEN_MAX);
		for (size_t i = 0; i < r.len; i++)
			line[i] = (char)(p[i] == '\0' ? ' ' : p[i]);
		line[r.len] = '\0';
		TRY(look_at_line(&r, line));
		r.at += r.len + 1;
		r.line++;
	}
	return ASSAY_OK;
}
