/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include "links.h"

#include <base/catch.h>
#include <base/file.h>
#include <base/text.h>
#include <errno.h>
#include <fcntl.h>

/* Folders of a path, the file, the commit and its tree: what one git is asked for. */
#define STEPS_MAX 18

/*
 * HEAD's commit, its tree, each folder on the way and the file, asked for by path at once and then held against
 * each other: each must be what the one before it names, by a hash of our own.
 */
struct chain {
	const struct repository *r;
	const char *path;
	size_t ends[STEPS_MAX];  /* step 2 + k is path[0 .. ends[k]) */
	size_t steps;
	struct oid expected;     /* of the step at hand */
	enum git_type type;
	bool absent;             /* the tree has no such folder or regular file */
	struct buf *out;
};

static void
name_step(void *ctx, size_t i, struct buf *out)
{
	const struct chain *c = ctx;
	char hex[2 * OID_MAX + 1];
	oid_hex(&c->r->head, c->r->algo, hex);
	buf_add_str(out, hex);
	if (i == 1)
		buf_add_str(out, "^{tree}");
	if (i > 1)
		buf_addf(out, ":%.*s", (int)c->ends[i - 2], c->path);
}

/* Finds the next step's name in a tree. */
static enum assay_status
find_entry(struct chain *c, size_t i, struct assay_span tree, struct assay_error *err)
{
	const size_t from = i < 2 ? 0 : c->ends[i - 2] + 1;
	const struct assay_span name
	    = { (const unsigned char *)c->path + from, c->ends[i - 1] - from };
	const bool last = i + 1 == c->steps - 1;
	struct git_tree_entry e;
	size_t cursor = 0;
	enum assay_status status;
	while ((status = git_tree_next(tree, c->r->algo, &cursor, &e, err)) == ASSAY_OK) {
		if (!assay_span_equal(e.name, name))
			continue;
		const bool folder = e.mode == 0040000;
		const bool file = e.mode == 0100644 || e.mode == 0100755 || e.mode == 0100664;
		c->absent = last ? !file : !folder;
		c->expected = e.id;
		c->type = last ? GIT_BLOB : GIT_TREE;
		return ASSAY_OK;
	}
	if (status != ASSAY_E_NOT_FOUND)
		return status;
	c->absent = true;
	return ASSAY_OK;
}

static enum assay_status
got_step(void *ctx, size_t i, const struct object_read *got, struct assay_error *err)
{
	struct chain *c = ctx;
	struct oid id;
	if (c->absent)
		return ASSAY_OK;
	if (!got->present || got->over_cap || got->type != c->type)
		return assay_fail(err, ASSAY_E_VERIFY, "'%s' in HEAD can't be read: an object on the way is absent, "
		    "unreadable or too large", c->path);
	TRY(git_hash(c->r->algo, got->type, got->bytes, &id, err));
	if (CATCH(policy_altered, oid_compare(&id, &c->expected) != 0))
		return assay_fail(err, ASSAY_E_VERIFY, "'%s' in HEAD can't be believed: an object on the way is altered",
		    c->path);
	if (i + 1 == c->steps) {
		buf_reset(c->out);
		buf_add_span(c->out, got->bytes);
		return buf_status(c->out, c->path, err);
	}
	if (got->type == GIT_TREE)
		return find_entry(c, i, got->bytes, err);
	struct link link;
	size_t cursor = 0;
	TRY(links_next(GIT_COMMIT, got->bytes, c->r->algo, &cursor, &link, err));
	c->expected = link.id;
	c->type = GIT_TREE;
	return ASSAY_OK;
}

/* The file's bytes in HEAD's tree; ASSAY_E_NOT_FOUND when there is none. */
static enum assay_status
read_from_head(const struct repository *r, const char *path, struct buf *out,
    struct assay_error *err)
{
	struct chain c = { .r = r, .path = path, .steps = 2, .expected = r->head,
		.type = GIT_COMMIT, .out = out };
	if (!r->has_head)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "there is no '%s': the repository has no commit", path);
	for (const char *at = path; at != NULL;) {
		const char *slash = strchr(at, '/');
		if (c.steps == STEPS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "'%s' lies too deep", path);
		c.ends[c.steps++ - 2] = slash == NULL ? strlen(path) : (size_t)(slash - path);
		at = slash == NULL ? NULL : slash + 1;
	}
	CLEANUP(object_reader_free) struct object_reader *reader = NULL;
	TRY(object_reader_new(r, &reader, err));
	const struct object_wanted wanted
	    = { .count = c.steps, .cap = GIT_TREE_SIZE_MAX, .name = name_step, .got = got_step, .ctx = &c };
	TRY(object_reader_each(reader, &wanted, err));
	if (c.absent)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "HEAD has no file '%s'", path);
	return ASSAY_OK;
}

static enum assay_status
read_from_work_tree(const struct repository *r, const char *path, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(close_fd) int fd = open(r->work_tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return assay_fail(err, ASSAY_E_SYSTEM, "can't open '%s': %s", r->work_tree, text_errno(errno));
	return file_read_beneath(fd, path, out, err);
}

enum assay_status
repository_policy_file(const struct repository *r, const char *path, struct buf *out,
    bool *ret_differs, struct assay_error *err)
{
	if (r->work_tree == NULL) {
		TRY(read_from_head(r, path, out, err));
		*ret_differs = false;
		return ASSAY_OK;
	}
	const enum assay_status here = read_from_work_tree(r, path, out, err);
	if (here != ASSAY_OK && here != ASSAY_E_NOT_FOUND)
		return here;
	CLEANUP(buf_done) struct buf head = BUF_INIT(out->cap);
	/* What HEAD holds may be gone or altered: the clone's own probe says so. Here it only isn't the same. */
	const enum assay_status status = read_from_head(r, path, &head, NULL);
	*ret_differs = here != ASSAY_OK ? status == ASSAY_OK
					: status != ASSAY_OK || !assay_span_equal(buf_span(out), buf_span(&head));
	return here;
}
