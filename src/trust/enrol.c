/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enrolments: a key, its person, and the key's own signature over both.
 */
#include <base/cleanup.h>
#include <base/text.h>
#include <policy/enrolment.h>
#include <trust/metadata.h>

void
trust_enrolment_done(struct trust_enrolment *e)
{
	json_decref(e->key);
	json_decref(e->record);
	*e = (struct trust_enrolment){ .key = NULL };
}

static bool
is_plain(const char *text, size_t most)
{
	struct assay_span s = assay_span_str(text);
	if (s.len > most || !text_is_utf8(s))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] < 0x20 || s.data[i] == 0x7F || s.data[i] == '"' || s.data[i] == '\\')
			return false;
	}
	return true;
}

static enum assay_status
check_person(const struct trust_person *p, struct assay_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-";
	size_t len = strlen(p->id);
	if (len == 0 || len > TRUST_ID_MAX || p->id[strspn(p->id, allowed)] != '\0') {
		(void)assay_fail(err, ASSAY_E_USAGE, "'%s' can't be a person's id", p->id);
		return assay_error_todo(err, ASSAY_E_USAGE,
		    "an id has at most %d letters, digits and '.', '_', '@', '+', '-', as in assay/roster.yaml",
		    TRUST_ID_MAX);
	}
	if (p->name[0] == '\0' || !is_plain(p->name, TRUST_NAME_MAX) || !is_plain(p->title, TRUST_NAME_MAX))
		return assay_fail(err, ASSAY_E_USAGE,
		    "a name or title is UTF-8 of at most %d bytes without control characters, '\"' and '\\'", TRUST_NAME_MAX);
	return ASSAY_OK;
}

static enum assay_status
key_of(const struct signer *signer, const char *person, const char *title,
    struct assay_tuf_key *ret_key, struct assay_error *err)
{
	struct assay_pubkey ssh;
	TRY(assay_pubkey_parse(signer_blob(signer), &ssh, err));
	return assay_tuf_key_from_ssh(&ssh, assay_span_str(person), assay_span_str(title), ret_key, err);
}

enum assay_status
trust_enrol(struct signer *signer, const struct trust_person *person,
    struct trust_enrolment *ret_enrolment, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(TRUST_FILE_MAX);
	CLEANUP(trust_enrolment_done) struct trust_enrolment e = { .key = NULL };
	struct assay_tuf_key key;
	char text[ASSAY_TUF_KEY_JSON_SIZE], proof[ASSAY_TUF_SIGNATURE_SIZE];
	TRY(check_person(person, err));
	TRY(key_of(signer, person->id, person->title, &key, err));
	if (assay_tuf_key_json(&key, text) != ASSAY_OK)
		return assay_fail(err, ASSAY_E_INTERNAL, "a key can't be written as metadata");
	TRY(canon_read(assay_span_str(text), "a key", &e.key, err));
	memcpy(e.id, key.keyid, sizeof e.id);
	TRY(enrolment_statement(e.key, person->name, person->repository, &bytes, err));
	TRY(signer_sign_metadata(signer, buf_span(&bytes), proof, err));
	e.record = json_pack("{s:s, s:s}", "name", person->name, "proof", proof);
	if (e.record == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for an enrolment");
	*ret_enrolment = e;
	e = (struct trust_enrolment){ .key = NULL };
	return ASSAY_OK;
}

/* ---- proofs ---- */

enum assay_status
trust_check_proofs(const json_t *document, const char *repository, struct assay_error *err)
{
	const json_t *records = json_object_get(json_object_get(document, "signed"), "x-assay-enrolments");
	const char *id;
	json_t *key;
	json_object_foreach(trust_keys(document), id, key) {
		if (enrolment_proves(key, json_object_get(records, id), repository))
			continue;
		(void)assay_fail(err, ASSAY_E_VERIFY, "nothing proves that '%s' holds the key %.16s...",
		    trust_key_person(document, id), id);
		return assay_error_todo(err, ASSAY_E_VERIFY, "have its owner enrol it themselves: assay trust add-key");
	}
	return ASSAY_OK;
}

/* ---- one's own ---- */

struct room {
	struct assay_tuf_room room;
};

static void
room_done(struct room *r)
{
	free(r->room.data);
}

static enum assay_status
read_key(const json_t *key, struct room *r, struct assay_tuf_key *ret_key, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TRUST_FILE_MAX);
	TRY(canon_write(key, &text, err));
	r->room.used = 0;
	if (r->room.data == NULL) {
		r->room.size = TRUST_FILE_MAX;
		r->room.data = malloc(r->room.size);
	}
	if (r->room.data == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for a key");
	return assay_tuf_key_parse(buf_span(&text), &r->room, ret_key, err);
}

enum assay_status
trust_own_key(const json_t *document, const struct signer *signer, const char **ret_id,
    struct assay_error *err)
{
	CLEANUP(room_done) struct room r = { { NULL, 0, 0 } };
	struct assay_tuf_key own, other;
	const char *id;
	json_t *key;
	/* Whose it is doesn't matter here, and a key must name somebody. */
	TRY(key_of(signer, "nobody", "", &own, err));
	json_object_foreach(trust_keys(document), id, key) {
		if (read_key(key, &r, &other, NULL) != ASSAY_OK || other.spki_len != own.spki_len ||
		    memcmp(other.spki, own.spki, own.spki_len) != 0)
			continue;
		*ret_id = id;
		return ASSAY_OK;
	}
	return assay_fail(err, ASSAY_E_NOT_FOUND, "the key %s isn't enrolled", signer_fingerprint(signer));
}
