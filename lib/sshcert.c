/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"
#include "wire.h"

/* As many as OpenSSH reads. */
#define PRINCIPALS_MAX 256
#define CERT_USER 1
#define CERT_HOST 2

static enum assay_status
malformed(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "certificate: %s", what);
}

static bool
good_principals(struct assay_span packed)
{
	struct assay_span name;
	size_t count = 0;

	while (packed.len > 0) {
		if (!wire_name(&packed, &name) || name.len == 0 || ++count > PRINCIPALS_MAX)
			return false;
	}
	return true;
}

/* Pairs of name and data, sorted by name, none twice (PROTOCOL.certkeys). */
static bool
good_options(struct assay_span packed)
{
	struct assay_span name, data, before = { NULL, 0 };

	while (packed.len > 0) {
		if (!wire_name(&packed, &name) || !wire_string(&packed, &data) || name.len == 0)
			return false;
		size_t shared = name.len < before.len ? name.len : before.len;
		int order = shared == 0 ? 0 : memcmp(before.data, name.data, shared);
		if (order > 0 || (order == 0 && before.len >= name.len))
			return false;
		before = name;
	}
	return true;
}

static enum assay_status
ca_key(struct assay_span blob, struct assay_pubkey *ret_ca, struct assay_error *err)
{
	enum assay_status status = assay_pubkey_parse(blob, ret_ca, NULL);

	if (status == ASSAY_E_UNSUPPORTED)
		return assay_fail(err, status, "certificate: its CA's key is of an unsupported type");
	if (status != ASSAY_OK)
		return assay_fail(err, status, "certificate: its CA's key is malformed");
	return ASSAY_OK;
}

/* Read here, judged by cert_fields, not kept. */
struct cert_tail {
	struct assay_span reserved, ca;
};

/* What follows the certified key's own fields, to the end. */
static bool
read_tail(struct assay_span *rest, struct assay_sshcert *cert, struct cert_tail *tail)
{
	return wire_u64(rest, &cert->serial) && wire_u32(rest, &cert->type) &&
	    wire_name(rest, &cert->key_id) && wire_string(rest, &cert->principals) &&
	    wire_u64(rest, &cert->valid_after) && wire_u64(rest, &cert->valid_before) &&
	    wire_string(rest, &cert->critical_options) && wire_string(rest, &cert->extensions) &&
	    wire_string(rest, &tail->reserved) && wire_string(rest, &tail->ca);
}

static enum assay_status
cert_fields(struct assay_span *rest, const unsigned char *start, struct assay_sshcert *cert,
    struct assay_error *err)
{
	struct cert_tail tail;

	if (!read_tail(rest, cert, &tail))
		return malformed(err, "cut short, or a name with a NUL in it");
	cert->signed_part = (struct assay_span) { start, (size_t)(rest->data - start) };
	if (!wire_string(rest, &cert->signature) || rest->len > 0)
		return malformed(err, "no signature, or bytes after it");
	if (cert->type != CERT_USER && cert->type != CERT_HOST)
		return malformed(err, "neither for a user nor for a host");
	if (tail.reserved.len > 0)
		return malformed(err, "its reserved field is in use");
	if (!good_principals(cert->principals))
		return malformed(err, "its principals are malformed or too many");
	if (!good_options(cert->critical_options) || !good_options(cert->extensions))
		return malformed(err, "its options or extensions are malformed, unsorted or doubled");
	return ca_key(tail.ca, &cert->ca, err);
}

enum assay_status
assay_sshcert_parse(struct assay_span blob, struct assay_sshcert *ret_cert, struct assay_error *err)
{
	struct assay_span rest = blob, name, nonce;
	struct assay_sshcert cert = { 0 };

	if (blob.len > ASSAY_SSH_BLOB_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "certificate is longer than %d bytes",
		    ASSAY_SSH_BLOB_MAX);
	if (!wire_string(&rest, &name))
		return malformed(err, "does not start with its type");
	const struct key_kind *kind = key_kind_named(name, true);
	if (kind == NULL)
		return assay_fail(err, ASSAY_E_UNSUPPORTED, "certificate type '%.*s' is not supported",
		    show_len(name), show_text(name));
	if (!wire_string(&rest, &nonce))
		return malformed(err, "cut short in its nonce");
	enum assay_status status = key_fields(kind, &rest, &cert.key, err);
	if (status != ASSAY_OK)
		return status;
	status = cert_fields(&rest, blob.data, &cert, err);
	if (status != ASSAY_OK)
		return status;
	*ret_cert = cert;
	return ASSAY_OK;
}

enum assay_status
assay_sshcert_verify(const struct assay_sshcert *cert, struct assay_error *err)
{
	enum assay_status result = ASSAY_E_VERIFY;

	if (cert->signed_part.len == 0)
		return assay_fail(err, result, "certificate carries no signed bytes");
	enum assay_status status = assay_pubkey_verify(&cert->ca, cert->signature, cert->signed_part,
	    NULL, err);
	if (status != ASSAY_OK)
		return status;
	result = ASSAY_OK;
	return result;
}

bool
assay_sshcert_next_principal(const struct assay_sshcert *cert, size_t *cursor,
    struct assay_span *ret_name)
{
	if (*cursor >= cert->principals.len)
		return false;
	struct assay_span rest = { cert->principals.data + *cursor, cert->principals.len - *cursor };
	if (!wire_name(&rest, ret_name))
		return false;
	*cursor = cert->principals.len - rest.len;
	return true;
}

/* Collects a plain blob; stays full once something did not fit. */
struct writer {
	unsigned char *out;
	size_t room;
	size_t len;
	bool full;
};

static void
put_string(struct writer *w, struct assay_span bytes, bool positive)
{
	size_t sign = positive && (bytes.data[0] & 0x80U) != 0 ? 1 : 0;
	size_t need = 4 + sign + bytes.len;

	if (w->full || need > w->room - w->len) {
		w->full = true;
		return;
	}
	wire_put_u32(w->out + w->len, (uint32_t)(sign + bytes.len));
	if (sign > 0)
		w->out[w->len + 4] = 0;
	if (bytes.len > 0)
		memcpy(w->out + w->len + 4 + sign, bytes.data, bytes.len);
	w->len += need;
}

enum assay_status
assay_sshcert_plain_blob(const struct assay_sshcert *cert, unsigned char *room, size_t room_size,
    size_t *ret_len)
{
	const struct assay_pubkey *key = &cert->key;
	const struct key_kind *kind = key_kind_of(key->type);
	struct writer w = { .out = room, .room = room_size };

	put_string(&w, assay_span_str(kind->name), false);
	if (key->type == ASSAY_KEY_RSA) {
		put_string(&w, key->rsa_e, true);
		put_string(&w, key->rsa_n, true);
	} else if (kind->curve_name != NULL) {
		put_string(&w, assay_span_str(kind->curve_name), false);
		put_string(&w, key->point, false);
	} else {
		put_string(&w, key->ed25519, false);
	}
	if (kind->security_key)
		put_string(&w, key->application, false);
	if (w.full)
		return ASSAY_E_LIMIT;
	*ret_len = w.len;
	return ASSAY_OK;
}
