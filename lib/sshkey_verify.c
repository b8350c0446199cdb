/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"
#include "wire.h"

/* PROTOCOL.u2f: a security key that speaks through a browser signs another form. */
static const char webauthn_name[] = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
/* PROTOCOL.u2f, "flags". */
#define SK_USER_PRESENCE 0x01U
#define SK_USER_VERIFIED 0x04U

static size_t
bit_length(struct assay_span magnitude)
{
	size_t bits = magnitude.len * 8;

	for (unsigned top = magnitude.data[0]; (top & 0x80U) == 0; top <<= 1)
		bits--;
	return bits;
}

/* FIPS 186-5 appendix A.1.1 asks for an odd e above 2^16; more than 64 bits no software makes. */
static const char *
rsa_weakness(const struct assay_pubkey *key)
{
	struct assay_span e = key->rsa_e, n = key->rsa_n;

	if (n.len == 0 || e.len == 0)
		return "its numbers are missing";
	if (bit_length(n) < CRYPTO_RSA_BITS_MIN)
		return "its modulus has fewer than 2048 bits";
	if (bit_length(n) > CRYPTO_RSA_BITS_MAX)
		return "its modulus has more than 8192 bits";
	if ((n.data[n.len - 1] & 1U) == 0)
		return "its modulus is even";
	if ((e.data[e.len - 1] & 1U) == 0)
		return "its public exponent is even";
	if (bit_length(e) <= 16)
		return "its public exponent is below 65537";
	if (e.len > CRYPTO_RSA_EXPONENT_MAX)
		return "its public exponent has more than 64 bits";
	return NULL;
}

static const char *
weakness_without_curve(const struct assay_pubkey *key)
{
	if (key->type == ASSAY_KEY_RSA)
		return rsa_weakness(key);
	if (key->type == ASSAY_KEY_ED25519 || key->type == ASSAY_KEY_SK_ED25519)
		return crypto_ed25519_key_fault(key->ed25519.data);
	return NULL;
}

const char *
assay_pubkey_weakness(const struct assay_pubkey *key)
{
	const struct key_kind *kind = key_kind_of(key->type);

	if (kind->curve_name == NULL)
		return weakness_without_curve(key);
	switch (crypto_ec_point_check(kind->curve, key->point)) {
	case ASSAY_OK:
		return NULL;
	case ASSAY_E_MEMORY:
		return "there was no memory to see whether its point lies on its curve";
	default:
		return "its point does not lie on its curve";
	}
}

static enum assay_status
bad_signature(struct assay_error *err, const char *why)
{
	return assay_fail(err, ASSAY_E_VERIFY, "signature does not verify: %s", why);
}

/* A mathematical answer, put into words. */
static enum assay_status
worded(enum assay_status status, struct assay_error *err)
{
	if (status == ASSAY_E_VERIFY)
		return bad_signature(err, "it was not made by this key over these bytes");
	if (status != ASSAY_OK)
		return assay_fail(err, status, "the crypto library failed");
	return ASSAY_OK;
}

static enum assay_status
verify_ed25519(const struct assay_pubkey *key, struct assay_span value, struct assay_span message,
    struct assay_error *err)
{
	if (value.len != 64)
		return bad_signature(err, "an Ed25519 signature has 64 bytes");
	return worded(crypto_ed25519_verify(key->ed25519.data, value.data, message), err);
}

static enum assay_status
verify_ecdsa(const struct key_kind *kind, const struct assay_pubkey *key, struct assay_span value,
    struct assay_span message, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA512_SIZE];
	struct assay_span r, s;

	if (!wire_positive(&value, &r) || !wire_positive(&value, &s) || value.len > 0)
		return bad_signature(err, "r and s are not two positive numbers in shortest form");
	enum assay_status status = crypto_hash_parts(kind->hash, &message, 1, digest);
	if (status == ASSAY_OK)
		status = crypto_ecdsa_verify(kind->curve, key->point, r, s,
		    (struct assay_span) { digest, assay_hash_size(kind->hash) });
	return worded(status, err);
}

/* RFC 8332: the signature names its hash; SHA-1 ("ssh-rsa") is none of them. */
static enum assay_status
verify_rsa(const struct assay_pubkey *key, struct assay_span name, struct assay_span value,
    struct assay_span message, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA512_SIZE], padded[CRYPTO_RSA_BYTES_MAX];
	bool sha512 = assay_span_equal(name, assay_span_str("rsa-sha2-512"));
	size_t size = sha512 ? ASSAY_SHA512_SIZE : ASSAY_SHA256_SIZE;
	enum assay_hash hash = sha512 ? ASSAY_SHA512 : ASSAY_SHA256;

	if (!sha512 && !assay_span_equal(name, assay_span_str("rsa-sha2-256")))
		return bad_signature(err, "an RSA signature must be rsa-sha2-256 or rsa-sha2-512");
	/* Old software strips leading zeros; RFC 4253 section 6.6 lets it, and OpenSSH fills them in. */
	if (value.len == 0 || value.len > key->rsa_n.len || key->rsa_n.len > sizeof padded)
		return bad_signature(err, "it is longer than the key's modulus, or empty");
	size_t missing = key->rsa_n.len - value.len;
	memset(padded, 0, missing);
	memcpy(padded + missing, value.data, value.len);
	enum assay_status status = crypto_hash_parts(hash, &message, 1, digest);
	if (status == ASSAY_OK)
		status = crypto_rsa_verify(CRYPTO_PKCS1, hash, key->rsa_n, key->rsa_e,
		    (struct assay_span) { padded, key->rsa_n.len }, (struct assay_span) { digest, size });
	return worded(status, err);
}

/* What a signature blob holds, whatever its kind. */
struct signature_fields {
	struct assay_span name;
	struct assay_span value;
	struct assay_sk_info sk;
	uint8_t flags;
};

static enum assay_status
read_signature(const struct key_kind *kind, struct assay_span blob, struct signature_fields *out,
    struct assay_error *err)
{
	struct signature_fields f = { 0 };

	if (!wire_string(&blob, &f.name))
		return bad_signature(err, "it does not start with its algorithm");
	if (kind->type == ASSAY_KEY_SK_ECDSA_P256 &&
	    assay_span_equal(f.name, assay_span_str(webauthn_name))) {
		assay_fail(err, ASSAY_E_UNSUPPORTED, "webauthn signatures are not supported");
		assay_error_todo(err, ASSAY_E_UNSUPPORTED, "sign with ssh-keygen -Y sign");
		return ASSAY_E_UNSUPPORTED;
	}
	/* The key decides; what was signed can only agree. */
	if (kind->type != ASSAY_KEY_RSA && !assay_span_equal(f.name, assay_span_str(kind->name)))
		return bad_signature(err, "its algorithm is not the key's");
	if (!wire_string(&blob, &f.value))
		return bad_signature(err, "it is cut short");
	if (kind->security_key) {
		if (!wire_u8(&blob, &f.flags) || !wire_u32(&blob, &f.sk.counter))
			return bad_signature(err, "the security key's flags and counter are missing");
		f.sk.present = true;
		f.sk.user_presence = (f.flags & SK_USER_PRESENCE) != 0;
		f.sk.user_verified = (f.flags & SK_USER_VERIFIED) != 0;
	}
	if (blob.len > 0)
		return bad_signature(err, "bytes follow after its end");
	*out = f;
	return ASSAY_OK;
}

/* PROTOCOL.u2f: SHA256(application) || flags || counter || SHA256(message). */
static enum assay_status
verify_security_key(const struct key_kind *kind, const struct assay_pubkey *key,
    const struct signature_fields *f, struct assay_span message, struct assay_error *err)
{
	unsigned char signed_bytes[ASSAY_SHA256_SIZE + 1 + 4 + ASSAY_SHA256_SIZE];
	struct assay_span all = { signed_bytes, sizeof signed_bytes };

	enum assay_status status = assay_sha256(key->application, signed_bytes);
	if (status == ASSAY_OK)
		status = assay_sha256(message, signed_bytes + ASSAY_SHA256_SIZE + 5);
	if (status != ASSAY_OK)
		return worded(status, err);
	signed_bytes[ASSAY_SHA256_SIZE] = f->flags;
	wire_put_u32(signed_bytes + ASSAY_SHA256_SIZE + 1, f->sk.counter);
	if (kind->curve_name != NULL)
		return verify_ecdsa(kind, key, f->value, all, err);
	return verify_ed25519(key, f->value, all, err);
}

enum assay_status
assay_pubkey_verify(const struct assay_pubkey *key, struct assay_span signature_blob,
    struct assay_span message, struct assay_sk_info *sk, struct assay_error *err)
{
	const struct key_kind *kind = key_kind_of(key->type);
	struct signature_fields f = { 0 };
	enum assay_status result = ASSAY_E_VERIFY;

	/* A point off its curve is refused by the library, without a second look here. */
	const char *weakness = weakness_without_curve(key);
	if (weakness != NULL)
		return assay_fail(err, result, "signature does not count: the key is weak: %s", weakness);
	enum assay_status status = read_signature(kind, signature_blob, &f, err);
	if (status != ASSAY_OK)
		return status;
	if (kind->security_key)
		status = verify_security_key(kind, key, &f, message, err);
	else if (kind->type == ASSAY_KEY_RSA)
		status = verify_rsa(key, f.name, f.value, message, err);
	else if (kind->curve_name != NULL)
		status = verify_ecdsa(kind, key, f.value, message, err);
	else
		status = verify_ed25519(key, f.value, message, err);
	if (status != ASSAY_OK)
		return status;
	if (sk != NULL)
		*sk = f.sk;
	result = ASSAY_OK;
	return result;
}
