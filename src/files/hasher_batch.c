/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"

static const char *
copy(struct batch *b, const void *bytes, size_t len)
{
	char *to = b->text + b->used;
	if (len > 0)
		memcpy(to, bytes, len);
	b->used += len;
	return to;
}

bool
batch_add(struct batch *b, const struct job *job, uint64_t likely)
{
	const struct hash_result *from = &job->result;
	const size_t name = from->name == NULL ? 0 : strlen(from->name) + 1;
	const struct walk_folder *last = b->count == 0 ? NULL : b->jobs[b->count - 1].result.folder;
	const size_t folders = job->fd < 0 && from->folder == last ? 0 : 1;
	if (b->count == BATCH_JOBS || name + from->note.len > BATCH_TEXT - b->used ||
	    b->folders + folders > BATCH_FOLDERS)
		return false;
	struct job *to = &b->jobs[b->count++];
	*to = *job;
	to->result.note.data = (const unsigned char *)copy(b, from->note.data, from->note.len);
	if (from->name != NULL)
		to->result.name = copy(b, from->name, name);
	if (from->folder != NULL && from->folder != last)
		b->held[b->held_count++] = walk_keep(from->folder);
	b->folders += folders;
	b->likely += likely;
	return true;
}

bool
batch_is_long(const struct batch *b)
{
	return b->count == BATCH_JOBS || b->likely >= BATCH_LIKELY;
}

void
batch_do(struct batch *b, struct worker *w)
{
	enum assay_status s = ASSAY_OK;
	for (size_t i = 0; s == ASSAY_OK && i < b->count; i++)
		s = work_do(w, &b->jobs[i]);
	if (s == ASSAY_OK)
		s = work_flush(w);
	b->status = s;
}

void
batch_empty(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		struct job *job = &b->jobs[i];
		if (job->fd >= 0)
			(void)close(job->fd);
		free(job->target);
	}
	while (b->held_count > 0)
		walk_drop(&b->held[--b->held_count]);
	b->count = b->delivered = b->used = b->folders = 0;
	b->likely = 0;
	b->status = ASSAY_OK;
}
