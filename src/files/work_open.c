/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "walk_inside.h"
#include "work.h"

static bool
ends(struct hash_result *r, enum hash_outcome outcome, int error)
{
	r->outcome = outcome;
	r->error = outcome == HASH_UNREADABLE ? error : 0;
	return false;
}

/* The file is open: what it is now is what it must be when it was read. */
static bool
begins(struct hash_result *result, uint64_t most, struct reading *r)
{
	const int error = walk_stat(r->fd, &r->before);
	result->facts = r->before;
	if (error != 0)
		return ends(result, HASH_UNREADABLE, error);
	if (r->before.type != WALK_FILE)
		return ends(result, HASH_OTHER_TYPE, 0);
	return r->before.size <= most || ends(result, HASH_TOO_LONG, 0);
}

/* Why a name couldn't be opened. A link or a socket is told by its type, and so is a device whose driver says that there is none; what
 * looks like a file was something else, or away, a moment ago. */
static bool
not_opened(struct hash_result *result, int error)
{
	const bool is_there = walk_look(result->folder, result->name, &result->facts) == 0;
	if (is_there && result->facts.type != WALK_FILE)
		return ends(result, HASH_OTHER_TYPE, 0);
	if (is_there && (error == ENOENT || error == ELOOP || error == ENXIO))
		return ends(result, HASH_CHANGED, 0);
	return ends(result, error == ENOENT ? HASH_MISSING : HASH_UNREADABLE, error);
}

bool
work_open(struct job *job, struct reading *ret_reading)
{
	struct hash_result *result = &job->result;
	struct reading r = {.fd = job->fd};
	int error = 0;
	if (job->kind == JOB_FILE)
		error = walk_open_file(result->folder, result->name, &r.fd);
	job->fd = -1;
	const bool good = error == 0 ? begins(result, job->most, &r) : not_opened(result, error);
	if (!good && r.fd >= 0)
		(void)close(r.fd);
	*ret_reading = r;
	return good;
}

/* True when no byte of [offset, offset + len) is on the medium. */
static bool
in_a_hole(const struct reading *r, uint64_t offset, size_t len)
{
	if (r->before.allocated >= r->before.size || offset > INT64_MAX - len)
		return false;
	const off_t data = lseek(r->fd, (off_t)offset, SEEK_DATA);
	/* ENXIO: none from here to the end. */
	if (data < 0)
		return errno == ENXIO && offset < r->before.size;
	return (uint64_t)data >= offset + len;
}

int
work_read(const struct reading *r, uint64_t offset, unsigned char *out, size_t len, size_t *ret_len,
    bool *ret_hole)
{
	size_t have = 0;
	const uint64_t left = offset < r->before.size ? r->before.size - offset : 0;
	const size_t most = left < len ? (size_t)left : len;
	*ret_hole = most > 0 && in_a_hole(r, offset, most);
	if (*ret_hole) {
		memset(out, 0, most);
		*ret_len = most;
		return 0;
	}
	while (have < len) {
		const ssize_t n = pread(r->fd, out + have, len - have, (off_t)(offset + have));
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return errno;
		have += n > 0 ? (size_t)n : 0;
		/* Less than was asked for, and just as much as there was: its end. */
		if (n > 0 && have < len && have == left)
			break;
	}
	*ret_len = have;
	return 0;
}

void
work_no_digests(struct hash_result *result)
{
	memset(result->sha256, 0, sizeof(result->sha256));
	memset(result->verity, 0, sizeof(result->verity));
	memset(result->sha384, 0, sizeof(result->sha384));
	memset(result->sha512, 0, sizeof(result->sha512));
}

void
work_settle(const struct reading *r, uint64_t bytes, int error, struct hash_result *result)
{
	struct walk_facts after = {.type = WALK_UNKNOWN};
	if (error == 0)
		error = walk_facts_of(r->fd, &after);
	result->bytes = bytes;
	if (error != 0) {
		(void)ends(result, HASH_UNREADABLE, error);
	} else if (!walk_same(&r->before, &after) || bytes != after.size) {
		(void)ends(result, HASH_CHANGED, 0);
		result->facts = after;
	} else {
		(void)ends(result, HASH_DONE, 0);
		result->facts = after;
		return;
	}
	work_no_digests(result);
}

void
work_settle_once(const struct reading *r, uint64_t bytes, struct hash_result *result)
{
	result->bytes = bytes;
	const int error = walk_capabilities_of(r->fd, &result->facts);
	if (error != 0)
		(void)ends(result, HASH_UNREADABLE, error);
	else
		(void)ends(result, bytes == r->before.size ? HASH_DONE : HASH_CHANGED, 0);
	if (result->outcome != HASH_DONE)
		work_no_digests(result);
}

static void
look(struct job *job)
{
	struct hash_result *r = &job->result;
	size_t len = 0;
	int error = walk_look(r->folder, r->name, &r->facts);
	if (error == 0 && r->facts.type == WALK_LINK) {
		job->target = malloc(WALK_TARGET_MAX + 1);
		error = job->target == NULL ? ENOMEM
					    : walk_read_link(r->folder, r->name, job->target, &len);
		/* No link any more. */
		if (error == EINVAL) {
			(void)ends(r, HASH_CHANGED, 0);
			return;
		}
	}
	if (error != 0) {
		(void)ends(r, error == ENOENT ? HASH_MISSING : HASH_UNREADABLE, error);
		return;
	}
	if (job->target != NULL)
		r->target = (struct assay_span){(const unsigned char *)job->target, len};
	(void)ends(r, HASH_DONE, 0);
}

static void
count(struct job *job)
{
	struct hash_result *r = &job->result;
	const int error = walk_count(r->folder, &r->entries);
	r->facts = r->folder->facts;
	(void)ends(r, error == 0 ? HASH_DONE : HASH_UNREADABLE, error);
}

static enum assay_status
read_file(struct worker *w, struct job *job)
{
	struct reading r;
	if (!work_open(job, &r))
		return ASSAY_OK;
	enum assay_status s = ASSAY_OK;
	if (r.before.size > WORK_SMALL) {
		/* Its chunks take the place of the small files. */
		s = work_flush(w);
		if (s == ASSAY_OK)
			s = work_stream(w, &r, &job->result);
	} else {
		s = work_small(w, &r, &job->result);
	}
	(void)close(r.fd);
	return s;
}

enum assay_status
work_do(struct worker *w, struct job *job)
{
	enum assay_status s = ASSAY_OK;
	switch (job->kind) {
	case JOB_LOOK:
		look(job);
		break;
	case JOB_COUNT:
		count(job);
		break;
	case JOB_FILE:
	case JOB_OPEN_FILE:
		s = read_file(w, job);
		break;
	}
	if (job->fd >= 0)
		(void)close(job->fd);
	job->fd = -1;
	return s;
}
