/* SPDX-License-Identifier: Apache-2.0 */
#include <base/cleanup.h>
#include <base/unconst.h>
#include <stdarg.h>
#include <string.h>
#include <trust/changes.h>

#define LINE_MAX_LEN 2048

struct changes {
	const json_t *before, *after; /* documents */
	json_t *lines;
	struct assay_error *err;
};

static enum assay_status ASSAY_PRINTF(2, 3)
say(const struct changes *c, const char *fmt, ...)
{
	char text[LINE_MAX_LEN];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	/* A cut may fall within a character. */
	json_t *line = json_string(text);
	if (json_array_append_new(c->lines, line != NULL ? line : json_string("a change that can't be shown")) != 0)
		return assay_fail(c->err, ASSAY_E_MEMORY, "no memory for what has changed");
	return ASSAY_OK;
}

static bool
has_id(const json_t *ids, const char *id)
{
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *other = json_string_value(json_array_get(ids, i));
		if (other != NULL && strcmp(other, id) == 0)
			return true;
	}
	return false;
}

static enum assay_status
say_key(const struct changes *c, const json_t *document, const char *id, const char *verb, const char *role)
{
	const char *title
	    = json_string_value(json_object_get(json_object_get(trust_keys(document), id), "x-assay-role"));
	return say(c, "%s (%s%s%s) %s '%s' with key %.16s...", trust_key_person(document, id),
	    trust_key_name(document, id), title == NULL || title[0] == '\0' ? "" : ", ", title == NULL ? "" : title,
	    verb, role, id);
}

static enum assay_status
role_changes(const struct changes *c, const struct trust_role *role)
{
	const json_t *old = c->before == NULL ? NULL : trust_role_of(c->before, role);
	const json_t *new = trust_role_of(c->after, role);
	const json_t *old_ids = json_object_get(old, "keyids"), *new_ids = json_object_get(new, "keyids");
	const json_int_t was = json_integer_value(json_object_get(old, "threshold"));
	const json_int_t is = json_integer_value(json_object_get(new, "threshold"));
	for (size_t i = 0; i < json_array_size(new_ids); i++) {
		const char *id = json_string_value(json_array_get(new_ids, i));
		if (!has_id(old_ids, id))
			TRY(say_key(c, c->after, id, "gets", role->name));
	}
	for (size_t i = 0; i < json_array_size(old_ids); i++) {
		const char *id = json_string_value(json_array_get(old_ids, i));
		if (!has_id(new_ids, id))
			TRY(say_key(c, c->before, id, "loses", role->name));
	}
	if (was != is && old != NULL && new != NULL)
		TRY(say(c, "'%s' takes %lld people, was %lld", role->name, (long long)is, (long long)was));
	else if (was != is && new != NULL)
		TRY(say(c, "'%s' takes %lld of %zu people", role->name, (long long)is, trust_holders(c->after, new)));
	if (new != NULL && old != NULL && !json_equal(json_object_get(new, "paths"), json_object_get(old, "paths")))
		TRY(say(c, "'%s' may speak of other paths than before", role->name));
	return ASSAY_OK;
}

static const json_t *
files_of(const json_t *document)
{
	return json_object_get(json_object_get(document, "signed"), "targets");
}

static enum assay_status
say_file(const struct changes *c, const char *path, const json_t *file, const char *verb)
{
	const char *digest = json_string_value(json_object_get(json_object_get(file, "hashes"), "sha256"));
	return say(c, "%s %s (%lld bytes, SHA-256 %s)", path, verb,
	    (long long)json_integer_value(json_object_get(file, "length")), digest == NULL ? "none" : digest);
}

static enum assay_status
file_changes(const struct changes *c)
{
	const char *path;
	json_t *file;
	const json_t *old = c->before == NULL ? NULL : files_of(c->before), *new = files_of(c->after);
	json_object_foreach(unconst(new), path, file) {
		const json_t *was = json_object_get(old, path);
		if (was == NULL)
			TRY(say_file(c, path, file, "is new"));
		else if (!json_equal(was, file))
			TRY(say_file(c, path, file, "has changed"));
	}
	json_object_foreach(unconst(old), path, file) {
		if (json_object_get(new, path) == NULL)
			TRY(say(c, "%s is gone", path));
	}
	return ASSAY_OK;
}

static const json_t *
revoked_of(const json_t *document)
{
	return document == NULL ? NULL : json_object_get(json_object_get(document, "signed"), TRUST_REVOKED);
}

static enum assay_status
revoked_changes(const struct changes *c)
{
	const char *id;
	json_t *day;
	const json_t *old = revoked_of(c->before), *new = revoked_of(c->after);
	json_object_foreach(unconst(new), id, day) {
		const char *text = json_string_value(day);
		if (json_equal(json_object_get(old, id), day) == 0)
			TRY(say(c, "key %.16s... is on record as taken back on %s", id, text == NULL ? "no day" : text));
	}
	json_object_foreach(unconst(old), id, day) {
		if (json_object_get(new, id) == NULL)
			TRY(say(c, "key %.16s... is no longer on record as taken back", id));
	}
	return ASSAY_OK;
}

/* Members that no sentence above speaks of: what nobody can be shown, nobody should sign unseen. */
static enum assay_status
other_changes(const struct changes *c)
{
	static const char *const known[] = { "_type", "spec_version", "version", "expires", "targets", "keys",
		"roles", "delegations", "consistent_snapshot", "x-assay-repository", "x-assay-enrolments", TRUST_REVOKED };
	const char *name;
	json_t *value;
	json_object_foreach(json_object_get(c->after, "signed"), name, value) {
		bool is_known = false;
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			is_known |= strcmp(name, known[i]) == 0;
		if (!is_known)
			TRY(say(c, "a member '%s' that this version doesn't know", name));
	}
	return ASSAY_OK;
}

enum assay_status
trust_changes(const json_t *before, const json_t *after, json_t **ret_lines, struct assay_error *err)
{
	CLEANUP(canon_unref) json_t *lines = json_array();
	struct changes c = { before, after, lines, err };
	if (lines == NULL)
		return assay_fail(err, ASSAY_E_MEMORY, "no memory for what has changed");
	for (size_t i = 0; i < trust_role_count; i++)
		TRY(role_changes(&c, &trust_roles[i]));
	TRY(revoked_changes(&c));
	TRY(file_changes(&c));
	TRY(other_changes(&c));
	if (before == NULL || strcmp(trust_expires(before), trust_expires(after)) != 0)
		TRY(say(&c, "expires %s", trust_expires(after)));
	if (json_array_size(lines) == 0)
		TRY(say(&c, "nothing but the version"));
	*ret_lines = steal(&lines);
	return ASSAY_OK;
}
