/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/sources.h>
#include <string.h>

/* The first file that doesn't sort before path. */
static size_t
lower_bound(const struct sources *s, const char *path)
{
	size_t low = 0, high = s->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (strcmp(s->files[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct source_file *
sources_find(const struct sources *s, const char *path)
{
	const size_t i = lower_bound(s, path);
	return i < s->count && strcmp(s->files[i].path, path) == 0 ? &s->files[i] : NULL;
}

bool
sources_is_file(const struct source_file *f)
{
	return f != NULL && (f->mode & SOURCE_FORMAT) == SOURCE_FILE;
}

const struct source_file *
sources_under(const struct sources *s, const char *prefix)
{
	const size_t i = lower_bound(s, prefix);
	return i < s->count && strncmp(s->files[i].path, prefix, strlen(prefix)) == 0 ? &s->files[i] : NULL;
}
