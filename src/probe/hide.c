/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of errors without the folders in which they arose: evidence is the same wherever a clone lies.
 */
#include "internal.h"

#include <ctype.h>

#define FOLDERS_MAX (ALTERNATES_MAX + 5)
#define TEMPORARY_TAIL 6 /* what mkdtemp puts in for its Xs */

struct hidden {
	const char *path;
	const char *shown;
};

static bool
goes_on(struct assay_span text, size_t at)
{
	return at < text.len && (isalnum(text.data[at]) || strchr("_-.", text.data[at]) != NULL);
}

/* Length of the temporary folder's name at the beginning of text, or 0. */
static size_t
temporary_at(struct assay_span text)
{
	for (size_t i = 0; object_dir_places[i] != NULL; i++) {
		char prefix[64];
		const size_t len = (size_t)snprintf(prefix, sizeof(prefix), "%s/" OBJECT_DIR_NAME,
		    object_dir_places[i]);
		if (text.len >= len + TEMPORARY_TAIL && memcmp(text.data, prefix, len) == 0)
			return len + TEMPORARY_TAIL;
	}
	return 0;
}

/* The longest folder at the beginning of text. */
static size_t
folder_at(struct assay_span text, const struct hidden *folders, size_t count, const char **ret_shown)
{
	size_t best = temporary_at(text);
	*ret_shown = "git";
	for (size_t i = 0; i < count; i++) {
		const size_t len = folders[i].path == NULL ? 0 : strlen(folders[i].path);
		if (len < 2 || len <= best || len > text.len || memcmp(text.data, folders[i].path, len) != 0
		    || goes_on(text, len))
			continue;
		best = len;
		*ret_shown = folders[i].shown;
	}
	return best;
}

void
repository_hide_folders(const struct repository *r, struct assay_span text, struct buf *out)
{
	CLEANUP(alternates_done) struct alternates a = { 0 };
	struct hidden folders[FOLDERS_MAX] = { { r->root, "." }, { r->work_tree, "." },
		{ r->git_dir, ".git" }, { r->common_dir, ".git" } };
	size_t count = 4;
	/* Without the list of alternates the rest still goes. */
	const bool listed = alternates_read(r, &a, NULL) == ASSAY_OK;
	for (size_t i = 0; listed && i < a.count && count < FOLDERS_MAX; i++)
		folders[count++] = (struct hidden) { a.folders[i], i == 0 ? "objects" : "alternate" };
	while (text.len > 0) {
		const char *shown;
		const size_t len = text.data[0] == '/' ? folder_at(text, folders, count, &shown) : 0;
		if (len > 0)
			buf_add_str(out, shown);
		else
			buf_add_byte(out, text.data[0]);
		text.data += len > 0 ? len : 1;
		text.len -= len > 0 ? len : 1;
	}
}
