/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns as a set of positions that is carried along the path one byte at a time, so that no pattern makes it go back.
 */
#include <base/text.h>

struct position_set {
	bool at[TEXT_PATTERN_MAX + 1];
};

static bool
is_star(struct assay_span pattern, size_t i)
{
	return i < pattern.len && pattern.data[i] == '*';
}

/* Stars match nothing, too: a position before one is also a position after it. */
static void
close_over_stars(struct position_set *set, struct assay_span pattern)
{
	for (size_t i = 0; i < pattern.len; i++) {
		if (set->at[i] && is_star(pattern, i))
			set->at[i + 1] = true;
	}
}

/* Whether the star at i is one of two in a row, which match across components. */
static bool
crosses(struct assay_span pattern, size_t i)
{
	return is_star(pattern, i + 1) || (i > 0 && is_star(pattern, i - 1));
}

bool
text_match(struct assay_span pattern, struct assay_span path)
{
	struct position_set now = { { false } };
	if (pattern.len > TEXT_PATTERN_MAX)
		return false;
	now.at[0] = true;
	close_over_stars(&now, pattern);
	for (size_t p = 0; p < path.len; p++) {
		struct position_set then = { { false } };
		for (size_t i = 0; i < pattern.len; i++) {
			if (!now.at[i])
				continue;
			if (is_star(pattern, i)) {
				if (path.data[p] != '/' || crosses(pattern, i))
					then.at[i] = true;
			} else if (pattern.data[i] == path.data[p]
			    || (pattern.data[i] == '?' && path.data[p] != '/')) {
				then.at[i + 1] = true;
			}
		}
		close_over_stars(&then, pattern);
		now = then;
	}
	return now.at[pattern.len];
}
