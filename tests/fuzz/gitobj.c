/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses kind and algorithm; the rest is the object. */
#include <codec/gitobj.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
inside(struct assay_span raw, struct assay_span part)
{
	if (part.data == NULL && part.len == 0)
		return;
	if (part.data < raw.data || part.data + part.len > raw.data + raw.len)
		__builtin_trap();
}

static void
check_signature(struct assay_span raw, const struct git_signature_field *sig)
{
	const unsigned char *end = raw.data;
	inside(raw, sig->raw);
	if (sig->piece_count > GIT_SIGNED_PIECES)
		__builtin_trap();
	for (size_t i = 0; i < sig->piece_count; i++) {
		inside(raw, sig->pieces[i]);
		if (sig->pieces[i].data < end)
			__builtin_trap();
		end = sig->pieces[i].data + sig->pieces[i].len;
	}
}

static void
check_commit(struct assay_span raw, enum oid_algo algo)
{
	struct assay_error err = { 0 };
	struct git_commit c;
	struct oid id;
	size_t cursor = 0, parents = 0;
	if (git_commit_parse(raw, algo, &c, &err) != ASSAY_OK)
		return;
	check_signature(raw, &c.signature);
	inside(raw, c.message);
	inside(raw, c.author.name);
	inside(raw, c.committer.email);
	while (git_commit_next_parent(&c, algo, &cursor, &id))
		parents++;
	if (parents != c.parent_count)
		__builtin_trap();
}

static void
check_tag(struct assay_span raw, enum oid_algo algo)
{
	struct assay_error err = { 0 };
	struct git_tag t;
	if (git_tag_parse(raw, algo, &t, &err) != ASSAY_OK)
		return;
	check_signature(raw, &t.signature);
	inside(raw, t.message);
	inside(raw, t.name);
	inside(raw, t.tagger.email);
}

static void
check_tree(struct assay_span raw, enum oid_algo algo)
{
	struct assay_error err = { 0 };
	struct git_tree_entry e;
	size_t cursor = 0;
	while (git_tree_next(raw, algo, &cursor, &e, &err) == ASSAY_OK)
		inside(raw, e.name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(struct assay_span, enum oid_algo)
	    = { check_commit, check_tag, check_tree };
	if (size == 0)
		return 0;
	struct assay_span raw = { data + 1, size - 1 };
	kinds[data[0] / 2 % 3](raw, (enum oid_algo)(data[0] % 2));
	return 0;
}
