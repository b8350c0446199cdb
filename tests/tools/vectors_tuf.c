/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors_tuf.h"

#include <jansson.h>
#include <stdlib.h>

#define KEY_MAX 8192

enum tuf_door
tuf_door(const struct backend *backend, const char *keytype, const char *scheme, const char *public,
    struct assay_span signature, struct assay_span message)
{
	static unsigned char room[ASSAY_JSON_ROOM(KEY_MAX)];
	struct assay_tuf_room where = { room, sizeof room, 0 };
	struct assay_tuf_key key;
	json_t *object = json_pack("{s:s, s:s, s:{s:s}}", "keytype", keytype, "scheme", scheme, "keyval", "public",
	    public == NULL ? "" : public);
	char *text = json_dumps(object, JSON_COMPACT);
	enum assay_status status = backend->tuf_key_parse(assay_span_str(text), &where, &key, NULL);

	free(text);
	json_decref(object);
	if (status != ASSAY_OK)
		return TUF_DOOR_REFUSES_KEY;
	return backend->tuf_key_verify(&key, signature, message) == ASSAY_OK ? TUF_DOOR_ACCEPTS : TUF_DOOR_REJECTS;
}
