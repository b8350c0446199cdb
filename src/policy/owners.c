/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/owners.h>

#include <base/cleanup.h>
#include <string.h>
#include <strings.h>

const char *const owners_places[2][OWNERS_PLACES] = {
	[OWNERS_GITHUB] = { ".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS" },
	[OWNERS_GITLAB] = { "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS" },
};

const char *
owners_dialect_name(enum owners_dialect d)
{
	return d == OWNERS_GITHUB ? "GitHub" : "GitLab";
}

struct reader {
	struct arena *arena;
	struct owners_file f;
	size_t rule_room;
	size_t section; /* that lines belong to now */
	unsigned line;
	struct assay_error *err;
};

static enum assay_status
problem(struct reader *r, bool unread, const char *what)
{
	r->f.problems[r->f.problem_count++]
	    = (struct owners_problem){ .line = r->line, .what = what, .unread = unread };
	return ASSAY_OK;
}

static bool
is_blank(unsigned char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\f' || ch == '\v';
}

/* The next word; '\' before a blank keeps it in the word. len 0 at the end. */
static struct assay_span
next_word(struct assay_span line, size_t *at)
{
	while (*at < line.len && is_blank(line.data[*at]))
		(*at)++;
	const size_t from = *at;
	while (*at < line.len && !is_blank(line.data[*at]))
		*at += line.data[*at] == '\\' && *at + 1 < line.len ? 2 : 1;
	return (struct assay_span){ line.data + from, *at - from };
}

/* ---- owners ---- */

static bool
is_owner(struct assay_span word)
{
	const unsigned char *at = memchr(word.data, '@', word.len);
	if (word.len < 2 || at == NULL)
		return false;
	/* "@name" or "local@domain". */
	return at == word.data ? word.data[1] != '/' : at + 1 < word.data + word.len && memchr(at, '.', (size_t)(word.data + word.len - at)) != NULL;
}

/* Reads owners from at to the line's end or a comment. *ret_bad: a word that is none. */
static enum assay_status
read_owners(struct reader *r, struct assay_span line, size_t at, struct owners_list *ret_list, bool *ret_bad)
{
	struct owners_list list = { .items = arena_array(r->arena, (line.len - at) / 2 + 1, sizeof(char *)) };
	*ret_bad = false;
	if (list.items == NULL)
		return arena_full(r->err);
	for (;;) {
		const struct assay_span word = next_word(line, &at);
		if (word.len == 0 || word.data[0] == '#')
			break;
		if (!is_owner(word)) {
			*ret_bad = true;
			continue;
		}
		char *owner = arena_copy(r->arena, word);
		if (owner == NULL)
			return arena_full(r->err);
		list.items[list.count++] = owner;
	}
	*ret_list = list;
	return ASSAY_OK;
}

/* ---- sections ---- */

/* "[Name]", "^[Name]", "[Name][2] @owners". False: no section's line. */
static bool
cut_section(struct assay_span line, struct assay_span *ret_name, size_t *ret_end)
{
	size_t at = 0;
	if (at < line.len && line.data[at] == '^')
		at++;
	if (at >= line.len || line.data[at] != '[')
		return false;
	const unsigned char *name = line.data + at + 1;
	const unsigned char *end = memchr(name, ']', line.len - at - 1);
	if (end == NULL || end == name)
		return false;
	*ret_name = (struct assay_span){ name, (size_t)(end - name) };
	at = (size_t)(end - line.data) + 1;
	if (at < line.len && line.data[at] == '[') {
		const unsigned char *close = memchr(line.data + at, ']', line.len - at);
		if (close == NULL)
			return false;
		at = (size_t)(close - line.data) + 1;
	}
	*ret_end = at;
	return at == line.len || is_blank(line.data[at]);
}

static enum assay_status
enter_section(struct reader *r, struct assay_span line, struct assay_span name, size_t end)
{
	struct owners_section s = { .optional = line.data[0] == '^', .line = r->line };
	bool bad = false;
	TRY(read_owners(r, line, end, &s.owners, &bad));
	s.name = arena_copy(r->arena, name);
	if (s.name == NULL)
		return arena_full(r->err);
	/* Sections of one name are one, by the words of the first. */
	for (size_t i = 1; i < r->f.section_count; i++) {
		if (strcasecmp(r->f.sections[i].name, s.name) != 0)
			continue;
		r->section = i;
		if (s.owners.count > 0)
			r->f.sections[i].owners = s.owners;
		return ASSAY_OK;
	}
	if (r->f.section_count == OWNERS_SECTIONS_MAX)
		return assay_fail(r->err, ASSAY_E_LIMIT, "more than %d sections", OWNERS_SECTIONS_MAX);
	r->section = r->f.section_count;
	r->f.sections[r->f.section_count++] = s;
	return bad ? problem(r, false, "a section's line names an owner that is none") : ASSAY_OK;
}

/* ---- patterns ---- */

static enum assay_status
add_segment(struct reader *r, struct owners_rule *rule, const char *text, size_t len)
{
	if (rule->segment_count == OWNERS_SEGMENTS_MAX + 2)
		return assay_fail(r->err, ASSAY_E_LIMIT, "a pattern of more than %d folders", OWNERS_SEGMENTS_MAX);
	rule->segments[rule->segment_count++] = (struct assay_span){ (const unsigned char *)text, len };
	return ASSAY_OK;
}

static size_t
slashes(const char *pattern)
{
	size_t n = 0;
	for (; *pattern != '\0'; pattern++)
		n += *pattern == '/';
	return n;
}

/* GitHub anchors what holds a slash before its end; GitLab what begins with one. */
static bool
is_anchored(const struct reader *r, const char *p)
{
	const size_t len = strlen(p);
	if (p[0] == '/')
		return true;
	if (r->f.dialect == OWNERS_GITLAB)
		return false;
	return slashes(p) > (len > 0 && p[len - 1] == '/');
}

static enum assay_status
cut_pattern(struct reader *r, struct owners_rule *rule)
{
	const char *p = rule->pattern;
	const bool github = r->f.dialect == OWNERS_GITHUB;
	if (!is_anchored(r, p))
		TRY(add_segment(r, rule, "**", 2));
	p += p[0] == '/';
	while (*p != '\0') {
		const size_t len = strcspn(p, "/");
		/* GitLab's last "**" is a plain star: only "**" and a slash cross folders there. */
		const bool star = !github && p[len] == '\0' && len == 2 && memcmp(p, "**", 2) == 0;
		TRY(add_segment(r, rule, p, star ? 1 : len));
		p += len + (p[len] == '/');
		if (*p == '\0' && p[-1] == '/')
			return add_segment(r, rule, "**", 2);
	}
	if (rule->segment_count == 0)
		return ASSAY_OK;
	const struct assay_span last = rule->segments[rule->segment_count - 1];
	const bool lone = last.len == 1 && last.data[0] == '*';
	rule->below = github && !lone;
	return ASSAY_OK;
}

/* NULL: the pattern can be used. */
static const char *
wrong_with(const struct reader *r, const struct owners_rule *rule, bool *ret_unread)
{
	const char *p = rule->pattern;
	const bool github = r->f.dialect == OWNERS_GITHUB;
	*ret_unread = false;
	if (slashes(p) > OWNERS_SEGMENTS_MAX)
		return "the pattern has too many folders";
	if (strcmp(p, "/") == 0)
		return "'/' alone matches nothing";
	if (strstr(p, "***") != NULL || strstr(p, "//") != NULL)
		return "the pattern is none that a forge reads";
	if (github && (p[0] == '!' || strpbrk(p, "[]") != NULL))
		return "GitHub knows neither '!' nor '[...]' in a pattern, and passes over the line";
	*ret_unread = strpbrk(p, "[]{}") != NULL && !github;
	return *ret_unread ? "this version doesn't read '[...]' and '{...}' in a pattern" : NULL;
}

static enum assay_status
enter_rule(struct reader *r, struct assay_span line)
{
	size_t at = 0;
	bool bad = false, unread = false;
	const struct assay_span word = next_word(line, &at);
	struct owners_rule *rule = arena_alloc(r->arena, sizeof *rule);
	if (rule == NULL)
		return arena_full(r->err);
	const bool excludes = r->f.dialect == OWNERS_GITLAB && word.data[0] == '!' && word.len > 1;
	*rule = (struct owners_rule){ .line = r->line, .section = r->section, .index = r->f.rule_count, .excludes = excludes,
		.pattern = arena_copy(r->arena, (struct assay_span){ word.data + excludes, word.len - excludes }) };
	if (rule->pattern == NULL)
		return arena_full(r->err);
	const char *wrong = wrong_with(r, rule, &unread);
	if (wrong != NULL)
		return problem(r, unread, wrong);
	TRY(read_owners(r, line, at, &rule->owners, &bad));
	if (bad && r->f.dialect == OWNERS_GITHUB)
		return problem(r, false, "an owner is neither '@name' nor an address, so GitHub passes over the line");
	if (bad)
		TRY(problem(r, false, "an owner is neither '@name' nor an address"));
	if (rule->owners.count == 0 && !bad)
		rule->owners = r->f.sections[r->section].owners;
	TRY(cut_pattern(r, rule));
	if (r->f.rule_count == r->rule_room)
		return assay_fail(r->err, ASSAY_E_LIMIT, "more than %d lines", OWNERS_RULES_MAX);
	r->f.rules[r->f.rule_count++] = rule;
	return ASSAY_OK;
}

static enum assay_status
read_line(struct reader *r, struct assay_span line)
{
	struct assay_span name;
	size_t end = 0;
	while (line.len > 0 && is_blank(line.data[0])) {
		line.data++;
		line.len--;
	}
	while (line.len > 0 && is_blank(line.data[line.len - 1]))
		line.len--;
	if (line.len == 0 || line.data[0] == '#')
		return ASSAY_OK;
	if (line.len > OWNERS_LINE_MAX || memchr(line.data, 0, line.len) != NULL)
		return problem(r, true, "the line is too long, or holds a NUL");
	if (r->f.dialect == OWNERS_GITLAB && cut_section(line, &name, &end))
		return enter_section(r, line, name, end);
	return enter_rule(r, line);
}

static size_t
count_lines(struct assay_span bytes)
{
	size_t lines = 1;
	for (size_t i = 0; i < bytes.len; i++)
		lines += bytes.data[i] == '\n';
	return lines;
}

enum assay_status
owners_parse(struct assay_span bytes, enum owners_dialect dialect, struct arena *arena,
    struct owners_file *ret_file, struct assay_error *err)
{
	struct reader r = { .arena = arena, .f = { .dialect = dialect, .section_count = 1 }, .err = err };
	const size_t lines = count_lines(bytes);
	r.rule_room = lines < OWNERS_RULES_MAX ? lines : OWNERS_RULES_MAX;
	r.f.rules = arena_array(arena, r.rule_room + 1, sizeof *r.f.rules);
	r.f.problems = arena_array(arena, lines + 1, sizeof *r.f.problems);
	r.f.sections = arena_array(arena, OWNERS_SECTIONS_MAX, sizeof *r.f.sections);
	if (r.f.rules == NULL || r.f.problems == NULL || r.f.sections == NULL)
		return arena_full(err);
	r.f.sections[0].name = "";
	for (size_t at = 0; at < bytes.len;) {
		const unsigned char *from = bytes.data + at;
		const unsigned char *lf = memchr(from, '\n', bytes.len - at);
		const size_t len = lf != NULL ? (size_t)(lf - from) : bytes.len - at;
		r.line++;
		TRY(read_line(&r, (struct assay_span){ from, len }));
		at += len + 1;
	}
	*ret_file = r.f;
	return ASSAY_OK;
}
