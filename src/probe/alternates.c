/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <base/file.h>
#include <fcntl.h>
#include <sys/stat.h>

#define ALTERNATES_FILE_MAX (1u << 20)

static void
free_texts(char **texts, size_t count)
{
	for (size_t i = 0; texts != NULL && i < count; i++)
		free(texts[i]);
	free(texts);
}

void
alternates_done(struct alternates *a)
{
	free_texts(a->folders, a->count);
	free_texts(a->written, a->written_count);
	*a = (struct alternates) { 0 };
}

static bool
has_folder(const struct alternates *a, const char *path)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->folders[i], path) == 0)
			return true;
	return false;
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the list of alternates");
}

/* Undoes git's C-style quoting of a line that begins with '"'. */
static bool
unquote(struct assay_span s, struct buf *out)
{
	static const char from[] = "abtnvfr\"\\";
	static const char to[] = "\a\b\t\n\v\f\r\"\\";
	size_t i = 1;
	for (; i < s.len && s.data[i] != '"'; i++) {
		if (s.data[i] != '\\') {
			buf_add_byte(out, s.data[i]);
			continue;
		}
		if (++i >= s.len)
			return false;
		const char *plain = s.data[i] == '\0' ? NULL : strchr(from, s.data[i]);
		if (plain != NULL) {
			buf_add_byte(out, (unsigned char)to[plain - from]);
			continue;
		}
		if (i + 2 >= s.len)
			return false;
		unsigned value = 0;
		for (size_t end = i + 3; i < end; i++) {
			if (s.data[i] < '0' || s.data[i] > '7')
				return false;
			value = value * 8 + (unsigned)(s.data[i] - '0');
		}
		i--;
		buf_add_byte(out, (unsigned char)value);
	}
	return i + 1 == s.len;
}

static enum assay_status search(const char *objects, unsigned depth, struct alternates *a,
    struct assay_error *err);

static enum assay_status
follow(const char *objects, struct assay_span line, unsigned depth, struct alternates *a,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(PATH_TEXT_MAX);
	CLEANUP(buf_done) struct buf plain = BUF_INIT(PATH_TEXT_MAX);
	if (line.data[0] != '"' || !unquote(line, &plain)) {
		buf_reset(&plain);
		buf_add_span(&plain, line);
	}
	if (plain.len == 0 || memchr(plain.data, 0, plain.len) != NULL)
		return ASSAY_OK;
	a->written[a->written_count] = strdup(buf_str(&plain));
	if (a->written[a->written_count] == NULL)
		return no_memory(err);
	a->written_count++;
	if (plain.data[0] != '/')
		buf_addf(&path, "%s/", objects);
	buf_add_span(&path, buf_span(&plain));
	TRY(buf_status(&path, "a path in objects/info/alternates", err));
	CLEANUP(free_text) char *real = realpath(buf_str(&path), NULL);
	struct stat st;
	if (real == NULL || stat(real, &st) != 0 || !S_ISDIR(st.st_mode) || has_folder(a, real))
		return ASSAY_OK;
	return search(real, depth + 1, a, err);
}

static enum assay_status
search(const char *objects, unsigned depth, struct alternates *a, struct assay_error *err)
{
	if (depth > ALTERNATES_DEPTH_MAX) {
		a->too_deep = true;
		return ASSAY_OK;
	}
	a->folders[a->count] = strdup(objects);
	if (a->folders[a->count] == NULL)
		return no_memory(err);
	a->count++;
	CLEANUP(buf_done) struct buf text = BUF_INIT(ALTERNATES_FILE_MAX);
	bool found;
	TRY(repository_read(objects, "info/alternates", &text, &found, err));
	for (size_t at = 0; found && at < text.len;) {
		const unsigned char *start = text.data + at;
		const unsigned char *end = memchr(start, '\n', text.len - at);
		size_t len = end == NULL ? text.len - at : (size_t)(end - start);
		if (len > 0 && start[0] != '#') {
			if (a->written_count >= ALTERNATES_MAX || a->count >= ALTERNATES_MAX)
				return assay_fail(err, ASSAY_E_LIMIT, "the repository has more than %d alternates",
				    ALTERNATES_MAX);
			TRY(follow(objects, (struct assay_span) { start, len }, depth, a, err));
		}
		at += len + 1;
	}
	return ASSAY_OK;
}

enum assay_status
alternates_read(const struct repository *r, struct alternates *ret_alternates,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(PATH_TEXT_MAX);
	buf_addf(&path, "%s/objects", r->common_dir);
	TRY(buf_status(&path, "the path of the repository", err));
	CLEANUP(free_text) char *real = realpath(buf_str(&path), NULL);
	if (real == NULL)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open the repository's folder 'objects'");
	CLEANUP(alternates_done) struct alternates a = {
		.folders = calloc(ALTERNATES_MAX + 1, sizeof(char *)),
		.written = calloc(ALTERNATES_MAX + 1, sizeof(char *)),
	};
	if (a.folders == NULL || a.written == NULL)
		return no_memory(err);
	TRY(search(real, 0, &a, err));
	*ret_alternates = a;
	a = (struct alternates) { 0 };
	return ASSAY_OK;
}

enum assay_status
repository_object_folders(const struct repository *r, struct arena *arena,
    const char *const **ret_folders, struct assay_error *err)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	TRY(alternates_read(r, &a, err));
	const char **folders = arena_array(arena, a.count + 1, sizeof(folders[0]));
	if (folders == NULL)
		return arena_full(err);
	for (size_t i = 0; i < a.count; i++) {
		folders[i] = arena_str(arena, a.folders[i]);
		if (folders[i] == NULL)
			return arena_full(err);
	}
	*ret_folders = folders;
	return ASSAY_OK;
}
