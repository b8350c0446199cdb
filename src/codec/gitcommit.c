/* SPDX-License-Identifier: Apache-2.0 */
#include "gitparse.h"

#include <base/cleanup.h>

static const char *const commit_headers[] = { "tree", "parent", "author", "committer", NULL };

static enum assay_status
read_tree(struct git_lines *l, struct git_commit *c, struct assay_error *err)
{
	struct assay_span line, value;
	if (!git_next_line(l, &line) || !git_named(line, "tree", &value))
		return git_malformed(l, err, "does not begin with a tree");
	if (oid_parse(value, l->algo, &c->tree) != ASSAY_OK)
		return git_malformed(l, err, "bad tree id");
	return ASSAY_OK;
}

/* The parent lines; *ret_line is the first line behind them, empty at the header's end. */
static enum assay_status
read_parents(struct git_lines *l, struct git_commit *c, struct assay_span *ret_line,
    struct assay_error *err)
{
	struct assay_span line, value;
	struct oid id;
	c->parents = (struct assay_span){ l->header.data + l->at, 0 };
	while (git_next_line(l, &line)) {
		if (!git_named(line, "parent", &value)) {
			*ret_line = line;
			return ASSAY_OK;
		}
		if (oid_parse(value, l->algo, &id) != ASSAY_OK)
			return git_malformed(l, err, "bad parent id");
		if (++c->parent_count > GIT_PARENTS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "commit with more than %d parents",
			    GIT_PARENTS_MAX);
		c->parents.len += line.len + 1;
	}
	*ret_line = (struct assay_span){ l->header.data, 0 };
	return ASSAY_OK;
}

enum assay_status
git_commit_parse(struct assay_span raw, enum oid_algo algo, struct git_commit *ret_commit,
    struct assay_error *err)
{
	struct git_commit c = { 0 };
	struct git_lines l;
	struct assay_span line = { NULL, 0 }, value;
	TRY(git_split(raw, "commit", &l, &c.message, err));
	l.algo = algo;
	TRY(read_tree(&l, &c, err));
	TRY(read_parents(&l, &c, &line, err));
	if (!git_named(line, "author", &value))
		return git_malformed(&l, err, "no author where one must be");
	TRY(git_person_parse(&l, value, &c.author, err));
	if (!git_next_line(&l, &line) || !git_named(line, "committer", &value))
		return git_malformed(&l, err, "no committer where one must be");
	TRY(git_person_parse(&l, value, &c.committer, err));
	TRY(git_extra_headers(&l, commit_headers, &c.signature, err));
	/* What is left of raw is signed too: the empty line and the message. */
	git_add_piece(&c.signature, raw.data + l.header.len, raw.data + raw.len);
	*ret_commit = c;
	return ASSAY_OK;
}

void
git_commit_links(struct assay_span raw, enum oid_algo algo, struct git_commit *ret_commit)
{
	size_t at = 0;
	struct oid id;
	*ret_commit = (struct git_commit){ 0 };
	if (!git_link_line(raw, "tree", algo, &at, &id))
		return;
	size_t first = at;
	while (git_link_line(raw, "parent", algo, &at, &id))
		ret_commit->parent_count++;
	ret_commit->parents = (struct assay_span){ raw.data + first, at - first };
}

bool
git_commit_next_parent(const struct git_commit *c, enum oid_algo algo, size_t *cursor,
    struct oid *ret_id)
{
	return git_link_line(c->parents, "parent", algo, cursor, ret_id);
}
