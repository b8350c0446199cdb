/* SPDX-License-Identifier: Apache-2.0 */
#include "key_whose.h"

#include "record.h"

#include <assay/tuf.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <policy/authority.h>
#include <string.h>

#define INVENTORY_PATH "assay/keys.yaml"
#define OWNERS_MAX 20000u
#define DEPTH_MAX 40u

struct gathering {
	const struct judge_context *c;
	struct key_owners *o;
	struct assay_error *err;
};

static enum assay_status
add(struct gathering *g, const char *digest, const char *fingerprint, const char *whose)
{
	if (whose == NULL)
		return arena_full(g->err);
	if (g->o->count >= OWNERS_MAX) {
		g->o->unread = true;
		return ASSAY_OK;
	}
	struct key_owner *k = &g->o->items[g->o->count++];
	text_put(k->digest, sizeof k->digest, "%s", digest);
	k->fingerprint = fingerprint;
	k->whose = whose;
	return ASSAY_OK;
}

static enum assay_status
add_digest(struct gathering *g, const unsigned char digest[ASSAY_SHA256_SIZE], const char *whose)
{
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	text_hex((struct assay_span){ digest, ASSAY_SHA256_SIZE }, hex);
	return add(g, hex, NULL, whose);
}

/* ---- the inventory ---- */

static bool
is_digest(const struct yaml_node *n)
{
	return n->kind == YAML_SCALAR && n->text_len == (size_t)2 * ASSAY_SHA256_SIZE && strspn(n->text, "0123456789abcdefABCDEF") == n->text_len;
}

static const char *
name_of(const struct yaml_node *mapping)
{
	static const char *const names[] = { "id", "name", "purpose" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct yaml_node *n = yaml_get(mapping, names[i]);
		if (n != NULL && n->kind == YAML_SCALAR)
			return n->text;
	}
	return NULL;
}

/* Every digest in it, under the name of the entry that it is in. */
static enum assay_status
walk_inventory(struct gathering *g, const struct yaml_node *node, const char *name, unsigned depth)
{
	char digest[2 * ASSAY_SHA256_SIZE + 1];
	if (is_digest(node)) {
		for (size_t i = 0; i <= node->text_len; i++)
			digest[i] = text_lower(node->text[i]);
		return add(g, digest, NULL, name == NULL ? "the key inventory" : arena_printf(g->c->arena, "'%s' of the key inventory", name));
	}
	if (node->kind == YAML_MAPPING && name_of(node) != NULL)
		name = name_of(node);
	for (const struct yaml_node *n = node->first; n != NULL && depth < DEPTH_MAX; n = n->next)
		TRY(walk_inventory(g, n, name, depth + 1));
	return ASSAY_OK;
}

static enum assay_status
add_inventory(struct gathering *g)
{
	const struct source_file *file = record_file(g->c, INVENTORY_PATH);
	struct yaml_node *root = NULL;
	if (file == NULL)
		return ASSAY_OK;
	if (!file->has_bytes || yaml_parse(file->bytes, INVENTORY_PATH, g->c->arena, &root, NULL) != ASSAY_OK) {
		g->o->unread = true;
		return ASSAY_OK;
	}
	return walk_inventory(g, root, NULL, 0);
}

/* ---- trust metadata ---- */

static enum assay_status
add_trust_key(struct gathering *g, const json_t *value, const char *path)
{
	struct assay_tuf_room room = { .size = 65536 };
	CLEANUP(buf_done) struct buf text = BUF_INIT(65536);
	struct assay_tuf_key key;
	unsigned char digest[ASSAY_SHA256_SIZE];
	room.data = arena_alloc(g->c->arena, room.size);
	if (room.data == NULL)
		return arena_full(g->err);
	if (canon_write(value, &text, NULL) != ASSAY_OK || text.status != ASSAY_OK || assay_tuf_key_parse(buf_span(&text), &room, &key, NULL) != ASSAY_OK) {
		g->o->unread = true;
		return ASSAY_OK;
	}
	const char *whose = arena_printf(g->c->arena, "%.*s in %s", key.person.len == 0 ? 10 : (int)key.person.len,
	    key.person.len == 0 ? "a trust key" : (const char *)key.person.data, path);
	if (leak_public_of_spki((struct assay_span){ key.spki, key.spki_len }, digest))
		return add_digest(g, digest, whose);
	return add_digest(g, key.spki_sha256, whose);
}

static enum assay_status
walk_trust(struct gathering *g, json_t *value, const char *path, unsigned depth)
{
	const char *key;
	json_t *item;
	size_t i;
	if (json_object_get(value, "keyval") != NULL)
		return add_trust_key(g, value, path);
	if (depth >= DEPTH_MAX)
		return ASSAY_OK;
	json_object_foreach(value, key, item)
		TRY(walk_trust(g, item, path, depth + 1));
	json_array_foreach(value, i, item)
		TRY(walk_trust(g, item, path, depth + 1));
	return ASSAY_OK;
}

static enum assay_status
add_trust(struct gathering *g)
{
	struct sources files;
	record_folder(g->c, &files);
	const struct source_file *f = sources_under(&files, AUTHORITY_FOLDER);
	for (; f != NULL && f < files.files + files.count && strncmp(f->path, AUTHORITY_FOLDER, sizeof AUTHORITY_FOLDER - 1) == 0; f++) {
		CLEANUP(canon_unref) json_t *value = NULL;
		const size_t len = strlen(f->path);
		if (len < 5 || strcmp(f->path + len - 5, ".json") != 0)
			continue;
		if (!f->has_bytes || canon_read(f->bytes, f->path, &value, NULL) != ASSAY_OK) {
			g->o->unread = true;
			continue;
		}
		TRY(walk_trust(g, value, f->path, 0));
	}
	return ASSAY_OK;
}

/* ---- the roster ---- */

static enum assay_status
add_entry(struct gathering *g, const struct roster_entry *e)
{
	static const char *const kinds[] = { [ROSTER_PERSON] = "", [ROSTER_PLATFORM] = "the platform ", [ROSTER_AUTHORITY] = "the authority " };
	const char *whose = arena_printf(g->c->arena, "%s%s of the roster", kinds[e->kind], e->id);
	unsigned char digest[ASSAY_SHA256_SIZE];
	for (size_t i = 0; i < e->key_count; i++)
		if (leak_public_of_ssh(&e->keys[i].key, digest))
			TRY(add_digest(g, digest, whose));
	for (size_t i = 0; i < e->foreign_count; i++)
		TRY(add(g, "", e->foreign[i].id, whose));
	return ASSAY_OK;
}

enum assay_status
key_owners_read(const struct judge_context *c, struct key_owners *ret_owners, struct assay_error *err)
{
	struct gathering g = { c, ret_owners, err };
	const struct roster *r = c->input->roster;
	ret_owners->items = arena_array(c->arena, OWNERS_MAX, sizeof ret_owners->items[0]);
	if (ret_owners->items == NULL)
		return arena_full(err);
	TRY(add_inventory(&g));
	TRY(add_trust(&g));
	for (size_t i = 0; r != NULL && i < r->count; i++)
		TRY(add_entry(&g, &r->entries[i]));
	return ASSAY_OK;
}

/* ---- whose ---- */

/* As people write fingerprints: in groups, in capitals, the last 16 digits or all. */
static bool
same_fingerprint(const char *written, const char *hex)
{
	size_t w = strlen(written), h = strlen(hex), digits = 0;
	while (w > 0 && h > 0) {
		const char c = text_lower(written[--w]);
		if (c == ' ' || c == ':')
			continue;
		if (c == 'x' && digits >= 16)
			return true;
		if (c != hex[--h])
			return false;
		digits++;
	}
	return digits >= 16;
}

const char *
key_whose(const struct key_owners *o, const struct leaks_hit *hit)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct key_owner *k = &o->items[i];
		for (size_t n = 0; n < hit->public_count; n++)
			if (strcmp(k->digest, hit->publics[n]) == 0)
				return k->whose;
		if (k->fingerprint != NULL && hit->fingerprint[0] != '\0' && same_fingerprint(k->fingerprint, hit->fingerprint))
			return k->whose;
	}
	return NULL;
}
