/* SPDX-License-Identifier: Apache-2.0 */
#include <assay/sshsig.h>

#include "keys.h"
#include "stream64.h"
#include "wire.h"

#define VERSION 1

static const char begin_line[] = "-----BEGIN SSH SIGNATURE-----";
static const char end_line[] = "-----END SSH SIGNATURE-----";
/* PROTOCOL.sshsig section 3: six bytes, no terminator. */
static const unsigned char magic[6] = { 'S', 'S', 'H', 'S', 'I', 'G' };

/* Cuts a line off the front of *text, without its LF or CRLF. False when no line end is left. */
static bool
next_line(struct assay_span *text, struct assay_span *ret_line)
{
	const unsigned char *lf = text->len == 0 ? NULL : memchr(text->data, '\n', text->len);

	if (lf == NULL)
		return false;
	size_t len = (size_t)(lf - text->data);
	size_t content = len > 0 && lf[-1] == '\r' ? len - 1 : len;
	*ret_line = (struct assay_span) { text->data, content };
	text->data += len + 1;
	text->len -= len + 1;
	return true;
}

static enum assay_status
bad_armor(struct assay_error *err, unsigned line, const char *what)
{
	assay_fail(err, ASSAY_E_FORMAT, "signature armor: %s", what);
	assay_error_at(err, ASSAY_E_FORMAT, NULL, line, 0);
	return ASSAY_E_FORMAT;
}

/* What is left after the last base64 line: the END line, at most one line end, nothing else. */
static bool
is_end(struct assay_span text)
{
	size_t len = sizeof end_line - 1;

	if (text.len < len || memcmp(text.data, end_line, len) != 0)
		return false;
	struct assay_span after = { text.data + len, text.len - len };
	return after.len == 0 || assay_span_equal(after, assay_span_str("\n")) ||
	    assay_span_equal(after, assay_span_str("\r\n"));
}

static bool
put_line(struct stream64 *s, struct assay_span line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (!stream64_put(s, line.data[i]))
			return false;
	}
	return line.len > 0;
}

enum assay_status
assay_sshsig_dearmor(struct assay_span text, unsigned char *room, size_t room_size, size_t *ret_len,
    struct assay_error *err)
{
	struct stream64 s = { .out = room, .room = room_size };
	struct assay_span line;
	unsigned number = 1;

	if (text.len > ASSAY_SSHSIG_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "signature is longer than %d bytes",
		    ASSAY_SSHSIG_MAX);
	if (!next_line(&text, &line) || !assay_span_equal(line, assay_span_str(begin_line)))
		return bad_armor(err, number, "does not begin with '-----BEGIN SSH SIGNATURE-----'");
	while (!is_end(text)) {
		number++;
		if (!next_line(&text, &line))
			return bad_armor(err, number, "does not end with '-----END SSH SIGNATURE-----'");
		if (!put_line(&s, line))
			return bad_armor(err, number, "not a line of base64");
	}
	if (!stream64_whole(&s) || s.len == 0)
		return bad_armor(err, number, "its base64 is cut short");
	if (s.len > room_size)
		return assay_fail(err, ASSAY_E_LIMIT, "signature does not fit into %zu bytes", room_size);
	*ret_len = s.len;
	return ASSAY_OK;
}

static enum assay_status
malformed(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "signature: %s", what);
}

/* The key that signed: a plain one, or the one that a certificate certifies. */
static enum assay_status
read_signer(struct assay_span field, struct assay_sshsig *sig, struct assay_error *err)
{
	struct assay_span rest = field, name;

	if (!wire_string(&rest, &name))
		return malformed(err, "its key is malformed");
	sig->key_field = field;
	sig->by_certificate = key_kind_named(name, true) != NULL;
	if (!sig->by_certificate)
		return assay_pubkey_parse(field, &sig->key, err);
	enum assay_status status = assay_sshcert_parse(field, &sig->cert, err);
	if (status == ASSAY_OK)
		sig->key = sig->cert.key;
	return status;
}

/* Read here, judged by assay_sshsig_parse. */
struct raw_fields {
	struct assay_span signer, reserved;
};

/* What follows magic and version, to the end. */
static enum assay_status
read_fields(struct assay_span rest, struct assay_sshsig *sig, struct raw_fields *raw,
    struct assay_error *err)
{
	if (!wire_string(&rest, &raw->signer) || !wire_name(&rest, &sig->name_space) ||
	    !wire_string(&rest, &raw->reserved) || !wire_string(&rest, &sig->hash_algorithm) ||
	    !wire_string(&rest, &sig->signature_blob))
		return malformed(err, "cut short, or a namespace with a NUL in it");
	if (rest.len > 0)
		return malformed(err, "bytes follow after its end");
	return ASSAY_OK;
}

static bool
known_hash(struct assay_span name)
{
	return assay_span_equal(name, assay_span_str("sha256")) ||
	    assay_span_equal(name, assay_span_str("sha512"));
}

enum assay_status
assay_sshsig_parse(struct assay_span binary, struct assay_sshsig *ret_sig, struct assay_error *err)
{
	struct assay_span rest = binary, start;
	struct assay_sshsig sig = { 0 };
	struct raw_fields raw = { 0 };
	uint32_t version;

	if (binary.len > ASSAY_SSHSIG_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "signature is longer than %d bytes",
		    ASSAY_SSHSIG_MAX);
	if (!wire_take(&rest, sizeof magic, &start) || memcmp(start.data, magic, sizeof magic) != 0)
		return malformed(err, "does not start with 'SSHSIG'");
	if (!wire_u32(&rest, &version) || version == 0)
		return malformed(err, "has no version");
	if (version > VERSION)
		return assay_fail(err, ASSAY_E_VERSION, "signature is of version %u, newer than %d", version,
		    VERSION);
	enum assay_status status = read_fields(rest, &sig, &raw, err);
	if (status != ASSAY_OK)
		return status;
	if (sig.name_space.len == 0)
		return malformed(err, "its namespace is empty");
	if (raw.reserved.len > 0)
		return malformed(err, "its reserved field is in use");
	if (!known_hash(sig.hash_algorithm))
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "signature: hash '%.*s' is not supported",
		    show_len(sig.hash_algorithm), show_text(sig.hash_algorithm));
	status = read_signer(raw.signer, &sig, err);
	if (status != ASSAY_OK)
		return status;
	*ret_sig = sig;
	return ASSAY_OK;
}

#define SIGNED_MAX (sizeof magic + 4 * sizeof(uint32_t) + ASSAY_SSHSIG_NAMESPACE_MAX + 6 + ASSAY_SHA512_SIZE)

static size_t
put_string(unsigned char *out, struct assay_span bytes)
{
	wire_put_u32(out, (uint32_t)bytes.len);
	if (bytes.len > 0)
		memcpy(out + 4, bytes.data, bytes.len);
	return 4 + bytes.len;
}

/* PROTOCOL.sshsig section 4: what the key signs in place of the message. */
static enum assay_status
signed_bytes(const struct assay_sshsig *sig, struct assay_span message,
    unsigned char out[SIGNED_MAX], size_t *ret_len)
{
	unsigned char digest[ASSAY_SHA512_SIZE];
	bool sha512 = assay_span_equal(sig->hash_algorithm, assay_span_str("sha512"));
	size_t len = sizeof magic;

	enum assay_status status = sha512 ? assay_sha512(message, digest)
	                                  : assay_sha256(message, digest);
	if (status != ASSAY_OK)
		return status;
	memcpy(out, magic, sizeof magic);
	len += put_string(out + len, sig->name_space);
	len += put_string(out + len, (struct assay_span) { NULL, 0 });
	len += put_string(out + len, sig->hash_algorithm);
	len += put_string(out + len,
	    (struct assay_span) { digest, sha512 ? ASSAY_SHA512_SIZE : ASSAY_SHA256_SIZE });
	*ret_len = len;
	return ASSAY_OK;
}

enum assay_status
assay_sshsig_verify(const struct assay_sshsig *sig, struct assay_span message,
    const char *name_space, struct assay_sk_info *sk, struct assay_error *err)
{
	unsigned char bytes[SIGNED_MAX];
	size_t len = 0;
	struct assay_sk_info said = { 0 };
	enum assay_status result = ASSAY_E_VERIFY;

	if (!assay_span_equal(sig->name_space, assay_span_str(name_space)))
		return assay_fail(err, result, "signature is for namespace '%.*s', not '%s'",
		    show_len(sig->name_space), show_text(sig->name_space), name_space);
	if (sig->name_space.len > ASSAY_SSHSIG_NAMESPACE_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "namespace is longer than %d bytes",
		    ASSAY_SSHSIG_NAMESPACE_MAX);
	enum assay_status status = signed_bytes(sig, message, bytes, &len);
	if (status != ASSAY_OK)
		return assay_fail(err, status, "the crypto library failed");
	status = assay_pubkey_verify(&sig->key, sig->signature_blob, (struct assay_span) { bytes, len },
	    &said, err);
	if (status == ASSAY_OK && sig->by_certificate)
		status = assay_sshcert_verify(&sig->cert, err);
	if (status != ASSAY_OK)
		return status;
	if (sk != NULL)
		*sk = said;
	result = ASSAY_OK;
	return result;
}
