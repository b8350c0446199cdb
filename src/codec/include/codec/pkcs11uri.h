/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS #11 URIs (RFC 7512): which token and which object in it. Where the module and the PIN come from is never taken
 * from a URI: "module-name", "module-path", "pin-source" and "pin-value" are refused wherever it was written.
 */
#pragma once

#include <assay/status.h>
#include <stdbool.h>
#include <stdint.h>

#define PKCS11_URI_MAX 2048

/* Who wrote it: what an error says to do depends on that. */
enum pkcs11_uri_origin {
	PKCS11_URI_TYPED,  /* on the command line, or in the user's own configuration */
	PKCS11_URI_RECORD, /* in a file of the checked tree, which may come from anybody */
};

/* The attributes that are text; "id" is bytes. */
enum pkcs11_uri_name {
	PKCS11_URI_TOKEN,
	PKCS11_URI_MANUFACTURER,
	PKCS11_URI_SERIAL,
	PKCS11_URI_MODEL,
	PKCS11_URI_OBJECT,
	PKCS11_URI_ID,
	PKCS11_URI_SLOT_DESCRIPTION,
	PKCS11_URI_SLOT_MANUFACTURER,
	PKCS11_URI_LIBRARY_DESCRIPTION,
	PKCS11_URI_LIBRARY_MANUFACTURER,
	PKCS11_URI_NAMES,
};

enum pkcs11_uri_type {
	PKCS11_URI_ANY,
	PKCS11_URI_PUBLIC,
	PKCS11_URI_PRIVATE,
	PKCS11_URI_CERT,
	PKCS11_URI_SECRET,
	PKCS11_URI_DATA,
};

struct pkcs11_uri {
	struct {
		bool given;
		uint16_t at, len; /* in bytes */
	} values[PKCS11_URI_NAMES];
	enum pkcs11_uri_type type;
	bool has_slot, has_version;
	uint64_t slot;
	uint64_t major, minor;
	unsigned char bytes[PKCS11_URI_MAX]; /* decoded values, one after the other */
};

/* True for a text that begins as such a URI does. */
bool pkcs11_uri_is(const char *text);
/*
 * Reads text. ASSAY_E_USAGE for one that was typed, ASSAY_E_FORMAT for one of a record. An error quotes nothing of it but an
 * attribute's name: a value may be a PIN that somebody wrote there.
 */
ASSAY_MUST_USE enum assay_status pkcs11_uri_parse(const char *text, enum pkcs11_uri_origin origin,
    struct pkcs11_uri *ret_uri, struct assay_error *err);
/* The value, or no bytes when it isn't given. */
struct assay_span pkcs11_uri_get(const struct pkcs11_uri *uri, enum pkcs11_uri_name name);
/* True when it isn't given, or is value but for blanks at the end of that, with which tokens fill their fields. */
bool pkcs11_uri_fits(const struct pkcs11_uri *uri, enum pkcs11_uri_name name, struct assay_span value);
