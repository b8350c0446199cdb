/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/when.h>
#include <keys/inventory.h>
#include <policy/id.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const char *const places[] = { "token", "kms", "software" };
static const char *const algorithms[] = { "ed25519", "ecdsa-p256", "ecdsa-p384", "rsa", "other" };
static const char *const purposes[] = { "release", "trust-root", "policy", "pack", "boot", "update-metadata", "package-repository",
	"container", "provenance", "commit", "other" };

const char *
inventory_place_name(enum inventory_place place)
{
	return (size_t)place < COUNT(places) ? places[place] : "unknown";
}

/* ---- values ---- */

static enum assay_status
decode_digest(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	if (node->text_len != (size_t)2 * ASSAY_SHA256_SIZE || strspn(node->text, "0123456789abcdef") != node->text_len)
		return yaml_fail(c, node, err, "the SHA-256 of the public key's DER has 64 lower-case hex digits");
	return ASSAY_OK;
}

static enum assay_status
decode_algorithm(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	const char **out = where;
	size_t index;
	TRY(yaml_word(c, node, algorithms, COUNT(algorithms), &index, err));
	*out = algorithms[index];
	return ASSAY_OK;
}

static enum assay_status
decode_purposes(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	size_t index;
	TRY(yaml_str_list(c, node, where, err));
	if (node->count == 0)
		return yaml_fail(c, node, err, "a key without a purpose isn't needed: name at least one");
	for (const struct yaml_node *n = node->first; n != NULL; n = n->next)
		TRY(yaml_word(c, n, purposes, COUNT(purposes), &index, err));
	return ASSAY_OK;
}

static enum assay_status
decode_custodians(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct yaml_strings *out = where;
	TRY(policy_ids(c, node, where, err));
	if (out->count == 0 || out->count > INVENTORY_CUSTODIANS_MAX)
		return yaml_fail(c, node, err, "a key has 1 to %d custodians", INVENTORY_CUSTODIANS_MAX);
	return ASSAY_OK;
}

static enum assay_status
decode_place(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	enum inventory_place *out = where;
	size_t index;
	TRY(yaml_word(c, node, places, COUNT(places), &index, err));
	*out = (enum inventory_place)index;
	return ASSAY_OK;
}

/* Anybody who may propose a change of the file would choose the code that runs, or where a PIN goes. */
static enum assay_status
decode_uri(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct pkcs11_uri uri;
	TRY(yaml_str(c, node, where, err));
	if (pkcs11_uri_parse(node->text, PKCS11_URI_RECORD, &uri, err) == ASSAY_OK)
		return ASSAY_OK;
	return assay_error_at(err, ASSAY_E_FORMAT, c->name, node->line, node->column);
}

/* A path below the repository, without a way out of it. */
static enum assay_status
decode_file(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	TRY(yaml_str(c, node, where, err));
	if (node->text[0] == '/' || strcmp(node->text, "..") == 0 || strncmp(node->text, "../", 3) == 0 || strstr(node->text, "/../") != NULL
	    || (node->text_len >= 3 && strcmp(node->text + node->text_len - 3, "/..") == 0))
		return yaml_fail(c, node, err, "a path within the repository is wanted");
	return ASSAY_OK;
}

static const struct yaml_field backup_fields[] = {
	{ "how", true, offsetof(struct inventory_backup, how), yaml_str },
	{ "where", true, offsetof(struct inventory_backup, where), yaml_str },
	{ "by", true, offsetof(struct inventory_backup, by), policy_ids },
};

static enum assay_status
decode_backup(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct inventory_backup *b = where;
	TRY(yaml_decode(c, node, backup_fields, COUNT(backup_fields), b, err));
	b->given = true;
	return ASSAY_OK;
}

static const struct yaml_field place_fields[] = {
	{ "kind", true, offsetof(struct inventory_key, place), decode_place },
	{ "manufacturer", false, offsetof(struct inventory_key, manufacturer), yaml_str },
	{ "model", false, offsetof(struct inventory_key, model), yaml_str },
	{ "serial", false, offsetof(struct inventory_key, serial), yaml_str },
	{ "uri", false, offsetof(struct inventory_key, uri), decode_uri },
	{ "service", false, offsetof(struct inventory_key, service), yaml_str },
	{ "path", false, offsetof(struct inventory_key, path), yaml_str },
};

/* What says where it is, and what of it doesn't belong there. */
static enum assay_status
check_place(const struct yaml_context *c, const struct yaml_node *node, const struct inventory_key *k, struct assay_error *err)
{
	const bool token = k->place == INVENTORY_TOKEN;
	if (token && (k->manufacturer == NULL || k->serial == NULL))
		return yaml_fail(c, node, err, "a token is named by its manufacturer and its serial number");
	if (!token && (k->manufacturer != NULL || k->model != NULL || k->serial != NULL || k->uri != NULL))
		return yaml_fail(c, node, err, "manufacturer, model, serial and uri are those of a token");
	if ((k->place == INVENTORY_KMS) != (k->service != NULL))
		return yaml_fail(c, node, err, "a key service is named by 'service', and nothing else is");
	if (k->path != NULL && k->place != INVENTORY_SOFTWARE)
		return yaml_fail(c, node, err, "a path is that of a key in software");
	return ASSAY_OK;
}

static enum assay_status
decode_where(const struct yaml_context *c, const struct yaml_node *node, void *where, struct assay_error *err)
{
	struct inventory_key *k = where;
	TRY(yaml_decode(c, node, place_fields, COUNT(place_fields), k, err));
	return check_place(c, node, k, err);
}

static const struct yaml_field key_fields[] = {
	{ "id", true, offsetof(struct inventory_key, id), policy_id },
	{ "spki-sha256", true, offsetof(struct inventory_key, spki_sha256), decode_digest },
	{ "purposes", true, offsetof(struct inventory_key, purposes), decode_purposes },
	{ "algorithm", true, offsetof(struct inventory_key, algorithm), decode_algorithm },
	{ "bits", true, offsetof(struct inventory_key, bits), yaml_u32 },
	{ "where", true, 0, decode_where },
	{ "custodians", true, offsetof(struct inventory_key, custodians), decode_custodians },
	{ "created", true, offsetof(struct inventory_key, created), yaml_time },
	{ "rotated", false, offsetof(struct inventory_key, rotated), yaml_time },
	{ "expires", true, offsetof(struct inventory_key, expires), yaml_time },
	{ "revoked", false, offsetof(struct inventory_key, revoked), yaml_time },
	{ "attestation", false, offsetof(struct inventory_key, attestation), decode_file },
	{ "backup", false, offsetof(struct inventory_key, backup), decode_backup },
	{ "note", false, offsetof(struct inventory_key, note), yaml_str },
};

static const struct yaml_field root_fields[] = {
	{ "assay-keys", true, 0, yaml_ignore },
	{ "keys", true, 0, yaml_ignore },
};

/* ---- the whole ---- */

static enum assay_status
check_key(const struct yaml_context *c, const struct yaml_node *node, const struct inventory *all, const struct inventory_key *k,
    struct assay_error *err)
{
	if (k->expires <= k->created)
		return yaml_fail(c, yaml_get(node, "expires"), err, "expires isn't after created");
	if (k->rotated != WHEN_MIN && k->rotated < k->created)
		return yaml_fail(c, yaml_get(node, "rotated"), err, "rotated lies before created");
	for (size_t i = 0; i < all->count; i++) {
		const struct inventory_key *other = &all->keys[i];
		if (strcmp(other->id, k->id) == 0)
			return yaml_fail(c, node, err, "the key '%s' stands twice, first in line %u", k->id, other->line);
		if (strcmp(other->spki_sha256, k->spki_sha256) == 0)
			return yaml_fail(c, yaml_get(node, "spki-sha256"), err, "this is the key '%s' of line %u again", other->id, other->line);
	}
	return ASSAY_OK;
}

enum assay_status
inventory_parse(struct assay_span yaml, const char *name, struct arena *arena, struct inventory *ret_inventory, struct assay_error *err)
{
	const struct yaml_context c = { name, arena };
	struct yaml_node *root;
	struct inventory all = { NULL, 0 };
	void *items;
	size_t count;
	TRY(yaml_open(yaml, &c, "assay-keys", INVENTORY_VERSION, &root, err));
	TRY(yaml_decode(&c, root, root_fields, COUNT(root_fields), &all, err));
	TRY(policy_list(&c, root, "keys", INVENTORY_KEYS_MAX, sizeof *all.keys, &items, &count, err));
	all.keys = items;
	for (const struct yaml_node *n = yaml_get(root, "keys")->first; n != NULL; n = n->next) {
		struct inventory_key *k = &all.keys[all.count];
		*k = (struct inventory_key){ .rotated = WHEN_MIN, .revoked = WHEN_MAX, .line = n->line };
		TRY(yaml_decode(&c, n, key_fields, COUNT(key_fields), k, err));
		TRY(check_key(&c, n, &all, k, err));
		all.count++;
	}
	*ret_inventory = all;
	return ASSAY_OK;
}

const struct inventory_key *
inventory_find(const struct inventory *i, const char *spki_sha256)
{
	for (size_t k = 0; spki_sha256 != NULL && k < i->count; k++) {
		if (strcmp(i->keys[k].spki_sha256, spki_sha256) == 0)
			return &i->keys[k];
	}
	return NULL;
}
