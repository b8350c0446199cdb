/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a path is matched by a line: a set of places in the pattern is carried along the path, one component at a time, so
 * that no pattern makes it go back.
 */
#include <policy/owners.h>
#include <string.h>

#define PATH_SEGMENTS_MAX 4096

static bool
is_any(struct assay_span segment)
{
	return segment.len == 2 && memcmp(segment.data, "**", 2) == 0;
}

/* One component: '*' any bytes, '?' one, '\' the next as it is. The last star is the only one that is ever tried again. */
static bool
segment_matches(struct assay_span p, struct assay_span text)
{
	size_t i = 0, t = 0, star = SIZE_MAX, from = 0;
	while (t < text.len) {
		const bool escaped = i + 1 < p.len && p.data[i] == '\\';
		const size_t at = i + escaped;
		if (i < p.len && !escaped && p.data[i] == '*') {
			star = i++;
			from = t;
		} else if (at < p.len && (p.data[at] == text.data[t] || (!escaped && p.data[at] == '?'))) {
			i = at + 1;
			t++;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (i < p.len && p.data[i] == '*')
		i++;
	return i == p.len;
}

struct places {
	bool at[OWNERS_SEGMENTS_MAX + 3];
};

/* "**" before more stands for no folder, too. The last one takes at least one component. */
static void
skip_any(const struct owners_rule *r, struct places *set)
{
	for (size_t i = 0; i + 1 < r->segment_count; i++) {
		if (set->at[i] && is_any(r->segments[i]))
			set->at[i + 1] = true;
	}
}

static void
step(const struct owners_rule *r, const struct places *now, struct assay_span text, struct places *then)
{
	for (size_t i = 0; i < r->segment_count; i++) {
		if (!now->at[i])
			continue;
		if (is_any(r->segments[i])) {
			then->at[i] = true;
			if (i + 1 == r->segment_count)
				then->at[i + 1] = true;
		} else if (segment_matches(r->segments[i], text)) {
			then->at[i + 1] = true;
		}
	}
}

bool
owners_matches(const struct owners_rule *rule, const char *path)
{
	struct places now = { { false } };
	size_t segments = 0;
	now.at[0] = true;
	skip_any(rule, &now);
	for (const char *p = path; *p != '\0' && segments < PATH_SEGMENTS_MAX; segments++) {
		struct places then = { { false } };
		const size_t len = strcspn(p, "/");
		step(rule, &now, (struct assay_span){ (const unsigned char *)p, len }, &then);
		skip_any(rule, &then);
		now = then;
		p += len + (p[len] == '/');
		if (now.at[rule->segment_count] && (*p == '\0' || rule->below))
			return true;
	}
	return false;
}

const struct owners_rule *
owners_decides(const struct owners_file *f, size_t section, const char *path)
{
	const struct owners_rule *last = NULL;
	for (size_t i = 0; i < f->rule_count; i++) {
		const struct owners_rule *r = f->rules[i];
		if (r->section != section || !owners_matches(r, path))
			continue;
		if (r->excludes)
			return NULL;
		last = r;
	}
	return last;
}
