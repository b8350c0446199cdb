/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSH's own format (PROTOCOL.key) and PuTTY's (its manual, appendix C). Both have the public part in the clear; of a key that isn't
 * encrypted it is computed from the private part instead, where that can be.
 */
#include "text.h"

#include <base/catch.h>
#include <base/text.h>

#define MAGIC "openssh-key-v1"
#define LINES_MAX 512u
#define BLOB_MAX ((size_t)1 << 16)

static bool
take_u32(struct assay_span *in, uint32_t *ret)
{
	if (in->len < 4)
		return false;
	*ret = (uint32_t)in->data[0] << 24 | (uint32_t)in->data[1] << 16 | (uint32_t)in->data[2] << 8 | in->data[3];
	in->data += 4;
	in->len -= 4;
	return true;
}

static bool
take_string(struct assay_span *in, struct assay_span *ret)
{
	struct assay_span rest = *in;
	uint32_t len;
	if (!take_u32(&rest, &len) || len > rest.len)
		return false;
	*ret = (struct assay_span){ rest.data, len };
	in->data = rest.data + len;
	in->len = rest.len - len;
	return true;
}

static bool
is_word(struct assay_span s, const char *word)
{
	return assay_span_equal(s, assay_span_str(word));
}

static bool
take_numbers(struct assay_span *in, struct assay_span *ret, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!take_string(in, &ret[i]) || ret[i].len > 2049)
			return false;
	return true;
}

/* ---- public blobs ---- */

static bool
public_dss(struct assay_span blob, struct key *key)
{
	struct assay_span name, n[4];
	return take_string(&blob, &name) && is_word(name, "ssh-dss") && take_numbers(&blob, n, 4) && public_dsa(n, n[3], key);
}

static bool
public_blob(struct assay_span blob, struct key *key)
{
	struct assay_pubkey k;
	if (blob.len > BLOB_MAX)
		return false;
	if (assay_pubkey_parse(blob, &k, NULL) != ASSAY_OK)
		return public_dss(blob, key);
	if (!leak_public_of_ssh(&k, key->publics[0]))
		return false;
	key->public_count = 1;
	return true;
}

/* ---- private parts of OpenSSH ---- */

static bool
private_ecdsa(struct assay_span in, struct key *key)
{
	struct assay_span curve, point, scalar;
	return take_string(&in, &curve) && take_string(&in, &point) && take_string(&in, &scalar)
	    && public_ec_of(curve_of_name(curve), scalar, key);
}

static bool
private_ed25519(struct assay_span in, struct key *key)
{
	struct assay_span public, both;
	return take_string(&in, &public) && take_string(&in, &both) && both.len == 64
	    && public_raw_of(RAW_ED25519, (struct assay_span){ both.data, 32 }, key);
}

/* n, e, d, iqmp, p, q */
static bool
private_rsa(struct assay_span in, struct key *key)
{
	struct assay_span n[6];
	return take_numbers(&in, n, 6) && public_rsa(n[0], n[1], key) && product_is(n[4], n[5], n[0]);
}

/* p, q, g, y, x */
static bool
private_dss(struct assay_span in, struct key *key)
{
	struct assay_span n[5];
	return take_numbers(&in, n, 5) && public_dsa_of(n, n[4], key);
}

static const struct {
	const char *prefix;
	bool (*read)(struct assay_span in, struct key *key);
} types[] = {
	{ "ssh-ed25519", private_ed25519 },
	{ "ecdsa-sha2-", private_ecdsa },
	{ "ssh-rsa", private_rsa },
	{ "ssh-dss", private_dss },
};

static enum verdict
open_section(struct assay_span section, struct assay_span blob, struct key *ret)
{
	uint32_t a, b;
	struct assay_span name;
	if (!take_u32(&section, &a) || !take_u32(&section, &b) || a != b || !take_string(&section, &name))
		return IS_BROKEN;
	/* Of a security key what lies here is a handle: the key is in the token. */
	if (name.len > 3 && memcmp(name.data, "sk-", 3) == 0)
		return IS_NOTHING;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		const size_t len = strlen(types[i].prefix);
		if (name.len < len || memcmp(name.data, types[i].prefix, len) != 0)
			continue;
		if (types[i].read(section, ret))
			return IS_KEY;
		if (ret->public_count == 0)
			(void)public_blob(blob, ret);
		return IS_BROKEN;
	}
	return IS_KEY;
}

enum verdict
leak_openssh(struct assay_span bytes, struct key *ret)
{
	struct assay_span cipher, kdf, options, blob, section;
	uint32_t count;
	*ret = (struct key){ .form = "openssh" };
	if (bytes.len < sizeof MAGIC || memcmp(bytes.data, MAGIC, sizeof MAGIC) != 0)
		return IS_NOTHING;
	bytes.data += sizeof MAGIC;
	bytes.len -= sizeof MAGIC;
	if (!take_string(&bytes, &cipher) || !take_string(&bytes, &kdf) || !take_string(&bytes, &options) || !take_u32(&bytes, &count)
	    || count != 1 || !take_string(&bytes, &blob))
		return bytes.len >= 32 ? IS_BROKEN : IS_NOTHING;
	if (!is_word(cipher, "none")) {
		const bool whole = take_string(&bytes, &section) && section.len >= 16;
		(void)public_blob(blob, ret);
		return whole ? IS_ENCRYPTED : IS_BROKEN;
	}
	if (take_string(&bytes, &section))
		return open_section(section, blob, ret);
	(void)public_blob(blob, ret);
	return bytes.len >= 32 ? IS_BROKEN : IS_NOTHING;
}

void
act_openssh(struct view *v, size_t at)
{
	struct key key;
	if (at < v->der_until || at + 15 > v->bytes.len || v->bytes.data[at + 14] != 0)
		return;
	const struct assay_span bytes = { v->bytes.data + at, v->bytes.len - at < BLOB_MAX ? v->bytes.len - at : BLOB_MAX };
	if (!scan_afford(v, bytes.len))
		return;
	const enum verdict verdict = leak_openssh(bytes, &key);
	scan_note(v, at, verdict, &key, bytes);
	if (verdict == IS_KEY || verdict == IS_ENCRYPTED)
		v->der_until = at + 64;
}

/* ---- PuTTY ---- */

/* The text after "Name: " on the next line that has it; the cursor moves behind that line. Line ends may be escapes. */
static bool
field(struct assay_span b, size_t *cursor, const char *name, struct assay_span *ret)
{
	const size_t room = b.len - *cursor < BLOB_MAX ? b.len - *cursor : BLOB_MAX;
	const unsigned char *found = memmem(b.data + *cursor, room, name, strlen(name));
	if (found == NULL)
		return false;
	const size_t from = (size_t)(found - b.data) + strlen(name);
	size_t to = from;
	while (to < b.len && to - from < 1024 && b.data[to] != '\n' && b.data[to] != '\r' && b.data[to] != '\\')
		to++;
	*ret = (struct assay_span){ b.data + from, to - from };
	*cursor = to;
	return true;
}

/* As many words as the count says lines. */
static bool
lines(struct assay_span b, size_t *cursor, const char *name, struct buf *out)
{
	struct assay_span count;
	uint64_t n;
	struct word w;
	if (!field(b, cursor, name, &count) || text_to_u64(count, &n) != ASSAY_OK || n == 0 || n > LINES_MAX)
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (!text_word(b, false, cursor, &w) || w.letters > 80)
			return false;
		base64_loose((struct assay_span){ b.data + w.at, w.len }, out);
	}
	return out->status == ASSAY_OK;
}

static bool
ppk_private(struct assay_span type, struct assay_span public, struct assay_span in, struct key *key)
{
	struct assay_span name, n[5], s;
	if (is_word(type, "ssh-ed25519"))
		return take_string(&in, &s) && public_raw_of(RAW_ED25519, s, key);
	if (type.len > 11 && memcmp(type.data, "ecdsa-sha2-", 11) == 0)
		return take_string(&in, &s) && public_ec_of(curve_of_name((struct assay_span){ type.data + 11, type.len - 11 }), s, key);
	if (is_word(type, "ssh-rsa"))
		return take_string(&public, &name) && take_numbers(&public, n, 2) && take_numbers(&in, &n[2], 3) && public_rsa(n[1], n[0], key)
		    && product_is(n[3], n[4], n[1]);
	if (is_word(type, "ssh-dss"))
		return take_string(&public, &name) && take_numbers(&public, n, 3) && take_string(&in, &s) && public_dsa_of(n, s, key);
	return false;
}

void
act_ppk(struct view *v, size_t at)
{
	const struct assay_span b = v->bytes;
	CLEANUP(buf_done) struct buf public = BUF_INIT(BLOB_MAX), private = BUF_INIT(BLOB_MAX);
	struct assay_span version, encryption;
	struct key key = { .form = "ppk" };
	size_t cursor = at;
	if (at < v->text_until || !scan_afford(v, b.len - at < BLOB_MAX ? b.len - at : BLOB_MAX))
		return;
	if (!field(b, &cursor, "PuTTY-User-Key-File-", &version) || version.len < 4 || !field(b, &cursor, "Encryption: ", &encryption)
	    || !lines(b, &cursor, "Public-Lines: ", &public))
		return; /* the words alone, without a key */
	const struct assay_span type = { version.data + 3, version.len - 3 };
	const bool whole = lines(b, &cursor, "Private-Lines: ", &private);
	enum verdict verdict = IS_BROKEN;
	if (!is_word(encryption, "none"))
		verdict = whole ? IS_ENCRYPTED : IS_BROKEN;
	else if (whole && ppk_private(type, buf_span(&public), buf_span(&private), &key))
		verdict = IS_KEY;
	if (key.public_count == 0)
		(void)public_blob(buf_span(&public), &key);
	if (CATCH(leak_ppk, verdict != IS_NOTHING))
		scan_note(v, at, verdict, &key, buf_span(&private));
	v->text_until = cursor;
}
