/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <keys/capture.h>
#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TOKENS_MAX 64
#define KEYS_MAX 512
#define FLAGS_MAX 32
#define BITS_MAX 65536

static const char *const attribute_names[CAPTURE_ATTRIBUTES] = { "sensitive", "always-sensitive", "extractable", "never-extractable",
	"local", "private", "sign", "decrypt", "wrap", "unwrap", "derive", "always-authenticate", "modifiable", "wrap-with-trusted" };
static const char *const types[] = { "ed25519", "ecdsa-p256", "ecdsa-p384", "rsa", "other" };

const char *
capture_attribute_name(enum capture_attribute attribute)
{
	return (size_t)attribute < COUNT(attribute_names) ? attribute_names[attribute] : "unknown";
}

struct reading {
	const char *name;
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
refuse(const struct reading *r, const char *what, const char *member)
{
	(void)assay_fail(r->err, ASSAY_E_FORMAT, "'%s' in it %s", member, what);
	return assay_error_at(r->err, ASSAY_E_FORMAT, r->name, 0, 0);
}

/* ---- members by table ---- */

enum kind { TEXT, TEXT_OR_NULL, HEX, DIGEST_OR_NULL, NUMBER, TRUTH, TYPE, ELSEWHERE };

struct member {
	const char *name;
	enum kind kind;
	size_t offset;
};

static bool
is_hex(const char *text, size_t most)
{
	const size_t len = strlen(text);
	return len % 2 == 0 && len <= most && strspn(text, "0123456789abcdef") == len;
}

static bool
text_fits(enum kind kind, const char *text)
{
	bool known = kind != TYPE;
	for (size_t i = 0; i < COUNT(types); i++)
		known = known || strcmp(types[i], text) == 0;
	return known && (kind != HEX || is_hex(text, 512)) && (kind != DIGEST_OR_NULL || (strlen(text) == 64 && is_hex(text, 64)));
}

static enum assay_status
take_text(const struct reading *r, const struct member *m, const json_t *value, const char **where)
{
	const bool may_lack = m->kind == TEXT_OR_NULL || m->kind == DIGEST_OR_NULL;
	*where = NULL;
	if (may_lack && json_is_null(value))
		return ASSAY_OK;
	if (!json_is_string(value) || !text_fits(m->kind, json_string_value(value)))
		return refuse(r, "isn't what belongs there", m->name);
	*where = arena_str(r->arena, json_string_value(value));
	return *where == NULL ? arena_full(r->err) : ASSAY_OK;
}

static enum assay_status
take(const struct reading *r, const struct member *m, const json_t *value, void *into)
{
	void *where = (char *)into + m->offset;
	if (m->kind == ELSEWHERE)
		return ASSAY_OK;
	if (m->kind == TRUTH) {
		*(bool *)where = json_is_true(value);
		return json_is_boolean(value) ? ASSAY_OK : refuse(r, "is neither true nor false", m->name);
	}
	if (m->kind != NUMBER)
		return take_text(r, m, value, where);
	const json_int_t n = json_integer_value(value);
	if (!json_is_integer(value) || n < 0 || n > BITS_MAX)
		return refuse(r, "is no number that can be", m->name);
	*(uint32_t *)where = (uint32_t)n;
	return ASSAY_OK;
}

/* Every member, and no other. */
static enum assay_status
take_all(const struct reading *r, const char *what, const json_t *object, const struct member *members, size_t count, void *into)
{
	if (!json_is_object(object))
		return refuse(r, "is no object", what);
	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_object_get(object, members[i].name);
		if (value == NULL)
			return refuse(r, "is missing", members[i].name);
		TRY(take(r, &members[i], value, into));
	}
	return json_object_size(object) == count ? ASSAY_OK : refuse(r, "has a member that isn't known here", what);
}

static enum assay_status
list_of(const struct reading *r, const char *name, const json_t *object, size_t most, size_t size, void *ret_items, size_t *ret_count)
{
	const json_t *list = json_object_get(object, name);
	void **items = ret_items;
	if (!json_is_array(list) || json_array_size(list) > most)
		return refuse(r, "is no list, or too long", name);
	*ret_count = json_array_size(list);
	*items = arena_array(r->arena, *ret_count + 1, size);
	return *items == NULL ? arena_full(r->err) : ASSAY_OK;
}

/* ---- keys, tokens, the whole ---- */

static const struct member key_members[] = {
	{ "label", TEXT, offsetof(struct capture_key, label) },
	{ "id", HEX, offsetof(struct capture_key, id) },
	{ "uri", TEXT, offsetof(struct capture_key, uri) },
	{ "type", TYPE, offsetof(struct capture_key, type) },
	{ "spki-sha256", DIGEST_OR_NULL, offsetof(struct capture_key, spki_sha256) },
	{ "mechanism", TEXT_OR_NULL, offsetof(struct capture_key, mechanism) },
	{ "bits", NUMBER, offsetof(struct capture_key, bits) },
	{ "private", TRUTH, offsetof(struct capture_key, has_private) },
	{ "attributes", ELSEWHERE, 0 },
};
static const struct member token_members[] = {
	{ "label", TEXT, offsetof(struct capture_token, label) },
	{ "manufacturer", TEXT, offsetof(struct capture_token, manufacturer) },
	{ "model", TEXT, offsetof(struct capture_token, model) },
	{ "serial", TEXT, offsetof(struct capture_token, serial) },
	{ "hardware", TEXT, offsetof(struct capture_token, hardware) },
	{ "firmware", TEXT, offsetof(struct capture_token, firmware) },
	{ "login", TRUTH, offsetof(struct capture_token, login) },
	{ "flags", ELSEWHERE, 0 },
	{ "keys", ELSEWHERE, 0 },
};
static const struct member module_members[] = {
	{ "description", TEXT, offsetof(struct capture, description) },
	{ "manufacturer", TEXT, offsetof(struct capture, manufacturer) },
	{ "version", TEXT, offsetof(struct capture, version) },
	{ "cryptoki", TEXT, offsetof(struct capture, cryptoki) },
};
static const struct member root_members[] = {
	{ "schema", ELSEWHERE, 0 },
	{ "taken", ELSEWHERE, 0 },
	{ "word", ELSEWHERE, 0 },
	{ "module", ELSEWHERE, 0 },
	{ "tokens", ELSEWHERE, 0 },
};

static enum assay_status
read_key(const struct reading *r, const json_t *object, struct capture_key *k)
{
	TRY(take_all(r, "keys", object, key_members, COUNT(key_members), k));
	const json_t *attributes = json_object_get(object, "attributes");
	for (size_t i = 0; i < CAPTURE_ATTRIBUTES; i++) {
		const json_t *value = json_object_get(attributes, attribute_names[i]);
		if (!json_is_boolean(value) && !json_is_null(value))
			return refuse(r, "is neither true, false nor null", attribute_names[i]);
		k->attributes[i] = json_is_null(value) ? CAPTURE_NOT_SAID : json_is_true(value) ? CAPTURE_TRUE : CAPTURE_FALSE;
	}
	return json_object_size(attributes) == CAPTURE_ATTRIBUTES ? ASSAY_OK : refuse(r, "has one that isn't known here", "attributes");
}

static enum assay_status
read_token(const struct reading *r, const json_t *object, struct capture_token *t)
{
	TRY(take_all(r, "tokens", object, token_members, COUNT(token_members), t));
	TRY(list_of(r, "flags", object, FLAGS_MAX, sizeof *t->flags, &t->flags, &t->flag_count));
	TRY(list_of(r, "keys", object, KEYS_MAX, sizeof *t->keys, &t->keys, &t->key_count));
	static const struct member flag = { "flags", TEXT, 0 };
	for (size_t i = 0; i < t->flag_count; i++)
		TRY(take(r, &flag, json_array_get(json_object_get(object, "flags"), i), &t->flags[i]));
	for (size_t i = 0; i < t->key_count; i++)
		TRY(read_key(r, json_array_get(json_object_get(object, "keys"), i), &t->keys[i]));
	return ASSAY_OK;
}

static enum assay_status
read_root(const struct reading *r, const json_t *root, struct capture *c)
{
	const char *schema = json_string_value(json_object_get(root, "schema")), *taken = json_string_value(json_object_get(root, "taken"));
	const char *word = json_string_value(json_object_get(root, "word"));
	if (schema == NULL || strcmp(schema, CAPTURE_SCHEMA) != 0)
		return refuse(r, "isn't '" CAPTURE_SCHEMA "'", "schema");
	TRY(take_all(r, "it", root, root_members, COUNT(root_members), c));
	if (word == NULL || strcmp(word, "token") != 0)
		return refuse(r, "isn't 'token': all of this is on the token's word", "word");
	if (taken == NULL || strlen(taken) != 10 || when_parse(assay_span_str(taken), &c->taken, NULL) != ASSAY_OK)
		return refuse(r, "is no day", "taken");
	TRY(take_all(r, "module", json_object_get(root, "module"), module_members, COUNT(module_members), c));
	TRY(list_of(r, "tokens", root, TOKENS_MAX, sizeof *c->tokens, &c->tokens, &c->token_count));
	for (size_t i = 0; i < c->token_count; i++)
		TRY(read_token(r, json_array_get(json_object_get(root, "tokens"), i), &c->tokens[i]));
	return ASSAY_OK;
}

enum assay_status
capture_parse(struct assay_span bytes, const char *name, struct arena *arena, struct capture *ret_capture, struct assay_error *err)
{
	const struct reading r = { name, arena, err };
	CLEANUP(canon_unref) json_t *root = NULL;
	CLEANUP(buf_done) struct buf again = BUF_INIT(CAPTURE_SIZE_MAX);
	struct capture c = { 0 };
	if (bytes.len > CAPTURE_SIZE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "'%s' has more than %u bytes", name, CAPTURE_SIZE_MAX);
	TRY(canon_read(bytes, name, &root, err));
	TRY(canon_write(root, &again, err));
	buf_add_byte(&again, '\n');
	TRY(buf_status(&again, name, err));
	if (!assay_span_equal(bytes, buf_span(&again)))
		return assay_fail(err, ASSAY_E_FORMAT, "'%s' isn't canonical JSON: somebody has edited it", name);
	TRY(read_root(&r, root, &c));
	TRY(assay_sha256(bytes, c.sha256));
	*ret_capture = c;
	return ASSAY_OK;
}
