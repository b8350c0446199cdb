/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/text.h>
#include <base/unconst.h>
#include <base/when.h>
#include <trust/metadata.h>

static const char *const part_names[TRUST_PARTS] = { "root", "targets", "policy" };
/* "_type" of each: a delegated role's document is one of targets. */
static const char *const part_types[TRUST_PARTS] = { "root", "targets", "targets" };

const char *
trust_part_name(enum trust_part part)
{
	return part_names[part];
}

static enum assay_status
no_memory(struct assay_error *err)
{
	return assay_fail(err, ASSAY_E_MEMORY, "no memory for trust metadata");
}

static void
free_bytes(unsigned char **bytes)
{
	free(*bytes);
}

static json_t *
signed_of(const json_t *document)
{
	return json_object_get(document, "signed");
}

/* ---- making ---- */

/* The specification wants all four in a root. Git's commit is the snapshot here: see assay-trust(5). */
static json_t *
empty_roles(void)
{
	static const char *const names[] = { "root", "snapshot", "targets", "timestamp" };
	json_t *roles = json_object();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *role = json_pack("{s:[], s:i}", "keyids", "threshold", 1);
		if (json_object_set_new(roles, names[i], role) != 0) {
			json_decref(roles);
			return NULL;
		}
	}
	return roles;
}

enum assay_status
trust_new(enum trust_part part, const char *repository, json_t **ret_document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *body = json_pack("{s:s, s:s, s:i, s:s, s:s}", "_type",
	    part_types[part], "spec_version", TRUST_SPEC, "version", 1, "expires",
	    "1970-01-01T00:00:00Z", "x-assay-repository", repository);
	if (body == NULL)
		return no_memory(err);
	int failed = 0;
	if (part == TRUST_ROOT) {
		failed |= json_object_set_new(body, "consistent_snapshot", json_false());
		failed |= json_object_set_new(body, "keys", json_object());
		failed |= json_object_set_new(body, "roles", empty_roles());
	} else {
		failed |= json_object_set_new(body, "targets", json_object());
	}
	if (part == TRUST_TARGETS)
		failed |= json_object_set_new(body, "delegations",
		    json_pack("{s:{}, s:[]}", "keys", "roles"));
	json_t *document = json_pack("{s:[], s:O}", "signatures", "signed", body);
	if (failed != 0 || document == NULL) {
		json_decref(document);
		return no_memory(err);
	}
	*ret_document = document;
	return ASSAY_OK;
}

void
trust_drop_signatures(json_t *document)
{
	(void)json_array_clear(json_object_get(document, "signatures"));
}

enum assay_status
trust_next(const json_t *document, json_t **ret_document, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *next = json_deep_copy(document);
	if (next == NULL ||
	    json_object_set_new(signed_of(next), "version", json_integer(trust_version(document) + 1)) != 0)
		return no_memory(err);
	trust_drop_signatures(next);
	*ret_document = steal(&next);
	return ASSAY_OK;
}

/* ---- reading and writing ---- */

static enum assay_status
no_document(const char *name, const char *what, struct assay_error *err)
{
	(void)assay_fail(err, ASSAY_E_FORMAT, "no trust metadata: %s", what);
	return assay_error_at(err, ASSAY_E_FORMAT, name, 0, 0);
}

static bool
is_text(const json_t *object, const char *key)
{
	return json_is_string(json_object_get(object, key));
}

static bool
keys_have_form(const json_t *keys)
{
	const char *id;
	json_t *key;
	if (!json_is_object(keys) || json_object_size(keys) > TRUST_KEYS_MAX)
		return false;
	/* jansson's iterators take no const; nothing is changed through them. */
	json_object_foreach(unconst(keys), id, key) {
		if (strlen(id) != ASSAY_TUF_HEX_SIZE - 1 || !is_text(key, "keytype") || !is_text(key, "scheme") ||
		    !is_text(json_object_get(key, "keyval"), "public"))
			return false;
	}
	return true;
}

static bool
role_has_form(const json_t *role)
{
	const json_t *ids = json_object_get(role, "keyids");
	const json_int_t threshold = json_integer_value(json_object_get(role, "threshold"));
	if (!json_is_array(ids) || json_array_size(ids) > TRUST_KEYS_MAX || threshold < 1 ||
	    threshold > TRUST_THRESHOLD_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(ids); i++) {
		if (!json_is_string(json_array_get(ids, i)))
			return false;
	}
	return true;
}

static bool
root_has_form(const json_t *body)
{
	const char *name;
	json_t *role;
	json_t *roles = json_object_get(body, "roles");
	if (!json_is_object(roles) || !keys_have_form(json_object_get(body, "keys")))
		return false;
	json_object_foreach(roles, name, role) {
		if (!role_has_form(role))
			return false;
	}
	return json_object_get(roles, "root") != NULL && json_object_get(roles, "targets") != NULL;
}

static bool
delegations_have_form(const json_t *body)
{
	const json_t *delegations = json_object_get(body, "delegations");
	const json_t *roles = json_object_get(delegations, "roles");
	if (!keys_have_form(json_object_get(delegations, "keys")) || !json_is_array(roles))
		return false;
	for (size_t i = 0; i < json_array_size(roles); i++) {
		const json_t *role = json_array_get(roles, i);
		if (!is_text(role, "name") || !role_has_form(role))
			return false;
	}
	return true;
}

static bool
signatures_have_form(const json_t *list)
{
	if (!json_is_array(list) || json_array_size(list) > TRUST_KEYS_MAX)
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		if (!is_text(one, "keyid") || !is_text(one, "sig"))
			return false;
	}
	return true;
}

static const char *
wrong_form(const json_t *document, enum trust_part part)
{
	const json_t *body = signed_of(document);
	const char *type = json_string_value(json_object_get(body, "_type"));
	const json_int_t version = json_integer_value(json_object_get(body, "version"));
	if (!signatures_have_form(json_object_get(document, "signatures")))
		return "its signatures are no list, or too many";
	if (type == NULL || strcmp(type, part_types[part]) != 0)
		return "it is of another type";
	if (version < 1 || version > INT32_MAX || !is_text(body, "expires"))
		return "it has no version or no expiry";
	if (part == TRUST_ROOT && !root_has_form(body))
		return "its keys or roles are not as they should be";
	if (part != TRUST_ROOT && !json_is_object(json_object_get(body, "targets")))
		return "it lists no files";
	if (part == TRUST_TARGETS && !delegations_have_form(body))
		return "its delegations are not as they should be";
	return NULL;
}

enum assay_status
trust_read(struct assay_span bytes, const char *name, enum trust_part part, json_t **ret_document,
    struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *document = NULL;
	if (bytes.len > TRUST_FILE_MAX) {
		(void)assay_fail(err, ASSAY_E_LIMIT, "%zu bytes, at most %u are read", bytes.len, TRUST_FILE_MAX);
		return assay_error_at(err, ASSAY_E_LIMIT, name, 0, 0);
	}
	TRY(canon_read(bytes, name, &document, err));
	const char *wrong = wrong_form(document, part);
	if (wrong != NULL)
		return no_document(name, wrong, err);
	*ret_document = steal(&document);
	return ASSAY_OK;
}

static int
add_piece(const char *bytes, size_t len, void *ctx)
{
	buf_add(ctx, bytes, len);
	return 0;
}

enum assay_status
trust_write(const json_t *document, struct buf *out, struct assay_error *err)
{
	if (json_dump_callback(document, add_piece, out, JSON_INDENT(1) | JSON_SORT_KEYS) != 0)
		return no_memory(err);
	buf_add_byte(out, '\n');
	return buf_status(out, "trust metadata", err);
}

enum assay_status
trust_canonical(const json_t *value, struct buf *out, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TRUST_FILE_MAX);
	struct assay_span canonical;
	TRY(canon_write(value, &text, err));
	const size_t size = ASSAY_JSON_ROOM(text.len);
	CLEANUP(free_bytes) unsigned char *room = malloc(size);
	if (room == NULL)
		return no_memory(err);
	TRY(assay_json_canonical(buf_span(&text), room, size, &canonical, err));
	buf_add_span(out, canonical);
	return buf_status(out, "trust metadata", err);
}

enum assay_status
trust_signed(const json_t *document, struct buf *out, struct assay_error *err)
{
	return trust_canonical(signed_of(document), out, err);
}

enum assay_status
trust_digest(const json_t *document, unsigned char ret_digest[ASSAY_SHA256_SIZE],
    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	TRY(trust_signed(document, &bytes, err));
	if (assay_sha256(buf_span(&bytes), ret_digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	return ASSAY_OK;
}

int64_t
trust_version(const json_t *document)
{
	return json_integer_value(json_object_get(signed_of(document), "version"));
}

const char *
trust_expires(const json_t *document)
{
	const char *text = json_string_value(json_object_get(signed_of(document), "expires"));
	return text == NULL ? "" : text;
}

enum assay_status
trust_set_expires(json_t *document, int64_t when, struct assay_error *err)
{
	char text[WHEN_TEXT_SIZE];
	when_format(when, text);
	if (json_object_set_new(signed_of(document), "expires", json_string(text)) != 0)
		return no_memory(err);
	trust_drop_signatures(document);
	return ASSAY_OK;
}

/* ---- signing ---- */

enum assay_status
trust_sign(json_t *document, struct signer *signer, const char *id, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	char hex[ASSAY_TUF_SIGNATURE_SIZE];
	json_t *list = json_object_get(document, "signatures");
	TRY(trust_signed(document, &bytes, err));
	TRY(signer_sign_metadata(signer, buf_span(&bytes), hex, err));
	for (size_t i = json_array_size(list); i > 0; i--) {
		const char *other = json_string_value(json_object_get(json_array_get(list, i - 1), "keyid"));
		if (other != NULL && strcmp(other, id) == 0)
			(void)json_array_remove(list, i - 1);
	}
	if (json_array_append_new(list, json_pack("{s:s, s:s}", "keyid", id, "sig", hex)) != 0)
		return no_memory(err);
	return ASSAY_OK;
}

/* ---- a policy state ---- */

enum assay_status
trust_add_file(json_t *policy, const char *path, struct assay_span bytes, struct assay_error *err)
{
	unsigned char digest[ASSAY_SHA256_SIZE];
	char hex[2 * ASSAY_SHA256_SIZE + 1];
	if (!text_is_utf8(assay_span_str(path)))
		return assay_fail(err, ASSAY_E_FORMAT, "a file below 'assay/' has a name that isn't UTF-8");
	if (assay_sha256(bytes, digest) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "SHA-256 can't be computed");
	text_hex((struct assay_span){ digest, sizeof digest }, hex);
	json_t *file = json_pack("{s:{s:s}, s:I}", "hashes", "sha256", hex, "length", (json_int_t)bytes.len);
	if (json_object_set_new(json_object_get(signed_of(policy), "targets"), path, file) != 0)
		return no_memory(err);
	return ASSAY_OK;
}
