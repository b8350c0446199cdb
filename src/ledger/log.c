/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"
#include <base/cleanup.h>
#include <ledger/log.h>

struct ledger {
	struct store *store;
};

enum assay_status
ledger_open(const char *folder, bool create, struct ledger **ret_ledger, struct assay_error *err)
{
	CLEANUP(ledger_close) struct ledger *l = calloc(1, sizeof *l);

	if (l == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the ledger");
	TRY(store_open(folder, create, &l->store, err));
	*ret_ledger = steal(&l);
	return ASSAY_OK;
}

void
ledger_close(struct ledger **ledger)
{
	if (*ledger == NULL)
		return;
	store_close(&(*ledger)->store);
	free(*ledger);
	*ledger = NULL;
}

static enum assay_status
keep_node(void *ctx, unsigned level, uint64_t index, const struct assay_node *node,
    struct assay_error *err)
{
	struct store *s = ctx;

	return store_put_node(s, level, index, node, err);
}

/* The frontier of the head, which must give the head's own root: a log that was altered isn't added
 * to. */
static enum assay_status
load_head(struct store *s, struct frontier *ret_frontier, struct assay_error *err)
{
	struct assay_node said;
	struct assay_node found;
	uint64_t size = 0;

	TRY(store_head(s, &size, &said, err));
	TRY(frontier_load(s, size, ret_frontier, err));
	TRY(frontier_root(ret_frontier, &found, err));
	if (memcmp(said.b, found.b, sizeof said.b) != 0) {
		(void)assay_fail(err, ASSAY_E_VERIFY,
		    "ledger '%s' was altered: its nodes don't give the root of its head",
		    store_name(s));
		return assay_error_todo(err, ASSAY_E_VERIFY, "run 'assay log verify' to see where");
	}
	return ASSAY_OK;
}

static enum assay_status
append(struct store *s, const struct assay_span *entries, size_t count, uint64_t *ret_first,
    struct assay_error *err)
{
	struct frontier f;
	struct assay_node root;

	TRY(load_head(s, &f, err));
	uint64_t first = f.size;
	if (count > STORE_SIZE_MAX - first)
		return assay_fail(err, ASSAY_E_LIMIT, "ledger '%s' is full", store_name(s));
	for (size_t i = 0; i < count; i++) {
		TRY(store_put_entry(s, f.size, entries[i], err));
		TRY(frontier_add(&f, entries[i], keep_node, s, err));
	}
	TRY(frontier_root(&f, &root, err));
	TRY(store_set_head(s, f.size, &root, err));
	TRY(store_commit(s, err));
	*ret_first = first;
	return ASSAY_OK;
}

enum assay_status
ledger_append(struct ledger *ledger, const struct assay_span *entries, size_t count,
    uint64_t *ret_first, struct assay_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (entries[i].len > LEDGER_ENTRY_MAX)
			return assay_fail(err, ASSAY_E_LIMIT,
			    "entry %zu has %zu bytes, a ledger takes %u at most", i, entries[i].len,
			    LEDGER_ENTRY_MAX);
	}
	TRY(store_begin(ledger->store, err));
	enum assay_status status = append(ledger->store, entries, count, ret_first, err);
	if (status != ASSAY_OK)
		store_rollback(ledger->store);
	return status;
}

enum assay_status
ledger_head(
    struct ledger *ledger, uint64_t *ret_size, struct assay_node *ret_root, struct assay_error *err)
{
	return store_head(ledger->store, ret_size, ret_root, err);
}

/* ASSAY_E_USAGE unless the log has that many entries. */
static enum assay_status
within(struct ledger *ledger, uint64_t size, struct assay_error *err)
{
	struct assay_node root;
	uint64_t head = 0;

	TRY(store_head(ledger->store, &head, &root, err));
	if (size > head)
		return assay_fail(err, ASSAY_E_USAGE, "ledger '%s' has %llu entries, not %llu",
		    store_name(ledger->store), (unsigned long long)head, (unsigned long long)size);
	return ASSAY_OK;
}

enum assay_status
ledger_root_at(
    struct ledger *ledger, uint64_t size, struct assay_node *ret_root, struct assay_error *err)
{
	struct frontier f;

	TRY(within(ledger, size, err));
	TRY(frontier_load(ledger->store, size, &f, err));
	return frontier_root(&f, ret_root, err);
}

enum assay_status
ledger_entry(struct ledger *ledger, uint64_t index, struct buf *out, struct assay_error *err)
{
	if (index >= STORE_SIZE_MAX)
		return assay_fail(err, ASSAY_E_NOT_FOUND, "ledger '%s' has no entry %llu",
		    store_name(ledger->store), (unsigned long long)index);
	return store_get_entry(ledger->store, index, out, err);
}

/* A proof is found from the root downwards and written from the leaf upwards. */
struct path {
	struct assay_node nodes[ASSAY_MERKLE_PROOF_MAX];
	size_t len;
};

static enum assay_status
path_add(struct path *p, struct store *s, uint64_t from, uint64_t to, struct assay_error *err)
{
	if (p->len == ASSAY_MERKLE_PROOF_MAX)
		return assay_fail(err, ASSAY_E_INTERNAL, "a proof is longer than any can be");
	return tree_range(s, from, to, &p->nodes[p->len++], err);
}

static void
path_give(const struct path *p, struct assay_node *ret_proof, size_t *ret_len)
{
	for (size_t i = 0; i < p->len; i++)
		ret_proof[i] = p->nodes[p->len - 1 - i];
	*ret_len = p->len;
}

/* The largest power of two smaller than n, for n > 1 (RFC 6962 section 2.1). */
static uint64_t
split(uint64_t n)
{
	return UINT64_C(1) << (63u - (unsigned)__builtin_clzll(n - 1));
}

/* PATH(m, D[n]) of RFC 6962 section 2.1.1. */
enum assay_status
ledger_inclusion(struct ledger *ledger, uint64_t index, uint64_t size,
    struct assay_node ret_proof[ASSAY_MERKLE_PROOF_MAX], size_t *ret_len, struct assay_error *err)
{
	struct path p = {.len = 0};
	uint64_t from = 0;
	uint64_t to = size;

	TRY(within(ledger, size, err));
	if (index >= size)
		return assay_fail(err, ASSAY_E_USAGE, "a log of %llu entries has no entry %llu",
		    (unsigned long long)size, (unsigned long long)index);
	while (to - from > 1) {
		uint64_t middle = from + split(to - from);
		if (index < middle) {
			TRY(path_add(&p, ledger->store, middle, to, err));
			to = middle;
		} else {
			TRY(path_add(&p, ledger->store, from, middle, err));
			from = middle;
		}
	}
	path_give(&p, ret_proof, ret_len);
	return ASSAY_OK;
}

/* PROOF(m, D[n]) of RFC 6962 section 2.1.2; empty from nothing, and from a log to itself. */
enum assay_status
ledger_consistency(struct ledger *ledger, uint64_t size1, uint64_t size2,
    struct assay_node ret_proof[ASSAY_MERKLE_PROOF_MAX], size_t *ret_len, struct assay_error *err)
{
	struct path p = {.len = 0};
	uint64_t from = 0;
	uint64_t to = size2;

	TRY(within(ledger, size2, err));
	if (size1 > size2)
		return assay_fail(err, ASSAY_E_USAGE,
		    "a log of %llu entries can't have grown out of one of %llu",
		    (unsigned long long)size2, (unsigned long long)size1);
	if (size1 == 0) {
		*ret_len = 0;
		return ASSAY_OK;
	}
	while (size1 != to) {
		uint64_t middle = from + split(to - from);
		if (size1 <= middle) {
			TRY(path_add(&p, ledger->store, middle, to, err));
			to = middle;
		} else {
			TRY(path_add(&p, ledger->store, from, middle, err));
			from = middle;
		}
	}
	/* The old root itself is known to the verifier; a part of it is not. */
	if (from > 0)
		TRY(path_add(&p, ledger->store, from, to, err));
	path_give(&p, ret_proof, ret_len);
	return ASSAY_OK;
}

struct check {
	struct store *store;
	uint64_t entry; /* that is being looked at */
};

static enum assay_status
check_node(void *ctx, unsigned level, uint64_t index, const struct assay_node *node,
    struct assay_error *err)
{
	const struct check *c = ctx;
	struct assay_node kept;

	enum assay_status status = store_get_node(c->store, level, index, &kept, err);
	if (status == ASSAY_E_NOT_FOUND)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "ledger '%s': node %u/%llu over entry %llu is missing", store_name(c->store),
		    level, (unsigned long long)index, (unsigned long long)c->entry);
	TRY(status);
	if (memcmp(kept.b, node->b, sizeof kept.b) != 0)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "ledger '%s': entry %llu, or node %u/%llu over it, was altered",
		    store_name(c->store), (unsigned long long)c->entry, level,
		    (unsigned long long)index);
	return ASSAY_OK;
}

static enum assay_status
verify(struct store *s, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf entry = BUF_INIT(LEDGER_ENTRY_MAX);
	struct check c = {.store = s};
	struct frontier f = {.size = 0};
	struct assay_node said;
	struct assay_node found;
	uint64_t size = 0;

	TRY(store_head(s, &size, &said, err));
	for (; c.entry < size; c.entry++) {
		buf_reset(&entry);
		enum assay_status status = store_get_entry(s, c.entry, &entry, err);
		if (status == ASSAY_E_NOT_FOUND)
			return assay_fail(err, ASSAY_E_VERIFY,
			    "ledger '%s': entry %llu of %llu is missing", store_name(s),
			    (unsigned long long)c.entry, (unsigned long long)size);
		if (status == ASSAY_E_LIMIT)
			return assay_fail(err, ASSAY_E_VERIFY,
			    "ledger '%s': entry %llu is larger than any that assay writes",
			    store_name(s), (unsigned long long)c.entry);
		TRY(status);
		TRY(frontier_add(&f, buf_span(&entry), check_node, &c, err));
	}
	TRY(frontier_root(&f, &found, err));
	if (memcmp(said.b, found.b, sizeof said.b) != 0)
		return assay_fail(err, ASSAY_E_VERIFY,
		    "ledger '%s': the head's root is not that of its %llu entries", store_name(s),
		    (unsigned long long)size);
	return store_no_more_than(s, size, err);
}

enum assay_status
ledger_verify(struct ledger *ledger, struct assay_error *err)
{
	/* One moment's view: a run that appends meanwhile must not look like an alteration. */
	TRY(store_begin_read(ledger->store, err));
	enum assay_status status = verify(ledger->store, err);
	store_rollback(ledger->store);
	if (status == ASSAY_E_VERIFY)
		(void)assay_error_todo(err, status, "keep the file for the inquiry, and compare with the last anchor");
	return status;
}
