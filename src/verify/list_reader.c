/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <base/text.h>
#include <errno.h>

enum assay_status
list_reader_begin(struct list_reader *l, struct hash_stream *stream, struct assay_error *err)
{
	l->step = malloc(MANIFEST_STEP);
	l->left = (struct assay_span){ l->step, 0 };
	l->at = l->next = 0;
	l->stream = stream;
	if (l->step == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to read the manifest");
	if (stream != NULL)
		TRY(hash_stream_begin(stream, err));
	assay_manifest_begin(l->manifest);
	return ASSAY_OK;
}

void
list_reader_done(struct list_reader **l)
{
	free((*l)->step);
	(*l)->step = NULL;
}

/* Fills step when it is used up; *ret_end at the end of the file. */
static enum assay_status
fill(struct list_reader *l, bool *ret_end, struct assay_error *err)
{
	ssize_t n;
	*ret_end = false;
	do
		n = pread(l->fd, l->step, MANIFEST_STEP, (off_t)l->next);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "the manifest can't be read: %s", text_errno(errno));
	*ret_end = n == 0;
	l->left = (struct assay_span){ l->step, (size_t)n };
	l->next += (uint64_t)n;
	return l->stream == NULL ? ASSAY_OK : hash_stream_add(l->stream, l->left, err);
}

enum assay_status
list_reader_next(struct list_reader *l, bool *ret_is, struct assay_manifest_entry *ret_entry, struct assay_error *err)
{
	bool end = false;
	*ret_is = false;
	while (!*ret_is && !end) {
		if (l->left.len == 0) {
			TRY(fill(l, &end, err));
			continue;
		}
		TRY(assay_manifest_next(l->manifest, &l->left, ret_is, ret_entry, err));
	}
	l->at = l->next - l->left.len;
	return *ret_is ? ASSAY_OK : assay_manifest_end(l->manifest, err);
}

/* Takes one line that the reader has to have seen before it gets to those in the midst of the list. */
static enum assay_status
feed(struct list_reader *l, struct assay_span line, struct assay_error *err)
{
	struct assay_manifest_entry entry;
	bool is = false;
	while (line.len > 0)
		TRY(assay_manifest_next(l->manifest, &line, &is, &entry, err));
	return ASSAY_OK;
}

enum assay_status
list_reader_begin_at(struct list_reader *l, uint64_t offset, struct assay_span folder, struct assay_error *err)
{
	TRY(list_reader_begin(l, NULL, err));
	l->next = l->at = offset;
	TRY(feed(l, assay_span_str(ASSAY_MANIFEST_FIRST_LINE), err));
	char *line = malloc(ASSAY_MANIFEST_LINE_MAX + 1);
	enum assay_status status = line == NULL ? assay_fail(err, ASSAY_E_MEMORY, "no memory to read the manifest") : ASSAY_OK;
	for (size_t i = 0; status == ASSAY_OK && i < folder.len; i++) {
		if (i + 1 < folder.len && folder.data[i + 1] != '/')
			continue;
		const struct assay_manifest_entry parent = { .type = ASSAY_ENTRY_FOLDER, .mode = 0755, .path = { folder.data, i + 1 } };
		size_t len = 0;
		status = assay_manifest_line(&parent, line, ASSAY_MANIFEST_LINE_MAX + 1, &len, err);
		if (status == ASSAY_OK)
			status = feed(l, (struct assay_span){ (const unsigned char *)line, len }, err);
	}
	free(line);
	return status;
}
