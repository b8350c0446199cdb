/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys in metadata. What a key is, is its SubjectPublicKeyInfo; the algorithm is what the key's own row says, and
 * nothing of what was signed is asked.
 */
#include <string.h>

#include "tuf_inside.h"
#include "wire.h"

struct scheme_row {
	enum assay_tuf_scheme scheme;
	const char *keytype;
	const char *name;
	enum assay_key_type type;
	enum crypto_curve curve; /* ECDSA alone */
	enum assay_hash hash;   /* not Ed25519 */
	size_t hash_size;
	bool old_spelling; /* read, and not written */
};

static const struct scheme_row schemes[] = {
	{ ASSAY_TUF_ED25519, "ed25519", "ed25519", ASSAY_KEY_ED25519, CRYPTO_P256, ASSAY_SHA512, 0, false },
	{ ASSAY_TUF_ECDSA_P256, "ecdsa", "ecdsa-sha2-nistp256", ASSAY_KEY_ECDSA_P256, CRYPTO_P256, ASSAY_SHA256,
	    ASSAY_SHA256_SIZE, false },
	{ ASSAY_TUF_ECDSA_P256, "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", ASSAY_KEY_ECDSA_P256, CRYPTO_P256,
	    ASSAY_SHA256, ASSAY_SHA256_SIZE, true },
	{ ASSAY_TUF_ECDSA_P384, "ecdsa", "ecdsa-sha2-nistp384", ASSAY_KEY_ECDSA_P384, CRYPTO_P384, ASSAY_SHA384,
	    ASSAY_SHA384_SIZE, false },
	{ ASSAY_TUF_ECDSA_P384, "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", ASSAY_KEY_ECDSA_P384, CRYPTO_P384,
	    ASSAY_SHA384, ASSAY_SHA384_SIZE, true },
	{ ASSAY_TUF_RSA_PSS_SHA256, "rsa", "rsassa-pss-sha256", ASSAY_KEY_RSA, CRYPTO_P256, ASSAY_SHA256,
	    ASSAY_SHA256_SIZE, false },
	{ ASSAY_TUF_RSA_PSS_SHA384, "rsa", "rsassa-pss-sha384", ASSAY_KEY_RSA, CRYPTO_P256, ASSAY_SHA384,
	    ASSAY_SHA384_SIZE, false },
};
#define SCHEMES (sizeof schemes / sizeof schemes[0])

static const struct scheme_row *
row_of(enum assay_tuf_scheme scheme)
{
	for (size_t i = 0; i < SCHEMES; i++) {
		if (schemes[i].scheme == scheme)
			return &schemes[i];
	}
	return NULL;
}

static enum assay_status
malformed(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "key of metadata: %s", what);
}

/* SHA-256 over the key and a check that it may be trusted. */
static enum assay_status
settle(struct assay_tuf_key *key, struct assay_error *err)
{
	struct assay_span spki = { key->spki, key->spki_len };
	const struct scheme_row *row = row_of(key->scheme);
	struct assay_pubkey plain;

	if (row == NULL || !tuf_spki_read(spki, &plain) || plain.type != row->type)
		return malformed(err, "its public part is not a key of its kind in DER");
	const char *weakness = assay_pubkey_weakness(&plain);
	if (weakness != NULL)
		return assay_fail(err, ASSAY_E_VERIFY, "key of metadata is weak: %s", weakness);
	return assay_sha256(spki, key->spki_sha256);
}

/* Ed25519 stands as hex, the others as PEM. */
static enum assay_status
read_public(const struct scheme_row *row, struct assay_span object, struct assay_tuf_key *key,
    struct assay_error *err)
{
	struct assay_span keyval, value, text;
	unsigned char raw[32];

	if (!cj_named(object, "keyval", &keyval) || !cj_named(keyval, "public", &value) ||
	    !cj_text(value, &text))
		return malformed(err, "no 'keyval' with a 'public' text");
	if (row->type != ASSAY_KEY_ED25519) {
		if (!tuf_pem_read(text, key->spki, &key->spki_len))
			return malformed(err, "its public part is not PEM of a 'PUBLIC KEY'");
		return settle(key, err);
	}
	if (!tuf_unhex(text, raw, sizeof raw))
		return malformed(err, "an Ed25519 key is 64 hexadecimal digits in lower case");
	struct assay_pubkey plain = { .type = ASSAY_KEY_ED25519, .ed25519 = { raw, sizeof raw } };
	key->spki_len = tuf_spki_write(&plain, key->spki);
	return settle(key, err);
}

static enum assay_status
read_names(struct assay_span object, struct assay_tuf_key *key, struct assay_error *err)
{
	struct assay_span value;

	if (cj_named(object, "x-assay-person", &value) &&
	    (!cj_text(value, &key->person) || !tuf_person_ok(key->person)))
		return malformed(err, "'x-assay-person' is not an id of letters, digits and '.', '_', '@', '+', '-'");
	if (cj_named(object, "x-assay-role", &value) &&
	    (!cj_text(value, &key->role) || !tuf_title_ok(key->role)))
		return malformed(err, "'x-assay-role' is not a short text");
	return ASSAY_OK;
}

enum assay_status
tuf_key_read(struct assay_span object, struct assay_tuf_key *ret_key, struct assay_error *err)
{
	struct assay_span value, keytype, scheme;
	unsigned char digest[ASSAY_SHA256_SIZE];
	struct assay_tuf_key key = { .spki_len = 0 };
	const struct scheme_row *row = NULL;

	if (!cj_is(object, '{') || !cj_named(object, "keytype", &value) || !cj_text(value, &keytype) ||
	    !cj_named(object, "scheme", &value) || !cj_text(value, &scheme))
		return malformed(err, "no 'keytype' or no 'scheme'");
	TRY(assay_sha256(object, digest));
	tuf_hex(digest, sizeof digest, key.keyid);
	for (size_t i = 0; i < SCHEMES && row == NULL; i++) {
		if (assay_span_equal(keytype, assay_span_str(schemes[i].keytype)) &&
		    assay_span_equal(scheme, assay_span_str(schemes[i].name)))
			row = &schemes[i];
	}
	if (row == NULL) {
		memcpy(ret_key->keyid, key.keyid, sizeof key.keyid);
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "key of metadata: its kind is not one of those handled here");
	}
	key.scheme = row->scheme;
	TRY(read_public(row, object, &key, err));
	TRY(read_names(object, &key, err));
	*ret_key = key;
	return ASSAY_OK;
}

enum assay_status
assay_tuf_key_parse(struct assay_span json, struct assay_tuf_room *room,
    struct assay_tuf_key *ret_key, struct assay_error *err)
{
	struct assay_span canonical;
	struct assay_tuf_key key;

	TRY(assay_json_canonical(json, room->data + room->used, room->size - room->used, &canonical, err));
	TRY(tuf_key_read(canonical, &key, err));
	room->used += canonical.len;
	*ret_key = key;
	return ASSAY_OK;
}

/* The row with this key in it, or count. */
static size_t
find_owner(const struct tuf_owners *owners, const struct assay_tuf_key *key)
{
	size_t i = 0;

	while (i < owners->count &&
	    memcmp(owners->rows[i].spki_sha256, key->spki_sha256, ASSAY_SHA256_SIZE) != 0)
		i++;
	return i;
}

enum assay_status
tuf_owners_read(struct assay_span keys, struct tuf_owners *ret_owners, struct assay_error *err)
{
	struct assay_span keyid, object;
	struct assay_tuf_key key;
	size_t cursor = 0, seen = 0;

	ret_owners->count = 0;
	while (cj_next_member(keys, &cursor, &keyid, &object)) {
		if (++seen > ASSAY_TUF_KEYS_MAX)
			return assay_fail(err, ASSAY_E_LIMIT, "metadata has more than %d keys", ASSAY_TUF_KEYS_MAX);
		enum assay_status status = tuf_key_read(object, &key, err);
		if (status != ASSAY_OK && status != ASSAY_E_UNSUPPORTED)
			return status;
		/* Specification, section 4.3: a client computes each keyid. */
		if (!assay_span_equal(keyid, assay_span_str(key.keyid)))
			return assay_fail(err, ASSAY_E_VERIFY, "a keyid is not that of its key, which is %s", key.keyid);
		if (status == ASSAY_E_UNSUPPORTED)
			continue;
		size_t at = find_owner(ret_owners, &key);
		if (at < ret_owners->count)
			return assay_fail(err, ASSAY_E_VERIFY, "the key %s stands twice, under two keyids", key.keyid);
		memcpy(ret_owners->rows[at].spki_sha256, key.spki_sha256, ASSAY_SHA256_SIZE);
		ret_owners->rows[at].person = key.person;
		ret_owners->count++;
	}
	return ASSAY_OK;
}

/* ASSAY_E_VERIFY when a key among keys is somebody else's among owners. */
static enum assay_status
owners_agree(const struct tuf_owners *owners, struct assay_span keys, struct assay_error *err)
{
	struct assay_span keyid, object;
	struct assay_tuf_key key;
	size_t cursor = 0;

	while (cj_next_member(keys, &cursor, &keyid, &object)) {
		enum assay_status status = tuf_key_read(object, &key, err);
		if (status == ASSAY_E_UNSUPPORTED)
			continue;
		if (status != ASSAY_OK)
			return status;
		size_t at = find_owner(owners, &key);
		if (at < owners->count && !assay_span_equal(owners->rows[at].person, key.person))
			return assay_fail(err, ASSAY_E_VERIFY, "one key under two people: it is '%.*s' here and '%.*s' elsewhere",
			    (int)key.person.len, (const char *)key.person.data, (int)owners->rows[at].person.len,
			    (const char *)owners->rows[at].person.data);
	}
	return ASSAY_OK;
}

enum assay_status
assay_tuf_same_people(const struct assay_tuf_meta *a, const struct assay_tuf_meta *b,
    struct assay_error *err)
{
	struct tuf_owners owners;

	TRY(tuf_owners_read(tuf_keys_of(a), &owners, err));
	return owners_agree(&owners, tuf_keys_of(b), err);
}

static enum assay_status
verify_digest(const struct scheme_row *row, const struct assay_pubkey *plain,
    struct assay_span signature, struct assay_span payload)
{
	unsigned char bytes[ASSAY_SHA512_SIZE];
	struct assay_span digest = { bytes, row->hash_size };
	struct assay_span r, s;

	TRY(crypto_hash_parts(row->hash, &payload, 1, bytes));
	if (row->type == ASSAY_KEY_RSA)
		return crypto_rsa_verify(CRYPTO_PSS, row->hash, plain->rsa_n, plain->rsa_e, signature, digest);
	if (!tuf_der_signature(signature, &r, &s))
		return ASSAY_E_VERIFY;
	return crypto_ecdsa_verify(row->curve, plain->point, r, s, digest);
}

enum assay_status
assay_tuf_key_verify(const struct assay_tuf_key *key, struct assay_span signature,
    struct assay_span payload)
{
	const struct scheme_row *row = row_of(key->scheme);
	struct assay_pubkey plain;
	enum assay_status result = ASSAY_E_VERIFY;

	if (row == NULL || !tuf_spki_read((struct assay_span) { key->spki, key->spki_len }, &plain) ||
	    plain.type != row->type)
		return result;
	/* A point off its curve is refused by the library, without a second look here. */
	if (row->type != ASSAY_KEY_ECDSA_P256 && row->type != ASSAY_KEY_ECDSA_P384 &&
	    assay_pubkey_weakness(&plain) != NULL)
		return result;
	if (row->type != ASSAY_KEY_ED25519)
		return verify_digest(row, &plain, signature, payload);
	if (signature.len == 64)
		result = crypto_ed25519_verify(plain.ed25519.data, signature.data, payload);
	return result;
}

/* Puts text behind what is in out, which is NUL-terminated. */
static bool
append(char *out, size_t room, struct assay_span text)
{
	size_t at = strlen(out);

	if (text.len >= room - at)
		return false;
	if (text.len > 0)
		memcpy(out + at, text.data, text.len);
	out[at + text.len] = '\0';
	return true;
}

/* The members in canonical order. line_end: how a line of PEM ends, "\n" itself for the canonical form. */
static bool
write_key(const struct assay_tuf_key *key, const char *line_end, char *out, size_t room)
{
	const struct scheme_row *row = row_of(key->scheme);
	char pem[ASSAY_TUF_KEY_JSON_SIZE];
	struct assay_span spki = { key->spki, key->spki_len };

	out[0] = '\0';
	if (row == NULL || key->spki_len > sizeof key->spki || key->spki_len < 32)
		return false;
	if (row->type == ASSAY_KEY_ED25519)
		tuf_hex(key->spki + key->spki_len - 32, 32, pem);
	else if (!tuf_pem_write(spki, line_end, pem, sizeof pem))
		return false;
	const struct {
		const char *before;
		struct assay_span text;
		bool left_out;
	} parts[] = {
		{ "{\"keytype\":\"", assay_span_str(row->keytype), false },
		{ "\",\"keyval\":{\"public\":\"", assay_span_str(pem), false },
		{ "\"},\"scheme\":\"", assay_span_str(row->name), false },
		{ "\",\"x-assay-person\":\"", key->person, key->person.len == 0 },
		{ "\",\"x-assay-role\":\"", key->role, key->role.len == 0 },
		{ "\"}", { NULL, 0 }, false },
	};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (!parts[i].left_out && (!append(out, room, assay_span_str(parts[i].before)) ||
		                              !append(out, room, parts[i].text)))
			return false;
	}
	return true;
}

enum assay_status
assay_tuf_key_json(const struct assay_tuf_key *key, char ret_json[ASSAY_TUF_KEY_JSON_SIZE])
{
	char text[ASSAY_TUF_KEY_JSON_SIZE];

	if (!write_key(key, "\\n", text, sizeof text))
		return ASSAY_E_LIMIT;
	memcpy(ret_json, text, strlen(text) + 1);
	return ASSAY_OK;
}

enum assay_status
assay_tuf_key_from_ssh(const struct assay_pubkey *ssh, struct assay_span person,
    struct assay_span role, struct assay_tuf_key *ret_key, struct assay_error *err)
{
	struct assay_tuf_key key = { .person = person, .role = role };
	unsigned char digest[ASSAY_SHA256_SIZE];
	char text[ASSAY_TUF_KEY_JSON_SIZE];
	const struct scheme_row *row = NULL;

	if (!tuf_person_ok(person) || !tuf_title_ok(role))
		return assay_fail(err, ASSAY_E_FORMAT, "a key's person is an id of letters, digits and '.', '_', '@', '+', '-', "
		    "and what they are a short text");
	for (size_t i = 0; i < SCHEMES && row == NULL; i++) {
		if (schemes[i].type == ssh->type && ssh->type != ASSAY_KEY_RSA)
			row = &schemes[i];
	}
	if (row == NULL) {
		assay_fail(err, ASSAY_E_UNSUPPORTED, "a key of type '%s' can't sign metadata", assay_key_type_name(ssh->type));
		return assay_error_todo(err, ASSAY_E_UNSUPPORTED, "take an Ed25519 key, or ECDSA on P-256 or P-384");
	}
	key.scheme = row->scheme;
	key.spki_len = tuf_spki_write(ssh, key.spki);
	TRY(settle(&key, err));
	if (!write_key(&key, "\n", text, sizeof text))
		return assay_fail(err, ASSAY_E_LIMIT, "a key of metadata is too long");
	TRY(assay_sha256(assay_span_str(text), digest));
	tuf_hex(digest, sizeof digest, key.keyid);
	*ret_key = key;
	return ASSAY_OK;
}

/* A positive number of RFC 4251 as a DER INTEGER; their bodies are the same. */
static bool
put_integer(struct assay_span *from, unsigned char *out, size_t room, size_t *len)
{
	struct assay_span body;

	if (!wire_string(from, &body) || body.len > 127 || *len + 2 + body.len > room)
		return false;
	out[(*len)++] = 0x02;
	out[(*len)++] = (unsigned char)body.len;
	memcpy(out + *len, body.data, body.len);
	*len += body.len;
	return true;
}

/* Both numbers of an SSH signature as DER; the reader of signatures then judges the form. */
static bool
der_of(struct assay_span value, unsigned char out[128], size_t *ret_len)
{
	unsigned char body[120];
	struct assay_span r, s;
	size_t len = 0;

	if (!put_integer(&value, body, sizeof body, &len) || !put_integer(&value, body, sizeof body, &len) ||
	    value.len != 0)
		return false;
	out[0] = 0x30;
	out[1] = (unsigned char)len;
	memcpy(out + 2, body, len);
	*ret_len = 2 + len;
	return tuf_der_signature((struct assay_span) { out, *ret_len }, &r, &s);
}

enum assay_status
assay_tuf_signature_from_ssh(const struct assay_tuf_key *key, struct assay_span blob,
    char ret_hex[ASSAY_TUF_SIGNATURE_SIZE], struct assay_error *err)
{
	const struct scheme_row *row = row_of(key->scheme);
	unsigned char der[128];
	struct assay_span name, value;
	size_t len;

	if (row == NULL || row->type == ASSAY_KEY_RSA || !wire_string(&blob, &name) ||
	    !wire_string(&blob, &value) || blob.len != 0 ||
	    !assay_span_equal(name, assay_span_str(assay_key_type_name(row->type))))
		return assay_fail(err, ASSAY_E_FORMAT, "not an SSH signature by the key's own algorithm");
	if (row->type == ASSAY_KEY_ED25519 && value.len == 64) {
		tuf_hex(value.data, value.len, ret_hex);
		return ASSAY_OK;
	}
	if (row->type == ASSAY_KEY_ED25519 || !der_of(value, der, &len))
		return assay_fail(err, ASSAY_E_FORMAT, "the SSH signature's numbers are malformed");
	tuf_hex(der, len, ret_hex);
	return ASSAY_OK;
}
