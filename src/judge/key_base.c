/* SPDX-License-Identifier: Apache-2.0 */
#include "key_base.h"

#include "record.h"
#include "release.h"

#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <evidence/leaks.h>
#include <string.h>

/* Who has which is looked up by each and all: a maker has tens. */
#define USES_MAX 256u
/* Where the modulus of an RSA key stands in its SubjectPublicKeyInfo, whose lengths all take two bytes from 2048 bits on. */
#define RSA_INTEGER 28u

static enum assay_status
parse(struct assay_span yaml, const char *name, struct arena *arena, void *ret_record, struct assay_error *err)
{
	return inventory_parse(yaml, name, arena, ret_record, err);
}

static const struct record_kind inventory_kind = { INVENTORY_PATH, "no-inventory",
	"there is no assay/keys.yaml: which keys there are, and who has them, is written nowhere", parse };

bool
key_has(const struct yaml_strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

const char *
key_words(const struct key_base *b, const struct key_use *u)
{
	const char *words = u->listed == NULL ? u->spki : arena_printf(b->c->arena, "'%s' (%s)", u->listed->id, u->spki);
	return words == NULL ? u->spki : words;
}

enum assay_status
key_find(const struct key_base *b, bool gap, const char *id, const struct inventory_key *k, const char *discriminator, const char *words)
{
	const struct judge_place place = { k->id, INVENTORY_PATH, k->line, 1, discriminator };
	return judge_find_at(b->c, b->v, gap, id, &place, b->err, "the key '%s' %s%s%s%s", k->id, words, discriminator == NULL ? "" : " '",
	    discriminator == NULL ? "" : discriminator, discriminator == NULL ? "" : "'");
}

/* ---- a key ---- */

static uint32_t
bits_of_modulus(struct assay_span n)
{
	while (n.len > 0 && n.data[0] == 0) {
		n.data++;
		n.len--;
	}
	if (n.len == 0 || n.len > ASSAY_TUF_SPKI_MAX)
		return 0;
	uint32_t bits = (uint32_t)n.len * 8;
	for (unsigned top = n.data[0]; (top & 0x80u) == 0; top <<= 1)
		bits--;
	return bits;
}

static uint32_t
bits_of_rsa(const unsigned char *spki, size_t len)
{
	if (len < RSA_INTEGER + 4 || spki[RSA_INTEGER] != 0x02 || spki[RSA_INTEGER + 1] != 0x82)
		return 0;
	const size_t size = (size_t)spki[RSA_INTEGER + 2] << 8 | spki[RSA_INTEGER + 3];
	if (size > len - RSA_INTEGER - 4)
		return 0;
	return bits_of_modulus((struct assay_span){ spki + RSA_INTEGER + 4, size });
}

struct kind {
	const char *algorithm;
	uint32_t bits;
};

static struct kind
kind_of_scheme(enum assay_tuf_scheme scheme, const unsigned char *spki, size_t len)
{
	static const struct kind kinds[] = { [ASSAY_TUF_ED25519] = { "ed25519", 256 }, [ASSAY_TUF_ECDSA_P256] = { "ecdsa-p256", 256 },
		[ASSAY_TUF_ECDSA_P384] = { "ecdsa-p384", 384 } };
	if ((size_t)scheme < sizeof kinds / sizeof kinds[0])
		return kinds[scheme];
	return (struct kind){ "rsa", bits_of_rsa(spki, len) };
}

static struct kind
kind_of_ssh(const struct assay_pubkey *key)
{
	if (key->rsa_n.len > 0)
		return (struct kind){ "rsa", bits_of_modulus(key->rsa_n) };
	if (key->ed25519.len > 0)
		return (struct kind){ "ed25519", 256 };
	if (key->point.len == 65)
		return (struct kind){ "ecdsa-p256", 256 };
	return key->point.len == 97 ? (struct kind){ "ecdsa-p384", 384 } : (struct kind){ "other", 521 };
}

static const char *
purpose_of(const char *role)
{
	static const char *const rows[][2] = { { "root", "trust-root" }, { "targets", "trust-root" }, { "policy", "policy" },
		{ "release", "release" }, { "pack", "pack" }, { "platform", "commit" } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i][0], role) == 0)
			return rows[i][1];
	return NULL;
}

/* ---- gathering ---- */

static bool
is_compromised(const struct roster *r, const unsigned char digest[ASSAY_SHA256_SIZE])
{
	unsigned char other[ASSAY_SHA256_SIZE];
	for (size_t i = 0; r != NULL && i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		for (size_t k = 0; k < e->key_count; k++)
			if (e->keys[k].compromised_since != WHEN_MAX && leak_public_of_ssh(&e->keys[k].key, other) &&
			    memcmp(digest, other, sizeof other) == 0)
				return true;
	}
	return false;
}

static enum assay_status
add(struct key_base *b, const unsigned char digest[ASSAY_SHA256_SIZE], struct kind kind, struct assay_span person, const char *role,
    const char *file)
{
	struct key_use u = { .algorithm = kind.algorithm, .bits = kind.bits, .role = role, .purpose = purpose_of(role), .file = file };
	text_hex((struct assay_span){ digest, ASSAY_SHA256_SIZE }, u.spki);
	for (size_t i = 0; i < b->use_count; i++)
		if (strcmp(b->uses[i].spki, u.spki) == 0 && strcmp(b->uses[i].role, role) == 0)
			return ASSAY_OK;
	if (b->use_count >= USES_MAX) {
		b->more++;
		return ASSAY_OK;
	}
	u.person = arena_copy(b->c->arena, person);
	if (u.person == NULL)
		return arena_full(b->err);
	u.listed = inventory_find(&b->inventory, u.spki);
	u.compromised = is_compromised(b->c->input->roster, digest);
	b->uses[b->use_count++] = u;
	return ASSAY_OK;
}

static enum assay_status
add_role(struct key_base *b, const struct assay_tuf_role *role, const char *file)
{
	const char *name = arena_copy(b->c->arena, role->name);
	struct assay_tuf_key key;
	size_t cursor = 0;
	if (name == NULL)
		return arena_full(b->err);
	while (assay_tuf_next_key(role, &cursor, &key))
		TRY(add(b, key.spki_sha256, kind_of_scheme(key.scheme, key.spki, key.spki_len), key.person, name, file));
	return ASSAY_OK;
}

static enum assay_status
add_authority(struct key_base *b)
{
	static const char *const roles[] = { "root", "targets", "snapshot", "timestamp" };
	struct assay_tuf_role role;
	size_t cursor = 0;
	if (b->now == NULL || b->now->root.version == 0)
		return ASSAY_OK;
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (assay_tuf_role(&b->now->root, roles[i], &role) == ASSAY_OK)
			TRY(add_role(b, &role, AUTHORITY_FOLDER "root.json"));
	while (b->now->targets.version != 0 && assay_tuf_next_delegation(&b->now->targets, &cursor, &role))
		TRY(add_role(b, &role, AUTHORITY_FOLDER "targets.json"));
	return ASSAY_OK;
}

/* What a release that was given says of who may release: by another version of targets.json, these may be others than today's. */
static enum assay_status
add_release(struct key_base *b)
{
	const struct release_seals *all = evidence_facts(b->c->input->evidence, RELEASE_SEAL_KIND);
	const char *root = b->c->input->root;
	for (size_t i = 0; all != NULL && i < all->count; i++) {
		const struct release_seal *s = &all->items[i];
		if (!s->is_read || (root != NULL && strcmp(root, s->fingerprint) != 0))
			continue;
		for (size_t k = 0; k < s->signer_count; k++) {
			const struct release_signer *x = &s->signers[k];
			unsigned char digest[ASSAY_SHA256_SIZE];
			TRY(assay_sha256((struct assay_span){ x->spki, x->spki_len }, digest));
			TRY(add(b, digest, kind_of_scheme(x->scheme, x->spki, x->spki_len), assay_span_str(x->person), "release", s->name));
		}
	}
	return ASSAY_OK;
}

/* Of what signs by itself, and of what says whose keys others are. */
static enum assay_status
add_machines(struct key_base *b)
{
	static const char *const roles[] = { [ROSTER_PLATFORM] = "platform", [ROSTER_AUTHORITY] = "authority" };
	const struct roster *r = b->c->input->roster;
	unsigned char digest[ASSAY_SHA256_SIZE];
	for (size_t i = 0; r != NULL && i < r->count; i++) {
		const struct roster_entry *e = &r->entries[i];
		for (size_t k = 0; e->kind != ROSTER_PERSON && k < e->key_count; k++)
			if (e->keys[k].retired > b->c->input->date && e->keys[k].until > b->c->input->date &&
			    leak_public_of_ssh(&e->keys[k].key, digest))
				TRY(add(b, digest, kind_of_ssh(&e->keys[k].key), assay_span_str(""), roles[e->kind], ROSTER_PATH));
	}
	return ASSAY_OK;
}

enum assay_status
key_base_read(const struct judge_context *c, struct control_verdict *v, struct key_base *ret_base, struct assay_error *err)
{
	const struct standing_folder *now = standing_now(c->standing);
	struct key_base b = { .c = c, .v = v, .err = err };
	b.now = now != NULL ? &now->authority : c->standing != NULL ? c->standing->here : NULL;
	b.uses = arena_array(c->arena, USES_MAX, sizeof b.uses[0]);
	if (b.uses == NULL)
		return arena_full(err);
	TRY(record_read(c, v, &inventory_kind, &b.inventory, &b.has_inventory, err));
	if (!b.has_inventory)
		b.inventory = (struct inventory){ NULL, 0 };
	TRY(add_authority(&b));
	TRY(add_release(&b));
	TRY(add_machines(&b));
	if (b.more > 0)
		judge_find_more(v, true, "too-many-keys", b.more);
	*ret_base = b;
	return ASSAY_OK;
}
