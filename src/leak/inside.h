/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this room share.
 */
#pragma once

#include <base/buf.h>
#include <base/cleanup.h>
#include <leak/find.h>
#include <string.h>

/* ---- what a parser makes of a candidate ---- */

enum verdict { IS_NOTHING, IS_KEY, IS_ENCRYPTED, IS_BROKEN, IS_UNSEEN };

struct key {
	const char *form;
	size_t public_count;
	unsigned char publics[LEAK_PUBLICS_MAX][ASSAY_SHA256_SIZE];
	bool has_fingerprint;
	unsigned char fingerprint[LEAK_FINGERPRINT_SIZE];
};

static inline bool
is_one_of(unsigned char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* ---- DER (der.c) ---- */

#define DER_INTEGER 0x02
#define DER_OCTETS 0x04
#define DER_OID 0x06
#define DER_SEQUENCE 0x30
struct der {
	unsigned char tag;
	struct assay_span value;
	struct assay_span whole;
};
/* The next element; false when there is none that fits into what is left. */
bool der_next(struct assay_span *in, struct der *ret);
/* The next one, of this tag. */
bool der_take(struct assay_span *in, unsigned char tag, struct assay_span *ret_value);
/* PKCS#1, SEC 1, PKCS#8, PKCS#8 encrypted, PKCS#12, the older form of DSA. */
enum verdict leak_der(struct assay_span der, struct key *ret);

/* ---- public parts (public.c) ---- */

/* Integers big-endian, with or without leading zeros. */
bool public_rsa(struct assay_span n, struct assay_span e, struct key *key);
bool public_dsa(const struct assay_span pqg[3], struct assay_span y, struct key *key);
/* Of y = g to the power of x. */
bool public_dsa_of(const struct assay_span pqg[3], struct assay_span x, struct key *key);
/* An uncompressed point. */
bool public_ec(unsigned curve, struct assay_span point, struct key *key);
/* Of the point that the scalar makes. */
bool public_ec_of(unsigned curve, struct assay_span scalar, struct key *key);
enum raw_kind { RAW_X25519, RAW_X448, RAW_ED25519, RAW_ED448, RAW_KINDS };
bool public_raw(enum raw_kind kind, struct assay_span bytes, struct key *key);
bool public_raw_of(enum raw_kind kind, struct assay_span seed, struct key *key);
size_t raw_size(enum raw_kind kind);
/* The kind of an object identifier's last byte (1.3.101.110 to 113), or RAW_KINDS. */
enum raw_kind raw_of_oid(struct assay_span oid);
/* The seed's public part as bytes, of raw_size(). */
bool raw_public_bytes(enum raw_kind kind, struct assay_span seed, unsigned char *ret_bytes);
#define CURVE_NONE UINT32_MAX
unsigned curve_of_oid(struct assay_span oid);
/* "P-256", "nistp256", "NIST P-256"... */
unsigned curve_of_name(struct assay_span name);
/* Bytes of a scalar. */
size_t curve_size(unsigned curve);
bool product_is(struct assay_span p, struct assay_span q, struct assay_span n);

/* ---- the search (find.c) ---- */

struct scan;
/* Bytes at hand: the content, or what was unwrapped out of it. */
struct view {
	struct scan *scan;
	struct assay_span bytes;
	unsigned depth;
	bool derived;        /* offset holds for all of it */
	uint64_t offset;
	size_t text_until;   /* text before this was read as a whole already */
	size_t der_until;    /* and binary */
	size_t named_until;  /* and values of names */
	unsigned narrowed;   /* bits: read as UTF-16 from an even, an odd place; as UTF-32 from each of four */
};

/* Whether n more bytes may be looked at; when not, that is noted once. */
bool scan_afford(struct view *v, size_t n);
/* What a parser made of bytes that begin at at. */
void scan_note(struct view *v, size_t at, enum verdict verdict, const struct key *key, struct assay_span container);
void scan_unseen(struct view *v, size_t at, const char *what);
/* Looks into what was unwrapped at at. */
void scan_inside(struct view *v, size_t at, struct assay_span inside);
/* For wrappers: memory that is full ends the scan as an error. */
void scan_no_memory(struct view *v);

/* ---- actions: a mark stands at at ---- */

void act_der(struct view *v, size_t at);       /* an INTEGER of one byte that may begin a key */
void act_der_sealed(struct view *v, size_t at); /* the identifier of an encryption by passphrase */
void act_armour(struct view *v, size_t at);    /* "PRIVATE KEY" */
void act_openssh(struct view *v, size_t at);
void act_ppk(struct view *v, size_t at);
void act_jwk(struct view *v, size_t at);
void act_minisign(struct view *v, size_t at);  /* and signify */
void act_age(struct view *v, size_t at);
void act_xml_key(struct view *v, size_t at);   /* behind the first letter of RSAKeyValue or DSAKeyValue */
void act_tor(struct view *v, size_t at);
void act_keystore(struct view *v, size_t at);
void act_base64(struct view *v, size_t at);
void act_hex(struct view *v, size_t at);
void act_array(struct view *v, size_t at);
void act_escapes(struct view *v, size_t at);
void act_utf16(struct view *v, size_t at);
void act_utf32(struct view *v, size_t at);
void act_zip(struct view *v, size_t at);
/* At the beginning of a view or of a member of an archive. What is packed in a way that isn't looked into is told by look_opaque(). */
void look_opaque(struct view *v, size_t at);
void look_gzip(struct view *v, size_t at);
void look_lzma(struct view *v, size_t at);
/* At the beginning of a view: archives whose members lie in the clear, zlib's form, pictures with packed text, documents with packed streams. */
void look_in_tar(struct view *v);
void look_in_ar(struct view *v);
void look_zlib(struct view *v);
void look_png(struct view *v);
void look_pdf(struct view *v);

void act_named(struct view *v, size_t at);     /* a name that says private key */
/* At the beginning of a view. */
void look_openpgp(struct view *v);

/* ---- text (text.c) ---- */

int base64_value(unsigned char c); /* also '-' and '_'; -1 */
int hex_value(unsigned char c);
/* Base64 of whatever alphabet, padded or not; all else in text is skipped. */
void base64_loose(struct assay_span text, struct buf *out);

/* ---- formats ---- */

/* A base64 text with its decoded bytes: of what stood in an armour with this label. */
enum verdict leak_openssh(struct assay_span bytes, struct key *ret);
enum verdict leak_openpgp(struct assay_span bytes, struct key *ret);
