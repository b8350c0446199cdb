/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The extensions that Yubico's tokens put into the certificate of a key: arcs 1.3.6.1.4.1.41482.3 (PIV) and .4 (YubiHSM 2).
 */
#include "attestation.h"

#include <base/text.h>
#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TAG_INTEGER 2
#define TAG_BIT_STRING 3
#define TAG_OCTET_STRING 4
#define TAG_UTF8 12
#define ORIGIN_GENERATED 0x01
#define ORIGIN_IMPORTED 0x02
#define ORIGIN_WRAPPED 0x10
#define EXPORTABLE_UNDER_WRAP ((uint64_t)1 << 16)
/* DER of 1.3.6.1.4.1.41482, without its tag and length. */
static const unsigned char arc[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0xc4, 0x0a };

/* The content of one DER value of this tag that is all of value; lengths below 128 are all that occur. */
static bool
unwrap(struct assay_span value, unsigned char tag, struct assay_span *ret_content)
{
	if (value.len < 2 || value.data[0] != tag || value.data[1] >= 0x80 || value.data[1] != value.len - 2)
		return false;
	*ret_content = (struct assay_span){ value.data + 2, value.len - 2 };
	return true;
}

/* Firmware before 5.7 has the bytes as they are, later one has them in an OCTET STRING. */
static bool
fixed(struct assay_span value, uint8_t *out, size_t len)
{
	struct assay_span content = value;
	if (value.len != len && (!unwrap(value, TAG_OCTET_STRING, &content) || content.len != len))
		return false;
	memcpy(out, content.data, len);
	return true;
}

static bool
big_endian(struct assay_span bytes, uint64_t *ret_value)
{
	uint64_t n = 0;
	if (bytes.len == 0 || bytes.len > sizeof n)
		return false;
	for (size_t i = 0; i < bytes.len; i++)
		n = n << 8 | bytes.data[i];
	*ret_value = n;
	return true;
}

/* Not negative, in its shortest form. */
static bool
whole_number(struct assay_span value, uint64_t *ret_value)
{
	struct assay_span n;
	if (!unwrap(value, TAG_INTEGER, &n) || n.len == 0 || (n.data[0] & 0x80) != 0
	    || (n.len > 1 && n.data[0] == 0 && (n.data[1] & 0x80) == 0))
		return false;
	if (n.len > 1 && n.data[0] == 0)
		n = (struct assay_span){ n.data + 1, n.len - 1 };
	return big_endian(n, ret_value);
}

/* Of whole bytes. */
static bool
bits(struct assay_span value, size_t len, uint64_t *ret_value)
{
	struct assay_span content;
	return unwrap(value, TAG_BIT_STRING, &content) && content.len == len + 1 && content.data[0] == 0
	    && big_endian((struct assay_span){ content.data + 1, len }, ret_value);
}

/* ---- one extension each ---- */

static bool
take_firmware(struct assay_span value, struct attestation *a)
{
	return fixed(value, a->firmware, sizeof a->firmware);
}

static bool
take_serial(struct assay_span value, struct attestation *a)
{
	return whole_number(value, &a->serial);
}

static bool
take_policy(struct assay_span value, struct attestation *a)
{
	uint8_t both[2];
	if (!fixed(value, both, sizeof both))
		return false;
	a->pin_policy = both[0];
	a->touch_policy = both[1];
	return true;
}

static bool
take_form_factor(struct assay_span value, struct attestation *a)
{
	return fixed(value, &a->form_factor, 1);
}

static bool
take_origin(struct assay_span value, struct attestation *a)
{
	uint64_t n = 0;
	if (!bits(value, 1, &n))
		return false;
	a->origin = (uint8_t)n;
	return true;
}

static bool
take_domains(struct assay_span value, struct attestation *a)
{
	uint64_t n = 0;
	if (!bits(value, 2, &n))
		return false;
	a->domains = (uint16_t)n;
	return true;
}

static bool
take_capabilities(struct assay_span value, struct attestation *a)
{
	return bits(value, 8, &a->capabilities);
}

static bool
take_object(struct assay_span value, struct attestation *a)
{
	return whole_number(value, &a->object_id);
}

static bool
take_label(struct assay_span value, struct attestation *a)
{
	struct assay_span text;
	if (!unwrap(value, TAG_UTF8, &text) || text.len >= sizeof a->label || !text_is_utf8(text))
		return false;
	memcpy(a->label, text.data, text.len);
	a->label[text.len] = '\0';
	return true;
}

/* The last two arcs, and what must be there. */
static const struct extension {
	enum attestation_vendor vendor;
	unsigned char product, number;
	bool (*take)(struct assay_span value, struct attestation *a);
} extensions[] = {
	{ ATTESTATION_YUBIKEY_PIV, 3, 3, take_firmware },
	{ ATTESTATION_YUBIKEY_PIV, 3, 7, take_serial },
	{ ATTESTATION_YUBIKEY_PIV, 3, 8, take_policy },
	{ ATTESTATION_YUBIKEY_PIV, 3, 9, take_form_factor },
	{ ATTESTATION_YUBIHSM, 4, 1, take_firmware },
	{ ATTESTATION_YUBIHSM, 4, 2, take_serial },
	{ ATTESTATION_YUBIHSM, 4, 3, take_origin },
	{ ATTESTATION_YUBIHSM, 4, 4, take_domains },
	{ ATTESTATION_YUBIHSM, 4, 5, take_capabilities },
	{ ATTESTATION_YUBIHSM, 4, 6, take_object },
	{ ATTESTATION_YUBIHSM, 4, 9, take_label },
};

static bool
is_one(const ASN1_OBJECT *object, const struct extension *e)
{
	const unsigned char *der = OBJ_get0_data(object);
	return OBJ_length(object) == sizeof arc + 2 && memcmp(der, arc, sizeof arc) == 0 && der[sizeof arc] == e->product
	    && der[sizeof arc + 1] == e->number;
}

/* How often it is there; ret_value the first. */
static size_t
find(const X509 *cert, const struct extension *e, struct assay_span *ret_value)
{
	size_t found = 0;
	for (int i = 0; i < X509_get_ext_count(cert); i++) {
		X509_EXTENSION *x = X509_get_ext(cert, i);
		if (!is_one(X509_EXTENSION_get_object(x), e))
			continue;
		const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(x);
		if (found++ == 0)
			*ret_value = (struct assay_span){ ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value) };
	}
	return found;
}

bool
attestation_vendor_of(const X509 *cert, enum attestation_vendor *ret_vendor)
{
	struct assay_span value;
	size_t found[ATTESTATION_VENDORS] = { 0 };
	for (size_t i = 0; i < COUNT(extensions); i++)
		found[extensions[i].vendor] += find(cert, &extensions[i], &value);
	*ret_vendor = found[ATTESTATION_YUBIHSM] > 0 ? ATTESTATION_YUBIHSM : ATTESTATION_YUBIKEY_PIV;
	/* Of two kinds at once: nothing that either makes. */
	return (found[ATTESTATION_YUBIHSM] > 0) != (found[ATTESTATION_YUBIKEY_PIV] > 0);
}

/* key.hardware: made inside, and can't leave. PIV has no origin: what was imported into a slot isn't attested at all. */
static enum attestation_code
conclude(const struct attestation *a)
{
	if (a->vendor == ATTESTATION_YUBIKEY_PIV)
		return ATTESTATION_HOLDS;
	if ((a->origin & ORIGIN_WRAPPED) != 0)
		return ATTESTATION_IMPORTED_WRAPPED;
	if (a->origin != ORIGIN_GENERATED)
		return ATTESTATION_IMPORTED;
	if ((a->capabilities & EXPORTABLE_UNDER_WRAP) != 0)
		return ATTESTATION_EXPORTABLE;
	return ATTESTATION_HOLDS;
}

enum attestation_code
attestation_read(const X509 *cert, struct attestation *a)
{
	for (size_t i = 0; i < COUNT(extensions); i++) {
		const struct extension *e = &extensions[i];
		struct assay_span value = { NULL, 0 };
		if (e->vendor != a->vendor)
			continue;
		const size_t found = find(cert, e, &value);
		if (found == 0)
			return ATTESTATION_MISSING;
		if (found > 1)
			return ATTESTATION_DOUBLED;
		/* What can't be read has no meaning that a build without this check could take up. */
		if (!e->take(value, a))
			return ATTESTATION_GARBLED;
	}
	return conclude(a);
}
