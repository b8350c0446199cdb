/* SPDX-License-Identifier: Apache-2.0 */
#include "leaks.h"

#include "internal.h"

#include <base/text.h>
#include <stdlib.h>

/* A comment or two may stand before the key that an inventory begins with. */
#define INVENTORY_HEAD 4096u
#define INVENTORY_MAX ((size_t)4 << 20)
#define DIGEST_LEN (2 * (size_t)ASSAY_SHA256_SIZE)

enum assay_status
leaks_new(struct leaks **ret_leaks, struct assay_error *err)
{
	CLEANUP(leaks_free) struct leaks *l = calloc(1, sizeof *l);
	if (l == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to search for keys");
	pthread_mutex_init(&l->lock, NULL);
	l->listed = calloc(LEAKS_LISTED_MAX, sizeof l->listed[0]);
	if (l->listed == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory to search for keys");
	TRY(leak_finder_new(&l->finder, err));
	*ret_leaks = steal(&l);
	return ASSAY_OK;
}

void
leaks_free(struct leaks **leaks)
{
	struct leaks *l = *leaks;
	if (l == NULL)
		return;
	leak_finder_free(&l->finder);
	for (size_t i = 0; i < l->count; i++) {
		leak_found_done(&l->items[i].found);
		free(l->items[i].name);
	}
	free(l->items);
	free(l->listed);
	pthread_mutex_destroy(&l->lock);
	free(l);
	*leaks = NULL;
}

/* ---- what inventories of any revision name ---- */

static bool
is_listed(const struct leaks *l, const unsigned char *digits)
{
	for (size_t i = 0; i < l->listed_count; i++)
		if (memcmp(l->listed[i], digits, DIGEST_LEN) == 0)
			return true;
	return false;
}

static bool
is_hex_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Under the lock. */
static void
note_inventory(struct leaks *l, struct assay_span b)
{
	size_t run = 0;
	for (size_t i = 0; i <= b.len; i++) {
		if (i < b.len && is_hex_digit(b.data[i])) {
			run++;
			continue;
		}
		const unsigned char *digits = b.data + i - run;
		if (run == DIGEST_LEN && !is_listed(l, digits) && l->listed_count < LEAKS_LISTED_MAX)
			memcpy(l->listed[l->listed_count++], digits, DIGEST_LEN);
		run = 0;
	}
}

static bool
is_inventory(struct assay_span b)
{
	static const char key[] = "assay-keys:";
	return b.len <= INVENTORY_MAX && memmem(b.data, b.len < INVENTORY_HEAD ? b.len : INVENTORY_HEAD, key, sizeof key - 1) != NULL;
}

/* ---- what is found ---- */

static void
keep(struct leaks *l, const struct leaked *item)
{
	if (l->count >= LEAKED_MAX) {
		l->more += item->found.count;
		return;
	}
	if (l->count == l->room) {
		const size_t room = l->room == 0 ? 64 : 2 * l->room;
		struct leaked *more = realloc(l->items, room * sizeof *more);
		if (more == NULL) {
			l->status = ASSAY_E_MEMORY;
			return;
		}
		l->items = more;
		l->room = room;
	}
	l->items[l->count++] = *item;
}

static void
look(struct leaks *l, struct leaked *item, struct assay_span bytes)
{
	const enum assay_status status = leak_scan(l->finder, bytes, &item->found, NULL);
	const bool inventory = is_inventory(bytes);
	pthread_mutex_lock(&l->lock);
	l->contents++;
	l->bytes += bytes.len;
	if (status != ASSAY_OK)
		l->status = status;
	if (inventory)
		note_inventory(l, bytes);
	const size_t before = l->count;
	if (item->found.count > 0)
		keep(l, item);
	if (l->count == before) {
		leak_found_done(&item->found);
		free(item->name);
	}
	pthread_mutex_unlock(&l->lock);
}

void
leaks_look(struct leaks *l, const struct oid *id, enum git_type type, struct assay_span bytes)
{
	struct leaked item = { .id = *id, .type = type, .tree = UINT32_MAX, .shown_by = UINT32_MAX };
	look(l, &item, bytes);
}

void
leaks_look_file(struct leaks *l, const char *path, struct assay_span bytes)
{
	struct leaked item = { .type = GIT_BLOB, .is_file = true, .tree = UINT32_MAX, .shown_by = UINT32_MAX, .name = strdup(path) };
	if (item.name == NULL) {
		l->status = ASSAY_E_MEMORY;
		return;
	}
	look(l, &item, bytes);
}

static int
by_id(const void *a, const void *b)
{
	const struct leaked *x = a, *y = b;
	const int order = oid_compare(&x->id, &y->id);
	return order != 0 || x->name == NULL || y->name == NULL ? order : strcmp(x->name, y->name);
}

static int
by_text(const void *a, const void *b)
{
	return memcmp(a, b, DIGEST_LEN);
}

enum assay_status
leaks_settle(struct leaks *l, struct assay_error *err)
{
	if (l->status != ASSAY_OK)
		return assay_fail(err, l->status, "the search for private keys failed: %s", assay_status_name(l->status));
	if (l->count > 0)
		qsort(l->items, l->count, sizeof l->items[0], by_id);
	qsort(l->listed, l->listed_count, sizeof l->listed[0], by_text);
	return ASSAY_OK;
}

/* ---- the record ---- */

enum assay_status
leaks_record_begin(struct leaks_record *r, struct assay_error *err)
{
	r->root = json_pack("{s:i}", "assay-leaks", LEAKS_VERSION);
	r->hits = json_array();
	r->unseen = json_array();
	if (r->root == NULL || r->hits == NULL || r->unseen == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record of keys");
	return ASSAY_OK;
}

void
leaks_record_done(struct leaks_record *r)
{
	json_decref(r->root);
	json_decref(r->hits);
	json_decref(r->unseen);
}

static void
append(struct leaks_record *r, json_t *list, size_t most, json_t *item)
{
	if (item == NULL)
		r->failed = true;
	else if (json_array_size(list) >= most) {
		json_decref(item);
		r->more++;
	} else if (json_array_append_new(list, item) != 0)
		r->failed = true;
}

void
leaks_record_unseen(struct leaks_record *r, struct assay_span what, const char *why)
{
	append(r, r->unseen, LEAKS_UNSEEN_MAX, json_pack("{s:o, s:s}", "what", canon_text(what), "why", why));
}

static json_t *
publics(const struct leak_hit *h)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < h->public_count; i++)
		if (json_array_append_new(list, canon_sha256(h->publics[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static void
add_hit(struct leaks_record *r, const struct leaked *l, const struct leak_hit *h)
{
	static const unsigned char none[ASSAY_SHA256_SIZE];
	char id[2 * OID_MAX + 1] = "", commit[2 * OID_MAX + 1] = "", print[2 * LEAK_FINGERPRINT_SIZE + 1] = "", digest[DIGEST_LEN + 1] = "";
	char offset[24];
	if (!l->is_file)
		oid_hex(&l->id, r->algo, id);
	if (h->has_fingerprint)
		text_hex((struct assay_span){ h->fingerprint, sizeof h->fingerprint }, print);
	if (memcmp(h->digest, none, sizeof none) != 0)
		text_hex((struct assay_span){ h->digest, sizeof h->digest }, digest);
	text_put(offset, sizeof offset, "%" PRIu64, h->offset);
	const char *shown = r->commit == NULL ? "" : r->commit(r->ctx, l, commit);
	json_t *item = json_pack("{s:s, s:s, s:o, s:s, s:b, s:s, s:s, s:s, s:o, s:s, s:s}", "object", id, "type",
	    l->is_file ? "file" : git_type_name(l->type), "path", canon_text(assay_span_str(l->name == NULL ? "" : l->name)), "commit", shown,
	    "head", (int)l->head, "offset", offset, "state", leak_state_name(h->state), "form", h->form, "public", publics(h), "fingerprint", print,
	    "digest", digest);
	append(r, r->hits, LEAKS_HITS_MAX, item);
}

static bool
set(json_t *root, const char *key, json_t *value)
{
	return value != NULL && json_object_set_new(root, key, value) == 0;
}

static json_t *
digits(uint64_t n)
{
	char text[24];
	text_put(text, sizeof text, "%" PRIu64, n);
	return json_string(text);
}

static json_t *
listed(const struct leaks *l)
{
	json_t *list = json_array();
	for (size_t i = 0; list != NULL && i < l->listed_count; i++)
		if (json_array_append_new(list, json_string(l->listed[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

enum assay_status
leaks_record_end(struct leaks_record *r, const char *member, struct arena *arena, struct evidence *e, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(CANON_SIZE_MAX);
	const struct leaks *l = r->leaks;
	for (size_t i = 0; i < l->count; i++) {
		for (size_t k = 0; k < l->items[i].found.count; k++)
			add_hit(r, &l->items[i], &l->items[i].found.items[k]);
		r->more += l->items[i].found.more;
	}
	r->more += l->more;
	const bool whole = set(r->root, "contents", digits(l->contents)) && set(r->root, "bytes", digits(l->bytes))
	    && json_object_set(r->root, "hits", r->hits) == 0 && json_object_set(r->root, "unseen", r->unseen) == 0
	    && set(r->root, "listed", listed(l)) && set(r->root, "more", json_integer(r->more > INT32_MAX ? INT32_MAX : (json_int_t)r->more));
	if (!whole || r->failed)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for the record of keys");
	TRY(canon_write(r->root, &text, err));
	TRY(buf_status(&text, "the record of keys", err));
	struct evidence_member *m = arena_array(arena, 1, sizeof *m);
	const char *copy = arena_copy(arena, buf_span(&text));
	if (m == NULL || copy == NULL)
		return arena_full(err);
	*m = (struct evidence_member){ .name = member, .bytes = { (const unsigned char *)copy, text.len } };
	e->members = m;
	e->member_count = 1;
	return ASSAY_OK;
}
