/* SPDX-License-Identifier: Apache-2.0 */
#include <codec/dsse.h>

#include <assay/base64.h>
#include <base/cleanup.h>
#include <codec/canon.h>

#define DSSE_NAME "envelope"

void
dsse_pae(struct buf *out, const char *payload_type, struct assay_span payload)
{
	buf_addf(out, "DSSEv1 %zu %s %zu ", strlen(payload_type), payload_type, payload.len);
	buf_add_span(out, payload);
}

/* New reference or NULL. */
static json_t *
base64_json(struct assay_span bytes)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(CANON_SIZE_MAX);
	buf_add_base64(&b, bytes);
	return b.status == ASSAY_OK ? json_string(buf_str(&b)) : NULL;
}

enum assay_status
dsse_write(struct buf *out, const struct dsse *envelope, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *signatures = json_array();
	if (envelope->count > DSSE_SIGNATURES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "more than %d signatures", DSSE_SIGNATURES_MAX);
	for (size_t i = 0; i < envelope->count; i++) {
		const struct dsse_signature *s = &envelope->signatures[i];
		json_t *row = json_pack("{s:s, s:o}", "keyid", s->keyid == NULL ? "" : s->keyid,
		    "sig", base64_json(s->signature));
		if (json_array_append_new(signatures, row) != 0)
			return assay_fail(err, ASSAY_E_MEMORY, "no memory for a signature");
	}
	CLEANUP(canon_unref) json_t *object = json_pack("{s:o, s:s, s:O}", "payload",
	    base64_json(envelope->payload), "payloadType", envelope->payload_type, "signatures",
	    signatures);
	if (object == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for an envelope");
	return canon_write(object, out, err);
}

static enum assay_status
bad(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_E_FORMAT, "DSSE envelope: %s", what);
}

static enum assay_status
read_base64(const json_t *value, struct arena *arena, struct assay_span *ret_bytes,
    struct assay_error *err)
{
	if (!json_is_string(value))
		return bad(err, "a value that must be text isn't");
	struct assay_span text
	    = { (const unsigned char *)json_string_value(value), json_string_length(value) };
	size_t room = ASSAY_BASE64_DECODED_MAX(text.len);
	unsigned char *bytes = arena_alloc(arena, room);
	size_t len;
	if (bytes == NULL)
		return arena_full(err);
	if (assay_base64_decode(text, bytes, room, &len) != ASSAY_OK)
		return bad(err, "not base64");
	*ret_bytes = (struct assay_span){ bytes, len };
	return ASSAY_OK;
}

static enum assay_status
read_signature(const json_t *row, struct arena *arena, struct dsse_signature *ret_signature,
    struct assay_error *err)
{
	const json_t *keyid = json_object_get(row, "keyid");
	size_t known = 1 + (keyid != NULL);
	struct dsse_signature s = { .keyid = "" };
	if (!json_is_object(row) || json_object_size(row) != known)
		return bad(err, "a signature with unknown keys");
	if (keyid != NULL) {
		if (!json_is_string(keyid))
			return bad(err, "a keyid that isn't text");
		s.keyid = arena_str(arena, json_string_value(keyid));
		if (s.keyid == NULL)
			return arena_full(err);
	}
	TRY(read_base64(json_object_get(row, "sig"), arena, &s.signature, err));
	*ret_signature = s;
	return ASSAY_OK;
}

static enum assay_status
read_signatures(const json_t *rows, struct arena *arena, struct dsse *envelope,
    struct assay_error *err)
{
	size_t count = json_array_size(rows);
	if (!json_is_array(rows))
		return bad(err, "no list of signatures");
	if (count > DSSE_SIGNATURES_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "DSSE envelope: more than %d signatures",
		    DSSE_SIGNATURES_MAX);
	envelope->signatures = arena_array(arena, count + 1, sizeof *envelope->signatures);
	if (envelope->signatures == NULL)
		return arena_full(err);
	for (size_t i = 0; i < count; i++)
		TRY(read_signature(json_array_get(rows, i), arena, &envelope->signatures[i], err));
	envelope->count = count;
	return ASSAY_OK;
}

enum assay_status
dsse_read(struct assay_span json, struct arena *arena, struct dsse *ret_envelope,
    struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *object = NULL;
	struct dsse e = { 0 };
	TRY(canon_read(json, DSSE_NAME, &object, err));
	const json_t *type = json_object_get(object, "payloadType");
	if (!json_is_object(object) || json_object_size(object) != 3)
		return bad(err, "not an object of payload, payloadType and signatures alone");
	if (!json_is_string(type) || json_string_length(type) == 0)
		return bad(err, "no payload type");
	e.payload_type = arena_str(arena, json_string_value(type));
	if (e.payload_type == NULL)
		return arena_full(err);
	TRY(read_base64(json_object_get(object, "payload"), arena, &e.payload, err));
	TRY(read_signatures(json_object_get(object, "signatures"), arena, &e, err));
	*ret_envelope = e;
	return ASSAY_OK;
}
