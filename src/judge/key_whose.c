/* SPDX-License-Identifier: Apache-2.0 */
#include "key_whose.h"

#include "record.h"
#include "standing.h"

#include <assay/tuf.h>
#include <base/catch.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <codec/canon.h>
#include <evidence/release.h>
#include <policy/authority.h>
#include <string.h>

#define INVENTORY_PATH "assay/keys.yaml"
#define OWNERS_MAX 20000u
#define DEPTH_MAX 40u
#define SEEN_MAX 2000u

struct gathering {
	const struct judge_context *c;
	struct key_owners *o;
	struct assay_error *err;
	/* Files of trust metadata that were read: most folders of a history have the same ones. */
	const struct source_file **seen;
	size_t seen_count;
};

static bool
is_listed(const struct key_owners *o, const char *digest)
{
	for (size_t i = 0; digest[0] != '\0' && i < o->count; i++)
		if (strcmp(o->items[i].digest, digest) == 0)
			return true;
	return false;
}

static enum assay_status
add(struct gathering *g, const char *digest, const char *fingerprint, const char *whose)
{
	if (whose == NULL)
		return arena_full(g->err);
	if (is_listed(g->o, digest))
		return ASSAY_OK;
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
	char hex[2 * ASSAY_SHA256_SIZE + 1] = "";
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
	char digest[2 * ASSAY_SHA256_SIZE + 1] = "";
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
add_metadata(struct gathering *g, struct assay_span bytes, const char *path)
{
	CLEANUP(canon_unref) json_t *value = NULL;
	if (path == NULL)
		return arena_full(g->err);
	if (canon_read(bytes, path, &value, NULL) != ASSAY_OK) {
		g->o->unread = true;
		return ASSAY_OK;
	}
	return walk_trust(g, value, path, 0);
}

static bool
is_seen(struct gathering *g, const struct source_file *f)
{
	for (size_t i = 0; i < g->seen_count; i++)
		if (oid_compare(&g->seen[i]->id, &f->id) == 0)
			return true;
	if (g->seen_count < SEEN_MAX)
		g->seen[g->seen_count++] = f;
	return false;
}

/* end: of the names of its files that are read. words: behind the path, for people. */
static enum assay_status
add_folder(struct gathering *g, const struct sources *files, const char *end, const char *words)
{
	const struct source_file *f = sources_under(files, AUTHORITY_FOLDER);
	for (; f != NULL && f < files->files + files->count && strncmp(f->path, AUTHORITY_FOLDER, sizeof AUTHORITY_FOLDER - 1) == 0; f++) {
		const size_t len = strlen(f->path), end_len = strlen(end);
		if (len < end_len || strcmp(f->path + len - end_len, end) != 0 || is_seen(g, f))
			continue;
		if (f->has_bytes)
			TRY(add_metadata(g, f->bytes, arena_printf(g->c->arena, "%s%s", f->path, words)));
		else
			g->o->unread = true;
	}
	return ASSAY_OK;
}

static enum assay_status
add_trust(struct gathering *g)
{
	struct sources files;
	record_folder(g->c, &files);
	return add_folder(g, &files, ".json", "");
}

/*
 * A key that was taken out of its role has signed what is given out, and whoever has an older seal still believes it. Only files that
 * authority rests on are read: other ones that can't be read could never be mended.
 */
static enum assay_status
add_earlier_trust(struct gathering *g)
{
	const struct standing *s = g->c->standing;
	for (uint32_t i = 0; s != NULL && i < s->folder_count; i++) {
		if (!CATCH(leaked_of_earlier_trust, s->folders[i].authorised))
			continue;
		TRY(add_folder(g, &s->folders[i].files, "root.json", " as it once was"));
		TRY(add_folder(g, &s->folders[i].files, "targets.json", " as it once was"));
	}
	return ASSAY_OK;
}

/* Whoever receives a release trusts the keys that lie with it, whatever the repository says today. */
static enum assay_status
add_seal(struct gathering *g, const struct release_seal *s)
{
	const struct assay_span targets = s->files[RELEASE_FILE_TARGETS];
	for (unsigned i = 0; i < s->root_count; i++)
		TRY(add_metadata(g, s->roots[i], arena_printf(g->c->arena, "%u.root.json of %s", i + 1, s->name)));
	if (CATCH(leaked_of_release, targets.data != NULL))
		return add_metadata(g, targets, arena_printf(g->c->arena, "targets.json of %s", s->name));
	return ASSAY_OK;
}

static enum assay_status
add_releases(struct gathering *g)
{
	const struct release_seals *all = evidence_facts(g->c->input->evidence, RELEASE_SEAL_KIND);
	for (size_t i = 0; all != NULL && i < all->count; i++)
		TRY(add_seal(g, &all->items[i]));
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
	struct gathering g = { .c = c, .o = ret_owners, .err = err };
	const struct roster *r = c->input->roster;
	ret_owners->items = arena_array(c->arena, OWNERS_MAX, sizeof ret_owners->items[0]);
	g.seen = arena_array(c->arena, SEEN_MAX, sizeof g.seen[0]);
	if (ret_owners->items == NULL || g.seen == NULL)
		return arena_full(err);
	TRY(add_inventory(&g));
	TRY(add_trust(&g));
	TRY(add_releases(&g));
	TRY(add_earlier_trust(&g));
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
