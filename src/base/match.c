/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns as a set of positions that is carried along the path one byte at a time, so that no pattern makes it go back.
 */
#include <base/text.h>
#include <string.h>

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

/* What stands before the first star or question mark, or after the last, decides nearly every time. */
static bool
ends_match(struct assay_span pattern, struct assay_span path)
{
	size_t i = 0, k = 0;
	while (i < pattern.len && pattern.data[i] != '*' && pattern.data[i] != '?') {
		if (i == path.len || pattern.data[i] != path.data[i])
			return false;
		i++;
	}
	while (k < pattern.len - i && pattern.data[pattern.len - k - 1] != '*' && pattern.data[pattern.len - k - 1] != '?') {
		if (k == path.len || pattern.data[pattern.len - k - 1] != path.data[path.len - k - 1])
			return false;
		k++;
	}
	return true;
}

/* One byte further. False when no position is left. */
static bool
advance(struct assay_span pattern, unsigned char byte, const struct position_set *now, struct position_set *then)
{
	bool any = false;
	memset(then->at, 0, pattern.len + 1);
	for (size_t i = 0; i < pattern.len; i++) {
		if (!now->at[i])
			continue;
		if (is_star(pattern, i)) {
			if (byte != '/' || crosses(pattern, i))
				any = then->at[i] = true;
		} else if (pattern.data[i] == byte || (pattern.data[i] == '?' && byte != '/')) {
			any = then->at[i + 1] = true;
		}
	}
	close_over_stars(then, pattern);
	return any;
}

bool
text_match(struct assay_span pattern, struct assay_span path)
{
	struct position_set sets[2];
	if (pattern.len > TEXT_PATTERN_MAX || !ends_match(pattern, path))
		return false;
	memset(sets[0].at, 0, pattern.len + 1);
	sets[0].at[0] = true;
	close_over_stars(&sets[0], pattern);
	for (size_t p = 0; p < path.len; p++) {
		if (!advance(pattern, path.data[p], &sets[p % 2], &sets[(p + 1) % 2]))
			return false;
	}
	return sets[path.len % 2].at[pattern.len];
}
