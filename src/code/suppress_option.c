/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.no-silent: files beside the code that tell an analyser or compiler what to leave out. No engine that runs here obeys them;
 * what a maker's own runs show depends on them.
 */
#include "suppress_inside.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <codec/yaml.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT_LEN_MAX ((size_t)4 << 20)
#define BLANKS " \t\r\n"

struct option {
	struct suppress_work *w;
	const char *text; /* of the file, NUL-terminated */
};

/* len 0: all checks. */
static enum assay_status
add(const struct option *o, unsigned line, size_t at, const char *engine, const char *mark, const char *check, size_t len)
{
	struct suppression one = { .line = line, .column = 1, .at = at, .engine = engine, .mark = mark, .form = SUPPRESS_OPTION,
		.reach = SUPPRESS_TREE };
	const char **checks = arena_array(o->w->arena, 1, sizeof *checks);
	if (checks != NULL && len > 0)
		checks[0] = arena_copy(o->w->arena, (struct assay_span){ (const unsigned char *)check, len });
	if (checks == NULL || (len > 0 && checks[0] == NULL))
		return arena_full(o->w->err);
	one.checks = checks;
	one.check_count = len > 0;
	return suppress_add(o->w, &one);
}

/* ---- .clang-tidy ---- */

/* "-*" before anything is chosen begins a choice; what is taken away afterwards is left out. */
static enum assay_status
add_checks(const struct option *o, const struct yaml_node *node, bool *chosen)
{
	for (const char *p = node->text; *p != '\0';) {
		p += strspn(p, BLANKS ",");
		const size_t n = strcspn(p, BLANKS ",");
		const bool all = n == 2 && p[0] == '-' && p[1] == '*';
		if (n > 1 && p[0] == '-' && (!all || *chosen))
			TRY(add(o, node->line, 0, "clang-tidy", "Checks", p + 1, all ? 0 : n - 1));
		*chosen |= n > 0 && p[0] != '-';
		p += n;
	}
	return ASSAY_OK;
}

static enum assay_status
read_clang_tidy(const struct option *o)
{
	struct yaml_node *root;
	bool chosen = false;
	TRY(yaml_parse_loose(o->w->bytes, o->w->path, o->w->scratch, &root, o->w->err));
	const struct yaml_node *checks = root->kind == YAML_MAPPING ? yaml_get(root, "Checks") : NULL;
	const struct yaml_node *headers = root->kind == YAML_MAPPING ? yaml_get(root, "ExcludeHeaderFilterRegex") : NULL;
	if (checks != NULL && checks->kind == YAML_SCALAR)
		TRY(add_checks(o, checks, &chosen));
	for (const struct yaml_node *n = checks == NULL || checks->kind != YAML_SEQUENCE ? NULL : checks->first; n != NULL; n = n->next) {
		if (n->kind == YAML_SCALAR)
			TRY(add_checks(o, n, &chosen));
	}
	return headers == NULL ? ASSAY_OK : add(o, headers->line, 0, "clang-tidy", "ExcludeHeaderFilterRegex", NULL, 0);
}

/* ---- files of lines ---- */

/* Each line that isn't empty and no remark, without blanks around it. */
static enum assay_status
each_line(const struct option *o,
    enum assay_status (*each)(const struct option *o, const char *line, size_t len, size_t at, unsigned number))
{
	unsigned number = 1;
	for (const char *p = o->text; *p != '\0'; number++) {
		const size_t n = strcspn(p, "\n"), skip = strspn(p, " \t\r");
		size_t len = n > skip ? n - skip : 0;
		while (len > 0 && strchr(BLANKS, p[skip + len - 1]) != NULL)
			len--;
		if (len > 0 && p[skip] != '#')
			TRY(each(o, p + skip, len, (size_t)(p + skip - o->text), number));
		p += n + (p[n] == '\n');
	}
	return ASSAY_OK;
}

/* "ID:FILE:LINE" of cppcheck. */
static enum assay_status
cppcheck_line(const struct option *o, const char *line, size_t len, size_t at, unsigned number)
{
	const size_t id = strcspn(line, ":" BLANKS);
	if (len >= 2 && strncmp(line, "//", 2) == 0)
		return ASSAY_OK;
	const bool all = id == 1 && *line == '*';
	return add(o, number, at, "cppcheck", "suppressions list", line, all ? 0 : id < len ? id : len);
}

static enum assay_status
semgrep_line(const struct option *o, const char *line, size_t len, size_t at, unsigned number)
{
	(void)line;
	(void)len;
	return add(o, number, at, "semgrep", ".semgrepignore", NULL, 0);
}

static enum assay_status
sonar_line(const struct option *o, const char *line, size_t len, size_t at, unsigned number)
{
	const char *equals = memchr(line, '=', len);
	const size_t key = equals == NULL ? 0 : (size_t)(equals - line);
	const bool value = equals != NULL && strspn(equals + 1, " \t") + key + 1 < len;
	if (!value || key < 6 || strncmp(line, "sonar.", 6) != 0
	    || (memmem(line, key, "exclusions", 10) == NULL && memmem(line, key, "ignore", 6) == NULL))
		return ASSAY_OK;
	return add(o, number, at, "sonarqube", "sonar-project.properties", NULL, 0);
}

static enum assay_status
xml_line(const struct option *o, const char *line, size_t len, size_t at, unsigned number)
{
	static const char *const elements[] = { "<suppression", "<ignore", "<exclude" };
	for (size_t i = 0; i < COUNT(elements); i++) {
		const size_t n = strlen(elements[i]);
		const char *p = memmem(line, len, elements[i], n);
		if (p == NULL || (p[n] != '>' && p[n] != ' '))
			continue;
		const char *id = memchr(p, '>', len - (size_t)(p - line));
		const size_t id_len = id == NULL || i > 0 ? 0 : strcspn(id + 1, "<" BLANKS);
		return add(o, number, at, "cppcheck", elements[i] + 1, id == NULL ? NULL : id + 1, id_len);
	}
	return ASSAY_OK;
}

/* ---- options in build files ---- */

#define WORD_ENDS " \t\r\n\"',;()[]{}<>:|&`"

/* In a makefile "-w" is an option of make as well: there it counts beside what names a compiler. */
static bool
is_silent(const struct option *o, const char *line, size_t len)
{
	static const char *const compilers[] = { "FLAGS", "$(CC)", "$(CXX)", "${CC}", "${CXX}", "gcc", "clang", "g++" };
	const char *slash = strrchr(o->w->path, '/'), *name = slash == NULL ? o->w->path : slash + 1;
	if (strstr(name, "akefile") == NULL && strstr(name, ".mk") == NULL)
		return true;
	for (size_t i = 0; i < COUNT(compilers); i++) {
		if (memmem(line, len, compilers[i], strlen(compilers[i])) != NULL)
			return true;
	}
	return false;
}

static const struct {
	const char *begins, *engine, *check; /* check: what stands before the rest; NULL: all checks */
} options[] = {
	{ "-Wno-", "gcc", "-W" },
	{ "/wd", "msvc", "" },
	{ "-fno-sanitize=", "sanitizers", "" },
	{ "--suppress=", "cppcheck", "" },
	{ "--suppressions-list=", "cppcheck", NULL },
	{ "-analyzer-disable-checker", "clang", NULL },
	{ "warning_level=0", "gcc", NULL },
};

static enum assay_status
look_at_word(const struct option *o, const char *line, size_t len, const char *word, size_t n, unsigned number)
{
	const size_t at = (size_t)(word - o->text);
	if (n == 2 && strncmp(word, "-w", 2) == 0 && is_silent(o, line, len))
		return add(o, number, at, "gcc", "-w", NULL, 0);
	/* What is no error any more is still reported. */
	if (n >= 9 && strncmp(word, "-Wno-error", 10) == 0)
		return ASSAY_OK;
	for (size_t i = 0; i < COUNT(options); i++) {
		const size_t begins = strlen(options[i].begins);
		if (n < begins || strncmp(word, options[i].begins, begins) != 0)
			continue;
		if (options[i].check == NULL)
			return add(o, number, at, options[i].engine, options[i].begins, NULL, 0);
		const char *check = n == begins ? "" : arena_printf(o->w->scratch, "%s%.*s", options[i].check, (int)(n - begins), word + begins);
		return check == NULL ? arena_full(o->w->err) : add(o, number, at, options[i].engine, options[i].begins, check, strlen(check));
	}
	return ASSAY_OK;
}

static enum assay_status
build_line(const struct option *o, const char *line, size_t len, size_t at, unsigned number)
{
	(void)at;
	for (size_t i = 0; i < len;) {
		const size_t n = strcspn(line + i, WORD_ENDS);
		if (line[i] == '#' && (i == 0 || strchr(BLANKS, line[i - 1]) != NULL))
			return ASSAY_OK;
		if (n > 0 && i + n <= len)
			TRY(look_at_word(o, line, len, line + i, n, number));
		i += n + 1;
	}
	return ASSAY_OK;
}

/* ---- which file is what ---- */

static enum assay_status
read_lines_of_cppcheck(const struct option *o)
{
	return each_line(o, cppcheck_line);
}

static enum assay_status
read_semgrep(const struct option *o)
{
	return each_line(o, semgrep_line);
}

static enum assay_status
read_sonar(const struct option *o)
{
	return each_line(o, sonar_line);
}

static enum assay_status
read_xml(const struct option *o)
{
	return each_line(o, xml_line);
}

static enum assay_status
read_build(const struct option *o)
{
	return each_line(o, build_line);
}

static const struct {
	const char *pattern;
	enum assay_status (*read)(const struct option *o);
} files[] = {
	{ "**.clang-tidy", read_clang_tidy },
	{ "**.cppcheck", read_xml },
	{ "**suppressions.txt", read_lines_of_cppcheck },
	{ "**sonar-project.properties", read_sonar },
	{ "**.semgrepignore", read_semgrep },
	{ "**CMakeLists.txt", read_build },
	{ "**.cmake", read_build },
	{ "**meson.build", read_build },
	{ "**Makefile", read_build },
	{ "**makefile", read_build },
	{ "**GNUmakefile", read_build },
	{ "**Makefile.am", read_build },
	{ "**.mk", read_build },
};

static size_t
row_of(const char *path)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		if (text_match(assay_span_str(files[i].pattern), assay_span_str(path)))
			return i;
	}
	return COUNT(files);
}

bool
suppress_is_option_file(const char *path)
{
	return row_of(path) < COUNT(files);
}

enum assay_status
suppress_option_file(struct suppress_work *w)
{
	const size_t row = row_of(w->path);
	if (w->bytes.len > TEXT_LEN_MAX)
		return assay_fail(w->err, ASSAY_E_LIMIT, "more than %zu bytes", TEXT_LEN_MAX);
	char *text = arena_copy(w->scratch, w->bytes);
	if (text == NULL)
		return arena_full(w->err);
	for (size_t i = 0; i < w->bytes.len; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	const struct option o = { w, text };
	return row == COUNT(files) ? ASSAY_OK : files[row].read(&o);
}
