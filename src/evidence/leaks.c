/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <base/cleanup.h>
#include <evidence/leaks.h>
#include <string.h>

#define DIGEST_LEN ((size_t)2 * ASSAY_SHA256_SIZE)

static const struct field hit_fields[] = {
	{ "object", FIELD_TEXT, offsetof(struct leaks_hit, object), 0, NULL, 0, 0 },
	{ "type", FIELD_TEXT, offsetof(struct leaks_hit, type), 0, NULL, 0, 0 },
	{ "path", FIELD_TEXT, offsetof(struct leaks_hit, path), 0, NULL, 0, 0 },
	{ "commit", FIELD_TEXT, offsetof(struct leaks_hit, commit), 0, NULL, 0, 0 },
	{ "head", FIELD_BOOL, offsetof(struct leaks_hit, head), 0, NULL, 0, 0 },
	{ "offset", FIELD_TEXT, offsetof(struct leaks_hit, offset), 0, NULL, 0, 0 },
	{ "state", FIELD_TEXT, offsetof(struct leaks_hit, state), 0, NULL, 0, 0 },
	{ "form", FIELD_TEXT, offsetof(struct leaks_hit, form), 0, NULL, 0, 0 },
	{ "public", FIELD_TEXTS, offsetof(struct leaks_hit, publics), offsetof(struct leaks_hit, public_count), NULL, 0, LEAK_PUBLICS_MAX },
	{ "fingerprint", FIELD_TEXT, offsetof(struct leaks_hit, fingerprint), 0, NULL, 0, 0 },
	{ "digest", FIELD_TEXT, offsetof(struct leaks_hit, digest), 0, NULL, 0, 0 },
	{ NULL, FIELD_IGNORED, 0, 0, NULL, 0, 0 },
};

static const struct field unseen_fields[] = {
	{ "what", FIELD_TEXT, offsetof(struct leaks_unseen, what), 0, NULL, 0, 0 },
	{ "why", FIELD_TEXT, offsetof(struct leaks_unseen, why), 0, NULL, 0, 0 },
	{ NULL, FIELD_IGNORED, 0, 0, NULL, 0, 0 },
};

static const struct field fields[] = {
	{ "assay-leaks", FIELD_IGNORED, 0, 0, NULL, 0, 0 },
	{ "contents", FIELD_TEXT, offsetof(struct leaks_facts, contents), 0, NULL, 0, 0 },
	{ "bytes", FIELD_TEXT, offsetof(struct leaks_facts, bytes), 0, NULL, 0, 0 },
	{ "hits", FIELD_STRUCTS, offsetof(struct leaks_facts, hits), offsetof(struct leaks_facts, hit_count), hit_fields,
	    sizeof(struct leaks_hit), LEAKS_HITS_MAX },
	{ "unseen", FIELD_STRUCTS, offsetof(struct leaks_facts, unseen), offsetof(struct leaks_facts, unseen_count), unseen_fields,
	    sizeof(struct leaks_unseen), LEAKS_UNSEEN_MAX },
	{ "listed", FIELD_TEXTS, offsetof(struct leaks_facts, listed), offsetof(struct leaks_facts, listed_count), NULL, 0, LEAKS_LISTED_MAX },
	{ "more", FIELD_NUMBER, offsetof(struct leaks_facts, more), 0, NULL, 0, 0 },
	{ NULL, FIELD_IGNORED, 0, 0, NULL, 0, 0 },
};

static bool
is_hex(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

static bool
is_state(const char *text)
{
	for (unsigned s = LEAK_KEY; s <= LEAK_UNSEEN; s++)
		if (strcmp(text, leak_state_name((enum leak_state)s)) == 0)
			return true;
	return false;
}

/* A state or a digest of another shape could be one that the judge passes over. */
static bool
is_whole(const struct leaks_hit *h)
{
	for (size_t i = 0; i < h->public_count; i++)
		if (!is_hex(h->publics[i], DIGEST_LEN))
			return false;
	return is_state(h->state) && (h->digest[0] == '\0' || is_hex(h->digest, DIGEST_LEN))
	    && (h->fingerprint[0] == '\0' || is_hex(h->fingerprint, (size_t)2 * LEAK_FINGERPRINT_SIZE))
	    && strspn(h->offset, "0123456789") == strlen(h->offset);
}

static enum assay_status
parse(const struct evidence *raw, const char *name, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *root = NULL;
	const struct assay_span bytes = evidence_member(raw, name);
	struct leaks_facts *f = arena_alloc(c->arena, sizeof *f);
	if (f == NULL)
		return arena_full(err);
	if (bytes.data == NULL)
		return assay_fail(err, ASSAY_E_FORMAT, "evidence '%s' lacks %s", raw->kind, name);
	TRY(canon_read(bytes, name, &root, err));
	const json_t *version = json_object_get(root, "assay-leaks");
	if (json_is_integer(version) && json_integer_value(version) != LEAKS_VERSION) {
		(void)assay_fail(err, ASSAY_E_VERSION, "%s: version %lld is not known", name, (long long)json_integer_value(version));
		return assay_error_todo(err, ASSAY_E_VERSION, "use a newer version of assay");
	}
	if (!json_is_integer(version))
		return assay_fail(err, ASSAY_E_FORMAT, "%s has no version", name);
	TRY(fields_read(root, fields, name, c->arena, f, err));
	for (size_t i = 0; i < f->hit_count; i++)
		if (!is_whole(&f->hits[i]))
			return assay_fail(err, ASSAY_E_FORMAT, "%s: finding %zu has a state, a digest or a place that isn't one", name, i + 1);
	if (strspn(f->contents, "0123456789") != strlen(f->contents) || strspn(f->bytes, "0123456789") != strlen(f->bytes))
		return assay_fail(err, ASSAY_E_FORMAT, "%s: what was searched isn't a number", name);
	*ret_facts = f;
	return ASSAY_OK;
}

enum assay_status
leaks_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	return parse(raw, LEAKS_MEMBER, c, ret_facts, err);
}

enum assay_status
leaks_files_parse(const struct evidence *raw, const struct parse_context *c, const void **ret_facts, struct assay_error *err)
{
	return parse(raw, LEAKS_FILES_MEMBER, c, ret_facts, err);
}
