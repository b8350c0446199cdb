/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/base64.h>

#include "keys.h"
#include "wire.h"

/* RFC 8709, RFC 5656, RFC 4253; OpenSSH PROTOCOL.u2f and PROTOCOL.certkeys. */
static const struct key_kind kinds[] = {
	{ .type = ASSAY_KEY_ED25519,
	    .name = "ssh-ed25519",
	    .cert_name = "ssh-ed25519-cert-v01@openssh.com" },
	{ .type = ASSAY_KEY_ECDSA_P256,
	    .name = "ecdsa-sha2-nistp256",
	    .cert_name = "ecdsa-sha2-nistp256-cert-v01@openssh.com",
	    .curve_name = "nistp256",
	    .curve = CRYPTO_P256,
	    .hash = ASSAY_SHA256 },
	{ .type = ASSAY_KEY_ECDSA_P384,
	    .name = "ecdsa-sha2-nistp384",
	    .cert_name = "ecdsa-sha2-nistp384-cert-v01@openssh.com",
	    .curve_name = "nistp384",
	    .curve = CRYPTO_P384,
	    .hash = ASSAY_SHA384 },
	{ .type = ASSAY_KEY_ECDSA_P521,
	    .name = "ecdsa-sha2-nistp521",
	    .cert_name = "ecdsa-sha2-nistp521-cert-v01@openssh.com",
	    .curve_name = "nistp521",
	    .curve = CRYPTO_P521,
	    .hash = ASSAY_SHA512 },
	{ .type = ASSAY_KEY_RSA, .name = "ssh-rsa", .cert_name = "ssh-rsa-cert-v01@openssh.com" },
	{ .type = ASSAY_KEY_SK_ED25519,
	    .name = "sk-ssh-ed25519@openssh.com",
	    .cert_name = "sk-ssh-ed25519-cert-v01@openssh.com",
	    .security_key = true },
	{ .type = ASSAY_KEY_SK_ECDSA_P256,
	    .name = "sk-ecdsa-sha2-nistp256@openssh.com",
	    .cert_name = "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
	    .curve_name = "nistp256",
	    .curve = CRYPTO_P256,
	    .hash = ASSAY_SHA256,
	    .security_key = true },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const struct key_kind *
key_kind_of(enum assay_key_type type)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].type == type)
			return &kinds[i];
	}
	return &kinds[0];
}

const struct key_kind *
key_kind_named(struct assay_span name, bool certificate)
{
	for (size_t i = 0; i < KINDS; i++) {
		const char *own = certificate ? kinds[i].cert_name : kinds[i].name;
		if (assay_span_equal(name, assay_span_str(own)))
			return &kinds[i];
	}
	return NULL;
}

const char *
assay_key_type_name(enum assay_key_type type)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].type == type)
			return kinds[i].name;
	}
	return "unknown";
}

static bool
plain_ascii(struct assay_span text)
{
	for (size_t i = 0; i < text.len && i < SHOW_MAX; i++) {
		if (text.data[i] < 0x20 || text.data[i] > 0x7e)
			return false;
	}
	return text.len > 0;
}

int
show_len(struct assay_span text)
{
	if (!plain_ascii(text))
		return 1;
	return text.len < SHOW_MAX ? (int)text.len : SHOW_MAX;
}

const char *
show_text(struct assay_span text)
{
	return plain_ascii(text) ? (const char *)text.data : "?";
}

static enum assay_status
malformed(const struct key_kind *kind, const char *what, struct assay_error *err)
{
	assay_fail(err, ASSAY_E_FORMAT, "%s key: %s", kind->name, what);
	assay_error_todo(err, ASSAY_E_FORMAT, "copy the key again from its .pub file");
	return ASSAY_E_FORMAT;
}

static enum assay_status
ecdsa_fields(const struct key_kind *kind, struct assay_span *from, struct assay_pubkey *key,
    struct assay_error *err)
{
	static const size_t sizes[] = { [CRYPTO_P256] = 65, [CRYPTO_P384] = 97, [CRYPTO_P521] = 133 };
	struct assay_span curve;

	if (!wire_string(from, &curve) || !assay_span_equal(curve, assay_span_str(kind->curve_name)))
		return malformed(kind, "the curve is not the type's own", err);
	if (!wire_string(from, &key->point) || key->point.len != sizes[kind->curve] ||
	    key->point.data[0] != 0x04)
		return malformed(kind, "the point is not an uncompressed one of its curve", err);
	return ASSAY_OK;
}

static enum assay_status
rsa_fields(const struct key_kind *kind, struct assay_span *from, struct assay_pubkey *key,
    struct assay_error *err)
{
	if (!wire_positive(from, &key->rsa_e))
		return malformed(kind, "the exponent is not a positive number in shortest form", err);
	if (!wire_positive(from, &key->rsa_n))
		return malformed(kind, "the modulus is not a positive number in shortest form", err);
	return ASSAY_OK;
}

static enum assay_status
ed25519_fields(const struct key_kind *kind, struct assay_span *from, struct assay_pubkey *key,
    struct assay_error *err)
{
	if (!wire_string(from, &key->ed25519) || key->ed25519.len != 32)
		return malformed(kind, "its point is not 32 bytes long", err);
	return ASSAY_OK;
}

enum assay_status
key_fields(const struct key_kind *kind, struct assay_span *from, struct assay_pubkey *ret_key,
    struct assay_error *err)
{
	struct assay_pubkey key = { .type = kind->type };
	struct assay_span rest = *from;
	enum assay_status status;

	if (kind->type == ASSAY_KEY_RSA)
		status = rsa_fields(kind, &rest, &key, err);
	else if (kind->curve_name != NULL)
		status = ecdsa_fields(kind, &rest, &key, err);
	else
		status = ed25519_fields(kind, &rest, &key, err);
	if (status != ASSAY_OK)
		return status;
	if (kind->security_key && !wire_name(&rest, &key.application))
		return malformed(kind, "no application, or one with a NUL in it", err);
	*ret_key = key;
	*from = rest;
	return ASSAY_OK;
}

static enum assay_status
unsupported(struct assay_span name, struct assay_error *err)
{
	if (key_kind_named(name, true) != NULL)
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "a certificate stands where a plain key belongs");
	assay_fail(err, ASSAY_E_UNSUPPORTED, "key type '%.*s' is not supported", show_len(name),
	    show_text(name));
	assay_error_todo(err, ASSAY_E_UNSUPPORTED,
	    "use an Ed25519, ECDSA or RSA key, or a security key");
	return ASSAY_E_UNSUPPORTED;
}

enum assay_status
assay_pubkey_parse(struct assay_span blob, struct assay_pubkey *ret_key, struct assay_error *err)
{
	struct assay_span rest = blob, name;
	struct assay_pubkey key;

	if (blob.len > ASSAY_SSH_BLOB_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "public key is longer than %d bytes",
		    ASSAY_SSH_BLOB_MAX);
	if (!wire_string(&rest, &name))
		return assay_fail(err, ASSAY_E_FORMAT, "public key does not start with its type");
	const struct key_kind *kind = key_kind_named(name, false);
	if (kind == NULL)
		return unsupported(name, err);
	enum assay_status status = key_fields(kind, &rest, &key, err);
	if (status != ASSAY_OK)
		return status;
	if (rest.len > 0)
		return malformed(kind, "bytes follow after its end", err);
	key.blob = blob;
	*ret_key = key;
	return ASSAY_OK;
}

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the next word off the front of *text. */
static struct assay_span
next_word(struct assay_span *text)
{
	size_t start = 0, end;

	while (start < text->len && is_blank(text->data[start]))
		start++;
	end = start;
	while (end < text->len && !is_blank(text->data[end]))
		end++;
	struct assay_span word = { text->data == NULL ? NULL : text->data + start, end - start };
	*text = (struct assay_span) { text->data == NULL ? NULL : text->data + end, text->len - end };
	return word;
}

/* One line: its own line end is dropped, another one or a NUL inside refuses it. */
static bool
one_line(struct assay_span *line)
{
	if (line->data == NULL)
		return false;
	if (line->len > 0 && line->data[line->len - 1] == '\n')
		line->len--;
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	for (size_t i = 0; i < line->len; i++) {
		if (line->data[i] == '\n' || line->data[i] == '\r' || line->data[i] == '\0')
			return false;
	}
	return true;
}

enum assay_status
assay_pubkey_from_text(struct assay_span line, unsigned char *room, size_t room_size,
    struct assay_pubkey *ret_key, struct assay_error *err)
{
	struct assay_pubkey key;
	size_t len = 0;

	if (!one_line(&line))
		return assay_fail(err, ASSAY_E_FORMAT, "public key is not one line of text");
	struct assay_span name = next_word(&line);
	struct assay_span text = next_word(&line);
	if (name.len == 0 || text.len == 0) {
		assay_fail(err, ASSAY_E_FORMAT, "public key is not of the form 'TYPE BASE64 [COMMENT]'");
		assay_error_todo(err, ASSAY_E_FORMAT, "copy the whole line of the .pub file");
		return ASSAY_E_FORMAT;
	}
	if (key_kind_named(name, false) == NULL)
		return unsupported(name, err);
	enum assay_status status = assay_base64_decode(text, room, room_size, &len);
	if (status != ASSAY_OK)
		return assay_fail(err, status, status == ASSAY_E_LIMIT ? "public key is too long"
		                                                       : "public key is not base64");
	status = assay_pubkey_parse((struct assay_span) { room, len }, &key, err);
	if (status != ASSAY_OK)
		return status;
	if (!assay_span_equal(name, assay_span_str(assay_key_type_name(key.type))))
		return assay_fail(err, ASSAY_E_FORMAT, "public key says '%.*s' but is of type '%s'",
		    show_len(name), show_text(name), assay_key_type_name(key.type));
	*ret_key = key;
	return ASSAY_OK;
}

enum assay_status
assay_fingerprint(struct assay_span blob, char ret_text[ASSAY_FINGERPRINT_SIZE])
{
	static const char prefix[] = "SHA256:";
	unsigned char digest[ASSAY_SHA256_SIZE];
	char text[ASSAY_BASE64_ENCODED_SIZE(ASSAY_SHA256_SIZE)];

	enum assay_status status = assay_sha256(blob, digest);
	if (status != ASSAY_OK)
		return status;
	status = assay_base64_encode((struct assay_span) { digest, sizeof digest }, text, sizeof text);
	if (status != ASSAY_OK)
		return status;
	memcpy(ret_text, prefix, sizeof prefix - 1);
	memcpy(ret_text + sizeof prefix - 1, text, 43);
	ret_text[ASSAY_FINGERPRINT_SIZE - 1] = '\0';
	return ASSAY_OK;
}
