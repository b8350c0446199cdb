/* SPDX-License-Identifier: Apache-2.0 */
#include <policy/enrolment.h>

#include <assay/json.h>
#include <base/cleanup.h>
#include <base/text.h>
#include <stdlib.h>

static void
free_room(unsigned char **room)
{
	free(*room);
}

enum assay_status
enrolment_statement(const json_t *key, const char *name, const char *repository, struct buf *out, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *value = json_pack("{s:s, s:O, s:s, s:s}", "_type", "assay-enrolment",
	    "key", key, "name", name, "repository", repository);
	CLEANUP(buf_done) struct buf text = BUF_INIT(ENROLMENT_FILE_MAX);
	struct assay_span canonical;
	if (value == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for an enrolment");
	TRY(canon_write(value, &text, err));
	const size_t size = ASSAY_JSON_ROOM(text.len);
	CLEANUP(free_room) unsigned char *room = malloc(size);
	if (room == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for an enrolment");
	TRY(assay_json_canonical(buf_span(&text), room, size, &canonical, err));
	buf_add_span(out, canonical);
	return buf_status(out, "an enrolment", err);
}

static bool
verifies(const json_t *key, struct assay_span signature, struct assay_span statement)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(ENROLMENT_FILE_MAX);
	CLEANUP(free_room) unsigned char *bytes = malloc(ENROLMENT_FILE_MAX);
	struct assay_tuf_room room = { bytes, ENROLMENT_FILE_MAX, 0 };
	struct assay_tuf_key parsed;
	return bytes != NULL && canon_write(key, &text, NULL) == ASSAY_OK
	    && assay_tuf_key_parse(buf_span(&text), &room, &parsed, NULL) == ASSAY_OK
	    && assay_tuf_key_verify(&parsed, signature, statement) == ASSAY_OK;
}

bool
enrolment_proves(const json_t *key, const json_t *record, const char *repository)
{
	CLEANUP(buf_done) struct buf bytes = BUF_INIT(ENROLMENT_FILE_MAX);
	unsigned char signature[ASSAY_TUF_SIGNATURE_SIZE / 2];
	const char *name = json_string_value(json_object_get(record, "name"));
	const char *hex = json_string_value(json_object_get(record, "proof"));
	const size_t len = hex == NULL ? 0 : strlen(hex) / 2;
	if (name == NULL || len == 0 || len > sizeof signature || text_unhex(assay_span_str(hex), signature, len) != ASSAY_OK)
		return false;
	return enrolment_statement(key, name, repository, &bytes, NULL) == ASSAY_OK
	    && verifies(key, (struct assay_span){ signature, len }, buf_span(&bytes));
}

enum assay_status
enrolment_unproved(struct assay_span document, const char *name, const char *repository, struct arena *arena,
    const char **ret_person, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *value = NULL;
	const char *id, *person = NULL;
	json_t *key;
	TRY(canon_read(document, name, &value, err));
	const json_t *body = json_object_get(value, "signed"), *records = json_object_get(body, "x-assay-enrolments");
	const json_t *delegations = json_object_get(body, "delegations");
	json_t *keys = json_object_get(delegations != NULL ? delegations : body, "keys");
	json_object_foreach(keys, id, key) {
		if (enrolment_proves(key, json_object_get(records, id), repository))
			continue;
		person = json_string_value(json_object_get(key, "x-assay-person"));
		person = arena_str(arena, person != NULL ? person : id);
		if (person == NULL)
			return arena_full(err);
		break;
	}
	*ret_person = person;
	return ASSAY_OK;
}
