/* SPDX-License-Identifier: Apache-2.0 */
#include "pack_index.h"
#include <base/cleanup.h>
#include <base/text.h>
#include <base/when.h>
#include <codec/canon.h>
#include <codec/dsse.h>
#include <report/pack.h>

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for the pack's index");
}

/* New reference or NULL. */
static json_t *
subjects_json(const struct pack_index *index)
{
	json_t *list = json_array();

	for (size_t i = 0; i < index->count; i++) {
		char hex[2 * ASSAY_SHA256_SIZE + 1];
		text_hex((struct assay_span) { index->entries[i].sha256, ASSAY_SHA256_SIZE }, hex);
		json_t *row = json_pack(
		    "{s:s, s:{s:s}}", "name", index->entries[i].name, "digest", "sha256", hex);
		if (json_array_append_new(list, row) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
require_json(const struct pack_index *index)
{
	json_t *list = json_array();

	for (size_t i = 0; i < index->require_count; i++) {
		if (json_array_append_new(list, json_string(index->require[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
predicate_json(const struct pack_index *index)
{
	char date[WHEN_TEXT_SIZE];

	when_format_date(index->date, date);
	json_t *predicate = json_pack("{s:i, s:o, s:s, s:b, s:s, s:o}", "assay-pack", PACK_VERSION,
	    "subject", canon_text(assay_span_str(index->subject)), "date", date, "date-given",
	    index->date_given, "program", index->program, "require", require_json(index));
	if (predicate != NULL && index->root != NULL && json_object_set_new(predicate, "root", json_string(index->root)) != 0) {
		json_decref(predicate);
		return NULL;
	}
	if (predicate == NULL || index->signer == NULL)
		return predicate;
	CLEANUP(buf_done) struct buf key = BUF_INIT(64);
	buf_add_base64(&key, (struct assay_span) { index->signer, 32 });
	json_t *signer = json_pack("{s:s}", "ed25519", buf_str(&key));
	if (json_object_set_new(predicate, "signer", signer) != 0) {
		json_decref(predicate);
		return NULL;
	}
	return predicate;
}

static enum assay_status
write_payload(const struct pack_index *index, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *statement = json_pack("{s:s, s:o, s:s, s:o}", "_type",
	    PACK_STATEMENT_TYPE, "subject", subjects_json(index), "predicateType",
	    PACK_PREDICATE_TYPE, "predicate", predicate_json(index));

	if (statement == NULL)
		return no_memory(err);
	TRY(canon_write(statement, out, err));
	return buf_status(out, "the pack's index", err);
}

static enum assay_status
sign(struct signer *signer, struct assay_span payload, unsigned char ret_signature[64],
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf pae = BUF_INIT(PACK_INDEX_MAX);

	dsse_pae(&pae, PACK_PAYLOAD_TYPE, payload);
	TRY(buf_status(&pae, "the pack's index", err));
	return signer_sign(signer, buf_span(&pae), ret_signature, err);
}

enum assay_status
pack_index_write(const struct pack_index *index, struct signer *signer, struct buf *out,
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf payload = BUF_INIT(PACK_INDEX_MAX);
	unsigned char signature[64];
	struct dsse_signature row = { .signature = { signature, sizeof signature } };
	struct dsse envelope = { .payload_type = PACK_PAYLOAD_TYPE, .signatures = &row };

	TRY(write_payload(index, &payload, err));
	envelope.payload = buf_span(&payload);
	if (signer != NULL) {
		TRY(sign(signer, envelope.payload, signature, err));
		row.keyid = signer_fingerprint(signer);
		envelope.count = 1;
	}
	TRY(dsse_write(out, &envelope, err));
	return buf_status(out, "the pack's index", err);
}

/* ---- and back ---- */

struct reader {
	struct arena *arena;
	struct assay_error *err;
};

static enum assay_status
bad(const struct reader *r, const char *what)
{
	(void)assay_fail(r->err, ASSAY_E_FORMAT, "pack member '%s': %s", PACK_INDEX_NAME, what);
	return assay_error_todo(r->err, ASSAY_E_FORMAT,
	    "ask whoever handed the pack over for the file as assay wrote it");
}

/* A string of its own without NUL; canon_text's form of other bytes with them. */
static enum assay_status
read_text(const struct reader *r, const json_t *value, const char *what, const char **ret_text)
{
	if (!json_is_string(value))
		return bad(r, what);
	*ret_text = arena_str(r->arena, json_string_value(value));
	return *ret_text != NULL ? ASSAY_OK : arena_full(r->err);
}

static enum assay_status
read_base64(const struct reader *r, const json_t *value, const char *what,
    struct assay_span *ret_bytes)
{
	if (!json_is_string(value))
		return bad(r, what);
	struct assay_span text = assay_span_str(json_string_value(value));
	size_t room = ASSAY_BASE64_DECODED_MAX(text.len);
	unsigned char *bytes = arena_alloc(r->arena, room + 1);
	size_t len = 0;
	if (bytes == NULL)
		return arena_full(r->err);
	if (assay_base64_decode(text, bytes, room, &len) != ASSAY_OK)
		return bad(r, what);
	bytes[len] = '\0';
	*ret_bytes = (struct assay_span) { bytes, len };
	return ASSAY_OK;
}

static enum assay_status
read_subject(const struct reader *r, const json_t *value, struct pack_index *index)
{
	struct assay_span bytes = { NULL, 0 };

	if (!json_is_object(value))
		return read_text(r, value, "its subject is not text", &index->subject);
	TRY(read_base64(r, json_object_get(value, "base64"), "its subject is not text", &bytes));
	if (bytes.data == NULL || memchr(bytes.data, 0, bytes.len) != NULL)
		return bad(r, "its subject is not text");
	index->subject = (const char *)bytes.data;
	return ASSAY_OK;
}

static enum assay_status
read_require(const struct reader *r, const json_t *list, struct pack_index *index)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > PACK_REQUIRE_MAX)
		return bad(r, "\"require\" is not a list, or too long");
	const char **names = arena_array(r->arena, count + 1, sizeof *names);
	if (names == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < count; i++)
		TRY(read_text(r, json_array_get(list, i), "a name in \"require\" is not text", &names[i]));
	index->require = names;
	index->require_count = count;
	return ASSAY_OK;
}

static enum assay_status
read_signer(const struct reader *r, const json_t *value, struct pack_index *index)
{
	struct assay_span key;

	if (value == NULL)
		return ASSAY_OK;
	TRY(read_base64(r, json_object_get(value, "ed25519"), "its signer has no Ed25519 key", &key));
	if (key.len != 32)
		return bad(r, "its signer's key has not 32 bytes");
	index->signer = key.data;
	return ASSAY_OK;
}

static enum assay_status
read_root(const struct reader *r, const json_t *value, struct pack_index *index)
{
	if (value == NULL)
		return ASSAY_OK;
	TRY(read_text(r, value, "its root is not text", &index->root));
	if (strlen(index->root) != 64 || index->root[strspn(index->root, "0123456789abcdef")] != '\0')
		return bad(r, "its root is no fingerprint");
	return ASSAY_OK;
}

static enum assay_status
read_predicate(const struct reader *r, const json_t *p, struct pack_index *index)
{
	const json_t *version = json_object_get(p, "assay-pack");
	const json_t *given = json_object_get(p, "date-given");
	const char *date = NULL;

	if (!json_is_integer(version) || json_integer_value(version) < 1)
		return bad(r, "it names no format version");
	if (json_integer_value(version) > PACK_VERSION) {
		(void)assay_fail(r->err, ASSAY_E_VERSION,
		    "the pack has format version %lld, this assay knows up to %d",
		    (long long)json_integer_value(version), PACK_VERSION);
		return assay_error_todo(r->err, ASSAY_E_VERSION, "update assay");
	}
	TRY(read_subject(r, json_object_get(p, "subject"), index));
	TRY(read_text(r, json_object_get(p, "program"), "its program is not text", &index->program));
	TRY(read_text(r, json_object_get(p, "date"), "its date is not text", &date));
	if (when_parse(assay_span_str(date), &index->date, NULL) != ASSAY_OK)
		return bad(r, "its date is none");
	if (!json_is_boolean(given))
		return bad(r, "\"date-given\" is neither true nor false");
	index->date_given = json_is_true(given);
	TRY(read_require(r, json_object_get(p, "require"), index));
	TRY(read_root(r, json_object_get(p, "root"), index));
	return read_signer(r, json_object_get(p, "signer"), index);
}

static enum assay_status
read_entry(const struct reader *r, const json_t *row, struct pack_entry *entry)
{
	const json_t *hex = json_object_get(json_object_get(row, "digest"), "sha256");

	TRY(read_text(r, json_object_get(row, "name"), "a member's name is not text", &entry->name));
	if (!json_is_string(hex)
	    || text_unhex(assay_span_str(json_string_value(hex)), entry->sha256, ASSAY_SHA256_SIZE)
		!= ASSAY_OK)
		return bad(r, "a member's SHA-256 is none");
	return ASSAY_OK;
}

static enum assay_status
read_entries(const struct reader *r, const json_t *list, struct pack_index *index)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list))
		return bad(r, "it lists no members");
	index->entries = arena_array(r->arena, count + 1, sizeof *index->entries);
	if (index->entries == NULL)
		return arena_full(r->err);
	for (size_t i = 0; i < count; i++) {
		TRY(read_entry(r, json_array_get(list, i), &index->entries[i]));
		if (i > 0 && strcmp(index->entries[i - 1].name, index->entries[i].name) >= 0)
			return bad(r, "its members are not sorted, or one stands twice");
	}
	index->count = count;
	return ASSAY_OK;
}

static enum assay_status
read_statement(const struct reader *r, struct assay_span payload, struct pack_index *index)
{
	CLEANUP(canon_unref) json_t *statement = NULL;
	const char *type = NULL;

	TRY(canon_read(payload, PACK_INDEX_NAME, &statement, r->err));
	TRY(read_text(r, json_object_get(statement, "_type"), "it is no in-toto statement", &type));
	if (strcmp(type, PACK_STATEMENT_TYPE) != 0)
		return bad(r, "it is no in-toto statement of version 1");
	TRY(read_text(r, json_object_get(statement, "predicateType"), "it has no predicate type", &type));
	if (strcmp(type, PACK_PREDICATE_TYPE) != 0)
		return bad(r, "it is no pack's index: its predicate is of another type");
	TRY(read_predicate(r, json_object_get(statement, "predicate"), index));
	return read_entries(r, json_object_get(statement, "subject"), index);
}

/* What was understood, written anew, must be what stands there: no unknown key, no second spelling. */
static enum assay_status
check_form(const struct reader *r, const struct pack_index *index, const struct dsse *envelope,
    struct assay_span bytes)
{
	CLEANUP(buf_done) struct buf again = BUF_INIT(PACK_INDEX_MAX);

	TRY(write_payload(index, &again, r->err));
	if (!assay_span_equal(buf_span(&again), envelope->payload))
		return bad(r, "its payload is not in the one form that assay writes");
	buf_reset(&again);
	TRY(dsse_write(&again, envelope, r->err));
	TRY(buf_status(&again, "the pack's index", r->err));
	if (!assay_span_equal(buf_span(&again), bytes))
		return bad(r, "its envelope is not in the one form that assay writes");
	return ASSAY_OK;
}

enum assay_status
pack_index_read(struct assay_span bytes, struct arena *arena, struct pack_index *ret_index,
    struct pack_index_signature *ret_signature, struct assay_error *err)
{
	const struct reader r = { arena, err };
	struct pack_index index = { .count = 0 };
	struct dsse envelope;

	if (bytes.len > PACK_INDEX_MAX)
		return assay_fail(err, ASSAY_E_LIMIT, "pack member '%s' has %zu bytes, %u are read at most",
		    PACK_INDEX_NAME, bytes.len, PACK_INDEX_MAX);
	TRY(dsse_read(bytes, arena, &envelope, err));
	if (strcmp(envelope.payload_type, PACK_PAYLOAD_TYPE) != 0)
		return bad(&r, "its payload is of another type");
	if (envelope.count > 1)
		return bad(&r, "it has more than one signature");
	TRY(read_statement(&r, envelope.payload, &index));
	TRY(check_form(&r, &index, &envelope, bytes));
	*ret_signature = (struct pack_index_signature) { .count = envelope.count,
		.payload = envelope.payload };
	if (envelope.count == 1) {
		ret_signature->keyid = envelope.signatures[0].keyid;
		ret_signature->bytes = envelope.signatures[0].signature;
	}
	*ret_index = index;
	return ASSAY_OK;
}
