/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One message by the engine that files are hashed by.
 */
#include <base/cleanup.h>
#include <files/hash.h>
#include <stdlib.h>

#include "engine.h"

struct hash_stream {
	struct engine engine;
	void *inside; /* NULL: nothing was begun */
};

static void
drop(struct hash_stream *s)
{
	if (s->inside != NULL)
		s->engine.kind->drop(s->inside);
	s->inside = NULL;
}

void
hash_stream_free(struct hash_stream **where)
{
	struct hash_stream *s = *where;
	if (s == NULL)
		return;
	drop(s);
	engine_close(&s->engine);
	free(s);
	*where = NULL;
}

enum assay_status
hash_stream_new(struct hash_stream **ret_stream, struct assay_error *err)
{
	CLEANUP(hash_stream_free) struct hash_stream *s = calloc(1, sizeof *s);
	if (s == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory left for hashing");
	TRY(engine_open(NULL, false, &s->engine, err));
	*ret_stream = steal(&s);
	return ASSAY_OK;
}

/* What an engine says is a status alone. */
static enum assay_status
told(const struct hash_stream *s, enum assay_status status, struct assay_error *err)
{
	return status == ASSAY_OK ? ASSAY_OK : assay_fail(err, status, "the hash engine '%s' fails", s->engine.kind->name);
}

enum assay_status
hash_stream_begin(struct hash_stream *s, struct assay_error *err)
{
	drop(s);
	return told(s, s->engine.kind->begin(&s->engine, ENGINE_SHA256, &s->inside), err);
}

enum assay_status
hash_stream_add(struct hash_stream *s, struct assay_span bytes, struct assay_error *err)
{
	return told(s, s->inside == NULL ? ASSAY_E_INTERNAL : s->engine.kind->add(s->inside, bytes), err);
}

enum assay_status
hash_stream_end(struct hash_stream *s, unsigned char ret_digest[32], struct assay_error *err)
{
	const enum assay_status status = s->inside == NULL ? ASSAY_E_INTERNAL : s->engine.kind->end(s->inside, ret_digest);
	drop(s);
	return told(s, status, err);
}
